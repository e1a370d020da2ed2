//! What each command does, one file each: it takes its arguments and the environment, and answers with what is to be
//! printed and the exit code. Nothing below prints.

pub mod sarif;
pub mod scan;

use crate::cli::{Command, TerminalArgs};
use crate::environment::Environment;
use crate::error::Error;
use crate::output::style::Style;

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
}

/// What surrounds a command.
pub struct Surroundings {
    /// Variables and terminal.
    pub environment: Environment,
    /// How standard output is to look.
    pub style: Style,
}

/// Carries out a command.
///
/// # Errors
/// It could not be carried out: the arguments are wrong, or something that it needs cannot be had.
pub fn run(command: Command, around: &Surroundings) -> Result<Answer, Error> {
    match command {
        Command::Scan(args) => scan::run(&args, around),
        Command::Sarif(args) => sarif::run(&args, around),
    }
}

impl Surroundings {
    /// Takes what the arguments leave to the terminal from it.
    pub fn new(environment: Environment, args: &TerminalArgs) -> Self {
        let colour = environment.wants_colour(args.color, environment.stdout_is_terminal);
        let style = Style { colour, width: environment.width };
        Self { environment, style }
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
