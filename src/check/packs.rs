//! Every rule of the binary that names a check names a known one, which says of its examples what they claim.

use jiff::Timestamp;

use super::Outcome;
use crate::rule::pack;
use crate::rule::secret::compile;
use crate::scanner::secrets::template;

/// In the life of every example that expires.
const NOW: &str = "2026-01-01T00:00:00Z";

#[test]
fn examples_are_confirmed() {
    let (mut checks, mut examples) = (0, 0);
    for rule in pack::embedded() {
        let id = &rule.rule.id;
        let Some(check) = &rule.details().check else {
            assert!(rule.confirmed.is_empty(), "{id} has no check");
            continue;
        };
        let pattern = compile(&rule.pattern).unwrap();
        checks += 1;
        for (number, example) in rule.confirmed.iter().enumerate() {
            let text = template::expand(example, &format!("{id} {number}")).unwrap_or_else(|e| panic!("{id}: {e}"));
            let (text, secret) = template::marked(&text).unwrap_or_else(|e| panic!("{id}: {e}"));
            let found = pattern.captures(text.as_bytes()).unwrap_or_else(|| panic!("{id} does not find {example}"));
            let group = |name: &str| found.name(name).map(|group| group.as_bytes().to_vec());
            let found = group("secret").unwrap_or_else(|| found[0].to_vec());
            assert_eq!(String::from_utf8_lossy(&found), secret, "{id} finds another secret");
            assert!(rule.accepts(&found), "{id} does not accept {example}");
            let verdict = check.verdict(&found, &group, NOW.parse::<Timestamp>().unwrap());
            assert_eq!(verdict.outcome, Outcome::Confirmed, "{id}: {example}: {}", verdict.reason);
            examples += 1;
        }
    }
    assert!(checks >= 60 && examples >= 60, "{checks} checks, {examples} examples");
}
