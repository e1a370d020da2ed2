//! Takes in the reports of tools that ran elsewhere.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::{Context, Plan, Scanner, Sink};
use crate::error::Error;
use crate::finding::Kind;

/// The layer that takes in reports.
#[derive(Default)]
pub struct Ingest {
    kinds: Mutex<BTreeSet<Kind>>,
}

/// The layer's id.
pub const ID: &str = "ingest";

impl Scanner for Ingest {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "reports of tools that ran elsewhere"
    }

    fn kinds(&self) -> &'static [Kind] {
        &[]
    }

    fn covered(&self) -> Vec<Kind> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    fn plan(&self, context: &Context) -> Plan {
        match context.options.ingest.is_empty() {
            true => Plan::Skip("no report is named".to_owned()),
            false => Plan::Run,
        }
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let mut said = context.ingested().lock().unwrap_or_else(PoisonError::into_inner);
        sink.findings(std::mem::take(&mut said.findings));
        said.gaps.iter().for_each(|gap| sink.gap(gap.clone()));
        said.notes.iter().for_each(|note| sink.note(note.clone()));
        *self.kinds.lock().unwrap_or_else(PoisonError::into_inner) = said.kinds.clone();
        Ok(())
    }
}
