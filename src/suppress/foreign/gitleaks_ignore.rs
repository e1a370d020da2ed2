//! `.gitleaksignore`: a fingerprint a line, `[commit:]file:rule:line`, and comments.
//!
//! <https://github.com/gitleaks/gitleaks#gitleaksignore>; `.betterleaksignore` is the same. Commits are whole ids, or the
//! first seven digits from version 8.26 on. The rule is not compared: the tools name and divide them differently, and
//! path and line say which secret is meant. A comment above an entry is its reason.

use super::Format;
use super::entry::{Spot, Value};
use super::list::List;
use crate::finding::CommitRef;

/// `.gitleaksignore`.
pub(super) const FORMAT: Format =
    Format { name: "an ignore list of gitleaks", files: &[".gitleaksignore", ".betterleaksignore"], knows, read };

fn knows(source: &str) -> bool {
    let mut lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    lines.peek().is_some() && lines.all(|line| spot(line).is_some())
}

fn read(source: &str, list: &mut List) -> Result<(), String> {
    let mut reason = String::new();
    for (line, text) in (1..).zip(source.trim_start_matches('\u{feff}').lines()) {
        let text = text.trim();
        if let Some(comment) = text.strip_prefix('#') {
            comment.trim_matches(|c: char| c == '#' || c.is_whitespace()).clone_into(&mut reason);
        } else if text.is_empty() {
            reason.clear();
        } else if let Some((spot, rule)) = spot(text) {
            let told = if reason.is_empty() { format!("accepted as {rule}") } else { reason.clone() };
            list.add(line, Some(spot), Value::Unknown, &told);
        } else {
            list.refuse(line, "it is no fingerprint `file:rule:line` or `commit:file:rule:line`");
        }
    }
    Ok(())
}

/// The place and the rule of a fingerprint; `None` for any other text.
fn spot(text: &str) -> Option<(Spot, &str)> {
    // What stands behind a space is a comment; paths with spaces have the rest of the fingerprint behind them.
    let text = text.split_once(" #").map_or(text, |(text, _)| text.trim_end());
    let (rest, line) = text.rsplit_once(':')?;
    let (rest, rule) = rest.rsplit_once(':')?;
    let line = line.parse().ok().filter(|line| *line > 0)?;
    let (commit, path) = match rest.split_once(':') {
        Some((commit, path)) if CommitRef::is_id(commit) => (Some(commit), path),
        _ => (None, rest),
    };
    (!path.is_empty() && !rule.is_empty()).then(|| (Spot::new(path, line, commit), rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_all(source: &str) -> List {
        let mut list = List::new(".gitleaksignore");
        read(source, &mut list).unwrap();
        list
    }

    #[test]
    fn fingerprints_with_and_without_a_commit() {
        let list = read_all(
            "# a sample\na/b.env:github-pat:3\n\nA1B2C3D:c:d.py:generic-api-key:12\r\ndir\\x.txt:r:1 # why\n\nnothing\na:b:0\n:r:1\n",
        );
        let told: Vec<_> = list
            .entries
            .iter()
            .map(|entry| {
                let spot = entry.place.as_ref().unwrap();
                (entry.line, spot.path.as_str(), spot.line, spot.commit.as_deref(), entry.reason.as_str())
            })
            .collect();
        assert_eq!(
            told,
            [
                (2, "a/b.env", 3, None, "a sample"),
                (4, "c:d.py", 12, Some("a1b2c3d"), "accepted as generic-api-key"),
                (5, "dir/x.txt", 1, None, "accepted as r"),
            ]
        );
        assert!(list.notes(false)[0].contains("lines 7, 8, 9"), "{:?}", list.notes(false));
    }

    #[test]
    fn a_text_is_known_by_its_lines() {
        assert!(knows("# x\na:b:1\n") && !knows("# x\n") && !knows("a:b:1\nnot this\n") && !knows("[]") && !knows(""));
    }

    proptest! {
        #[test]
        fn every_line_is_taken_or_told(lines in prop::collection::vec("[^\\r\\n\u{feff}]{0,30}", 0..20)) {
            let list = read_all(&lines.join("\n"));
            let empty = |line: &&String| line.trim().is_empty() || line.trim().starts_with('#');
            let content = lines.iter().filter(|line| !empty(line)).count();
            prop_assert!(list.len() <= content);
            prop_assert_eq!(list.len() < content, !list.notes(false).is_empty());
        }
    }
}
