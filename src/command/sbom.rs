//! `scanall sbom`: a bill of materials, or what two of them do not share.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::look::{self, with_context};
use super::{Answer, Surroundings};
use crate::cli::ScanArgs;
use crate::cli::sbom::SbomArgs;
use crate::error::Error;
use crate::inventory::change::{self, Change, ChangeKind, Named};
use crate::inventory::{Dependency, Inventory};
use crate::license::sources;
use crate::output::style::Style;
use crate::sbom::{self, Bill, Subject};
use crate::target::Target;
use crate::{edit, exit, output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;

/// Writes a bill of materials, or compares two.
///
/// # Errors
/// The target cannot be read, or the file not be written.
pub fn run(args: &SbomArgs, around: &Surroundings) -> Result<Answer, Error> {
    let (text, complete) = match args.diff.as_deref() {
        Some([old, new]) => compare(old, new, args, around)?,
        _ => write(args, around)?,
    };
    let code = if complete { 0 } else { exit::INCOMPLETE };
    match &args.output {
        None => Ok(Answer { text, code }),
        Some(path) => {
            edit::write(path, &text)?;
            Ok(Answer { text: String::new(), code })
        }
    }
}

fn write(args: &SbomArgs, around: &Surroundings) -> Result<(String, bool), Error> {
    let scan = args.look.scan(&args.path);
    let mut bill = with_context(&scan, around, |context| {
        let folder = args.path.canonicalize().unwrap_or_else(|_| context.target.root.clone());
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let subject = Subject {
            name: args.name.clone().or(name).unwrap_or_else(|| "project".to_owned()),
            version: args.product_version.clone().unwrap_or_default(),
        };
        let created = made(&context.target, around);
        Ok(Bill::new(&sources::licensed(context), subject, created))
    })?;
    if args.vex || args.format == "openvex" {
        let mut wanted = scan;
        wanted.what.only = vec!["dependencies".to_owned()];
        let report = look::scan(&wanted, around)?;
        bill.complete &= report.layers.iter().all(|layer| layer.gaps.is_empty());
        bill.add_vulnerabilities(&report);
    }
    let format = sbom::format(&args.format).ok_or_else(|| Error::usage(format!("unknown format `{}`", args.format)))?;
    Ok((format.write(&bill)?, bill.complete))
}

/// When what a bill is of was made: what `SOURCE_DATE_EPOCH` says, so that builds can be repeated, else when the last
/// commit was, else now.
fn made(target: &Target, around: &Surroundings) -> Timestamp {
    let said = around.environment.source_date_epoch.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let committed = || {
        let repository = target.repository().ok()??;
        let commit = repository.head().ok()?.peel_to_commit().ok()?;
        Timestamp::from_second(commit.time().seconds()).ok()
    };
    said.or_else(committed).unwrap_or(around.environment.now)
}

fn compare(old: &Path, new: &Path, args: &SbomArgs, around: &Surroundings) -> Result<(String, bool), Error> {
    let ((old, old_whole), (new, new_whole)) = (packages(old, around)?, packages(new, around)?);
    let changes = change::between(old, new);
    let text = match args.json {
        true => json(&changes)?,
        false => table(&changes, around.style),
    };
    Ok((text, old_whole && new_whole))
}

/// The packages of a bill, and whether all of it could be read.
///
/// # Errors
/// Nothing of it could.
fn packages(bill: &Path, around: &Surroundings) -> Result<(Vec<Named>, bool), Error> {
    let folder = bill.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = ScanArgs { path: folder.to_owned(), ingest: vec![bill.to_owned()], ..ScanArgs::default() };
    with_context(&wanted, around, |context| {
        let said = context.ingested().lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let (true, Some(gap)) = (said.components.is_empty(), said.gaps.first()) {
            return Err(Error::usage(gap.message.clone()));
        }
        let mut inventory = Inventory::default();
        inventory.add(&said.components);
        Ok((inventory.packages.iter().map(Dependency::named).collect(), said.gaps.is_empty()))
    })
}

fn table(changes: &[Change], style: Style) -> String {
    let mut out = String::new();
    if !changes.is_empty() {
        let mut table = style.table();
        table.set_header(["Change", "Package", "From", "To", "Ecosystem"]);
        for change in changes {
            let versions = |versions: &[String]| match versions {
                [] => "-".to_owned(),
                all => all.iter().map(|v| if v.is_empty() { "not pinned" } else { v }).collect::<Vec<_>>().join(", "),
            };
            let cells = [
                change.kind.word().to_owned(),
                change.name.clone(),
                versions(&change.from),
                versions(&change.to),
                change.ecosystem.to_string(),
            ];
            table.add_row(cells.map(|cell| text::printable(&cell)));
        }
        if let Some(column) = table.column_mut(0) {
            column.set_padding((0, 1));
        }
        out = format!("{}\n\n", table.trim_fmt());
    }
    let count = |kind: ChangeKind| changes.iter().filter(|change| change.kind == kind).count();
    let kinds = [ChangeKind::Added, ChangeKind::Raised, ChangeKind::Lowered, ChangeKind::Changed, ChangeKind::Removed];
    let counts = kinds.into_iter().filter(|kind| count(*kind) > 0);
    let words: Vec<String> = counts.map(|kind| format!("{} {}", count(kind), kind.word())).collect();
    let _ = writeln!(out, "{}", if words.is_empty() { "no package is different".to_owned() } else { words.join(", ") });
    out
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    changes: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    change: &'static str,
    /// As OSV calls it, or the type of its package URLs where OSV has none.
    ecosystem: &'static str,
    name: &'a str,
    /// The versions that are there no more.
    from: &'a [String],
    /// The versions that are new.
    to: &'a [String],
}

fn json(changes: &[Change]) -> Result<String, Error> {
    let changes = changes.iter().map(Entry::from).collect();
    output::document(&Document { schema: SCHEMA, changes })
}

impl<'a> From<&'a Change> for Entry<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            change: change.kind.word(),
            ecosystem: change.ecosystem.osv_or_purl(),
            name: &change.name,
            from: &change.from,
            to: &change.to,
        }
    }
}
