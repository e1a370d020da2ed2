//! Families of checks: what different tools call the same mistake in configuration, from `rules/families.toml`.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

/// A family of checks, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Family(usize);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    family: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[cfg_attr(not(test), expect(dead_code, reason = "for people, and for the test that no name is there twice"))]
    id: String,
    #[serde(flatten)]
    tools: BTreeMap<String, Vec<String>>,
}

/// Tools that report the rules of another under their own names.
static OTHER_NAMES: [(&str, &str); 3] = [("opengrep", "semgrep"), ("tfsec", "trivy"), ("defsec", "trivy")];

/// For each tool and rule, as [`normal`] writes it, the families. Embedded data is tested to be readable.
static TABLE: LazyLock<HashMap<(String, String), Vec<Family>>> = LazyLock::new(|| {
    let file = toml::from_str(include_str!("../../rules/families.toml")).unwrap_or(File { family: Vec::new() });
    let mut table: HashMap<_, Vec<Family>> = HashMap::new();
    for (index, entry) in file.family.into_iter().enumerate() {
        for (tool, rules) in entry.tools {
            for rule in rules {
                table.entry((tool.clone(), normal(&rule))).or_default().push(Family(index));
            }
        }
    }
    table
});

/// The families that a tool's rule belongs to; empty when it is in none.
pub(super) fn of(tool: &str, rule: &str) -> Vec<Family> {
    let tool = tool.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
    let tool = tool.to_ascii_lowercase();
    let tool = OTHER_NAMES.iter().find(|(name, _)| *name == tool).map_or(tool, |(_, name)| (*name).to_owned());
    TABLE.get(&(tool, normal(rule))).cloned().unwrap_or_default()
}

/// A rule's id as the table has it: without what a tool puts before it, and without the dashes and zeros by which
/// versions of Trivy differ (`AVD-DS-0002`, `DS002`, `DS-0002`).
fn normal(rule: &str) -> String {
    let rule = rule.rsplit(['.', '/']).next().unwrap_or_default().to_ascii_lowercase();
    let rule = rule.strip_prefix("avd-").unwrap_or(&rule);
    let letters = rule.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = rule.get(letters.len()..).unwrap_or_default();
    let prefix = letters.strip_suffix('-').unwrap_or(letters);
    match !digits.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => format!("{prefix}{}", digits.trim_start_matches('0')),
        false => rule.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn file() -> File {
        toml::from_str(include_str!("../../rules/families.toml")).unwrap()
    }

    #[test]
    fn the_table_is_readable_and_every_family_joins_something() {
        let file = file();
        let ids: BTreeSet<&str> = file.family.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids.len(), file.family.len(), "an id is there twice");
        for entry in &file.family {
            assert!(entry.tools.len() > 1, "{} is of one tool", entry.id);
            assert!(entry.tools.values().all(|rules| !rules.is_empty()), "{} has a tool without rules", entry.id);
        }
    }

    #[test]
    fn a_rule_is_in_one_family() {
        for ((tool, rule), families) in TABLE.iter() {
            assert_eq!(families.len(), 1, "{tool} {rule}");
        }
    }

    #[test]
    fn versions_of_a_tool_write_a_rule_in_several_ways() {
        for rule in ["AVD-DS-0002", "DS002", "DS-0002", "ds-0002"] {
            assert_eq!(normal(rule), "ds2");
        }
        assert_eq!([normal("CKV_DOCKER_8"), normal("CKV2_GHA_1")], ["ckv_docker_8", "ckv2_gha_1"]);
        assert_eq!(normal("dockerfile.security.missing-user.missing-user"), "missing-user");
        assert_eq!(of("trivy", "AVD-DS-0002"), of("checkov", "CKV_DOCKER_8"));
        assert!(!of("opengrep", "x.missing-user").is_empty() && of("trivy", "AVD-XX-1").is_empty());
    }
}
