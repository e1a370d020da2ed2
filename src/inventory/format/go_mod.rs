//! Reads `go.mod` (<https://go.dev/ref/mod#go-mod-file>). From Go 1.17 on it lists every module that is built.

use super::go_sum::Sums;
use super::go_words::{self, Directive, Replacement};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format =
    Format { id: "go-mod", about: "go.mod", role: Role::Lock("go"), wants: |path| name_of(path) == "go.mod", read };

/// Go's own library, as the Go vulnerability database names it (<https://go.dev/doc/security/vuln/database>).
pub(super) const LIBRARY: &str = "stdlib";

/// Every directive that a file may have, with how many words it needs.
const VERBS: [(&str, usize); 11] = [
    ("module", 1),
    ("go", 1),
    ("toolchain", 1),
    ("godebug", 1),
    ("require", 2),
    ("exclude", 2),
    ("replace", 3),
    ("retract", 1),
    ("tool", 1),
    ("ignore", 1),
    ("use", 1),
];

/// More folders above a module are not searched for its workspace.
const MAX_ABOVE: usize = 32;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let directives = checked(reading)?;
    if !directives.iter().any(|directive| directive.verb == "module" || directive.verb == "require") {
        return Err(Unreadable::new("it names no module"));
    }
    let sums = source.neighbour("go.sum");
    let sums = sums.as_ref().map(|file| Sums::parse(&file.text)).unwrap_or_default();
    library(reading, &directives);
    let own: Vec<Replacement> = directives.iter().filter_map(Replacement::of).collect();
    let workspace = workspace(source);
    let workspace: Vec<Directive> = workspace.iter().flat_map(|file| go_words::directives(&file.text)).collect();
    let shared: Vec<Replacement> = workspace.iter().filter_map(Replacement::of).collect();
    for require in directives.iter().filter(|directive| directive.verb == "require") {
        let (module, version) = (require.word(0), require.word(1));
        // The workspace's own file has what it puts in place of a module.
        if go_words::replacement(&shared, module, version).is_none() {
            let used = Required { module, version, line: require.line };
            let direct = !is_indirect(require);
            used.add(
                reading,
                go_words::replacement(&own, module, version),
                &sums,
                direct,
                source.location(require.line),
            );
        }
    }
    Ok(())
}

/// Whether a requirement is one of another module only (<https://go.dev/ref/mod#go-mod-file-require>).
pub(super) fn is_indirect(require: &Directive) -> bool {
    require.comment == "indirect" || require.comment.starts_with("indirect;")
}

/// The directives that make sense; the others are told.
///
/// # Errors
/// None does.
pub(super) fn checked<'a>(reading: &mut Reading<'a>) -> Result<Vec<Directive<'a>>, Unreadable> {
    let mut good = Vec::new();
    let mut seen = 0;
    for directive in go_words::directives(&reading.source.text) {
        seen += 1;
        let needed = VERBS.iter().find(|(verb, _)| *verb == directive.verb).map(|(_, needed)| *needed);
        let is_whole = needed.is_some_and(|needed| directive.words.len() >= needed)
            && (directive.verb != "require" || directive.word(1).starts_with('v'))
            && (directive.verb != "replace" || Replacement::of(&directive).is_some());
        match is_whole {
            true => good.push(directive),
            false => reading.broken(directive.line, &format!("`{}` makes no sense here", directive.verb)),
        }
    }
    match good.is_empty() && seen > 0 {
        true => Err(Unreadable::new("it is no file of Go's module system")),
        false => Ok(good),
    }
}

/// Adds the library of the toolchain that a file names: of `toolchain go1.22.3`, else of `go 1.21`.
pub(super) fn library(reading: &mut Reading, directives: &[Directive]) {
    let of = |verb: &str| directives.iter().find(|directive| directive.verb == verb);
    let toolchain = of("toolchain").and_then(|named| Some((named.word(0).strip_prefix("go")?, named.line)));
    let Some((version, line)) = toolchain.or_else(|| of("go").map(|go| (go.word(0), go.line))) else { return };
    // A toolchain of somebody's own has a name behind its version: `go1.22.3-acme`.
    let version = version.split('-').next().unwrap_or_default();
    if let Some(node) = reading.add(Draft::new(Ecosystem::Go, LIBRARY, version, line)) {
        reading.root(node, Scope::Runtime, Some(reading.source.location(line)));
    }
}

