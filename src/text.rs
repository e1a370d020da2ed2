//! Small functions on text that scanned repositories and tools control.

pub mod tokens;

/// Where the last line of a text begins.
pub fn line_start(text: &[u8]) -> usize {
    memchr::memrchr(b'\n', text).map_or(0, |at| at + 1)
}

/// Escapes control, bidirectional and invisible characters, which could hide text or drive a terminal.
pub fn printable(text: &str) -> String {
    // Nearly all texts are plain, and a loop that does not look for the first that is not is a fast one.
    let is_plain = |chunk: &[u8]| chunk.iter().fold(true, |plain, b| plain & matches!(b, b' '..=b'~'));
    if text.as_bytes().chunks(64).all(is_plain) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if c.is_control() => out.extend(c.escape_default()),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

/// Bytes in hexadecimal, lower case.
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// A duration for people: `12 ms`, `1.4 s`, `2 min 5 s`.
pub fn seconds(time: std::time::Duration) -> String {
    match time.as_secs_f64() {
        s if s < 1.0 => format!("{} ms", time.as_millis()),
        s if s < 60.0 => format!("{s:.1} s"),
        _ => format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

/// No paragraph is longer, in bytes: GitHub shows 1,024 characters of a description.
const LONGEST_PARAGRAPH: usize = 2000;

/// The first paragraph of a text on one line, printable, cut where it is very long; `None` when there is none.
pub fn paragraph(text: &str) -> Option<String> {
    let mut rest = text.trim();
    let end = memchr::memmem::find(rest.as_bytes(), b"\n\n").unwrap_or(rest.len());
    rest = rest.get(..end)?.trim_end();
    if rest.is_empty() {
        return None;
    }
    let mut line = String::with_capacity(rest.len().min(LONGEST_PARAGRAPH));
    for word in rest.split_whitespace() {
        if line.len() > LONGEST_PARAGRAPH {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Some(printable(&line))
}

/// The text with its first character in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The text with its first character in lower case.
pub fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// [`printable`], but line breaks stay, for texts of several lines such as a parser's message.
pub fn printable_lines(text: &str) -> String {
    text.trim_end().lines().map(printable).collect::<Vec<_>>().join("\n  ")
}

/// `1 finding`, `2 findings`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        _ if number == 1 => noun.to_owned(),
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{} {plural}", grouped(number as u64))
}

/// A number with a comma every three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Shannon entropy in bits a byte; 0 for an empty text.
pub fn entropy(text: &[u8]) -> f32 {
    let mut counts = [0u32; 256];
    text.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let length = text.len() as f32;
    counts.iter().filter(|n| **n > 0).map(|n| *n as f32 / length).map(|p| -p * p.log2()).sum()
}

/// The candidate nearest to a misspelt word; `None` when none is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers() {
        assert_eq!(count(1, "dependency"), "1 dependency");
        assert_eq!(count(1234567, "dependency"), "1,234,567 dependencies");
        assert_eq!((count(0, "key"), count(9, "day")), ("0 keys".to_owned(), "9 days".to_owned()));
        assert_eq!(nearest("resaon", ["reason", "expires"]), Some("reason"));
        assert_eq!(nearest("zzz", ["reason", "expires"]), None);
    }

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c\td"), "a\\u{1b}[2Jb\\u{202e}c d");
    }
}
