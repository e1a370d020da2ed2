//! Evaluates expressions; always ends, and asks nothing of the world.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::node::{Binary, Node};
use super::value::Value;
use super::{Dialect, Finding, Place};
use crate::rule::search;

/// No text may become longer, in bytes.
pub(super) const LONGEST: usize = 16 << 20;

/// What an expression is evaluated with.
pub(super) struct Scope<'a> {
    pub(super) finding: &'a Finding<'a>,
    pub(super) place: Option<Place<'a>>,
    pub(super) dialect: Dialect,
}

/// The values do not go with the operator.
pub(super) struct Mismatch;

type Evaluated<'a> = Result<Value<'a>, Mismatch>;

impl<'a> Scope<'a> {
    pub(super) fn eval(&self, node: &'a Node, locals: &mut Vec<Value<'a>>) -> Evaluated<'a> {
        Ok(match node {
            Node::Nil => Value::Nil,
            Node::Bool(value) => Value::Bool(*value),
            Node::Int(value) => Value::Int(*value),
            Node::Float(value) => Value::Float(*value),
            Node::Text(text) => Value::text(text.as_bytes()),
            Node::List(nodes) => {
                Value::List(nodes.iter().map(|node| self.eval(node, locals)).collect::<Result<_, _>>()?)
            }
            Node::Finding => Value::Finding,
            Node::Attributes => Value::Attributes,
            Node::Local(local) => locals.get(*local).cloned().ok_or(Mismatch)?,
            Node::Index(of, key) => self.member(self.eval(of, locals)?, &self.eval(key, locals)?)?,
            Node::Get(of, key, other) => {
                let (of, key) = (self.eval(of, locals)?, self.eval(key, locals)?);
                match self.known(&of, &key) {
                    Some(Value::Nil) | None => self.eval(other, locals)?,
                    Some(value) => value,
                }
            }
            Node::Slice(of, from, to) => self.slice(of, from.as_deref(), to.as_deref(), locals)?,
            Node::Not(value) => match self.eval(value, locals)? {
                Value::Bool(value) => Value::Bool(!value),
                Value::Unknown => Value::Unknown,
                _ => return Err(Mismatch),
            },
            Node::Negate(value) => match self.eval(value, locals)? {
                Value::Int(value) => Value::Int(value.checked_neg().ok_or(Mismatch)?),
                Value::Float(value) => Value::Float(-value),
                Value::Unknown => Value::Unknown,
                _ => return Err(Mismatch),
            },
            Node::Binary(operator, left, right) => self.binary(*operator, left, right, locals)?,
            Node::If(condition, yes, no) => match self.eval(condition, locals)? {
                Value::Bool(true) => self.eval(yes, locals)?,
                Value::Bool(false) => self.eval(no, locals)?,
                Value::Unknown => Value::Unknown,
                _ => return Err(Mismatch),
            },
            Node::Let(value, body) => {
                let value = self.eval(value, locals)?;
                locals.push(value);
                let body = self.eval(body, locals);
                locals.pop();
                body?
            }
            Node::Call(function, args) => {
                let args = args.iter().map(|arg| self.eval(arg, locals)).collect::<Result<Vec<_>, _>>()?;
                match args.iter().any(Value::is_unknown) {
                    true => Value::Unknown,
                    false => (function.call)(&args).ok_or(Mismatch)?,
                }
            }
            Node::MatchesAny(text, set) => self.on_text(text, locals, |text| Value::Bool(set.is_match(text)))?,
            Node::FindMatch(text, regex) => self.on_text(text, locals, |text| {
                Value::text(regex.find(text).map_or_else(Vec::new, |found| found.as_bytes().to_vec()))
            })?,
            Node::ContainsAny(text, terms) => self.on_text(text, locals, |text| {
                let text = String::from_utf8_lossy(text).to_lowercase();
                let fold = |term: &str| match self.dialect {
                    Dialect::V1 => term.to_owned(),
                    Dialect::V2 => term.to_lowercase(),
                };
                Value::Bool(terms.iter().any(|term| text.contains(&fold(term))))
            })?,
        })
    }

    fn on_text(
        &self,
        node: &'a Node,
        locals: &mut Vec<Value<'a>>,
        answer: impl Fn(&[u8]) -> Value<'a>,
    ) -> Evaluated<'a> {
        match self.eval(node, locals)? {
            Value::Unknown => Ok(Value::Unknown),
            Value::Text(text) => Ok(answer(&text)),
            _ => Err(Mismatch),
        }
    }

    /// A member, or nil.
    fn member(&self, of: Value<'a>, key: &Value<'a>) -> Evaluated<'a> {
        match (&of, key) {
            (Value::Unknown, _) | (_, Value::Unknown) => Ok(Value::Unknown),
            // Attributes are texts: one that is not there is empty.
            (Value::Attributes, Value::Text(_)) => Ok(self.known(&of, key).unwrap_or(Value::text(Vec::new()))),
            (Value::Nil, _) | (Value::Finding, Value::Text(_)) => Ok(self.known(&of, key).unwrap_or(Value::Nil)),
            (Value::List(values), Value::Int(at)) => {
                let at = if *at < 0 { at.checked_add_unsigned(values.len() as u64).ok_or(Mismatch)? } else { *at };
                usize::try_from(at).ok().and_then(|at| values.get(at).cloned()).ok_or(Mismatch)
            }
            _ => Err(Mismatch),
        }
    }

    /// A member that is there.
    fn known(&self, of: &Value<'a>, key: &Value<'a>) -> Option<Value<'a>> {
        let key = key.bytes()?;
        match of {
            Value::Finding => self.of_finding(key),
            Value::Attributes => match (self.place, key) {
                (None, b"path" | b"git.sha") => Some(Value::Unknown),
                (Some(place), b"path") => Some(Value::text(place.path.as_bytes())),
                (Some(place), b"git.sha") => Some(Value::text(place.commit?.as_bytes())),
                _ => None,
            },
            _ => None,
        }
    }

    fn of_finding(&self, key: &[u8]) -> Option<Value<'a>> {
        let Finding { secret, matched, line, text, at, rule, description } = self.finding;
        let (line_start, line_end) = line_around(text, at);
        Some(match key {
            b"secret" => Value::text(*secret),
            b"match" => Value::text(*matched),
            b"line" if self.dialect == Dialect::V1 => Value::text(*line),
            b"line" => Value::text(whole_lines(text, at)),
            b"rule_id" => Value::text(rule.as_bytes()),
            b"description" => Value::text(description.as_bytes()),
            b"entropy" => Value::text(search::entropy(secret).to_string().into_bytes()),
            b"fragment_raw" => Value::text(*text),
            b"match_start_idx" => Value::Int(at.start as i64),
            b"match_end_idx" => Value::Int(at.end as i64),
            b"match_line_start_idx" => Value::Int(line_start as i64),
            b"match_line_end_idx" => Value::Int(line_end as i64),
            // Known there, and always empty here.
            b"context" => Value::text(Vec::new()),
            _ => return None,
        })
    }

    fn slice(
        &self,
        of: &'a Node,
        from: Option<&'a Node>,
        to: Option<&'a Node>,
        locals: &mut Vec<Value<'a>>,
    ) -> Evaluated<'a> {
        let of = self.eval(of, locals)?;
        let mut bound = |node: Option<&'a Node>, other: usize, length: usize| match node {
            None => Ok(Some(other)),
            Some(node) => match self.eval(node, locals)? {
                Value::Unknown => Ok(None),
                // Counted from the end where negative, and cut where beyond it.
                Value::Int(at) if at < 0 => {
                    Ok(Some(length.saturating_sub(usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX))))
                }
                Value::Int(at) => Ok(Some(usize::try_from(at).unwrap_or(usize::MAX).min(length))),
                _ => Err(Mismatch),
            },
        };
        let length = match &of {
            Value::Text(text) => text.len(),
            Value::List(values) => values.len(),
            Value::Unknown => return Ok(Value::Unknown),
            _ => return Err(Mismatch),
        };
        let (Some(from), Some(to)) = (bound(from, 0, length)?, bound(to, length, length)?) else {
            return Ok(Value::Unknown);
        };
        let range = from.min(to)..to;
        Ok(match of {
            Value::Text(Cow::Borrowed(text)) => Value::text(text.get(range).unwrap_or_default()),
            Value::Text(Cow::Owned(text)) => Value::text(text.get(range).unwrap_or_default().to_vec()),
            Value::List(values) => Value::List(values.get(range).unwrap_or_default().to_vec()),
            _ => return Err(Mismatch),
        })
    }

    fn binary(&self, operator: Binary, left: &'a Node, right: &'a Node, locals: &mut Vec<Value<'a>>) -> Evaluated<'a> {
        let left = self.eval(left, locals)?;
        match (operator, &left) {
            (Binary::Or, Value::Bool(true)) | (Binary::And, Value::Bool(false)) => return Ok(left),
            (Binary::Or, Value::Unknown) | (Binary::And, Value::Unknown) => {
                let decides = operator == Binary::Or;
                return Ok(match self.eval(right, locals) {
                    Ok(Value::Bool(value)) if value == decides => Value::Bool(decides),
                    _ => Value::Unknown,
                });
            }
            (Binary::Or | Binary::And, Value::Bool(_)) => {
                return match self.eval(right, locals)? {
                    value @ (Value::Bool(_) | Value::Unknown) => Ok(value),
                    _ => Err(Mismatch),
                };
            }
            (Binary::Or | Binary::And, _) => return Err(Mismatch),
            (Binary::Coalesce, Value::Nil) => return self.eval(right, locals),
            (Binary::Coalesce, _) => return Ok(left),
            _ => {}
        }
        let right = self.eval(right, locals)?;
        if left.is_unknown() || right.is_unknown() {
            return Ok(Value::Unknown);
        }
        compute(operator, &left, &right).ok_or(Mismatch)
    }
}

