//! The page of one finding: what it is, where it came from, what to do.

use super::Page;
use crate::check::Verdict;
use crate::finding::assessment::Signal;
use crate::finding::{Finding, History, Location, Verified};
use crate::suppress::Suppression;
use crate::text;

/// So many places are listed.
const PLACES: usize = 20;

/// The page of a finding, which is accepted for a reason or is not.
pub fn page(finding: &Finding, accepted: Option<&Suppression>) -> Page {
    let Finding { rule, location, related, package, history, .. } = finding;
    let fingerprint = finding.fingerprint();
    let mut sources: Vec<String> = finding.sources.iter().map(|s| format!("{} as {}", s.tool, s.rule)).collect();
    sources.dedup();
    let mut places: Vec<String> = std::iter::once(location).chain(related.iter().take(PLACES)).map(place).collect();
    if related.len() > PLACES {
        places.push(format!("and {} more", text::grouped((related.len() - PLACES) as u64)));
    }
    let page = Page::new(&finding.message, Some(finding.severity))
        .with("rule", [format!("{}, of {} confidence", rule.id, finding.confidence.id())])
        .with("because", finding.assessment.iter().flat_map(|why| &why.signals).map(reason))
        .with("it says", finding.assessment.iter().filter_map(|why| why.check.as_ref()).flat_map(facts))
        .with("fingerprint", [fingerprint.as_str().to_owned()])
        .with("found by", sources)
        .with("where", places)
        .with("line", finding.excerpt.iter().map(|excerpt| excerpt.as_str().to_owned()))
        .with("secret", finding.secret.iter().map(|secret| secret.redacted()))
        .with("verified", finding.verified.iter().map(Verified::words))
        .with("history", history.iter().flat_map(came_and_went));
    let page = match package {
        Some(package) => page
            .with("package", [package.versioned_purl()])
            .with("through", [package.path.join(" > ")].into_iter().filter(|_| package.path.len() > 1))
            .with("fixed in", [package.fixed.join(" or ")])
            .with("also called", [package.aliases.join(", ")]),
        None => page,
    };
    let page = page.about(rule, finding.remedy.as_deref());
    match accepted {
        Some(why) => page.with("accepted", [acceptance(why)]),
        None => page.with("to accept", [format!("scanall ignore {} --reason '…'", fingerprint.short())]),
    }
}

/// What the form of a credential tells of it.
fn facts(verdict: &Verdict) -> Vec<String> {
    let known = verdict.facts.iter().map(|(what, fact)| format!("{what}: {fact}"));
    std::iter::once(format!("{} ({})", verdict.reason, verdict.outcome.as_str())).chain(known).collect()
}

/// A signal with its points.
fn reason(signal: &Signal) -> String {
    format!("{:+} {}", signal.points, signal.what)
}

fn place(location: &Location) -> String {
    let at = location.span.map_or_else(String::new, |span| format!(":{}:{}", span.start_line, span.start_column));
    let commit = location.commit.as_ref().map(|commit| match commit.date.as_str() {
        "" => format!(" in {}", commit.short()),
        date => format!(" in {} of {date}", commit.short()),
    });
    format!("{}{at}{}", location.path, commit.unwrap_or_default())
}

fn came_and_went(history: &History) -> Vec<String> {
    let went = match (&history.head, &history.removed) {
        (Some(path), _) => format!("HEAD still has it in {path}"),
        (None, Some(commit)) => format!("removed by {} of {}; git holds it all the same", commit.short(), commit.date),
        (None, None) => "no branch has it; git holds it all the same".to_owned(),
    };
    let (commits, paths) = (text::count(history.commits, "commit"), text::count(history.paths, "path"));
    vec![format!("came with {}", place(&history.introduced)), went, format!("{commits} brought it, under {paths}")]
}

fn acceptance(why: &Suppression) -> String {
    let by = why.place.words();
    let until = why.expires.map_or_else(String::new, |day| format!(" until {day}"));
    let reason = if why.reason.is_empty() { "without a reason" } else { &why.reason };
    format!("by {by}{until}: {reason}")
}
