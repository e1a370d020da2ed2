//! `scanall sarif`: SARIF files of any tool, checked and repaired. What GitHub asks for is the business of
//! `scanall-sarif`; here files are read and written.

mod check;
mod write;

use std::io::Read as _;
use std::path::Path;

use scanall_sarif::{Input, Root, limits, parse};

use super::{Answer, Surroundings};
use crate::cli::SarifArgs;
use crate::cli::sarif::SarifCommand;
use crate::error::Error;
use crate::text;

/// Carries out `scanall sarif`.
///
/// # Errors
/// A file cannot be read, is no SARIF, or cannot be written.
pub fn run(args: &SarifArgs, around: &Surroundings) -> Result<Answer, Error> {
    match &args.command {
        SarifCommand::Check(args) => check::run(args, around),
        SarifCommand::Fix(args) => write::fix(args),
        SarifCommand::Merge(args) => write::merge(args),
        SarifCommand::Split(args) => write::split(args),
    }
}

/// Reads a SARIF file, or standard input for `-`.
fn read(path: &Path) -> Result<Input, Error> {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    // One byte more than is allowed tells that there is more.
    let limit = limits::MAX_INPUT_BYTES + 1;
    let done = if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    done.map_err(|e| Error::usage(format!("cannot read `{name}`")).because(e))?;
    parse(name.clone(), &bytes).map_err(|e| {
        Error::usage(format!("cannot read `{name}` as SARIF"))
            .because(e)
            .hint("a tool that failed often leaves an empty or half a file: see what it said")
    })
}

/// Opens the checkout, if one was given.
fn open(root: Option<&Path>) -> Result<Option<Root>, Error> {
    let Some(path) = root else { return Ok(None) };
    let failed = |e| Error::usage(format!("cannot enter `{}`", path.display())).because(e);
    Root::open(path)
        .map(Some)
        .map_err(|e: std::io::Error| failed(e).hint("give the folder of the checkout: --root DIR"))
}

/// A sentence about a log on one line, harmless to print.
fn shown(sentence: &str) -> String {
    text::printable(&sentence.split_whitespace().collect::<Vec<_>>().join(" "))
}
