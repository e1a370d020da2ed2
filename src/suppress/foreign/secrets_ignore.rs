//! `.secretsignore` of ripsecrets: patterns of paths as in a `.gitignore`, then, behind a line `[secrets]`, a secret a
//! line.
//!
//! <https://github.com/sirwart/ripsecrets#ignoring-secrets>. A secret is the whole of what is found, and accepted
//! wherever it is.

use ignore::gitignore::GitignoreBuilder;

use super::Format;
use super::entry::Value;
use super::list::{List, Paths};
use crate::finding::Secret;

/// The line in front of the secrets.
const SECTION: &str = "[secrets]";

/// `.secretsignore`.
pub(super) const FORMAT: Format =
    Format { name: "an ignore list of ripsecrets", files: &[".secretsignore"], knows, read };

fn knows(source: &str) -> bool {
    source.lines().any(|line| line.trim() == SECTION)
}

fn read(source: &str, list: &mut List) -> Result<(), String> {
    let mut lines = (1..).zip(source.trim_start_matches('\u{feff}').lines());
    let mut builder = GitignoreBuilder::new("");
    let mut entries = Vec::new();
    for (line, text) in lines.by_ref().take_while(|(_, text)| text.trim() != SECTION) {
        let pattern = if text.ends_with("\\ ") { text } else { text.trim_end() };
        if pattern.is_empty() || pattern.starts_with('#') {
            continue;
        }
        if builder.add_line(None, pattern).is_err() {
            list.refuse(line, "it is no pattern of paths");
            continue;
        }
        // A pattern that takes back accepts nothing by itself.
        if !pattern.starts_with('!') {
            let entry = list.add(line, None, Value::Unknown, "its path is accepted");
            entries.extend(entry.map(|entry| (pattern.to_owned(), entry)));
        }
    }
    let matcher = builder.build().map_err(|e| e.to_string())?;
    list.paths = Some(Paths { matcher, entries });
    for (line, text) in lines {
        let text = text.trim();
        if !text.is_empty() && !text.starts_with("# ") {
            list.add(line, None, Value::Text(Secret::new(text.as_bytes())), "its value is accepted");
        }
    }
    Ok(())
}
