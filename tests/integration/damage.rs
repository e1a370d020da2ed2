//! Damages one part of a repository at a time, in every format that is read: what is lost is told, and what is not lost
//! is found.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::environment::{Sandbox, layer, token};

/// What is to be said of a damage.
#[derive(Clone, Copy, Debug)]
enum Said<'a> {
    /// That something was not read: a gap with these words. What else is found is a part of what was.
    Gap(&'a str),
    /// That something is wrong, with these words, though nothing is lost.
    Warned(&'a str),
    /// Nothing: all is found by another way.
    Nothing,
}
use Said::{Gap, Nothing, Warned};

/// A repository in `repo` whose secrets are in its history only: one in each version of a file, a few loose ones.
struct Damaged {
    sandbox: Sandbox,
    secrets: BTreeSet<String>,
}

impl Damaged {
    fn new(init: &[&str], repack: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        std::fs::create_dir(sandbox.path("repo")).unwrap();
        sandbox.git("repo", &[&["init", "-q", "-b", "main"], init].concat());
        for version in 0..6 {
            let lines = (0..150).map(|line| match line == version * 20 {
                true => format!("key = {}\n", token(&format!("v{version}"))),
                false => format!("line {line} of a file that changes little\n"),
            });
            sandbox.write("repo/file", lines.collect::<String>());
            sandbox.git("repo", &["add", "-A"]);
            sandbox.git("repo", &["commit", "-qm", &format!("version {version}")]);
        }
        sandbox.write("repo/file", "nothing\n");
        sandbox.git("repo", &["commit", "-qam", "clean"]);
        sandbox.git("repo", &[&["repack", "-adfq", "--depth=20", "--window=20"], repack].concat());
        let mut damaged = Self { sandbox, secrets: BTreeSet::new() };
        damaged.secrets = damaged.whole();
        assert_eq!(damaged.secrets.len(), 6);
        damaged
    }

    fn report(&self) -> (Value, i32) {
        self.sandbox.report("repo", &["--only", "secrets", "--show-secrets"])
    }

    /// The secrets of the undamaged repository.
    fn whole(&self) -> BTreeSet<String> {
        let (report, code) = self.report();
        assert_eq!((code, layer(&report, "secrets")["gaps"].as_array().unwrap().len()), (1, 0), "{report}");
        secrets(&report)
    }

    fn pack(&self) -> PathBuf {
        let files = std::fs::read_dir(self.sandbox.path("repo/.git/objects/pack")).unwrap().flatten();
        files.map(|file| file.path()).find(|path| path.extension().is_some_and(|e| e == "pack")).unwrap()
    }

    /// Changes a file, scans, puts it back.
    fn with(&self, what: &str, file: &Path, said: Said<'_>, change: impl FnOnce(&mut Vec<u8>)) {
        let good = std::fs::read(file).unwrap();
        let mut bad = good.clone();
        change(&mut bad);
        assert_ne!(good, bad, "{what}");
        // Git writes its files read-only.
        std::fs::remove_file(file).unwrap();
        std::fs::write(file, bad).unwrap();
        self.expect(what, said);
        std::fs::write(file, good).unwrap();
    }

    /// Takes a file away, scans, puts it back.
    fn without(&self, file: &Path, said: Said<'_>) {
        let aside = file.with_extension("aside");
        std::fs::rename(file, &aside).unwrap();
        self.expect(&format!("no {}", file.display()), said);
        std::fs::rename(aside, file).unwrap();
    }

    fn expect(&self, what: &str, said: Said<'_>) {
        let (report, code) = self.report();
        let gaps = layer(&report, "secrets")["gaps"].as_array().unwrap().clone();
        let found = secrets(&report);
        let told = |words: &str| {
            assert_eq!(code, 3, "{what}: {gaps:?}");
            let gap = gaps.iter().find(|gap| gap["message"].as_str().unwrap().contains(words));
            let gap = gap.unwrap_or_else(|| panic!("{what}: {gaps:?} say nothing of {words}"));
            assert!(gap["hint"].as_str().is_some_and(|hint| hint.contains('`')), "{what}: {gap}");
        };
        match said {
            Gap(words) => {
                told(words);
                assert!(found.is_subset(&self.secrets), "{what}");
            }
            Warned(words) => {
                told(words);
                assert_eq!(found, self.secrets, "{what}");
            }
            Nothing => {
                assert_eq!((code, gaps), (1, Vec::new()), "{what}");
                assert_eq!(found, self.secrets, "{what}");
            }
        }
    }

    /// The objects of the pack as git sees them: id, type, size, offset, and whether it is a delta.
    fn objects(&self) -> Vec<(String, String, usize, usize, bool)> {
        let list =
            self.sandbox.git("repo", &["verify-pack", "-v", self.pack().with_extension("idx").to_str().unwrap()]);
        let fields = list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let objects = fields.filter(|fields| fields.len() >= 5 && ["blob", "tree", "commit"].contains(&fields[1]));
        let number = |field: &str| field.parse().unwrap();
        objects.map(|f| (f[0].to_owned(), f[1].to_owned(), number(f[2]), number(f[4]), f.len() > 5)).collect()
    }

    /// The largest blob that is whole, and a blob that is a delta: their ids and where they begin.
    fn blobs(&self) -> [(String, usize); 2] {
        [false, true].map(|is_delta| {
            let objects = self.objects();
            let blobs = objects.iter().filter(|object| object.1 == "blob" && object.4 == is_delta);
            blobs.max_by_key(|object| object.2).map(|object| (object.0.clone(), object.3)).unwrap()
        })
    }
}

fn secrets(report: &Value) -> BTreeSet<String> {
    report["findings"].as_array().unwrap().iter().map(|f| f["secret"].as_str().unwrap().to_owned()).collect()
}

/// Where the size in an entry's header ends.
fn behind_header(pack: &[u8], offset: usize) -> usize {
    offset + pack[offset..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1
}

fn be32(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

#[test]
fn packs() {
    let repo = Damaged::new(&[], &[]);
    let pack = repo.pack();
    let name = pack.file_name().unwrap().to_str().unwrap().to_owned();
    let [(whole, at), (delta, near)] = repo.blobs();
    let length = std::fs::metadata(&pack).unwrap().len() as usize;
    repo.with("magic", &pack, Gap(&name), |b| b[0] ^= 1);
    repo.with("version", &pack, Gap("unknown version 9"), |b| b[7] = 9);
    repo.with("count", &pack, Warned("it says that it has"), |b| b[11] ^= 1);
    // Types 0 and 5 are those of no object: bindings of libgit2 panic when a delta is based on one, as fuzzing found.
    for kind in [0, 1, 2, 4, 5, 6, 7] {
        repo.with(&format!("type {kind}"), &pack, Gap(&whole), |b| b[at] = b[at] & 0x8f | kind << 4);
    }
    repo.with("size", &pack, Gap(&whole), |b| b[at] ^= 1);
    repo.with("endless size", &pack, Gap(&whole), |b| b[at..at + 12].fill(0xff));
    repo.with("start of the compressed data", &pack, Gap(&whole), |b| {
        let data = behind_header(b, at);
        b[data] ^= 0x10;
    });
    repo.with("compressed data", &pack, Gap(&whole), |b| b[at + 40] ^= 4);
    repo.with("compressed delta", &pack, Gap(&delta), |b| {
        let data = behind_header(b, behind_header(b, near));
        b[data + 6] ^= 4;
    });
    repo.with("distance", &pack, Gap(&delta), |b| {
        let distance = behind_header(b, near);
        b[distance] ^= 1;
    });
    repo.with("no distance", &pack, Gap(&delta), |b| {
        let distance = behind_header(b, near);
        let end = behind_header(b, distance);
        b[distance..end].fill(0x80);
    });
    repo.with("checksum", &pack, Nothing, |b| *b.last_mut().unwrap() ^= 1);
    for end in [0, 11, 20, length / 2, length - 30] {
        repo.with(&format!("cut at {end}"), &pack, Gap(if end < 32 { &name } else { "object" }), |b| b.truncate(end));
    }
    repo.without(&pack, Gap(&name));
}

#[test]
fn deltas_with_named_bases() {
    let repo = Damaged::new(&["--object-format=sha256"], &["--no-write-bitmap-index"]);
    repo.sandbox.git("repo", &["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    let pack = repo.pack();
    let [_, (delta, named)] = repo.blobs();
    repo.with("base", &pack, Gap(&delta), |b| {
        let base = behind_header(b, named);
        b[base + 3] ^= 1;
    });
    repo.without(&pack.with_extension("idx"), Nothing);
}

#[test]
fn indexes() {
    let repo = Damaged::new(&[], &[]);
    let pack = repo.pack();
    let name = pack.file_name().unwrap().to_str().unwrap().to_owned();
    let index = pack.with_extension("idx");
    let count = repo.objects().len();
    let (names, sums, offsets) = (8 + 1024, 8 + 1024 + count * 20, 8 + 1024 + count * 24);
    // What an index says is found out from the pack where it can be seen to be wrong.
    repo.with("magic", &index, Nothing, |b| b[0] ^= 1);
    repo.with("version", &index, Nothing, |b| b[7] = 3);
    repo.with("fan-out that falls", &index, Nothing, |b| b[8] = 0xff);
    repo.with("fan-out that is short", &index, Nothing, |b| b[8 + 255 * 4 + 3] -= 1);
    repo.with("fan-out that is long", &index, Nothing, |b| b[8 + 255 * 4] = 1);
    repo.with("names out of order", &index, Nothing, |b| b[names] ^= 0x80);
    repo.with("a name", &index, Nothing, |b| b[names + 25] ^= 1);
    repo.with("a checksum of an entry", &index, Nothing, |b| b[sums] ^= 1);
    repo.with("all checksums of entries", &index, Nothing, |b| b[sums..offsets].fill(7));
    repo.with("an offset", &index, Gap("object"), |b| b[offsets + 3] ^= 1);
    repo.with("an offset behind the end", &index, Gap("wrong about 1 objects"), |b| b[offsets] = 0x7f);
    repo.with("an offset twice", &index, Gap("wrong about 1 objects"), |b| {
        b.copy_within(offsets..offsets + 4, offsets + 4)
    });
    repo.with("an offset that is far", &index, Gap("wrong about 1 objects"), |b| b[offsets] |= 0x80);
    repo.with("checksums", &index, Nothing, |b| b[offsets + count * 4 + 2] ^= 1);
    for end in [0, 3, 500, offsets - 1] {
        repo.with(&format!("cut at {end}"), &index, Nothing, |b| b.truncate(end));
    }
    repo.without(&index, Nothing);

    repo.sandbox.git("repo", &["index-pack", "--index-version=2,0x20", pack.to_str().unwrap()]);
    let far = offsets + count * 4;
    repo.expect("far offsets", Nothing);
    repo.with("a far offset", &index, Gap("object"), |b| b[far + 7] ^= 1);
    repo.with("a far offset of petabytes", &index, Gap("wrong about 1 objects"), |b| b[far] = 0x7f);

    repo.sandbox.git("repo", &["index-pack", "--index-version=1", pack.to_str().unwrap()]);
    repo.expect("version 1", Nothing);
    repo.with("a fan-out of version 1", &index, Nothing, |b| b[0] = 0xff);
    repo.with("an offset of version 1", &index, Gap("object"), |b| b[1024 + 3] ^= 1);
    let [(whole, at), _] = repo.blobs();
    repo.with("a type and version 1", &pack, Gap(&whole), |b| b[at] = b[at] & 0x8f | 2 << 4);

    std::fs::remove_file(&index).unwrap();
    repo.with("no index, and data", &pack, Gap(&name), |b| b[at + 40] ^= 4);
    repo.with("no index, and a type", &pack, Gap(&name), |b| b[at] = b[at] & 0x8f | 2 << 4);
    repo.with("no index, and cut", &pack, Gap("it has no index, and without one only"), |b| b.truncate(at + 50));
}

#[test]
fn multi_pack_indexes() {
    let repo = Damaged::new(&[], &[]);
    repo.sandbox.git("repo", &["multi-pack-index", "write"]);
    let pack = repo.pack();
    let multi = pack.with_file_name("multi-pack-index");
    let good = std::fs::read(&multi).unwrap();
    let chunk = |name: &[u8]| {
        let row = (0..usize::from(good[6])).map(|row| 12 + row * 12).find(|at| &good[*at..at + 4] == name).unwrap();
        (row, be32(&good, row + 8))
    };
    let (fan_out, names, ids, offsets) = (chunk(b"OIDF"), chunk(b"PNAM"), chunk(b"OIDL"), chunk(b"OOFF"));
    repo.with("magic of one that is not needed", &multi, Nothing, |b| b[0] ^= 1);
    std::fs::remove_file(pack.with_extension("idx")).unwrap();
    repo.expect("a pack that only the multi-pack index lists", Nothing);
    repo.with("magic", &multi, Nothing, |b| b[0] ^= 1);
    repo.with("version", &multi, Nothing, |b| b[4] = 9);
    repo.with("number of chunks", &multi, Nothing, |b| b[6] = 1);
    for (name, (row, _)) in [("fan-out", fan_out), ("names", names), ("ids", ids), ("offsets", offsets)] {
        repo.with(&format!("name of the chunk of {name}"), &multi, Nothing, |b| b[row] ^= 1);
        repo.with(&format!("place of the chunk of {name}"), &multi, Nothing, |b| b[row + 4] = 0x7f);
    }
    repo.with("fan-out", &multi, Nothing, |b| b[fan_out.1 + 255 * 4] = 1);
    repo.with("short fan-out", &multi, Nothing, |b| b[fan_out.1 + 255 * 4 + 3] -= 1);
    repo.with("name of the pack", &multi, Warned("the pack itself is missing"), |b| b[names.1 + 6] ^= 1);
    repo.with("order of the ids", &multi, Nothing, |b| b[ids.1] = 0xff);
    repo.with("pack of an object", &multi, Nothing, |b| b[offsets.1 + 3] = 7);
    repo.with("offset of an object", &multi, Gap("object"), |b| b[offsets.1 + 7] ^= 1);
    repo.with("far offset of an object", &multi, Gap("wrong about 1 objects"), |b| b[offsets.1 + 4] |= 0x80);
    repo.with("checksum", &multi, Nothing, |b| *b.last_mut().unwrap() ^= 1);
    repo.with("cut", &multi, Nothing, |b| b.truncate(b.len() / 2));
}

#[test]
fn loose_objects() {
    let repo = Damaged::new(&[], &[]);
    let pack = repo.pack();
    let moved = repo.sandbox.path("moved.pack");
    std::fs::rename(&pack, &moved).unwrap();
    std::fs::remove_dir_all(pack.parent().unwrap()).unwrap();
    let bytes = std::fs::File::open(&moved).unwrap();
    let unpack = std::process::Command::new("git")
        .args(["unpack-objects", "-q"])
        .current_dir(repo.sandbox.path("repo"))
        .stdin(bytes)
        .status();
    assert!(unpack.unwrap().success());
    let id = repo.sandbox.git("repo", &["rev-parse", "HEAD~3:file"]);
    let file = repo.sandbox.path(&format!("repo/.git/objects/{}/{}", &id[..2], &id[2..]));
    let length = std::fs::metadata(&file).unwrap().len() as usize;
    repo.with("zlib header", &file, Gap(&id), |b| b[0] ^= 1);
    repo.with("header", &file, Gap(&id), |b| b[4] ^= 1);
    repo.with("compressed data", &file, Gap(&id), |b| b[length / 2] ^= 1);
    repo.with("checksum", &file, Gap(&id), |b| b[length - 1] ^= 1);
    for end in [0, 1, 10, length / 2, length - 1] {
        repo.with(&format!("cut at {end}"), &file, Gap(&id), |b| b.truncate(end));
    }
    for header in
        ["blab 4\0text", "blob 5\0text", "blob 3\0text", "blob -1\0text", "blob 4", "blob 99999999999999999999\0"]
    {
        repo.with(header, &file, Gap(&id), |b| {
            let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(header.as_bytes()).unwrap();
            *b = writer.finish().unwrap();
        });
    }
}

#[test]
fn tables_of_references() {
    for format in ["sha1", "sha256"] {
        let repo = Damaged::new(&["--ref-format=reftable", &format!("--object-format={format}")], &[]);
        repo.sandbox.git("repo", &["pack-refs", "--all"]);
        let folder = repo.sandbox.path("repo/.git/reftable");
        let list = folder.join("tables.list");
        let table = folder.join(std::fs::read_to_string(&list).unwrap().lines().last().unwrap());
        let header = if format == "sha1" { 24 } else { 28 };
        let bytes = std::fs::read(&table).unwrap();
        let footer = bytes.len() - header - 44;
        let logs = be32(&bytes, footer + header + 3 * 8 + 4);
        let wrong = Warned("table of references");
        repo.expect("tables", Nothing);
        repo.with("magic", &table, wrong, |b| b[0] ^= 1);
        repo.with("version", &table, wrong, |b| b[4] = 9);
        repo.with("type of the first block", &table, wrong, |b| b[header] = b'x');
        repo.with("length of the first block", &table, wrong, |b| b[header + 1] = 0xff);
        repo.with("records", &table, wrong, |b| b[header + 4] = 0xff);
        repo.with("restarts", &table, wrong, |b| {
            let length = be32(b, header) & 0xff_ffff;
            b[length - 2] = 0xff;
        });
        repo.with("type of the logs", &table, wrong, |b| b[logs] = b'x');
        repo.with("length of the logs", &table, wrong, |b| b[logs + 3] ^= 1);
        repo.with("compressed logs", &table, wrong, |b| b[logs + 20] ^= 1);
        repo.with("footer", &table, wrong, |b| b[footer + 4] ^= 1);
        repo.with("position of the logs", &table, wrong, |b| b[footer + header + 3 * 8 + 7] ^= 1);
        repo.with("checksum", &table, wrong, |b| *b.last_mut().unwrap() ^= 1);
        for end in [0, header, logs + 10, bytes.len() - 1] {
            repo.with(&format!("cut at {end}"), &table, wrong, |b| b.truncate(end));
        }
        repo.with("list", &list, wrong, |b| b[0] ^= 1);
        repo.without(&table, wrong);
        repo.without(&list, wrong);
    }
}

/// A pack of one delta that is based on itself, large when it is inflated: following the circle would fill the memory.
#[test]
fn a_circle_of_large_deltas() {
    let repo = Damaged::new(&[], &[]);
    let (id, size) = ([0x5a; 20], 100usize << 20);
    let mut pack = b"PACK\0\0\0\x02\0\0\0\x01".to_vec();
    pack.extend_from_slice(&[0xf0, 0x80, 0x80, 0x80 | (size >> 18) as u8 & 0x7f, (size >> 25) as u8]);
    pack.extend_from_slice(&id);
    let mut writer = flate2::write::ZlibEncoder::new(pack, flate2::Compression::fast());
    writer.write_all(&vec![0; size]).unwrap();
    let pack = [writer.finish().unwrap(), vec![0; 20]].concat();
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    (0..256u32).for_each(|bucket| index.extend(u32::from(bucket >= 0x5a).to_be_bytes()));
    index.extend([&id[..], &[0; 4], &12u32.to_be_bytes(), &[0; 40]].concat());
    let place = repo.pack();
    std::fs::write(place.with_file_name("pack-circle.pack"), &pack).unwrap();
    std::fs::write(place.with_file_name("pack-circle.idx"), index).unwrap();
    repo.expect("a circle", Warned("its chain of deltas is a circle"));
    std::fs::remove_file(place.with_file_name("pack-circle.idx")).unwrap();
    repo.expect("a circle without an index", Warned("pack-circle.pack"));
}
