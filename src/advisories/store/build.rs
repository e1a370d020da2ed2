//! Makes a store of records. The same records make the same bytes, in whatever order they come.

mod borrow;
mod strings;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bytes::{put_size, put_varint};
use super::layout::{self, Section};
use super::meta::{Coverage, Feed, Meta, seconds};
use super::read::{EXPLOITED, GRADE_FROM, GRADE_OWN, HAS_EPSS, HAS_VERSIONS, IS_KEV, OWN_GRADE, RANSOMWARE};
use super::{ids, text};
use crate::advisories::affected::Event;
use crate::advisories::exploited::{Cve, Exploited, Lists, cve};
use crate::advisories::record::{AffectedPackage, Nature, Record, Text};
use ids::Parts;
use strings::{Strings, Uses};

/// Ids in a bucket, on average.
const IN_BUCKET: usize = 8;
/// Longer texts are cut to their summary, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// What a store is made of.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Records, each with the name of the source that it is from. Of several with one id the one that was changed last
    /// is kept.
    pub records: Vec<(Record, String)>,
    /// What is known of each source and ecosystem beside how many records there are, which is counted. Sources that are
    /// missing here are taken to be complete as of their newest record.
    pub coverage: Vec<Coverage>,
    /// What is exploited.
    pub exploited: Lists,
    /// The entity tags of those lists.
    pub tags: [String; 2],
    /// When it is made, in seconds since 1970; `None` for when its newest record was changed.
    pub created: Option<i64>,
}

/// Makes a store.
pub fn build(input: Input) -> Vec<u8> {
    let mut records = unique(input.records);
    borrow::grades(&mut records);
    let mut sources: Vec<String> = records.iter().map(|(_, source)| source.clone()).collect();
    sources.extend(input.coverage.iter().map(|entry| entry.source.clone()));
    sources.sort();
    sources.dedup();
    let meta = meta(&records, input.coverage, &input.exploited, input.tags, input.created);
    let packages = by_key(&records);
    let strings = strings(&records);

    let (mut places, mut heads) = (Vec::with_capacity(records.len()), Vec::new());
    for (record, source) in &records {
        places.push(heads.len() as u32);
        put_head(&mut heads, record, sources.binary_search(source).unwrap_or_default(), &strings);
    }
    let (mut keys, mut key_texts, mut affected) = (Vec::new(), Vec::new(), Vec::new());
    let put_key = |keys: &mut Vec<u8>, text: usize, place: usize| {
        keys.extend((text as u32).to_le_bytes());
        keys.extend((place as u32).to_le_bytes());
    };
    for ((ecosystem, name), entries) in packages {
        put_key(&mut keys, key_texts.len(), affected.len());
        key_texts.extend([ecosystem.as_bytes(), b"\0", name.as_bytes()].concat());
        for (record, package) in entries {
            put_varint(&mut affected, u64::from(places[record]));
            put_affected(&mut affected, package, &strings);
        }
    }
    put_key(&mut keys, key_texts.len(), affected.len());
    let (buckets, index) = index(&records, &places);
    let exploited = exploited(&records, &input.exploited);
    let texts: Vec<(u32, Vec<u8>)> =
        records.par_iter().zip(&places).map(|((record, _), place)| (*place, json(&record.text))).collect();
    let (blocks, texts) = text::write(&texts);
    let (string_ends, strings) = strings.write();
    let meta = serde_json::to_vec(&meta).unwrap_or_default();
    layout::write([
        meta,
        string_ends,
        strings,
        keys,
        key_texts,
        affected,
        heads,
        buckets,
        index,
        exploited,
        blocks,
        texts,
    ])
}

const _: () = assert!(Section::COUNT == 12);

/// One record for each id, in the order of ids.
fn unique(mut records: Vec<(Record, String)>) -> Vec<(Record, String)> {
    records.retain(|(record, _)| !record.packages.is_empty());
    let modified = |record: &Record| seconds(&record.text.modified);
    records.par_sort_by(|(a, source_a), (b, source_b)| {
        let newest = || modified(b).cmp(&modified(a));
        // What is equal in all of this is equal enough, but for how much it says.
        let telling = || b.text.details.cmp(&a.text.details).then_with(|| b.grade.cmp(&a.grade));
        a.id.cmp(&b.id).then_with(newest).then_with(|| source_a.cmp(source_b)).then_with(telling)
    });
    records.dedup_by(|(later, _), (kept, _)| later.id == kept.id);
    records
}

