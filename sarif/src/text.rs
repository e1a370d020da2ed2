//! Defines the repairs that texts go through before they are shown on GitHub.

/// Makes a text harmless to print: line ends become `\n`, control characters and those that reorder text on the
/// screen become U+FFFD. Tabs stay.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        cleaned.push(match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                '\n'
            }
            '\n' | '\t' => character,
            // A message quotes what it found, so bidirectional controls could make it read as something else.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        });
    }
    cleaned
}

/// Makes a text a sentence: clean, without blanks around it, with a full stop unless it ends like a sentence
/// already. An empty text stays empty.
pub(crate) fn sentence(text: &str) -> String {
    let mut sentence = clean(text.trim());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// Cuts a clean text to at most `max` characters, between words where there is a blank, and marks the cut with an
/// ellipsis.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    let text = clean(text.trim());
    if text.chars().count() <= max {
        return text;
    }
    // One character is for the ellipsis; the cut is clean when a blank follows it.
    let end = text.char_indices().nth(max.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let (kept, rest) = text.split_at(end);
    let word_end = if rest.starts_with(char::is_whitespace) { None } else { kept.rfind(char::is_whitespace) };
    let kept = word_end.map_or(kept, |at| &kept[..at]);
    format!("{}…", kept.trim_end_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(clean("a\0b\u{1b}[31m\r\nc\rd\te\u{202e}\u{85}"), "a\u{fffd}b\u{fffd}[31m\nc\nd\te\u{fffd}\u{fffd}");
    }

    #[test]
    fn sentences_end_with_a_full_stop() {
        for (given, expected) in [("", ""), (" \n", ""), ("a", "a."), ("a. ", "a."), ("a\n", "a."), ("a?", "a?")] {
            assert_eq!(sentence(given), expected);
        }
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(shorten("one two three", 13), "one two three");
        assert_eq!(shorten("one two three", 12), "one two…");
        assert_eq!(shorten("one two three", 8), "one two…");
        assert_eq!(shorten("one, two three", 7), "one…");
        assert_eq!(shorten("äöüäöü", 4), "äöü…");
        assert_eq!(shorten("word", 0), "…");
        for max in 1..30 {
            assert!(shorten("a bb ccc dddd, eeeee ffffff ggggggg", max).chars().count() <= max);
        }
    }
}
