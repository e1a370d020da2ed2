//! Defines [`Template`]: a file that `scanall init` writes.

use crate::cli::InitArgs;
use crate::config;

/// What stands for this version of scanall in the texts.
const VERSION: &str = "@VERSION@";

/// A file to write.
pub(super) struct Template {
    /// Where, from the root of the repository.
    pub(super) path: &'static str,
    /// What it does, a few words.
    pub(super) about: &'static str,
    source: &'static str,
    /// Where it belongs in a file of others: the key above the lines behind the first, and a word by which it is known.
    shared: Option<(&'static str, &'static str)>,
}

/// What to do with a file of others that is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Addition<'a> {
    /// Nothing, it names what is needed.
    Present,
    /// Add lines under a key.
    Missing {
        /// The key.
        under: &'static str,
        /// The lines.
        lines: Vec<&'a str>,
    },
}

const WORKFLOW: Template = Template {
    path: ".github/workflows/scanall.yml",
    about: "scans pushes, pull requests and merge queues",
    source: include_str!("scanall.yml"),
    shared: None,
};
const NIGHTLY: Template = Template {
    path: ".github/workflows/scanall-nightly.yml",
    about: "scans the whole history each night, with fresh advisories",
    source: include_str!("nightly.yml"),
    shared: None,
};
const ORGANIZATION: Template = Template {
    path: ".github/workflows/scanall-organization.yml",
    about: "scans every repository of the organization each night; it needs the secret SCANALL_TOKEN",
    source: include_str!("organization.yml"),
    shared: None,
};
const GITLAB: Template = Template {
    path: ".gitlab/scanall.yml",
    about: "scans merge requests, the default branch and on schedules",
    source: include_str!("gitlab.yml"),
    shared: None,
};
const GITLAB_CI: Template = Template {
    path: ".gitlab-ci.yml",
    about: "includes it",
    source: include_str!("gitlab-ci.yml"),
    shared: Some(("include:", ".gitlab/scanall.yml")),
};
const PRE_COMMIT: Template = Template {
    path: ".pre-commit-config.yaml",
    about: "looks at what is staged before each commit; `pre-commit install` turns it on",
    source: include_str!("pre-commit.yml"),
    shared: Some(("repos:", "scanall/scanall")),
};
const CONFIG: Template = Template {
    path: config::FILE,
    about: "every setting, commented out",
    source: include_str!("scanall.toml"),
    shared: None,
};

/// The files that the arguments ask for.
pub(super) fn wanted(args: &InitArgs) -> Vec<&'static Template> {
    let elsewhere = args.gitlab || args.pre_commit || args.organization;
    let sets: [(bool, &[&Template]); 4] = [
        (!elsewhere, &[&WORKFLOW, &NIGHTLY, &CONFIG]),
        (args.gitlab, &[&GITLAB, &GITLAB_CI, &CONFIG]),
        (args.organization, &[&ORGANIZATION]),
        (args.pre_commit, &[&PRE_COMMIT]),
    ];
    sets.into_iter().filter(|(asked, _)| *asked).flat_map(|(_, set)| set.iter().copied()).collect()
}

impl Template {
    /// The text, with the version of this scanall and the line breaks of every system, wherever it was built.
    pub(super) fn text(&self) -> String {
        self.source.replace("\r\n", "\n").replace(VERSION, env!("CARGO_PKG_VERSION"))
    }

    /// What to add to a file of others; `None` for a file of our own.
    pub(super) fn addition<'a>(&self, existing: &str, text: &'a str) -> Option<Addition<'a>> {
        let (under, word) = self.shared?;
        Some(match existing.contains(word) {
            true => Addition::Present,
            false => Addition::Missing { under, lines: text.lines().skip(1).collect() },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::Config;

    /// The keys that serde knows of a table, by its own words for one that it does not know.
    fn keys(unknown: &str) -> BTreeSet<String> {
        let said = Config::read(unknown, config::FILE).unwrap_err().to_string();
        let words: BTreeSet<String> = said.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        words.into_iter().filter(|word| word != "zzz" && !word.starts_with(config::FILE)).collect()
    }

    fn uncommented() -> String {
        let setting = |line: &&str| {
            let rest = line.strip_prefix('#').unwrap_or(line);
            rest.starts_with('[') || rest.split(' ').nth(1) == Some("=")
        };
        CONFIG.source.lines().filter(setting).map(|line| format!("{}\n", &line[1..])).collect()
    }

    #[test]
    fn the_configuration_sets_nothing_until_somebody_takes_a_mark_away() {
        assert!(CONFIG.source.lines().all(|line| line.is_empty() || line.starts_with('#')));
        assert!(Config::read(CONFIG.source, config::FILE).is_ok());
    }

    #[test]
    fn the_configuration_has_every_key_and_is_valid() {
        let text = uncommented();
        Config::read(&text, config::FILE).unwrap();
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), keys("zzz = 1"));
        let mut tables = 0;
        for (name, value) in &table {
            let (head, keyed) = match value {
                toml::Value::Array(entries) => (format!("[[{name}]]"), entries[0].as_table().unwrap()),
                // These have a table for each layer.
                value if name == "tools" => ("[tools.trivy]".to_owned(), value["trivy"].as_table().unwrap()),
                value => (format!("[{name}]"), value.as_table().unwrap()),
            };
            let known = keys(&format!("{head}\nzzz = 1"));
            assert!(!known.is_empty(), "{head}");
            // With one key alone, serde says "expected `rules`", with more "expected one of".
            assert_eq!(keyed.keys().cloned().collect::<BTreeSet<_>>(), known, "{head}");
            tables += 1;
        }
        assert_eq!(tables, 7);
    }

    #[test]
    fn what_is_added_to_a_file_of_others_is_what_is_below_its_key() {
        let text = PRE_COMMIT.text();
        let Some(Addition::Missing { under, lines }) = PRE_COMMIT.addition("repos: []", &text) else { unreachable!() };
        assert_eq!((under, lines[0]), ("repos:", "  - repo: https://github.com/scanall/scanall"));
        assert_eq!(PRE_COMMIT.addition(&text, &text), Some(Addition::Present));
        assert_eq!(NIGHTLY.addition("", &text), None);
    }
}
