//! A store of one pack, made here, with an index or without one, whole or damaged: every text is read, or it is told that
//! something was not.
#![no_main]

mod made;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use libfuzzer_sys::fuzz_target;
use made::Made;
use scanall::history::objects::Objects;
use scanall::history::pack::delta::Segment;
use scanall::history::store::Store;
use scanall::history::walk::{Seen, Visitor};
use scanall::history::{ObjectId, Type};

/// What holds text.
const TEXTS: [Type; 3] = [Type::Blob, Type::Commit, Type::Tag];

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    std::fs::create_dir(folder.path().join("pack")).expect("it can be written to");
    folder
});

fuzz_target!(init: {
    // A pack of a few objects costs less than handing it from thread to thread.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("nobody has made one yet");
}, |data: &[u8]| {
    let [flags, damages, rest @ ..] = data else { return };
    let width = if flags & 1 == 0 { 20 } else { 32 };
    if flags & 2 == 2 {
        // Nothing is known of it but that it is read without harm, and the same each way.
        let _ = read(rest, None, width);
        return;
    }
    let (damages, script) = rest.split_at((usize::from(damages % 4) * 3).min(rest.len()));
    let Made { mut pack, mut index, texts } = made::make(script, width, flags & 4 == 4);
    let damaged = if flags & 8 == 8 { &mut index } else { &mut pack };
    for damage in damages.chunks_exact(3) {
        let at = usize::from(u16::from_be_bytes([damage[0], damage[1]])) % damaged.len();
        damaged[at] ^= damage[2];
    }
    let index = if flags & 16 == 16 { None } else { Some(&index[..]) };
    let (found, gaps) = read(&pack, index, width);
    if gaps.is_empty() {
        let lost: Vec<_> = texts.iter().filter(|text| !found.contains(*text)).collect();
        assert!(lost.is_empty(), "{} of {} texts are lost, and nobody says so", lost.len(), texts.len());
    }
    if damages.iter().skip(2).step_by(3).all(|bits| *bits == 0) {
        assert_eq!(gaps, Vec::<String>::new(), "nothing is wrong with it");
        assert!(found.iter().all(|text| texts.contains(text)));
    }
});

/// What a history scan reads of a pack, and what it says it did not.
fn read(pack: &[u8], index: Option<&[u8]>, width: usize) -> (HashSet<Vec<u8>>, Vec<String>) {
    let place = |name: &str| FOLDER.path().join("pack").join(name);
    let write = |path: &Path, bytes: &[u8]| std::fs::write(path, bytes).expect("it can be written to");
    write(&place("pack-1.pack"), pack);
    match index {
        Some(index) => write(&place("pack-1.idx"), index),
        None => drop(std::fs::remove_file(place("pack-1.idx"))),
    }
    let objects = Objects::new(Arc::new(Store::open(FOLDER.path(), width)));
    let reader = Reader { objects: &objects, found: Mutex::default() };
    let walked = objects.walk(&TEXTS, &reader, &|_| ());
    let mut gaps: Vec<String> = objects.gaps().cloned().collect();
    gaps.extend(walked.gaps.into_sentences());
    gaps.extend(objects.check_others(&TEXTS).into_sentences());
    (reader.found.into_inner().expect("nothing panicked"), gaps)
}

struct Reader<'a> {
    objects: &'a Objects,
    found: Mutex<HashSet<Vec<u8>>>,
}

impl Visitor for Reader<'_> {
    type Marks = Vec<u8>;
    type Scratch = ();

    fn scratch(&self) {}

    fn whole(&self, (): &mut (), text: &[u8], marks: &mut Vec<u8>) {
        marks.clear();
        marks.extend_from_slice(text);
    }

    fn edited(&self, (): &mut (), text: &[u8], segments: &[Segment], base: &Vec<u8>, marks: &mut Vec<u8>) {
        marks.clear();
        for segment in segments {
            let piece = segment.start..segment.end;
            marks.extend_from_slice(match segment.base {
                Some(from) => &base[from..from + piece.len()],
                None => &text[piece],
            });
        }
        assert_eq!(marks, text, "a text is what its segments say");
    }

    fn done(&self, (): &mut (), seen: &Seen<'_>, text: &[u8], marks: &Vec<u8>) {
        assert_eq!(marks, text);
        let id = ObjectId::from_bytes(seen.raw_id).expect("an id has its length");
        if let Ok((kind, alone)) = self.objects.store().read(&id) {
            // The same id twice is two objects, one of which is not what it says.
            if ObjectId::of(kind, &alone, seen.raw_id.len()) == ObjectId::of(seen.kind, text, seen.raw_id.len()) {
                assert_eq!(alone, text, "an object read alone is the one read with all others");
            }
        }
        self.found.lock().expect("nothing panicked").insert(text.to_vec());
    }
}
