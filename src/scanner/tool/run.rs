//! Runs one program: bounded in time and output, without the environment's secrets, and with its whole process group
//! ended when it takes too long or the user stops the run.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Child;

use crate::error::Error;
use crate::scanner::Cancel;
use crate::text;

/// No report is larger, in bytes.
const MAX_STDOUT: usize = 512 << 20;
/// So much of what a program says on standard error is kept, in bytes.
const MAX_STDERR: usize = 64 << 10;

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

/// What to run.
pub(super) struct Command<'a> {
    pub(super) program: &'a Path,
    pub(super) arguments: &'a [String],
    pub(super) environment: &'a [&'static str],
    pub(super) timeout: Duration,
    pub(super) cancel: &'a Cancel,
}

/// How it ended.
pub(super) struct Ended {
    pub(super) stdout: Vec<u8>,
    stderr: Vec<u8>,
    end: End,
}

enum End {
    Exited(ExitStatus),
    TimedOut(Duration),
    Cancelled,
    TooMuch,
}

/// Runs a program in an empty folder, where no file of the scanned tree can configure it.
///
/// # Errors
/// It cannot be started. How it ended otherwise, and what it printed until then, is a value.
pub(super) async fn run(command: &Command<'_>) -> Result<Ended, Error> {
    let name = command.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |e: std::io::Error| Error::usage(format!("{name} cannot be started")).because(e);
    let folder = tempfile::Builder::new().prefix("scanall-").tempdir().map_err(failed)?;
    let mut builder = tokio::process::Command::new(command.program);
    builder
        .args(command.arguments)
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for name in ENVIRONMENT.iter().chain(command.environment) {
        if let Some(value) = std::env::var_os(name) {
            builder.env(name, value);
        }
    }
    // A tool that runs git in a partial clone must not make it fetch what the clone has left out.
    builder.env("GIT_NO_LAZY_FETCH", "1");
    #[cfg(unix)]
    builder.process_group(0);
    let mut child = builder.spawn().map_err(failed)?;
    // Asked now: once the program has ended, its id can no longer be had.
    let group = child.id();
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let end = {
        let whole = async {
            let reads = async { tokio::join!(read_up_to(&mut out, &mut stdout), read_tail(&mut err, &mut stderr)).0 };
            if !reads.await {
                return End::TooMuch;
            }
            match child.wait().await {
                Ok(status) => End::Exited(status),
                Err(_) => End::Cancelled,
            }
        };
        tokio::select! {
            end = whole => end,
            () = tokio::time::sleep(command.timeout) => End::TimedOut(command.timeout),
            () = command.cancel.cancelled() => End::Cancelled,
        }
    };
    // Also after a normal end: nothing that it started outlives it.
    end_group(group, &mut child).await;
    Ok(Ended { stdout, stderr, end })
}

/// Reads all; `false` when there is more than may be.
async fn read_up_to(from: &mut Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> bool {
    let Some(from) = from else { return true };
    let mut limited = from.take(MAX_STDOUT as u64 + 1);
    let _ = limited.read_to_end(into).await;
    into.len() <= MAX_STDOUT
}

/// Reads all and keeps the end.
async fn read_tail(from: &mut Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    let Some(from) = from else { return };
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        into.extend_from_slice(&buffer[..count]);
        if into.len() > 2 * MAX_STDERR {
            into.drain(..into.len() - MAX_STDERR);
        }
    }
}

#[cfg(unix)]
async fn end_group(group: Option<u32>, child: &mut Child) {
    // The group has the id of its first process, and keeps it while any process of it lives.
    if let Some(group) = group.and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.wait().await;
}

#[cfg(not(unix))]
async fn end_group(_: Option<u32>, child: &mut Child) {
    let _ = child.kill().await;
}

impl Ended {
    /// Why the report may be less than whole, as the rest of a sentence that begins with the program's name; `None`
    /// when it ended with one of the `good` codes.
    pub(super) fn failure(&self, good: &[i32]) -> Option<String> {
        let said = self.last_words();
        let with = |what: String| if said.is_empty() { what } else { format!("{what}: {said}") };
        match &self.end {
            End::Exited(status) => match status.code() {
                Some(code) if good.contains(&code) => None,
                Some(code) => Some(with(format!("failed with exit code {code}"))),
                None => Some(with("was ended by a signal".to_owned())),
            },
            End::TimedOut(limit) => Some(with(format!("took more than {} and was ended", text::seconds(*limit)))),
            End::Cancelled => Some("was interrupted".to_owned()),
            End::TooMuch => Some(format!("printed more than {MAX_STDOUT} bytes and was ended")),
        }
    }

    /// The last lines on standard error that say something.
    fn last_words(&self) -> String {
        let all = String::from_utf8_lossy(&self.stderr);
        let lines: Vec<&str> = all.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines[lines.len().saturating_sub(3)..].join(" / ");
        let skip = last.chars().count().saturating_sub(600);
        text::printable(&last.chars().skip(skip).collect::<String>())
    }
}
