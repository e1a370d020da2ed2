//! Defines [`Progress`]: a bar for each layer on a terminal, and silence elsewhere.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bars of a run, on standard error.
pub struct Progress {
    bars: BTreeMap<&'static str, ProgressBar>,
    all: MultiProgress,
}

impl Progress {
    /// Shows a bar for each layer, or nothing.
    pub fn new(layers: &[&'static str], shown: bool) -> Self {
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let all = MultiProgress::with_draw_target(target);
        let style = ProgressStyle::with_template("  {prefix:14} {bar:30.cyan/dim} {percent:>3}% {elapsed:>4}")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━━─");
        let bars = layers
            .iter()
            .map(|id| {
                let bar = all.add(ProgressBar::new(0).with_style(style.clone()).with_prefix(*id));
                if shown {
                    bar.enable_steady_tick(Duration::from_millis(100));
                }
                (*id, bar)
            })
            .collect();
        Self { bars, all }
    }

    /// More work is known.
    pub fn expect(&self, layer: &str, units: u64) {
        if let Some(bar) = self.bars.get(layer) {
            bar.inc_length(units);
        }
    }

    /// Work is done.
    pub fn advance(&self, layer: &str, units: u64) {
        if let Some(bar) = self.bars.get(layer) {
            bar.inc(units);
        }
    }

    /// A layer has ended.
    pub fn end(&self, layer: &str) {
        if let Some(bar) = self.bars.get(layer) {
            bar.finish_and_clear();
        }
    }

    /// Takes every bar off the terminal.
    pub fn clear(&self) {
        // Failing to clear a terminal is no reason to fail a run.
        let _ = self.all.clear();
    }
}
