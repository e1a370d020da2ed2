//! Fetches the RustSec advisory database as one archive and keeps it in the cache folder.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::Error;
use crate::scanner::Context;

/// Where the database is published. A mirror is named by the environment variable `SCANALL_RUSTSEC_URL`.
pub(super) const URL: &str = "https://codeload.github.com/RustSec/advisory-db/tar.gz/refs/heads/main";
/// A fetched database serves so long before the server is asked again.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// No advisory is larger, in bytes, and no database has more of them, nor more bytes in all.
const MAX_ADVISORY: u64 = 1 << 20;
const MAX_ADVISORIES: usize = 100_000;
const MAX_UNPACKED: u64 = 512 << 20;

/// The cached database. The folder `rustsec` holds it as in RustSec's repository, the file `rustsec.stamp` the time of
/// the fetch in seconds since 1970 and the entity tag, a line each.
pub(super) struct Cache {
    base: PathBuf,
}

/// How old the cached database is.
pub(super) enum Freshness {
    /// There is none.
    Missing,
    /// Whole days since it was fetched or confirmed.
    Days(u64),
}

impl Cache {
    pub(super) fn in_folder(cache: &Path) -> Self {
        Self { base: cache.join("advisories") }
    }

    /// The folder of the database.
    pub(super) fn folder(&self) -> PathBuf {
        self.base.join("rustsec")
    }

    /// The age of the database.
    pub(super) fn freshness(&self) -> Freshness {
        match self.age() {
            Some(age) if self.folder().join("crates").is_dir() => Freshness::Days(age.as_secs() / 86_400),
            _ => Freshness::Missing,
        }
    }

    /// Asks the server for a newer database when the cached one is a day old.
    ///
    /// # Errors
    /// Offline, no answer, or an answer that is no database; what was cached stays.
    pub(super) fn refresh(&self, context: &Context) -> Result<(), Error> {
        let have = self.folder().join("crates").is_dir();
        if have && (self.age().is_some_and(|age| age < FRESH) || context.net.is_offline()) {
            return Ok(());
        }
        let url = context.options.rustsec_url.as_deref().unwrap_or(URL);
        let tag = self.stamp().map(|(_, tag)| tag).filter(|tag| have && !tag.is_empty());
        let answer = context.runtime.block_on(async {
            tokio::select! {
                answer = context.net.get(url, tag.as_deref()) => answer,
                () = context.cancel.cancelled() => Err(Error::usage("interrupted")),
            }
        })?;
        match answer.status {
            304 => {}
            200 => self.replace(&answer.body)?,
            status => return Err(Error::usage(format!("the server answered with status {status}"))),
        }
        let stamp = format!("{}\n{}\n", now().as_secs(), answer.etag.or(tag).unwrap_or_default());
        fs::write(self.base.join("rustsec.stamp"), stamp).map_err(|e| Error::usage("cannot write the cache").because(e))
    }

    fn age(&self) -> Option<Duration> {
        now().checked_sub(Duration::from_secs(self.stamp()?.0))
    }

    fn stamp(&self) -> Option<(u64, String)> {
        let text = fs::read_to_string(self.base.join("rustsec.stamp")).ok()?;
        let mut lines = text.lines();
        Some((lines.next()?.parse().ok()?, lines.next().unwrap_or_default().to_owned()))
    }

    /// Unpacks beside the old database, then swaps the folders, so that a broken fetch leaves the old one.
    fn replace(&self, archive: &[u8]) -> Result<(), Error> {
        let failed = |e: std::io::Error| Error::usage("the fetched advisory database cannot be unpacked").because(e);
        let new = self.base.join(format!("rustsec.new.{}", std::process::id()));
        let _ = fs::remove_dir_all(&new);
        let count = unpack(archive, &new).inspect_err(|_| drop(fs::remove_dir_all(&new))).map_err(failed)?;
        if count == 0 {
            let _ = fs::remove_dir_all(&new);
            return Err(Error::usage("the fetched archive holds no advisories"));
        }
        let old = self.base.join(format!("rustsec.old.{}", std::process::id()));
        let _ = fs::rename(self.folder(), &old);
        let swapped = fs::rename(&new, self.folder());
        let _ = fs::remove_dir_all(&old);
        swapped.map_err(failed)
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Unpacks the advisories of a `.tar.gz` and nothing else: plain files `<any>/crates/<package>/RUSTSEC-….md`, within
/// the bounds above. Returns how many there were.
fn unpack(archive: &[u8], into: &Path) -> std::io::Result<usize> {
    let too_much = |what: &str| std::io::Error::other(format!("it has {what}"));
    let mut count = 0;
    let plain = flate2::read::GzDecoder::new(archive).take(MAX_UNPACKED);
    let mut tar = tar::Archive::new(plain);
    for entry in tar.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.into_owned();
        let parts: Vec<&str> = path
            .components()
            .filter_map(|part| if let Component::Normal(name) = part { name.to_str() } else { None })
            .collect();
        let [_, "crates", package, name] = parts[..] else { continue };
        if path.components().count() != 4 || !name.starts_with("RUSTSEC-") || !name.ends_with(".md") {
            continue;
        }
        count += 1;
        if count > MAX_ADVISORIES {
            return Err(too_much("too many advisories"));
        }
        if entry.size() > MAX_ADVISORY {
            return Err(too_much("an advisory of more than 1 MiB"));
        }
        let folder = into.join("crates").join(package);
        fs::create_dir_all(&folder)?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (path, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            // Written raw, since the builder itself refuses what an attacker would send.
            header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_cksum();
            tar.append(&header, text.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn unpacks_advisories_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = archive(&[
            ("db-main/crates/time/RUSTSEC-2020-0071.md", "good"),
            ("db-main/crates/../../RUSTSEC-2020-0001.md", "bad"),
            ("/db/crates/x/RUSTSEC-2020-0002.md", "bad"),
            ("db-main/crates/time/build.rs", "bad"),
        ]);
        let into = folder.path().join("new");
        assert_eq!(unpack(&bytes, &into).unwrap(), 1);
        assert_eq!(fs::read_to_string(into.join("crates/time/RUSTSEC-2020-0071.md")).unwrap(), "good");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(unpack(b"not an archive", &into).is_err());
        assert!(unpack(&bytes[..bytes.len() / 2], &into).is_err());
    }
}
