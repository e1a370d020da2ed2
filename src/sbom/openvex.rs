//! Writes OpenVEX 0.2.0 (<https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>): a statement for each
//! vulnerability that is known of the parts.
//!
//! What nobody has said anything of is under investigation. What somebody accepts is affected, and the reason is the
//! action; where a statement said that the product is not affected, so does this one.

use serde::Serialize;

use super::bill::{Acceptance, Bill, Vulnerability};
use super::uuid;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: String,
    author: &'a str,
    timestamp: String,
    version: u32,
    tooling: &'static str,
    statements: Vec<Statement<'a>>,
}

#[derive(Serialize)]
struct Statement<'a> {
    vulnerability: Named<'a>,
    products: Vec<Product<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact_statement: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_statement: Option<String>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    aliases: &'a [String],
}

#[derive(Serialize)]
struct Product<'a> {
    #[serde(rename = "@id")]
    id: &'a str,
}

/// Writes what a bill says of vulnerabilities.
pub(super) fn write(bill: &Bill) -> serde_json::Result<String> {
    let mut document = Document {
        context: "https://openvex.dev/ns/v0.2.0",
        id: String::new(),
        author: &bill.subject.name,
        timestamp: bill.created.to_string(),
        version: 1,
        tooling: concat!("scanall ", env!("CARGO_PKG_VERSION")),
        statements: bill.vulnerabilities.iter().flatten().map(statement).collect(),
    };
    document.id = format!("urn:uuid:{}", uuid(&serde_json::to_string(&document)?));
    serde_json::to_string_pretty(&document)
}

fn statement(known: &Vulnerability) -> Statement<'_> {
    let remedy = Some(known.remedy.as_str()).filter(|remedy| !remedy.is_empty());
    let (status, status_notes, impact_statement, action_statement) = match &known.accepted {
        None => ("under_investigation", remedy, None, None),
        Some(Acceptance { reason, is_unaffected: true }) => ("not_affected", None, Some(reason.as_str()), None),
        Some(Acceptance { reason, .. }) => ("affected", None, None, Some(format!("Accepted: {reason}"))),
    };
    Statement {
        vulnerability: Named { name: &known.id, description: &known.title, aliases: &known.aliases },
        products: known.affects.iter().map(|id| Product { id }).collect(),
        status,
        status_notes,
        impact_statement,
        action_statement,
    }
}
