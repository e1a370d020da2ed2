//! Takes out the findings of a baseline, and tells what of it still stands.

use super::fit::Free;
use super::{Baseline, Entry};
use crate::engine::{LayerRun, Outcome};
use crate::finding::{Finding, Kind, Source};
use crate::scanner::{image, registry};
use crate::suppress::{Place, Split, Suppression};

/// A baseline beside a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What people call the file.
    pub name: String,
    /// How much of the history was read for it.
    pub history: String,
    /// Its entries, and what has become of each, in the order of the file.
    pub entries: Vec<(Entry, State)>,
}

/// What has become of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its finding is still there.
    Stands,
    /// Its finding is there and worse than it was, so the entry covers nothing.
    Outgrown,
    /// Its finding is gone.
    Gone,
    /// This scan did not see enough to say.
    Unknown,
}

impl State {
    /// The word for people and programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Stands => "there",
            Self::Outgrown => "worse",
            Self::Gone => "gone",
            Self::Unknown => "not seen",
        }
    }
}

/// How much a scan saw.
pub struct Extent<'a> {
    /// What came of each layer.
    pub layers: &'a [LayerRun],
    /// It was about the whole repository, not what is staged, in a range of revisions or in a part of it.
    pub whole: bool,
    /// How much of the history was read: `full` or `none`.
    pub history: &'a str,
}

/// Moves the open findings that a baseline covers to the accepted ones.
pub fn apply(baseline: &Baseline, name: &str, split: &mut Split, extent: &Extent<'_>) -> Standing {
    let mut states: Vec<Option<State>> = vec![None; baseline.entries.len()];
    let mut free = Free::new(&baseline.entries);
    let open = std::mem::take(&mut split.open);
    let covered = free.cover(&open.iter().collect::<Vec<_>>());
    for (finding, entry) in open.into_iter().zip(covered) {
        match entry {
            Some(index) => {
                states[index] = Some(State::Stands);
                split.suppressed.push((finding, why(&baseline.entries[index])));
            }
            None => split.open.push(finding),
        }
    }
    // What is accepted elsewhere as well is still there.
    let accepted: Vec<&Finding> =
        split.suppressed.iter().filter(|(_, why)| why.place != Place::Baseline).map(|(finding, _)| finding).collect();
    for index in free.outgrown(&accepted) {
        states[index] = Some(State::Stands);
    }
    for index in free.outgrown(&split.open.iter().collect::<Vec<_>>()) {
        states[index] = Some(State::Outgrown);
    }
    let witnesses = extent.witnesses();
    let state = |(entry, state): (&Entry, Option<State>)| {
        let state = state.unwrap_or(if extent.judges(entry, &baseline.history, &witnesses) {
            State::Gone
        } else {
            State::Unknown
        });
        (entry.clone(), state)
    };
    Standing {
        name: name.to_owned(),
        history: baseline.history.clone(),
        entries: baseline.entries.iter().zip(states).map(state).collect(),
    }
}

fn why(entry: &Entry) -> Suppression {
    Suppression {
        place: Place::Baseline,
        reason: format!("known since {}", entry.added),
        expires: None,
        is_unaffected: false,
    }
}

impl Standing {
    /// How many entries are in a state.
    pub fn count(&self, state: State) -> usize {
        self.entries.iter().filter(|(_, is)| *is == state).count()
    }
}

impl Extent<'_> {
    /// Which layers saw everything they look for, by the tool whose word for it they are. Whatever was not seen counts
    /// here, even where it does not make the run incomplete.
    fn witnesses(&self) -> Vec<Witness> {
        let saw_all = |layer: &LayerRun| layer.outcome == Outcome::Completed && layer.gaps.is_empty();
        let witness = |layer: &LayerRun| Witness {
            tool: if registry::is_tool(layer.id) { layer.id } else { Source::OWN },
            kinds: layer.kinds.clone(),
            saw_all: saw_all(layer),
        };
        self.layers.iter().map(witness).collect()
    }

    /// Whether a finding would be there if it still existed: every tool that knew it has looked at everything.
    fn judges(&self, entry: &Entry, history: &str, witnesses: &[Witness]) -> bool {
        let Some(kind) = entry.kind() else { return false };
        let looked = |tool: &String| {
            let mut named = witnesses.iter().filter(|w| w.tool == tool && w.kinds.contains(&kind)).peekable();
            named.peek().is_some() && named.all(|witness| witness.saw_all)
        };
        // What was found in a container image is not looked for without one.
        let is_looked_at = !entry.path.starts_with("image/")
            || self.layers.iter().any(|layer| layer.id == image::ID && layer.outcome == Outcome::Completed);
        is_looked_at && self.whole && (self.history == "full" || self.history == history) && entry.by.iter().all(looked)
    }
}

/// A layer that could say that something is gone.
struct Witness {
    tool: &'static str,
    kinds: Vec<Kind>,
    saw_all: bool,
}
