//! `scanall baseline`: writes down what is there today, keeps that up to date, and shows it.

use super::look::{scan, unseen, with_context};
use super::{Answer, Surroundings};
use crate::baseline::{Baseline, Entry, Place, Standing, State};
use crate::cli::ScanArgs;
use crate::cli::baseline::{BaselineArgs, BaselineCommand, CreateArgs, ShowArgs, UpdateArgs};
use crate::error::Error;
use crate::options::HistoryRange;
use crate::report::{Report, Verdict};
use crate::{exit, text};

/// Carries out what was asked for.
///
/// # Errors
/// The scan could not be carried out, or the baseline not be read or written.
pub fn run(command: &BaselineCommand, around: &Surroundings) -> Result<Answer, Error> {
    match command {
        BaselineCommand::Create(args) => create(args, around),
        BaselineCommand::Update(args) => update(args, around),
        BaselineCommand::Show(args) => show(args, around),
    }
}

/// The file, how much of the history counts, and the scan.
struct Task {
    place: Place,
    history: &'static str,
    scan: ScanArgs,
}

impl Task {
    fn new(args: &BaselineArgs, around: &Surroundings) -> Result<Self, Error> {
        let scan = ScanArgs { baseline: args.file.clone(), ..args.look.scan(&args.path) };
        let (place, history) = with_context(&scan, around, |context| {
            let history = match &context.options.history {
                HistoryRange::Full => "full",
                HistoryRange::None => "none",
                HistoryRange::Range(range) => {
                    return Err(Error::usage(format!(
                        "a baseline is about the repository as a whole, not about `{range}`"
                    ))
                    .hint("give --history full, or none"));
                }
            };
            let configured = context.config.scan.baseline.as_deref();
            let place = Place::find(args.file.as_deref(), configured, &context.target.root)?;
            Ok((place, history))
        })?;
        Ok(Self { place, history, scan })
    }

    /// The scan beside the baseline, which must be there.
    fn beside(&self, around: &Surroundings) -> Result<(Report, Standing), Error> {
        if !self.place.exists() {
            return Err(Error::usage(format!("there is no baseline `{}`", self.place.name))
                .hint("make it with `scanall baseline create`"));
        }
        let mut report = scan(&self.scan, around)?;
        let standing = report.baseline.take().ok_or_else(|| {
            Error::usage(format!(
                "the baseline `{}` is that of another tool, which this command leaves alone",
                self.place.name
            ))
            .hint("make one of your own: `scanall baseline create --file .scanall-baseline.json`")
        })?;
        Ok((report, standing))
    }
}

fn create(args: &CreateArgs, around: &Surroundings) -> Result<Answer, Error> {
    let mut task = Task::new(&args.common, around)?;
    if task.place.exists() && !args.force {
        return Err(Error::usage(format!("there is a baseline `{}` already", task.place.name))
            .hint("bring it up to date with `scanall baseline update`, or write it anew with --force"));
    }
    (task.scan.baseline, task.scan.no_baseline) = (None, true);
    let report = scan(&task.scan, around)?;
    let entries = new_entries(&report, around);
    let count = text::count(entries.len(), "finding");
    Baseline { history: task.history.to_owned(), entries }.save(&task.place.path)?;
    let said = format!("Wrote {count} to {}\n", task.place.name);
    Ok(answer(&report, said, around))
}

fn update(args: &UpdateArgs, around: &Surroundings) -> Result<Answer, Error> {
    let task = Task::new(&args.common, around)?;
    let (report, standing) = task.beside(around)?;
    let new = if args.prune_only { Vec::new() } else { new_entries(&report, around) };
    // Of what is worse now there is a new entry, unless nothing new is wanted.
    let stays = |state: State| match state {
        State::Stands | State::Unknown => true,
        State::Outgrown => args.prune_only,
        State::Gone => false,
    };
    let worse = if args.prune_only { 0 } else { standing.count(State::Outgrown) };
    let (gone, unknown) = (standing.count(State::Gone), standing.count(State::Unknown));
    let added = new.len().saturating_sub(worse);
    let kept = standing.entries.into_iter().filter(|(_, state)| stays(*state)).map(|(entry, _)| entry);
    let entries: Vec<Entry> = kept.chain(new).collect();
    let history = if standing.history == "full" { "full" } else { task.history };
    let left = entries.len();
    Baseline { history: history.to_owned(), entries }.save(&task.place.path)?;
    let worse = if worse > 0 { format!(", took over {worse} that became worse") } else { String::new() };
    let mut said =
        format!("Added {added} and removed {gone}{worse}: {} in {}\n", text::count(left, "finding"), standing.name);
    if unknown > 0 {
        said.push_str(&format!(
            "{} {} stayed without being looked for: the scan did not see all that the baseline was made of\n",
            around.style.warning("warning:"),
            text::count(unknown, "finding"),
        ));
    }
    Ok(answer(&report, said, around))
}

fn show(args: &ShowArgs, around: &Surroundings) -> Result<Answer, Error> {
    let (report, standing) = Task::new(&args.common, around)?.beside(around)?;
    let mut table = around.style.table();
    for (entry, state) in &standing.entries {
        let what = if entry.what.is_empty() { String::new() } else { format!("\n{}", text::printable(&entry.what)) };
        table.add_row([
            state.id().to_owned(),
            entry.severity.id().to_owned(),
            text::printable(&entry.path),
            format!("{}{what}", text::printable(&entry.rule)),
            entry.added.to_string(),
        ]);
    }
    let mut said = if standing.entries.is_empty() { String::new() } else { format!("{}\n\n", table.trim_fmt()) };
    let states = [State::Stands, State::Outgrown, State::Gone, State::Unknown];
    let counts = states.map(|state| (standing.count(state), state.id())).into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
    let told = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    said.push_str(&format!("{} in {}{told}\n", text::count(standing.entries.len(), "finding"), standing.name));
    Ok(answer(&report, said, around))
}

/// An entry for each open finding.
fn new_entries(report: &Report, around: &Surroundings) -> Vec<Entry> {
    report.findings.iter().map(|finding| Entry::of(finding, around.environment.today)).collect()
}

/// What was done, and behind it what the scan did not see.
fn answer(report: &Report, said: String, around: &Surroundings) -> Answer {
    let code = if report.verdict == Verdict::Incomplete { exit::code(Verdict::Incomplete) } else { 0 };
    Answer { text: said + &unseen(report, around.style), code }
}
