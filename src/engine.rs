//! Runs every scanner at once and collects what they say.

pub mod progress;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use crate::finding::{Finding, Kind};
use crate::scanner::{Context, Gap, Plan, Scanner, Sink};
use progress::Progress;

/// What came of one scanner.
#[derive(Clone, Debug)]
pub struct LayerRun {
    /// The scanner's id.
    pub id: &'static str,
    /// The kinds of finding it covers.
    pub kinds: Vec<Kind>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it could not see, sorted.
    pub gaps: Vec<Gap>,
    /// What else it said, in the order it said it.
    pub notes: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// How a scanner ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It looked at everything, apart from its gaps.
    Completed,
    /// It had nothing to do, and why.
    Skipped(String),
    /// It takes no part, and why: a program that is not installed or not asked for. What is written for people has no
    /// line for it.
    Absent(String),
    /// It ended early: the sentence and its causes, outermost first.
    Failed(Vec<String>),
}

impl Outcome {
    /// The word that programs read, and the reason where there is one.
    pub fn told(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Completed => ("completed", None),
            Self::Skipped(reason) | Self::Absent(reason) => ("skipped", Some(reason.clone())),
            Self::Failed(chain) => ("failed", Some(chain.join(": "))),
        }
    }

    /// Whether it looked at something.
    pub fn has_run(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed(_))
    }
}

/// Everything the scanners said.
pub struct Collected {
    /// In no particular order.
    pub findings: Vec<Finding>,
    /// In the order of the scanners.
    pub layers: Vec<LayerRun>,
}

enum Event {
    Finding(Box<Finding>),
    Findings(Vec<Finding>),
    Gap(usize, Gap),
    Note(usize, String),
    Ended(usize, Outcome, Duration),
}

/// Runs the scanners side by side: each has a thread that waits, while the work itself goes to rayon's threads, to
/// child processes and to the network. A scanner that fails or panics takes nothing from the others.
pub fn run(scanners: &[Box<dyn Scanner>], context: &Context, progress: &Progress) -> Collected {
    let mut layers: Vec<LayerRun> = scanners
        .iter()
        .map(|scanner| LayerRun {
            id: scanner.id(),
            kinds: scanner.kinds().to_vec(),
            outcome: Outcome::Failed(vec!["it did not end".to_owned()]),
            gaps: Vec::new(),
            notes: Vec::new(),
            elapsed: Duration::ZERO,
        })
        .collect();
    let mut findings = Vec::new();
    std::thread::scope(|scope| {
        let (sender, events) = channel();
        // The slowest first, since the longest wait is for them.
        let mut order: Vec<(usize, &Box<dyn Scanner>)> = scanners.iter().enumerate().collect();
        order.sort_by_key(|(_, scanner)| std::cmp::Reverse(scanner.spec().map_or(0, |spec| spec.usual)));
        for (index, scanner) in order {
            let sender = sender.clone();
            scope.spawn(move || {
                let start = Instant::now();
                let outcome = run_one(scanner.as_ref(), index, context, progress, &sender);
                let _ = sender.send(Event::Ended(index, outcome, start.elapsed()));
            });
        }
        drop(sender);
        for event in events {
            match event {
                Event::Finding(finding) => findings.push(*finding),
                Event::Findings(mut many) if findings.is_empty() => std::mem::swap(&mut findings, &mut many),
                Event::Findings(many) => findings.extend(many),
                Event::Gap(index, gap) => layers[index].gaps.push(gap),
                Event::Note(index, note) => layers[index].notes.push(note),
                Event::Ended(index, outcome, elapsed) => {
                    progress.end(scanners[index].id());
                    layers[index].outcome = outcome;
                    layers[index].elapsed = elapsed;
                    layers[index].kinds = scanners[index].covered();
                }
            }
        }
    });
    for layer in &mut layers {
        layer.gaps.sort();
        layer.gaps.dedup();
    }
    Collected { findings, layers }
}

fn run_one(
    scanner: &dyn Scanner,
    index: usize,
    context: &Context,
    progress: &Progress,
    sender: &Sender<Event>,
) -> Outcome {
    match scanner.plan(context) {
        Plan::Run => {}
        Plan::Skip(reason) => return Outcome::Skipped(reason),
        Plan::Absent(reason) => return Outcome::Absent(reason),
    }
    let sink = ChannelSink { index, id: scanner.id(), sender, progress };
    let result = catch_unwind(AssertUnwindSafe(|| scanner.scan(context, &sink)));
    if context.cancel.is_cancelled() {
        sink.gap(Gap::broken("it was interrupted before it had seen everything"));
    }
    match result {
        Ok(Ok(())) => Outcome::Completed,
        Ok(Err(error)) => {
            let mut sentences = error.chain();
            sentences.extend(error.hints().iter().map(|hint| format!("hint: {hint}")));
            Outcome::Failed(sentences)
        }
        Err(panic) => Outcome::Failed(vec!["an internal error; please report it".to_owned(), panic_text(&*panic)]),
    }
}

/// Where a panic came from is told; its text is not, since it could quote what was scanned.
fn panic_text(_: &(dyn Any + Send)) -> String {
    "run with RUST_BACKTRACE=1 to see where".to_owned()
}

struct ChannelSink<'a> {
    index: usize,
    id: &'static str,
    sender: &'a Sender<Event>,
    progress: &'a Progress,
}

impl Sink for ChannelSink<'_> {
    // The receiver lives as long as the scope in which scanners run, so that sending cannot fail.
    fn finding(&self, finding: Finding) {
        let _ = self.sender.send(Event::Finding(Box::new(finding)));
    }

    fn findings(&self, findings: Vec<Finding>) {
        let _ = self.sender.send(Event::Findings(findings));
    }

    fn gap(&self, gap: Gap) {
        let _ = self.sender.send(Event::Gap(self.index, gap));
    }

    fn note(&self, note: String) {
        let _ = self.sender.send(Event::Note(self.index, note));
    }

    fn expect(&self, units: u64) {
        self.progress.expect(self.id, units);
    }

    fn advance(&self, units: u64) {
        self.progress.advance(self.id, units);
    }
}
