//! Runs one program: bounded in time, memory and output, without the environment's secrets, and with everything that
//! it started ended when it ends, takes too long, or the user stops the run.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use super::spec::Output;
use super::tree::Tree;
use crate::error::Error;
use crate::scanner::Cancel;
use crate::text;

/// No report is larger, in bytes. It lies in a file and not in memory.
const MAX_REPORT: u64 = 2 << 30;
/// So much of the end of what a program says on standard error is kept, in bytes.
const MAX_WORDS: u64 = 64 << 10;
/// No larger file is copied for a program, in bytes.
const MAX_COPY: u64 = 256 << 20;
/// So often memory and output are looked at.
const TICK: Duration = Duration::from_millis(100);

/// The variables every program gets, where they are set: where things are and how to reach the network, no tokens.
const ENVIRONMENT: [&str; 20] = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TZ",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SYSTEMROOT",
    "USERPROFILE",
];

/// What a tool that runs git gets: it must not make it fetch what a partial clone has left out, ask for a password, write
/// to the index, or run what the scanned repository's own configuration names.
const GIT: [(&str, &str); 8] = [
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_CONFIG_COUNT", "2"),
    ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
    ("GIT_CONFIG_VALUE_0", "false"),
    ("GIT_CONFIG_KEY_1", "core.hooksPath"),
    ("GIT_CONFIG_VALUE_1", "/dev/null"),
];

/// What to run.
pub(super) struct Command<'a> {
    pub(super) program: &'a Path,
    /// With the words in braces of [`super::spec::Preparation::Run`].
    pub(super) arguments: &'a [String],
    /// What `{target}` stands for.
    pub(super) target: &'a str,
    /// Where it runs; `None` for an empty folder.
    pub(super) folder: Option<&'a Path>,
    /// A folder, and the names of files in it that are copied into the empty one.
    pub(super) copied: (&'a Path, &'a [&'a str]),
    /// The names of variables that it gets beside [`ENVIRONMENT`].
    pub(super) environment: &'a [&'a str],
    /// Variables that are set for it.
    pub(super) set: &'a [(&'a str, &'a str)],
    pub(super) output: Output,
    pub(super) timeout: Duration,
    /// In bytes.
    pub(super) memory: u64,
    pub(super) cancel: &'a Cancel,
}

/// How it ended.
pub(super) struct Ended {
    /// What it wrote as its report; `None` when it wrote none.
    pub(super) report: Option<File>,
    /// The end of what it said on standard error.
    said: Vec<u8>,
    end: End,
    /// Where the report lies; it goes away with this value.
    _space: tempfile::TempDir,
}

enum End {
    Exited(ExitStatus),
    TimedOut(Duration),
    TooLarge(u64),
    TooMuch,
    Cancelled,
}

/// Runs a program.
///
/// # Errors
/// It cannot be started. How it ended otherwise, and what it wrote until then, is a value.
pub(super) async fn run(command: &Command<'_>) -> Result<Ended, Error> {
    let name = command.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |e: std::io::Error| Error::usage(format!("{name} cannot be started")).because(e);
    let space = tempfile::Builder::new().prefix("scanall-").tempdir().map_err(failed)?;
    let (empty, reports) = (space.path().join("empty"), space.path().join("report"));
    [&empty, &reports].into_iter().try_for_each(std::fs::create_dir).map_err(failed)?;
    let [mut stdout, mut stderr] =
        [spool(&space.path().join("stdout")).map_err(failed)?, spool(&space.path().join("stderr")).map_err(failed)?];
    copy(command.copied, &empty).map_err(failed)?;
    let report = match command.output {
        Output::File(name) => reports.join(name),
        Output::Standard | Output::Error => reports.join("report"),
    };
    let (report_place, folder_place) = (report.display().to_string(), reports.display().to_string());
    let places = [("{target}", command.target), ("{report}", &report_place), ("{folder}", &folder_place)];

    let mut builder = tokio::process::Command::new(command.program);
    builder
        .args(command.arguments.iter().map(|word| fill(word, &places)))
        .current_dir(command.folder.unwrap_or(&empty))
        .env_clear()
        .stdin(Stdio::null())
        // Files, so that nothing that keeps them open is waited for, and no report is held in memory.
        .stdout(stdout.try_clone().map_err(failed)?)
        .stderr(stderr.try_clone().map_err(failed)?)
        .kill_on_drop(true);
    for name in ENVIRONMENT.iter().chain(command.environment) {
        if let Some(value) = std::env::var_os(name) {
            builder.env(name, value);
        }
    }
    builder.envs(command.set.iter().copied());
    builder.envs(GIT);
    let (mut child, mut tree) = Tree::start(&mut builder).map_err(failed)?;

    let end = {
        let deadline = tokio::time::sleep(command.timeout);
        tokio::pin!(deadline);
        let mut ticks = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                status = child.wait() => break status.map_or(End::Cancelled, End::Exited),
                () = &mut deadline => break End::TimedOut(command.timeout),
                () = command.cancel.cancelled() => break End::Cancelled,
                _ = ticks.tick() => {
                    if tree.holds_more_than(command.memory) {
                        break End::TooLarge(command.memory);
                    }
                    if [&stdout, &stderr].into_iter().any(|file| size(file) > MAX_REPORT) || size_at(&report) > MAX_REPORT {
                        break End::TooMuch;
                    }
                }
            }
        }
    };
    // Also after a normal end: nothing that it started outlives it.
    tree.end();
    let _ = child.wait().await;
    let said = tail(&mut stderr).unwrap_or_default();
    let report = match command.output {
        Output::Standard => rewound(&mut stdout).map(|()| stdout).ok(),
        Output::Error => rewound(&mut stderr).map(|()| stderr).ok(),
        Output::File(_) => File::open(&report).ok().filter(|file| file.metadata().is_ok_and(|about| about.is_file())),
    };
    let report = report.filter(|file| size(file) <= MAX_REPORT);
    Ok(Ended { report, said, end, _space: space })
}

