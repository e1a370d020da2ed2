//! Takes over a store that somebody else built, from an address or a file, once its checksum is known to be right.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::advisories::store::{MAX_STORE, Store};
use crate::edit;
use crate::error::Error;
use crate::net::download::{Download, Downloaded};
use crate::scanner::Context;

/// Where it is from, and where it goes.
pub struct Prebuilt<'a> {
    /// An address, or the path of a file.
    pub from: &'a str,
    /// Its SHA-256, in hexadecimal digits; `None` to look for it in the file of the same name with `.sha256` behind it.
    pub sha256: Option<&'a str>,
    /// The place of the store.
    pub to: &'a Path,
}

/// Takes it over.
///
/// # Errors
/// It cannot be had, has no checksum or another one, or is no store. What was there is then as it was.
pub fn fetch(context: &Context, wanted: &Prebuilt<'_>, say: &(dyn Fn(&str) + Sync)) -> Result<Store, Error> {
    let is_url = wanted.from.starts_with("https://") || wanted.from.starts_with("http://");
    let told = match wanted.sha256 {
        Some(sum) => sum.to_owned(),
        None if is_url => text_of(context, &format!("{}.sha256", wanted.from))?,
        None => std::fs::read_to_string(format!("{}.sha256", wanted.from)).map_err(|e| no_sum().because(e))?,
    };
    let expected = told.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    if expected.len() != 64 || !expected.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(no_sum());
    }
    let downloaded = wanted.to.with_extension("fetched");
    let file = if is_url { &downloaded } else { Path::new(wanted.from) };
    if is_url {
        let progress = |_: u64, _: Option<u64>| {};
        let download = Download { url: wanted.from, to: file, tag: "", most: MAX_STORE, progress: &progress };
        let done = context.runtime.block_on(async {
            tokio::select! {
                done = context.net.download(&download) => done,
                () = context.cancel.cancelled() => Err(Error::usage("interrupted")),
            }
        })?;
        if done == Downloaded::Missing {
            return Err(Error::usage(format!("there is nothing at `{}`", crate::text::printable(wanted.from))));
        }
    }
    let bytes = std::fs::read(file);
    if is_url {
        let _ = std::fs::remove_file(file);
    }
    let bytes = bytes.map_err(|e| Error::usage(format!("cannot read `{}`", file.display())).because(e))?;
    let sum = crate::text::hex(&Sha256::digest(&bytes));
    if sum != expected {
        return Err(Error::usage("the store has another checksum than it should").because(format!("it is {sum}")));
    }
    let store = Store::from_bytes(bytes.clone()).map_err(|why| Error::usage("it is no advisory store").because(why))?;
    say("the checksum is right");
    edit::keep(wanted.to, &bytes)
        .map_err(|e| Error::usage(format!("cannot write `{}`", wanted.to.display())).because(e))?;
    Ok(store)
}

fn text_of(context: &Context, url: &str) -> Result<String, Error> {
    let answer = context.runtime.block_on(context.net.get(url, None))?;
    match answer.status {
        200 => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
        _ => Err(no_sum()),
    }
}

fn no_sum() -> Error {
    Error::usage("there is no SHA-256 of the store").hint("give it with --sha256, or put it beside the store")
}
