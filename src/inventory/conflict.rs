//! Takes one side of the conflicts that a merge left in a file, so that the rest of the file can be read.
//!
//! What git writes: <https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>.

use std::borrow::Cow;

/// How many of its letter a marker has.
const MARKER: usize = 7;

/// A text with our side of every conflict alone, and the line of the first conflict; as it is and `None` when it has
/// none. What is left out is blank, so that every byte stays in its place.
pub(super) fn ours(text: &str) -> (Cow<'_, str>, Option<u32>) {
    if memchr::memmem::find(text.as_bytes(), b"<<<<<<< ").is_none() {
        return (Cow::Borrowed(text), None);
    }
    let mut first = None;
    let mut out = String::with_capacity(text.len());
    // Whether lines are left out, inside of a conflict.
    let mut inside: Option<bool> = None;
    for (number, line) in (1u32..).zip(text.split_inclusive('\n')) {
        let marker = marker_of(line);
        let (next, is_out) = match (marker, inside) {
            (Some('<'), _) => {
                first = first.or(Some(number));
                (Some(false), true)
            }
            (Some('|' | '='), Some(_)) => (Some(true), true),
            (Some('>'), Some(_)) => (None, true),
            (_, inside) => (inside, inside == Some(true)),
        };
        inside = next;
        match is_out {
            true => {
                out.extend(line.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }))
            }
            false => out.push_str(line),
        }
    }
    (Cow::Owned(out), first)
}

/// The letter of the marker that a line is.
fn marker_of(line: &str) -> Option<char> {
    let letter = line.chars().next().filter(|letter| matches!(letter, '<' | '|' | '=' | '>'))?;
    let rest = line.trim_start_matches(letter);
    let is_end =
        if letter == '=' { rest.trim().is_empty() } else { rest.starts_with([' ', '\n', '\r']) || rest.is_empty() };
    (line.len() - rest.len() == MARKER && is_end).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_side_stays_in_its_place() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nc\n=======\né\r\n>>>>>>> other\nd\n=======\n";
        let (ours, line) = ours(text);
        assert_eq!(line, Some(2));
        assert_eq!(ours.len(), text.len());
        assert_eq!(
            ours.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>(),
            ["a", "b", "d", "======="]
        );
        assert_eq!(super::ours("x <<<<<<< y").1, None);
    }
}
