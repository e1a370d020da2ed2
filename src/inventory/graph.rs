//! Tells of packages what follows from who needs whom: which are direct, what pulls the others in, what each is for.

use std::collections::VecDeque;

use super::dependency::{Dependency, Need, PackageSource, Scope};
use super::pin;
use super::reading::{Draft, Read};
use super::source::Source;
use crate::finding::Location;
use crate::scanner::Gap;

/// Every scope, the strongest first.
const SCOPES: [Scope; 4] = [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Dev];

/// A package that the project asks for.
pub(super) struct Root {
    pub(super) package: usize,
    pub(super) scope: Scope,
    pub(super) manifest: Option<Location>,
    /// Which versions it asks for; empty where nobody can tell.
    pub(super) requirement: String,
}

/// Who needs whom, by the places of packages.
#[derive(Default)]
pub(super) struct Edges {
    /// What each package needs.
    pub(super) firm: Vec<Vec<Need>>,
    /// What each package can do without.
    pub(super) loose: Vec<Vec<Need>>,
}

impl Edges {
    /// All that a package needs or can use.
    fn of(&self, at: usize) -> impl Iterator<Item = usize> {
        self.firm[at].iter().chain(&self.loose[at]).map(|need| need.package)
    }

    /// The same with what is asked for, sorted, once packages have their final places.
    fn take(&mut self, at: usize, place: &[usize]) -> Vec<Need> {
        let mut needs = std::mem::take(&mut self.firm[at]);
        needs.append(&mut self.loose[at]);
        needs.iter_mut().for_each(|need| need.package = place[need.package]);
        needs.sort_unstable();
        // What is not told of a package in one place of the file may be told in another.
        needs.dedup_by(|next, known| {
            let is_better = next.package == known.package && known.requirement.is_empty();
            if is_better {
                std::mem::swap(next, known);
            }
            is_better || next == known
        });
        needs.shrink_to_fit();
        needs
    }
}

/// What is known of a package once the ways to it are walked.
#[derive(Clone, Default)]
struct Reached {
    scope: Option<Scope>,
    direct: bool,
    via: Option<usize>,
    manifest: Option<Location>,
}

/// Makes dependencies of what a reader said, in the order of name, version and line.
pub(super) fn finish(
    source: &Source,
    mut drafts: Vec<Draft>,
    mut edges: Edges,
    mut roots: Vec<Root>,
    gaps: Vec<Gap>,
) -> Read {
    let mut asked: Vec<Vec<String>> = vec![Vec::new(); drafts.len()];
    for root in &mut roots {
        asked[root.package].push(std::mem::take(&mut root.requirement));
    }
    let reached = walk(&drafts, &edges, roots);
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by(|a, b| key(&drafts[*a]).cmp(&key(&drafts[*b])));
    let mut place = vec![0; drafts.len()];
    order.iter().enumerate().for_each(|(at, draft)| place[*draft] = at);
    let packages = order
        .iter()
        .map(|&at| {
            let (draft, known) = (std::mem::take(&mut drafts[at]), &reached[at]);
            let mut asked = std::mem::take(&mut asked[at]);
            asked.sort_unstable();
            asked.dedup();
            // Where nothing leads anywhere, the file says nothing of ways.
            let told = known.direct || known.via.is_some();
            let pin = pin::of(source, &draft);
            Dependency {
                ecosystem: draft.ecosystem,
                release: draft.release,
                name: draft.name,
                version: draft.version,
                requirement: draft.requirement,
                asked,
                source: draft.source,
                pin,
                location: draft.location.unwrap_or_else(|| source.location(draft.line)),
                scope: draft.scope.or(known.scope).unwrap_or_default(),
                direct: draft.direct.or(told.then_some(known.direct)),
                manifest: draft.manifest.or_else(|| known.manifest.clone()),
                licenses: draft.licenses,
                hashes: draft.hashes,
                deprecated: draft.deprecated,
                needs: edges.take(at, &place),
                via: known.via.map(|other| place[other]),
            }
        })
        .collect();
    Read { packages, gaps }
}

fn key(draft: &Draft) -> (&str, &str, u32) {
    (&draft.name, &draft.version, draft.line)
}

