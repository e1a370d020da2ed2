//! Says whether those who need a package allow another version of it.

use std::collections::BTreeSet;

use crate::advisories::version::Scheme;
use crate::ecosystem::Ecosystem;
use crate::inventory::{Dependency, Inventory, Need, PackageSource};

/// What those who need a package say of another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// All of them allow it, the project's own requirement included.
    Allowed,
    /// Some do not allow it: these, sorted and each once. Of others nobody may be able to tell.
    Refused(Vec<Refusal>),
    /// Nobody is known to refuse it, and of some nobody can tell.
    Unknown,
}

/// One who needs a package, and does not allow a version of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The name of the package that asks; empty for the project itself.
    pub name: String,
    /// Its version; empty for the project itself, and where the file pins none.
    pub version: String,
    /// Which versions it asks for, in the ecosystem's own words.
    pub requirement: String,
}

impl Refusal {
    /// Whether it is the project itself that asks.
    pub fn is_own(&self) -> bool {
        self.name.is_empty()
    }
}

/// Who needs each package of an inventory. Making it takes as long as there are dependencies; what it is asked then, as
/// long as one package has.
pub struct Dependents<'i> {
    inventory: &'i Inventory,
    /// Where in `needs` those begin that need a package, by its place; one more at the end.
    starts: Vec<usize>,
    /// Who needs a package, as the places of the other and of the need in [`Dependency::needs`].
    needs: Vec<(usize, usize)>,
}

impl<'i> Dependents<'i> {
    /// Those of an inventory.
    pub fn of(inventory: &'i Inventory) -> Self {
        let count = inventory.packages.len();
        let all = || {
            let all = inventory.packages.iter().enumerate();
            all.flat_map(|(from, package)| package.needs.iter().enumerate().map(move |(at, need)| (need, from, at)))
                .filter(|(need, ..)| need.package < count)
        };
        // Each package's place is made large enough first, and filled from its end then.
        let mut starts = vec![0; count + 1];
        all().for_each(|(need, ..)| starts[need.package] += 1);
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut needs = vec![(0, 0); sum];
        for (need, from, at) in all() {
            starts[need.package] -= 1;
            needs[starts[need.package]] = (from, at);
        }
        Self { inventory, starts, needs }
    }

    /// What all say of raising the packages at some places of the inventory to a version. Places are those of one
    /// package, of one name and version, in any number of files; none gives [`Fit::Unknown`].
    pub fn fit(&self, places: &[usize], to: &str) -> Fit {
        let mut refused = BTreeSet::new();
        let mut is_known = !places.is_empty();
        for at in places {
            is_known &= match self.inventory.packages.get(*at) {
                Some(package) if package.ecosystem == Ecosystem::Go => is_higher_module(package, to),
                Some(package) => self.ask(*at, package, to, &mut refused),
                None => false,
            };
        }
        match (refused.is_empty(), is_known) {
            (false, _) => Fit::Refused(refused.into_iter().collect()),
            (true, true) => Fit::Allowed,
            (true, false) => Fit::Unknown,
        }
    }

    /// Asks all who need the package at one place; whether of all of them it is known what they say.
    fn ask(&self, at: usize, package: &Dependency, to: &str, refused: &mut BTreeSet<Refusal>) -> bool {
        // Where nobody tells whether the project asks for it, too, not all is known.
        let mut is_known = package.direct.is_some();
        let (mut is_asked, mut is_own) = (false, false);
        let mut judge = |by: Option<&Dependency>, requirement: &str| {
            (is_asked, is_own) = (true, is_own || by.is_none());
            match allows(package, requirement, to) {
                Some(true) => {}
                Some(false) => drop(refused.insert(refusal(by, requirement))),
                None => is_known = false,
            }
        };
        // A manifest that is read on its own says what it asks for of the package itself.
        let alone = (package.asked.is_empty() && !package.requirement.is_empty()).then_some(&package.requirement);
        for asked in package.asked.iter().chain(alone) {
            judge(None, if asked.is_empty() { &package.requirement } else { asked });
        }
        for (other, need) in self.needs_of(at) {
            // A package with extras needs itself without them: both are raised.
            if !is_same(other, package) {
                judge(Some(other).filter(|other| other.source != PackageSource::Local), &need.requirement);
            }
        }
        is_known && is_asked && (is_own || package.direct == Some(false))
    }

