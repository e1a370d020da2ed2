//! TruffleHog's JSON: credentials, some of which it tried out.
//!
//! A line for each finding of `trufflehog --json` since version 3, among lines of its log
//! (<https://github.com/trufflesecurity/trufflehog#what-is-trufflehog>; the fields of each source are those of
//! `proto/source_metadata.proto` there), and one for each commit and rule of version 2.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Leak;
use crate::ingest::out::Out;
use crate::ingest::place::image;

/// TruffleHog's JSON.
pub static FORMAT: Format = Format {
    id: "trufflehog",
    name: "TruffleHog JSON",
    tool: "trufflehog",
    kinds: &[Kind::Secret],
    syntax: Syntax::Json {
        marks: &[
            &["DetectorName", "SourceMetadata"],
            &["DetectorType", "Raw"],
            &["stringsFound", "reason"],
            &["source_metadata", "detector_type"],
        ],
        records: &[""],
        reader: || Box::new(TruffleHog),
    },
};

/// Sources whose files are none of the repository, lower case, and the fields that tell where in them it is.
const ELSEWHERE: [(&str, &[&str]); 25] = [
    ("artifactory", &["repo", "path"]),
    ("azure", &["container", "file"]),
    ("buildkite", &["org", "pipeline", "build_number"]),
    ("circleci", &["username", "repository", "build_number", "build_step"]),
    ("confluence", &["space", "page", "location"]),
    ("elasticsearch", &["index", "document_id"]),
    ("gcs", &["bucket", "filename"]),
    ("googledrive", &["path", "file"]),
    ("jenkins", &["project_name", "build_number"]),
    ("jira", &["issue", "location"]),
    ("jsonenumerator", &["metadata"]),
    ("npm", &["package", "release", "file"]),
    ("postman", &["workspace_name", "collection_name", "environment_name", "request_name", "field_type"]),
    ("pypi", &["package", "release", "file"]),
    ("s3", &["bucket", "file"]),
    ("sentry", &["organization_slug", "project_slug", "event_id"]),
    ("sharepoint", &["title", "docid"]),
    ("slack", &["channel_name", "channel_id", "file", "timestamp"]),
    ("slackcontinuous", &["channel_name", "channel_id", "file", "timestamp"]),
    ("stdin", &[]),
    ("syslog", &["hostname", "appname"]),
    ("teams", &["team_name", "channel_name", "file"]),
    ("travisci", &["username", "repository", "build_number", "job_number"]),
    ("vector", &["host", "locator"]),
    ("webhook", &["host", "locator"]),
];

struct TruffleHog;

impl Reader for TruffleHog {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        match found.reason.is_empty() {
            true => credential(&found, out),
            false => of_commit(&found, out),
        }
        Ok(())
    }
}

/// A finding of any version: the names in capitals are those of version 3, the others those of version 2.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(rename = "SourceMetadata", alias = "source_metadata", deserialize_with = "lenient::maybe")]
    metadata: Option<Metadata>,
    #[serde(rename = "DetectorName", alias = "detector_name", deserialize_with = "lenient::text")]
    detector: String,
    #[serde(rename = "DetectorType", alias = "detector_type", deserialize_with = "lenient::text")]
    detector_type: String,
    #[serde(rename = "DetectorDescription", deserialize_with = "lenient::text")]
    description: String,
    #[serde(rename = "Verified", alias = "verified", deserialize_with = "lenient::text")]
    verified: String,
    #[serde(rename = "VerificationError", deserialize_with = "lenient::text")]
    verification_error: String,
    #[serde(rename = "Raw", alias = "raw", deserialize_with = "lenient::text")]
    raw: String,
    #[serde(rename = "RawV2", alias = "raw_v2", deserialize_with = "lenient::text")]
    raw_v2: String,
    #[serde(rename = "ExtraData", deserialize_with = "lenient::maybe")]
    extra: Option<BTreeMap<String, Value>>,
    #[serde(deserialize_with = "lenient::text")]
    reason: String,
    #[serde(deserialize_with = "lenient::text")]
    path: String,
    #[serde(rename = "commitHash", deserialize_with = "lenient::text")]
    commit: String,
    #[serde(deserialize_with = "lenient::text")]
    date: String,
    #[serde(rename = "stringsFound", deserialize_with = "lenient::texts")]
    strings: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "Data", alias = "data", default)]
    data: BTreeMap<String, Value>,
}