/// Walks breadth first from the roots, and from what local packages need; scope by scope, the strongest first, so that
/// each package has the scope of the strongest way to it, and the shortest of all ways.
fn walk(drafts: &[Draft], edges: &Edges, roots: Vec<Root>) -> Vec<Reached> {
    let mut reached = vec![Reached::default(); drafts.len()];
    let is_local = |at: usize| drafts[at].source == PackageSource::Local;
    let mut starts: Vec<(usize, Scope, Option<Location>)> =
        roots.into_iter().map(|root| (root.package, root.scope, root.manifest)).collect();
    // What a manifest says of the scope of a dependency is known by the roots; a local package says only that it needs it.
    let mut named = vec![false; drafts.len()];
    starts.iter().for_each(|(at, ..)| named[*at] = true);
    for at in (0..drafts.len()).filter(|at| is_local(*at)) {
        let unnamed = edges.of(at).filter(|other| !is_local(*other) && !std::mem::replace(&mut named[*other], true));
        starts.extend(unnamed.map(|other| (other, Scope::Runtime, None)));
    }
    starts.sort_by_key(|(at, scope, manifest)| (*scope, *at, manifest.is_none()));
    for (at, _, manifest) in &starts {
        let known = &mut reached[*at];
        known.direct = true;
        if known.manifest.is_none() {
            known.manifest.clone_from(manifest);
        }
    }
    ways(&starts, edges, &is_local, &mut reached);
    let mut queues: [VecDeque<usize>; SCOPES.len()] = Default::default();
    starts.iter().for_each(|(at, scope, _)| queues[*scope as usize].push_back(*at));
    for scope in SCOPES {
        while let Some(at) = queues[scope as usize].pop_front() {
            if reached[at].scope.is_none() {
                reached[at].scope = Some(scope);
                // All that a local package needs is where ways begin, with scopes of its own.
                let goes_on = |other: &usize| !is_local(at) || is_local(*other);
                for (needs, scope) in [(&edges.firm[at], scope), (&edges.loose[at], scope.max(Scope::Optional))] {
                    queues[scope as usize].extend(needs.iter().map(|need| need.package).filter(goes_on));
                }
            }
        }
    }
    reached
}

/// The shortest way to each package that is not direct, and the manifest line at its beginning.
fn ways(
    starts: &[(usize, Scope, Option<Location>)],
    edges: &Edges,
    is_local: &dyn Fn(usize) -> bool,
    reached: &mut [Reached],
) {
    let mut queue: VecDeque<usize> = starts.iter().map(|(at, ..)| *at).collect();
    while let Some(at) = queue.pop_front() {
        for other in edges.of(at) {
            let known = &reached[other];
            if known.direct || known.via.is_some() || is_local(other) {
                continue;
            }
            let manifest = reached[at].manifest.clone();
            let known = &mut reached[other];
            (known.via, known.manifest) = (Some(at), manifest);
            queue.push_back(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::Ecosystem;
    use crate::finding::RepoPath;
    use crate::inventory::reading::Reading;

    #[test]
    fn ways_and_scopes() {
        let source = Source::new(RepoPath::new("lock"), "app\na\nb\nc\nd\n".to_owned());
        let mut reading = Reading::new(&source);
        let mut add = |name: &str, line| reading.add(Draft::new(Ecosystem::Npm, name, "1", line)).unwrap();
        let (tool, deep, lib, alone) = (add("tool", 2), add("deep", 3), add("lib", 4), add("alone", 5));
        reading.needs(tool, deep);
        reading.needs(deep, tool);
        reading.needs(lib, deep);
        reading.root(tool, Scope::Dev, Some(source.location(1)));
        reading.root(lib, Scope::Runtime, None);
        let _ = alone;
        let read = reading.finish();
        let said: Vec<_> = read
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.scope, p.direct, p.via, p.manifest.is_some(), p.needs.len()))
            .collect();
        // `tool` is a direct dependency for development, and one that runs because of `lib`.
        assert_eq!(
            said,
            [
                ("alone", Scope::Runtime, None, None, false, 0),
                ("deep", Scope::Runtime, Some(false), Some(2), false, 1),
                ("lib", Scope::Runtime, Some(true), None, false, 1),
                ("tool", Scope::Runtime, Some(true), None, true, 1),
            ]
        );
    }
}
