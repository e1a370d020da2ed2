//! Reads CycloneDX XML, with the vulnerability extension of 1.2 and 1.3
//! (<https://github.com/CycloneDX/specification/tree/1.3/schema/ext>).

use roxmltree::{Document, Node};

use super::bom::{self, Affected, Bom, Flaw, Part, Property, Rated};
use crate::ingest::component;
use crate::ingest::lenient;
use crate::ingest::out::Out;

/// Whether a text is a CycloneDX document.
pub(super) fn fits(head: &str) -> bool {
    head.contains("cyclonedx.org/schema/bom") && (head.contains("<bom") || head.contains(":bom"))
}

/// Reads a document.
///
/// # Errors
/// It is no XML, or defines entities.
pub(super) fn read(text: &str, out: &mut Out) -> Result<(), String> {
    let document = Document::parse(text.trim_start_matches('\u{feff}')).map_err(|e| damage(&e))?;
    let root = document.root_element();
    let mut bom = Bom::default();
    if let Some(subject) = child(root, "metadata").and_then(|metadata| child(metadata, "component")) {
        bom.about(&part(subject));
    }
    for node in root.descendants().filter(Node::is_element) {
        match name(node) {
            "component" if is_part(node) => {
                let part = part(node);
                let holder = node.ancestors().skip(1).find(|outer| is_named(*outer, "component"));
                if let Some(holder) = holder {
                    bom.depends(attribute(holder, "bom-ref"), part.reference.clone());
                }
                bom.part(part);
            }
            "vulnerability" => bom.flaw(flaw(node)),
            "dependency" => {
                let holder = node.parent().filter(|outer| is_named(*outer, "dependency"));
                if let Some(holder) = holder {
                    bom.needs(attribute(holder, "ref"), &[attribute(node, "ref").to_owned()]);
                    bom.depends(attribute(holder, "ref"), attribute(node, "ref").to_owned());
                }
            }
            _ => {}
        }
    }
    bom.tell(out);
    Ok(())
}

/// What is wrong with it, without anything of its text.
fn damage(error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => "it defines entities".to_owned(),
        error => format!("it is no XML from line {} on", error.pos().row),
    }
}

fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

fn is_named(node: Node<'_, '_>, wanted: &str) -> bool {
    node.is_element() && name(node) == wanted
}

fn child<'a, 'i>(node: Node<'a, 'i>, wanted: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| is_named(*child, wanted))
}

fn children<'a, 'i: 'a>(node: Node<'a, 'i>, list: &str, wanted: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    let list = child(node, list);
    list.into_iter().flat_map(|list| list.children()).filter(move |child| is_named(*child, wanted))
}

fn attribute<'a>(node: Node<'a, '_>, key: &str) -> &'a str {
    node.attribute(key).unwrap_or_default()
}

/// The text of a child; empty without one.
fn told(node: Node<'_, '_>, wanted: &str) -> String {
    child(node, wanted).and_then(|child| child.text()).unwrap_or_default().trim().to_owned()
}

/// Whether a component belongs to the bill itself, not to its tools or to the history of another component.
fn is_part(node: Node<'_, '_>) -> bool {
    let mut at = node;
    loop {
        match at.parent().filter(|list| is_named(*list, "components")).and_then(|list| list.parent()) {
            Some(holder) if is_named(holder, "component") => at = holder,
            Some(holder) => return is_named(holder, "bom"),
            None => return false,
        }
    }
}

fn part(node: Node<'_, '_>) -> Part {
    let license = |license: Node<'_, '_>| {
        let told = match name(license) {
            "expression" => license.text().unwrap_or_default().trim().to_owned(),
            _ => Some(told(license, "id")).filter(|id| !id.is_empty()).unwrap_or_else(|| told(license, "name")),
        };
        Some(told).filter(|told| !told.is_empty())
    };
    let property = |node: Node<'_, '_>| Property {
        name: attribute(node, "name").to_owned(),
        value: node.text().unwrap_or_default().trim().to_owned(),
    };
    let seen = child(node, "evidence").and_then(|evidence| children(evidence, "occurrences", "occurrence").next());
    let licenses = child(node, "licenses").into_iter().flat_map(|list| list.children()).filter(Node::is_element);
    let mut part = Part {
        reference: attribute(node, "bom-ref").to_owned(),
        kind: attribute(node, "type").to_owned(),
        name: bom::grouped(&told(node, "group"), &told(node, "name")),
        version: told(node, "version"),
        purl: told(node, "purl"),
        licenses: licenses.filter_map(license).collect(),
        file: seen.map(|seen| told(seen, "location")).unwrap_or_default(),
        scope: bom::scope(&told(node, "scope")),
        hashes: children(node, "hashes", "hash")
            .filter_map(|hash| component::hash(attribute(hash, "alg"), hash.text().unwrap_or_default()))
            .collect(),
        at: child(node, "name").map(|name| name.range().start),
        is_lockfile: false,
    };
    part.look_at(&children(node, "properties", "property").map(property).collect::<Vec<_>>());
    part
}

fn flaw(node: Node<'_, '_>) -> Flaw {
    let rated = |rating: Node<'_, '_>| {
        let source = child(rating, "source");
        // The extension has the base score in an element of its own.
        let score = child(rating, "score");
        let base = score.map(|score| told(score, "base")).filter(|base| !base.is_empty());
        let score = base.unwrap_or_else(|| told(rating, "score"));
        Rated {
            by: source.map(|source| told(source, "name")).unwrap_or_default(),
            word: told(rating, "severity"),
            score: score.parse().ok(),
            vector: told(rating, "vector"),
        }
    };
    let source = child(node, "source");
    let advisories = child(node, "advisories").into_iter().flat_map(|list| list.children());
    let advisory = advisories.filter(Node::is_element).find_map(|advisory| {
        let url = Some(told(advisory, "url")).filter(|url| !url.is_empty());
        url.or_else(|| advisory.text().map(|text| text.trim().to_owned()).filter(|url| !url.is_empty()))
    });
    let url = source.map(|source| told(source, "url")).filter(|url| !url.is_empty()).or(advisory);
    let version = |version: Node<'_, '_>| (told(version, "version"), told(version, "status"));
    let target = |target: Node<'_, '_>| Affected {
        reference: told(target, "ref"),
        versions: children(target, "versions", "version").map(version).collect(),
    };
    let mut affects: Vec<Affected> = children(node, "affects", "target").map(target).collect();
    if affects.is_empty() {
        // The extension names the component, or stands in it.
        let holder = node.ancestors().find(|outer| is_named(*outer, "component"));
        let own = node.attribute("ref").or_else(|| holder?.attribute("bom-ref"));
        affects.extend(own.map(|own| Affected { reference: own.to_owned(), versions: Vec::new() }));
    }
    let cwes = children(node, "cwes", "cwe").filter_map(|cwe| cwe.text());
    let recommendation = children(node, "recommendations", "recommendation").find_map(|node| node.text());
    Flaw {
        id: told(node, "id"),
        aliases: children(node, "references", "reference").map(|reference| told(reference, "id")).collect(),
        ratings: children(node, "ratings", "rating").map(rated).collect(),
        cwe: lenient::weaknesses(cwes),
        description: told(node, "description"),
        recommendation: recommendation.map_or_else(|| told(node, "recommendation"), str::to_owned),
        url: url.unwrap_or_default(),
        state: child(node, "analysis").map(|analysis| told(analysis, "state")).unwrap_or_default(),
        affects,
    }
}
