//! Defines [`Case`]: a package of the target, at a version that has defects.

use super::database::Part;
use crate::advisories::matching::{Asked, Hit};
use crate::advisories::record::Text;
use crate::advisories::store::bytes::Damaged;
use crate::advisories::version::Scheme;
use crate::usage::Question;

/// A package of the target, at a version that has defects.
pub(super) struct Case<'a> {
    /// The package.
    pub(super) asked: Asked<'a>,
    /// Every package of the inventory that is this one, by its place.
    pub(super) places: &'a [usize],
    /// Its defects, worst first.
    pub(super) defects: Vec<Defect>,
    /// The smallest version above the one in use that has none of its defects, and no other that is known; `None` where no
    /// fixed version is like that.
    pub(super) to: Option<String>,
}

/// A defect, with what there is to read of it.
pub(super) struct Defect {
    pub(super) hit: Hit,
    pub(super) about: Text,
}

impl<'a> Case<'a> {
    /// Looks up what is to be said of defects.
    pub(super) fn new(asked: Asked<'a>, places: &'a [usize], hits: Vec<Hit>, store: &Part) -> Result<Self, Damaged> {
        let to = clean(store, asked, &hits)?;
        let defects = hits.into_iter().map(|hit| Ok(Defect { about: store.text(&hit)?, hit }));
        Ok(Self { asked, places, defects: defects.collect::<Result<_, Damaged>>()?, to })
    }

    /// What there is to ask about the source of the project, a question for each defect.
    pub(super) fn questions(&self) -> impl Iterator<Item = Question<'_>> {
        let Asked { ecosystem, name, .. } = self.asked;
        self.defects.iter().map(move |defect| Question { ecosystem, name, code: &defect.about.code })
    }
}

fn clean(store: &Part, asked: Asked<'_>, hits: &[Hit]) -> Result<Option<String>, Damaged> {
    let Some(scheme) = Scheme::of(asked.ecosystem.osv()) else { return Ok(None) };
    let mut candidates: Vec<&str> = hits.iter().flat_map(|hit| &hit.fixed).map(String::as_str).collect();
    candidates.sort_by(|a, b| scheme.compare(a, b));
    candidates.dedup();
    for version in candidates {
        if store.ask(Asked { version, ..asked })?.hits.iter().all(|hit| !hit.nature.is_defect()) {
            return Ok(Some(version.to_owned()));
        }
    }
    Ok(None)
}
