//! Makes a [`Record`] of what the schema says.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Said;
use super::schema::{Event, OfAffected, Osv, Range, Severity};
use crate::advisories::affected::{self, Affected, EventKind};
use crate::advisories::grade::{self, Grade};
use crate::advisories::record::{AffectedPackage, Code, Nature, Record, Text};
use crate::advisories::version::Scheme;
use crate::ecosystem::Ecosystem;

/// An id is shorter, in bytes; so are the names of packages and of ecosystems.
const LONGEST_NAME: usize = 512;
/// So much of what there is to read is kept, in bytes or entries.
const LONGEST_SUMMARY: usize = 1 << 10;
const LONGEST_DETAILS: usize = 16 << 10;
const MOST_REFERENCES: usize = 24;
const MOST_SYMBOLS: usize = 2048;
const MOST_ALIASES: usize = 256;

/// Makes a record, within the bounds of one.
///
/// # Errors
/// It has no id: a sentence.
pub(in crate::advisories) fn convert(osv: Osv) -> Result<Said, String> {
    let id = osv.id;
    if !is_name(&id) || id.contains(char::is_whitespace) {
        return Err(format!("`{}` is no id of an advisory", crate::text::printable(&shorten(id, 64))));
    }
    if osv.withdrawn.is_some_and(|when| !when.is_empty()) {
        return Ok(Said { id, record: None, left_out: 0 });
    }
    let mut code: Vec<Code> = Vec::new();
    let mut cwe: Vec<u32> = osv.database_specific.cwe_ids.0.iter().filter_map(|id| cwe_number(id)).collect();
    let mut nature = if id.starts_with("MAL-") { Nature::Malicious } else { Nature::Vulnerable };
    let mut found: BTreeMap<(String, String), Gathered> = BTreeMap::new();
    let (mut word, mut vectors) = (osv.database_specific.severity.0, Vec::new());
    for entry in osv.affected {
        let Some(package) = entry.package.filter(|it| is_name(&it.name) && is_name(&it.ecosystem)) else { continue };
        let Some(family) = Ecosystem::of_osv(&package.ecosystem) else { continue };
        let OfAffected { cvss, informational, categories, cwes } = entry.database_specific;
        nature = nature_of(nature, &informational.0, &categories.0);
        cwe.extend(cwes.0.iter().filter_map(|weakness| cwe_number(&weakness.cwe_id)));
        vectors.push(cvss.0);
        if word.is_empty() {
            word = entry.ecosystem_specific.severity.0;
        }
        let imports = entry.ecosystem_specific.imports.0.into_iter().map(|import| (import.path, import.symbols));
        let functions = entry.ecosystem_specific.affects.0.functions;
        let functions = (!functions.is_empty()).then_some((String::new(), functions));
        code.extend(imports.chain(functions).map(|(import, symbols)| Code {
            package: package.name.clone(),
            import,
            symbols,
        }));
        let key = (release(&package.ecosystem, family), family.normalized(&package.name).into_owned());
        let gathered = found.entry(key).or_default();
        gathered.ranges.extend(entry.ranges.into_iter().filter_map(events));
        gathered.versions.extend(entry.versions.into_iter().filter(|it| it.len() <= LONGEST_NAME).map(Cow::Owned));
        gathered.severity.extend(entry.severity);
    }
    if nature == Nature::Vulnerable && cwe.contains(&EMBEDDED_MALICIOUS_CODE) {
        nature = Nature::Malicious;
    }
    let mut left_out = 0;
    let mut packages = Vec::new();
    for ((ecosystem, name), gathered) in found {
        let Some(scheme) = Scheme::of(&ecosystem) else { continue };
        let (affected, bad) = Affected::compile(gathered.ranges, gathered.versions, scheme);
        left_out += bad;
        if !affected.is_empty() {
            let grade = grade::worst(gathered.severity.iter().map(|severity| severity.score.as_str())).map(Grade::own);
            packages.push(AffectedPackage { ecosystem, name, affected, grade });
        }
    }
    if packages.is_empty() {
        return Ok(Said { id, record: None, left_out });
    }
    let scores = osv.severity.iter().map(|severity| severity.score.as_str());
    let grade = grade::worst(scores.chain(vectors.iter().map(String::as_str)).chain([word.as_str()])).map(Grade::own);
    packages.iter_mut().filter(|package| package.grade == grade).for_each(|package| package.grade = None);
    let mut aliases: Vec<String> = osv.aliases.into_iter().filter(|alias| is_name(alias) && *alias != id).collect();
    aliases.sort();
    aliases.dedup();
    aliases.truncate(MOST_ALIASES);
    cwe.sort_unstable();
    cwe.dedup();
    code.truncate(MOST_SYMBOLS);
    code.iter_mut().for_each(|code| code.symbols.truncate(MOST_SYMBOLS));
    let is_page = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    let references = osv.references.into_iter().map(|reference| reference.url).filter(is_page);
    let text = Text {
        summary: shorten(osv.summary, LONGEST_SUMMARY),
        details: shorten(osv.details, LONGEST_DETAILS),
        published: shorten(osv.published, 40),
        modified: shorten(osv.modified, 40),
        references: references.map(|url| shorten(url, LONGEST_SUMMARY)).take(MOST_REFERENCES).collect(),
        cwe,
        code,
    };
    let record = Record { id: id.clone(), aliases, nature, grade, packages, text };
    Ok(Said { id, record: Some(record), left_out })
}

/// CWE-506, by which GitHub tells packages that were made to do harm.
const EMBEDDED_MALICIOUS_CODE: u32 = 506;

/// What all entries of one package say.
#[derive(Default)]
struct Gathered {
    ranges: Vec<Vec<affected::Event<'static>>>,
    versions: Vec<Cow<'static, str>>,
    severity: Vec<Severity>,
}

/// The events of a range; `None` of one between commits, which no package has a place in.
fn events(range: Range) -> Option<Vec<affected::Event<'static>>> {
    let one = |event: Event| {
        [
            (EventKind::Introduced, event.introduced),
            (EventKind::Fixed, event.fixed),
            (EventKind::LastAffected, event.last_affected),
            (EventKind::Limit, event.limit),
        ]
        .into_iter()
        .filter_map(|(kind, version)| Some(affected::Event::new(kind, version.filter(|it| it.len() <= LONGEST_NAME)?)))
    };
    (range.kind != "GIT").then(|| range.events.into_iter().flat_map(one).collect())
}

/// An ecosystem with its release, the name as OSV writes it.
fn release(written: &str, family: Ecosystem) -> String {
    match written.split_once(':') {
        Some((_, release)) => format!("{}:{release}", family.osv()),
        None => family.osv().to_owned(),
    }
}

fn nature_of(so_far: Nature, informational: &str, categories: &[String]) -> Nature {
    match informational {
        _ if so_far == Nature::Malicious || categories.iter().any(|name| name == "malicious") => Nature::Malicious,
        "" => so_far,
        "unmaintained" => Nature::Unmaintained,
        "unsound" => Nature::Unsound,
        _ => Nature::Notice,
    }
}

fn cwe_number(id: &str) -> Option<u32> {
    id.strip_prefix("CWE-")?.parse().ok()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_NAME && !text.contains('\0')
}

/// Cuts a text behind a whole character.
fn shorten(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
    }
    text
}
