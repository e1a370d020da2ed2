//! Reads what stands behind a value: members, places, slices, and calls in the form of CEL.

use super::super::Fault;
use super::super::lexer::Token;
use super::{Binary, DEEPEST, Node, OPERATORS, Parser, set};

impl Parser {
    /// A value with everything behind it.
    pub(super) fn postfix(&mut self, mut node: Node) -> Result<Node, Fault> {
        let mut steps = 0;
        loop {
            steps += 1;
            if steps > DEEPEST {
                return Err(self.fault("it is nested too deeply"));
            }
            let at = self.at();
            if self.take(".") || self.take("?.") || self.take(".?") {
                let name = self.name()?;
                node = match self.take("(") {
                    true => self.method(node, &name, at)?,
                    false => member(node, Node::Text(name), at)?,
                };
            } else if self.take("[") || self.take("?.[") || self.take("[?") {
                node = self.index(node, at)?;
            } else {
                return Ok(node);
            }
        }
    }

    /// A key or a slice behind its opening bracket.
    fn index(&mut self, node: Node, at: usize) -> Result<Node, Fault> {
        let from = match matches!(self.peek(), Token::Sign(":")) {
            true => None,
            // A question in brackets would be read as part of a slice.
            false => Some(self.deeper(|parser| parser.binary(0))?),
        };
        if self.take(":") {
            let to = match matches!(self.peek(), Token::Sign("]")) {
                true => None,
                false => Some(self.deeper(|parser| parser.binary(0))?.into()),
            };
            self.expect("]")?;
            return Ok(Node::Slice(node.into(), from.map(Into::into), to));
        }
        self.expect("]")?;
        member(node, from.unwrap_or(Node::Nil), at)
    }

    /// A call in the form of CEL, `text.contains(part)`.
    fn method(&mut self, node: Node, name: &str, at: usize) -> Result<Node, Fault> {
        let mut args = self.values(")")?;
        let operator = OPERATORS.iter().find(|(word, ..)| *word == name).map(|(_, operator, _)| *operator);
        match (operator, args.len()) {
            (Some(Binary::Matches), 1) => {
                let Some(Node::Text(pattern)) = args.pop() else {
                    return Err(Fault { at, what: "the pattern of `matches` must be written out".to_owned() });
                };
                Ok(Node::MatchesAny(node.into(), set(&[pattern], at)?))
            }
            (Some(operator), 1) => {
                let right = args.pop().unwrap_or(Node::Nil);
                Ok(Node::Binary(operator, node.into(), right.into()))
            }
            _ => {
                args.insert(0, node);
                self.called(name, args, at)
            }
        }
    }
}

/// A member of a value; those of a finding are known.
fn member(of: Node, key: Node, at: usize) -> Result<Node, Fault> {
    if let (Node::Finding, Node::Text(key)) = (&of, &key)
        && ["captures", "components"].contains(&key.as_str())
    {
        return Err(Fault { at, what: format!("`finding.{key}` is not known in a filter") });
    }
    Ok(Node::Index(of.into(), key.into()))
}
