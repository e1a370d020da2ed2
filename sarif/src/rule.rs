//! Defines [`Rule`]: what a finding violates, in words for people.

mod name;

use crate::level::Level;
use crate::severity::SecuritySeverity;
use crate::{limits, text, uri};
use serde_sarif::sarif::{MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor};
use std::collections::BTreeSet;

/// What a finding violates.
///
/// Texts GitHub requires are never written empty: a missing help becomes the full description, that the short one,
/// and that the id. Descriptions are cut between words at [`limits::DESCRIPTION_CHARS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Identifies the rule for good: GitHub keeps alerts by it. Never empty.
    pub id: String,
    /// A name for people, brought into PascalCase; `None` derives it from the id. At most [`limits::NAME_CHARS`].
    pub name: Option<String>,
    /// The title of the alerts, as a short sentence or noun phrase.
    pub short_description: String,
    /// What it is and why it matters, in a few sentences.
    pub full_description: String,
    /// What to do about it, in plain text.
    pub help_text: String,
    /// The same in Markdown, which GitHub shows instead of the text; `None` when there is only the text.
    pub help_markdown: Option<String>,
    /// A page with more, http or https. `None`, or anything else, writes the home page of the tool.
    pub help_uri: Option<String>,
    /// How loud the findings are that do not say so themselves.
    pub level: Level,
    /// How bad the findings are; `None` when the rule is not about security. One rule has one severity.
    pub security_severity: Option<SecuritySeverity>,
    /// How often the findings are right; `None` when nobody knows.
    pub precision: Option<Precision>,
    /// Words to filter alerts by, such as `security` or `external/cwe/cwe-798`. The first [`limits::KEPT_TAGS`]
    /// different ones are written.
    pub tags: Vec<String>,
}

/// How often the findings of a rule are right, from seldom to nearly always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Often wrong.
    Low,
    /// Right about as often as wrong.
    Medium,
    /// Mostly right.
    High,
    /// Nearly always right.
    VeryHigh,
}

impl Precision {
    /// The word GitHub uses: `low`, `medium`, `high` or `very-high`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::VeryHigh => "very-high",
        }
    }
}

impl Rule {
    /// A rule with a title, and otherwise as little as GitHub takes.
    pub fn new(id: impl Into<String>, short_description: impl Into<String>) -> Self {
        Self { id: id.into(), short_description: short_description.into(), ..Self::default() }
    }

    /// The title as it is written, which is also what a finding without a message says.
    pub(crate) fn title(&self) -> String {
        let title = [&self.short_description, &self.id].into_iter().find(|text| !text.trim().is_empty());
        text::shorten(title.map_or("", String::as_str), limits::DESCRIPTION_CHARS)
    }

    /// The wire form; `home` is the page for rules without one of their own.
    pub(crate) fn to_wire(&self, home: &str) -> ReportingDescriptor {
        let title = self.title();
        let description = or(text::shorten(&self.full_description, limits::DESCRIPTION_CHARS), &title);
        let mut help = MultiformatMessageString::from(&or(text::clean(self.help_text.trim()), &description));
        help.markdown = self.help_markdown.as_deref().map(text::clean).filter(|m| !m.trim().is_empty());
        let mut wire = ReportingDescriptor::builder()
            .id(&self.id)
            .name(self.wire_name())
            .short_description(&title)
            .full_description(&description)
            .help(help)
            .default_configuration(ReportingConfiguration {
                level: Some(self.level.id().into()),
                ..ReportingConfiguration::default()
            })
            .properties(self.properties())
            .build();
        wire.help_uri = self.help_uri.as_deref().and_then(uri::link).or_else(|| uri::link(home));
        wire
    }

    fn wire_name(&self) -> String {
        let given = self.name.as_deref().filter(|name| !name.trim().is_empty());
        let mut name = name::pascal_case(given.unwrap_or(&self.id));
        name.truncate(limits::NAME_CHARS); // it is ASCII
        // A name that only repeats the id says nothing, and the standard forbids it.
        if name.eq_ignore_ascii_case(&self.id) { format!("{name}Rule") } else { name }
    }

    fn properties(&self) -> PropertyBag {
        let mut bag = PropertyBag::default();
        let mut put = |key: &str, value: &str| bag.additional_properties.insert(key.to_owned(), value.into());
        if let Some(precision) = self.precision {
            put("precision", precision.id());
        }
        match self.security_severity {
            Some(severity) => put("security-severity", &severity.to_string()),
            None => put("problem.severity", self.level.problem_severity()),
        };
        let mut seen = BTreeSet::new();
        let tags = self.tags.iter().map(|tag| text::clean(tag.trim()));
        let tags = tags.filter(|tag| !tag.is_empty() && seen.insert(tag.clone()));
        bag.tags = Some(tags.take(limits::KEPT_TAGS).collect()).filter(|tags: &Vec<_>| !tags.is_empty());
        bag
    }
}

fn or(text: String, fallback: &str) -> String {
    if text.is_empty() { fallback.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_texts_are_filled_in() {
        let wire = Rule { id: "a/b".into(), ..Rule::default() }.to_wire("https://example.com");
        assert_eq!(wire.short_description.unwrap().text, "a/b");
        assert_eq!(wire.full_description.unwrap().text, "a/b");
        assert_eq!(wire.help.unwrap().text, "a/b");
        assert_eq!(wire.help_uri.unwrap(), "https://example.com");
    }

    #[test]
    fn texts_and_tags_are_capped() {
        let rule = Rule {
            full_description: "word ".repeat(400),
            tags: (0..30).map(|n| format!("tag{}", n / 2)).collect(),
            ..Rule::new("x".repeat(400), "y".repeat(2000))
        };
        let wire = rule.to_wire("");
        assert_eq!(wire.name.unwrap().chars().count(), limits::NAME_CHARS);
        assert_eq!(wire.short_description.unwrap().text.chars().count(), limits::DESCRIPTION_CHARS);
        let full = wire.full_description.unwrap().text;
        assert!(full.chars().count() <= limits::DESCRIPTION_CHARS && full.ends_with("word…"));
        let tags = wire.properties.unwrap().tags.unwrap();
        assert_eq!((tags.len(), tags[9].as_str()), (limits::KEPT_TAGS, "tag9"));
    }

    #[test]
    fn severity_is_a_string_or_else_a_problem() {
        let property = |rule: &Rule, key: &str| rule.properties().additional_properties.get(key).cloned();
        let mut rule = Rule { level: Level::Note, ..Rule::new("a", "A") };
        assert_eq!(property(&rule, "problem.severity"), Some("recommendation".into()));
        rule.security_severity = SecuritySeverity::new(8.0);
        assert_eq!(property(&rule, "security-severity"), Some("8.0".into()));
        assert_eq!(property(&rule, "problem.severity"), None);
    }

    #[test]
    fn a_name_is_never_the_id() {
        assert_eq!(Rule::new("sqli", "").wire_name(), "SqliRule");
        assert_eq!(Rule { name: Some("own name".into()), ..Rule::new("a", "") }.wire_name(), "OwnName");
    }
}
