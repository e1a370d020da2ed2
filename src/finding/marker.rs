//! Defines [`Marker`]: the comments beside a finding that accept it.

mod words;

use std::ops::Range;

use super::{Kind, Source};
use words::{Line, WORDS, Word};

/// A line is looked at for so many bytes on each side of a finding.
const REACH: usize = 4096;
/// No reason is longer, in characters.
const LONGEST_REASON: usize = 200;

/// The comments beside a finding that accept it, or others of its line; never none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marker {
    marks: Vec<Mark>,
}

/// One comment that accepts findings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    word: &'static Word,
    /// The rules it names: of ours in brackets, `scanall:ignore[a, b]`; of other tools as those write it. Empty means
    /// every rule.
    pub rules: Vec<String>,
    /// The text behind it; may be empty.
    pub reason: String,
}

impl Marker {
    /// The word that accepts the findings of its line.
    pub const WORD: &'static str = "scanall:ignore";

    /// The marks about a credential at a range of bytes: on its first and last line, but not in it, and on the lines
    /// before and behind. `None` when there is none about credentials.
    ///
    /// ```
    /// use scanall::finding::Marker;
    /// let text = b"key = 'secret' # gitleaks:allow a public sample";
    /// let marker = Marker::around(text, 7..13).unwrap();
    /// assert_eq!(marker.marks()[0].reason, "a public sample");
    /// assert!(Marker::around(text, 7..text.len()).is_none());
    /// ```
    pub fn around(text: &[u8], range: Range<usize>) -> Option<Self> {
        Self::filtered(text, range, |mark| mark.is_about_secrets())
    }

    /// The marks about whatever is on the line of a position, in bytes. `None` when there is none.
    pub fn at(text: &[u8], position: usize) -> Option<Self> {
        Self::filtered(text, position..position, |_| true)
    }

    /// The marker of a finding that stands at several places, each of which needs one of its own that covers the rule
    /// of a credential. It is the one that would be honoured last: another tool's where there is one.
    pub fn of_all<'a>(rule: &str, places: impl IntoIterator<Item = Option<&'a Self>>) -> Option<Self> {
        let mut kept: Option<&Self> = None;
        for marker in places {
            let marker = marker.filter(|marker| marker.covering(Kind::Secret, rule, &[], true).is_some())?;
            let is_own = |marker: &Self| marker.covering(Kind::Secret, rule, &[], false).is_some();
            if kept.is_none_or(|kept| is_own(kept) && !is_own(marker)) {
                kept = Some(marker);
            }
        }
        kept.cloned()
    }

    /// The first mark that covers a finding of a kind, a rule and sources. Those of other tools count when `others` is
    /// set.
    pub fn covering(&self, kind: Kind, rule: &str, sources: &[Source], others: bool) -> Option<&Mark> {
        self.marks.iter().find(|mark| (others || mark.is_own()) && mark.covers(kind, rule, sources))
    }

    /// All of them, our own first.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    fn filtered(text: &[u8], range: Range<usize>, wanted: impl Fn(&Mark) -> bool) -> Option<Self> {
        let start = range.start.min(text.len());
        let end = range.end.clamp(start, text.len());
        let first = line_start(text, start);
        let last = line_end(text, end);
        let mut marks = Vec::new();
        for (segment, line) in [
            (text.get(first..start), Line::Same),
            (text.get(end..last), Line::Same),
            (first.checked_sub(1).and_then(|end| text.get(line_start(text, end)..end)), Line::Next),
            (text.get(last.saturating_add(1)..).map(|rest| &rest[..line_end(rest, 0)]), Line::Previous),
        ] {
            if let Some(segment) = segment.filter(|segment| words::may_be_in(segment)) {
                marks.extend(Mark::all(&String::from_utf8_lossy(segment), line));
            }
        }
        marks.retain(wanted);
        marks.sort_by_key(|mark: &Mark| mark.word.position());
        (!marks.is_empty()).then_some(Self { marks })
    }
}

impl Mark {
    /// Reads a mark of our own from one line of text; `None` when the line has none.
    pub fn own(line: &str) -> Option<Self> {
        Self::all(line, Line::Same).into_iter().find(Self::is_own)
    }

