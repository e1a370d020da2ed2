//! Families of checks: what different tools call the same mistake in configuration, from `rules/families.toml`.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// A family of checks, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Family(usize);

/// For each platform the families by name, and for each tool their rules.
type File = BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>>;

/// Tools that report the rules of another under their own names.
static OTHER_NAMES: [(&str, &str); 3] = [("opengrep", "semgrep"), ("tfsec", "trivy"), ("defsec", "trivy")];

/// For each tool and rule, as [`normal`] writes it, the families. Embedded data is tested to be readable.
static TABLE: LazyLock<HashMap<(String, String), Vec<Family>>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../rules/families.toml")).unwrap_or_default();
    let mut table: HashMap<_, Vec<Family>> = HashMap::new();
    for (index, tools) in file.into_values().flat_map(BTreeMap::into_values).enumerate() {
        for (tool, rules) in tools {
            for rule in rules {
                table.entry((tool.clone(), normal(&rule))).or_default().push(Family(index));
            }
        }
    }
    table
});

/// The families that a tool's rule belongs to; empty when it is in none.
pub(super) fn of(tool: &str, rule: &str) -> Vec<Family> {
    TABLE.get(&(tool_of(tool), normal(rule))).cloned().unwrap_or_default()
}

/// A tool's name as the table has it: the first word, in lower case, with dashes.
fn tool_of(name: &str) -> String {
    let word = name.split_whitespace().next().unwrap_or_default().to_ascii_lowercase().replace('_', "-");
    OTHER_NAMES.iter().find(|(name, _)| *name == word).map_or(word, |(_, name)| (*name).to_owned())
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

    #[test]
    fn the_table_is_readable_and_every_family_joins_something() {
        let file: File = toml::from_str(include_str!("../../rules/families.toml")).unwrap();
        for (name, tools) in file.values().flatten() {
            assert!(tools.len() > 1, "{name} is of one tool");
            assert!(tools.values().all(|rules| !rules.is_empty()), "{name} has a tool without rules");
        }
        let names: BTreeSet<&str> = TABLE.keys().map(|(tool, _)| tool.as_str()).collect();
        assert!(names.iter().all(|tool| tool_of(tool) == *tool), "a tool is not written as it is looked up: {names:?}");
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
