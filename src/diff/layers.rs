//! Says at the layers of HEAD what went wrong with those of BASE: what BASE was not searched for seems new.

use crate::engine::{LayerRun, Outcome};
use crate::scanner::Gap;

/// What came of a layer when BASE was scanned.
#[derive(Clone, Debug)]
pub struct BaseLayer {
    /// The layer.
    pub id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What it could not see.
    pub gaps: Vec<Gap>,
}

impl From<LayerRun> for BaseLayer {
    fn from(run: LayerRun) -> Self {
        Self { id: run.id.to_owned(), outcome: run.outcome, gaps: run.gaps }
    }
}

/// Adds what BASE's layers could not see to the gaps of HEAD's, unless HEAD's could not see it either. All is well for
/// a layer that did not run on HEAD.
pub fn add(head: &mut [LayerRun], base: &[BaseLayer]) {
    for layer in head.iter_mut().filter(|layer| layer.outcome.has_run()) {
        let own = base.iter().find(|base| base.id == layer.id);
        let failed = match own.map(|base| &base.outcome) {
            Some(Outcome::Completed) => None,
            Some(Outcome::Failed(chain)) => Some(format!("the layer failed ({})", chain.join(": "))),
            Some(Outcome::Skipped(why) | Outcome::Absent(why)) => Some(format!("the layer was skipped ({why})")),
            None => Some("the layer did not run".to_owned()),
        };
        let failed = failed.map(|why| Gap::broken(format!("{why}, so that whatever it finds counts as introduced")));
        let gaps = own.into_iter().flat_map(|base| &base.gaps).filter(|gap| !layer.gaps.contains(gap)).cloned();
        let told = failed.into_iter().chain(gaps).map(|gap| Gap { message: format!("base: {}", gap.message), ..gap });
        let mut told: Vec<Gap> = told.collect();
        layer.gaps.append(&mut told);
        layer.gaps.sort();
        layer.gaps.dedup();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run(outcome: Outcome, gaps: &[&str]) -> LayerRun {
        let gaps = gaps.iter().map(|text| Gap::broken(*text)).collect();
        LayerRun { id: "x", kinds: Vec::new(), outcome, gaps, notes: Vec::new(), elapsed: Duration::ZERO }
    }

    fn told(head: LayerRun, base: Option<LayerRun>) -> Vec<String> {
        let mut layers = [head];
        add(&mut layers, &base.into_iter().map(BaseLayer::from).collect::<Vec<_>>());
        layers[0].gaps.iter().map(|gap| gap.message.clone()).collect()
    }

    #[test]
    fn only_what_is_wrong_with_base_alone_is_said() {
        let (done, skipped) = (Outcome::Completed, Outcome::Skipped("no tool".to_owned()));
        assert_eq!(told(run(done.clone(), &["a"]), Some(run(done.clone(), &["a", "b"]))), ["a", "base: b"]);
        assert!(told(run(done.clone(), &[]), None)[0].starts_with("base: the layer did not run"));
        assert!(told(run(done, &[]), Some(run(skipped.clone(), &[])))[0].contains("skipped (no tool)"));
        assert_eq!(told(run(skipped, &[]), None), Vec::<String>::new());
    }
}
