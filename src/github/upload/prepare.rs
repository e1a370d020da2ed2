//! Makes uploads of SARIF files: what may be uploaded, repaired where GitHub would refuse or drop it, within its limits,
//! compressed.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use scanall_sarif::limits::MAX_GZIP_BYTES;
use scanall_sarif::{Effect, Input, Profile, Root, check, merge, parse, split};
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

/// What becomes of files that are to be uploaded.
#[derive(Debug, Default)]
pub struct Prepared {
    /// What is sent, in order.
    pub uploads: Vec<Upload>,
    /// Files without anything to upload, and what was left out of them since it is incomplete, a line each.
    pub left_out: Vec<String>,
    /// What was changed so that GitHub takes it, a line each.
    pub repaired: Vec<String>,
}

/// Makes uploads of files. Files that GitHub takes as they are are sent as they are, in their order. When it would refuse
/// or drop anything, they are merged and repaired together and divided into as many uploads as it takes, the worst
/// results first. With a `root`, paths are held to the files there.
///
/// # Errors
/// A file is no SARIF 2.1.0, or one run of it is too large even after the repair.
pub fn prepare(files: Vec<File>, root: Option<&Root>) -> Result<Prepared, Error> {
    let mut prepared = Prepared::default();
    let mut whole = Vec::new();
    for File { name, bytes } in files {
        let mut input = parse(name.clone(), &bytes).map_err(|e| refused(&name, "is no SARIF").because(e))?;
        if input.log["version"].as_str() != Some("2.1.0") {
            return Err(refused(&name, "is no SARIF 2.1.0").hint("GitHub takes no other version"));
        }
        let Some(runs) = input.log["runs"].as_array_mut() else {
            return Err(refused(&name, "is no SARIF: it has no list of runs"));
        };
        let omitted = leave_out_incomplete(runs, &name);
        if runs.is_empty() {
            prepared.left_out.push(format!("{} has no run to upload", text::printable(&name)));
            prepared.left_out.extend(omitted);
            continue;
        }
        whole.push((input, omitted));
    }
    let (inputs, omitted): (Vec<Input>, Vec<Vec<String>>) = whole.into_iter().unzip();
    let is_taken = check(&inputs, Profile::GitHub, root).iter().all(|defect| defect.effect == Effect::Degraded);
    if is_taken {
        for (input, omitted) in inputs.into_iter().zip(omitted) {
            prepared.uploads.push(upload(input.name, &input.log, omitted)?);
        }
        return Ok(prepared);
    }
    let mut omitted = omitted.concat();
    let name = match &inputs[..] {
        [one] => one.name.clone(),
        several => text::count(several.len(), "file"),
    };
    let (log, notices) = merge(inputs, Profile::GitHub, root);
    prepared.repaired = notices.iter().map(|notice| text::printable(&notice.message)).collect();
    let parts = split(log, Profile::GitHub).map_err(|e| {
        refused(&name, "has more than GitHub takes in one upload")
            .because(e)
            .hint("raise the threshold of the tool, or exclude what is generated")
    })?;
    let of = parts.len();
    for (part, number) in parts.iter().zip(1..) {
        let name = if of == 1 { name.clone() } else { format!("{name}, part {number} of {of}") };
        prepared.uploads.push(upload(name, part, std::mem::take(&mut omitted))?);
    }
    Ok(prepared)
}

