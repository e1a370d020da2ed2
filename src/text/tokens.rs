//! Tells words from random characters by how few pieces of a vocabulary they are made of.
//!
//! Byte-pair encoders know frequent words as one token and need many for random characters, which tells the two apart
//! better than entropy does ("Rare not random", betterleaks, 2025). Our vocabulary, `rules/vocabulary.txt`, holds the
//! merges of such an encoder over words of documentation and source code.

use std::sync::LazyLock;

/// The pieces in order, lower case, two characters or more.
static PIECES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("../../rules/vocabulary.txt").lines().collect());

/// Letters of the alphabet.
const LETTERS: usize = 26;

/// Where the pieces begin that have two letters in front, and where the last ones end.
static BEGINS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let pair = |piece: &str| {
        let letter = |at: usize| piece.as_bytes().get(at).map_or(0, |byte| usize::from(byte.saturating_sub(b'a')));
        letter(0) * LETTERS + letter(1)
    };
    let begin = |number: usize| PIECES.partition_point(|piece| pair(piece) < number);
    (0..=LETTERS * LETTERS).map(|number| u16::try_from(begin(number)).unwrap_or(u16::MAX)).collect()
});

/// How many bytes a token of the vocabulary stands for on average, taking the longest one at each place; 0 for no text.
///
/// ```
/// use scanall::text::tokens::chars_per_token;
/// assert!(chars_per_token(b"authentication_password") > 3.0);
/// assert!(chars_per_token(b"q7Xv0RzK2mWt9LbYpE4s") < 1.5);
/// ```
pub fn chars_per_token(text: &[u8]) -> f32 {
    let (mut rest, mut tokens) = (text, 0u32);
    while !rest.is_empty() {
        let run = run(rest);
        tokens += match rest[0].is_ascii_alphabetic() {
            true => pieces(&rest[..run].to_ascii_lowercase()),
            // Encoders know numbers of up to three digits.
            false if rest[0].is_ascii_digit() => run.div_ceil(3) as u32,
            false => 1,
        };
        rest = &rest[run..];
    }
    if tokens == 0 { 0.0 } else { text.len() as f32 / tokens as f32 }
}

/// The words of a text: its letters, apart where the case says so, in lower case.
pub fn words(text: &[u8]) -> Vec<String> {
    let (mut rest, mut words) = (text, Vec::new());
    while !rest.is_empty() {
        let run = run(rest);
        if rest[0].is_ascii_alphabetic() {
            words.push(String::from_utf8_lossy(&rest[..run]).to_ascii_lowercase());
        }
        rest = &rest[run..];
    }
    words
}

/// The length of what belongs together at the start: a word (`word`, `Word` or `WORD`), a number, or one other character
/// as often as it is repeated.
fn run(text: &[u8]) -> usize {
    let while_true = |class: fn(&u8) -> bool| text.iter().take_while(|byte| class(byte)).count();
    match text.first() {
        None => 0,
        Some(byte) if byte.is_ascii_lowercase() => while_true(u8::is_ascii_lowercase),
        Some(byte) if byte.is_ascii_digit() => while_true(u8::is_ascii_digit),
        Some(byte) if byte.is_ascii_uppercase() => match while_true(u8::is_ascii_uppercase) {
            1 => 1 + text[1..].iter().take_while(|byte| byte.is_ascii_lowercase()).count(),
            // The last capital begins the next word: `HTTPServer`.
            upper if text.get(upper).is_some_and(u8::is_ascii_lowercase) => upper - 1,
            upper => upper,
        },
        Some(first) => text.iter().take_while(|byte| *byte == first).count(),
    }
}

/// How many pieces make a word of lower-case letters.
fn pieces(word: &[u8]) -> u32 {
    let (mut rest, mut count) = (word, 0);
    while !rest.is_empty() {
        rest = &rest[longest(rest)..];
        count += 1;
    }
    count
}

/// The length of the longest piece at the start, 1 where there is none.
fn longest(text: &[u8]) -> usize {
    let letter = |at: usize| text.get(at).map(|byte| usize::from(byte.wrapping_sub(b'a'))).filter(|at| *at < LETTERS);
    let Some((first, second)) = letter(0).zip(letter(1)) else { return 1 };
    let begin = |pair: usize| usize::from(BEGINS[pair]);
    let pair = first * LETTERS + second;
    let here = &PIECES[begin(pair)..begin(pair + 1)];
    here.iter()
        .map(|piece| piece.as_bytes())
        .filter(|piece| text.starts_with(piece))
        .map(<[u8]>::len)
        .max()
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_in_order() {
        let is_piece = |piece: &str| piece.len() > 1 && piece.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(PIECES.is_sorted() && PIECES.iter().all(|piece| is_piece(piece)) && PIECES.len() < 65_000);
        assert!(PIECES.iter().all(|piece| longest(piece.as_bytes()) == piece.len()));
    }

    #[test]
    fn words_are_few_tokens_and_random_characters_are_many() {
        let words = ["getAccessToken", "content-security-policy", "HTTP_PROXY_PASSWORD", "application/json"];
        let random = ["q7Xv0RzK2mWt9LbYpE4s", "9f86d081884c7d659a2feaa0c55ad015", "zqkxvjwpgh"];
        for word in words {
            assert!(chars_per_token(word.as_bytes()) > 2.6, "{word}: {}", chars_per_token(word.as_bytes()));
        }
        for text in random {
            assert!(chars_per_token(text.as_bytes()) < 2.2, "{text}: {}", chars_per_token(text.as_bytes()));
        }
        assert_eq!(chars_per_token(b""), 0.0);
    }

    #[test]
    fn words_end_where_the_case_changes() {
        assert_eq!(words(b"getHTTPServer_name2x"), ["get", "http", "server", "name", "x"].map(|w| w.to_owned()));
    }
}
