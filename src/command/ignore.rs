//! `scanall ignore`: accepts a finding, where a reviewer sees it.

use std::path::PathBuf;

use super::look::{is_fingerprint, line_of, pick, scan, with_context};
use super::{Answer, Surroundings};
use crate::accept::{comment, entry};
use crate::baseline::is_weak;
use crate::cli::ignore::IgnoreArgs;
use crate::config::{self, Ignore};
use crate::edit;
use crate::error::Error;
use crate::finding::Finding;
use crate::suppress::Place;

/// No configuration is larger, and no file in which a line gets a comment, in bytes.
const MOST: u64 = 16 << 20;

/// Scans for the finding, so that nobody accepts what is not there, and writes down that it is accepted.
///
/// # Errors
/// There is no such finding or no good reason, or the file cannot be written.
pub fn run(args: &IgnoreArgs, around: &Surroundings) -> Result<Answer, Error> {
    check(args, around)?;
    let reason = args.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = args.look.scan(&args.path);
    let root = with_context(&wanted, around, |context| Ok(context.target.root.clone()))?;
    let report = scan(&wanted, around)?;
    let (finding, accepted) = pick(&report, &args.fingerprint)?;
    if let Some(why) = accepted.filter(|why| why.place != Place::Baseline) {
        let place = why.place.words();
        let reason = crate::text::printable(&why.reason);
        return Ok(Answer::of(format!("{}\nis accepted already, by {place}: {reason}\n", line_of(finding))));
    }
    let mut said = match args.inline {
        true => inline(finding, &reason, &root, args, around)?,
        false => configured(finding, reason, &root, args)?,
    };
    if !args.inline && finding.secret.as_ref().is_some_and(is_weak) {
        said.push_str(&format!(
            "{} whoever reads the fingerprint and guesses this secret knows that it is right; change it if it is in use\n",
            around.style.warning("warning:")
        ));
    }
    Ok(Answer::of(said))
}

/// Refuses what needs no scan to be refused.
fn check(args: &IgnoreArgs, around: &Surroundings) -> Result<(), Error> {
    if !is_fingerprint(&args.fingerprint) {
        return Err(Error::usage(format!(
            "`{}` is not the beginning of a fingerprint",
            crate::text::printable(&args.fingerprint)
        ))
        .hint("give 6 to 32 of its hexadecimal digits; `scanall` shows them behind the rule of each finding")
        .hint("to accept a rule, a path, a package or an advisory, write an [[ignore]] into .scanall.toml"));
    }
    if args.reason.trim().is_empty() {
        return Err(Error::usage("the reason is empty")
            .hint("say why the finding is accepted; whoever reads it next will want to know"));
    }
    if let Some(day) = args.expires.filter(|day| day.0 < around.environment.today) {
        return Err(Error::usage(format!("{} is over", day.0)).hint("give a day that is still to come, or none"));
    }
    Ok(())
}

/// Adds an `[[ignore]]` to the configuration, which is made if need be.
fn configured(finding: &Finding, reason: String, root: &std::path::Path, args: &IgnoreArgs) -> Result<String, Error> {
    let (path, name) = match &args.look.what.config {
        Some(path) => (edit::resolve(path, None)?, path.display().to_string()),
        None => (edit::resolve(&root.join(config::FILE), Some(root))?, config::FILE.to_owned()),
    };
    let source = match edit::read(&path, MOST) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|e| Error::usage(format!("cannot read the configuration `{name}`")).because(e))?,
    };
    let ignore = Ignore {
        fingerprint: Some(finding.fingerprint().as_str().to_owned()),
        rule: None,
        path: None,
        package: None,
        advisory: None,
        reason,
        expires: args.expires,
    };
    edit::replace(&path, entry::added(&source, &ignore, &name)?.as_bytes())?;
    let until = args.expires.map_or_else(String::new, |day| format!(" until {}", day.0));
    Ok(format!("{}\nis accepted{until} in {name}: {}\n", line_of(finding), crate::text::printable(&ignore.reason)))
}

/// Writes a comment behind the line, and looks whether it does what it should: if not, the file is put back.
fn inline(
    finding: &Finding,
    reason: &str,
    root: &std::path::Path,
    args: &IgnoreArgs,
    around: &Surroundings,
) -> Result<String, Error> {
    let refuse = |why: String| {
        Error::usage("this finding cannot be accepted on its line").because(why).hint("accept it without --inline")
    };
    let place = &finding.location;
    let span = place
        .span
        .filter(|_| place.commit.is_none())
        .ok_or_else(|| refuse("it is on no line of a file as it is now".to_owned()))?;
    let comment = comment::of(place.path.as_str(), &finding.rule.id, reason).map_err(refuse)?;
    let path: PathBuf = edit::resolve(&root.join(place.path.as_str()), Some(root))?;
    let failed = |e: std::io::Error| Error::usage(format!("cannot read `{}`", place.path)).because(e);
    if path.metadata().map_err(failed)?.len() > MOST {
        return Err(refuse(format!("its file has more than {MOST} bytes")));
    }
    let before = std::fs::read(&path).map_err(failed)?;
    let after = comment::behind(&before, span.start_line, &comment)
        .ok_or_else(|| refuse("its line is gone, or goes on behind a backslash".to_owned()))?;
    edit::replace(&path, &after)?;
    let works = scan(&args.look.scan(&args.path), around).map(|report| {
        report.suppressed.iter().any(|(other, why)| {
            why.place == Place::Inline
                && other.rule.id == finding.rule.id
                && other.location.path == place.path
                && other.location.span.is_some_and(|s| s.start_line == span.start_line)
        })
    });
    if !matches!(works, Ok(true)) {
        edit::replace(&path, &before)?;
        works?;
        return Err(refuse("the comment has no effect there, so the file is as it was".to_owned())
            .hint("a secret that stands on several lines or in several files needs a comment at each"));
    }
    let path = crate::text::printable(place.path.as_str());
    Ok(format!("{}\nis accepted by a comment on {path}:{}: {comment}\n", line_of(finding), span.start_line))
}