    /// Who needs the package at a place, and how.
    fn needs_of(&self, at: usize) -> impl Iterator<Item = (&'i Dependency, &'i Need)> {
        let (start, end) = (self.starts.get(at).copied(), self.starts.get(at + 1).copied());
        let range = start.unwrap_or_default()..end.unwrap_or_default();
        let inventory = self.inventory;
        self.needs.get(range).unwrap_or_default().iter().filter_map(move |(other, need)| {
            let other = inventory.packages.get(*other)?;
            Some((other, other.needs.get(*need)?))
        })
    }
}

fn refusal(by: Option<&Dependency>, requirement: &str) -> Refusal {
    Refusal {
        name: by.map(|by| by.name.clone()).unwrap_or_default(),
        version: by.map(|by| by.version.clone()).unwrap_or_default(),
        requirement: requirement.to_owned(),
    }
}

fn is_same(one: &Dependency, other: &Dependency) -> bool {
    one.ecosystem == other.ecosystem
        && one.version == other.version
        && one.ecosystem.normalized(&one.name) == other.ecosystem.normalized(&other.name)
}

/// Whether a requirement on a package allows another version; `None` where nobody can tell. What does not allow the
/// version in use has not chosen it: something overrides it, or it holds on other machines.
fn allows(package: &Dependency, requirement: &str, to: &str) -> Option<bool> {
    let met = |version: &str| meets(package.ecosystem, version, requirement);
    let is_in_force = package.version.is_empty() || met(&package.version)?;
    if is_in_force { met(to) } else { None }
}

/// Whether a version meets a requirement as lockfiles of an ecosystem have it.
fn meets(ecosystem: Ecosystem, version: &str, requirement: &str) -> Option<bool> {
    // An address, a path, an alias, a member of the workspace.
    if requirement.is_empty() || requirement.contains([':', '/']) {
        return None;
    }
    match ecosystem {
        Ecosystem::PyPi => meets_python(version, requirement),
        Ecosystem::Jsr => Scheme::of(Ecosystem::Npm.osv())?.satisfies(version, requirement),
        _ => Scheme::of(ecosystem.osv_or_purl())?.satisfies(version, requirement),
    }
}

/// Poetry has `^` and `~` as Cargo has them, and a version alone, besides what every tool of Python has
/// (<https://python-poetry.org/docs/dependency-specification/>).
fn meets_python(version: &str, requirement: &str) -> Option<bool> {
    let (python, cargo) = (Scheme::of(Ecosystem::PyPi.osv())?, Scheme::of(Ecosystem::Cargo.osv())?);
    let mut is_met = false;
    for alternative in requirement.split('|').filter(|part| !part.is_empty()) {
        let mut are_all = true;
        for part in alternative.split(',').map(str::trim) {
            are_all &= match part.as_bytes() {
                [] | [b'*'] => true,
                [b'^', ..] => cargo.satisfies(version, part)?,
                [b'~', next, ..] if *next != b'=' => cargo.satisfies(version, part)?,
                [b'0'..=b'9', ..] => python.satisfies(version, &format!("=={part}"))?,
                [b'=' | b'<' | b'>' | b'!' | b'~', ..] => python.satisfies(version, part)?,
                _ => return None,
            };
        }
        is_met |= are_all;
    }
    Some(is_met)
}

/// Whether a version is one that Go takes in place of another without anybody's leave: a higher one of the same module,
/// whose path tells the major version from 2 on (<https://go.dev/ref/mod#minimal-version-selection>,
/// <https://go.dev/ref/mod#major-version-suffixes>).
fn is_higher_module(package: &Dependency, to: &str) -> bool {
    let Some(scheme) = Scheme::of(Ecosystem::Go.osv()) else { return false };
    // What replaces a module is chosen by its place.
    package.source == PackageSource::Public
        && !package.version.is_empty()
        && scheme.compare(to, &package.version).is_ge()
        && is_of_module(&package.name, to)
}

fn is_of_module(module: &str, version: &str) -> bool {
    // The library and the toolchain are no modules.
    if !module.split('/').next().unwrap_or_default().contains('.') {
        return true;
    }
    let Some(major) = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u64>().ok())
    else {
        return false;
    };
    let last = module.rsplit('/').next().unwrap_or_default();
    let suffix = if module.starts_with("gopkg.in/") {
        last.rsplit_once(".v").map(|(_, major)| major)
    } else {
        last.strip_prefix('v')
    };
    match suffix.and_then(|suffix| suffix.parse::<u64>().ok()) {
        Some(of_path) => of_path == major,
        None => major < 2 || version.ends_with("+incompatible"),
    }
}

#[cfg(test)]
mod tests;