/// What the metadata of a source says, by its names there.
struct Source<'a> {
    kind: String,
    fields: Option<&'a serde_json::Map<String, Value>>,
}

impl<'a> Source<'a> {
    fn of(found: &'a Found) -> Self {
        let mut source = found.metadata.as_ref().and_then(|metadata| metadata.data.iter().next());
        // `Forager` and `Webhook` hold another source.
        if let Some((kind, Value::Object(inner))) = source
            && ["forager", "webhook"].contains(&kind.to_ascii_lowercase().as_str())
        {
            source = inner.iter().find(|(_, value)| value.is_object()).or(source);
        }
        match source {
            Some((kind, value)) => Self { kind: kind.to_ascii_lowercase(), fields: value.as_object() },
            None => Self { kind: "stdin".to_owned(), fields: None },
        }
    }

    fn text(&self, name: &str) -> String {
        match self.fields.and_then(|fields| fields.get(name)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn line(&self) -> u32 {
        self.text("line").parse().unwrap_or(0)
    }

    /// Where it is: a file of the repository, or a name that stays the same from scan to scan.
    fn path(&self) -> String {
        let file = self.text("file");
        if matches!(self.kind.as_str(), "docker" | "ecr") {
            let image = image(&self.text("image"));
            return [image.as_str(), file.trim_start_matches('/')].join("/").trim_matches('/').to_owned();
        }
        if let Some((kind, names)) = ELSEWHERE.iter().find(|(kind, _)| *kind == self.kind) {
            let parts = names.iter().map(|name| self.text(name)).filter(|part| !part.is_empty());
            return std::iter::once((*kind).to_owned()).chain(parts).collect::<Vec<_>>().join("/");
        }
        match (file.is_empty(), self.text("commit").is_empty()) {
            (false, _) => file,
            // It is in the message of a commit, or in an issue or a comment.
            (true, false) => format!("{}/commit-message", self.kind),
            (true, true) => format!("{}/text", self.kind),
        }
    }
}

fn credential(found: &Found, out: &mut Out) {
    let source = Source::of(found);
    let custom = found.extra.as_ref().and_then(|extra| extra.get("name")?.as_str()).unwrap_or_default();
    let id = match found.detector.as_str() {
        "" if found.detector_type.is_empty() => "unknown",
        "" => &found.detector_type,
        "CustomRegex" if !custom.is_empty() => custom,
        name => name,
    };
    let is_verified = found.verified == "true";
    let (word, confidence) = match (is_verified, found.verification_error.is_empty()) {
        (true, _) => ("verified", Confidence::High),
        (false, false) => ("unknown", Confidence::Medium),
        (false, true) => ("unverified", Confidence::Medium),
    };
    let value = if found.raw.is_empty() { &found.raw_v2 } else { &found.raw };
    let path = source.path();
    let (commit, date) = (source.text("commit"), source.text("timestamp"));
    let finding = Leak {
        id,
        title: &format!("Credential of {}", words(id)),
        description: without(&found.description, [&found.raw, &found.raw_v2]),
        severity: out.assumed(word),
        confidence,
        location: out.lines(&path, source.line(), 0),
        value,
        commit: (&commit, &date),
    }
    .finding(out);
    out.finding(finding);
}

/// What version 2 says of a commit. It gives the matches of one rule as a list; the first tells it from others.
fn of_commit(found: &Found, out: &mut Out) {
    let is_guess = found.reason.to_ascii_lowercase().contains("entropy");
    let path = if found.path.is_empty() { "git/commit-message" } else { &found.path };
    let id = found.reason.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    let finding = Leak {
        id: &id,
        title: &found.reason,
        description: "",
        severity: out.severity(""),
        confidence: if is_guess { Confidence::Low } else { Confidence::Medium },
        location: out.lines(path, 0, 0),
        value: found.strings.first().map(String::as_str).unwrap_or_default(),
        commit: (&found.commit, &found.date),
    }
    .finding(out);
    out.finding(finding);
}

/// A text, unless one of the values is in it.
fn without<'t>(text: &'t str, values: [&String; 2]) -> &'t str {
    let tells = values.into_iter().any(|value| value.len() > 3 && text.contains(value.as_str()));
    if tells { "" } else { text }
}

