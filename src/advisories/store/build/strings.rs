//! Numbers of strings: those that are used most have the smallest, which take the fewest bytes.

use std::collections::HashMap;

/// How often each string is used.
#[derive(Default)]
pub(super) struct Uses<'a> {
    counts: HashMap<&'a str, usize>,
}

/// Every string with its number.
pub(super) struct Strings<'a> {
    order: Vec<&'a str>,
    numbers: HashMap<&'a str, u64>,
}

impl<'a> Uses<'a> {
    pub(super) fn add(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        texts.into_iter().for_each(|text| *self.counts.entry(text).or_default() += 1);
    }

    pub(super) fn rank(self) -> Strings<'a> {
        let mut counted: Vec<(&str, usize)> = self.counts.into_iter().collect();
        counted.sort_unstable_by(|(a, often), (b, often_b)| often_b.cmp(often).then_with(|| a.cmp(b)));
        let order: Vec<&str> = counted.into_iter().map(|(text, _)| text).collect();
        let numbers = order.iter().enumerate().map(|(number, text)| (*text, number as u64)).collect();
        Strings { order, numbers }
    }
}

impl Strings<'_> {
    /// The number of a string that was counted.
    pub(super) fn number(&self, text: &str) -> u64 {
        self.numbers.get(text).copied().unwrap_or_default()
    }

    /// Where each ends, behind a zero, and all of them.
    pub(super) fn write(self) -> (Vec<u8>, Vec<u8>) {
        let (mut ends, mut texts) = (0u32.to_le_bytes().to_vec(), Vec::new());
        for text in self.order {
            texts.extend_from_slice(text.as_bytes());
            ends.extend((texts.len() as u32).to_le_bytes());
        }
        (ends, texts)
    }
}
