//! Finds dependencies with known vulnerabilities, and malicious, unsound, abandoned and withdrawn ones.

mod case;
mod database;
mod findings;
mod lines;
pub mod lookup;
mod priority;
pub mod query;
mod raise;
pub mod status;
pub mod withdrawn;

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Plan, Scanner, Sink};
use crate::advisories::matching::Asked;
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::finding::Kind;
use crate::inventory::{Dependency, PackageSource};
use crate::remedy::fits::{Dependents, Fit};
use crate::text;
use crate::usage::{self, Question};
use case::Case;
use database::Database;
pub use findings::{rule, title};

/// So many packages are named in a note.
const MOST_NAMED: usize = 3;

/// The dependencies layer.
pub struct Advisories;

impl Scanner for Advisories {
    fn id(&self) -> &'static str {
        "dependencies"
    }

    fn about(&self) -> &'static str {
        "vulnerable, malicious and abandoned dependencies of every ecosystem"
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Advisory]
    }

    fn plan(&self, _: &Context) -> Plan {
        Plan::Run
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let inventory = context.inventory();
        inventory.gaps.iter().for_each(|gap| sink.gap(gap.clone()));
        if inventory.files.is_empty() {
            sink.note("no file lists dependencies".to_owned());
            return Ok(());
        }
        let dependents = LazyCell::new(|| Dependents::of(inventory));
        let fit = |places: &[usize], to: &str| dependents.fit(places, to);
        withdrawn::report(context, sink, fit);
        let (packages, left_out) = askable(&inventory.packages);
        let questions: Vec<Asked<'_>> = packages.keys().copied().collect();
        let database = Database::open(context, &questions, sink)?;
        sink.expect(questions.len() as u64);
        let (mut undecided, mut count, mut cases) = (BTreeSet::new(), 0, Vec::new());
        for (asked, places) in &packages {
            let store = database.about(asked.ecosystem);
            let damaged = |_| damaged(asked.name);
            let answer = store.ask(*asked).map_err(damaged)?;
            if !answer.undecided.is_empty() {
                undecided.insert(format!("{} {}", asked.name, asked.version));
            }
            if !answer.hits.is_empty() {
                cases.push(Case::new(*asked, places, answer.hits, store).map_err(damaged)?);
            }
            count += places.len();
            sink.advance(1);
        }
        report(context, &cases, sink, fit);
        if !undecided.is_empty() {
            let packages = text::count(undecided.len(), "package");
            let some: Vec<String> = undecided.iter().take(MOST_NAMED).map(|name| text::printable(name)).collect();
            sink.note(format!(
                "{packages} at a commit or branch, which has no place among versions: {}",
                some.join(", ")
            ));
        }
        sink.note(format!("checked {} against {}", text::count(count, "package"), database.describe()));
        left_out.into_iter().for_each(|note| sink.note(note));
        Ok(())
    }
}

/// Makes findings of cases. Whether the project's own code has to do with them is looked up for all at once.
fn report(context: &Context, cases: &[Case<'_>], sink: &dyn Sink, fit: impl Fn(&[usize], &str) -> Fit + Copy) {
    let questions: Vec<Question<'_>> = cases.iter().flat_map(Case::questions).collect();
    let usages = usage::search(&context.target, &context.exclusion(), &questions);
    let mut usages = usages.as_slice();
    for case in cases {
        let (of_case, others) = usages.split_at(case.defects.len());
        usages = others;
        for finding in findings::of_case(context.inventory(), case, of_case, fit) {
            sink.finding(finding);
        }
    }
}

fn damaged(name: &str) -> Error {
    Error::usage(format!("the advisories about {} are damaged", text::printable(name)))
}

/// What there is to ask, with the places of the packages that it is about; and what nobody can be asked about, in words.
fn askable(packages: &[Dependency]) -> (BTreeMap<Asked<'_>, Vec<usize>>, Vec<String>) {
    let mut wanted: BTreeMap<Asked<'_>, Vec<usize>> = BTreeMap::new();
    let (mut unpinned, mut unheard): (usize, BTreeSet<Ecosystem>) = (0, BTreeSet::new());
    for (at, package) in packages.iter().enumerate().filter(|(_, it)| it.source == PackageSource::Public) {
        if package.ecosystem.osv().is_empty() {
            unheard.insert(package.ecosystem);
        } else if package.version.is_empty() {
            unpinned += 1;
        } else {
            wanted.entry(asked(package)).or_default().push(at);
        }
    }
    let mut notes = Vec::new();
    if unpinned > 0 {
        notes.push(format!("{} without a version, of which nothing can be said", text::count(unpinned, "package")));
    }
    if !unheard.is_empty() {
        let names: Vec<String> = unheard.iter().map(ToString::to_string).collect();
        notes.push(format!("no database has advisories about packages of {}", names.join(", ")));
    }
    (wanted, notes)
}

fn asked(package: &Dependency) -> Asked<'_> {
    Asked { ecosystem: package.ecosystem, release: &package.release, name: &package.name, version: &package.version }
}
