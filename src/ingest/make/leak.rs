//! Defines [`Leak`]: a credential that a report says is there.

use crate::finding::{CommitRef, Confidence, Finding, Kind, Location, Rating, Secret, Severity};
use crate::ingest::out::Out;
use crate::rule::Rule;
use crate::text;

/// Shorter values tell nothing apart.
const SHORTEST: usize = 4;

/// A credential that a report says is there. Its value goes into a [`Secret`] and nowhere else.
pub struct Leak<'a> {
    /// The rule as the tool calls it.
    pub id: &'a str,
    /// What kind of credential it is, a noun phrase; empty for the id in words. Nothing of the value may be in it.
    pub title: &'a str,
    /// What the rule is about; may be empty. Nothing of the value may be in it.
    pub description: &'a str,
    /// How severe it is, and who says so; where the report says nothing, the tool's map does.
    pub severity: (Severity, Rating),
    /// How sure the tool is; a verified credential is certain.
    pub confidence: Confidence,
    /// Where it is.
    pub location: Location,
    /// The credential as the report has it; empty when it has none. One that is masked counts as none.
    pub value: &'a str,
    /// The commit in hex and the date; empty for the working tree.
    pub commit: (&'a str, &'a str),
}

impl Leak<'_> {
    /// Makes the finding.
    pub fn finding(self, out: &mut Out) -> Finding {
        let value = self.value.trim();
        // Whatever the tool puts into its texts, the value is not shown.
        let safe = |said: &str| match value.len() >= SHORTEST && said.contains(value) {
            true => said.replace(value, "[redacted]"),
            false => said.to_owned(),
        };
        let id = safe(self.id);
        let title = text::paragraph(&safe(self.title));
        let title = title.unwrap_or_else(|| text::sentence_case(&text::printable(&id.replace(['-', '_', '.'], " "))));
        let title = title.trim_end_matches('.').to_owned();
        let rule = out.rule(out.map.rule_id(Kind::Secret, out.format.tool, &id), |rule| Rule {
            id: rule,
            description: text::paragraph(&safe(self.description)).unwrap_or_else(|| {
                format!("{title}: a credential in a repository can be used by everybody who can read it.")
            }),
            help: "Revoke the credential, then remove it from the code.".to_owned(),
            url: None,
            cwe: vec![798],
            title: title.clone(),
        });
        let mut location = self.location;
        let (commit, date) = self.commit;
        if CommitRef::is_id(commit) {
            location.commit = Some(CommitRef { id: commit.to_ascii_lowercase(), date: text::printable(date) });
        }
        let (severity, rating) = out.map.rated(&id, self.severity);
        let mut finding = Finding::new(rule, Kind::Secret, severity, title, location, out.source(&id));
        finding.rating = rating;
        finding.confidence = self.confidence;
        finding.secret = (!is_masked(value)).then(|| Secret::new(value.as_bytes()));
        finding.remedy = Some("Revoke the credential, then remove it from the code".to_owned());
        finding
    }
}

/// Whether a value is missing, or masked so that it tells no credential from another.
pub(crate) fn is_masked(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let masks = value.chars().filter(|c| matches!(c, '*' | '…' | '•' | 'X' | 'x')).count();
    value.chars().count() < SHORTEST
        || lower.contains("redacted")
        || lower.contains("<masked>")
        || value.contains("****")
        // What Gitleaks and Betterleaks leave of one when they are to mask a part.
        || value.ends_with("...")
        || masks * 2 > value.chars().count()
}

#[cfg(test)]
mod tests {
    use super::is_masked;

    #[test]
    fn masks_are_no_credentials() {
        for mask in ["", "REDACTED", "****************", "AKIA****", "abc", "xxxxxxxx", "[redacted]", "ghp_k7Q2mZ9x..."]
        {
            assert!(is_masked(mask), "{mask}");
        }
        for value in ["hunter2", "ghp_xK7Q2mZ9xT4v", "correct horse"] {
            assert!(!is_masked(value), "{value}");
        }
    }
}
