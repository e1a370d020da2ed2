//! Reads XML as it comes from strangers: no entities are defined in it, and one that is cut short is read as far as it
//! is whole.

use roxmltree::{Document, Node};

use super::out::Out;

/// How a kind of document ends.
pub struct Ends {
    /// What ends a record, such as `</testcase>`.
    pub record: &'static str,
    /// What may be missing behind the last whole record, the likeliest first.
    pub closings: &'static [&'static str],
}

/// Reads a document with a function. Of one that is damaged the whole records before the damage are read, and it is a
/// gap.
///
/// # Errors
/// It is no XML, or defines entities; in words without anything of its text.
pub fn read(text: &str, ends: &Ends, out: &mut Out, take: impl Fn(Node<'_, '_>, &mut Out)) -> Result<(), String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let why = match Document::parse(text) {
        Ok(document) => {
            take(document.root_element(), out);
            return Ok(());
        }
        Err(roxmltree::Error::DtdDetected) => return Err("it defines entities".to_owned()),
        Err(error) => format!("it is no XML from line {} on", error.pos().row),
    };
    let Some(end) = text.rfind(ends.record).map(|at| at + ends.record.len()) else { return Err(why) };
    for closing in ends.closings {
        let whole = format!("{}{closing}", text.get(..end).unwrap_or_default());
        if let Ok(document) = Document::parse(&whole) {
            out.gap(format!("{why}; what is whole before that is used"));
            take(document.root_element(), out);
            return Ok(());
        }
    }
    Err(why)
}

/// The elements of a name, wherever they stand below a node.
pub fn elements<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants().filter(move |inner| inner.is_element() && inner.tag_name().name() == name)
}

/// An attribute; empty without it.
pub fn attribute<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.attribute(name).unwrap_or_default()
}
