//! Downloads what is too large for memory: into a file, on from where an earlier attempt ended, with a check of what
//! arrived.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, HeaderMap, IF_NONE_MATCH, IF_RANGE, RANGE};

use super::{Net, unreachable};
use crate::error::Error;

/// A server that says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// No download takes longer in all.
const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);

/// What is downloaded, and where to.
pub struct Download<'a> {
    /// The address.
    pub url: &'a str,
    /// The file that it becomes, whole or not at all. What arrived of an attempt that was cut off is beside it, under
    /// the same name with `.part` behind it.
    pub to: &'a Path,
    /// The entity tag of what is there already; empty to download in any case.
    pub tag: &'a str,
    /// No more bytes are taken.
    pub most: u64,
    /// Is told how many bytes have arrived, and how many there are where the server says so.
    pub progress: &'a (dyn Fn(u64, Option<u64>) + Sync),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Downloaded {
    /// The file is there, with its entity tag; the tag is empty where the server gives none.
    New(String),
    /// The server has nothing newer.
    Unchanged,
    /// The server has no such file.
    Missing,
}

impl Net {
    /// Downloads a file.
    ///
    /// # Errors
    /// Offline, no connection, silence of a minute, more bytes than are wanted, or fewer or others than the server said.
    pub async fn download(&self, wanted: &Download<'_>) -> Result<Downloaded, Error> {
        let host = wanted.url.split('/').nth(2).unwrap_or(wanted.url);
        let client = self.chosen(&self.client, host, reqwest::Client::builder)?;
        let (part, mark) = (beside(wanted.to, "part"), beside(wanted.to, "part.tag"));
        let have = fs::metadata(&part).map_or(0, |about| about.len());
        let begun = fs::read_to_string(&mark).ok().filter(|tag| have > 0 && !tag.is_empty());
        let mut request = client.get(wanted.url).timeout(LONGEST);
        if !wanted.tag.is_empty() {
            request = request.header(IF_NONE_MATCH, wanted.tag);
        }
        if let Some(tag) = &begun {
            request = request.header(RANGE, format!("bytes={have}-")).header(IF_RANGE, tag);
        }
        let failed = |e: reqwest::Error| unreachable(host).because(e.without_url());
        let disk = |e: std::io::Error| Error::usage(format!("cannot write `{}`", part.display())).because(e);
        let silent = |_| unreachable(host).because("it says nothing any more".to_owned());
        let mut response = tokio::time::timeout(SILENCE, request.send()).await.map_err(silent)?.map_err(failed)?;
        let headers = response.headers().clone();
        let mut file = match response.status().as_u16() {
            304 => return Ok(Downloaded::Unchanged),
            404 => return Ok(Downloaded::Missing),
            206 if begun.is_some() && starts_at(&headers, have) => {
                OpenOptions::new().append(true).open(&part).map_err(disk)?
            }
            200 => {
                fs::create_dir_all(part.parent().unwrap_or(Path::new("."))).map_err(disk)?;
                fs::write(&mark, text(&headers, "etag")).map_err(disk)?;
                File::create(&part).map_err(disk)?
            }
            // What is there cannot be continued: the next attempt begins anew.
            status => {
                let _ = fs::remove_file(&part);
                return Err(unreachable(host).because(format!("the server answered with status {status}")));
            }
        };
        let mut arrived = file.metadata().map_or(0, |about| about.len());
        let whole = response.content_length().map(|rest| arrived + rest);
        let too_large = || Error::usage(format!("what {host} sends has more than {} bytes", wanted.most));
        if whole.is_some_and(|whole| whole > wanted.most) {
            return Err(too_large());
        }
        while let Some(chunk) =
            tokio::time::timeout(SILENCE, response.chunk()).await.map_err(silent)?.map_err(failed)?
        {
            arrived += chunk.len() as u64;
            if arrived > wanted.most {
                return Err(too_large());
            }
            file.write_all(&chunk).map_err(disk)?;
            (wanted.progress)(arrived, whole);
        }
        drop(file);
        if let Err(why) = check(&part, arrived, whole, &headers) {
            let _ = fs::remove_file(&part);
            return Err(Error::usage(format!("what {host} sent is not what it says that it is")).because(why));
        }
        fs::rename(&part, wanted.to).map_err(disk)?;
        let _ = fs::remove_file(&mark);
        Ok(Downloaded::New(text(&headers, "etag")))
    }
}

/// The length, and the CRC-32C that Google's storage gives (`X-Goog-Hash: crc32c=…`, Base64 in network order).
fn check(part: &Path, arrived: u64, whole: Option<u64>, headers: &HeaderMap) -> Result<(), String> {
    use base64::Engine as _;
    if let Some(whole) = whole.filter(|whole| *whole != arrived) {
        return Err(format!("{arrived} of {whole} bytes arrived"));
    }
    let hashes = headers.get_all("x-goog-hash").iter().filter_map(|value| value.to_str().ok());
    let sums = hashes.flat_map(|value| value.split(',')).filter_map(|part| part.trim().strip_prefix("crc32c="));
    for sum in sums {
        let bytes = base64::engine::general_purpose::STANDARD.decode(sum).map_err(|e| e.to_string())?;
        let expected =
            bytes.try_into().map(u32::from_be_bytes).map_err(|_| "its checksum makes no sense".to_owned())?;
        if crc32c(File::open(part).map_err(|e| e.to_string())?).map_err(|e| e.to_string())? != expected {
            return Err("its checksum is another".to_owned());
        }
    }
    Ok(())
}

/// CRC-32C, RFC 3720 appendix B.4: the polynomial of Castagnoli, reflected.
fn crc32c(mut reader: impl Read) -> std::io::Result<u32> {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut at = 0;
        while at < 256 {
            let (mut value, mut bit) = (at as u32, 0);
            while bit < 8 {
                value = if value & 1 == 1 { (value >> 1) ^ 0x82f6_3b78 } else { value >> 1 };
                bit += 1;
            }
            table[at] = value;
            at += 1;
        }
        table
    };
    let mut sum = u32::MAX;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok(!sum);
        }
        for byte in buffer.iter().take(read) {
            sum = (sum >> 8) ^ TABLE[usize::from(sum as u8 ^ byte)];
        }
    }
}

fn starts_at(headers: &HeaderMap, have: u64) -> bool {
    let range = headers.get(CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    range.strip_prefix("bytes ").and_then(|range| range.split('-').next()) == Some(have.to_string().as_str())
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{end}"));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard() {
        assert_eq!(crc32c(&b"123456789"[..]).unwrap(), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32][..]).unwrap(), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32][..]).unwrap(), 0x62a8_ab43);
    }
}
