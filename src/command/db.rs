//! `scanall db`: the advisory store.

mod status;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::look::with_context;
use super::{Answer, Surroundings};
use crate::advisories::import::Gathered;
use crate::advisories::store::build::{Input, build};
use crate::advisories::store::{self, Store};
use crate::advisories::sync::{Prebuilt, Work, fetch_prebuilt};
use crate::cli::ScanArgs;
use crate::cli::db::{BuildArgs, DbCommand, ImportArgs, UpdateArgs};
use crate::cli::scan::WhatArgs;
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::inventory::PackageSource;
use crate::scanner::Context;
use crate::{edit, exit, text};

/// Does what is asked.
///
/// # Errors
/// There is no folder for the store, or what it is made of cannot be had.
pub fn run(command: &DbCommand, around: &Surroundings) -> Result<Answer, Error> {
    match command {
        DbCommand::Update(args) => update(args, around),
        DbCommand::Import(args) => import(args, around),
        DbCommand::Status(args) => status::run(args, around),
        DbCommand::Build(args) => make(args, around),
    }
}

/// The place of the store.
fn place(around: &Surroundings) -> Result<PathBuf, Error> {
    let folder =
        around.environment.cache_dir.as_deref().ok_or_else(|| {
            Error::usage("there is no folder to keep advisories in").hint("set HOME or XDG_CACHE_HOME")
        })?;
    Ok(store::place(folder))
}

fn update(args: &UpdateArgs, around: &Surroundings) -> Result<Answer, Error> {
    let place = place(around)?;
    let named = args.ecosystem.iter().map(|name| named(name)).collect::<Result<Vec<_>, _>>()?;
    let wanted = ScanArgs {
        path: args.path.clone(),
        what: WhatArgs { offline: args.offline, ..WhatArgs::default() },
        ..ScanArgs::default()
    };
    let say = |line: &str| around.tell(line);
    with_context(&wanted, around, |context| {
        crate::scan::stop_at_interrupt(&context.cancel, &context.runtime);
        if let Some(from) = &args.from {
            let wanted = Prebuilt { from, sha256: args.sha256.as_deref(), to: &place };
            return Ok(Answer::of(summary(&fetch_prebuilt(context, &wanted, &say)?, &place)));
        }
        if context.net.is_offline() {
            return Err(Error::usage("nothing can be downloaded").because("the run is offline".to_owned()));
        }
        let mut work = Work::begin(context, place.clone(), &say);
        let ecosystems = match (args.all, named.is_empty()) {
            (true, _) => Ecosystem::all().filter(|ecosystem| !ecosystem.osv().is_empty()).collect(),
            (false, false) => named.into_iter().collect(),
            (false, true) => used(context).into_iter().chain(work.known()).collect::<BTreeSet<_>>(),
        };
        if ecosystems.is_empty() {
            return Err(Error::usage("nothing here depends on packages that have advisories")
                .hint("name ecosystems with --ecosystem, or take --all"));
        }
        let mut trouble = Vec::new();
        for ecosystem in ecosystems {
            match work.update(ecosystem) {
                // Of all ecosystems that are known here, OSV may have some no more.
                Err(why) if args.all && why.chain().len() == 1 => say(&format!("{ecosystem}: {why}")),
                Err(why) => trouble.push(format!("{ecosystem}: {}", why.chain().join(": "))),
                Ok(()) => {}
            }
            if context.cancel.is_cancelled() {
                return Err(
                    Error::usage("interrupted").hint("what was downloaded of the last one is continued next time")
                );
            }
        }
        trouble.extend(work.update_lists());
        let text = summary(&work.finish()?, &place);
        trouble.iter().for_each(|line| say(&format!("not updated: {line}")));
        Ok(Answer { text, code: if trouble.is_empty() { exit::CLEAN } else { exit::INCOMPLETE } })
    })
}

fn named(name: &str) -> Result<Ecosystem, Error> {
    Ecosystem::of_osv(name).ok_or_else(|| {
        let known: Vec<&str> = Ecosystem::all().map(Ecosystem::osv).filter(|name| !name.is_empty()).collect();
        Error::usage(format!("`{}` is no ecosystem that is known", text::printable(name)))
            .hint(format!("known are {}", known.join(", ")))
    })
}

/// The ecosystems that the target depends on.
fn used(context: &Context) -> BTreeSet<Ecosystem> {
    let packages = context.inventory().packages.iter().filter(|package| package.source == PackageSource::Public);
    packages.map(|package| package.ecosystem).filter(|ecosystem| !ecosystem.osv().is_empty()).collect()
}

fn import(args: &ImportArgs, around: &Surroundings) -> Result<Answer, Error> {
    let place = place(around)?;
    let gathered = gather(&args.from)?;
    let trouble = gathered.trouble();
    let wanted =
        ScanArgs { path: ".".into(), what: WhatArgs { offline: true, ..WhatArgs::default() }, ..ScanArgs::default() };
    with_context(&wanted, around, |context| {
        let say = |line: &str| around.tell(line);
        let mut work = Work::begin(context, place.clone(), &say);
        work.add(gathered);
        let text = summary(&work.finish()?, &place);
        if let Some(trouble) = &trouble {
            say(trouble);
        }
        Ok(Answer { text, code: if trouble.is_some() { exit::INCOMPLETE } else { exit::CLEAN } })
    })
}

fn make(args: &BuildArgs, around: &Surroundings) -> Result<Answer, Error> {
    let gathered = gather(&args.from)?;
    let trouble = gathered.trouble();
    let gone: std::collections::HashSet<&String> = gathered.gone.iter().collect();
    let mut records = gathered.records;
    records.retain(|(record, _)| !gone.contains(&record.id));
    let input = Input { records, coverage: gathered.coverage, exploited: gathered.exploited, ..Input::default() };
    let bytes = build(input);
    edit::replace(&args.output, &bytes)?;
    if let Some(trouble) = &trouble {
        around.tell(trouble);
    }
    let sum = crate::text::hex(&Sha256::digest(&bytes));
    let text = format!("{}SHA-256 {sum}\n", summary(&Store::open(&args.output)?, &args.output));
    Ok(Answer { text, code: if trouble.is_some() { exit::INCOMPLETE } else { exit::CLEAN } })
}

fn gather(from: &[PathBuf]) -> Result<Gathered, Error> {
    let mut gathered = Gathered::default();
    for path in from {
        gathered.read(path)?;
    }
    let has_lists = gathered.exploited.kev.is_some() || gathered.exploited.epss.is_some();
    if gathered.records.is_empty() && !has_lists {
        let why = gathered.trouble().unwrap_or_else(|| "there are none in what was named".to_owned());
        return Err(Error::usage("no advisories were found").because(why));
    }
    Ok(gathered)
}

/// What a store has, in a line.
fn summary(store: &Store, place: &Path) -> String {
    let (size, core) = store.size();
    let count = store.meta().advisories;
    let each = core.checked_div(count).map(|each| format!(", {each} bytes each to match")).unwrap_or_default();
    format!(
        "{} in {}: {}{each}\n",
        text::count(count, "advisory"),
        text::printable(&place.display().to_string()),
        megabytes(size)
    )
}

fn megabytes(size: usize) -> String {
    format!("{:.1} MB", size as f64 / 1e6)
}
