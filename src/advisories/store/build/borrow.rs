//! Gives records that say nothing of their severity what another record of the same defect says.

use std::collections::HashMap;

use crate::advisories::grade::Grade;
use crate::advisories::record::{Nature, Record};
use crate::dedupe::groups::Groups;

/// Records that share an id are about one defect. The grade with the highest score is borrowed; of words, the first by
/// the id of its record.
pub(super) fn grades(records: &mut [(Record, String)]) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let groups = Groups::new(records.len());
    for (at, (record, _)) in records.iter().enumerate() {
        for id in std::iter::once(&record.id).chain(&record.aliases) {
            groups.unite(*first.entry(id).or_insert(at), at);
        }
    }
    let mut best: HashMap<usize, (f64, Grade)> = HashMap::new();
    for (at, (record, _)) in records.iter().enumerate() {
        let Some(grade) = &record.grade else { continue };
        let score = grade.score().map_or(-1.0, |score| score.base);
        let is_better = best.get(&groups.find(at)).is_none_or(|(known, _)| score > *known);
        if is_better {
            best.insert(groups.find(at), (score, Grade { from: record.id.clone(), ..grade.clone() }));
        }
    }
    for (at, (record, _)) in records.iter_mut().enumerate() {
        // What is unmaintained is no more severe because a vulnerability is an alias of it.
        if record.grade.is_none() && record.nature == Nature::Vulnerable {
            record.grade = best.get(&groups.find(at)).map(|(_, grade)| grade.clone());
        }
    }
}
