//! Reads YAML 1.2 into [`Tree`]s, by the crate granit-parser. What lies before damage is kept.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser};

use super::{Damage, MAX_DEPTH, Member, Tree, Value};

/// So many values may be repeated by aliases in one file.
const MAX_REPEATED: usize = 100_000;

/// A list or map that is not closed yet.
struct Open<'a> {
    tree: Tree<'a>,
    /// Its anchor; 0 without one.
    anchor: usize,
    /// The key that waits for its value.
    key: Option<(Cow<'a, str>, u32)>,
}

#[derive(Default)]
struct Builder<'a> {
    documents: Vec<Tree<'a>>,
    open: Vec<Open<'a>>,
    anchors: HashMap<usize, Tree<'a>>,
    repeated: usize,
}

/// Reads all documents of a text, and where it cannot be read on.
pub(in super::super) fn parse(text: &str) -> (Vec<Tree<'_>>, Damage) {
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    let mut damage = None;
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                damage = Some((u32::try_from(error.marker().line()).unwrap_or(1), error.info()));
                break;
            }
        };
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        if let Err(why) = builder.take(event, line) {
            damage = Some((line, why.to_owned()));
            break;
        }
    }
    while !builder.open.is_empty() {
        builder.close();
    }
    (builder.documents, damage)
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: Event<'a>, line: u32) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_plain = matches!(style, granit_parser::ScalarStyle::Plain);
                let value = match &*text {
                    "" | "~" | "null" if is_plain => Value::Null,
                    _ => Value::Text(text),
                };
                let tree = Tree { value, line };
                if anchor > 0 {
                    self.anchors.insert(anchor, tree.clone());
                }
                self.put(tree);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Value::List(Vec::new()), line, anchor)?,
            Event::MappingStart(_, anchor, _) => self.begin(Value::Map(Vec::new()), line, anchor)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let tree = self.anchors.get(&anchor);
                self.repeated += tree.map_or(0, size);
                if self.repeated > MAX_REPEATED {
                    return Err("its aliases repeat too much");
                }
                let tree = tree.cloned().unwrap_or_default();
                self.put(tree);
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, value: Value<'a>, line: u32, anchor: usize) -> Result<(), &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        self.open.push(Open { tree: Tree { value, line }, anchor, key: None });
        Ok(())
    }

    fn close(&mut self) {
        let Some(done) = self.open.pop() else { return };
        if done.anchor > 0 && self.repeated + size(&done.tree) <= MAX_REPEATED {
            self.repeated += size(&done.tree);
            self.anchors.insert(done.anchor, done.tree.clone());
        }
        self.put(done.tree);
    }

    /// Puts a value where it belongs: into the list or map that is open, or at the end of the documents.
    fn put(&mut self, tree: Tree<'a>) {
        let Some(Open { tree: holder, key, .. }) = self.open.last_mut() else {
            self.documents.push(tree);
            return;
        };
        match (&mut holder.value, key.take()) {
            (Value::Map(members), Some((name, line))) => members.push(Member { key: name, line, value: tree }),
            (Value::Map(_), None) => {
                let text = match tree.value {
                    Value::Text(text) => text,
                    _ => Cow::Borrowed(""),
                };
                *key = Some((text, tree.line));
            }
            (Value::List(items), _) => items.push(tree),
            _ => {}
        }
    }
}

/// How many values a tree has.
fn size(tree: &Tree) -> usize {
    let inside: usize = match &tree.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(members) => members.iter().map(|member| size(&member.value)).sum(),
        _ => 0,
    };
    inside + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_lines_and_anchors() {
        let text = "a: &x\n  image: one\nb:\n  <<: *x\n  other: 'two'\n---\n- 1\n- [c, {d: e}]\n";
        let (documents, damage) = parse(text);
        assert_eq!(damage, None);
        assert_eq!((documents[0].at(&["b", "image"]).text(), documents[0].at(&["b", "image"]).line), ("one", 2));
        assert_eq!((documents[0].members()[1].line, documents[1].items()[1].items()[1].get("d").text()), (3, "e"));
    }

    #[test]
    fn what_is_whole_counts() {
        let (documents, damage) = parse("a: 1\nb:\n  - c\n  - d: [\n");
        assert!(damage.is_some());
        assert_eq!((documents[0].get("a").text(), documents[0].get("b").items()[0].text()), ("1", "c"));
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned()
            + &(0..20u8).map(|n| {
                let (of, from) = (char::from(b'b' + n), char::from(b'a' + n));
                format!("{of}: &{of} [*{from},*{from},*{from},*{from},*{from},*{from},*{from},*{from},*{from},*{from}]\n")
            }).collect::<String>();
        assert_eq!(parse(&bomb).1.map(|(_, why)| why).as_deref(), Some("its aliases repeat too much"));
        assert!(parse(&"[".repeat(10_000)).1.is_some());
    }
}
