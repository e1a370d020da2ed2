//! Reads bills of materials that lie in the project: CycloneDX 1.2 to 1.7 as JSON and XML, SPDX 2.2 to 3.0 as JSON, tags
//! and values, and YAML, by the readers of [`crate::ingest`]. SPDX as RDF is none that is read.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use super::document::{self, Tree, Value};
use super::{Format, Role, Unreadable, name_of};
use crate::finding::RepoPath;
use crate::ingest::component::Component;
use crate::ingest::input::Input;
use crate::ingest::place::Places;
use crate::ingest::{Ingested, Known};
use crate::inventory::component;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Node, Reading};

pub(super) const FORMAT: Format =
    Format { id: "bom", about: "a CycloneDX or SPDX document", role: Role::Alone, wants: is_given, read };

/// The same with names that other files may have, too.
pub(super) const PERHAPS: Format =
    Format { id: "bom-perhaps", role: Role::Content, wants: is_plain, read: read_if_one, ..FORMAT };

/// Ends of names that the specifications give to their documents
/// (<https://cyclonedx.org/specification/overview/#recognized-file-patterns>).
const NAMES: [&str; 9] = [
    ".cdx.json",
    ".cdx.xml",
    ".spdx",
    ".spdx.json",
    ".spdx.yml",
    ".spdx.yaml",
    ".spdx.rdf",
    ".spdx.rdf.xml",
    ".spdx3.json",
];

/// Words in the names of other files that are bills of materials.
const PLAIN: [&str; 6] = ["bom", "sbom", "cyclonedx", "cdx", "spdx", "spdx3"];

/// Whether the specifications give a name like this.
fn is_given(path: &RepoPath) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    NAMES.iter().any(|end| name.ends_with(end))
}

/// Whether the name of a file says that it may be a bill of materials: `bom.json`, `app-sbom.json`, `bom.1.4.xml`.
fn is_plain(path: &RepoPath) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    let Some((stem, _)) =
        [".json", ".xml", ".yml", ".yaml", ".spdx"].iter().find_map(|end| Some((name.strip_suffix(end)?, end)))
    else {
        return false;
    };
    !is_given(path) && stem.split(['.', '-', '_']).any(|word| PLAIN.contains(&word))
}

fn read_if_one(reading: &mut Reading) -> Result<(), Unreadable> {
    let text = &reading.source.text;
    let is_one = ["CycloneDX", "cyclonedx.org/schema", "SPDXRef-", "spdxVersion", "spdx.org/rdf", "SPDXVersion:"]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some());
    if is_one { take(reading, false) } else { Ok(()) }
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    take(reading, true)
}

/// Takes what a document says. One that only has the name of a bill, and words of one, is told only if it is one: a
/// schema of bills is none.
fn take(reading: &mut Reading, is_sure: bool) -> Result<(), Unreadable> {
    let source = reading.source;
    let name = name_of(&source.path).to_ascii_lowercase();
    if name.ends_with(".rdf") || name.ends_with(".rdf.xml") {
        return Err(Unreadable::new("SPDX as RDF is not read").hint("write it as JSON: `.spdx.json`"));
    }
    // YAML is read as the JSON that says the same.
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let (text, lines) = if is_yaml {
        let documents = document::read_yaml(reading);
        let mut json = AsJson::default();
        documents.first().into_iter().for_each(|document| json.put(document));
        (json.text, json.lines)
    } else {
        (source.text.clone(), Vec::new())
    };
    let line_of = |at: usize| match is_yaml {
        true => {
            lines.get(lines.partition_point(|(from, _)| *from <= at).saturating_sub(1)).map_or(1, |(_, line)| *line)
        }
        false => source.line_at(at),
    };
    let mut said = Ingested::default();
    let input = Input::of_bytes(source.path.as_str(), text.into_bytes());
    said.add(&input, Known::default(), &Arc::new(Places::nowhere()));
    drop(input);
    // What is in a format that is known has a note that says so.
    if !is_sure && said.notes.is_empty() {
        return Ok(());
    }
    said.gaps.into_iter().for_each(|gap| reading.gap(gap));
    let mut nodes: HashMap<String, Node> = HashMap::new();
    let mut from: Vec<(Node, Vec<String>)> = Vec::new();
    for component in said.components {
        let line = component.entry.at.map_or(1, line_of).max(1);
        let draft = Draft { line, ..draft(&component) };
        let is_direct = draft.direct == Some(true);
        let scope = draft.scope.unwrap_or(Scope::Runtime);
        let Some(node) = reading.add(draft) else { continue };
        if is_direct {
            reading.root(node, scope, None);
        }
        let entry = component.entry;
        if !entry.reference.is_empty() {
            nodes.entry(entry.reference).or_insert(node);
        }
        from.push((node, entry.needs));
    }
    for (node, needs) in from {
        for other in needs.iter().filter_map(|need| nodes.get(need)) {
            reading.needs(node, *other);
        }
    }
    Ok(())
}

/// A component as a package; one of no known ecosystem has the name that the document gives it.
fn draft(component: &Component) -> Draft {
    component::draft(component).unwrap_or_else(|| Draft {
        name: component.name.clone(),
        version: component::version(component),
        licenses: component.licenses.clone(),
        hashes: component.entry.hashes.clone(),
        scope: component.entry.scope,
        direct: component.entry.direct,
        ..Draft::default()
    })
}

/// Writes a tree as JSON, and remembers the line of each text.
#[derive(Default)]
struct AsJson {
    text: String,
    /// Where something begins, in bytes, and its line.
    lines: Vec<(usize, u32)>,
}

impl AsJson {
    fn put(&mut self, tree: &Tree) {
        self.lines.push((self.text.len(), tree.line));
        match &tree.value {
            Value::Null => self.text.push_str("null"),
            Value::Text(text) => self.quote(text),
            Value::List(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { "," });
                    self.put(item);
                }
                self.text.push(']');
            }
            Value::Map(members) => {
                self.text.push('{');
                for (index, member) in members.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { "," });
                    self.quote(&member.key);
                    self.text.push(':');
                    self.put(&member.value);
                }
                self.text.push('}');
            }
        }
    }

    fn quote(&mut self, text: &str) {
        // Writing into a text never fails.
        let _ = write!(self.text, "{}", serde_json::Value::from(text));
    }
}
