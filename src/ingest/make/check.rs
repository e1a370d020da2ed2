//! Defines [`Check`]: a rule about code or configuration that a report says is violated.

use crate::finding::{Confidence, Excerpt, Finding, Kind, Location, Rating, Severity};
use crate::ingest::catalogue;
use crate::ingest::out::Out;
use crate::rule::Rule;
use crate::text;

/// A rule about code or configuration that a report says is violated.
pub struct Check<'a> {
    /// Code or configuration.
    pub kind: Kind,
    /// The rule as the tool calls it.
    pub id: &'a str,
    /// A noun phrase; empty for the id in words.
    pub title: &'a str,
    /// What the tool says of this place; empty for the title.
    pub message: &'a str,
    /// What the rule is about, Markdown or not; empty for the message.
    pub description: &'a str,
    /// What to do about it; empty for the description.
    pub help: &'a str,
    /// A page about it; may be empty.
    pub url: &'a str,
    /// Weaknesses by number in the Common Weakness Enumeration.
    pub cwe: Vec<u32>,
    /// How severe it is, and who says so; where the report says nothing, the tool's map does.
    pub severity: (Severity, Rating),
    /// How sure the tool is.
    pub confidence: Confidence,
    /// Where it is.
    pub location: Location,
    /// The offending lines; `None` without. Only the first line is shown.
    pub excerpt: Option<&'a str>,
    /// What is configured wrong; empty without.
    pub resource: &'a str,
}

impl Check<'_> {
    /// Makes the finding.
    pub fn finding(self, out: &mut Out) -> Finding {
        let (map, tool) = (out.map, out.format.tool);
        self.finding_of(out, tool, map)
    }

    /// Makes the finding of a tool that the report names.
    pub fn finding_of(self, out: &mut Out, tool: &str, map: &super::super::map::Map) -> Finding {
        let known = map.rule(self.id).cloned().unwrap_or_default();
        let id = map.rule_id(self.kind, tool, self.id);
        // What a rule that several tools share says must not depend on which of them is read first.
        let common = catalogue::check(&id);
        let fallback = || text::sentence_case(&text::printable(&words(self.id)));
        let told = known.title.or_else(|| text::paragraph(self.title)).unwrap_or_else(fallback);
        let message = text::paragraph(self.message).unwrap_or_else(|| told.trim_end_matches('.').to_owned());
        let title = common.map_or(told, |common| common.title.clone()).trim_end_matches('.').to_owned();
        let remedy = known.help.or_else(|| text::paragraph(self.help));
        let rule = out.rule(id, |id| {
            let told = || text::paragraph(self.description).unwrap_or_else(|| message.clone());
            let description = common.map_or_else(told, |common| common.why.clone());
            let mut cwe = self.cwe.clone();
            cwe.extend(known.cwe);
            cwe.extend(common.iter().flat_map(|common| &common.cwe));
            cwe.sort_unstable();
            cwe.dedup();
            let help = common.map(|common| common.help.clone()).or_else(|| remedy.clone());
            Rule {
                id,
                help: help.unwrap_or_else(|| description.clone()),
                url: known.url.or_else(|| super::page(self.url)),
                title,
                description,
                cwe,
            }
        });
        let (severity, rating) = map.rated(self.id, self.severity);
        let source = crate::finding::Source { tool: text::printable(tool), rule: text::printable(self.id) };
        let mut finding = Finding::new(rule, self.kind, severity, message, self.location, source);
        finding.rating = rating;
        finding.confidence = self.confidence;
        finding.excerpt = self.excerpt.filter(|text| !text.trim().is_empty()).map(Excerpt::plain);
        finding.resource = Some(text::printable(self.resource)).filter(|name| !name.is_empty());
        finding.remedy = remedy;
        finding
    }
}

/// The last part of an id in words: `python.lang.security.eval-use` is `eval use`.
fn words(id: &str) -> String {
    id.rsplit(['.', '/']).next().unwrap_or(id).replace(['-', '_'], " ")
}
