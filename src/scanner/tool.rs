//! Runs external programs as layers: each is a value that says what to run and how to read what it prints.

mod run;
pub mod semgrep;
pub mod trivy;
pub mod version;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Context, Plan, Scanner, Sink};
use crate::error::Error;
use crate::finding::Kind;
use crate::ingest::input::Input;
use crate::ingest::place::Places;
use crate::ingest::{Ingested, Known, format};

/// An external program and how to use it.
pub struct Spec {
    /// The layer's id and the program's name.
    pub program: &'static str,
    /// What it looks for, a few words.
    pub about: &'static str,
    /// The kinds of finding it reports.
    pub kinds: &'static [Kind],
    /// How to install it, for the hint when it is missing.
    pub install: &'static str,
    /// Decides what to run, or why not.
    pub prepare: fn(&Context, &dyn Sink) -> Preparation,
    /// Exit codes with which the report is whole.
    pub good: &'static [i32],
    /// The id of its report's format, one of [`format::FORMATS`].
    pub format: &'static str,
    /// It is ended after so long.
    pub timeout: Duration,
    /// Variables of the environment that it needs besides those every program gets; never a token.
    pub environment: &'static [&'static str],
}

/// What a tool is going to do.
pub enum Preparation {
    /// Run with these arguments.
    Run(Vec<String>),
    /// Nothing, for a reason.
    Skip(String),
}

/// An external program as a layer.
pub struct Tool(pub &'static Spec);

impl Scanner for Tool {
    fn id(&self) -> &'static str {
        self.0.program
    }

    fn about(&self) -> &'static str {
        self.0.about
    }

    fn kinds(&self) -> &'static [Kind] {
        self.0.kinds
    }

    fn spec(&self) -> Option<&'static Spec> {
        Some(self.0)
    }

    fn plan(&self, context: &Context) -> Plan {
        match self.locate(context) {
            Some(_) if context.target.bare => Plan::Skip("a bare repository has no files on disk".to_owned()),
            Some(_) => Plan::Run,
            None => Plan::Skip(format!("not installed ({})", self.0.install)),
        }
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let program = self.locate(context).ok_or_else(|| Error::usage(format!("{} is gone", self.0.program)))?;
        let arguments = match (self.0.prepare)(context, sink) {
            Preparation::Run(arguments) => arguments,
            Preparation::Skip(reason) => {
                sink.gap(super::Gap::unavailable(reason));
                return Ok(());
            }
        };
        let ended = context.runtime.block_on(run::run(&run::Command {
            program: &program,
            arguments: &arguments,
            environment: self.0.environment,
            timeout: self.0.timeout,
            cancel: &context.cancel,
        }))?;
        let failure = ended.failure(self.0.good);
        let mut said = Ingested::default();
        let known = Known { format: format::by_id(self.0.format), may_be_empty: failure.is_none() };
        let places = Arc::new(Places::of(&context.target));
        said.add(&Input::of_bytes(&format!("the report of {}", self.0.program), ended.stdout), known, &places);
        said.findings.into_iter().for_each(|finding| sink.finding(finding));
        match failure {
            // What is wrong with the report of a tool that failed is no news.
            Some(why) => Err(Error::usage(format!("{} {why}", self.0.program))),
            None => {
                said.gaps.into_iter().for_each(|gap| sink.gap(gap));
                Ok(())
            }
        }
    }
}

impl Tool {
    /// The program on the PATH; a relative entry of the PATH or one inside the target is passed over, since whoever
    /// wrote the scanned tree could put a program there.
    pub fn locate(&self, context: &Context) -> Option<PathBuf> {
        let path = context.options.path.as_ref()?;
        std::env::split_paths(path)
            .filter(|folder| folder.is_absolute() && !folder.starts_with(&context.target.root))
            .map(|folder| folder.join(self.0.program).with_extension(std::env::consts::EXE_EXTENSION))
            .find(|program| is_executable(program))
    }
}

#[cfg(unix)]
fn is_executable(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &std::path::Path) -> bool {
    path.is_file()
}
