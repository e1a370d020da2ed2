//! Asks deps.dev for the licenses that nothing on disk tells.
//!
//! The API is <https://docs.deps.dev/api/v3/#getversion>. Only packages of public registries are named to it. What it says
//! of a version is kept in the cache folder.

mod cache;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::sheet::{Join, meant};
use super::{Basis, Evidence, Known, License, Licenses};
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::inventory::{Dependency, PackageSource};
use crate::scanner::{Context, Gap};
use crate::text;
use cache::Cache;

/// Where the API is. A mirror is named by the environment variable `SCANALL_DEPSDEV_URL`.
const URL: &str = "https://api.deps.dev";
/// No more packages are asked about in one run.
const MAX_QUESTIONS: usize = 10_000;
/// So many questions are open at once.
const PARALLEL: usize = 16;
/// After so many failures nobody is asked any more.
const MAX_FAILURES: usize = 5;

/// How deps.dev calls the ecosystems that it knows.
const SYSTEMS: [(Ecosystem, &str); 7] = [
    (Ecosystem::Cargo, "cargo"),
    (Ecosystem::Npm, "npm"),
    (Ecosystem::PyPi, "pypi"),
    (Ecosystem::Go, "go"),
    (Ecosystem::Maven, "maven"),
    (Ecosystem::NuGet, "nuget"),
    (Ecosystem::RubyGems, "rubygems"),
];

/// What is left as it is in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What deps.dev answers.
#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    licenses: Vec<String>,
}

/// Fills in what it says of the packages that nothing is known of.
pub(super) fn complete(context: &Context, licenses: &mut Licenses) {
    let packages = &context.inventory().packages;
    let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, package) in packages.iter().enumerate() {
        let is_open = matches!(licenses.packages.get(at), Some(Known::Unseen | Known::Undeclared(_)));
        if let Some(question) = question(package).filter(|_| is_open) {
            wanted.entry(question).or_default().push(at);
        }
    }
    let folder = context.options.cache_dir.as_deref().filter(|_| !context.options.no_cache);
    let mut cache = Cache::read(folder, context.options.now);
    let open: Vec<&str> = wanted.keys().map(String::as_str).filter(|question| cache.get(question).is_none()).collect();
    let (asked, left) = open.split_at(open.len().min(MAX_QUESTIONS));
    let answers = ask(context, asked);
    for (question, answer) in &answers.told {
        cache.put(question, answer.clone());
    }
    if !answers.told.is_empty() {
        cache.write();
    }
    for (question, at) in &wanted {
        let Some(said) = cache.get(question).filter(|said| !said.is_empty()) else { continue };
        let Some(found) = license(said, question) else { continue };
        for at in at {
            if let Some(slot) = licenses.packages.get_mut(*at) {
                *slot = Known::License(Box::new(found.clone()));
            }
        }
    }
    if let Some(error) = answers.failure {
        let missing = asked.len() - answers.told.len();
        let what = text::count(missing, "package");
        licenses
            .gaps
            .push(Gap::unavailable(format!("deps.dev could not be asked for the licenses of {what}: {error}")));
    }
    if !left.is_empty() {
        let what = text::count(left.len(), "package");
        licenses.gaps.push(Gap::unavailable(format!("deps.dev was not asked for the licenses of {what} more")));
    }
}

/// The path of a question; `None` for what deps.dev does not know, or need not hear of.
fn question(package: &Dependency) -> Option<String> {
    let (_, system) = SYSTEMS.iter().find(|(ecosystem, _)| *ecosystem == package.ecosystem)?;
    if package.source != PackageSource::Public || package.version.is_empty() {
        return None;
    }
    let name = match package.ecosystem {
        Ecosystem::PyPi => package.ecosystem.normalized(&package.name),
        _ => package.name.as_str().into(),
    };
    let version = match package.ecosystem {
        Ecosystem::Go => format!("v{}", package.version.trim_start_matches('v')),
        _ => package.version.clone(),
    };
    let part = |text: &str| utf8_percent_encode(text, PART).to_string();
    Some(format!("systems/{system}/packages/{}/versions/{}", part(&name), part(&version)))
}

/// What was told before somebody failed too often.
#[derive(Default)]
struct Answers {
    /// Licenses by question; none for a version that deps.dev does not know.
    told: BTreeMap<String, Vec<String>>,
    failure: Option<String>,
}

