//! Defines [`Case`]: a package of the target, at a version that has defects.

use super::database::Part;
use super::raise::Raise;
use crate::advisories::matching::{Asked, Hit};
use crate::advisories::record::Text;
use crate::advisories::store::bytes::Damaged;
use crate::usage::Question;

/// A package of the target, at a version that has defects.
pub(super) struct Case<'a> {
    /// The package.
    pub(super) asked: Asked<'a>,
    /// Every package of the inventory that is this one, by its place.
    pub(super) places: &'a [usize],
    /// Its defects, worst first.
    pub(super) defects: Vec<Defect>,
    /// The version to raise it to; `None` where none is known that is any better.
    pub(super) raise: Option<Raise>,
}

/// A defect, with what there is to read of it.
pub(super) struct Defect {
    pub(super) hit: Hit,
    pub(super) about: Text,
}

impl<'a> Case<'a> {
    /// Looks up what is to be said of defects.
    pub(super) fn new(asked: Asked<'a>, places: &'a [usize], hits: Vec<Hit>, store: &Part) -> Result<Self, Damaged> {
        let raise = Raise::of(asked, &hits, |version| store.ask(Asked { version, ..asked }))?;
        let defects = hits.into_iter().map(|hit| Ok(Defect { about: store.text(&hit)?, hit }));
        Ok(Self { asked, places, defects: defects.collect::<Result<_, Damaged>>()?, raise })
    }

    /// What there is to ask about the source of the project, a question for each defect.
    pub(super) fn questions(&self) -> impl Iterator<Item = Question<'_>> {
        let Asked { ecosystem, name, .. } = self.asked;
        self.defects.iter().map(move |defect| Question { ecosystem, name, code: &defect.about.code })
    }
}
