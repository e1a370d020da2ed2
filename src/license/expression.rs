//! Defines [`Expression`]: an SPDX license expression, whose terms need not be on the list.
//!
//! The grammar is that of [annex D](https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/), with operators in any
//! case. A term that is no SPDX id, such as `UNKNOWN`, is a term that nothing is known of, and no error: an expression is
//! then neither satisfied nor refused, unless the rest of it decides.

mod parse;
mod term;
#[cfg(test)]
mod tests;

use std::fmt;

pub use parse::{MAX_TERMS, ParseError};
pub use term::Term;

/// An expression of at least one term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expression {
    /// In postfix order, so that no depth of brackets needs a stack of calls.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Node {
    Term(Term),
    And,
    Or,
}

/// Whether something is so, when not everything is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is not.
    Refused,
    /// It may be.
    Unknown,
    /// It is.
    Allowed,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The text is no expression; two words without an operator between them are none. Or it has more than
    /// [`MAX_TERMS`] terms.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse::parse(text).map(|nodes| Self { nodes })
    }

    /// The expression of one term.
    pub fn of(term: Term) -> Self {
        Self { nodes: vec![Node::Term(term)] }
    }

    /// Both have to be met.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined(other, Node::And)
    }

    /// One of both has to be met.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined(other, Node::Or)
    }

    fn joined(mut self, other: Self, node: Node) -> Self {
        self.nodes.extend(other.nodes);
        self.nodes.push(node);
        self
    }

    /// The terms, from left to right.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Term(term) => Some(term),
            Node::And | Node::Or => None,
        })
    }

    /// The same expression with every term put through `change`.
    #[must_use]
    pub fn map(&self, mut change: impl FnMut(&Term) -> Term) -> Self {
        let nodes = self.nodes.iter().map(|node| match node {
            Node::Term(term) => Node::Term(change(term)),
            other => other.clone(),
        });
        Self { nodes: nodes.collect() }
    }

    /// Whether it is satisfied, given what is so of each term: with AND the worst of both sides, with OR the better one.
    pub fn evaluate(&self, term: impl FnMut(&Term) -> Truth) -> Truth {
        self.fold(term, Ord::min, Ord::max)
    }

    /// Makes one value of those of the terms.
    pub fn fold<T>(&self, mut term: impl FnMut(&Term) -> T, and: impl Fn(T, T) -> T, or: impl Fn(T, T) -> T) -> T {
        let mut stack: Vec<T> = Vec::new();
        for node in &self.nodes {
            match node {
                Node::Term(one) => stack.push(term(one)),
                operator => {
                    // The parser makes no operator without two operands, nor do `and` and `or`.
                    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else { continue };
                    stack.push(if *operator == Node::And { and(left, right) } else { or(left, right) });
                }
            }
        }
        match stack.pop() {
            Some(value) => value,
            None => term(&Term::unknown("")),
        }
    }

    /// Whether every term is on the list or a `LicenseRef-`.
    pub fn is_known(&self) -> bool {
        self.terms().all(Term::is_known)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Brackets where OR is inside of AND.
        let (text, _) = self.fold(
            |term| (term.to_string(), false),
            |(left, left_or), (right, right_or)| {
                let put = |text: String, or| if or { format!("({text})") } else { text };
                (format!("{} AND {}", put(left, left_or), put(right, right_or)), false)
            },
            |(left, _), (right, _)| (format!("{left} OR {right}"), true),
        );
        f.write_str(&text)
    }
}
