//! The `scanall` program: parse, scan, print, exit.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{ColorChoice, Parser as _};
use scanall::cli::{Cli, ScanArgs};
use scanall::environment::Environment;
use scanall::error::Error;
use scanall::exit;
use scanall::output::{self, View, style::Style};
use scanall::report::Report;
use scanall::scan;

fn main() -> ExitCode {
    quiet_panics();
    let args = Cli::parse().into_scan();
    let environment = Environment::read();
    match run(&args, &environment) {
        Ok(report) => exit::code(report.verdict),
        Err(error) => {
            explain(&error, &environment, args.color);
            ExitCode::from(exit::ERROR)
        }
    }
}

fn run(args: &ScanArgs, environment: &Environment) -> Result<Report, Error> {
    if let Some(jobs) = args.jobs {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs));
        threads.build_global().map_err(|e| Error::usage("cannot start the threads").because(e))?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|e| Error::usage("cannot start the runtime").because(e))?;
    let report = scan::run(args, environment, &runtime)?;
    runtime.shutdown_background();

    let mut view = View {
        style: Style::PLAIN,
        show_secrets: args.show_secrets,
        verbosity: i8::try_from(args.verbose).unwrap_or(1) - i8::try_from(args.quiet).unwrap_or(1),
    };
    for (format, file) in &args.output {
        if let Some(format) = output::by_id(format) {
            scan::write_file(file, &(format.write)(&report, &view)?)?;
        }
    }
    if let Some(format) = output::by_id(&args.format).filter(|_| args.quiet < 2) {
        view.style =
            Style { colour: colour(environment, args.color, environment.stdout_is_terminal), width: environment.width };
        print(&(format.write)(&report, &view)?)?;
    }
    Ok(report)
}

fn colour(environment: &Environment, choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && environment.colour_welcome,
    }
}

/// Prints the report. A reader that has seen enough (`scanall | head`) is no error.
fn print(text: &str) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::usage("cannot print the report").because(e)),
        _ => Ok(()),
    }
}

/// Says what went wrong: the sentence, its causes, what to try.
fn explain(error: &Error, environment: &Environment, choice: ColorChoice) {
    let style = Style { colour: colour(environment, choice, environment.stderr_is_terminal), width: None };
    let mut stderr = std::io::stderr().lock();
    let mut lines = error.chain().into_iter().map(|line| scanall::text::printable_lines(&line));
    let _ = writeln!(stderr, "{} {}", style.bad("error:"), lines.next().unwrap_or_default());
    for cause in lines {
        let _ = writeln!(stderr, "  {} {cause}", style.faint("because:"));
    }
    for hint in error.hints() {
        let _ = writeln!(stderr, "  {} {hint}", style.good("hint:"));
    }
}

/// Tells where a panic happened and not what it says, which could quote what was scanned.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(std::io::stderr(), "internal error{place}; please report it");
    }));
}
