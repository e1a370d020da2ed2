//! `scanall explain`: what a rule or a finding is, why it matters, and what to do.

use super::look::{is_fingerprint, pick, scan, with_context};
use super::{Answer, Surroundings};
use crate::cli::ScanArgs;
use crate::cli::explain::ExplainArgs;
use crate::error::Error;
use crate::explain::{Page, advisory, finding, license, secret, withdrawn};
use crate::finding::Kind;
use crate::scanner::Context;
use crate::text;

/// A way to find the page of a rule by its id.
type Lookup = fn(&Context, &str) -> Result<Option<Page>, Error>;

/// What is known without a scan, the quickest first; no name of an advisory is near another.
const KNOWN: [Lookup; 4] =
    [|context, id| Ok(secret::page(context, id)), license::page, |_, id| Ok(withdrawn::page(id)), advisory::page];

/// Explains a rule that is known here; else a finding, for which it scans.
///
/// # Errors
/// Nothing is known by this name, or the scan could not be carried out.
pub fn run(args: &ExplainArgs, around: &Surroundings) -> Result<Answer, Error> {
    let what = args.what.trim();
    let wanted = args.look.scan(&args.path);
    if is_fingerprint(what) {
        let report = scan(&wanted, around)?;
        let (found, why) = pick(&report, what)?;
        return Ok(Answer::of(finding::page(found, why).write(around.style)));
    }
    let known = with_context(&wanted, around, |context| {
        let page = KNOWN.iter().find_map(|lookup| lookup(context, what).transpose()).transpose()?;
        Ok(page.ok_or_else(|| unknown(context, what)))
    })?;
    let page = match known {
        Ok(page) => page,
        // The rules of other tools are known by what they find.
        Err(unknown) if Kind::ALL.iter().any(|kind| what.starts_with(&format!("{}/", kind.id()))) => {
            of_findings(&wanted, what, around)?.ok_or(unknown)?
        }
        Err(unknown) => return Err(unknown),
    };
    Ok(Answer::of(page.write(around.style)))
}

/// The page of a rule that some finding of a scan violates; `None` when none does.
fn of_findings(wanted: &ScanArgs, id: &str, around: &Surroundings) -> Result<Option<Page>, Error> {
    let report = scan(wanted, around)?;
    let all = || report.findings.iter().chain(report.suppressed.iter().map(|(finding, _)| finding));
    let mut found = all().filter(|finding| finding.rule.id == id).peekable();
    let Some(first) = found.peek().copied() else { return Ok(None) };
    let severity = first.severity;
    let mut tools: Vec<&str> = first.sources.iter().map(|source| source.tool.as_str()).collect();
    tools.dedup();
    let page = Page::new(&first.rule.title, Some(severity))
        .with("rule", [id.to_owned()])
        .with("found by", [tools.join(", ")])
        .about(&first.rule, None)
        .with("found at", found.map(|f| format!("{}  {}", f.fingerprint().short(), super::look::line_of(f))));
    Ok(Some(page))
}

/// Nothing goes by this name; perhaps something near it does.
fn unknown(context: &Context, what: &str) -> Error {
    let error = Error::usage(format!("nothing is known of `{}`", text::printable(what)));
    let secrets: Vec<String> = secret::rules(context).iter().map(|rule| rule.rule.id.clone()).collect();
    let licenses: Vec<String> = license::names().map(|name| format!("license/{}", name.to_ascii_lowercase())).collect();
    let ids = || secrets.iter().chain(&licenses);
    let short = ids().filter_map(|id| id.split_once('/').map(|(_, name)| name));
    // A name without a kind is compared with names without one.
    let near = match what.contains('/') {
        true => text::nearest(what, ids().map(String::as_str)),
        false => text::nearest(what, short),
    };
    match near {
        Some(near) if !advisory::is_name(what) => error.hint(format!("did you mean `{near}`?")),
        _ if advisory::is_name(what) => {
            error.hint("the advisory database at hand does not list it; a scan says which that is")
        }
        _ => error.hint("give a rule, an advisory, a license, or six or more digits of a finding's fingerprint"),
    }
}
