//! Takes the markers of a merge conflict out of a text, so that both sides can be read.

/// What git begins the lines with that it puts into a file with a conflict
/// (<https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>).
const MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The line of the first conflict, counted from 1, and the text with blanks for every marker, so that all lines and
/// offsets stay as they are; `None` without a conflict.
pub(super) fn both_sides(text: &str) -> Option<(u32, String)> {
    if !text.starts_with("<<<<<<< ") && memchr::memmem::find(text.as_bytes(), b"\n<<<<<<< ").is_none() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut first = None;
    for (number, line) in (1u32..).zip(text.split_inclusive('\n')) {
        let bare = line.trim_end_matches(['\r', '\n']);
        let is_marker = MARKERS.iter().any(|marker| bare.strip_prefix(marker).is_some_and(is_end));
        if is_marker {
            first.get_or_insert(number);
            out.extend(std::iter::repeat_n(' ', bare.len()));
            out.push_str(&line[bare.len()..]);
        } else {
            out.push_str(line);
        }
    }
    Some((first?, out))
}

/// Whether a marker ends here.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_blanks() {
        let text = "a\r\n<<<<<<< HEAD\r\nb\n=======\nc\n>>>>>>> other\nd =======\n";
        let (line, both) = both_sides(text).unwrap();
        assert_eq!((line, both.len()), (2, text.len()));
        assert_eq!(both.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "======="]);
        assert_eq!(both_sides("a\n=======\n"), None);
    }
}
