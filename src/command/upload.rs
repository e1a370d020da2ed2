//! `scanall upload`: sends SARIF files to code scanning and tells what became of them.

use std::fs::File as Source;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use reqwest::Url;
use scanall_sarif::Root;

use super::{Answer, Surroundings, runtime};
use crate::cli::UploadArgs;
use crate::error::Error;
use crate::exit;
use crate::github::upload::{self, Fate, File, Manner, Prepared, Upload};
use crate::github::{Client, Destination, Event};
use crate::net::Net;
use crate::target::Target;

/// No SARIF file is larger, in bytes.
const MAX_FILE: u64 = 256 << 20;

/// Uploads, and answers with where the alerts are; what happens meanwhile goes to standard error.
///
/// # Errors
/// A file cannot be uploaded, or GitHub refused it; the files before it are uploaded.
pub fn run(args: &UploadArgs, around: &Surroundings) -> Result<Answer, Error> {
    let files = read(&args.files)?;
    let environment = &around.environment;
    let net = Net::new(false);
    let client = Client::new(&net, environment)?;
    // Outside of a repository the environment or the arguments have to say it all.
    let target = Target::open(Path::new(".")).ok();
    let origin = target.as_ref().map(|target| target.origin.clone()).unwrap_or_default();
    let to = Destination::of(&args.destination.asked(), &environment.github, &origin, &client.address)?;
    let say = |line: &str| around.tell(line);
    // Without a checkout, or in one that cannot be entered, paths are taken as they are.
    let root = target.as_ref().filter(|target| !target.bare).and_then(|target| Root::open(&target.root).ok());
    let Prepared { uploads, left_out, repaired } = upload::prepare(files, root.as_ref())?;
    repaired.iter().for_each(|line| say(&format!("repaired: {line}")));
    left_out.iter().for_each(|line| say(&format!("not uploaded: {line}")));

    let manner = Manner {
        started_at: None,
        checkout_uri: target.and_then(|target| Url::from_directory_path(&target.root).ok()).map(String::from),
        validate: args.validate,
    };
    let event = Event::of(&environment.github);
    let is_whole = left_out.is_empty() && uploads.iter().all(|upload| upload.left_out.is_empty());
    interruptible(&runtime()?, send(&client, &to, &event, &uploads, &manner, &say))?;
    Ok(Answer { text: format!("{}\n", page(&client, &to)), code: if is_whole { 0 } else { exit::INCOMPLETE } })
}

/// Sends uploads one behind the other, and tells each; whether the alerts of all of them are there.
///
/// # Errors
/// GitHub refused one; those before it are uploaded.
pub async fn send(
    client: &Client<'_>,
    to: &Destination,
    event: &Event,
    uploads: &[Upload],
    manner: &Manner,
    say: &dyn Fn(&str),
) -> Result<bool, Error> {
    let mut all = true;
    for upload in uploads {
        upload.left_out.iter().for_each(|line| say(&format!("not uploaded: {line}")));
        // Only absolute places are told by where the checkout is, which is nobody's business otherwise.
        let checkout_uri = manner.checkout_uri.clone().filter(|_| upload.is_absolute);
        let manner = Manner { checkout_uri, ..manner.clone() };
        let sent = upload::send(client, to, upload, &manner).await;
        let doing = || format!("upload `{}` to {}", crate::text::printable(&upload.name), to.repository);
        let fate = sent.map_err(|failure| failure.explain_in(event, &doing()))?;
        say(&upload::told(upload, to, &fate));
        all &= matches!(fate, Fate::Complete);
    }
    Ok(all)
}

/// Where people see the alerts.
pub fn page(client: &Client<'_>, to: &Destination) -> String {
    let query = match (crate::github::event::number_of(&to.reference), to.reference.strip_prefix("refs/heads/")) {
        (Some(number), _) => format!("pr:{number} is:open"),
        (None, Some(branch)) => format!("branch:{branch} is:open"),
        (None, None) => "is:open".to_owned(),
    };
    let mut page = format!("{}/{}/security/code-scanning", client.address.server, to.repository);
    if let Ok(url) = Url::parse_with_params(&page, [("query", query)]) {
        page = url.into();
    }
    page
}

/// Waits for work that an interrupt ends.
///
/// # Errors
/// The work's own, or that it was interrupted.
pub fn interruptible<T>(
    runtime: &tokio::runtime::Runtime,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    runtime.block_on(async {
        tokio::select! {
            done = work => done,
            Ok(()) = tokio::signal::ctrl_c() => Err(Error::usage("interrupted")),
        }
    })
}

fn read(paths: &[PathBuf]) -> Result<Vec<File>, Error> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        let failed = |e: std::io::Error| Error::usage(format!("cannot read `{name}`")).because(e);
        let mut bytes = Vec::new();
        Source::open(path).map_err(failed)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
        match bytes.len() as u64 > MAX_FILE {
            true => Err(Error::usage(format!("`{name}` is larger than {} MiB", MAX_FILE >> 20))),
            false => Ok(File { name, bytes }),
        }
    };
    paths.iter().map(read).collect()
}
