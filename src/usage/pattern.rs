//! Defines [`Pattern`]: a regular expression with a hole for a name, so that one expression serves every name.

use regex::bytes::{Regex, RegexBuilder};

/// So much of a line is looked at before a name and behind it, in bytes.
pub(super) const REACH: usize = 512;

/// A pattern that was taken apart at its hole.
#[derive(Debug)]
pub(super) struct Pattern {
    before: Regex,
    behind: Regex,
}

impl Pattern {
    /// Reads a pattern with one `hole`, such as `import <module>;`. Classes such as `\w` are those of ASCII.
    ///
    /// # Errors
    /// There is no hole or more than one, or one of the sides is no regular expression: a sentence.
    pub(super) fn new(text: &str, hole: &str) -> Result<Self, String> {
        let (before, behind) = text.split_once(hole).ok_or_else(|| format!("`{text}` has no {hole}"))?;
        if behind.contains(hole) {
            return Err(format!("`{text}` has more than one {hole}"));
        }
        let side = |text: String| RegexBuilder::new(&text).unicode(false).build().map_err(|e| e.to_string());
        Ok(Self { before: side(format!("(?:{before})$"))?, behind: side(format!("^(?:{behind})"))? })
    }

    /// Whether a name stands where it should: `before` and `behind` are the rest of its line.
    pub(super) fn fits(&self, before: &[u8], behind: &[u8]) -> bool {
        self.behind.is_match(behind) && self.before.is_match(before)
    }
}

/// The line around a range of the text, before it and behind it, without its end; cut where it is long.
pub(super) fn around(text: &[u8], start: usize, end: usize) -> (&[u8], &[u8]) {
    let before = text.get(start.saturating_sub(REACH)..start).unwrap_or_default();
    let before = memchr::memrchr(b'\n', before).and_then(|at| before.get(at + 1..)).unwrap_or(before);
    let behind = text.get(end..text.len().min(end.saturating_add(REACH))).unwrap_or_default();
    let behind = memchr::memchr(b'\n', behind).and_then(|at| behind.get(..at)).unwrap_or(behind);
    (before, behind.strip_suffix(b"\r").unwrap_or(behind))
}

/// Whether a range of the text is no part of a longer word. A name that begins or ends with a sign ends there.
pub(super) fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    let is_word = |at: Option<usize>| {
        at.and_then(|at| text.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let joined = |one: Option<usize>, other: Option<usize>| is_word(one) && is_word(other);
    !joined(start.checked_sub(1), Some(start)) && !joined(end.checked_sub(1), Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_hole() {
        let pattern = Pattern::new(r"^\s*import\s+<name>\s*(?:;|$)", "<name>").unwrap();
        let fits = |text: &str| {
            let at = text.find("clock").unwrap();
            let (before, behind) = around(text.as_bytes(), at, at + 5);
            pattern.fits(before, behind)
        };
        assert!(fits("import clock"));
        assert!(fits("x\r\n  import clock;\r\ny"));
        assert!(fits("import clock\r\n"));
        assert!(!fits("reimport clock"));
        assert!(!fits("import clocks"));
        assert!(!fits("import\nclock"));
        assert!(Pattern::new("import", "<name>").is_err());
        assert!(Pattern::new("<name> <name>", "<name>").is_err());
        assert!(Pattern::new("(<name>", "<name>").is_err());
    }

    #[test]
    fn long_lines_are_cut() {
        let text = [vec![b'a'; 2000], b"clock".to_vec(), vec![b'b'; 2000]].concat();
        let (before, behind) = around(&text, 2000, 2005);
        assert_eq!((before.len(), behind.len()), (REACH, REACH));
        assert_eq!(around(b"a", 5, 9), (&b""[..], &b""[..]));
    }

    #[test]
    fn words() {
        assert!(is_whole(b"a-b", 0, 1) && is_whole(b"x@y", 1, 3) && is_whole(b"", 0, 0));
        assert!(!is_whole(b"ab", 0, 1) && !is_whole(b"a_b", 2, 3) && !is_whole(b"x@yz", 1, 3));
    }
}