fn ask(context: &Context, questions: &[&str]) -> Answers {
    let (next, failures, answers) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Answers::default()));
    let work = || {
        while failures.load(Ordering::Relaxed) < MAX_FAILURES && !context.cancel.is_cancelled() {
            let Some(question) = questions.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let answer = ask_one(context, question);
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            match answer {
                Ok(licenses) => {
                    answers.told.insert((*question).to_owned(), licenses);
                }
                Err(error) => {
                    failures.fetch_add(1, Ordering::Relaxed);
                    answers.failure.get_or_insert_with(|| error.to_string());
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..PARALLEL.min(questions.len()) {
            scope.spawn(work);
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn ask_one(context: &Context, question: &str) -> Result<Vec<String>, Error> {
    let base = context.options.deps_dev_url.as_deref().unwrap_or(URL).trim_end_matches('/');
    let url = format!("{base}/v3/{question}");
    let answer = context.runtime.block_on(async {
        tokio::select! {
            answer = context.net.get(&url, None) => answer,
            () = context.cancel.cancelled() => Err(Error::usage("interrupted")),
        }
    })?;
    match answer.status {
        200 => {
            let wrong = |e| Error::usage("its answer cannot be read").because(e);
            let version: Version = serde_json::from_slice(&answer.body).map_err(wrong)?;
            Ok(version.licenses.into_iter().take(100).map(|one| one.chars().take(400).collect()).collect())
        }
        404 => Ok(Vec::new()),
        status => Err(Error::usage(format!("it answered with status {status}"))),
    }
}

/// A license of what deps.dev says; `non-standard` is its word for one that it does not know.
fn license(said: &[String], question: &str) -> Option<License> {
    let said: Vec<String> = said.iter().filter(|one| *one != "non-standard").cloned().collect();
    let (found, _) = meant(&said, Join::All);
    Some(License {
        expression: found?.expression,
        said: said.join(", "),
        basis: Basis::Online,
        evidence: Evidence { file: format!("deps.dev: {}", shown(question)), line: None, sha256: None },
        hashes: Vec::new(),
        mismatch: None,
    })
}

/// `npm/lodash/4.17.21` for its question.
fn shown(question: &str) -> String {
    let plain = percent_encoding::percent_decode_str(question).decode_utf8_lossy();
    plain.trim_start_matches("systems/").replacen("/packages/", "/", 1).replacen("/versions/", "/", 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Location, RepoPath};

    fn package(ecosystem: Ecosystem, name: &str, version: &str) -> Dependency {
        Dependency {
            ecosystem,
            release: String::new(),
            name: name.to_owned(),
            version: version.to_owned(),
            requirement: String::new(),
            asked: Vec::new(),
            source: PackageSource::Public,
            location: Location::here(RepoPath::new("lock"), None),
            scope: crate::inventory::Scope::Runtime,
            direct: None,
            pin: None,
            manifest: None,
            licenses: Vec::new(),
            hashes: Vec::new(),
            deprecated: None,
            needs: Vec::new(),
            via: None,
        }
    }

    #[test]
    fn questions_name_public_packages() {
        for (ecosystem, name, version, path) in [
            (Ecosystem::Npm, "@scope/name", "1.0.0", "systems/npm/packages/%40scope%2Fname/versions/1.0.0"),
            (Ecosystem::Maven, "g.h:a", "1", "systems/maven/packages/g.h%3Aa/versions/1"),
            (Ecosystem::Go, "github.com/A/b", "1.2.3", "systems/go/packages/github.com%2FA%2Fb/versions/v1.2.3"),
            (Ecosystem::PyPi, "Zope.Interface", "5", "systems/pypi/packages/zope-interface/versions/5"),
            (Ecosystem::Cargo, "../x?y#z", "1", "systems/cargo/packages/..%2Fx%3Fy%23z/versions/1"),
        ] {
            assert_eq!(question(&package(ecosystem, name, version)).as_deref(), Some(path));
        }
        assert_eq!(question(&package(Ecosystem::Hex, "x", "1")), None);
        assert_eq!(question(&package(Ecosystem::Npm, "x", "")), None);
        let private = Dependency { source: PackageSource::Elsewhere, ..package(Ecosystem::Npm, "x", "1") };
        assert_eq!(question(&private), None);
    }

    #[test]
    fn answers() {
        let of = |said: &[&str]| {
            license(&said.iter().map(ToString::to_string).collect::<Vec<_>>(), "systems/npm/packages/a%2Fb/versions/1")
        };
        let both = of(&["MIT", "Apache-2.0 OR ISC"]).unwrap();
        assert_eq!(both.expression.to_string(), "MIT AND (Apache-2.0 OR ISC)");
        assert_eq!(both.evidence.to_string(), "deps.dev: npm/a/b/1");
        assert!(of(&["non-standard"]).is_none() && of(&[]).is_none());
    }
}
