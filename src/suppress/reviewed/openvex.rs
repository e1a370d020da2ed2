//! OpenVEX documents (<https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>): statements that a product is not
//! affected by a vulnerability, or no longer.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::product::Product;
use super::{Entry, Format, line_of};

/// A file that is called so; whether it is OpenVEX its context says.
pub(super) const FORMAT: Format = Format {
    name: "an OpenVEX document",
    wants: |path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        matches!(name, "openvex.json" | "vex.json")
            || [".openvex.json", ".vex.json"].iter().any(|end| name.ends_with(end))
    },
    is_below: false,
    read,
};

/// What the context of every version begins with.
const CONTEXT: &str = "https://openvex.dev/ns";

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: serde_json::Value,
    #[serde(borrow, default)]
    statements: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Statement {
    vulnerability: Vulnerability,
    #[serde(default)]
    products: Vec<Component>,
    status: String,
    #[serde(default)]
    justification: Option<String>,
    #[serde(default)]
    impact_statement: Option<String>,
    #[serde(default)]
    status_notes: Option<String>,
}

/// A name, or an object with one; earlier versions had the first.
#[derive(Deserialize)]
#[serde(untagged)]
enum Vulnerability {
    Name(String),
    Object {
        #[serde(default)]
        name: Option<String>,
        #[serde(rename = "@id", default)]
        id: Option<String>,
        #[serde(default)]
        aliases: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Component {
    Name(String),
    Object(Box<Described>),
}

#[derive(Deserialize)]
struct Described {
    #[serde(rename = "@id", default)]
    id: Option<String>,
    #[serde(default)]
    identifiers: Identifiers,
    #[serde(default)]
    subcomponents: Vec<Component>,
}

#[derive(Default, Deserialize)]
struct Identifiers {
    #[serde(default)]
    purl: Option<String>,
}

fn read(text: &str) -> Result<Vec<Entry>, String> {
    let document: Document = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let contexts = match &document.context {
        serde_json::Value::Array(all) => all.iter().filter_map(|one| one.as_str()).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    if !contexts.iter().any(|context| context.starts_with(CONTEXT)) {
        // Other documents are called `vex.json`, too.
        return Ok(Vec::new());
    }
    document.statements.iter().filter_map(|raw| entry(text, raw.get()).transpose()).collect()
}

fn entry(text: &str, raw: &str) -> Result<Option<Entry>, String> {
    let line = line_of(text, raw.as_ptr() as usize - text.as_ptr() as usize);
    let statement: Statement = serde_json::from_str(raw).map_err(|e| format!("the statement in line {line}: {e}"))?;
    if !matches!(statement.status.as_str(), "not_affected" | "fixed") {
        return Ok(None);
    }
    let ids = match statement.vulnerability {
        Vulnerability::Name(name) => vec![name],
        Vulnerability::Object { name, id, aliases } => {
            // The id is an address, which ends in the name.
            let last = id.as_deref().and_then(|id| id.rsplit('/').next()).map(str::to_owned);
            name.into_iter().chain(last).chain(aliases).collect()
        }
    };
    let products: Vec<Product> = statement.products.iter().flat_map(Component::products).collect();
    // Without one of either it would accept more than was said.
    if ids.iter().all(String::is_empty) || products.is_empty() {
        return Ok(None);
    }
    let why =
        [statement.impact_statement, statement.status_notes, statement.justification.map(|it| it.replace('_', " "))];
    let reason = why.into_iter().flatten().find(|why| !why.trim().is_empty());
    let reason = match (statement.status.as_str(), reason) {
        ("fixed", None) => "VEX says that it is fixed".to_owned(),
        ("fixed", Some(why)) => format!("VEX says that it is fixed: {why}"),
        (_, None) => "VEX says that it is not affected".to_owned(),
        (_, Some(why)) => format!("VEX says that it is not affected: {why}"),
    };
    Ok(Some(Entry { line, ids, products, reason, is_unaffected: true, ..Entry::default() }))
}

impl Component {
    /// The packages that a statement about this is about: its parts where it names some, else itself.
    fn products(&self) -> Vec<Product> {
        match self {
            Self::Name(name) => Product::of_purl(name).into_iter().collect(),
            Self::Object(it) if !it.subcomponents.is_empty() => {
                it.subcomponents.iter().flat_map(|part| part.itself()).collect()
            }
            Self::Object(_) => self.itself().into_iter().collect(),
        }
    }

    fn itself(&self) -> Option<Product> {
        match self {
            Self::Name(name) => Product::of_purl(name),
            Self::Object(it) => it.identifiers.purl.as_deref().or(it.id.as_deref()).and_then(Product::of_purl),
        }
    }
}
