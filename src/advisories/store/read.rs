//! Looks things up in a store. What a number says is checked when it is used; no room is asked for by what it says.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::bytes::{Cursor, Damaged, size_at, u32_at};
use super::layout::Section;
use super::{About, Head, Place, Store, ids, text};
use crate::advisories::affected::{Affected, Event, EventKind};
use crate::advisories::exploited::{Cve, Epss, Exploited, Kev};
use crate::advisories::grade::Grade;
use crate::advisories::record::{AffectedPackage, Nature, Record, Text};

/// Bytes of an entry of the section of exploited vulnerabilities: year and day of two bytes each, number, score with
/// three flags in its highest byte, and percentile of four each.
pub(super) const EXPLOITED: usize = 16;
pub(super) const HAS_EPSS: u32 = 1 << 24;
pub(super) const IS_KEV: u32 = 1 << 25;
pub(super) const RANSOMWARE: u32 = 1 << 26;

/// What the first byte of a record says beside its nature, which is in its last three bits: who says how severe it is.
pub(super) const NATURE: u8 = 0b111;
pub(super) const GRADE_OWN: u8 = 1 << 3;
pub(super) const GRADE_FROM: u8 = 1 << 4;
/// Whether a package has a grade of its own, and versions outside ranges.
pub(super) const OWN_GRADE: u8 = 1;
pub(super) const HAS_VERSIONS: u8 = 2;

/// No string is longer, in bytes.
const LONGEST: usize = 1024;
/// A store says each string once. All of its records, each with its own, take no more than so many times its size.
const MOST_TIMES: usize = 64;

impl Store {
    fn string(&self, number: usize) -> Result<&str, Damaged> {
        let ends = self.section(Section::StringEnds);
        let (start, end) = (size_at(ends, number)?, size_at(ends, number.checked_add(1).ok_or(Damaged)?)?);
        let bytes = self.section(Section::Strings).get(start..end).filter(|it| it.len() <= LONGEST).ok_or(Damaged)?;
        std::str::from_utf8(bytes).map_err(|_| Damaged)
    }

    fn key_count(&self) -> usize {
        (self.section(Section::Keys).len() / 8).saturating_sub(1)
    }

    fn key(&self, at: usize) -> Result<&[u8], Damaged> {
        let keys = self.section(Section::Keys);
        let (start, end) = (size_at(keys, at * 2)?, size_at(keys, at * 2 + 2)?);
        self.section(Section::KeyTexts).get(start..end).ok_or(Damaged)
    }

    /// A cursor over what is affected in the package of a key, and nothing else.
    fn entries(&self, at: usize) -> Result<Cursor<'_>, Damaged> {
        let keys = self.section(Section::Keys);
        let (start, end) = (size_at(keys, at * 2 + 1)?, size_at(keys, at * 2 + 3)?);
        Cursor::at(self.section(Section::Affected).get(start..end).ok_or(Damaged)?, 0)
    }
}

pub(super) fn about<'a>(store: &'a Store, ecosystem: &str, name: &str) -> Result<Vec<About<'a>>, Damaged> {
    let (mut low, mut high) = (0, store.key_count());
    while low < high {
        let middle = low.midpoint(high);
        match compare(store.key(middle)?, ecosystem, name) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return entries(store, middle),
        }
    }
    Ok(Vec::new())
}

/// Compares a key with the one of two names, which is not written down for it.
fn compare(key: &[u8], ecosystem: &str, name: &str) -> Ordering {
    let head = &key[..key.len().min(ecosystem.len())];
    head.cmp(ecosystem.as_bytes()).then_with(|| match key.get(ecosystem.len()) {
        None => Ordering::Less,
        Some(0) => key[ecosystem.len() + 1..].cmp(name.as_bytes()),
        Some(_) => Ordering::Greater,
    })
}

fn entries(store: &Store, at: usize) -> Result<Vec<About<'_>>, Damaged> {
    let mut cursor = store.entries(at)?;
    let mut list = Vec::new();
    while !cursor.is_empty() {
        let place = Place(u32::try_from(cursor.varint()?).map_err(|_| Damaged)?);
        let flags = cursor.byte()?;
        let mut affected = Affected::default();
        for _ in 0..cursor.size()? {
            let mut events = Vec::new();
            for _ in 0..cursor.size()? {
                let number = cursor.size()?;
                let kind = EventKind::ALL.get(number & 3).ok_or(Damaged)?;
                events.push(Event::new(*kind, store.string(number >> 2)?));
            }
            affected.ranges.push(events);
        }
        if flags & HAS_VERSIONS != 0 {
            for _ in 0..cursor.size()? {
                affected.versions.push(Cow::Borrowed(store.string(cursor.size()?)?));
            }
        }
        let grade = match flags & OWN_GRADE {
            0 => None,
            _ => Some(Grade::own(store.string(cursor.size()?)?)),
        };
        list.push(About { place, affected, grade });
    }
    Ok(list)
}

/// The head of a record, and how many bytes it has.
pub(super) fn head(store: &Store, place: Place) -> Result<(Head, usize), Damaged> {
    let mut cursor = Cursor::at(store.section(Section::Records), place.0 as usize)?;
    let before = cursor.left();
    let string = |number: usize| store.string(number);
    let flags = cursor.byte()?;
    let source = cursor.size()?;
    let id = ids::read(&mut cursor, string)?;
    let mut aliases = Vec::new();
    for _ in 0..cursor.size()? {
        aliases.push(ids::read(&mut cursor, string)?);
    }
    let mut grade = None;
    if flags & (GRADE_OWN | GRADE_FROM) != 0 {
        let says = store.string(cursor.size()?)?.to_owned();
        let from = if flags & GRADE_FROM != 0 { ids::read(&mut cursor, string)? } else { String::new() };
        grade = Some(Grade { says, from });
    }
    let nature = *Nature::ALL.get(usize::from(flags & NATURE)).ok_or(Damaged)?;
    Ok((Head { id, aliases, nature, grade, source }, before - cursor.left()))
}

