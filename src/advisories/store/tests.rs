use proptest::prelude::*;

use super::build::{Input, build};
use super::*;
use crate::advisories::affected::{Event, EventKind};
use crate::advisories::exploited::{Epss, Kev, List, Lists};
use crate::advisories::record::{AffectedPackage, Code};

fn events() -> impl Strategy<Value = Vec<Event<'static>>> {
    let event = (0usize..4, "[0-9]\\.[0-9]{1,2}\\.[0-9]");
    prop::collection::vec(event, 1..4).prop_map(|events| {
        events.into_iter().map(|(kind, version)| Event::new(EventKind::ALL[kind], version)).collect()
    })
}

fn grade() -> impl Strategy<Value = Option<Grade>> {
    let vector = "CVSS:3.1/AV:[NL]/AC:L/PR:N/UI:N/S:U/C:[HL]/I:H/A:[HN]";
    prop::option::of(prop_oneof![vector.boxed(), "(LOW|HIGH)".boxed()].prop_map(Grade::own))
}

fn package() -> impl Strategy<Value = AffectedPackage> {
    let versions = prop::collection::btree_set("[a-c]{1,2}", 0..3);
    ("(npm|PyPI|Debian:1[12])", "[a-d]{1,2}", prop::collection::vec(events(), 0..3), versions, grade()).prop_map(
        |(ecosystem, name, ranges, versions, grade)| AffectedPackage {
            ecosystem,
            name,
            affected: Affected { ranges, versions: versions.into_iter().map(Into::into).collect() },
            grade,
        },
    )
}

fn record() -> impl Strategy<Value = Record> {
    let id = "((CVE|A-B)-20[0-3][0-9]-[0-9]{1,7}|GHSA-[2-9]{4}-[2-9]{4}-[2-9]{4}|x[a-z]{1,3})";
    let ids = (id, prop::collection::btree_set(id, 0..3));
    let text = ("[a-z ]{0,20}", "\\PC{0,30}", prop::collection::vec(0u32..2000, 0..3));
    (ids, 0usize..5, grade(), prop::collection::btree_map(Just(()), package(), 1), text).prop_map(
        |((id, aliases), nature, grade, packages, (summary, details, cwe))| Record {
            aliases: aliases.into_iter().filter(|alias| *alias != id).collect(),
            id,
            nature: Nature::ALL[nature],
            grade,
            packages: packages.into_values().collect(),
            text: Text {
                summary,
                details,
                cwe,
                code: vec![Code { package: "a".to_owned(), ..Code::default() }],
                ..Text::default()
            },
        },
    )
}

/// One record for each id, sorted.
fn distinct() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec(record(), 0..12).prop_map(|mut records| {
        records.sort_by(|a, b| a.id.cmp(&b.id));
        records.dedup_by(|a, b| a.id == b.id);
        records
    })
}

fn input(records: &[Record]) -> Input {
    let records = records.iter().map(|record| (record.clone(), "test".to_owned())).collect();
    let kev = List { as_of: 5, entries: [((2021, 44228), Kev { added: 18971, ransomware: true })].into() };
    let epss = List { as_of: 6, entries: [((2021, 44228), Epss { score: 94358, percentile: 99951 })].into() };
    Input { records, exploited: Lists { kev: Some(kev), epss: Some(epss) }, ..Input::default() }
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(records in distinct(), seed in any::<u64>()) {
        let bytes = build(input(&records));
        let store = Store::from_bytes(bytes.clone()).unwrap();
        let read: Vec<Record> = store.records().unwrap().into_iter().map(|(record, _)| record).collect();
        prop_assert_eq!(&read, &records);
        for record in &records {
            let place = store.find(&record.id.to_ascii_lowercase()).unwrap()[0];
            let head = store.head(place).unwrap();
            prop_assert_eq!((&head.id, &head.aliases, head.nature), (&record.id, &record.aliases, record.nature));
            prop_assert_eq!(store.text(place).unwrap(), record.text.clone());
            for alias in &record.aliases {
                prop_assert!(store.find(alias).unwrap().contains(&place));
            }
            for package in &record.packages {
                let about = store.about(&package.ecosystem, &package.name).unwrap();
                let mine = about.iter().find(|about| about.place == place).unwrap();
                prop_assert_eq!(&mine.affected, &package.affected);
            }
        }
        prop_assert!(store.find("nothing").unwrap().is_empty());
        prop_assert!(store.about("npm", "zzz").unwrap().is_empty());
        let exploited = store.exploited((2021, 44228)).unwrap();
        prop_assert_eq!(exploited.kev.map(|kev| kev.added), Some(18971));
        prop_assert_eq!(exploited.epss.map(|epss| epss.percentile), Some(99951));
        // The same bytes, whatever the order.
        let mut shuffled = records;
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        prop_assert_eq!(build(input(&shuffled)), bytes);
    }

    /// A store that is damaged anywhere but in its texts is refused; one whose checksum was made to fit is an error, or
    /// says something else.
    #[test]
    fn nothing_panics(records in distinct(), at in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = build(input(&records));
        let at = at.index(bytes.len());
        match cut {
            true => bytes.truncate(at),
            false => bytes[at] = value,
        }
        let _ = Store::from_bytes(bytes.clone());
        if let Some(mended) = Store::mend(bytes) && let Ok(store) = Store::from_bytes(mended) {
            let _ = store.records();
            let _ = store.all_exploited();
            for record in &records {
                let places = store.find(&record.id).unwrap_or_default();
                places.iter().for_each(|place| drop((store.head(*place), store.text(*place))));
                for package in &record.packages {
                    let _ = store.about(&package.ecosystem, &package.name);
                }
            }
        }
    }
}

#[test]
fn damage_is_told() {
    let bytes = build(Input::default());
    assert!(Store::from_bytes(bytes.clone()).is_ok());
    let why = |bytes: Vec<u8>| Store::from_bytes(bytes).err().unwrap_or_default();
    assert_eq!(why(b"hello".to_vec()), "it is no advisory store");
    assert_eq!(why(bytes[..bytes.len() - 1].to_vec()), "it is damaged");
    let mut other = bytes;
    other[7] = 9;
    assert_eq!(why(other), "it was made by another version of scanall");
}
