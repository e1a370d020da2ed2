//! Defines [`Kind`]: what a file of advisories is, by its name.

/// What a file of advisories is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record, a list of them, or CISA's catalogue.
    Json,
    /// A record of the Python Packaging Authority, or an advisory of RubySec or FriendsOfPHP.
    Yaml,
    /// An advisory of RustSec.
    Markdown,
    /// A record in each line.
    Lines,
    /// FIRST's scores.
    Scores,
    Zip,
    Tar,
    TarGz,
}

/// Names by their ends; the first that fits counts.
const ENDS: [(&str, Kind); 13] = [
    (".tar.gz", Kind::TarGz),
    (".tgz", Kind::TarGz),
    (".tar", Kind::Tar),
    (".zip", Kind::Zip),
    (".jsonl", Kind::Lines),
    (".jsonl.gz", Kind::Lines),
    (".ndjson", Kind::Lines),
    (".json", Kind::Json),
    (".json.gz", Kind::Json),
    (".yaml", Kind::Yaml),
    (".yml", Kind::Yaml),
    (".csv", Kind::Scores),
    (".csv.gz", Kind::Scores),
];

impl Kind {
    /// By the path of a file; `None` for one that is none of ours.
    pub(super) fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        // Advisories about Rust itself, which are about no package, are in another folder.
        if name.ends_with(".md") {
            let is_ours = name.starts_with("RUSTSEC-") && !name.starts_with("RUSTSEC-0000-");
            return (is_ours && path.split('/').any(|part| part == "crates")).then_some(Self::Markdown);
        }
        ENDS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, kind)| *kind)
    }
}