/// Copies files, but nothing that they link to: that may lie outside of what is scanned.
fn copy((from, names): (&Path, &[&str]), to: &Path) -> std::io::Result<()> {
    for name in names {
        let file = from.join(name);
        if file.symlink_metadata().is_ok_and(|about| about.is_file() && about.len() <= MAX_COPY) {
            std::fs::copy(&file, to.join(name))?;
        }
    }
    Ok(())
}

/// Makes a file that is written at its end, whoever writes.
fn spool(path: &Path) -> std::io::Result<File> {
    File::options().read(true).append(true).create_new(true).open(path)
}

fn size(file: &File) -> u64 {
    file.metadata().map_or(0, |about| about.len())
}

fn size_at(path: &Path) -> u64 {
    path.metadata().map_or(0, |about| about.len())
}

fn rewound(file: &mut File) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(0)).map(drop)
}

fn tail(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(size(file).saturating_sub(MAX_WORDS)))?;
    file.take(MAX_WORDS).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts places into a word, in one pass: what stands in a place is not read again.
fn fill(word: &str, places: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('{') {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let known = places.iter().find_map(|(name, place)| Some((behind.strip_prefix(name)?, place)));
        match known {
            Some((next, place)) => {
                out.push_str(place);
                rest = next;
            }
            None => {
                out.push('{');
                rest = &behind[1..];
            }
        }
    }
    out + rest
}

impl Ended {
    /// Why the report may be less than whole, as the rest of a sentence that begins with the program's name; `None`
    /// when it ended with one of the `good` codes.
    pub(super) fn failure(&self, good: &[i32], meaning: &[(i32, &str)]) -> Option<String> {
        let said = self.last_words();
        let with = |what: String| if said.is_empty() { what } else { format!("{what}: {said}") };
        match &self.end {
            End::Exited(status) => match status.code() {
                Some(code) if good.contains(&code) => None,
                Some(code) => {
                    let known = meaning.iter().find(|(known, _)| *known == code);
                    let why = known.map_or_else(String::new, |(_, why)| format!(" ({why})"));
                    Some(with(format!("failed with exit code {code}{why}")))
                }
                None => Some(with("was ended by a signal".to_owned())),
            },
            End::TimedOut(limit) => Some(with(format!("took more than {} and was ended", text::seconds(*limit)))),
            End::TooLarge(limit) => Some(format!("took more than {} of memory and was ended", mebibytes(*limit))),
            End::Cancelled => Some("was interrupted".to_owned()),
            End::TooMuch => Some(format!("wrote more than {} and was ended", mebibytes(MAX_REPORT))),
        }
    }

    /// What is wrong with a program that ended well and wrote nothing; `None` when it wrote something, or its exit code
    /// is one with which it need not. Several programs have one code for what they found and for what went wrong.
    pub(super) fn silence(&self, silent: &[i32]) -> Option<String> {
        let End::Exited(status) = &self.end else { return None };
        let code = status.code().filter(|code| !silent.contains(code))?;
        let length = self.report.as_ref().map_or(0, |file| file.metadata().map_or(0, |about| about.len()));
        let said = self.last_words();
        let words = if said.is_empty() { said } else { format!(": {said}") };
        (length == 0).then(|| format!("ended with exit code {code} and wrote no report{words}"))
    }

    /// What it printed, or else said on standard error, as far as a short answer goes.
    pub(super) fn words(self) -> String {
        let mut bytes = Vec::new();
        let _ = self.report.map(|file| file.take(MAX_WORDS).read_to_end(&mut bytes));
        let bytes = if bytes.trim_ascii().is_empty() { self.said } else { bytes };
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The last lines on standard error that say something.
    fn last_words(&self) -> String {
        let all = String::from_utf8_lossy(&self.said);
        let lines: Vec<&str> = all.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines[lines.len().saturating_sub(3)..].join(" / ");
        let skip = last.chars().count().saturating_sub(600);
        text::printable(&last.chars().skip(skip).collect::<String>())
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn places_are_put_in_once() {
        let places = [("{target}", "/a/{report}"), ("{report}", "/r")];
        for (word, filled) in [
            ("{target}", "/a/{report}"),
            ("--out={report}", "--out=/r"),
            ("{targets} {", "{targets} {"),
            ("{target}:{report}", "/a/{report}:/r"),
            ("", ""),
        ] {
            assert_eq!(fill(word, &places), filled, "{word}");
        }
    }
}