/// A module at a version, as it is asked for.
pub(super) struct Required<'a> {
    pub(super) module: &'a str,
    pub(super) version: &'a str,
    /// The number of the line that says so.
    pub(super) line: u32,
}

impl Required<'_> {
    /// Adds it, or what it is replaced with.
    pub(super) fn add(
        &self,
        reading: &mut Reading,
        instead: Option<&Replacement>,
        sums: &Sums,
        direct: bool,
        manifest: Location,
    ) {
        let (name, version, line) = match instead {
            Some(other) if !other.is_local() => (other.new, other.version, other.line),
            _ => (self.module, self.version, self.line),
        };
        let draft = Draft {
            source: match instead {
                Some(other) if other.is_local() => PackageSource::Local,
                _ => PackageSource::Public,
            },
            direct: Some(direct),
            hashes: sums.of(name, version),
            ..Draft::new(Ecosystem::Go, name, version, line)
        };
        if let Some(node) = reading.add(draft)
            && direct
        {
            reading.root(node, Scope::Runtime, Some(manifest));
        }
    }
}

/// The workspace that a module is used in: the nearest `go.work` above, if it uses the module.
fn workspace<'a>(source: &Source<'a>) -> Option<Source<'a>> {
    let depth = source.path.as_str().matches('/').count();
    let (up, file) = (0..=depth.min(MAX_ABOVE))
        .find_map(|up| Some((up, source.neighbour(&format!("{}go.work", "../".repeat(up)))?)))?;
    let folders: Vec<&str> = source.path.as_str().split('/').collect();
    let inside = folders.get(depth - up..depth).unwrap_or_default().join("/");
    let is_used = go_words::directives(&file.text)
        .filter(|directive| directive.verb == "use")
        .any(|used| used.word(0).trim_start_matches("./").trim_matches(['/', '.']) == inside);
    is_used.then_some(file)
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, read, said};

    const MODULE: &str = r#"module example.org/app // the app

go 1.21.5

toolchain go1.22.3

require github.com/single/line v1.0.0

require (
	github.com/direct/one v1.2.3
	"github.com/quoted/mod/v2" v2.0.0 // a comment
	github.com/indirect/two v0.0.0-20230101000000-abcdef123456 // indirect
	github.com/old/fork v1.0.0+incompatible // indirect; see issue 1
	github.com/beside/me v0.0.0
)

replace (
	github.com/old/fork => github.com/new/fork v1.1.0
	github.com/beside/me v0.0.0 => ../me
)

exclude github.com/direct/one v1.2.4
retract [v1.0.0, v1.9.0]
tool golang.org/x/tools/cmd/stringer
"#;

    #[test]
    fn requirements_and_replacements() {
        let sum = "github.com/direct/one v1.2.3 h1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
        let files = [("go.mod", MODULE), ("go.sum", sum)];
        assert_eq!(
            said(&files),
            [
                "github.com/beside/me v0.0.0 @14 local direct go.mod:14",
                "github.com/direct/one v1.2.3 @10 direct go.mod:10",
                "github.com/indirect/two v0.0.0-20230101000000-abcdef123456 @12 indirect",
                "github.com/new/fork v1.1.0 @18 indirect",
                "github.com/quoted/mod/v2 v2.0.0 @11 direct go.mod:11",
                "github.com/single/line v1.0.0 @7 direct go.mod:7",
                "stdlib 1.22.3 @5 direct go.mod:5",
            ]
        );
        let read = read(&files).unwrap();
        assert!(read.gaps.is_empty());
        assert_eq!(
            read.packages[1].hashes,
            ["sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"]
        );
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        let text = "module m\nrequire a.b/c\nrequire a.b/d v1.0.0\nfrobnicate x\n";
        assert_eq!(said(&[("go.mod", text)]), ["a.b/d v1.0.0 @3 direct go.mod:3"]);
        assert_eq!(gaps(&[("go.mod", text)]).len(), 2);
        assert_eq!(gaps(&[("go.mod", "{\"not\": 1}")]).len(), 1);
    }
}
