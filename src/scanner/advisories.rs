//! Finds dependencies with known vulnerabilities, and malicious, unsound, abandoned and withdrawn ones.

mod database;
mod findings;
pub mod lookup;
pub mod query;
pub mod status;
pub mod withdrawn;

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Plan, Scanner, Sink};
use crate::advisories::matching::{Asked, Hit};
use crate::advisories::store::bytes::Damaged;
use crate::advisories::version::Scheme;
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::finding::Kind;
use crate::inventory::{Dependency, PackageSource};
use crate::text;
use database::{Database, Part};
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
        withdrawn::report(context, inventory, sink);
        let (packages, left_out) = askable(&inventory.packages);
        let questions: Vec<Asked<'_>> = packages.keys().copied().collect();
        let database = Database::open(context, &questions, sink)?;
        sink.expect(questions.len() as u64);
        let (mut undecided, mut count) = (BTreeSet::new(), 0);
        for (asked, places) in &packages {
            let store = database.about(asked.ecosystem);
            let damaged = |_| Error::usage(format!("the advisories about {} are damaged", text::printable(asked.name)));
            let answer = store.ask(*asked).map_err(damaged)?;
            if !answer.undecided.is_empty() {
                undecided.insert(format!("{} {}", asked.name, asked.version));
            }
            let to = clean(store, *asked, &answer.hits).map_err(damaged)?;
            for hit in &answer.hits {
                for finding in findings::of_hit(inventory, places, hit, store, to.as_deref()).map_err(damaged)? {
                    sink.finding(finding);
                }
            }
            count += places.len();
            sink.advance(1);
        }
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

/// What there is to ask, with the packages that it is about; and what nobody can be asked about, in words.
fn askable(packages: &[Dependency]) -> (BTreeMap<Asked<'_>, Vec<&Dependency>>, Vec<String>) {
    let mut wanted: BTreeMap<Asked<'_>, Vec<&Dependency>> = BTreeMap::new();
    let (mut unpinned, mut unheard): (usize, BTreeSet<Ecosystem>) = (0, BTreeSet::new());
    for package in packages.iter().filter(|package| package.source == PackageSource::Public) {
        if package.ecosystem.osv().is_empty() {
            unheard.insert(package.ecosystem);
        } else if package.version.is_empty() {
            unpinned += 1;
        } else {
            wanted.entry(asked(package)).or_default().push(package);
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

/// The smallest version above the one in use that has none of its defects, and no other that is known; `None` where no
/// fixed version is like that.
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

fn asked(package: &Dependency) -> Asked<'_> {
    Asked { ecosystem: package.ecosystem, release: &package.release, name: &package.name, version: &package.version }
}
