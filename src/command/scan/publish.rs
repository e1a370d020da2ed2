//! `scan --upload`: what happens on GitHub behind a scan, when every file is written.

use crate::cli::ScanArgs;
use crate::command::upload::{interruptible, page, send};
use crate::command::{Surroundings, runtime};
use crate::error::Error;
use crate::github::alert::Alerts;
use crate::github::upload::{File, Manner, Prepared, prepare};
use crate::github::{Client, Destination, Event, dismissal};
use crate::net::Net;
use crate::output::{View, sarif};
use crate::report::Report;
use crate::target::Target;
use crate::text;

/// Uploads the kinds that were looked at completely, keeps dismissals in step where that is asked for, and returns the
/// alerts that the findings have now, as far as they are known already.
///
/// # Errors
/// Something is missing, or GitHub refused the upload or a dismissal.
pub(super) fn publish(report: &Report, view: &View, args: &ScanArgs, around: &Surroundings) -> Result<Alerts, Error> {
    let environment = &around.environment;
    let net = Net::new(args.what.offline);
    let client = Client::new(&net, environment)?;
    let to = Destination::of(&args.destination.asked(), &environment.github, &report.origin, &client.address)?;
    refuse_part(args, &to)?;
    let event = Event::of(&environment.github);
    let say = |line: &str| {
        if args.output.quiet == 0 {
            around.tell(line);
        }
    };
    interruptible(&runtime()?, async {
        let sync = args.sync_dismissals && {
            let asked = dismissal::is_default_branch(&client, &to).await;
            asked.map_err(|failure| failure.explain_in(&event, "ask for the default branch"))?
        };
        if args.sync_dismissals && !sync {
            say("dismissals are kept in step on the default branch only, so they are left as they are");
        }
        let text = if sync { sarif::write_dismissible(report, view)? } else { sarif::write_upload(report, view)? };
        let file = File { name: "the report".to_owned(), bytes: text.into_bytes() };
        let Prepared { uploads, left_out, repaired } = prepare(vec![file], None)?;
        repaired.iter().for_each(|line| say(&format!("repaired: {line}")));
        left_out.iter().for_each(|line| say(&format!("not uploaded: {line}")));
        let manner = Manner { started_at: started_at(report), ..Manner::default() };
        if uploads.is_empty() {
            return Ok(Alerts::default());
        }
        if !send(&client, &to, &event, &uploads, &manner, &say).await? {
            if sync {
                say("the alerts are not there yet, so the next run keeps dismissals in step");
            }
            return Ok(Alerts::default());
        }
        let alerts = match Alerts::ask(&client, &to).await.map_err(|failure| failure.explain_in(&event, "list alerts"))
        {
            Ok(alerts) => alerts,
            Err(error) if sync => return Err(error),
            Err(error) => {
                // The upload itself is fine, so this fails nothing.
                around.explain(&error, "warning:");
                return Ok(Alerts::default());
            }
        };
        if alerts.is_cut {
            say(&format!("only the first {} were read", text::count(alerts.len(), "alert")));
        }
        let linked = report.findings.iter().filter(|finding| alerts.of(finding).is_some()).count();
        let (total, page) = (text::count(report.findings.len(), "finding"), page(&client, &to));
        say(&format!("{} of {total} linked to an alert: {page}", text::grouped(linked as u64)));
        if sync {
            let changes = dismissal::sync(&client, &to, report, &alerts).await;
            let changes = changes.map_err(|failure| failure.explain_in(&event, "dismiss alerts"))?;
            let (dismissed, reopened) =
                (text::count(changes.dismissed, "alert"), text::count(changes.reopened, "alert"));
            say(&format!("dismissed {dismissed}, opened {reopened} again"));
            if changes.left > 0 {
                say(&format!("{} are left to the next run", text::count(changes.left, "alert")));
            }
        }
        Ok(alerts)
    })
}

/// Refuses a scan of a part for a branch or a tag: what an upload does not have, GitHub calls fixed. A pull request has
/// alerts of its own.
fn refuse_part(args: &ScanArgs, to: &Destination) -> Result<(), Error> {
    if to.is_pull_request() {
        return Ok(());
    }
    let history = args.history.as_deref().filter(|history| !["full", "none"].contains(history));
    let scope = Target::open(&args.path).ok().and_then(|target| target.scope);
    let part = match (history, scope) {
        (Some(range), _) => format!("the range {} of the history", text::printable(range)),
        (None, Some(scope)) => format!("`{}`", text::printable(scope.as_str())),
        (None, None) => return Ok(()),
    };
    let reference = text::printable(&to.reference);
    Err(Error::usage(format!("only {part} was scanned, and GitHub would call fixed what else {reference} has"))
        .hint("scan the whole repository to upload it; a part can be uploaded for a pull request"))
}

/// When the scan began; `None` when the clock makes no sense.
fn started_at(report: &Report) -> Option<String> {
    let start = jiff::Timestamp::now().checked_sub(report.elapsed).ok()?;
    Some(start.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
