//! Reads the tokens of an expression, and refuses by name what is not known.

mod call;
mod postfix;

use regex::bytes::RegexSet;

use super::Fault;
use super::lexer::{Token, tokens};
use super::node::{Binary, Node};
use crate::rule::import::go;

/// Longer expressions are refused, in bytes.
const LONGEST: usize = 64 << 10;
/// Brackets and operators are read this deep in each other.
const DEEPEST: usize = 64;

/// The operators by how tightly they bind, as in Expr.
const OPERATORS: [(&str, Binary, u8); 24] = [
    ("||", Binary::Or, 10),
    ("or", Binary::Or, 10),
    ("&&", Binary::And, 15),
    ("and", Binary::And, 15),
    ("==", Binary::Equal, 20),
    ("!=", Binary::Unequal, 20),
    ("<", Binary::Less, 20),
    ("<=", Binary::LessOrEqual, 20),
    (">", Binary::Greater, 20),
    (">=", Binary::GreaterOrEqual, 20),
    ("in", Binary::In, 20),
    ("contains", Binary::Contains, 20),
    ("startsWith", Binary::StartsWith, 20),
    ("endsWith", Binary::EndsWith, 20),
    ("matches", Binary::Matches, 20),
    ("+", Binary::Add, 30),
    ("-", Binary::Subtract, 30),
    ("*", Binary::Multiply, 60),
    ("/", Binary::Divide, 60),
    ("%", Binary::Remainder, 60),
    ("**", Binary::Power, 100),
    ("^", Binary::Power, 100),
    ("??", Binary::Coalesce, 200),
    // CEL writes it as a method.
    ("orValue", Binary::Coalesce, 200),
];

/// How tightly `not` and the signs of numbers bind.
const NOT: u8 = 50;
const SIGN: u8 = 90;

