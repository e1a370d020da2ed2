//! `scanall query`: what is known to be wrong with packages, by their package URLs.

use std::io::Read as _;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::look::with_context;
use super::{Answer, Surroundings};
use crate::advisories::matching::Hit;
use crate::advisories::record::page;
use crate::cli::ScanArgs;
use crate::cli::query::QueryArgs;
use crate::cli::scan::WhatArgs;
use crate::error::Error;
use crate::finding::{Finding, Package};
use crate::output::style::Style;
use crate::purl::Purl;
use crate::scanner::advisories::query::{Answers, ask};
use crate::scanner::{Gap, Sink};
use crate::{exit, output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;
/// No more is read from standard input, in bytes.
const MAX_INPUT: u64 = 64 << 20;

/// Asks about each package.
///
/// # Errors
/// An argument is no package URL with a version, or the database that the user names cannot be read.
pub fn run(args: &QueryArgs, around: &Surroundings) -> Result<Answer, Error> {
    let packages = packages(args)?;
    let wanted = ScanArgs {
        path: ".".into(),
        what: WhatArgs {
            advisories: args.advisories,
            advisory_db: args.advisory_db.clone(),
            offline: args.offline,
            ..WhatArgs::default()
        },
        ..ScanArgs::default()
    };
    let gaps = Gaps::default();
    let answers = with_context(&wanted, around, |context| {
        ask(context, &packages.iter().map(Purl::asked).collect::<Vec<_>>(), &gaps)
    })?;
    let gaps = gaps.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    let found = answers.hits.iter().any(|hits| !hits.is_empty());
    let text = match args.listing.is_json() {
        true => json(&packages, &answers, &gaps)?,
        false => {
            for gap in &gaps {
                let hint = gap.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
                around.tell(&format!("incomplete: {}{hint}", gap.message));
            }
            table(&packages, &answers, around.style)
        }
    };
    let code = match (found, gaps.is_empty()) {
        (true, _) => exit::FINDINGS,
        (false, true) => exit::CLEAN,
        (false, false) => exit::INCOMPLETE,
    };
    Ok(Answer { text, code })
}

fn packages(args: &QueryArgs) -> Result<Vec<Purl>, Error> {
    let mut texts: Vec<String> = Vec::new();
    for given in &args.packages {
        if given != "-" {
            texts.push(given.clone());
            continue;
        }
        let mut input = String::new();
        std::io::stdin()
            .take(MAX_INPUT)
            .read_to_string(&mut input)
            .map_err(|e| Error::usage("cannot read standard input").because(e))?;
        texts.extend(input.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let read = |text: &String| {
        let shown = text::printable(text);
        let example = "write it as in pkg:npm/lodash@4.17.15";
        let purl = Purl::parse(text)
            .map_err(|why| Error::usage(format!("`{shown}` is no package URL")).because(why).hint(example))?;
        match purl.version.is_empty() {
            true => Err(Error::usage(format!("`{shown}` has no version")).hint(example)),
            false => Ok(purl),
        }
    };
    texts.iter().map(read).collect()
}

fn table(packages: &[Purl], answers: &Answers, style: Style) -> String {
    let mut out = String::new();
    let mut count = 0;
    for (package, hits) in packages.iter().zip(&answers.hits) {
        for (hit, title) in hits {
            count += 1;
            let severity = style.severity(&hit.severity.id().to_uppercase(), hit.severity);
            let called = text::printable(&format!("{} {} {}", package.name, package.version, hit.nature.words()));
            let ids = std::iter::once(&hit.id).chain(&hit.aliases).map(|id| text::printable(id));
            let fixed = match hit.fixed.is_empty() {
                true => "no version is fixed".to_owned(),
                false => format!("fixed in {}", text::printable(&hit.fixed.join(" or "))),
            };
            let by = match hit.rating.is_substantiated() {
                true => hit.rating.by.as_str(),
                false => "not scored",
            };
            let kev = if hit.exploited.kev.is_some() { "; known to be exploited" } else { "" };
            let epss = hit.exploited.epss.map(|epss| format!("; EPSS {epss}"));
            out.push_str(&format!(
                "{severity}  {}\n  {}\n  {fixed}; {}{kev}{}\n\n",
                style.bold(&format!("{called}: {title}")),
                style.faint(&ids.collect::<Vec<_>>().join(", ")),
                by,
                epss.unwrap_or_default()
            ));
        }
    }
    let of = text::count(packages.len(), "package");
    out + &format!("{} of {of}, by {}\n", text::count(count, "defect"), answers.source)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    source: &'a str,
    /// What is missing, a sentence each.
    gaps: Vec<&'a str>,
    packages: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    purl: String,
    name: &'a str,
    version: &'a str,
    advisories: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    aliases: &'a [String],
    title: &'a str,
    /// `is vulnerable`, `is malicious` and the like.
    what: &'static str,
    severity: &'static str,
    severity_basis: &'static str,
    severity_by: &'a str,
    fixed: &'a [String],
    /// Whether CISA lists it as exploited.
    exploited: bool,
    /// The likelihood that it is exploited in the next 30 days, from 0 to 1; `null` where that is not known.
    epss: Option<f64>,
    url: String,
}

fn json(packages: &[Purl], answers: &Answers, gaps: &[Gap]) -> Result<String, Error> {
    let document = Document {
        schema: SCHEMA,
        source: &answers.source,
        gaps: gaps.iter().map(|gap| gap.message.as_str()).collect(),
        packages: packages.iter().zip(&answers.hits).map(|(package, hits)| Entry::of(package, hits)).collect(),
    };
    output::document(&document)
}

impl<'a> Entry<'a> {
    fn of(package: &'a Purl, hits: &'a [(Hit, String)]) -> Self {
        Self {
            purl: Package::of(package.ecosystem, &package.name, &package.version).versioned_purl(),
            name: &package.name,
            version: &package.version,
            advisories: hits.iter().map(|(hit, title)| Told::of(hit, title)).collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn of(hit: &'a Hit, title: &'a str) -> Self {
        Self {
            id: &hit.id,
            aliases: &hit.aliases,
            title,
            what: hit.nature.words(),
            severity: hit.severity.id(),
            severity_basis: hit.rating.basis.id(),
            severity_by: &hit.rating.by,
            fixed: &hit.fixed,
            exploited: hit.exploited.kev.is_some(),
            epss: hit.exploited.epss.map(|epss| epss.likelihood()),
            url: page(&hit.id),
        }
    }
}

/// Keeps what is missing.
#[derive(Default)]
struct Gaps(Mutex<Vec<Gap>>);

impl Sink for Gaps {
    fn finding(&self, _: Finding) {}
    fn gap(&self, gap: Gap) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(gap);
    }
    fn note(&self, _: String) {}
    fn expect(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}
