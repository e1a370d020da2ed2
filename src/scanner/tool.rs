//! Runs external programs as layers: each is a value that says what to run and how to read what it prints.

pub mod actionlint;
pub mod bandit;
pub mod betterleaks;
pub mod brakeman;
pub mod cargo_audit;
pub mod cargo_deny;
pub mod checkov;
pub mod codeql;
pub mod database;
mod files;
pub mod gitleaks;
pub mod gosec;
pub mod govulncheck;
pub mod grype;
pub mod hadolint;
mod history;
pub mod javascript;
pub mod kingfisher;
mod locate;
pub mod opengrep;
pub mod osv_scanner;
pub mod own;
pub mod pip_audit;
mod requirements;
mod run;
pub mod safety;
pub mod semgrep;
pub mod shellcheck;
pub mod snyk;
pub mod spec;
mod tree;
pub mod trivy;
pub mod trufflehog;
pub mod version;
mod wanted;
pub mod zizmor;

use std::sync::Arc;

use super::{Context, Gap, Plan, Scanner, Sink};
use crate::error::Error;
use crate::finding::Kind;
use crate::ingest::input::Input;
use crate::ingest::place::Places;
use crate::ingest::{Ingested, Known, format};
use crate::text;
pub use spec::Spec;
use spec::{Folder, Network, Preparation, Prepare};

/// An external program as a layer.
pub struct Tool(pub &'static Spec);

impl Scanner for Tool {
    fn id(&self) -> &'static str {
        self.0.name
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
        match self.objection(context) {
            Some(plan) => plan,
            None => Plan::Run,
        }
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let spec = self.0;
        if !self.is_vouched(context) {
            let why = format!("{} is a program that the scanned repository lists, and was not run", spec.name);
            sink.gap(
                Gap::unavailable(why).hint("--allow-tools runs it, or --config with a file of your own that lists it"),
            );
            return Ok(());
        }
        let Some(program) = self.locate(context) else {
            sink.gap(Gap::unavailable(format!("{} is not installed", text::printable(spec.program()))));
            return Ok(());
        };
        if let Some(old) = version::too_old(spec, context) {
            sink.gap(old);
            return Ok(());
        }
        let arguments = match self.prepare(context, sink) {
            Preparation::Run(arguments) => arguments,
            Preparation::Skip(reason) => {
                sink.gap(Gap::unavailable(reason));
                return Ok(());
            }
        };
        let settings = context.config.tools.get(spec.name);
        let target = &context.target;
        let place = wanted::place(context);
        let ended = context.runtime.block_on(run::run(&run::Command {
            program: &program,
            arguments: &arguments,
            target: &place.display().to_string(),
            folder: Some(target.root.as_path()).filter(|_| spec.folder == Folder::Target),
            copied: (place.as_path(), spec.copied),
            environment: &self.environment(context),
            set: &self.settings(context),
            output: spec.output,
            timeout: settings.and_then(|settings| settings.timeout).map_or(spec.timeout, |period| period.0),
            memory: settings.and_then(|settings| settings.memory).map_or(spec.memory, |size| size.0),
            cancel: &context.cancel,
        }))?;
        let failure = ended.failure(spec.good, spec.meaning).or_else(|| ended.silence(spec.silent));
        let mut said = match ended.report {
            Some(report) => self.read(report, failure.is_none(), context)?,
            None if failure.is_none() => return Err(Error::usage(format!("{} wrote no report", spec.program()))),
            None => Ingested::default(),
        };
        if let (None, true, Some(gap)) = (&failure, said.notes.is_empty(), said.gaps.first()) {
            // Nothing of it was known: that is no report with gaps, but none.
            let why = gap.message.clone();
            return Err(Error::usage(format!("the report of {} cannot be read", spec.program())).because(why));
        }
        (spec.settle)(context, &mut said.findings);
        sink.findings(said.findings);
        match failure {
            // What is wrong with the report of a tool that failed is no news.
            Some(why) => Err(Error::usage(format!("{} {why}", spec.program()))),
            None => {
                said.gaps.into_iter().for_each(|gap| sink.gap(gap));
                Ok(())
            }
        }
    }
}

impl Tool {
    /// Why there is nothing to run; `None` when there is.
    fn objection(&self, context: &Context) -> Option<Plan> {
        let spec = self.0;
        if context.config.tools.get(spec.name).is_some_and(|settings| settings.enabled == Some(false)) {
            return Some(Plan::Skip("the configuration has it disabled".to_owned()));
        }
        // One that the project lists is missed.
        if !spec.is_own && self.locate(context).is_none() {
            return Some(Plan::Absent(format!("not installed ({})", spec.install)));
        }
        if context.target.bare {
            return Some(Plan::Skip("a bare repository has no files on disk".to_owned()));
        }
        if let (Network::Always(what), true) = (spec.network, context.options.offline) {
            return Some(Plan::Skip(format!("offline, and it asks {what}")));
        }
        wanted::lacking(spec.wanted, context).map(Plan::Skip)
    }

    /// Whether it may run: the project's own may only when whoever scans says so.
    pub fn is_vouched(&self, context: &Context) -> bool {
        !self.0.is_own || context.options.programs.vouched
    }

    /// The variables that are set for it.
    fn settings(&self, context: &Context) -> Vec<(&'static str, &'static str)> {
        let offline = if context.options.offline { self.0.set_offline } else { &[] };
        self.0.set.iter().chain(offline).copied().collect()
    }

    /// The names of the variables that it sees beside those that every program does.
    fn environment<'a>(&self, context: &'a Context) -> Vec<&'a str> {
        let pass = &context.options.programs.pass;
        let is_for_it = |tool: &Option<String>| tool.as_ref().is_none_or(|tool| tool == self.0.name);
        let passed = pass.iter().filter(|(tool, _)| is_for_it(tool)).map(|(_, name)| name.as_str());
        self.0.environment.iter().copied().chain(passed).collect()
    }

    /// What it is going to do.
    pub fn prepare(&self, context: &Context, sink: &dyn Sink) -> Preparation {
        match self.0.prepare {
            Prepare::Words(words) => Preparation::Run(words.iter().map(|word| (*word).to_owned()).collect()),
            Prepare::Decide(decide) => decide(context, sink),
        }
    }

    /// Makes findings of a report: the one place where a tool's bytes become findings.
    fn read(&self, report: std::fs::File, may_be_empty: bool, context: &Context) -> Result<Ingested, Error> {
        let name = format!("the report of {}", self.0.program());
        let input = Input::of_file(name.clone(), report)
            .map_err(|e| Error::usage(format!("{name} cannot be read")).because(e))?;
        let known = Known { format: format::by_id(self.0.format), may_be_empty };
        let mut said = Ingested::default();
        said.add(&input, known, &Arc::new(Places::of(&context.target)));
        // Some programs write the format of another, as Opengrep does that of Semgrep.
        let spoken = known.format.map_or("", |format| format.tool);
        let sources = said.findings.iter_mut().flat_map(|finding| &mut finding.sources);
        let borrowed = sources.filter(|source| source.tool == spoken && source.tool != self.0.name);
        borrowed.for_each(|source| self.0.name.clone_into(&mut source.tool));
        Ok(said)
    }
}

/// Ends every program that is still running, and whatever they left behind; for the end of the process.
pub fn end_all() {
    tree::end_all();
}
