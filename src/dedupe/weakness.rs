//! Code and configuration: the same when different tools report the same kind of defect at the same place.
//!
//! What the same kind is, says [`likeness`]. The same place are overlapping lines of one file; for configuration also
//! the same resource, which a tool may report as a whole and another by its line.
//!
//! Findings are taken from the top of a file to its end. Each joins the nearest one before it that is like it, and
//! becomes one that others can join if there is none. A group has at most one finding of each tool, so that two
//! findings of one tool stay two, even where a third tool's is like both; and all that name a weakness name one in
//! common, so that two weaknesses stay two, even where a third tool names both.

pub(super) mod likeness;
mod resource;

use std::collections::HashMap;

use likeness::{About, Like, Likenesses};

use super::again::said_once;
use super::groups::Groups;
use super::place;
use super::speakers::Speakers;
use crate::finding::{Finding, Kind};

/// At most so many findings before one are looked at, of those that are about the same file and kind of defect.
const NEAR: usize = 128;

/// What can be joined, by file and kind of defect: findings about the file as a whole, and about lines of it.
type Leads<'a> = HashMap<(&'a str, Like<'a>), [Vec<usize>; 2]>;

/// Groups findings of code and configuration.
pub(super) fn group(findings: &[Finding], some: &[usize], groups: &Groups) {
    let mut order = said_once(findings, some, groups);
    let mut speakers = Speakers::of(findings, some, groups);
    let position = |index: &usize| findings.get(*index).map(|finding| &finding.location);
    order.sort_by(|a, b| position(a).cmp(&position(b)).then(a.cmp(b)));
    let mut likenesses = Likenesses::default();
    let mut leads: Leads<'_> = HashMap::new();
    let mut subjects: HashMap<usize, About<'_>> = HashMap::new();
    for index in order {
        let Some(finding) = findings.get(index) else { continue };
        let path = finding.location.path.as_str();
        let about = likenesses.about(finding);
        let likes = about.likes();
        let joinable = |lead: &&usize, like: &Like<'_>| {
            findings.get(**lead).is_some_and(|lead| same_place(finding, lead, like))
                && !speakers.meet(groups.find(index), groups.find(**lead))
                && subjects.get(*lead).is_some_and(|all| !all.contradicts(&about))
        };
        let partner = likes.iter().find_map(|like| {
            let [whole, lines] = leads.get(&(path, *like))?;
            let nearest = lines.iter().rev().take(NEAR).chain(whole.iter().rev().take(NEAR));
            nearest.into_iter().find(|other| joinable(other, like)).copied()
        });
        match partner {
            Some(lead) => {
                speakers.unite(groups, index, lead);
                subjects.entry(lead).and_modify(|all| all.narrow(&about));
            }
            None => {
                subjects.insert(index, about);
                let is_of_lines = usize::from(finding.location.span.is_some());
                for like in likes {
                    let [whole, lines] = leads.entry((path, like)).or_default();
                    if is_of_lines == 1 { lines.push(index) } else { whole.push(index) }
                }
            }
        }
    }
}

fn same_place(a: &Finding, b: &Finding, like: &Like<'_>) -> bool {
    let is_configuration = match like {
        Like::Family(_) => true,
        Like::Rule(_) => a.kind == Kind::Config && b.kind == Kind::Config,
        Like::Weakness(_) | Like::General(_) => false,
    };
    if !is_configuration {
        return place::overlap(&a.location, &b.location);
    }
    let is_whole = a.location.span.is_none() || b.location.span.is_none();
    let overlap = || is_whole || place::overlap(&a.location, &b.location);
    place::same_commit(&a.location, &b.location) && resource::agree(a, b).unwrap_or_else(overlap)
}
