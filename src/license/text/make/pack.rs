//! Packs templates into the bytes that [`Store`](super::super::store::Store) reads.

use std::collections::HashMap;

use libdeflater::{CompressionLvl, Compressor};

use super::super::store::{FIRST_WORD, PIECE, UNKNOWN, piece, short};
use super::super::words::{MARKS, hash, hash_of_mark};
use super::{Template, weighty};

/// The most pieces that one template is looked up by.
const PIECES: usize = 40;
/// The shortest run that is not repeated but pointed at.
const RUN: usize = 6;

pub(super) fn pack(version: &str, templates: &[Template], same: &HashMap<u64, u64>) -> Vec<u8> {
    let marks: Vec<u64> = MARKS.iter().map(|mark| hash_of_mark(*mark)).collect();
    let canonical =
        |hash: &u64| std::iter::successors(Some(hash), |hash| same.get(hash)).take(4).last().copied().unwrap();
    let mut often: HashMap<u64, usize> = HashMap::new();
    for word in templates.iter().flat_map(|t| &t.words).filter(|word| !marks.contains(word)) {
        *often.entry(canonical(word)).or_default() += 1;
    }
    let heavy: Vec<u64> = weighty().map(|word| canonical(&hash(word))).collect();
    for word in &heavy {
        often.entry(*word).or_default();
    }
    let mut order: Vec<u64> = often.keys().copied().collect();
    order.sort_by_key(|word| (std::cmp::Reverse(often[word]), *word));
    assert!(order.len() < usize::from(UNKNOWN - FIRST_WORD));
    let ids: HashMap<u64, u16> = order.iter().copied().zip(FIRST_WORD..).collect();
    let mut seen = std::collections::BTreeSet::new();
    assert!(order.iter().all(|word| seen.insert(short(*word))), "two words have one hash");

    let mut out = Vec::new();
    put_text(&mut out, version);
    put(&mut out, order.len());
    order.iter().for_each(|word| out.extend(short(*word).to_le_bytes()));
    let mut variants: Vec<(u64, u16)> =
        same.keys().filter_map(|from| Some((*from, *ids.get(&canonical(from))?))).collect();
    variants.sort_unstable();
    put(&mut out, variants.len());
    for (hash, id) in variants {
        out.extend(short(hash).to_le_bytes());
        put(&mut out, usize::from(id));
    }
    put(&mut out, heavy.len());
    heavy.iter().for_each(|word| put(&mut out, usize::from(ids[word])));

    put(&mut out, templates.len());
    let mut all: Vec<u16> = Vec::new();
    let mut known: HashMap<[u16; RUN], usize> = HashMap::new();
    let mut pieces: Vec<(u32, usize)> = Vec::new();
    for (number, template) in templates.iter().enumerate() {
        put(&mut out, template.kind as usize);
        put(&mut out, template.ids.len());
        template.ids.iter().for_each(|id| put_text(&mut out, id));
        let numbers: Vec<u16> = template
            .words
            .iter()
            .map(|word| match marks.iter().position(|mark| mark == word) {
                Some(mark) => u16::try_from(mark).unwrap(),
                None => ids[&canonical(word)],
            })
            .collect();
        put(&mut out, numbers.len());
        runs(&numbers, &mut all, &mut known, &mut out);
        pieces.extend(sketch(&numbers).into_iter().map(|hash| (hash, number)));
    }
    pieces.sort_unstable();
    put(&mut out, pieces.len());
    let mut last = 0;
    for (hash, entry) in pieces {
        put(&mut out, (hash - last) as usize);
        put(&mut out, entry);
        last = hash;
    }
    let mut packer = Compressor::new(CompressionLvl::best());
    let mut packed = u32::try_from(out.len()).unwrap().to_le_bytes().to_vec();
    let mut stream = vec![0; packer.zlib_compress_bound(out.len())];
    let size = packer.zlib_compress(&out, &mut stream).unwrap();
    packed.extend(&stream[..size]);
    packed
}

/// Writes words, and pointers to what is there already.
fn runs(numbers: &[u16], all: &mut Vec<u16>, known: &mut HashMap<[u16; RUN], usize>, out: &mut Vec<u8>) {
    let first = all.len();
    let mut at = 0;
    while at < numbers.len() {
        let before = numbers[at..].first_chunk::<RUN>().and_then(|run| known.get(run)).copied();
        let length = before.map_or(0, |from| {
            numbers[at..].iter().zip(&all[from..first]).take_while(|(one, other)| one == other).count()
        });
        match before {
            Some(from) if length >= RUN => {
                put(out, length << 1 | 1);
                put(out, from);
                at += length;
            }
            _ => {
                put(out, usize::from(numbers[at]) << 1);
                at += 1;
            }
        }
    }
    all.extend(numbers);
    for (place, run) in numbers.windows(RUN).enumerate() {
        known.entry(run.try_into().unwrap()).or_insert(first + place);
    }
}

/// The pieces to look a template up by: spread evenly, the smallest hash of each stretch of what is required.
fn sketch(numbers: &[u16]) -> Vec<u32> {
    let mut depth = 0;
    let mut fixed: Vec<Vec<u16>> = vec![Vec::new()];
    for &number in numbers {
        match number {
            2 => depth += 1,
            3 => depth -= 1,
            _ => {}
        }
        match number {
            0..=3 => fixed.push(Vec::new()),
            _ if depth == 0 => fixed.last_mut().unwrap().push(number),
            _ => {}
        }
    }
    let hashes: Vec<u32> =
        fixed.iter().flat_map(|run| run.windows(PIECE).filter_map(|w| piece(w.try_into().unwrap()))).collect();
    let stretch = hashes.len().div_ceil(PIECES).max(1);
    let mut chosen: Vec<u32> = hashes.chunks(stretch).filter_map(|s| s.iter().min().copied()).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

fn put(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len());
    out.extend(text.as_bytes());
}
