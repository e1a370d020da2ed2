//! Reads XML with the lines of its elements, as far as it is whole. Entities of a document's own are not expanded: one
//! that defines some is not read.

use roxmltree::{Document, Node};

use super::Unreadable;
use crate::inventory::reading::Reading;
use crate::inventory::source::Source;

/// More elements in each other are not closed where they are cut short.
const MAX_DEPTH: usize = 64;

/// Reads a document with a function, which gets its outermost element. Of one that is damaged, what is whole before the
/// damage is used, which is told.
///
/// # Errors
/// Nothing of it is whole, it defines entities, or the function says so.
pub(super) fn read<'a>(
    reading: &mut Reading<'a>,
    take: impl FnOnce(&mut Reading<'a>, Node) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let source = reading.source;
    match Document::parse(text(source)) {
        Ok(document) => take(reading, document.root_element()),
        Err(roxmltree::Error::DtdDetected) => Err(Unreadable::new("it defines entities, which are not expanded")),
        Err(error) => {
            // An end that comes too early has no place of its own.
            let lines = memchr::memchr_iter(b'\n', text(source).as_bytes()).count();
            let last = u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1);
            let row = if error.pos().row <= 1 { last } else { error.pos().row };
            let why = error.to_string();
            let why = why.split(" at ").next().unwrap_or_default();
            let place = source.line_at(skipped(source)).saturating_add(row - 1);
            let whole = whole(source, row);
            let Some(document) = whole.as_deref().and_then(|whole| Document::parse(whole).ok()) else {
                return Err(Unreadable::new(format!("it is no XML: {why}")).at(place));
            };
            reading.broken(place, &format!("it is no XML from here on: {why}; what is whole before it is used"));
            take(reading, document.root_element())
        }
    }
}

/// Reads another document with a function; `None` when it is damaged.
pub(super) fn peek<T>(source: &Source, take: impl FnOnce(Node) -> T) -> Option<T> {
    Document::parse(text(source)).ok().map(|document| take(document.root_element()))
}

/// The number of the line, counted from 1, in which a node begins.
pub(super) fn line(source: &Source, node: Node) -> u32 {
    source.line_at(skipped(source) + node.range().start)
}

/// The number of the line, counted from 1, in which an attribute begins; that of the element without it.
pub(super) fn line_of(source: &Source, node: Node, attribute: &str) -> u32 {
    let found = node.attributes().find(|one| one.name() == attribute);
    found.map_or_else(|| line(source, node), |found| source.line_at(skipped(source) + found.range().start))
}

/// The elements of a name directly below a node.
pub(super) fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |inner| inner.is_element() && inner.tag_name().name() == name)
}

/// The first element of a name directly below a node.
pub(super) fn child<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// The text of an element directly below a node, without blanks around it; empty without it.
pub(super) fn text_at<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.children()
        .find(|inner| inner.tag_name().name() == name)
        .and_then(|inner| inner.text())
        .unwrap_or_default()
        .trim()
}

/// A document begins with its first sign that is no blank.
fn text<'s>(source: &'s Source) -> &'s str {
    source.text.trim_start()
}

fn skipped(source: &Source) -> usize {
    source.text.len() - text(source).len()
}

/// The text up to the last element that ends before a line or in it, with what is open there closed.
fn whole(source: &Source, row: u32) -> Option<String> {
    let text = text(source);
    let end = text.split_inclusive('\n').take(row as usize).map(str::len).sum();
    let text = text.get(..end)?;
    let mut open: Vec<&str> = Vec::new();
    let mut last: Option<(usize, Vec<&str>)> = None;
    let mut at = 0;
    while let Some(start) = text.get(at..)?.find('<').map(|found| at + found) {
        let rest = text.get(start..)?;
        let stop = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .into_iter()
            .find(|(begin, _)| rest.starts_with(begin));
        let (_, stop) = stop.unwrap_or(("<", ">"));
        let Some(length) = rest.find(stop).map(|found| found + stop.len()) else { break };
        let tag = rest.get(1..length - 1).unwrap_or_default();
        at = start + length;
        if stop != ">" || tag.starts_with('!') {
            continue;
        }
        if tag.starts_with('/') {
            if open.pop() != Some(tag.get(1..).unwrap_or_default().trim()) {
                break;
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split(char::is_whitespace).next().unwrap_or_default());
            continue;
        }
        if open.len() <= MAX_DEPTH {
            last = Some((at, open.clone()));
        }
    }
    let (end, open) = last.filter(|(_, open)| !open.is_empty())?;
    let closing: String = open.iter().rev().map(|name| format!("</{name}>")).collect();
    Some(format!("{}{closing}", text.get(..end)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RepoPath;

    fn names(text: &str) -> (Vec<(String, u32)>, usize) {
        let source = Source::new(RepoPath::new("x.xml"), text.to_owned());
        let mut reading = Reading::new(&source);
        let mut names = Vec::new();
        let result = read(&mut reading, |reading, root| {
            let inner = root.descendants().filter(|node| node.is_element());
            names.extend(inner.map(|node| (node.tag_name().name().to_owned(), line(reading.source, node))));
            Ok(())
        });
        (names, reading.finish().gaps.len() + usize::from(result.is_err()))
    }

    #[test]
    fn whole_and_damaged() {
        let of = |name: &str, line| (name.to_owned(), line);
        assert_eq!(names("\n<a>\n<b x='>'/>\n</a>"), (vec![of("a", 2), of("b", 3)], 0));
        assert_eq!(names("<a>\n<b><c/></b>\n<!-- <d> --><b>\n<c"), (vec![of("a", 1), of("b", 2), of("c", 2)], 1));
        assert_eq!(names("<a>\n<b/>\n</x></a>"), (vec![of("a", 1), of("b", 2)], 1));
        assert_eq!(names("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), (vec![], 1));
        assert_eq!(names("hello"), (vec![], 1));
        assert_eq!(names(&"<a>".repeat(100_000)).1, 1);
    }
}
