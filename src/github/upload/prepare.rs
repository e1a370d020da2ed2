//! Makes uploads of SARIF files: what may be uploaded, within GitHub's limits, compressed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use scanall_sarif::limits::{MAX_GZIP_BYTES, MAX_RESULTS, MAX_RUNS};
use serde_json::Value;

use crate::error::Error;
use crate::text;

/// A SARIF file as it was read.
pub struct File {
    /// Its name, for people.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is sent in one request.
#[derive(Debug)]
pub struct Upload {
    /// The file that it was made of, for people.
    pub name: String,
    /// The log, compressed, at most 10 MB.
    pub gzip: Vec<u8>,
    /// The tool of every run in it; `None` when there are several.
    pub tool: Option<String>,
    /// Runs in it, from 1 to 20.
    pub runs: usize,
    /// Results in it.
    pub results: usize,
    /// What was left out since it is incomplete: an upload with fewer results would close alerts that are still real.
    pub left_out: Vec<String>,
    /// It names absolute places on a disk.
    pub is_absolute: bool,
}

/// Makes uploads of files, in their order. A file without anything to upload becomes none of them, and the second part
/// of the answer says what was left out of such files.
///
/// # Errors
/// A file is no SARIF 2.1.0, is beyond a limit of GitHub, or two runs are of the same tool and category.
pub fn prepare(files: Vec<File>) -> Result<(Vec<Upload>, Vec<String>), Error> {
    let mut seen = BTreeMap::new();
    let mut left_out = Vec::new();
    let mut uploads = Vec::new();
    for File { name, bytes } in files {
        let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut log: Value =
            serde_json::from_slice(json).map_err(|e| refused(&name, "is no SARIF: it is no JSON").because(e))?;
        if log["version"].as_str() != Some("2.1.0") {
            return Err(refused(&name, "is no SARIF 2.1.0").hint("GitHub takes no other version"));
        }
        let Some(runs) = log["runs"].as_array_mut() else {
            return Err(refused(&name, "is no SARIF: it has no list of runs"));
        };
        let omitted = leave_out_incomplete(runs, &name);
        for run in runs.iter() {
            distinct(run, &name, &mut seen)?;
        }
        let (count, results) = (runs.len(), results(runs, &name)?);
        if count > MAX_RUNS {
            return Err(refused(&name, &format!("has {count} runs, and GitHub takes {MAX_RUNS} in one file"))
                .hint("put them into several files"));
        }
        if count == 0 {
            left_out.push(format!("{} has no run to upload", text::printable(&name)));
            left_out.extend(omitted);
            continue;
        }
        let tools: Vec<&str> = runs.iter().map(tool).collect();
        let tool = tools.windows(2).all(|pair| pair[0] == pair[1]).then(|| tools[0].to_owned());
        // What is whole is sent as it was written.
        let json = if omitted.is_empty() { Cow::Borrowed(json) } else { Cow::Owned(log.to_string().into_bytes()) };
        let upload = Upload {
            gzip: gzip(&json, &name)?,
            tool: tool.filter(|tool| !tool.is_empty()),
            runs: count,
            results,
            left_out: omitted,
            is_absolute: memchr::memmem::find(&json, b"\"file:").is_some(),
            name,
        };
        uploads.push(upload);
    }
    Ok((uploads, left_out))
}

fn refused(name: &str, what: &str) -> Error {
    Error::usage(format!("`{}` {what}", text::printable(name)))
}

fn tool(run: &Value) -> &str {
    run["tool"]["driver"]["name"].as_str().unwrap_or_default()
}

/// What is before the last slash of the id, as GitHub reads it.
fn category(run: &Value) -> &str {
    let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
    id.rsplit_once('/').map_or("", |(category, _)| category)
}

/// Takes out the runs whose tool says that it did not see everything.
fn leave_out_incomplete(runs: &mut Vec<Value>, name: &str) -> Vec<String> {
    let mut left_out = Vec::new();
    runs.retain(|run| {
        let invocations = run["invocations"].as_array();
        let is_whole = !invocations.into_iter().flatten().any(|one| one["executionSuccessful"] == Value::Bool(false));
        if !is_whole {
            let (name, of) = (text::printable(name), text::printable(&of(run)));
            left_out.push(format!("{name}: the run of {of} is incomplete and would close alerts that are still real"));
        }
        is_whole
    });
    left_out
}

/// `semgrep`, or `scanall in scanall/secrets`.
fn of(run: &Value) -> String {
    match category(run) {
        "" => tool(run).to_owned(),
        category => format!("{} in {category}", tool(run)),
    }
}

/// GitHub keeps one run of a tool and category for a commit: of two, one would be refused or lost.
fn distinct(run: &Value, name: &str, seen: &mut BTreeMap<(String, String), String>) -> Result<(), Error> {
    let key = (tool(run).to_owned(), category(run).to_owned());
    match seen.insert(key, name.to_owned()) {
        None => Ok(()),
        Some(before) => {
            let place = if before == name { String::new() } else { format!(", after `{}`", text::printable(&before)) };
            let of = text::printable(&of(run));
            Err(refused(name, &format!("has a second run of {of}{place}, and GitHub keeps one"))
                .hint("give each run an `automationDetails.id` of its own that ends with a slash"))
        }
    }
}

fn results(runs: &[Value], name: &str) -> Result<usize, Error> {
    let mut total = 0;
    for run in runs {
        let count = run["results"].as_array().map_or(0, Vec::len);
        if count > MAX_RESULTS {
            let (of, count) = (text::printable(&of(run)), text::grouped(count as u64));
            return Err(refused(name, &format!("has {count} results of {of}, and GitHub takes 25,000 in one run"))
                .hint("raise the threshold of the tool, or exclude what is generated"));
        }
        total += count;
    }
    Ok(total)
}

fn gzip(json: &[u8], name: &str) -> Result<Vec<u8>, Error> {
    let failed = |e: std::io::Error| refused(name, "cannot be compressed").because(e);
    // No time in the header: the same log gives the same bytes.
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::best());
    writer.write_all(json).map_err(failed)?;
    let bytes = writer.finish().map_err(failed)?;
    if bytes.len() > MAX_GZIP_BYTES {
        let size = bytes.len() as f64 / 1e6;
        return Err(refused(name, &format!("has {size:.1} MB behind gzip, and GitHub takes 10 MB"))
            .hint("put its runs into several files, or leave out results"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Read as _;

    fn file(name: &str, runs: &[Value]) -> File {
        File { name: name.to_owned(), bytes: json!({ "version": "2.1.0", "runs": runs }).to_string().into_bytes() }
    }

    fn run(tool: &str, id: &str, successful: bool) -> Value {
        json!({
            "tool": { "driver": { "name": tool } },
            "automationDetails": { "id": id },
            "invocations": [{ "executionSuccessful": successful }],
            "results": [],
        })
    }

    #[test]
    fn what_is_incomplete_is_left_out_and_what_is_clean_is_not() {
        let (uploads, none) = prepare(vec![
            file("a", &[run("x", "one/", true), run("x", "two/", false)]),
            file("b", &[run("x", "three/", false)]),
            file("c", &[]),
        ])
        .unwrap();
        assert_eq!((uploads.len(), uploads[0].runs, uploads[0].tool.as_deref()), (1, 1, Some("x")));
        assert!(uploads[0].left_out[0].contains("x in two"), "{:?}", uploads[0].left_out);
        assert_eq!(none.len(), 3, "{none:?}");
        let mut text = String::new();
        flate2::read::GzDecoder::new(&uploads[0].gzip[..]).read_to_string(&mut text).unwrap();
        assert!(text.contains("one/") && !text.contains("two/"));
    }

    #[test]
    fn what_github_would_refuse_is_not_sent() {
        let many: Vec<Value> = (0..21).map(|n| run("x", &format!("{n}/"), true)).collect();
        let noise: String = (0..16_000_000).map(|_| fastrand::alphanumeric()).collect();
        let mut large = run("x", "a/", true);
        large["properties"] = json!({ "noise": noise });
        let mut crowded = run("x", "a/", true);
        crowded["results"] = vec![json!({}); 25_001].into();
        for (files, said) in [
            (vec![file("a", &many)], "21 runs"),
            (vec![file("a", &[large])], "MB behind gzip"),
            (vec![file("a", &[crowded])], "25,001 results"),
            (vec![file("a", &[run("x", "a/1", true), run("x", "a/2", true)])], "second run of x in a"),
            (vec![file("a", &[run("x", "", true)]), file("b", &[run("x", "id", true)])], "after `a`"),
            (vec![File { name: "a".to_owned(), bytes: b"{}".to_vec() }], "no SARIF 2.1.0"),
            (vec![File { name: "a\u{1b}".to_owned(), bytes: b"[".to_vec() }], "a\\u{1b}"),
        ] {
            let error = prepare(files).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_read_panics(text in ".{0,60}", key in "(runs|version|tool|results|invocations)", n in 0usize..4) {
            let odd = [json!(text), json!([text]), json!({ key.clone(): text }), json!(null)][n].clone();
            let mut log = json!({ "version": "2.1.0", "runs": [run("x", "a/", true), odd.clone()] });
            let _ = prepare(vec![File { name: text.clone(), bytes: log.to_string().into_bytes() }]);
            log["runs"][0][&key] = odd.clone();
            let _ = prepare(vec![File { name: text.clone(), bytes: log.to_string().into_bytes() }]);
            log[&key] = odd;
            let _ = prepare(vec![File { name: text.clone(), bytes: log.to_string().into_bytes() }]);
            let _ = prepare(vec![File { name: String::new(), bytes: text.into_bytes() }]);
        }
    }
}
