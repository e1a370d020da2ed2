//! `scanall comment`: keeps one comment with the report on a pull request.

use std::io::Read as _;
use std::path::Path;

use super::upload::interruptible;
use super::{Answer, Surroundings, runtime};
use crate::cli::CommentArgs;
use crate::error::Error;
use crate::github::comment::{self, Outcome};
use crate::github::{Client, Event, destination};
use crate::net::Net;
use crate::output::markdown;
use crate::target::Target;

/// No more of a report is read, in bytes; a comment takes much less.
const MAX_REPORT: u64 = 16 << 20;

/// Keeps the comment, and answers with where it is.
///
/// # Errors
/// The report cannot be read, nobody says which pull request is meant, or GitHub refused for another reason than the
/// missing rights of a fork.
pub fn run(args: &CommentArgs, around: &Surroundings) -> Result<Answer, Error> {
    let text = read(&args.markdown)?;
    let variables = &around.environment.github;
    let event = Event::of(variables);
    let number = args.pull_request.or(event.pull_request).ok_or_else(|| {
        Error::usage("nobody says which pull request this is about")
            .because("the event of the workflow, if there is one, is about none".to_owned())
            .hint("give --pull-request N, or run it in a workflow on: pull_request")
    })?;
    let net = Net::new(false);
    let client = Client::new(&net, &around.environment)?;
    let origin = Target::open(Path::new(".")).map(|target| target.origin).unwrap_or_default();
    let repository = destination::repository(args.repository.as_ref(), variables, &origin, &client.address)?;
    let when_clean = markdown::is_clean(&text).then_some(args.when_clean);
    let work = comment::keep(&client, (&repository, number), &text, when_clean);
    let kept = interruptible(&runtime()?, async { Ok(work.await) })?;
    match kept {
        Ok(Outcome::Made(url)) => Ok(Answer::of(format!("commented: {url}\n"))),
        Ok(Outcome::Updated(url)) => Ok(Answer::of(format!("updated the comment: {url}\n"))),
        Ok(Outcome::Closed) => Ok(Answer::of("closed the comment: the report is clean\n")),
        Ok(Outcome::None) => Ok(Answer::of("no comment: the report is clean\n")),
        // A stranger's pull request must not fail for want of a comment.
        Err(failure) if failure.is_without_rights() && event.is_foreign != Some(false) => {
            let words = "this token may not comment on the pull request, as for every fork; see the job summary";
            let notice = if variables.is_actions { "::notice title=scanall::" } else { "" };
            Ok(Answer::of(format!("{notice}{words}\n")))
        }
        Err(failure) => Err(failure.explain_in(&event, &format!("comment on {repository}#{number}"))),
    }
}

fn read(path: &Path) -> Result<String, Error> {
    let failed = |e: std::io::Error| Error::usage(format!("cannot read `{}`", path.display())).because(e);
    let mut bytes = Vec::new();
    let is_stdin = path == Path::new("-");
    let source: Box<dyn std::io::Read> =
        if is_stdin { Box::new(std::io::stdin()) } else { Box::new(std::fs::File::open(path).map_err(failed)?) };
    source.take(MAX_REPORT).read_to_end(&mut bytes).map_err(failed)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
