//! `scanall sarif fix`, `merge` and `split`: write files that GitHub takes, and tell what was changed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use scanall_sarif::{Notice, Profile, SplitError};
use serde_json::Value;

use super::{open, read, shown};
use crate::cli::sarif::{FixArgs, MergeArgs, SplitArgs};
use crate::command::Answer;
use crate::error::Error;
use crate::{edit, text};

pub(super) fn fix(args: &FixArgs) -> Result<Answer, Error> {
    let input = read(&args.file)?;
    let root = open(args.profile.root.as_deref())?;
    let (fixed, notices) = scanall_sarif::fix(input, args.profile.profile, root.as_ref());
    write(fixed.log, &notices, args.profile.profile, |number, of| name(&args.output, number, of))
}

pub(super) fn merge(args: &MergeArgs) -> Result<Answer, Error> {
    let inputs = args.files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let root = open(args.profile.root.as_deref())?;
    let (merged, notices) = scanall_sarif::merge(inputs, args.profile.profile, root.as_ref());
    write(merged, &notices, args.profile.profile, |number, of| name(&args.output, number, of))
}

pub(super) fn split(args: &SplitArgs) -> Result<Answer, Error> {
    let input = read(&args.file)?;
    let root = open(args.profile.root.as_deref())?;
    let (fixed, notices) = scanall_sarif::fix(input, args.profile.profile, root.as_ref());
    write(fixed.log, &notices, args.profile.profile, |number, _| {
        let mut name = args.output.clone().into_os_string();
        name.push(format!("-{number}.sarif"));
        name.into()
    })
}

/// The name of a file of several: a number before the extension. A single one has the name that was given.
fn name(output: &Path, number: usize, of: usize) -> PathBuf {
    let stem = output.file_stem().filter(|_| of > 1);
    let Some(stem) = stem.map(std::ffi::OsStr::to_string_lossy) else { return output.to_owned() };
    let extension = output.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    output.with_file_name(format!("{stem}-{number}{extension}"))
}

/// Writes a log as the uploads that it takes, and answers with what was done.
fn write(
    log: Value,
    notices: &[Notice],
    profile: Profile,
    name: impl Fn(usize, usize) -> PathBuf,
) -> Result<Answer, Error> {
    let uploads = scanall_sarif::split(log, profile)
        .map_err(|e: SplitError| Error::usage("cannot divide the log into uploads").because(e))?;
    let mut out = String::new();
    for notice in notices {
        let _ = writeln!(out, "{}", shown(&notice.message));
    }
    let count = uploads.len();
    for (at, upload) in uploads.into_iter().enumerate() {
        let path = name(at + 1, count);
        let json = serde_json::to_string(&upload).map_err(|e| Error::usage("cannot write JSON").because(e))?;
        edit::write(&path, &(json + "\n"))?;
        let runs = upload.get("runs").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let results = |run: &Value| run.get("results").and_then(Value::as_array).map_or(0, Vec::len);
        let results = runs.iter().map(results).sum();
        let (runs, results) = (text::count(runs.len(), "run"), text::count(results, "result"));
        let _ = writeln!(out, "wrote {}: {runs}, {results}", shown(&path.display().to_string()));
    }
    if count > 1 {
        let _ = writeln!(out, "one upload cannot hold them all: upload each of the {count} files");
    }
    Ok(Answer::of(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_are_numbered() {
        assert_eq!(name(Path::new("a/out.sarif"), 1, 1), Path::new("a/out.sarif"));
        assert_eq!(name(Path::new("a/out.sarif"), 2, 3), Path::new("a/out-2.sarif"));
        assert_eq!(name(Path::new("out"), 2, 3), Path::new("out-2"));
    }
}