    /// The word, as the list of words has it.
    pub fn word(&self) -> &'static str {
        self.word.text
    }

    /// Whether it is scanall's, not another tool's.
    pub fn is_own(&self) -> bool {
        self.word.is_own
    }

    /// The marks in a segment of a line that reach findings on a line, as seen from the marks.
    fn all(segment: &str, line: Line) -> Vec<Self> {
        let words = WORDS.iter().filter(|word| word.lines.contains(&line));
        words.filter_map(|word| Self::read(segment, word, line)).collect()
    }

    fn read(segment: &str, word: &'static Word, line: Line) -> Option<Self> {
        let (before, behind) = word.find(segment)?;
        // A comment behind the code of another line is about that line.
        if line != Line::Same && word.lines.contains(&Line::Same) && before.contains(char::is_alphanumeric) {
            return None;
        }
        let (rules, reason) = word.names(behind);
        // What ends the comment is no reason.
        let reason = reason.trim_matches(|c: char| c.is_whitespace() || "*/-->#:}".contains(c));
        Some(Self { word, rules, reason: reason.chars().take(LONGEST_REASON).collect() })
    }

    fn is_about_secrets(&self) -> bool {
        let Word { is_own, bare, checks, .. } = self.word;
        match self.rules.is_empty() {
            true => *bare,
            false => *is_own || self.rules.iter().any(|rule| checks.contains(&rule.as_str())),
        }
    }

    fn covers(&self, kind: Kind, rule: &str, sources: &[Source]) -> bool {
        if self.is_own() {
            return self.rules.is_empty() || self.rules.iter().any(|named| named == rule);
        }
        if kind == Kind::Secret {
            return self.is_about_secrets();
        }
        // What another tool's comment says of code, it says to that tool.
        let names = |source: &Source| {
            self.rules.is_empty() || self.rules.iter().any(|named| source.rule == *named || source.tool == *named)
        };
        let theirs = |source: &Source| self.word.tools.contains(&source.tool.as_str()) && names(source);
        kind == Kind::Code && !sources.is_empty() && sources.iter().all(theirs)
    }
}

/// The word of the list that is written so; `None` for any other.
pub fn word(text: &str) -> Option<&'static str> {
    WORDS.iter().map(|word| word.text).find(|word| *word == text)
}

/// Where the line of a position begins, or what of it is looked at.
fn line_start(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(REACH);
    memchr::memrchr(b'\n', &text[from..at]).map_or(from, |n| from + n + 1)
}

