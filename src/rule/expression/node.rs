//! Defines [`Node`]: what an expression is made of.

use regex::bytes::{Regex, RegexSet};

use super::functions::Function;

/// A part of an expression.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Finding,
    Attributes,
    /// What a `let` named: how many were named before it.
    Local(usize),
    Index(Box<Node>, Box<Node>),
    Slice(Box<Node>, Option<Box<Node>>, Option<Box<Node>>),
    /// With a value where there is none.
    Get(Box<Node>, Box<Node>, Box<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Let(Box<Node>, Box<Node>),
    Call(&'static Function, Vec<Node>),
    MatchesAny(Box<Node>, RegexSet),
    FindMatch(Box<Node>, Regex),
    ContainsAny(Box<Node>, Vec<String>),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Or,
    And,
    Coalesce,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}
