//! Splits an expression into tokens.

use super::Fault;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or a word such as `contains`.
    Word(String),
    Text(String),
    Int(i64),
    Float(f64),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// The longer before those that they begin with.
const SIGNS: [&str; 35] = [
    "?.[", "[?", "**", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", ".?", "..", "(", ")", "[", "]", "{", "}", ",",
    ".", ":", ";", "?", "!", "+", "-", "*", "/", "%", "^", "<", ">", "=", "|",
];

/// The tokens with the bytes at which they begin; the last is [`Token::End`].
pub(super) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map(|end| end + 2).ok_or_else(|| fault(at, "a comment without an end"))?;
        } else {
            let (token, length) = token(rest, at)?;
            found.push((at, token));
            at += length;
        }
    }
    found.push((source.len(), Token::End));
    Ok(found)
}

fn fault(at: usize, what: impl Into<String>) -> Fault {
    Fault { at, what: what.into() }
}

fn token(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let raw = [("r\"\"\"", "\"\"\""), ("r'''", "'''"), ("`", "`")];
    for (open, close) in raw {
        if let Some(text) = rest.strip_prefix(open) {
            let end = text.find(close).ok_or_else(|| fault(at, "a text without an end"))?;
            return Ok((Token::Text(text[..end].to_owned()), open.len() + end + close.len()));
        }
    }
    let first = rest.chars().next().unwrap_or_default();
    if first == '"' || first == '\'' {
        return quoted(rest, first).ok_or_else(|| fault(at, "a text without an end or with an unknown escape"));
    }
    if first.is_ascii_digit() {
        return number(rest).ok_or_else(|| fault(at, "a number that is too large or not one"));
    }
    if first.is_alphabetic() || first == '_' || first == '$' {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()).max(first.len_utf8());
        return Ok((Token::Word(rest[..end].to_owned()), end));
    }
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    // `a ?.5 : 1` is a question; nobody writes it in a filter.
    sign.map(|sign| (Token::Sign(sign), sign.len())).ok_or_else(|| fault(at, format!("`{first}` is not known here")))
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let mut end = digits(rest);
    let fraction = rest[end..].strip_prefix('.').map(digits).filter(|length| *length > 0);
    end += fraction.map_or(0, |length| length + 1);
    let exponent = rest[end..].strip_prefix(['e', 'E']).and_then(|more| {
        let sign = usize::from(more.starts_with(['+', '-']));
        Some(digits(&more[sign..])).filter(|length| *length > 0).map(|length| 1 + sign + length)
    });
    end += exponent.unwrap_or(0);
    let plain = rest[..end].replace('_', "");
    let token = match fraction.or(exponent) {
        None => Token::Int(plain.parse().ok()?),
        Some(_) => Token::Float(plain.parse().ok()?),
    };
    Some((token, end))
}

/// A text with the escapes of Go.
fn quoted(rest: &str, quote: char) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut at = quote.len_utf8();
    loop {
        let c = rest.get(at..)?.chars().next()?;
        at += c.len_utf8();
        if c == quote {
            return Some((Token::Text(text), at));
        }
        if c != '\\' {
            text.push(c);
            continue;
        }
        let escape = rest.get(at..)?.chars().next()?;
        at += escape.len_utf8();
        let mut code = |length: usize| {
            let digits = rest.get(at..at + length)?;
            at += length;
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)
        };
        text.push(match escape {
            'x' => code(2)?,
            'u' => code(4)?,
            'U' => code(8)?,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'v' => '\x0b',
            '\\' | '"' | '\'' | '`' => escape,
            _ => return None,
        });
    }
}
