//! Defines [`Licensed`]: a package whose license a report objects to.

use crate::finding::{Confidence, Finding, Kind, Location, Package, Rating, Severity};
use crate::ingest::out::Out;
use crate::rule::Rule;
use crate::text;

/// A package whose license a report objects to.
pub struct Licensed<'a> {
    /// The license as the tool calls it.
    pub license: &'a str,
    /// What the tool has against it, a few words such as `category: restricted`; may be empty.
    pub why: &'a str,
    /// The package; `None` for a file of the project.
    pub package: Option<Package>,
    /// How severe it is, and who says so.
    pub severity: (Severity, Rating),
    /// Where it is.
    pub location: Location,
}

impl Licensed<'_> {
    /// Makes the finding.
    pub fn finding(self, out: &mut Out) -> Finding {
        let license = text::printable(self.license.trim());
        let license = if license.is_empty() { "no license".to_owned() } else { license };
        let slug: String = license.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
        let rule = out.rule(format!("license/{slug}"), |id| Rule {
            id,
            title: format!("License {license} is objected to"),
            description: format!("A dependency is under {license}, which a tool's policy objects to."),
            help: "Replace the dependency, choose another of its licenses, or allow the license in the tool's policy."
                .to_owned(),
            url: None,
            cwe: Vec::new(),
        });
        let what = match &self.package {
            Some(package) => text::printable(format!("{} {}", package.name, package.version).trim_end()),
            None => "The file".to_owned(),
        };
        let why = text::printable(self.why);
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        let (severity, rating) = self.severity;
        let message = format!("{what} is under {license}{why}");
        let mut finding = Finding::new(rule, Kind::License, severity, message, self.location, out.source(&license));
        finding.rating = rating;
        finding.confidence = Confidence::Medium;
        finding.package = self.package;
        finding
    }
}
