//! Defines [`Excerpt`]: the offending lines, redacted by construction.

use std::ops::Range;

use crate::text;

/// At most so many code points of a line are shown.
const WIDTH: usize = 160;
/// What stands in the place of a secret.
const MASK: &str = "[redacted]";

/// One line of text around a finding, safe to print: secrets are masked, control characters are escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    /// Takes the line in which `shown` begins and masks every range of `secrets` that reaches into it.
    pub fn redacting(text: &[u8], shown: &Range<usize>, secrets: &[Range<usize>]) -> Self {
        let at = shown.start.min(text.len());
        let start = text::line_start(&text[..at]);
        let end = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |n| at + n);
        let mut masked: Vec<&Range<usize>> = secrets.iter().filter(|s| s.start < end && s.end > start).collect();
        masked.sort_by_key(|s| (s.start, s.end));

        let mut line = String::new();
        let mut from = start;
        for secret in masked {
            if secret.start >= from {
                line.push_str(&String::from_utf8_lossy(&text[from..secret.start]));
                line.push_str(MASK);
            }
            from = from.max(secret.end.min(end));
        }
        line.push_str(&String::from_utf8_lossy(&text[from..end]));
        Self(clip(&line))
    }

    /// A line that another tool gave and that holds no secret.
    pub fn plain(line: &str) -> Self {
        Self(clip(line.lines().next().unwrap_or_default()))
    }

    /// One that a report shows, which is cut already.
    pub fn told(text: &str) -> Self {
        Self(crate::text::printable(text).chars().take(WIDTH + 2).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Trims the line, escapes what could move a terminal's cursor, and keeps the mask in view when cutting.
fn clip(line: &str) -> String {
    let line = crate::text::printable(line.trim());
    let count = line.chars().count();
    if count <= WIDTH {
        return line;
    }
    let mask_at = line.find(MASK).map_or(0, |byte| line[..byte].chars().count());
    let skip = (mask_at + MASK.len()).saturating_sub(WIDTH).min(count - WIDTH);
    let skip = if skip > 0 { mask_at.saturating_sub(WIDTH / 2) } else { 0 };
    let body: String = line.chars().skip(skip).take(WIDTH).collect();
    let (head, tail) = (if skip > 0 { "…" } else { "" }, if skip + WIDTH < count { "…" } else { "" });
    format!("{head}{body}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_every_secret_of_the_line() {
        let text = b"first\nuser=abc password=hunter2 token=xyz\nlast";
        let find = |word: &[u8]| {
            let at = text.windows(word.len()).position(|w| w == word).unwrap();
            at..at + word.len()
        };
        let (one, two) = (find(b"hunter2"), find(b"xyz"));
        let excerpt = Excerpt::redacting(text, &one, &[one.clone(), two]);
        assert_eq!(excerpt.as_str(), "user=abc password=[redacted] token=[redacted]");
    }

    #[test]
    fn a_secret_over_several_lines_shows_none_of_them() {
        let text = b"key = BEGIN\nbody\nEND";
        let all = 6..text.len();
        assert_eq!(Excerpt::redacting(text, &all, std::slice::from_ref(&all)).as_str(), "key = [redacted]");
    }

    #[test]
    fn long_lines_keep_the_mask_in_view() {
        let text = format!("{}SECRET{}", "a".repeat(5000), "b".repeat(5000));
        let range = 5000..5006;
        let excerpt = Excerpt::redacting(text.as_bytes(), &range, std::slice::from_ref(&range));
        assert!(excerpt.as_str().contains(MASK) && excerpt.as_str().chars().count() <= WIDTH + 2);
    }
}
