//! `scanall tools`: which programs are here, and which of them a scan would run.

use std::time::SystemTime;

use comfy_table::Cell;
use rayon::prelude::*;
use serde::Serialize;

use super::look::with_context;
use super::{Answer, Surroundings};
use crate::cli::ScanArgs;
use crate::cli::scan::WhatArgs;
use crate::cli::tools::ToolsArgs;
use crate::error::Error;
use crate::finding::Kind;
use crate::output::style::Style;
use crate::scanner::tool::database::Database;
use crate::scanner::tool::spec::Network;
use crate::scanner::tool::{Spec, Tool, version};
use crate::scanner::{Context, Plan, Scanner as _, registry};
use crate::{output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;

/// Looks at every program that is known.
///
/// # Errors
/// The target or its configuration cannot be read.
pub fn run(args: &ToolsArgs, around: &Surroundings) -> Result<Answer, Error> {
    let wanted = ScanArgs {
        path: args.path.clone(),
        what: WhatArgs {
            config: args.config.clone(),
            offline: args.offline,
            programs: args.programs.clone(),
            ..WhatArgs::default()
        },
        ..ScanArgs::default()
    };
    let tools = with_context(&wanted, around, |context| {
        let specs: Vec<&'static Spec> = registry::all().iter().filter_map(|scanner| scanner.spec()).collect();
        // Some take a second to say their version.
        Ok(specs.par_iter().map(|spec| look(spec, context)).collect::<Vec<_>>())
    })?;
    let text = match args.listing.is_json() {
        true => json(&tools)?,
        false => table(&tools, around.style),
    };
    Ok(Answer::of(text))
}

/// What there is to say of a program.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    about: &'static str,
    kinds: Vec<&'static str>,
    /// Where it is; `null` when it is not installed.
    program: Option<String>,
    /// `null` when it is not installed or does not say.
    version: Option<String>,
    /// The oldest version that works; `null` for any.
    oldest: Option<&'static str>,
    database: DatabaseEntry,
    /// Whom it asks, and for what; `null` for nobody.
    asks: Option<&'static str>,
    /// Globs of files, one of which it needs.
    wanted: &'static [&'static str],
    install: &'static str,
    /// Whether a scan would run it.
    runs: bool,
    /// Why not, or what it would lack; `null` for nothing.
    reason: Option<String>,
}

#[derive(Serialize)]
struct DatabaseEntry {
    /// `none` where the program keeps none, `missing`, or `present`.
    state: &'static str,
    /// `null` unless it is there.
    days: Option<u64>,
}

impl From<Database> for DatabaseEntry {
    fn from(database: Database) -> Self {
        match database {
            Database::Needless => Self { state: "none", days: None },
            Database::Missing => Self { state: "missing", days: None },
            Database::Days(days) => Self { state: "present", days: Some(days) },
        }
    }
}

fn look(spec: &'static Spec, context: &Context) -> Entry {
    let tool = Tool(spec);
    let place = tool.locate(context);
    let version = place.as_ref().map(|_| version::of(spec, context));
    let (runs, reason) = match (tool.plan(context), &version) {
        (Plan::Skip(why) | Plan::Absent(why), _) => (false, Some(why)),
        (Plan::Run, _) if !tool.is_vouched(context) => {
            (false, Some("the scanned repository lists it; --allow-tools runs it".to_owned()))
        }
        (Plan::Run, None) => (false, Some("not installed".to_owned())),
        (Plan::Run, Some(Err(why))) => (false, Some(why.clone())),
        (Plan::Run, Some(Ok(version))) if version::is_older(version, spec.oldest) => {
            (false, Some(format!("too old: {} is the oldest that works", spec.oldest)))
        }
        (Plan::Run, Some(Ok(_))) => match version::objection(spec, context) {
            version::Objection::None => (true, None),
            version::Objection::Lacks(what) => (true, Some(what)),
            version::Objection::Stops(why) => (false, Some(why)),
        },
    };
    Entry {
        name: spec.name,
        about: spec.about,
        kinds: spec.kinds.iter().copied().map(Kind::id).collect(),
        program: place.map(|place| text::printable(&place.display().to_string())),
        version: version.and_then(Result::ok).filter(|version| version != version::UNKNOWN),
        oldest: Some(spec.oldest).filter(|oldest| !oldest.is_empty()),
        database: Database::of(spec, &context.options, SystemTime::now()).into(),
        asks: match spec.network {
            Network::Never => None,
            Network::Updates(what) | Network::Always(what) => Some(what),
        },
        wanted: spec.wanted,
        install: spec.install,
        runs,
        reason: reason.map(|reason| text::printable(&reason)),
    }
}

fn table(tools: &[Entry], style: Style) -> String {
    let mut table = style.table();
    table.set_header(["Tool", "Version", "Here", "What for"]);
    for tool in tools {
        let version = match (&tool.version, &tool.program) {
            (Some(version), _) => version.as_str(),
            (None, Some(_)) => "unknown",
            (None, None) => "-",
        };
        table.add_row([tool.name, version, &here(tool), tool.about].map(Cell::new));
    }
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 1));
    }
    let count = |is: fn(&&Entry) -> bool| tools.iter().filter(is).count();
    let (here, run) = (count(|tool| tool.program.is_some()), count(|tool| tool.runs));
    let all = text::count(tools.len(), "tool");
    format!("{}\n\n{all} known, {here} installed, {run} would run here\n", table.trim_fmt())
}

fn here(tool: &Entry) -> String {
    let database = match (tool.database.state, tool.database.days) {
        ("missing", _) if tool.program.is_some() => "no database yet".to_owned(),
        (_, Some(0)) => "database of today".to_owned(),
        (_, Some(days)) => {
            format!("database {} old", text::count(usize::try_from(days).unwrap_or(usize::MAX), "day"))
        }
        _ => String::new(),
    };
    let state = match (tool.runs, &tool.reason) {
        (true, None) => "runs".to_owned(),
        (true, Some(lacks)) => format!("runs, but {lacks}"),
        (false, reason) => reason.clone().unwrap_or_default(),
    };
    let oldest = tool.oldest.filter(|_| tool.program.is_some()).map(|oldest| format!("needs {oldest} or newer"));
    let parts = [Some(state), Some(database), oldest];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tools: &'a [Entry],
}

fn json(tools: &[Entry]) -> Result<String, Error> {
    output::document(&Document { schema: SCHEMA, tools })
}
