//! trufflehog3's JSON: credentials in files and in the history.
//!
//! `trufflehog3 --format JSON` (<https://github.com/feeltheajf/trufflehog3>), another program than TruffleHog 3.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Leak;
use crate::ingest::out::Out;

/// trufflehog3's JSON.
pub static FORMAT: Format = Format {
    id: "trufflehog3",
    name: "trufflehog3 JSON",
    tool: "trufflehog3",
    kinds: &[Kind::Secret],
    syntax: Syntax::Json {
        marks: &[&["rule.id", "secret", "path", "context"]],
        records: &[""],
        reader: || Box::new(TruffleHog3),
    },
};

struct TruffleHog3;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "lenient::maybe")]
    rule: Option<Rule>,
    #[serde(deserialize_with = "lenient::text")]
    path: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::text")]
    secret: String,
    #[serde(deserialize_with = "lenient::text")]
    commit: String,
    #[serde(deserialize_with = "lenient::text")]
    date: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
}

impl Reader for TruffleHog3 {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        let rule = found.rule.unwrap_or_default();
        let is_guess = rule.id.contains("entropy");
        let path = if found.path.is_empty() { "git/commit-message" } else { &found.path };
        let finding = Leak {
            id: &rule.id,
            title: &rule.message,
            description: "",
            severity: out.severity(&rule.severity),
            confidence: if is_guess { Confidence::Low } else { Confidence::Medium },
            location: out.lines(path, found.line, 0),
            value: &found.secret,
            commit: (&found.commit, &found.date),
        }
        .finding(out);
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read, tells};

    #[test]
    fn findings_of_files_and_commits() {
        let said = read(
            r#"[{"rule":{"id":"high-entropy","message":"High Entropy","severity":"MEDIUM"},"path":"a.pem","line":"13","secret":"k7Q2mZ9xT4vB1nL8","context":{"13":"k7Q2mZ9xT4vB1nL8"},"id":"x","branch":null,"message":null,"author":null,"commit":null,"date":null},
             {"rule":{"id":"private.key","message":"Private Key","pattern":"x","severity":"HIGH"},"path":null,"line":null,"secret":null,"context":{},"commit":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa"}]"#,
        );
        assert_eq!(
            lines(&said),
            [
                "secret/trufflehog3/high-entropy medium a.pem:13: High Entropy",
                "secret/trufflehog3/private.key high git/commit-message @71855aab9e: Private Key",
            ]
        );
        assert!(!tells(&said, "k7Q2mZ9xT4vB1nL8") && said.gaps.is_empty());
    }
}