pub(super) fn parse(source: &str) -> Result<Node, Fault> {
    if source.len() > LONGEST {
        return Err(Fault { at: 0, what: format!("it is longer than {LONGEST} bytes") });
    }
    let mut parser = Parser { tokens: tokens(source)?, next: 0, depth: 0, names: Vec::new() };
    let node = parser.sequence()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    /// What the `let`s around named, and the texts that it is a list of, if so.
    names: Vec<(String, Option<Vec<String>>)>,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next.min(self.tokens.len() - 1)).map_or(0, |(at, _)| *at)
    }

    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault { at: self.at(), what: what.into() }
    }

    fn unexpected(&self) -> Fault {
        self.fault(match self.peek() {
            Token::End => "more was expected".to_owned(),
            Token::Word(word) => format!("`{word}` is not known here"),
            Token::Sign(sign) => format!("`{sign}` is not known here"),
            _ => "a value stands where none was expected".to_owned(),
        })
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_it = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.next += usize::from(is_it);
        is_it
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_it = matches!(self.peek(), Token::Word(found) if found == word);
        self.next += usize::from(is_it);
        is_it
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take(sign) { Ok(()) } else { Err(self.fault(format!("`{sign}` was expected"))) }
    }

    fn name(&mut self) -> Result<String, Fault> {
        let Token::Word(name) = self.peek().clone() else { return Err(self.fault("a name was expected")) };
        self.next += 1;
        Ok(name)
    }

    /// `let name = value; …`, or a value.
    fn sequence(&mut self) -> Result<Node, Fault> {
        if !self.take_word("let") {
            return self.choice();
        }
        self.deeper(|parser| {
            let name = parser.name()?;
            parser.expect("=")?;
            let value = parser.choice()?;
            parser.expect(";")?;
            parser.bound(name, value, Self::sequence)
        })
    }

    /// What follows a `let`.
    fn bound(&mut self, name: String, value: Node, rest: fn(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        let texts = self.texts(&value);
        self.names.push((name, texts));
        let body = rest(self);
        self.names.pop();
        Ok(Node::Let(value.into(), body?.into()))
    }

    fn choice(&mut self) -> Result<Node, Fault> {
        self.deeper(|parser| {
            let condition = parser.binary(0)?;
            if !parser.take("?") {
                return Ok(condition);
            }
            let yes = parser.sequence()?;
            parser.expect(":")?;
            Ok(Node::If(condition.into(), yes.into(), parser.sequence()?.into()))
        })
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("it is nested too deeply"));
        }
        let node = read(self);
        self.depth -= 1;
        node
    }

    /// The operator that comes next, and whether it is denied.
    fn operator(&self) -> Option<(Binary, u8, bool)> {
        let (denied, token) = match self.peek() {
            Token::Word(word) if word == "not" => (true, self.tokens.get(self.next + 1).map(|(_, token)| token)?),
            token => (false, token),
        };
        let word = match token {
            Token::Word(word) if word != "orValue" => word.as_str(),
            Token::Sign(sign) => sign,
            _ => return None,
        };
        OPERATORS.iter().find(|(name, ..)| *name == word).map(|(_, operator, binds)| (*operator, *binds, denied))
    }

    fn binary(&mut self, least: u8) -> Result<Node, Fault> {
        let mut left = self.unary()?;
        let mut operands = 0;
        while let Some((operator, binds, denied)) = self.operator().filter(|(_, binds, _)| *binds >= least) {
            operands += 1;
            if operands > 1000 {
                return Err(self.fault("it has too many operands"));
            }
            self.next += 1 + usize::from(denied);
            let at = self.at();
            let right_least = if operator == Binary::Power { binds } else { binds + 1 };
            let right = self.deeper(|parser| parser.binary(right_least))?;
            left = match operator {
                Binary::Matches => {
                    let Node::Text(pattern) = right else {
                        return Err(Fault { at, what: "the pattern of `matches` must be written out".to_owned() });
                    };
                    Node::MatchesAny(left.into(), set(&[pattern], at)?)
                }
                _ => Node::Binary(operator, left.into(), right.into()),
            };
            if denied {
                left = Node::Not(left.into());
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, Fault> {
        self.deeper(|parser| {
            if parser.take("!") || parser.take_word("not") {
                return Ok(Node::Not(parser.binary(NOT)?.into()));
            }
            if parser.take("-") {
                return Ok(Node::Negate(parser.binary(SIGN)?.into()));
            }
            if parser.take("+") {
                return parser.binary(SIGN);
            }
            let value = parser.primary()?;
            parser.postfix(value)
        })
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        let (at, token) = self.tokens.get(self.next).cloned().unwrap_or((0, Token::End));
        match token {
            Token::Int(value) => self.leaf(Node::Int(value)),
            Token::Float(value) => self.leaf(Node::Float(value)),
            Token::Text(value) => self.leaf(Node::Text(value)),
            Token::Sign("(") => {
                self.next += 1;
                let node = self.sequence()?;
                self.expect(")")?;
                Ok(node)
            }
            Token::Sign("[") => {
                self.next += 1;
                Ok(Node::List(self.values("]")?))
            }
            Token::Word(word) => {
                self.next += 1;
                self.word(&word, at)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn leaf(&mut self, node: Node) -> Result<Node, Fault> {
        self.next += 1;
        Ok(node)
    }

    /// Values with commas up to a closing bracket.
    fn values(&mut self, close: &str) -> Result<Vec<Node>, Fault> {
        let mut values = Vec::new();
        while !self.take(close) {
            values.push(self.sequence()?);
            if !self.take(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(values)
    }

    fn word(&mut self, word: &str, at: usize) -> Result<Node, Fault> {
        match word {
            "true" => return Ok(Node::Bool(true)),
            "false" => return Ok(Node::Bool(false)),
            "nil" | "null" => return Ok(Node::Nil),
            "finding" => return Ok(Node::Finding),
            "attributes" => return Ok(Node::Attributes),
            // The short form of old versions.
            "secret" if !self.names.iter().any(|(name, _)| name == word) => {
                return Ok(Node::Index(Node::Finding.into(), Node::Text(word.to_owned()).into()));
            }
            _ => {}
        }
        if self.take("(") {
            return self.call(word, at);
        }
        if let Some(local) = self.names.iter().rposition(|(name, _)| name == word) {
            return Ok(Node::Local(local));
        }
        // `filter.entropy(…)` is `entropy(…)`, `cel.bind(…)` is a `let`.
        if self.take(".") {
            let function = self.name()?;
            let known = word == "filter" || word == "cel" && function == "bind";
            if known && self.take("(") {
                return self.call(&function, at);
            }
            return Err(Fault { at, what: format!("`{word}.{function}` is not known in a filter") });
        }
        Err(Fault { at, what: format!("`{word}` is not known in a filter") })
    }
}

fn set(patterns: &[String], at: usize) -> Result<RegexSet, Fault> {
    go::set(patterns).map_err(|what| Fault { at, what })
}
