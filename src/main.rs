//! The `scanall` program: parse, do it, print, exit.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use scanall::cli::Cli;
use scanall::command::{self, Answer, Surroundings};
use scanall::environment::Environment;
use scanall::error::Error;
use scanall::exit;
use scanall::scanner::tool;

fn main() -> ExitCode {
    quiet_panics();
    let (command, terminal) = Cli::parse().into_command();
    let around = Surroundings::new(Environment::read(), &terminal);
    let _ended = Ended;
    let done = command::run(command, &around).and_then(|Answer { text, code }| print(&text).map(|()| code));
    ExitCode::from(done.unwrap_or_else(|error| {
        around.explain(&error, "error:");
        exit::ERROR
    }))
}

/// Ends the programs that are still running when everything is done, or a panic passes.
struct Ended;

impl Drop for Ended {
    fn drop(&mut self) {
        tool::end_all();
    }
}

/// Prints an answer. A reader that has seen enough (`scanall | head`) is no error.
fn print(text: &str) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::usage("cannot print").because(e)),
        _ => Ok(()),
    }
}

/// Tells where a panic happened and not what it says, which could quote what was scanned.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(std::io::stderr(), "internal error{place}; please report it");
    }));
}
