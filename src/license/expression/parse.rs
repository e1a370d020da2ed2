//! Reads expressions, without a stack of calls.

use std::fmt;

use super::{Node, Term};

/// The most terms of one expression; nobody has written one of fifty.
pub const MAX_TERMS: usize = 500;

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The byte of the text where it is wrong.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.what, self.at + 1)
    }
}

impl std::error::Error for ParseError {}

#[derive(Clone, Copy, PartialEq)]
enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    With,
    Word(&'a str),
}

/// Reads an expression into postfix order.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, ParseError> {
    let error = |at: usize, what: &str| Err(ParseError { at, what: what.to_owned() });
    let (mut nodes, mut operators): (Vec<Node>, Vec<Token>) = (Vec::new(), Vec::new());
    let (mut terms, mut wanted, mut open) = (0, true, 0usize);
    let tokens = tokens(text)?;
    let mut tokens = tokens.into_iter().peekable();
    while let Some((at, token)) = tokens.next() {
        match token {
            Token::Open if wanted => {
                operators.push(token);
                open += 1;
            }
            Token::Word(word) if wanted => {
                let exception = match tokens.next_if(|(_, token)| *token == Token::With) {
                    None => None,
                    Some((with, _)) => match tokens.next() {
                        Some((_, Token::Word(exception))) => Some(exception),
                        _ => return error(with, "WITH without an exception"),
                    },
                };
                nodes.push(Node::Term(Term::new(word, exception)));
                wanted = false;
                terms += 1;
                if terms > MAX_TERMS {
                    return error(at, "more terms than a license has");
                }
            }
            Token::And | Token::Or if !wanted => {
                // AND binds closer, and both from the left.
                while let Some(top) =
                    operators.pop_if(|top| *top == Token::And || (*top == Token::Or && token == Token::Or))
                {
                    nodes.push(if top == Token::And { Node::And } else { Node::Or });
                }
                operators.push(token);
                wanted = true;
            }
            Token::Close if !wanted && open > 0 => {
                while let Some(top) = operators.pop().filter(|top| *top != Token::Open) {
                    nodes.push(if top == Token::And { Node::And } else { Node::Or });
                }
                open -= 1;
            }
            Token::Close => return error(at, "`)` where none is open"),
            Token::With => return error(at, "WITH without a license"),
            Token::And | Token::Or => return error(at, "an operator without a license before it"),
            Token::Open | Token::Word(_) => return error(at, "a license without an operator before it"),
        }
    }
    if wanted {
        return error(text.len(), "a license is missing");
    }
    if open > 0 {
        return error(text.len(), "`)` is missing");
    }
    while let Some(top) = operators.pop() {
        nodes.push(if top == Token::And { Node::And } else { Node::Or });
    }
    Ok(nodes)
}

fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, ParseError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let length = match first {
            '(' | ')' => 1,
            _ => rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-.+:_".contains(c))).unwrap_or(rest.len()),
        };
        let word = &rest[..length];
        let token = match word {
            "" => return Err(ParseError { at, what: format!("{first:?} is of no license") }),
            "(" => Token::Open,
            ")" => Token::Close,
            _ if word.eq_ignore_ascii_case("and") => Token::And,
            _ if word.eq_ignore_ascii_case("or") => Token::Or,
            _ if word.eq_ignore_ascii_case("with") => Token::With,
            _ => Token::Word(word),
        };
        tokens.push((at, token));
        rest = &rest[length..];
    }
}
