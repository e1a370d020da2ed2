//! Defines [`Value`]: what a part of an expression comes to.

use std::borrow::Cow;
use std::cmp::Ordering;

/// What a part of an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Bytes, since the text around a match may be anything.
    Text(Cow<'a, [u8]>),
    List(Vec<Value<'a>>),
    /// What is known of the match.
    Finding,
    /// What is known of the place.
    Attributes,
    /// What only the place will tell.
    Unknown,
}

impl<'a> Value<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::List(values) => values.iter().any(Self::is_unknown),
            _ => false,
        }
    }

    /// A number of either kind.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the two are equal; of different kinds they are not, but for numbers.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b)),
            _ => self.number().zip(other.number()).is_some_and(|(a, b)| a == b),
        }
    }

    /// The order of numbers or of texts; `None` for what has none.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }
}
