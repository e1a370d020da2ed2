//! Keeps one comment on a pull request: made once, then written anew, known by a hidden marker.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, Failure, Slug};
use crate::error::Error;
use crate::output::markdown::MARKER;

/// GitHub takes no longer comment, in characters; counted here in UTF-16 units, which are never fewer.
const MOST_UNITS: usize = 65_536;
/// What is said where the rest was cut off.
const CUT: &str = "\n\n…the rest of the report is too long for a comment.\n";

/// What becomes of the comment when the report is clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum WhenClean {
    /// It is deleted, as if there had been nothing to say.
    Close,
    /// It is written anew and says so.
    Keep,
}

/// What became of the comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was made, and is here.
    Made(String),
    /// It was written anew, and is here.
    Updated(String),
    /// It is gone.
    Closed,
    /// There was none, and there is nothing to say.
    None,
}

/// Makes, updates or closes the comment on a pull request.
///
/// # Errors
/// The server refused, or could not be asked.
pub async fn keep(
    client: &Client<'_>,
    on: (&Slug, u64),
    markdown: &str,
    when_clean: Option<WhenClean>,
) -> Result<Outcome, Failure> {
    let (repository, number) = on;
    let own = own(client, repository, number).await?;
    let path = own.map(|id| format!("/repos/{repository}/issues/comments/{id}"));
    let body = json!({ "body": body(markdown) });
    match (path, when_clean) {
        (None, Some(_)) => Ok(Outcome::None),
        (Some(path), Some(WhenClean::Close)) => match client.ask(Method::DELETE, &path, None).await {
            // Somebody else has closed it.
            Ok(_) | Err(Failure::Refused { status: 404, .. }) => Ok(Outcome::Closed),
            Err(failure) => Err(failure),
        },
        (Some(path), _) => {
            Ok(Outcome::Updated(url(client, &client.ask(Method::PATCH, &path, Some(&body)).await?.body)))
        }
        (None, None) => {
            let path = format!("/repos/{repository}/issues/{number}/comments");
            Ok(Outcome::Made(url(client, &client.ask(Method::POST, &path, Some(&body)).await?.body)))
        }
    }
}

fn url(client: &Client<'_>, comment: &Value) -> String {
    client.words(comment["html_url"].as_str().unwrap_or_default())
}

/// The first comment that has the marker and is of our own login: others may copy a marker, and whoever has the rights
/// could be made to overwrite theirs. `None` when there is none.
async fn own(client: &Client<'_>, repository: &Slug, number: u64) -> Result<Option<u64>, Failure> {
    let (comments, _) = client.list(&format!("/repos/{repository}/issues/{number}/comments?per_page=100")).await?;
    let marked = |comment: &&Value| comment["body"].as_str().is_some_and(|body| body.starts_with(MARKER));
    let mut marked = comments.iter().filter(marked).peekable();
    if marked.peek().is_none() {
        return Ok(None);
    }
    // The token of a workflow may not ask `/user`, but GraphQL tells whose it is.
    let viewer = client.query(&json!({ "query": "query { viewer { login } }" })).await?;
    let login = viewer["viewer"]["login"].as_str().filter(|login| !login.is_empty()).ok_or_else(|| {
        // Without it our comment cannot be told from others, and there would soon be many.
        Failure::Broken(Error::usage("the server does not say whose the token is"))
    })?;
    let bot = format!("{login}[bot]");
    let is_own = |comment: &&Value| {
        let user = &comment["user"];
        let author = user["login"].as_str().unwrap_or_default();
        author == login || (author == bot && user["type"] == "Bot")
    };
    Ok(marked.find(is_own).and_then(|comment| comment["id"].as_u64()))
}

/// The marker and the text, cut at the end of a line where it is too long.
fn body(markdown: &str) -> String {
    let text = markdown.strip_prefix(MARKER).unwrap_or(markdown).trim();
    let whole = format!("{MARKER}\n{text}\n");
    if units(&whole) <= MOST_UNITS {
        return whole;
    }
    let room = MOST_UNITS - units(CUT);
    let mut used = 0;
    let mut end = 0;
    for line in whole.split_inclusive('\n') {
        used += units(line);
        if used > room {
            break;
        }
        end += line.len();
    }
    // A first line that is too long itself is cut where it has to be.
    if end <= MARKER.len() + 1 {
        let mut used = 0;
        end = whole
            .char_indices()
            .find(|(_, c)| {
                used += c.len_utf16();
                used > room
            })
            .map_or(whole.len(), |(at, _)| at);
    }
    format!("{}{CUT}", whole[..end].trim_end())
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(body("## x\n\ny\n\n"), "<!-- scanall -->\n## x\n\ny\n");
    }

    #[test]
    fn a_long_text_is_cut_at_a_line() {
        let body = body(&"| a | b | \u{1F600} |\n".repeat(9_000));
        assert!(body.ends_with(CUT) && units(&body) <= MOST_UNITS && units(&body) > MOST_UNITS - 200);
        assert!(body[..body.len() - CUT.len()].ends_with("| a | b | \u{1F600} |"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn nothing_is_too_long(line in ".{0,40}", times in 0usize..9_000, breaks in any::<bool>()) {
            let end = if breaks { "\n" } else { "" };
            let body = body(&format!("{line}{end}").repeat(times));
            prop_assert!(body.starts_with(MARKER) && units(&body) <= MOST_UNITS);
        }
    }
}
