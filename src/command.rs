//! What each command does, one file each: it takes its arguments and the environment, and answers with what is to be
//! printed and the exit code. Nothing below prints.

pub mod baseline;
pub mod comment;
pub mod completions;
pub mod db;
pub mod diff;
pub mod doctor;
pub mod explain;
pub mod ignore;
pub mod ingest;
pub mod init;
mod look;
pub mod man;
pub mod packages;
pub mod query;
pub mod rules;
pub mod sarif;
pub mod sbom;
pub mod scan;
pub mod schema;
pub mod tools;
pub mod upload;

use std::io::Write as _;

use crate::cli::{Command, TerminalArgs};
use crate::environment::Environment;
use crate::error::Error;
use crate::output::style::Style;
use crate::text;

/// What a command comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What goes to standard output; empty for nothing.
    pub text: String,
    /// The exit code; see [`crate::exit`].
    pub code: u8,
}

impl Answer {
    /// Text for standard output, and success.
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 0 }
    }

    /// Text for standard output that says what is not as it should be.
    pub fn failed(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: crate::exit::FINDINGS }
    }
}

/// What surrounds a command.
pub struct Surroundings {
    /// Variables and terminal.
    pub environment: Environment,
    /// How standard output is to look.
    pub style: Style,
    /// How standard error is to look.
    pub error_style: Style,
}

/// Carries out a command.
///
/// # Errors
/// It could not be carried out: the arguments are wrong, or something that it needs cannot be had.
pub fn run(command: Command, around: &Surroundings) -> Result<Answer, Error> {
    match command {
        Command::Scan(args) => scan::run(&args, around),
        Command::Diff(args) => diff::run(&args, around),
        Command::Ingest(args) => ingest::run(*args, around),
        Command::Explain(args) => explain::run(&args, around),
        Command::Ignore(args) => ignore::run(&args, around),
        Command::Baseline(command) => baseline::run(&command, around),
        Command::Init(args) => init::run(&args),
        Command::Doctor(args) => doctor::run(&args, around),
        Command::Packages(args) => packages::run(&args, around),
        Command::Sbom(args) => sbom::run(&args, around),
        Command::Tools(args) => tools::run(&args, around),
        Command::Query(args) => query::run(&args, around),
        Command::Db(command) => db::run(&command, around),
        Command::Rules(command) => rules::run(&command, around),
        Command::Sarif(args) => sarif::run(&args, around),
        Command::Upload(args) => upload::run(&args, around),
        Command::Comment(args) => comment::run(&args, around),
        Command::Schema => Ok(schema::run()),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

impl Surroundings {
    /// Takes what the arguments leave to the terminal from it.
    pub fn new(environment: Environment, args: &TerminalArgs) -> Self {
        let colour = environment.wants_colour(args.color, environment.stdout_is_terminal);
        let style = Style { colour, width: environment.width };
        let wants_colour = environment.wants_colour(args.color, environment.stderr_is_terminal);
        let error_style = Style { colour: wants_colour, width: None };
        Self { environment, style, error_style }
    }

    /// Says on standard error what happens meanwhile, escaped: a line.
    pub fn tell(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{}", text::printable(line));
    }

    /// Says on standard error what went wrong: the sentence behind a word such as `error:`, its causes, what to try.
    pub fn explain(&self, error: &Error, word: &str) {
        let style = self.error_style;
        let mut stderr = std::io::stderr().lock();
        let mut lines = error.chain().into_iter().map(|line| text::printable_lines(&line));
        let _ = writeln!(stderr, "{} {}", style.bad(word), lines.next().unwrap_or_default());
        for cause in lines {
            let _ = writeln!(stderr, "  {} {cause}", style.faint("because:"));
        }
        for hint in error.hints() {
            let _ = writeln!(stderr, "  {} {hint}", style.good("hint:"));
        }
    }
}

/// Starts what runs child processes and requests.
///
/// # Errors
/// The system gives no thread.
pub fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|e| Error::usage("cannot start the runtime").because(e))
}
