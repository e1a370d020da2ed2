//! `scanall doctor`: whether a scan here has what it needs.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Answer, Surroundings, runtime};
use crate::cli::ScanArgs;
use crate::cli::doctor::{DoctorArgs, DoctorFormat};
use crate::cli::scan::WhatArgs;
use crate::config::Config;
use crate::doctor::{Check, Patient, State, examine};
use crate::error::Error;
use crate::options::HistoryRange;
use crate::output::style::Style;
use crate::scan;
use crate::scanner::Context;
use crate::target::Target;
use crate::{output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;

/// Looks at everything and says what to do; exit code 1 when a scan would not run or be incomplete.
///
/// # Errors
/// The path or a file that the arguments name does not exist.
pub fn run(args: &DoctorArgs, around: &Surroundings) -> Result<Answer, Error> {
    let wanted = ScanArgs {
        path: args.path.clone(),
        what: WhatArgs {
            config: args.config.clone(),
            advisory_db: args.advisory_db.clone(),
            offline: args.offline,
            ..WhatArgs::default()
        },
        ..ScanArgs::default()
    };
    let runtime = runtime()?;
    let checks = checks(&wanted, around, &runtime)?;
    runtime.shutdown_background();
    let text = match args.format {
        DoctorFormat::Table => table(&checks, around.style),
        DoctorFormat::Json => json(&checks)?,
    };
    Ok(Answer { text, code: u8::from(worst(&checks) == State::Fail) })
}

/// What cannot be opened is a check that failed, and the others go on without it.
fn checks(args: &ScanArgs, around: &Surroundings, runtime: &tokio::runtime::Runtime) -> Result<Vec<Check>, Error> {
    let target = match Target::open(&args.path) {
        Err(error) if args.path.exists() => return Ok(vec![Check::failed("repository", &error)]),
        opened => opened?,
    };
    let mut checks = Vec::new();
    let config = Config::load(args.what.config.as_deref(), &target.root).unwrap_or_else(|error| {
        checks.push(Check::failed("configuration", &error));
        Config::default()
    });
    let options =
        scan::options(&args.what, &args.gate, HistoryRange::Full, (&config, &target.root), &around.environment)?;
    let handle = runtime.handle();
    let context = match Context::new(target, config, options.clone(), handle.clone()) {
        Ok(context) => context,
        Err(error) => {
            checks.push(Check::failed("configuration", &error));
            Context::new(Target::open(&args.path)?, Config::default(), options, handle.clone())?
        }
    };
    let broken = !checks.is_empty();
    let rest = examine(&Patient { context: &context, environment: &around.environment });
    // Of a configuration that is not valid there is nothing else to say.
    checks.extend(
        rest.into_iter().filter(|check| !(broken && check.area == "configuration" && check.state == State::Ok)),
    );
    Ok(checks)
}

fn worst(checks: &[Check]) -> State {
    checks.iter().map(|check| check.state).max().unwrap_or(State::Ok)
}

fn table(checks: &[Check], style: Style) -> String {
    let mut out = String::new();
    let wide = checks.iter().map(|check| check.area.len()).max().unwrap_or_default();
    for check in checks {
        let word = format!("{:4}", check.state.id());
        let word = match check.state {
            State::Ok => style.good(&word),
            State::Warn => style.warning(&word),
            State::Fail => style.bad(&word),
        };
        let _ = writeln!(out, "{word}  {:wide$}  {}", check.area, check.message);
        if let Some(hint) = &check.hint {
            let _ = writeln!(out, "      {:wide$}  {} {hint}", "", style.faint("hint:"));
        }
    }
    let count = |state: State| checks.iter().filter(|check| check.state == state).count();
    let warnings = match count(State::Warn) {
        0 => String::new(),
        count => format!(", with {}", text::count(count, "warning")),
    };
    let _ = match count(State::Fail) {
        0 => writeln!(out, "\nA scan can run{warnings}"),
        1 => writeln!(out, "\n1 thing is wrong{warnings}"),
        count => writeln!(out, "\n{count} things are wrong{warnings}"),
    };
    out
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    state: &'static str,
    checks: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    area: &'static str,
    state: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
}

fn json(checks: &[Check]) -> Result<String, Error> {
    let entries = checks.iter().map(|check| Entry {
        area: check.area,
        state: check.state.id(),
        message: &check.message,
        hint: check.hint.as_deref(),
    });
    let document = Document { schema: SCHEMA, state: worst(checks).id(), checks: entries.collect() };
    output::document(&document)
}