fn meta(
    records: &[(Record, String)],
    coverage: Vec<Coverage>,
    lists: &Lists,
    [kev_tag, epss_tag]: [String; 2],
    created: Option<i64>,
) -> Meta {
    let mut known: BTreeMap<(String, String), Coverage> = BTreeMap::new();
    for entry in coverage {
        let key = (entry.source.clone(), entry.ecosystem.clone());
        known.insert(key, Coverage { advisories: 0, newest: 0, ..entry });
    }
    let told: Vec<(String, String)> = known.keys().cloned().collect();
    let mut newest = 0;
    for (record, source) in records {
        let modified = seconds(&record.text.modified);
        newest = newest.max(modified);
        let mut families: Vec<&str> = record.packages.iter().map(family).collect();
        families.sort_unstable();
        families.dedup();
        for family in families {
            let key = (source.clone(), family.to_owned());
            let is_told = told.binary_search(&key).is_ok();
            let entry = known.entry(key).or_insert_with(|| Coverage {
                source: source.clone(),
                ecosystem: family.to_owned(),
                ..Coverage::default()
            });
            entry.advisories += 1;
            entry.newest = entry.newest.max(modified);
            if !is_told {
                entry.as_of = entry.newest;
            }
        }
    }
    let feed = |entries: usize, as_of: i64, tag: String| Feed { entries, as_of, tag };
    Meta {
        created: created.unwrap_or(newest),
        advisories: records.len(),
        coverage: known.into_values().collect(),
        kev: lists.kev.as_ref().map(|list| feed(list.entries.len(), list.as_of, kev_tag)),
        epss: lists.epss.as_ref().map(|list| feed(list.entries.len(), list.as_of, epss_tag)),
    }
}

fn family(package: &AffectedPackage) -> &str {
    package.ecosystem.split(':').next().unwrap_or_default()
}

/// The entries of each package, by the text of its key, with the numbers of their records.
fn by_key(records: &[(Record, String)]) -> BTreeMap<(&str, &str), Vec<(usize, &AffectedPackage)>> {
    let mut packages: BTreeMap<(&str, &str), Vec<(usize, &AffectedPackage)>> = BTreeMap::new();
    for (at, (record, _)) in records.iter().enumerate() {
        for package in &record.packages {
            packages.entry((&package.ecosystem, &package.name)).or_default().push((at, package));
        }
    }
    packages
}

/// Every string, by how often it is used.
fn strings(records: &[(Record, String)]) -> Strings<'_> {
    let mut uses = Uses::default();
    for (record, _) in records {
        for id in std::iter::once(&record.id).chain(&record.aliases) {
            uses.add(Parts::of(id).string());
        }
        let grades = record.packages.iter().filter_map(|package| package.grade.as_ref()).chain(&record.grade);
        for grade in grades {
            uses.add([grade.says.as_str()]);
            uses.add(Parts::of(&grade.from).string());
        }
        for affected in record.packages.iter().map(|package| &package.affected) {
            uses.add(affected.ranges.iter().flatten().map(|event| event.version.as_ref()));
            uses.add(affected.versions.iter().map(AsRef::as_ref));
        }
    }
    uses.rank()
}

fn put_id(out: &mut Vec<u8>, id: &str, strings: &Strings<'_>) {
    let parts = Parts::of(id);
    parts.put(parts.string().map_or(0, |text| strings.number(text)), out);
}

fn put_head(out: &mut Vec<u8>, record: &Record, source: usize, strings: &Strings<'_>) {
    let nature = Nature::ALL.iter().position(|nature| *nature == record.nature).unwrap_or_default() as u8;
    out.push(match &record.grade {
        None => nature,
        Some(grade) if grade.from.is_empty() => nature | GRADE_OWN,
        Some(_) => nature | GRADE_FROM,
    });
    put_size(out, source);
    put_id(out, &record.id, strings);
    put_size(out, record.aliases.len());
    record.aliases.iter().for_each(|alias| put_id(out, alias, strings));
    if let Some(grade) = &record.grade {
        put_varint(out, strings.number(&grade.says));
        if !grade.from.is_empty() {
            put_id(out, &grade.from, strings);
        }
    }
}