/// The name of a detector in words: `SlackWebhook` is `Slack Webhook`, `AWS` stays.
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(if c == '_' { ' ' } else { c });
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::testing::{lines, read};

    #[test]
    fn every_source_of_version_3_has_a_place() {
        let of = |data: &str| {
            let line = format!(
                r#"{{"SourceMetadata":{{"Data":{data}}},"SourceID":1,"SourceType":16,"SourceName":"x","DetectorType":2,"DetectorName":"SlackWebhook","DecoderName":"PLAIN","Verified":false,"Raw":"q7Zk3vTt0w","Redacted":"","ExtraData":null}}"#
            );
            let said = read(line);
            assert_eq!((said.findings.len(), said.gaps.len()), (1, 0), "{data}: {:?}", said.gaps);
            said.findings[0].location.to_string()
        };
        let git = r#"{"Git":{"commit":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa","file":"a.py","email":"x","line":4}}"#;
        assert_eq!(of(git), "a.py:4 @71855aab9e");
        assert_eq!(of(r#"{"Filesystem":{"file":"src/a.py","line":"7"}}"#), "src/a.py:7");
        assert_eq!(of(r#"{"Filesystem":{"file":"src/a.py"}}"#), "src/a.py");
        assert_eq!(of(r#"{"Docker":{"file":"/etc/x","image":"shop/till:1","layer":"s"}}"#), "image/shop/till/etc/x");
        assert_eq!(of(r#"{"S3":{"bucket":"b","file":"k/x"}}"#), "s3/b/k/x");
        assert_eq!(of(r#"{"Forager":{"npm":{"package":"p","release":"1","file":"x"}}}"#), "npm/p/1/x");
        assert_eq!(of(r#"{"Stdin":{}}"#), "stdin");
        assert_eq!(of("{}"), "stdin");
        assert_eq!(of(r#"{"Github":{"link":"https://github.com/a/b/issues/1"}}"#), "github/text");
        assert_eq!(of(r#"{"Unheard":{}}"#), "unheard/text");
    }

    #[test]
    fn a_verified_credential_is_worse_and_lines_of_the_log_are_passed_over() {
        let said = read(
            r#"{"level":"info-0","ts":"2026-01-01T00:00:00Z","logger":"trufflehog","msg":"running source"}
{"SourceMetadata":{"Data":{"Git":{"file":"a","line":1}}},"DetectorName":"AWS","Verified":true,"Raw":"AKIAQ3EGVC5LZ7WN2TYX","RawV2":"AKIAQ3EGVC5LZ7WN2TYX:k7Q2mZ9xT4vB1nL8","DetectorDescription":"k7: AKIAQ3EGVC5LZ7WN2TYX:k7Q2mZ9xT4vB1nL8","StructuredData":null}
{"SourceMetadata":null,"DetectorName":"CustomRegex","ExtraData":{"name":"till-key"},"Verified":null,"Raw":"k7Q2mZ9xT4vB1nL8","VerificationError":"no route"}
{"level":"info-0","ts":"2026-01-01T00:00:01Z","msg":"finished scanning","chunks":7}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "secret/trufflehog/AWS critical a:1: Credential of AWS",
                "secret/trufflehog/till-key high stdin: Credential of till-key",
            ]
        );
        assert!(said.gaps.is_empty(), "{:?}", said.gaps);
        assert_eq!(said.findings[0].confidence, Confidence::High);
        assert!(!crate::ingest::testing::tells(&said, "k7Q2mZ9xT4vB1nL8"));
        assert!(!crate::ingest::testing::tells(&said, "AKIAQ3EGVC5LZ7WN2TYX"));
    }

    #[test]
    fn version_2() {
        let said = read(
            r#"{"branch":"origin/main","commit":"Open k7Q2mZ9xT4vB1nL8","commitHash":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa","date":"2020-03-06 11:00:00","diff":"+k7Q2mZ9xT4vB1nL8","path":"a.py","printDiff":"k7Q2mZ9xT4vB1nL8","reason":"High Entropy","stringsFound":["k7Q2mZ9xT4vB1nL8","other"]}"#,
        );
        assert_eq!(lines(&said), ["secret/trufflehog/high-entropy high a.py @71855aab9e: High Entropy"]);
        assert_eq!(said.findings[0].confidence, Confidence::Low);
        assert!(!crate::ingest::testing::tells(&said, "k7Q2mZ9xT4vB1nL8"));
    }

    #[test]
    fn names_in_words() {
        assert_eq!(words("SlackWebhook"), "Slack Webhook");
        assert_eq!(words("AWS"), "AWS");
    }
}
