//! Brakeman's JSON: weaknesses of Rails applications.
//!
//! `brakeman -f json` (<https://brakemanscanner.org/docs/options/>), and the comparison that `--compare` writes. Versions
//! before 2.0 have no fingerprint, those before 5.3 name no weakness. What an ignore file accepts is in
//! `ignored_warnings`, and does not count.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Kind, Rating};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::Out;
use crate::text;

/// Brakeman's JSON.
pub static FORMAT: Format = Format {
    id: "brakeman",
    name: "Brakeman JSON",
    tool: "brakeman",
    kinds: &[Kind::Code],
    syntax: Syntax::Json {
        marks: &[
            &["scan_info", "warnings=["],
            &["warnings[].warning_type", "warnings[].confidence"],
            &["new[].warning_type"],
            &["new=[", "fixed=["],
        ],
        records: &["warnings[]", "new[]", "errors[]"],
        reader: || Box::<Brakeman>::default(),
    },
};

/// Where the application lies, by which absolute names of files are made relative.
#[derive(Default)]
struct Brakeman {
    app_path: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ScanInfo {
    #[serde(deserialize_with = "lenient::text")]
    app_path: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Warning {
    #[serde(deserialize_with = "lenient::text")]
    warning_type: String,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::text")]
    link: String,
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(deserialize_with = "lenient::text")]
    confidence: String,
    #[serde(deserialize_with = "lenient::texts")]
    cwe_id: Vec<String>,
    location: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    #[serde(deserialize_with = "lenient::text")]
    error: String,
}

impl Warning {
    /// The method or template that it is in, such as `Users::OrdersController#show`.
    fn scope(&self) -> String {
        let part = |key: &str| self.location.get(key).and_then(Value::as_str).unwrap_or_default();
        match (part("class"), part("method"), part("template")) {
            ("", "", template) => template.to_owned(),
            (class, "", _) => class.to_owned(),
            (class, method, _) => format!("{class}#{method}"),
        }
    }
}

/// The type of a warning as a word of an id: `Cross-Site Scripting` is `cross-site-scripting`.
fn slug(warning_type: &str) -> String {
    let lower = warning_type.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

impl Reader for Brakeman {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        if around.path.is_empty() {
            self.app_path = around.get::<ScanInfo>("scan_info").unwrap_or_default().app_path;
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        if record.pattern == "errors[]" {
            let failed: Failure = record.parse()?;
            out.gap(format!("brakeman: {}", failed.error.lines().next().unwrap_or_default()));
            return Ok(());
        }
        let found: Warning = record.parse()?;
        let inside = found.file.strip_prefix(&self.app_path).filter(|_| !self.app_path.is_empty());
        let file = inside.map_or(found.file.as_str(), |file| file.trim_start_matches('/'));
        let mut finding = Check {
            kind: Kind::Code,
            id: &slug(&found.warning_type),
            title: &found.warning_type,
            message: &found.message,
            description: "",
            help: "",
            url: &found.link,
            cwe: lenient::weaknesses(&found.cwe_id),
            // Brakeman rates nothing but how sure it is.
            severity: (out.severity(&found.confidence).0, Rating::assumed(out.format.tool)),
            confidence: out.confidence(&found.confidence),
            location: out.lines(if file.is_empty() { "Gemfile.lock" } else { file }, found.line, 0),
            excerpt: Some(&found.code),
            resource: &found.scope(),
        }
        .finding(out);
        if let Some(source) = finding.sources.first_mut() {
            source.rule = text::printable(&found.warning_type);
        }
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn warnings_count_and_ignored_ones_do_not() {
        let said = read(
            r#"{"scan_info":{"app_path":"/home/me/shop","rails_version":"7.1.0","security_warnings":2,"brakeman_version":"6.1.0"},
 "warnings":[{"warning_type":"SQL Injection","warning_code":0,"fingerprint":"ab","check_name":"SQL","message":"Possible SQL injection",
  "file":"app/models/order.rb","line":12,"link":"https://brakemanscanner.org/docs/warning_types/sql_injection/",
  "code":"Order.where(\"id = #{params[:id]}\")","render_path":null,"location":{"type":"method","class":"Order","method":"find_it"},
  "user_input":"params[:id]","confidence":"High","cwe_id":[89]},
 {"warning_type":"Format Validation","message":"Insufficient validation","file":"/home/me/shop/app/models/user.rb","line":null,
  "link":null,"code":null,"location":null,"confidence":"Weak"}],
 "ignored_warnings":[{"warning_type":"SQL Injection","message":"x","file":"a.rb","line":1,"confidence":"High"}],
 "errors":[{"error":"app/a.rb:3 :: parse error on value","location":"Could not parse app/a.rb"}],"obsolete":[]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "code/sql-injection high app/models/order.rb:12: Possible SQL injection",
                "code/brakeman/format-validation low app/models/user.rb: Insufficient validation",
            ]
        );
        assert_eq!(said.findings[0].resource.as_deref(), Some("Order#find_it"));
        assert_eq!(said.findings[0].sources[0].rule, "SQL Injection");
        assert_eq!(said.gaps.len(), 1);
    }

    #[test]
    fn clean_and_compared_reports_are_read() {
        let clean =
            read(r#"{"scan_info":{"app_path":"/x"},"warnings":[],"ignored_warnings":[],"errors":[],"obsolete":[]}"#);
        assert!(clean.findings.is_empty() && clean.gaps.is_empty() && clean.notes[0].contains("Brakeman"));
        let one = r#"{"warning_type":"Redirect","message":"Possible unprotected redirect","file":"app/c.rb","line":"3","confidence":"Medium"}"#;
        let compared = read(format!("{{\"new\":[{one}],\"fixed\":[{one}]}}"));
        assert_eq!(lines(&compared), ["code/open-redirect medium app/c.rb:3: Possible unprotected redirect"]);
    }
}
