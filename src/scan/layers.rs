//! What is said of layers once they have run.

use crate::cli::scan::WhatArgs;
use crate::config::Config;
use crate::engine::{LayerRun, Outcome};
use crate::scanner::{Gap, registry};

/// The layer of secrets, the one that looks at what is staged.
pub(super) const SECRETS: &str = "secrets";

/// Whether every place was searched for secrets.
pub(super) fn saw_secrets(layers: &[LayerRun]) -> bool {
    let mut secrets = layers.iter().filter(|layer| layer.id == SECRETS);
    secrets.any(|layer| layer.outcome == Outcome::Completed && layer.gaps.is_empty())
}

/// Says something beside what the layer of secrets says, or the first one where that did not run.
pub(super) fn note(layers: &mut [LayerRun], notes: Vec<String>) {
    let of_secrets = layers.iter().position(|layer| layer.id == SECRETS && layer.outcome.has_run());
    if let Some(layer) = layers.get_mut(of_secrets.unwrap_or(0)) {
        layer.notes.extend(notes);
    }
}

/// Makes it plain that a program is missing that somebody named: what it would have found, nobody has looked for.
pub(crate) fn miss(layers: &mut [LayerRun], args: &WhatArgs, config: &Config) {
    for layer in layers {
        let is_named = |names: &[String]| names.iter().any(|name| name == layer.id);
        if let Outcome::Absent(reason) = &layer.outcome
            && (is_named(&args.only) || is_named(&config.scan.only))
        {
            let reason = reason.clone();
            layer.gaps.push(Gap::unavailable(format!("{} was asked for and is {reason}", layer.id)));
            layer.outcome = Outcome::Skipped(reason);
        }
    }
}

/// The layers that ran and those that were left out, in the order of the registry.
pub(crate) fn in_order(mut layers: Vec<LayerRun>, left_out: Vec<LayerRun>) -> Vec<LayerRun> {
    layers.extend(left_out);
    layers.sort_by_key(|layer| registry::ids().iter().position(|id| *id == layer.id).unwrap_or(usize::MAX));
    layers
}
