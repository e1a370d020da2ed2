//! Defines [`Vulnerable`]: a package that a report says is vulnerable.

use crate::finding::{Confidence, Finding, Kind, Location, Package, Rating, Severity};
use crate::ingest::out::Out;
use crate::rule::Rule;
use crate::text;

/// Databases whose ids everybody knows.
const KNOWN: [&str; 12] =
    ["CVE-", "GHSA-", "RUSTSEC-", "PYSEC-", "GO-", "OSV-", "MAL-", "DSA-", "DLA-", "USN-", "RHSA-", "ALAS"];

/// Longer sentences are no titles, in characters.
const LONGEST_TITLE: usize = 120;

/// A package that a report says is vulnerable.
pub struct Vulnerable<'a> {
    /// The advisory as the tool calls it.
    pub id: &'a str,
    /// Its other ids, in any order; may hold the first and repeat.
    pub aliases: Vec<String>,
    /// A noun phrase; empty when the report has none, for the first sentence of the description if that is short.
    pub title: &'a str,
    /// What it is, Markdown or not; may be empty.
    pub description: &'a str,
    /// A page about it; may be empty.
    pub url: &'a str,
    /// Weaknesses by number in the Common Weakness Enumeration.
    pub cwe: Vec<u32>,
    /// The package, with fixed versions and the way to it where they are known; aliases are taken from above.
    pub package: Package,
    /// How severe it is, and who says so.
    pub severity: (Severity, Rating),
    /// Where it is.
    pub location: Location,
}

impl Vulnerable<'_> {
    /// Makes the finding.
    pub fn finding(self, out: &mut Out) -> Finding {
        let Self { id, mut aliases, title, description, url, mut cwe, mut package, severity, location } = self;
        aliases.push(id.to_owned());
        aliases.retain(|alias| !alias.trim().is_empty());
        for alias in &mut aliases {
            *alias = text::printable(alias.trim());
        }
        aliases.sort();
        aliases.dedup();
        let name = preferred(id, &aliases);
        aliases.retain(|alias| *alias != name);
        let title = text::paragraph(title).or_else(|| sentence(description)).unwrap_or_else(|| name.clone());
        let title = title.trim_end_matches('.').to_owned();
        let rule = out.rule(format!("advisory/{name}"), |rule| {
            cwe.sort_unstable();
            cwe.dedup();
            Rule {
                id: rule,
                title: title.clone(),
                description: text::paragraph(&without_headings(description)).unwrap_or_else(|| title.clone()),
                help: "Raise the package to a version that is fixed, or replace it.".to_owned(),
                url: super::page(url),
                cwe,
            }
        });
        package.aliases = aliases;
        package.name = text::printable(&package.name);
        package.version = text::printable(&package.version);
        package.fixed.iter_mut().for_each(|version| *version = text::printable(version));
        let called = [package.name.as_str(), package.version.as_str()].join(" ");
        let message = format!("{} is vulnerable: {title}", called.trim_end());
        let remedy = match package.fixed.is_empty() {
            true => format!("No version is fixed; replace {}", package.name),
            false => format!("Raise {} to {}", package.name, package.fixed.join(" or ")),
        };
        let (severity, rating) = severity;
        let mut finding = Finding::new(rule, Kind::Advisory, severity, message, location, out.source(id));
        finding.rating = rating;
        finding.confidence = Confidence::High;
        finding.package = Some(package);
        finding.remedy = Some(remedy);
        finding
    }
}

/// A description without the lines that only head a part of it.
fn without_headings(description: &str) -> String {
    let lines = description.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first sentence of a description, if it is short enough for a title.
fn sentence(description: &str) -> Option<String> {
    let lines = description.lines().map(str::trim);
    let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(['#', '*', '-', '|', '<']))?;
    let sentence = first.split(". ").next().unwrap_or(first);
    (sentence.chars().count() <= LONGEST_TITLE).then(|| text::printable(sentence))
}

/// The id that names the rule: the tool's own if everybody knows its database, else that of a CVE or a GHSA.
fn preferred(id: &str, aliases: &[String]) -> String {
    let known = |id: &str| KNOWN.iter().any(|prefix| id.starts_with(prefix));
    let best = ["CVE-", "GHSA-"].iter().find_map(|prefix| aliases.iter().find(|alias| alias.starts_with(prefix)));
    match best {
        Some(best) if !known(id) => best.clone(),
        _ => text::printable(id.trim()),
    }
}