pub(super) fn find(store: &Store, id: &str) -> Result<Vec<Place>, Damaged> {
    let buckets = store.section(Section::Buckets);
    let Some(count) = (buckets.len() / 4).checked_sub(1).filter(|count| *count > 0) else { return Ok(Vec::new()) };
    let bucket = ids::hash(id) as usize % count;
    let mut found: Vec<(bool, Place)> = Vec::new();
    for at in size_at(buckets, bucket)?..size_at(buckets, bucket + 1)? {
        let place = Place(u32_at(store.section(Section::Ids), at)?);
        let (head, _) = head(store, place)?;
        let is_own = head.id.eq_ignore_ascii_case(id);
        let is_it = is_own || head.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(id));
        // A record is there once for each of its ids, of which two may share the bucket.
        if is_it && !found.contains(&(!is_own, place)) {
            found.push((!is_own, place));
        }
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, place)| place).collect())
}

pub(super) fn exploited_count(store: &Store) -> usize {
    store.section(Section::Exploited).len() / EXPLOITED
}

pub(super) fn exploited_at(store: &Store, at: usize) -> Result<(Cve, Exploited), Damaged> {
    let entry = store.section(Section::Exploited).get(at * EXPLOITED..).ok_or(Damaged)?;
    let (first, number) = (u32_at(entry, 0)?, u32_at(entry, 1)?);
    let (score, percentile) = (u32_at(entry, 2)?, u32_at(entry, 3)?);
    let kev = Kev { added: (first >> 16) as u16, ransomware: score & RANSOMWARE != 0 };
    let epss = Epss { score: score & (HAS_EPSS - 1), percentile };
    let exploited =
        Exploited { kev: (score & IS_KEV != 0).then_some(kev), epss: (score & HAS_EPSS != 0).then_some(epss) };
    Ok(((first as u16, number), exploited))
}

pub(super) fn exploited(store: &Store, cve: Cve) -> Result<Exploited, Damaged> {
    let (mut low, mut high) = (0, exploited_count(store));
    while low < high {
        let middle = low.midpoint(high);
        let (at, exploited) = exploited_at(store, middle)?;
        match at.cmp(&cve) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return Ok(exploited),
        }
    }
    Ok(Exploited::default())
}

pub(super) fn record(store: &Store, place: Place) -> Result<Record, Damaged> {
    let (head, _) = head(store, place)?;
    let mut packages = Vec::new();
    for at in 0..store.key_count() {
        // Looked through before anything is made of it: nearly all packages have nothing to do with the record.
        for about in entries(store, at)?.into_iter().filter(|about| about.place == place) {
            let key = std::str::from_utf8(store.key(at)?).map_err(|_| Damaged)?;
            let (ecosystem, name) = key.split_once('\0').ok_or(Damaged)?;
            packages.push(AffectedPackage {
                ecosystem: ecosystem.to_owned(),
                name: name.to_owned(),
                affected: about.affected.into_owned(),
                grade: about.grade,
            });
        }
    }
    let Head { id, aliases, nature, grade, .. } = head;
    Ok(Record { id, aliases, nature, grade, packages, text: text::find(store, place)? })
}

pub(super) fn records(store: &Store) -> Result<Vec<(Record, usize)>, Damaged> {
    let mut packages: HashMap<Place, Vec<AffectedPackage>> = HashMap::new();
    let mut room = store.bytes.len().saturating_mul(MOST_TIMES);
    for at in 0..store.key_count() {
        let key = std::str::from_utf8(store.key(at)?).map_err(|_| Damaged)?;
        let (ecosystem, name) = key.split_once('\0').ok_or(Damaged)?;
        for about in entries(store, at)? {
            let events = about.affected.ranges.iter().flatten().map(|event| event.version.len());
            let versions = about.affected.versions.iter().map(|version| version.len());
            let needed = key.len() + events.chain(versions).sum::<usize>();
            room = room.checked_sub(needed).ok_or(Damaged)?;
            packages.entry(about.place).or_default().push(AffectedPackage {
                ecosystem: ecosystem.to_owned(),
                name: name.to_owned(),
                affected: about.affected.into_owned(),
                grade: about.grade,
            });
        }
    }
    let mut texts: HashMap<u64, Text> = HashMap::new();
    text::for_each(store, |place, text| drop(texts.insert(place, text)))?;
    let (mut list, mut at) = (Vec::new(), 0usize);
    while at < store.section(Section::Records).len() {
        let place = Place(u32::try_from(at).map_err(|_| Damaged)?);
        let (head, length) = head(store, place)?;
        let record = Record {
            id: head.id,
            aliases: head.aliases,
            nature: head.nature,
            // What was borrowed is borrowed anew, from whoever says it then.
            grade: head.grade.filter(|grade| grade.from.is_empty()),
            packages: packages.remove(&place).unwrap_or_default(),
            text: texts.remove(&u64::from(place.0)).unwrap_or_default(),
        };
        list.push((record, head.source));
        at += length;
    }
    Ok(list)
}
