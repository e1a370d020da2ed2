//! Joins the lines of base64 that is wrapped: by MIME (RFC 2045, section 6.8) and PEM (RFC 7468) after 76 and 64
//! characters, in block scalars of YAML, in string literals and behind backslashes.

use std::ops::Range;

use super::base64;

/// A line that goes on has at least so many characters, and no line has more than the other.
const LENGTH: std::ops::RangeInclusive<usize> = 40..=128;
/// So many bytes between two lines: the end of one, the indentation of the next, and quotes.
const MOST_BETWEEN: usize = 64;
/// Longer blocks are not decoded as one, in bytes.
const LONGEST: usize = 128 << 10;
/// So many bytes around a block decide whether it goes on.
const REACH: usize = MOST_BETWEEN + 130;
/// A run within so many bytes of a place is in the block that the place may decide about, if there is one.
pub(super) const NEAR: usize = REACH + MOST_BETWEEN + base64::SHORTEST;

/// Lines of one code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) lines: Vec<Range<usize>>,
    /// The bytes that decide about the block.
    pub(super) reach: Range<usize>,
}

/// Whether a run is wrapped, or the end of what is.
pub(super) fn is_wrapped(text: &[u8], run: &Range<usize>) -> bool {
    next(text, run).is_some() || previous(text, run).is_some()
}

/// Whether a place is at or behind the end of a line that goes on, up to the end of the next one.
pub(super) fn is_behind_line(text: &[u8], at: usize) -> bool {
    let word = text[..at].iter().rev().take(LENGTH.end() + 1).take_while(|byte| base64::holds(**byte)).count();
    if word == 0 {
        // The place may be in the middle of what is between two lines.
        let more = text[at..].iter().take(MOST_BETWEEN).take_while(|byte| is_between(**byte)).count();
        return before(text, at + more).is_some();
    }
    next(text, &(at - word..at)).is_some() || before(text, at - word).is_some()
}

/// The block that a run is in, and where it ends; `None` when it is in none, or in one that is too long.
pub(super) fn block(text: &[u8], run: &Range<usize>) -> (Option<Block>, usize) {
    let mut lines = vec![run.clone()];
    while let Some(line) = lines.last().and_then(|line| previous(text, line)) {
        if run.end - line.start > LONGEST {
            return (None, run.end);
        }
        lines.push(line);
    }
    lines.reverse();
    let start = lines.first().map_or(run.start, |line| line.start);
    let mut fits = true;
    while let Some(line) = lines.last().and_then(|line| next(text, line)) {
        fits &= line.end - start <= LONGEST;
        if !fits {
            lines.clear();
        }
        lines.push(line);
    }
    let end = lines.last().map_or(run.end, |line| line.end);
    let reach = start.saturating_sub(REACH)..text.len().min(end + REACH);
    ((fits && lines.len() > 1).then_some(Block { lines, reach }), end)
}

impl Block {
    /// The characters of all lines.
    pub(super) fn code(&self, text: &[u8]) -> Vec<u8> {
        self.lines.iter().flat_map(|line| &text[line.clone()]).copied().collect()
    }

    /// Where some of the characters stand in the text.
    pub(super) fn place(&self, chars: &Range<usize>) -> Range<usize> {
        let at = |mut char: usize| {
            for line in &self.lines {
                if char < line.len() {
                    return line.start + char;
                }
                char -= line.len();
            }
            self.lines.last().map_or(0, |line| line.end)
        };
        at(chars.start)..at(chars.end.saturating_sub(1)) + 1
    }
}

fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'\\')
}

/// Whether the code of a line goes on in the next one. Rulers are made of characters of the alphabet as well.
fn goes_on(text: &[u8], line: &Range<usize>) -> bool {
    LENGTH.contains(&line.len())
        && line.len().is_multiple_of(4)
        && text[line.clone()].iter().take(4).any(u8::is_ascii_alphanumeric)
}

/// One line ends there, and no second one.
fn is_break(between: &[u8]) -> bool {
    between.len() <= MOST_BETWEEN && between.iter().filter(|byte| **byte == b'\n').count() == 1
}

/// The line behind one that goes on.
fn next(text: &[u8], line: &Range<usize>) -> Option<Range<usize>> {
    if !goes_on(text, line) {
        return None;
    }
    let rest = text.get(line.end..)?;
    let between = rest.iter().take(MOST_BETWEEN + 1).take_while(|byte| is_between(**byte)).count();
    let start = line.end + between;
    let length = text.get(start..)?.iter().take(LENGTH.end() + 1).take_while(|byte| base64::holds(**byte)).count();
    (is_break(&rest[..between]) && (1..=*LENGTH.end()).contains(&length)).then_some(start..start + length)
}

/// The line that goes on before one.
fn previous(text: &[u8], line: &Range<usize>) -> Option<Range<usize>> {
    before(text, line.start).filter(|_| (1..=*LENGTH.end()).contains(&line.len()))
}

/// The line that goes on before a place where another one begins.
fn before(text: &[u8], start: usize) -> Option<Range<usize>> {
    let before = text.get(..start)?;
    let between = before.iter().rev().take(MOST_BETWEEN + 1).take_while(|byte| is_between(**byte)).count();
    let end = start - between;
    if between == 0 || !is_break(&before[end..]) {
        return None;
    }
    let length = before[..end].iter().rev().take(LENGTH.end() + 1).take_while(|byte| base64::holds(**byte)).count();
    Some(end - length..end).filter(|line| goes_on(text, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_whichever_is_first() {
        let (one, two) = ("a".repeat(64), "b".repeat(64));
        for between in ["\n", "\r\n", "\n    ", "\"\n  \"", " \\\n"] {
            let text = format!("x: {one}{between}{two}{between}cc=\n");
            let first = 3..67;
            let second = 67 + between.len()..67 + between.len() + 64;
            let third = second.end + between.len()..second.end + between.len() + 2;
            let lines = vec![first, second, third];
            for line in &lines {
                let (block, end) = block(text.as_bytes(), line);
                let block = block.unwrap();
                assert_eq!((&block.lines, end), (&lines, lines[2].end), "{between:?}");
                assert_eq!(block.code(text.as_bytes()), format!("{one}{two}cc").as_bytes());
                assert_eq!(block.place(&(60..66)), 63..lines[1].start + 2);
            }
        }
    }

    #[test]
    fn what_is_no_line_of_a_block() {
        let one = "a".repeat(64);
        for text in [format!("{one}a\n{one}"), format!("{one}\n\n{one}"), format!("{one} {one}"), one.repeat(3)] {
            assert!(block(text.as_bytes(), &(0..64)).0.is_none() || text.len() == 192, "{text}");
        }
        let long = format!("{one}\n").repeat(LONGEST / 64 + 1);
        assert_eq!(block(long.as_bytes(), &(0..64)), (None, long.len() - 1));
    }
}
