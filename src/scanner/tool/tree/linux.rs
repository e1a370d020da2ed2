//! What belongs to a program on Linux, by `/proc` (<https://www.kernel.org/doc/html/latest/filesystems/proc.html>).

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal};
use tokio::process::Child;

/// A list of processes serves every program for so long.
const FRESH: Duration = Duration::from_millis(50);
/// So often what was started meanwhile is looked for when all are to be ended.
const ROUNDS: usize = 50;
/// So much of a process's variables is read, in bytes.
const MAX_VARIABLES: u64 = 1 << 20;

/// The processes of a program.
#[derive(Clone)]
pub(super) struct Members {
    /// The first process, and the group it leads: the id is not given to another while any of the group lives.
    group: Option<Pid>,
    /// What stands in the variables of all of them that kept those.
    mark: String,
    /// Those that were seen, since a parent may end and leave no trace of whose child a process was.
    seen: HashSet<Process>,
    /// Orphans that are another's.
    strangers: HashSet<Process>,
}

/// A process: ids are used again, but not with the same start.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Process {
    id: Pid,
    start: u64,
}

/// What `/proc/<id>/stat` tells of one that is no zombie.
#[derive(Clone, Copy)]
struct Stat {
    process: Process,
    parent: i32,
    group: i32,
    /// Pages in memory.
    resident: u64,
}

impl Stat {
    fn read(id: i32) -> Option<Self> {
        let text = fs::read(format!("/proc/{id}/stat")).ok()?;
        let text = String::from_utf8_lossy(&text);
        // The name of the program, which may hold anything, stands in brackets before the other fields.
        let fields: Vec<&str> = text.get(text.rfind(')')? + 1..)?.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        if matches!(*fields.first()?, "Z" | "X") {
            return None;
        }
        Some(Self {
            process: Process { id: Pid::from_raw(id)?, start: number(19)? },
            parent: i32::try_from(number(1)?).ok()?,
            group: i32::try_from(number(2)?).ok()?,
            resident: number(21)?,
        })
    }
}

/// Every process.
fn read_all() -> Vec<Stat> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(Stat::read).collect()
}

/// Every process as it was a moment ago.
fn recent() -> Arc<Vec<Stat>> {
    static RECENT: Mutex<Option<(Instant, Arc<Vec<Stat>>)>> = Mutex::new(None);
    let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    match recent.as_ref().filter(|(when, _)| when.elapsed() < FRESH) {
        Some((_, all)) => Arc::clone(all),
        None => {
            let all = Arc::new(read_all());
            *recent = Some((Instant::now(), Arc::clone(&all)));
            all
        }
    }
}

fn own_id() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

impl Members {
    pub(super) fn of(child: &Child, mark: String) -> Self {
        let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        if let Some(group) = group {
            // A core dump of a program that read credentials would hold them.
            let none = Rlimit { current: Some(0), maximum: Some(0) };
            let _ = rustix::process::prlimit(Some(group), Resource::Core, none);
        }
        Self { group, mark, seen: HashSet::new(), strangers: HashSet::new() }
    }

    /// Those of a list that belong here.
    fn among(&mut self, all: &[Stat]) -> Vec<Stat> {
        let own = own_id();
        let leader = self.group.map_or(0, |group| group.as_raw_nonzero().get());
        let mut inside: HashSet<i32> = HashSet::new();
        for stat in all {
            let known = stat.group == leader || self.seen.contains(&stat.process);
            if known || (stat.parent == own && self.is_marked(stat.process)) {
                inside.insert(stat.process.id.as_raw_nonzero().get());
            }
        }
        // Children, and theirs; a list is in no order that would make one pass enough.
        loop {
            let before = inside.len();
            let children = all.iter().filter(|stat| inside.contains(&stat.parent));
            let children: Vec<i32> = children.map(|stat| stat.process.id.as_raw_nonzero().get()).collect();
            inside.extend(children);
            if inside.len() == before {
                break;
            }
        }
        let members: Vec<Stat> =
            all.iter().filter(|stat| inside.contains(&stat.process.id.as_raw_nonzero().get())).copied().collect();
        self.seen = members.iter().map(|stat| stat.process).collect();
        members
    }

    /// Whether an orphan has the mark among its variables.
    fn is_marked(&mut self, process: Process) -> bool {
        if self.strangers.contains(&process) {
            return false;
        }
        let mut variables = Vec::new();
        let file = File::open(format!("/proc/{}/environ", process.id.as_raw_nonzero()));
        let _ = file.and_then(|file| file.take(MAX_VARIABLES).read_to_end(&mut variables));
        let is_marked = variables.split(|byte| *byte == 0).any(|variable| variable == self.mark.as_bytes());
        // Between its birth and its program a process has the variables of its parent.
        if !is_marked && !variables.is_empty() {
            self.strangers.insert(process);
        }
        is_marked
    }

    /// Whether they hold more memory than `limit`, in bytes. Pages that several share are counted once, which takes
    /// longer to find out, and so only where it matters.
    pub(super) fn hold_more_than(&mut self, limit: u64) -> bool {
        let members = self.among(&recent());
        let page = rustix::param::page_size() as u64;
        let resident = |stat: &Stat| stat.resident.saturating_mul(page);
        members.iter().map(resident).sum::<u64>() > limit
            && members.iter().map(|stat| share(stat.process).unwrap_or_else(|| resident(stat))).sum::<u64>() > limit
    }

    pub(super) fn end(&mut self) {
        if let Some(group) = self.group {
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
        for round in 0..ROUNDS {
            let members = self.among(&read_all());
            if members.is_empty() {
                return;
            }
            members.iter().for_each(|stat| kill(stat.process));
            // What was told to end needs a moment to do so.
            std::thread::sleep(Duration::from_millis(if round < 5 { 1 } else { 20 }));
        }
    }
}

/// The memory of a process, with its part of what it shares, in bytes.
fn share(process: Process) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id.as_raw_nonzero())).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

fn kill(process: Process) {
    let _ = rustix::process::kill_process(process.id, Signal::KILL);
}

/// The children that this process had before it started any: whoever replaced itself by scanall left them to it.
static BEFORE: OnceLock<HashSet<Process>> = OnceLock::new();

fn children() -> Vec<Process> {
    let own = own_id();
    read_all().into_iter().filter(|stat| stat.parent == own).map(|stat| stat.process).collect()
}

/// Makes orphans come back to this process.
pub(super) fn prepare() {
    BEFORE.get_or_init(|| {
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
        children().into_iter().collect()
    });
}

/// Ends what came back to this process and bears no mark any more.
pub(super) fn end_orphans() {
    let Some(before) = BEFORE.get() else { return };
    for _ in 0..ROUNDS {
        let orphans: Vec<Process> = children().into_iter().filter(|process| !before.contains(process)).collect();
        if orphans.is_empty() {
            return;
        }
        orphans.into_iter().for_each(kill);
        std::thread::sleep(Duration::from_millis(1));
    }
}
