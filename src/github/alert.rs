//! Defines [`Alert`]: what GitHub shows of a result, and finds the alerts of findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scanall_sarif::RelativePath;
use serde_json::Value;

use super::{Client, Destination, Failure};
use crate::finding::Finding;

/// An alert of code scanning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its number in the repository.
    pub number: u64,
    /// Where people see it.
    pub url: String,
    /// The state: `open`, `dismissed` or `fixed`.
    pub state: String,
    /// What was said when it was dismissed; `None` when nothing was.
    pub comment: Option<String>,
    rule: String,
    path: String,
    /// From 1; `None` when it is about a file as a whole.
    line: Option<u64>,
}

impl Alert {
    /// Reads an entry of the list; `None` when it is none, or leads elsewhere than to the server.
    fn read(entry: &Value, server: &str) -> Option<Self> {
        let instance = &entry["most_recent_instance"];
        let place = &instance["location"];
        let url = entry["html_url"].as_str().filter(|url| url.starts_with(&format!("{server}/")))?;
        Some(Self {
            number: entry["number"].as_u64()?,
            url: crate::text::printable(url),
            // Dismissed is the alert as a whole; whether it is open or fixed depends on the reference.
            state: match entry["state"].as_str()? {
                "dismissed" => "dismissed",
                state => instance["state"].as_str().unwrap_or(state),
            }
            .to_owned(),
            comment: entry["dismissed_comment"].as_str().map(str::to_owned),
            rule: entry["rule"]["id"].as_str()?.to_owned(),
            path: place["path"].as_str()?.to_owned(),
            line: place["start_line"].as_u64(),
        })
    }
}

/// The alerts of one reference, by rule, path and line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alerts {
    by_place: BTreeMap<(String, String), Vec<Alert>>,
    /// There are more than were read.
    pub is_cut: bool,
}

impl Alerts {
    /// An open alert of a finding, at an address.
    #[cfg(test)]
    pub(crate) fn of_one(finding: &Finding, url: &str) -> Self {
        let place = (finding.rule.id.clone(), finding.location.path.as_str().to_owned());
        let alert = Alert {
            number: 1,
            url: url.to_owned(),
            state: "open".to_owned(),
            comment: None,
            rule: place.0.clone(),
            path: place.1.clone(),
            line: finding.location.span.map(|span| u64::from(span.start_line)),
        };
        Self { by_place: BTreeMap::from([(place, vec![alert])]), is_cut: false }
    }

    /// Asks for those of scanall that are there for a reference.
    ///
    /// # Errors
    /// The server refused, or could not be asked.
    pub async fn ask(client: &Client<'_>, of: &Destination) -> Result<Self, Failure> {
        let reference = encoded(&of.reference);
        let path =
            format!("/repos/{}/code-scanning/alerts?tool_name=scanall&ref={reference}&per_page=100", of.repository);
        let (entries, is_whole) = match client.list(&path).await {
            // What was never analysed has no alerts.
            Err(Failure::Refused { status: 404, message }) if message.to_lowercase().contains("no analysis") => {
                (Vec::new(), true)
            }
            read => read?,
        };
        let server = &client.address.server;
        let mut alerts = Self { by_place: BTreeMap::new(), is_cut: !is_whole };
        for alert in entries.iter().filter_map(|entry| Alert::read(entry, server)) {
            alerts.by_place.entry((alert.rule.clone(), alert.path.clone())).or_default().push(alert);
        }
        Ok(alerts)
    }

    /// The alert of a finding: the one with its rule and path that begins on its line. One that GitHub keeps without a
    /// line, or on line 1 as it does for whole files, is that of a finding without a line. `None` without one.
    pub fn of(&self, finding: &Finding) -> Option<&Alert> {
        let path = finding.location.path.as_str();
        let at = |path: &str| self.by_place.get(&(finding.rule.id.clone(), path.to_owned()));
        let line = finding.location.span.map(|span| u64::from(span.start_line));
        // Paths are listed as they were sent, or decoded.
        let found = at(path).or_else(|| at(RelativePath::new(path).ok()?.as_uri()))?;
        let fits = |alert: &&Alert| alert.line.unwrap_or(1) == line.unwrap_or(1);
        found.iter().filter(fits).min_by_key(|alert| (alert.state == "fixed", alert.number))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_place.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }
}

/// A value of a query: everything but letters, digits and `-._~/` as `%XX`.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) => out.push(char::from(b)),
            b => {
                let _ = write!(out, "%{b:02X}");
            }
        }
    }
    out
}