fn upload(name: String, log: &Value, left_out: Vec<String>) -> Result<Upload, Error> {
    let runs = log["runs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tools: Vec<&str> = runs.iter().map(tool).collect();
    let tool = tools.windows(2).all(|pair| pair[0] == pair[1]).then(|| tools.first().copied().unwrap_or_default());
    let json = log.to_string().into_bytes();
    Ok(Upload {
        gzip: gzip(&json, &name)?,
        tool: tool.filter(|tool| !tool.is_empty()).map(str::to_owned),
        runs: runs.len(),
        results: runs.iter().filter_map(|run| run["results"].as_array()).map(Vec::len).sum(),
        left_out,
        is_absolute: memchr::memmem::find(&json, b"\"file:").is_some(),
        name,
    })
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

    fn unpacked(upload: &Upload) -> Value {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&upload.gzip[..]).read_to_string(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn prepared(files: Vec<File>) -> Prepared {
        prepare(files, None).unwrap()
    }

    #[test]
    fn what_is_incomplete_is_left_out_and_what_is_clean_is_not() {
        let made = prepared(vec![
            file("a", &[run("x", "one/", true), run("x", "two/", false)]),
            file("b", &[run("x", "three/", false)]),
            file("c", &[]),
        ]);
        let first = &made.uploads[0];
        assert_eq!((made.uploads.len(), first.runs, first.tool.as_deref()), (1, 1, Some("x")));
        assert!(first.left_out[0].contains("x in two"), "{:?}", first.left_out);
        assert_eq!(made.left_out.len(), 3, "{made:?}");
        let text = unpacked(first).to_string();
        assert!(text.contains("one/") && !text.contains("two/"));
    }

    #[test]
    fn what_github_takes_is_sent_as_it_is() {
        let files = vec![file("b", &[run("x", "b/", true)]), file("a", &[run("x", "a/", true), run("y", "a/", true)])];
        let logs: Vec<Value> = files.iter().map(|file| serde_json::from_slice(&file.bytes).unwrap()).collect();
        let made = prepared(files);
        assert_eq!(made.uploads.iter().map(unpacked).collect::<Vec<_>>(), logs);
        assert!(made.repaired.is_empty() && made.uploads[1].tool.is_none());
    }

    #[test]
    fn what_github_would_refuse_is_repaired() {
        let many: Vec<Value> = (0..25).map(|n| run("x", &format!("{n}/"), true)).collect();
        let made = prepared(vec![file("a", &many)]);
        assert_eq!(made.uploads.iter().map(|upload| upload.runs).sum::<usize>(), 25);
        assert!(made.uploads.len() == 2 && made.uploads.iter().all(|upload| upload.runs <= 20));

        let twice = vec![file("a", &[run("x", "", true)]), file("b", &[run("x", "id", true)])];
        let made = prepared(twice);
        assert_eq!((made.uploads.len(), made.uploads[0].runs), (1, 1), "{:?}", made.repaired);
        assert!(!made.repaired.is_empty());

        let mut crowded = run("x", "a/", true);
        let result = |n: usize| {
            let place =
                json!({ "physicalLocation": { "artifactLocation": { "uri": "a" }, "region": { "startLine": n + 1 } } });
            let level = if n == 25_000 { "error" } else { "note" };
            json!({ "ruleId": "r", "level": level, "message": { "text": "A message." }, "locations": [place] })
        };
        crowded["results"] = (0..25_001).map(result).collect::<Vec<_>>().into();
        let made = prepared(vec![file("a", &[crowded])]);
        assert_eq!(made.uploads[0].results, 25_000);
        assert_eq!(unpacked(&made.uploads[0])["runs"][0]["results"][0]["level"], "error", "the worst stays");
        assert!(made.repaired.iter().any(|line| line.contains("1 result")), "{:?}", made.repaired);
    }

    #[test]
    fn what_nobody_can_repair_is_refused() {
        for (files, said) in [
            (vec![File { name: "a".to_owned(), bytes: b"{}".to_vec() }], "no SARIF 2.1.0"),
            (vec![File { name: "a".to_owned(), bytes: b"{\"version\": \"2.1.0\"}".to_vec() }], "no list of runs"),
            (vec![File { name: "a\u{1b}".to_owned(), bytes: b"[".to_vec() }], "a\\u{1b}"),
        ] {
            let error = prepare(files, None).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_read_panics(text in ".{0,60}", key in "(runs|version|tool|results|invocations)", n in 0usize..4) {
            let odd = [json!(text), json!([text]), json!({ key.clone(): text }), json!(null)][n].clone();
            let mut log = json!({ "version": "2.1.0", "runs": [run("x", "a/", true), odd.clone()] });
            let _ = prepare(vec![File { name: text.clone(), bytes: log.to_string().into_bytes() }], None);
            log["runs"][0][&key] = odd.clone();
            let _ = prepare(vec![File { name: text.clone(), bytes: log.to_string().into_bytes() }], None);
            log[&key] = odd;
            let _ = prepare(vec![File { name: text.clone(), bytes: log.to_string().into_bytes() }], None);
            let _ = prepare(vec![File { name: String::new(), bytes: text.into_bytes() }], None);
        }
    }
}
