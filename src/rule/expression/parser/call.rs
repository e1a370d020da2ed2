//! Reads calls of functions.

use super::super::Fault;
use super::super::functions;
use super::{Node, Parser, set};
use crate::rule::import::go;

impl Parser {
    /// A call behind its opening bracket.
    pub(super) fn call(&mut self, name: &str, at: usize) -> Result<Node, Fault> {
        if name == "bind" {
            let name = self.name()?;
            self.expect(",")?;
            let value = self.choice()?;
            self.expect(",")?;
            let node = self.bound(name, value, Self::sequence)?;
            self.expect(")")?;
            return Ok(node);
        }
        let args = self.values(")")?;
        self.called(name, args, at)
    }

    /// A call of a function with its arguments.
    pub(super) fn called(&mut self, name: &str, args: Vec<Node>, at: usize) -> Result<Node, Fault> {
        let wrong = |what: &str| Fault { at, what: format!("`{name}` {what}") };
        match (name, args.as_slice()) {
            ("matchesAny", [text, list]) => {
                let patterns = self.texts(list).ok_or_else(|| wrong("takes patterns that are written out"))?;
                Ok(Node::MatchesAny(text.clone().into(), set(&patterns, at)?))
            }
            ("containsAny", [text, list]) => {
                let terms = self.texts(list).ok_or_else(|| wrong("takes terms that are written out"))?;
                Ok(Node::ContainsAny(text.clone().into(), terms))
            }
            ("findMatch", [text, Node::Text(pattern)]) => {
                let regex = go::compile(pattern).map_err(|why| Fault { at, what: why })?;
                Ok(Node::FindMatch(text.clone().into(), regex))
            }
            ("get", [of, key]) => Ok(Node::Get(of.clone().into(), key.clone().into(), Node::Nil.into())),
            ("get" | "getPath", [of, key, other]) => {
                Ok(Node::Get(of.clone().into(), key.clone().into(), other.clone().into()))
            }
            ("matchesAny" | "containsAny" | "findMatch" | "get" | "getPath", _) => Err(wrong("takes other arguments")),
            _ => {
                let function = functions::named(name).ok_or_else(|| wrong("is not known in a filter"))?;
                match (function.arity.0..=function.arity.1).contains(&args.len()) {
                    true => Ok(Node::Call(function, args)),
                    false => Err(wrong("takes another number of arguments")),
                }
            }
        }
    }

    /// The texts of a list of texts that are written out, here or in the `let` that named it.
    pub(super) fn texts(&self, node: &Node) -> Option<Vec<String>> {
        match node {
            Node::List(nodes) => nodes
                .iter()
                .map(|node| match node {
                    Node::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect(),
            Node::Local(local) => self.names.get(*local)?.1.clone(),
            _ => None,
        }
    }
}