/// What an operator makes of two values that are known; `None` when they do not go with it.
fn compute<'a>(operator: Binary, left: &Value<'a>, right: &Value<'a>) -> Option<Value<'a>> {
    let ordered = |fits: fn(Ordering) -> bool| Some(Value::Bool(fits(left.order(right)?)));
    let texts = |fits: fn(&[u8], &[u8]) -> bool| Some(Value::Bool(fits(left.bytes()?, right.bytes()?)));
    match operator {
        Binary::Equal => Some(Value::Bool(left.equals(right))),
        Binary::Unequal => Some(Value::Bool(!left.equals(right))),
        Binary::Less => ordered(Ordering::is_lt),
        Binary::LessOrEqual => ordered(Ordering::is_le),
        Binary::Greater => ordered(Ordering::is_gt),
        Binary::GreaterOrEqual => ordered(Ordering::is_ge),
        Binary::In => match right {
            Value::List(values) => Some(Value::Bool(values.iter().any(|value| value.equals(left)))),
            Value::Nil => Some(Value::Bool(false)),
            _ => None,
        },
        Binary::Contains => texts(|text, part| memchr::memmem::find(text, part).is_some()),
        Binary::StartsWith => texts(|text, part| text.starts_with(part)),
        Binary::EndsWith => texts(|text, part| text.ends_with(part)),
        Binary::Add if left.bytes().is_some() => {
            let (a, b) = (left.bytes()?, right.bytes()?);
            (a.len() + b.len() <= LONGEST).then(|| Value::text([a, b].concat()))
        }
        Binary::Divide => Some(Value::Float(left.number()? / right.number()?)),
        Binary::Power => Some(Value::Float(left.number()?.powf(right.number()?))),
        Binary::Remainder => left.int()?.checked_rem(right.int()?).map(Value::Int),
        Binary::Add => number(left, right, i64::checked_add, |a, b| a + b),
        Binary::Subtract => number(left, right, i64::checked_sub, |a, b| a - b),
        Binary::Multiply => number(left, right, i64::checked_mul, |a, b| a * b),
        Binary::Or | Binary::And | Binary::Coalesce | Binary::Matches => None,
    }
}

fn number<'a>(
    left: &Value<'_>,
    right: &Value<'_>,
    whole: fn(i64, i64) -> Option<i64>,
    part: fn(f64, f64) -> f64,
) -> Option<Value<'a>> {
    match (left.int(), right.int()) {
        (Some(a), Some(b)) => whole(a, b).map(Value::Int),
        _ => Some(Value::Float(part(left.number()?, right.number()?))),
    }
}

/// Where the lines of a match begin and end, without their ends.
fn line_around(text: &[u8], at: &std::ops::Range<usize>) -> (usize, usize) {
    let (before, behind) = (text.get(..at.start).unwrap_or_default(), text.get(at.end..).unwrap_or_default());
    let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
    let end = memchr::memchr2(b'\n', b'\r', behind).map_or(text.len(), |more| at.end + more);
    (start, end)
}

/// The lines of a match with the end of the last.
fn whole_lines<'a>(text: &'a [u8], at: &std::ops::Range<usize>) -> &'a [u8] {
    let (before, behind) = (text.get(..at.start).unwrap_or_default(), text.get(at.end..).unwrap_or_default());
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', behind).map_or(text.len(), |more| at.end + more + 1);
    text.get(start..end).unwrap_or_default()
}
