//! Defines [`Tree`]: a running program and everything that it started.
//!
//! Every program leads a process group, which is ended as a whole. On Linux that is not all: what has left its group is
//! found by its parents, and what has left those too comes back to this process, which takes in orphans, and is known
//! by a variable that it inherited. On other Unixes a process that makes a session of its own is not found; on Windows
//! the program itself is ended, and not what it started.

#[cfg(target_os = "linux")]
#[path = "tree/linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "tree/other.rs"]
mod system;

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use system::Members;
use tokio::process::{Child, Command};

/// The variable by which a program's orphans are known.
const MARK: &str = "SCANALL_RUN";

/// A running program and everything that it started, all of which ends with this value.
pub(super) struct Tree {
    number: u64,
    members: Members,
}

/// The programs that are running.
static RUNNING: Mutex<BTreeMap<u64, Members>> = Mutex::new(BTreeMap::new());
static NUMBERS: AtomicU64 = AtomicU64::new(1);

fn running() -> MutexGuard<'static, BTreeMap<u64, Members>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tree {
    /// Starts a program at the head of a group of its own.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{number}", std::process::id());
        command.env(MARK, &mark);
        #[cfg(unix)]
        command.process_group(0);
        // Held, so that none can be started behind the back of `end_all`.
        let mut running = running();
        system::prepare();
        let child = command.spawn()?;
        let members = Members::of(&child, format!("{MARK}={mark}"));
        running.insert(number, members.clone());
        Ok((child, Self { number, members }))
    }

    /// Whether all of it holds more memory than `limit`, in bytes; `false` where that cannot be told.
    pub(super) fn holds_more_than(&mut self, limit: u64) -> bool {
        self.members.hold_more_than(limit)
    }

    /// Ends all of it at once.
    pub(super) fn end(&mut self) {
        self.members.end();
        running().remove(&self.number);
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if running().contains_key(&self.number) {
            self.end();
        }
    }
}

/// Ends every program that is still running, and whatever earlier ones left behind.
pub(super) fn end_all() {
    let mut running = running();
    running.values_mut().for_each(Members::end);
    system::end_orphans();
}