fn put_affected(out: &mut Vec<u8>, package: &AffectedPackage, strings: &Strings<'_>) {
    let versions = &package.affected.versions;
    let flags = if package.grade.is_some() { OWN_GRADE } else { 0 };
    out.push(if versions.is_empty() { flags } else { flags | HAS_VERSIONS });
    put_size(out, package.affected.ranges.len());
    for events in &package.affected.ranges {
        put_size(out, events.len());
        for Event { kind, version } in events {
            put_varint(out, (strings.number(version) << 2) | *kind as u64);
        }
    }
    if !versions.is_empty() {
        put_size(out, versions.len());
        versions.iter().for_each(|version| put_varint(out, strings.number(version)));
    }
    if let Some(grade) = &package.grade {
        put_varint(out, strings.number(&grade.says));
    }
}

/// The places of records by the hashes of all their ids.
fn index(records: &[(Record, String)], places: &[u32]) -> (Vec<u8>, Vec<u8>) {
    let count: usize = records.iter().map(|(record, _)| 1 + record.aliases.len()).sum();
    let buckets = (count / IN_BUCKET).next_power_of_two();
    let mut entries: Vec<(usize, u32)> = Vec::with_capacity(count);
    for ((record, _), place) in records.iter().zip(places) {
        let ids = std::iter::once(&record.id).chain(&record.aliases);
        entries.extend(ids.map(|id| (ids::hash(id) as usize % buckets, *place)));
    }
    entries.sort_unstable();
    entries.dedup();
    let (mut starts, mut index) = (Vec::with_capacity(buckets * 4 + 4), Vec::with_capacity(entries.len() * 4));
    for bucket in 0..=buckets {
        let start = entries.partition_point(|(of, _)| *of < bucket);
        starts.extend((start as u32).to_le_bytes());
    }
    entries.iter().for_each(|(_, place)| index.extend(place.to_le_bytes()));
    (starts, index)
}

/// All that is exploited, and how likely that is for what the records are about.
fn exploited(records: &[(Record, String)], lists: &Lists) -> Vec<u8> {
    let mut all: BTreeMap<Cve, Exploited> = BTreeMap::new();
    for (cve, kev) in lists.kev.iter().flat_map(|list| &list.entries) {
        all.entry(*cve).or_default().kev = Some(*kev);
    }
    if let Some(scores) = &lists.epss {
        let ids = records.iter().flat_map(|(record, _)| std::iter::once(&record.id).chain(&record.aliases));
        let known: Vec<Cve> = ids.filter_map(|id| cve(id)).chain(all.keys().copied()).collect();
        for cve in known {
            if let Some(epss) = scores.entries.get(&cve) {
                all.entry(cve).or_default().epss = Some(*epss);
            }
        }
    }
    let mut out = Vec::with_capacity(all.len() * EXPLOITED);
    for ((year, number), Exploited { kev, epss }) in all {
        let (flag_kev, kev) = (if kev.is_some() { IS_KEV } else { 0 }, kev.unwrap_or_default());
        let (flag_epss, epss) = (if epss.is_some() { HAS_EPSS } else { 0 }, epss.unwrap_or_default());
        let ransomware = if kev.ransomware { RANSOMWARE } else { 0 };
        out.extend(year.to_le_bytes());
        out.extend(kev.added.to_le_bytes());
        out.extend(number.to_le_bytes());
        out.extend(((epss.score & (HAS_EPSS - 1)) | flag_kev | flag_epss | ransomware).to_le_bytes());
        out.extend(epss.percentile.to_le_bytes());
    }
    out
}

fn json(text: &Text) -> Vec<u8> {
    let json = serde_json::to_vec(text).unwrap_or_default();
    if json.len() <= MAX_TEXT {
        return json;
    }
    let short = Text { details: String::new(), references: Vec::new(), code: Vec::new(), ..text.clone() };
    serde_json::to_vec(&short).unwrap_or_default()
}
