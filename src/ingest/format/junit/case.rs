//! Defines [`Case`]: a test case that failed, and what its texts tell of the finding.

use roxmltree::Node;
use serde::Deserialize;

use crate::finding::{Kind, Location};
use crate::ingest::attribution;
use crate::ingest::lenient;
use crate::ingest::manifest;
use crate::ingest::out::Out;
use crate::ingest::xml::attribute;

/// Words in the name of a suite or class, and the kind of finding that they speak of.
const WORDS: [(&str, Kind); 16] = [
    ("gitleaks", Kind::Secret),
    ("trufflehog", Kind::Secret),
    ("detect-secrets", Kind::Secret),
    ("secret", Kind::Secret),
    ("credential", Kind::Secret),
    ("checkov", Kind::Config),
    ("terraform", Kind::Config),
    ("tfsec", Kind::Config),
    ("terrascan", Kind::Config),
    ("dockerfile", Kind::Config),
    ("kubernetes", Kind::Config),
    ("kube-", Kind::Config),
    ("cloudformation", Kind::Config),
    ("misconfig", Kind::Config),
    ("hadolint", Kind::Config),
    ("github_actions", Kind::Config),
];
/// Words for severities that tools put into their texts.
const SEVERITIES: [&str; 7] = ["critical", "high", "medium", "moderate", "low", "info", "warning"];
/// How ids of advisories begin.
const ADVISORIES: [&str; 6] = ["CVE-", "GHSA-", "PYSEC-", "RUSTSEC-", "SNYK-", "OSV-"];

/// A test case that failed.
pub(super) struct Case<'a> {
    suite: &'a str,
    class: &'a str,
    pub(super) name: &'a str,
    file: &'a str,
    line: u32,
    failure: Node<'a, 'a>,
}

/// What Gitleaks writes into a failure, as JSON.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Told {
    #[serde(rename = "RuleID", deserialize_with = "lenient::text")]
    pub(super) rule_id: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) file: String,
    #[serde(deserialize_with = "lenient::number")]
    pub(super) start_line: u32,
    #[serde(deserialize_with = "lenient::number")]
    pub(super) end_line: u32,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) secret: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) commit: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) date: String,
}

impl<'a> Case<'a> {
    /// The test case, if it failed or ended with an error.
    pub(super) fn failed(case: Node<'a, 'a>) -> Option<Self> {
        let failure = case.children().find(|inner| matches!(inner.tag_name().name(), "failure" | "error"))?;
        let suite = case.parent().map_or("", |suite| attribute(suite, "name"));
        let suite_file = case.parent().map_or("", |suite| attribute(suite, "file"));
        let file = [attribute(case, "file"), attribute(case, "filename"), suite_file];
        Some(Self {
            suite,
            class: attribute(case, "classname"),
            name: attribute(case, "name"),
            file: file.into_iter().find(|file| !file.is_empty()).unwrap_or_default(),
            line: attribute(case, "line").parse().unwrap_or(0),
            failure,
        })
    }