/// Where the line of a position ends, or what of it is looked at.
fn line_end(text: &[u8], at: usize) -> usize {
    let to = at.saturating_add(REACH).min(text.len());
    memchr::memchr(b'\n', &text[at..to]).map_or(to, |n| at + n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of the marks about the text `SECRET`.
    fn around(text: &str) -> Vec<&'static str> {
        let at = text.find("SECRET").unwrap();
        let marker = Marker::around(text.as_bytes(), at..at + "SECRET".len());
        marker.map(|marker| marker.marks.iter().map(Mark::word).collect()).unwrap_or_default()
    }

    #[test]
    fn each_word_reaches_its_lines() {
        for (text, words) in [
            ("a = 'SECRET' # scanall:ignore", &["scanall:ignore"][..]),
            ("# scanall:ignore\na = 'SECRET'", &[]),
            ("# scanall:ignore-next-line\na = 'SECRET'", &["scanall:ignore-next-line"]),
            ("x = 1 # scanall:ignore-next-line\r\na = 'SECRET'", &["scanall:ignore-next-line"]),
            ("a = 'SECRET' # scanall:ignore-next-line", &[]),
            ("a = 'SECRET' // gitleaks:allow", &["gitleaks:allow"]),
            ("a = 'SECRET' /* betterleaks:allow */", &["betterleaks:allow"]),
            ("a = 'SECRET' <!-- trufflehog:ignore -->", &["trufflehog:ignore"]),
            ("# trufflehog:ignore\na = 'SECRET'", &[]),
            ("a = 'SECRET' # kingfisher:ignore", &["kingfisher:ignore"]),
            ("# Kingfisher:Ignore\na = 'SECRET'", &["kingfisher:ignore"]),
            ("a = '''SECRET\n''' # kingfisher:ignore\n", &["kingfisher:ignore"]),
            ("a = 'SECRET'\nb = 'other' # kingfisher:ignore\n", &[]),
            ("a = 'SECRET' # pragma: allowlist secret", &["pragma: allowlist secret"]),
            ("a = 'SECRET' -- pragma:allowlist-secret", &["pragma: allowlist secret"]),
            ("a = 'SECRET' # pragma: whitelist secret", &["pragma: whitelist secret"]),
            ("// pragma: allowlist nextline secret\na = 'SECRET'", &["pragma: allowlist nextline secret"]),
            ("a = 'SECRET' # pragma: allowlist nextline secret", &[]),
            ("a = 'SECRET' # nosec", &["nosec"]),
            ("a = 'SECRET' #nosec B105", &["nosec"]),
            ("a = 'SECRET' # nosec B602, B607", &[]),
            ("a = 'SECRET' # nosec: B602, hardcoded_password_string", &["nosec"]),
            ("a = 'SECRET' // #nosec G101 -- a sample", &["nosec"]),
            ("a = 'SECRET' //nolint:gosec,lll // a sample", &["nolint"]),
            ("a = 'SECRET' //nolint:lll", &[]),
            ("a = 'SECRET' # noqa", &[]),
            ("a = 'SECRET' # noqa: E501, S105", &["noqa"]),
            ("a = 'SECRET' # noqa:E501", &[]),
            ("a = 'SECRET' # nosemgrep", &[]),
            ("a = 'SECRET' # gitleaks:allowed", &[]),
            ("a = 'SECRET' # nosecrets", &[]),
            ("a = 'SECRET' # my-gitleaks:allow", &[]),
            ("a = 'SECRET' # gitleaks:allow scanall:ignore", &["scanall:ignore", "gitleaks:allow"]),
        ] {
            assert_eq!(around(text), words, "{text}");
        }
    }

    #[test]
    fn a_secret_of_several_lines_has_its_marker_on_the_first_or_the_last() {
        for (text, is_marked) in [
            ("k = '''BEGIN\nx\nEND''' # gitleaks:allow\n", true),
            ("/* gitleaks:allow */ k = '''BEGIN\nx\nEND'''\n", true),
            ("k = '''BEGIN\nx gitleaks:allow\nEND'''\n", false),
        ] {
            let range = text.find("BEGIN").unwrap()..text.find("END").unwrap() + 3;
            assert_eq!(Marker::around(text.as_bytes(), range).is_some(), is_marked, "{text}");
        }
    }

    #[test]
    fn names_and_reasons() {
        for (line, rules, reason) in [
            ("# scanall:ignore[secret/x] a public sample", &["secret/x"][..], "a public sample"),
            ("<!-- scanall:ignore[a, b] -->", &["a", "b"], ""),
            ("/* scanall:ignore: of a test */", &[], "of a test"),
            ("// scanall:ignored", &[], "(none)"),
        ] {
            let mark = Mark::own(line);
            let told = mark.as_ref().map_or("(none)", |mark| mark.reason.as_str());
            assert_eq!(
                (told, mark.as_ref().map_or(&[][..], |mark| &mark.rules)),
                (reason, &rules.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>()[..]),
                "{line}"
            );
        }
        let marker = Marker::at(b"x() # nosec B602 -- it is fixed text", 0).unwrap();
        assert_eq!((marker.marks[0].rules[0].as_str(), marker.marks[0].reason.as_str()), ("B602", "it is fixed text"));
        let marker = Marker::at(b"x() # nosec it is fixed text", 0).unwrap();
        assert_eq!((marker.marks[0].rules.len(), marker.marks[0].reason.as_str()), (0, "it is fixed text"));
    }

    #[test]
    fn what_a_tool_is_told_of_code_is_told_to_that_tool() {
        let source = |tool: &str, rule: &str| Source { tool: tool.to_owned(), rule: rule.to_owned() };
        let covers = |line: &str, sources: &[Source]| {
            let marker = Marker::at(line.as_bytes(), 0).unwrap();
            marker.covering(Kind::Code, "code/x", sources, true).is_some()
        };
        assert!(covers("x() # nosec", &[source("bandit", "B602")]));
        assert!(covers("x() # nosec B602", &[source("bandit", "B602")]));
        assert!(!covers("x() # nosec B605", &[source("bandit", "B602")]));
        assert!(!covers("x() # nosec", &[source("semgrep", "r")]));
        assert!(!covers("x() # nosec", &[source("bandit", "B602"), source("semgrep", "r")]));
        assert!(covers("x() # nosemgrep: a.b.r", &[source("semgrep", "a.b.r")]));
        assert!(covers("x() //nolint:gosec", &[source("gosec", "G101")]));
        assert!(!covers("x() # gitleaks:allow", &[source("bandit", "B602")]));
        assert!(covers("x() # scanall:ignore", &[source("bandit", "B602"), source("semgrep", "r")]));
    }

    #[test]
    fn several_places_need_a_marker_each() {
        let marker = |text: &str| Marker::at(text.as_bytes(), 0);
        let (own, other, named) = (marker("scanall:ignore"), marker("gitleaks:allow"), marker("scanall:ignore[y]"));
        let all = |places: &[&Option<Marker>]| Marker::of_all("x", places.iter().map(|place| place.as_ref()));
        assert_eq!(
            (all(&[&own]), all(&[&own, &other]), all(&[&other, &own])),
            (own.clone(), other.clone(), other.clone())
        );
        assert_eq!((all(&[&own, &None]), all(&[&own, &named]), all(&[])), (None, None, None));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in prop::collection::vec(any::<u8>(), 0..200), a in 0usize..300, b in 0usize..300) {
            let _ = Marker::around(&text, a..b);
            let _ = Marker::at(&text, a);
        }

        #[test]
        fn words_are_found_between_any_text(before in "[^a-zA-Z0-9\\n]{0,20}", behind in "( .{0,20})?") {
            let text = format!("SECRET{before} {}{behind}", Marker::WORD);
            prop_assert!(around(&text).contains(&Marker::WORD));
        }
    }
}
