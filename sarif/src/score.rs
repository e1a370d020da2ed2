//! Reads severities that tools write as numbers, texts and words.

use serde_json::Value;

use crate::severity::SecuritySeverity;
use crate::value::text;

/// The property that GitHub reads, on rules only.
pub(crate) const PROPERTY: &str = "security-severity";

/// Where tools that do not know it put their severities.
const OTHERS: &[&str] = &["security_severity", "securitySeverity", "issue_severity", "severity"];

/// Words of many scales, with a score in the middle of GitHub's band for them.
const WORDS: &[(&str, f64)] = &[
    ("blocker", 9.5),
    ("critical", 9.5),
    ("urgent", 9.5),
    ("very-high", 9.5),
    ("high", 8.0),
    ("important", 8.0),
    ("severe", 8.0),
    ("medium", 5.5),
    ("moderate", 5.5),
    ("low", 2.0),
    ("minor", 2.0),
    ("negligible", 0.1),
    ("info", 0.1),
    ("informational", 0.1),
    ("information", 0.1),
];

/// A severity as a number, a number in a text, or a word; `None` when it is nothing of that.
pub(crate) fn read(value: &Value) -> Option<SecuritySeverity> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().replace(',', ".").parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    };
    number.and_then(SecuritySeverity::new).or_else(|| word(value))
}

/// A severity as a word.
fn word(value: &Value) -> Option<SecuritySeverity> {
    let said = value.as_str()?.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    WORDS.iter().find(|(word, _)| *word == said).and_then(|(_, score)| SecuritySeverity::new(*score))
}

/// Whether GitHub takes a severity as it is: a text with a number over 0.0 and up to 10.0 in it.
pub(crate) fn is_valid(value: &Value) -> bool {
    is_numeric(value) && value.as_str().and_then(|text| text.parse().ok()).is_some_and(|n: f64| n > 0.0 && n <= 10.0)
}

/// Whether GitHub takes the file: the severity is a text with a number in it.
pub(crate) fn is_numeric(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.parse::<f64>().is_ok()
    })
}

/// The severity in the property of a rule or result that GitHub reads on rules.
pub(crate) fn stated(object: &Value) -> Option<SecuritySeverity> {
    object.get("properties")?.get(PROPERTY).and_then(read)
}

/// The severity in other properties, which must be a word: numbers there are of scales that nobody knows.
pub(crate) fn implied(object: &Value) -> Option<SecuritySeverity> {
    let bag = object.get("properties")?;
    // A rule about quality has a severity too, and is not about security.
    if text(bag, "problem.severity").is_some() {
        return None;
    }
    OTHERS.iter().find_map(|name| bag.get(*name).and_then(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn severities_of_every_writing_are_read() {
        for (value, expected) in [
            (json!("8.0"), Some("8.0")),
            (json!(8), Some("8.0")),
            (json!(" 7,5 "), Some("7.5")),
            (json!("HIGH"), Some("8.0")),
            (json!("Very High"), Some("9.5")),
            (json!("0.0"), Some("0.1")),
            (json!("75"), Some("10.0")),
            (json!("undefined"), None),
            (json!("inf"), None),
            (json!("NaN"), None),
            (json!(null), None),
            (json!([8]), None),
        ] {
            assert_eq!(read(&value).map(|s| s.to_string()).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn what_github_takes_is_a_text_with_a_number_in_range() {
        for (value, numeric, valid) in [
            (json!("8.0"), true, true),
            (json!("10"), true, true),
            (json!("0.0"), true, false),
            (json!("11"), true, false),
            (json!(8.0), false, false),
            (json!("HIGH"), false, false),
            (json!("inf"), false, false),
            (json!(""), false, false),
        ] {
            assert_eq!((is_numeric(&value), is_valid(&value)), (numeric, valid), "{value}");
        }
    }
}
