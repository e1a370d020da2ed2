//! Takes out the findings that somebody accepted, keeps them beside the others, and tells which acceptances are
//! unused or expired.
//!
//! There are three ways to accept a finding, tried in this order: a comment beside it, an `[[ignore]]` of the
//! configuration, and a file of another tool that a team has already (see [`reviewed`] for advisories, [`foreign`] for
//! secrets). Baselines come behind them.

pub mod foreign;
mod ignores;
mod place;
pub mod reviewed;

use jiff::civil::Date;

use crate::config::Ignore;
use crate::error::Error;
use crate::finding::Finding;
use foreign::List;
use ignores::Ignores;
pub use ignores::Unused;
pub use place::Place;
use reviewed::Reviewed;

/// Why a finding was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where it is written.
    pub place: Place,
    /// The reason given; empty when an inline marker gives none.
    pub reason: String,
    /// The last day on which it holds; `None` for ever.
    pub expires: Option<Date>,
    /// Whether it says that the project is not affected at all, and not only that somebody lives with it.
    pub is_unaffected: bool,
}

/// Findings, split by whether somebody accepted them.
#[derive(Default)]
pub struct Split {
    /// Open findings.
    pub open: Vec<Finding>,
    /// Accepted ones, and why.
    pub suppressed: Vec<(Finding, Suppression)>,
    /// Acceptances of nothing.
    pub unused: Vec<Unused>,
}

/// What may accept findings.
pub struct Accepting<'a> {
    /// The configuration's.
    pub ignores: &'a [Ignore],
    /// The files of other tools; they learn what of them is used.
    pub lists: &'a mut [List],
    /// What files of other tools say of advisories.
    pub reviewed: &'a [Reviewed],
    /// Comments that are written for other tools count.
    pub others: bool,
    /// The day on which an acceptance must not have expired.
    pub today: Date,
}

/// Splits findings by the comments beside them first, then by the first `[[ignore]]` that fits and has not expired, then
/// by the first file of another tool.
///
/// # Errors
/// A path of an ignore is not a valid glob.
pub fn suppress(findings: Vec<Finding>, accepting: Accepting<'_>) -> Result<Split, Error> {
    let Accepting { ignores, lists, reviewed, others, today } = accepting;
    let mut ignores = Ignores::new(ignores, today)?;
    let others_say = |finding: &Finding| reviewed.iter().find_map(|file| file.accept(finding, today));
    let own =
        |finding: &Finding| marked(finding, others).or_else(|| ignores.accept(finding)).or_else(|| others_say(finding));
    let mut reasons: Vec<Option<Suppression>> = findings.iter().map(own).collect();
    for list in lists {
        for (reason, entry) in reasons.iter_mut().zip(list.cover(&findings.iter().collect::<Vec<_>>())) {
            *reason = reason.take().or_else(|| Some(list.suppression(entry?)));
        }
    }
    let mut split = Split { unused: ignores.unused(), ..Split::default() };
    for (finding, reason) in findings.into_iter().zip(reasons) {
        match reason {
            Some(why) => split.suppressed.push((finding, why)),
            None => split.open.push(finding),
        }
    }
    Ok(split)
}

/// Moves the open findings that a list of another tool accepts to the accepted ones.
pub fn apply(list: &mut List, split: &mut Split) {
    let open = std::mem::take(&mut split.open);
    let covered = list.cover(&open.iter().collect::<Vec<_>>());
    for (finding, entry) in open.into_iter().zip(covered) {
        match entry {
            Some(entry) => split.suppressed.push((finding, list.suppression(entry))),
            None => split.open.push(finding),
        }
    }
    // What is accepted elsewhere as well is still there.
    let accepted: Vec<&Finding> = split.suppressed.iter().map(|(finding, _)| finding).collect();
    list.cover(&accepted);
}

/// The acceptance by a comment.
fn marked(finding: &Finding, others: bool) -> Option<Suppression> {
    let marker = finding.marker.as_ref()?;
    let mark = marker.covering(finding.kind, &finding.rule.id, &finding.sources, others)?;
    let place = if mark.is_own() { Place::Inline } else { Place::Marker(mark.word()) };
    Some(Suppression { place, reason: mark.reason.clone(), expires: None, is_unaffected: false })
}
