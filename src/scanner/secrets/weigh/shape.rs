//! Tells by the form of a value that it is something else than a credential: a number, a time, a path, an expression, an
//! address, the name of something.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::name::says_secret;
use super::value::Value;
use super::words::WORDS;
use crate::text::tokens;

/// Whether a value, and in lower case, has the form of something that is no credential.
pub(super) fn is_other(text: &str, lower: &str) -> bool {
    has_row(lower)
        || is_number(lower)
        || is_duration(lower)
        || is_quotient(lower)
        || has_verb(text.as_bytes())
        || encodes_none(text)
        || is_key_of_words(text)
        || is_attribute(text)
        || is_reference(text)
        || is_path(text)
        || is_call(text)
        || is_address(text)
}

/// Whether a row that is typed makes up a good part of it: of the alphabet, of numbers, of a keyboard.
fn has_row(lower: &str) -> bool {
    let (mut up, mut down, mut longest) = (1, 1, 1);
    for pair in lower.as_bytes().windows(2) {
        let is_row = pair.iter().all(u8::is_ascii_alphanumeric);
        up = if is_row && pair[1] == pair[0] + 1 { up + 1 } else { 1 };
        down = if is_row && pair[1] + 1 == pair[0] { down + 1 } else { 1 };
        longest = longest.max(up).max(down);
    }
    let keys = if WORDS.value.rows.iter().any(|row| lower.contains(row)) { 6 } else { 0 };
    let longest = longest.max(keys);
    longest >= 8 || longest >= 6 && longest * 2 >= lower.len()
}

/// Whether it is a number of a program, or the address of an account on a chain of blocks (20 bytes).
fn is_number(lower: &str) -> bool {
    let digits = lower.strip_prefix("0x").unwrap_or_default();
    matches!(digits.len(), 1..=16 | 40) && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether it is a time as Ruby writes it: `6.hours`.
fn is_duration(lower: &str) -> bool {
    lower.split_once('.').is_some_and(|(count, unit)| {
        !count.is_empty()
            && count.bytes().all(|b| b.is_ascii_digit())
            && unit.len() > 2
            && unit.bytes().all(|b| b.is_ascii_lowercase())
    })
}

/// Whether it is a number that goes on as a calculation: `100000.0/first_id`.
fn is_quotient(lower: &str) -> bool {
    let rest = lower.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    rest.len() < lower.len()
        && rest.strip_prefix(['/', '*']).is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && tokens::chars_per_token(name.as_bytes()) > 2.0
        })
}

/// Whether it has the place of a value as `printf` writes it, `%s`; in `Cottage%Summer9` a word goes on.
fn has_verb(text: &[u8]) -> bool {
    text.iter().enumerate().any(|(at, byte)| {
        *byte == b'%'
            && matches!(text.get(at + 1), Some(b's' | b'd' | b'v'))
            && !text.get(at + 2).is_some_and(u8::is_ascii_lowercase)
    })
}

/// Whether it is the base64 of a text that is no credential, as manifests have it.
fn encodes_none(text: &str) -> bool {
    let decoded = STANDARD.decode(text).ok().filter(|_| text.len() >= 8);
    decoded.is_some_and(|text| text.iter().all(|byte| matches!(byte, b' '..=b'~')) && !Value::of(&text).is_plausible())
}

/// Whether it is words apart as people name what they keep in a store: `acme:auth:token:v2`.
fn is_key_of_words(text: &str) -> bool {
    let is_word = |part: &str| {
        part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && (part.len() <= 4 || tokens::chars_per_token(part.as_bytes()) >= 2.0)
    };
    text.split(':').count() > 2 && text.split([':', '-', '_']).all(is_word)
}

/// Whether it is what an element of a page has next: `value=`.
fn is_attribute(text: &str) -> bool {
    text.strip_suffix('=').is_some_and(|name| {
        name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && tokens::chars_per_token(name.as_bytes()) > 2.3
    })
}

/// Whether it is what something is called, in code or in a file: a name of words one of which says secret, or one behind
/// the mark of a symbol, a pointer or a tag (`:encrypted_password`, `*passwordFlag`, `!vault`).
fn is_reference(text: &str) -> bool {
    let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphabetic() || b"_-.".contains(&b));
    if let Some(name) = text.strip_prefix([':', '*', '&', '@', '!', '~']) {
        return is_name(name) && tokens::chars_per_token(name.as_bytes()) > 2.0;
    }
    let words = tokens::words(text.as_bytes());
    is_name(text) && words.len() > 1 && words.iter().any(|word| says_secret(word))
}

/// Whether it is a path: it begins like one, or has folders whose names are words.
fn is_path(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '\\']).collect();
    let is_word = |part: &&str| {
        let least = if part.bytes().all(|b| b.is_ascii_lowercase() || b"_-.".contains(&b)) { 2.0 } else { 2.3 };
        part.len() < 2 || part.len() < 24 && tokens::chars_per_token(part.as_bytes()) >= least
    };
    ["./", "../", "~/", "/etc", "/var", "/usr", "/home", "/run", "c:\\", "C:\\"]
        .iter()
        .any(|start| text.starts_with(start))
        || parts.len() > 1 && parts.iter().all(is_word)
}

/// Whether it is an expression of a language: a call, an index, a chain of names.
fn is_call(text: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !part.starts_with(|c: char| c.is_ascii_digit())
            && (part.len() < 3 || tokens::chars_per_token(part.as_bytes()) > 2.0)
    };
    let before = |mark: char| text.split_once(mark).is_some_and(|(name, _)| name.split(['.', ':']).all(is_name));
    // Words with a number behind them are rarely names, and often passwords: `salvia.Limone21`.
    let chain = text.split(['.', ':']).count() > 1
        && text.split(['.', ':']).all(is_name)
        && !(text.ends_with(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_ascii_uppercase()));
    let opens = text.strip_suffix('(').is_some_and(|name| {
        name.contains(['.', '_', ':'])
            && name.trim_end_matches('!').split(['.', ':']).all(|part| part.is_empty() || is_name(part))
    });
    chain || opens || text.ends_with(')') && before('(') || text.ends_with(']') && before('[') || text.contains("->")
}

/// Whether it is the address of a person, of a machine or of a place that holds the real one, or a color.
fn is_address(text: &str) -> bool {
    let is_color = text
        .strip_prefix('#')
        .is_some_and(|digits| matches!(digits.len(), 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let is_place = text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_lowercase() || b == b'+') && !rest.contains('@')
    });
    let email = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && (host.contains('.') || host == "localhost")
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
            && host.rsplit('.').next().is_some_and(|top| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()))
    });
    let numbers = text.bytes().all(|b| b.is_ascii_digit() || b".:-+/,TZ".contains(&b));
    // `@cluster0.acme.net/test`, what is left of a URL whose user and password are a template.
    let host = text.starts_with('@')
        && text.contains('.')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"@.-/:".contains(&b));
    // Fingerprints and the addresses of network cards: pairs of digits apart.
    let pairs = text.len() > 8
        && text.split([':', '-']).all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    // Names of the languages of C, with their modules.
    is_color || is_place || email || host || numbers || pairs || text.contains("::")
}
