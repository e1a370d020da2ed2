//! Adds a `scanall:ignore` comment to a line of a file, in the language of the file.

use crate::finding::{Mark, Marker};

/// How a language writes a comment behind what stands on a line, and the endings of its files. Languages in which `#`
/// is a comment only at the beginning of a line (`.ini`, `.env`, Dockerfiles) are left out: it would be part of a value.
const LANGUAGES: [(&str, &str, &[&str]); 7] = [
    (
        "//",
        "",
        &[
            "c", "cc", "cjs", "cpp", "cs", "cts", "cxx", "dart", "go", "gradle", "groovy", "h", "hh", "hpp", "java",
            "js", "json5", "jsonc", "jsx", "kt", "kts", "less", "m", "mjs", "mts", "php", "proto", "rs", "scala",
            "scss", "sol", "swift", "ts", "tsx", "zig",
        ],
    ),
    (
        "#",
        "",
        &[
            "bash", "coffee", "cr", "ex", "exs", "fish", "hcl", "jl", "nix", "pl", "pm", "ps1", "py", "pyi", "r", "rb",
            "sh", "star", "tf", "tfvars", "toml", "yaml", "yml", "zsh",
        ],
    ),
    ("--", "", &["adb", "ads", "elm", "hs", "lua", "sql", "vhdl"]),
    ("<!--", "-->", &["htm", "html", "md", "svg", "vue", "xhtml", "xml"]),
    ("/*", "*/", &["css"]),
    (";", "", &["clj", "cljs", "el", "lisp", "scm"]),
    ("%", "", &["erl", "tex"]),
];

/// A comment that accepts the findings of a rule on its line, for a file of that name.
///
/// # Errors
/// The language has no such comments, or the rule or the reason cannot stand in one; in words.
pub fn of(path: &str, rule: &str, reason: &str) -> Result<String, String> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let (open, close, _) = LANGUAGES
        .iter()
        .find(|(_, _, endings)| endings.contains(&ending.as_str()))
        .ok_or_else(|| format!("`{file}` is in no language that is known to take a comment behind a line"))?;
    let comment = match close.is_empty() {
        true => format!("{open} {}[{rule}] {reason}", Marker::WORD),
        false => format!("{open} {}[{rule}] {reason} {close}", Marker::WORD),
    };
    let same = |mark: Mark| mark.rules == [rule] && mark.reason == reason;
    // A line break would end the comment, and what nobody sees has no place in one.
    let plain = crate::text::printable(&comment) == comment;
    match plain && Mark::own(&comment).is_some_and(same) && (close.is_empty() || comment.matches(close).count() == 1) {
        true => Ok(comment),
        false => Err("the reason cannot stand in a comment: give a short one without marks at its ends".to_owned()),
    }
}

/// The bytes of a file with a comment behind a line, counted from 1; `None` when the line is not there, or goes on
/// behind a backslash.
pub fn behind(bytes: &[u8], line: u32, comment: &str) -> Option<Vec<u8>> {
    let mut start = 0;
    for _ in 1..line {
        start += memchr::memchr(b'\n', &bytes[start..])? + 1;
    }
    let mut end = start + memchr::memchr(b'\n', &bytes[start..]).unwrap_or(bytes.len() - start);
    if end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    let text = bytes[start..end].trim_ascii_end();
    if text.is_empty() || text.ends_with(b"\\") {
        return None;
    }
    // Python's style guide wants two spaces, and other languages of `#` do not mind.
    let space = if comment.starts_with('#') { "  " } else { " " };
    Some([&bytes[..end], space.as_bytes(), comment.as_bytes(), &bytes[end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_comment() {
        for (path, comment) in [
            ("a/b.py", "# scanall:ignore[secret/x] a sample"),
            ("B.RS", "// scanall:ignore[secret/x] a sample"),
            ("x.html", "<!-- scanall:ignore[secret/x] a sample -->"),
        ] {
            assert_eq!(of(path, "secret/x", "a sample").unwrap(), comment);
        }
        for (path, rule, reason) in [
            ("a.json", "secret/x", "r"),
            (".env", "secret/x", "r"),
            ("Dockerfile", "secret/x", "r"),
            ("py", "secret/x", "r"),
            ("a.html", "secret/x", "r --> <script>"),
            ("a.py", "a]b", "r"),
            ("a.py", "a,b", "r"),
            ("a.py", "a\nimport os", "r"),
            ("a.py", "a", "r\u{202e}"),
            ("a.py", "a", "r\nx"),
        ] {
            assert!(of(path, rule, reason).is_err(), "{path} {rule} {reason}");
        }
        let mut endings: Vec<&str> = LANGUAGES.iter().flat_map(|(_, _, endings)| *endings).copied().collect();
        let count = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), count, "an ending stands in one list");
    }

    #[test]
    fn the_line_gets_it_and_no_other_byte_changes() {
        for (before, line, after) in [
            ("a\nb\nc\n", 2, Some("a\nb  # c\nc\n")),
            ("a\r\nb\r\n", 1, Some("a  # c\r\nb\r\n")),
            ("a", 1, Some("a  # c")),
            ("a\n", 2, None),
            ("a\n", 3, None),
            ("a \\\nb\n", 1, None),
            ("", 1, None),
        ] {
            let changed = behind(before.as_bytes(), line, "# c").map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(changed.as_deref(), after, "{before:?}:{line}");
        }
    }
}
