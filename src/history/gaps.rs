//! Defines [`Gaps`]: what could not be read, collected from many threads.

use std::sync::{Mutex, PoisonError};

/// More sentences are only counted.
const MOST: usize = 100;

/// Sentences about what could not be read.
#[derive(Default)]
pub struct Gaps(Mutex<(Vec<String>, u64)>);

impl Gaps {
    /// Adds a sentence.
    pub fn add(&self, sentence: String) {
        let mut gaps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The smallest ones stay, so that the same damage reads the same in every run.
        let at = gaps.0.partition_point(|known| *known < sentence);
        gaps.0.insert(at, sentence);
        if gaps.0.len() > MOST {
            gaps.0.pop();
            gaps.1 += 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        let gaps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gaps.0.len() as u64 + gaps.1
    }

    /// The sentences, sorted; the last one counts those that are left out.
    pub fn into_sentences(self) -> Vec<String> {
        let (mut sentences, more) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if more > 0 {
            sentences.push(format!("{more} more"));
        }
        sentences
    }
}
