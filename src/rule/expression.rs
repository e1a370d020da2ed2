//! Defines [`Expression`]: a filter of betterleaks, which tells matches that do not count.
//!
//! The language is the part of [Expr](https://expr-lang.org/docs/language-definition) that filters are made of, with the
//! functions that betterleaks adds and the CEL forms that it still reads
//! (<https://github.com/betterleaks/betterleaks/blob/main/docs/config.md>). An expression has no loop, reads nothing but
//! the match, and is bounded in size and depth, so that it always ends. What is not known is refused by name when it is
//! read.

mod eval;
mod functions;
mod lexer;
mod node;
mod parser;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;

pub(crate) use node::Node;
use value::Value;

/// Which version of betterleaks an expression was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// 1.x: a line begins with the line end in front of it, and `containsAny` looks for its terms in lower-case text.
    V1,
    /// 2.x: a line ends with its line end, and `containsAny` ignores the case.
    V2,
}

/// A filter, read and checked.
#[derive(Clone, Debug)]
pub struct Expression {
    node: Node,
    dialect: Dialect,
}

/// What an expression says of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not, or cannot be told, such as for a sum of a text and a number.
    No,
    /// It depends on where the match is.
    Unknown,
}

/// What an expression may know of a match.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// The credential.
    pub secret: &'a [u8],
    /// What the pattern matched.
    pub matched: &'a [u8],
    /// The lines of it; behind the first line with the line end in front.
    pub line: &'a [u8],
    /// The text that it is in.
    pub text: &'a [u8],
    /// Where it is in the text.
    pub at: Range<usize>,
    /// The id of the rule.
    pub rule: &'a str,
    /// What the rule is about.
    pub description: &'a str,
}

/// Where a match is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// The full id of the commit; `None` for a file as it is.
    pub commit: Option<&'a str>,
}

/// Why an expression was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line in the expression, from 1.
    pub line: usize,
    /// The column in it, in characters from 1.
    pub column: usize,
    /// What is wrong there, in words.
    pub what: String,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// It is not in the language, or names what is not known.
    pub fn parse(source: &str, dialect: Dialect) -> Result<Self, Refusal> {
        parser::parse(source).map(|node| Self { node, dialect }).map_err(|fault| fault.in_source(source))
    }

    /// Says whether it holds; with no place, as far as that can be said without one.
    pub fn eval(&self, finding: &Finding<'_>, place: Option<Place<'_>>) -> Answer {
        let scope = eval::Scope { finding, place, dialect: self.dialect };
        match scope.eval(&self.node, &mut Vec::new()) {
            Ok(Value::Bool(true)) => Answer::Yes,
            Ok(Value::Unknown) => Answer::Unknown,
            _ => Answer::No,
        }
    }
}

/// What is wrong at a byte of the source.
#[derive(Debug)]
struct Fault {
    at: usize,
    what: String,
}

impl Fault {
    fn in_source(self, source: &str) -> Refusal {
        let before = source.get(..self.at).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Refusal { line, column, what: self.what }
    }
}
