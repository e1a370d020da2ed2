//! Defines [`Spec`]: what there is to know of an external program before it runs, as plain data.

use std::path::PathBuf;
use std::time::Duration;

use crate::finding::{Finding, Kind};
use crate::options::Options;
use crate::scanner::{Context, Sink};

/// A gibibyte, in bytes.
pub const GIB: u64 = 1 << 30;

/// An external program and how to use it. A file for each has one as a static, which begins with [`Spec::PLAIN`] and
/// says what differs.
#[derive(Clone, Copy)]
pub struct Spec {
    /// The layer's id, which is also what findings call their source.
    pub name: &'static str,
    /// What the program may be called; the first that is found is run.
    pub programs: &'static [&'static str],
    /// What it looks for, a few words.
    pub about: &'static str,
    /// The kinds of finding it reports.
    pub kinds: &'static [Kind],
    /// How to install it, for the hint when it is missing.
    pub install: &'static str,
    /// The oldest version whose options and report are those described here; empty when every version's are, and then
    /// a scan does not ask for it.
    pub oldest: &'static str,
    /// The arguments that make it print its version, without asking a server.
    pub question: &'static [&'static str],
    /// Globs of files: where none of them fits a file of the target there is nothing to do. Empty for always. They are
    /// those of `[scan] exclude`: a glob without a slash fits in every folder.
    pub wanted: &'static [&'static str],
    /// What it asks of servers.
    pub network: Network,
    /// The file that tells how old the database is that it keeps on this machine; `None` for a tool without one.
    pub database: Option<fn(&Options) -> Option<PathBuf>>,
    /// What to run, or why not.
    pub prepare: Prepare,
    /// The folder that it runs in.
    pub folder: Folder,
    /// Files beside each other at the root of the target that it gets copies of, in the empty folder that it runs in:
    /// for programs that look at the folder they are in, and that other files there could make run code or ask another
    /// server. One that is missing is passed over.
    pub copied: &'static [&'static str],
    /// Exit codes with which the report is whole.
    pub good: &'static [i32],
    /// Those of them with which it may write nothing at all, since it has nothing to say.
    pub silent: &'static [i32],
    /// What its documentation says that other exit codes mean, as the end of a sentence: `(3, "a usage error")`.
    pub meaning: &'static [(i32, &'static str)],
    /// Where it writes its report.
    pub output: Output,
    /// The id of its report's format, one of [`crate::ingest::format::FORMATS`]; any other word to find out.
    pub format: &'static str,
    /// Completes its findings by what is known of the target, such as the file that it was given and does not name.
    pub settle: fn(&Context, &mut [Finding]),
    /// It is ended after so long.
    pub timeout: Duration,
    /// It is ended when it and what it started hold more memory, in bytes; watched on Linux only.
    pub memory: u64,
    /// Variables of the environment that it needs besides those every program gets; never a token.
    pub environment: &'static [&'static str],
    /// Variables that are set for it, whatever the environment says.
    pub set: &'static [(&'static str, &'static str)],
    /// Variables that are set for it as well when nothing may be asked of a server.
    pub set_offline: &'static [(&'static str, &'static str)],
    /// The project's own configuration lists it; it runs only when somebody vouches for that.
    pub is_own: bool,
    /// About how long it takes on a project of a usual size, in seconds: the slowest is started first.
    pub usual: u32,
}

impl Spec {
    /// What most programs have in common, to be completed by `..Spec::PLAIN`.
    pub const PLAIN: Self = Self {
        name: "",
        programs: &[],
        about: "",
        kinds: &[],
        install: "",
        oldest: "",
        question: &["--version"],
        wanted: &[],
        network: Network::Never,
        database: None,
        prepare: Prepare::Words(&["{target}"]),
        folder: Folder::Empty,
        copied: &[],
        good: &[0],
        silent: &[0],
        meaning: &[],
        output: Output::Standard,
        format: "sarif",
        settle: |_, _| {},
        timeout: Duration::from_secs(15 * 60),
        memory: 8 * GIB,
        environment: &[],
        set: &[],
        set_offline: &[],
        is_own: false,
        usual: 5,
    };

    /// What sentences call the program.
    pub fn program(&self) -> &'static str {
        self.programs.first().copied().unwrap_or(self.name)
    }
}

/// What a program asks of servers when nothing stops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Nothing.
    Never,
    /// New data, as the end of `it asks …`; offline it works with what is there, and `prepare` sees to that.
    Updates(&'static str),
    /// Everything, as the end of `it asks …`: offline there is nothing to run.
    Always(&'static str),
}

/// How it is decided what to run.
#[derive(Clone, Copy)]
pub enum Prepare {
    /// Always these arguments, with [`Preparation::Run`]'s words in braces.
    Words(&'static [&'static str]),
    /// By what is there.
    Decide(fn(&Context, &dyn Sink) -> Preparation),
}

/// What a tool is going to do.
pub enum Preparation {
    /// Run with these arguments. `{target}` stands for the place to look at, `{report}` for the file of
    /// [`Output::File`], and `{folder}` for the folder that it is in.
    Run(Vec<String>),
    /// Nothing, for a reason; a gap, since somebody could do something about it.
    Skip(String),
}

/// Where a program writes its report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// To standard output.
    Standard,
    /// To standard error.
    Error,
    /// To a file of this name in a folder of its own.
    File(&'static str),
}

/// The folder that a program runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// An empty one, where no file of the scanned tree can configure it.
    Empty,
    /// The root of the target, for programs that look at the folder they are in and at nothing else. Only for those
    /// whose configuration runs no code; their file says why it is so.
    Target,
}
