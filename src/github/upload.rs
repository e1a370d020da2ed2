//! Uploads SARIF to code scanning, and follows what becomes of it.

pub mod prepare;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use super::pace::POLLS;
use super::{Client, Destination, Failure, refusal};
use crate::error::Error;
use crate::text;
pub use prepare::{File, Prepared, Upload, prepare};

/// How an upload is made, beside what is in it.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// When the scan began, as ISO 8601 in UTC; `None` when nobody knows.
    pub started_at: Option<String>,
    /// The root of what was scanned as a `file:` address, from which absolute ones are made relative.
    pub checkout_uri: Option<String>,
    /// GitHub is to refuse what it could take but would show badly.
    pub validate: bool,
}

/// What became of an upload that was taken.
#[derive(Debug)]
pub enum Fate {
    /// Its alerts are there.
    Complete,
    /// GitHub takes longer than we wait, and goes on without us.
    Pending,
    /// It was taken, and nobody could be asked further.
    Unknown(Error),
}

/// Uploads one file and waits until GitHub has made alerts of it, for at most two and a half minutes.
///
/// # Errors
/// It was not taken, or failed when it was read.
pub async fn send(client: &Client<'_>, to: &Destination, upload: &Upload, manner: &Manner) -> Result<Fate, Failure> {
    let base = format!("/repos/{}/code-scanning/sarifs", to.repository);
    let mut body = json!({
        "commit_sha": to.commit,
        "ref": to.reference,
        "sarif": STANDARD.encode(&upload.gzip),
        "validate": manner.validate,
    });
    let named =
        [("checkout_uri", &manner.checkout_uri), ("started_at", &manner.started_at), ("tool_name", &upload.tool)];
    for (key, value) in named {
        if let Some(value) = value {
            body[key] = value.as_str().into();
        }
    }
    let taken = client.ask(Method::POST, &base, Some(&body)).await?.body;
    let Some(id) = taken["id"].as_str().filter(|id| is_id(id)) else {
        return Ok(Fate::Unknown(Error::usage("the server gave the upload no id to ask for")));
    };
    follow(client, &format!("{base}/{id}")).await
}

/// The id becomes a part of an address.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 100 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

async fn follow(client: &Client<'_>, path: &str) -> Result<Fate, Failure> {
    for wait in POLLS {
        client.pace.wait(wait).await;
        match client.ask(Method::GET, path, None).await {
            Ok(reply) => match reply.body["processing_status"].as_str() {
                Some("complete") => return Ok(Fate::Complete),
                Some("failed") => return Err(failed(client, &reply.body["errors"])),
                _ => {}
            },
            // It may be known a moment later than it is taken.
            Err(Failure::Refused { status: 404, .. }) => {}
            Err(failure) => return Ok(Fate::Unknown(failure.explain("ask what became of the upload"))),
        }
    }
    Ok(Fate::Pending)
}

fn failed(client: &Client<'_>, errors: &Value) -> Failure {
    let said: Vec<&str> = errors.as_array().into_iter().flatten().filter_map(Value::as_str).take(5).collect();
    let words = if said.is_empty() { "nothing".to_owned() } else { client.words(&said.join("; ")) };
    Failure::Broken(refusal::explain("read the upload", 0, &words))
}

/// What an upload came to, for people.
pub fn told(upload: &Upload, to: &Destination, fate: &Fate) -> String {
    let what = format!(
        "{}: {} in {} for {} at {}",
        text::printable(&upload.name),
        text::count(upload.results, "result"),
        text::count(upload.runs, "run"),
        text::printable(&to.reference),
        &to.commit[..10],
    );
    match fate {
        Fate::Complete => format!("uploaded {what}"),
        Fate::Pending => format!("uploaded {what}; GitHub is still reading it and goes on without us"),
        Fate::Unknown(error) => format!("uploaded {what}; what became of it is not known: {error}"),
    }
}