    /// What the failure says in short; else the first line of its text.
    pub(super) fn message(&self) -> &'a str {
        let short = attribute(self.failure, "message").trim();
        if short.is_empty() { self.text().trim().lines().next().unwrap_or_default() } else { short }
    }

    fn text(&self) -> &'a str {
        self.failure.text().unwrap_or_default()
    }

    /// The id of the rule, and the tool that it belongs to: an advisory in the name, what stands behind `Test ID:` or in
    /// brackets and is known; else the name.
    pub(super) fn rule(&self) -> (&'a str, &'a str) {
        let separators = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | ',' | ';');
        let mut words = self.name.split(separators);
        let suite = if self.suite.is_empty() || self.suite.contains(['/', ' ', '.']) { "junit" } else { self.suite };
        if let Some(id) = words.find(|word| ADVISORIES.iter().any(|advisory| word.starts_with(advisory))) {
            return (id, suite);
        }
        let told = self.text().split_once("Test ID:").and_then(|(_, rest)| rest.split_whitespace().next());
        let known = told.into_iter().chain(self.name.split(separators)).find_map(|id| {
            let (tool, _) = attribution::tool_of(id)?;
            Some((id, tool))
        });
        known.unwrap_or((if self.name.is_empty() { "failure" } else { self.name }, suite))
    }

    /// The name without the words in brackets in front, `[HIGH] CVE-2020-1` or `[NONE][CKV_AWS_24] Ensure …`.
    pub(super) fn title(&self) -> &'a str {
        let mut rest = self.name;
        while let Some((_, behind)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            rest = behind.trim_start();
        }
        if rest == self.rule().0 { "" } else { rest }
    }

    /// The kind of finding: that of the rule where its tool is known, else that of a word in the names; else code.
    pub(super) fn kind(&self) -> Kind {
        let (id, _) = self.rule();
        if ADVISORIES.iter().any(|advisory| id.starts_with(advisory)) {
            return Kind::Advisory;
        }
        let names = format!("{} {}", self.suite, self.class).to_lowercase();
        let word = WORDS.iter().find(|(word, _)| names.contains(word)).map(|(_, kind)| *kind);
        attribution::tool_of(id).map(|(_, kind)| kind).or(word).unwrap_or(Kind::Code)
    }

    /// A word for how bad it is: the type of the failure, what stands in brackets in front of the name, or behind
    /// `Severity:`; empty without one.
    pub(super) fn severity(&self) -> &'a str {
        let bracketed = self.name.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or_default();
        let texts = [attribute(self.failure, "message"), self.text()];
        let told = texts.into_iter().find_map(|text| text.split_once("everity:")?.1.split_whitespace().next());
        let words = [attribute(self.failure, "type"), bracketed, told.unwrap_or_default()];
        let is_known = |word: &&str| SEVERITIES.contains(&word.to_lowercase().as_str());
        words.into_iter().find(is_known).unwrap_or_default()
    }

    /// A page about it; empty without one.
    pub(super) fn url(&self) -> &'a str {
        attribute(self.failure, "more_info")
    }

    /// The credential that a failure of Gitleaks tells, with its place.
    pub(super) fn leak(&self) -> Told {
        serde_json::from_str(self.text()).unwrap_or_default()
    }

    /// The name and version of a package, from a class such as `musl-1.1.22-r3`.
    pub(super) fn package(&self) -> (&'a str, &'a str) {
        let starts = self.class.match_indices('-').map(|(at, _)| at);
        let mut at = starts.filter(|at| self.class[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
        at.next().map_or((self.class, ""), |at| (&self.class[..at], &self.class[at + 1..]))
    }

    /// The ecosystem of the package, by the file that the suite is about.
    pub(super) fn ecosystem(&self) -> &'static str {
        manifest::ecosystem(self.suite)
    }

    /// Where it is: attributes, `Location file:line` or `file:line` in the text, or a class or suite that is a path.
    pub(super) fn location(&self, out: &Out) -> Location {
        if !self.file.is_empty() {
            return out.lines(self.file, self.line, 0);
        }
        let located = self.text().lines().filter_map(|line| line.trim().strip_prefix("Location "));
        let first = self.text().split_whitespace().next();
        let message = attribute(self.failure, "message").split_whitespace().next();
        if let Some((file, line)) = located.chain(first).chain(message).find_map(place) {
            return out.lines(file, line, 0);
        }
        let is_path =
            |name: &&str| !name.contains(' ') && (name.contains('/') || !manifest::ecosystem(name).is_empty());
        let named = [self.class, self.suite].into_iter().find(is_path);
        out.lines(named.unwrap_or_default(), self.line, 0)
    }
}

/// `src/a.py:12`, `src/a.py:12:3` as a file and a line; `None` for what is none.
fn place(text: &str) -> Option<(&str, u32)> {
    let text = text.trim_end_matches(':');
    let digits = |part: &str| part.parse::<u32>().ok();
    let (before, last) = text.rsplit_once(':')?;
    let last = digits(last)?;
    let (file, line) = match before.rsplit_once(':') {
        Some((file, line)) => digits(line).map_or((before, last), |line| (file, line)),
        None => (before, last),
    };
    (file.contains(['.', '/']) && !file.contains("://")).then_some((file, line))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_in_texts() {
        assert_eq!(place("src/a.py:12"), Some(("src/a.py", 12)));
        assert_eq!(place("./a.go:12:3:"), Some(("./a.go", 12)));
        assert_eq!(place("https://x.example:443"), None);
        assert_eq!(place("assert:1"), None);
        assert_eq!(place("a.py"), None);
    }
}
