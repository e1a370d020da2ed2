//! Reads the manifests that are XML.

use roxmltree::{Document, Node, ParsingOptions};

/// No manifest has more elements, attributes and texts.
const MAX_NODES: u32 = 200_000;

/// Parses a document without entities; `None` when it is none, or too large.
pub(super) fn parse(text: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text.trim_start(), options).ok()
}

/// The children of a name, whatever their namespace.
pub(super) fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |inner| inner.tag_name().name() == name)
}

/// The text of the first child of a name, without spaces around it; `None` when there is none, or it is empty.
pub(super) fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let inner = node.children().find(|inner| inner.tag_name().name() == name)?;
    inner.text().map(str::trim).filter(|text| !text.is_empty())
}
