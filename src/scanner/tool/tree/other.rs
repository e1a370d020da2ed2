//! What belongs to a program on systems without Linux's `/proc`: its process group, where there are such.

use tokio::process::Child;

/// The processes of a program.
#[derive(Clone)]
pub(super) struct Members {
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Members {
    #[cfg(unix)]
    pub(super) fn of(child: &Child, _mark: String) -> Self {
        Self { group: child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) }
    }

    // The child is ended when it is dropped.
    #[cfg(not(unix))]
    pub(super) fn of(_child: &Child, _mark: String) -> Self {
        Self {}
    }

    pub(super) fn hold_more_than(&mut self, _limit: u64) -> bool {
        false
    }

    pub(super) fn end(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

pub(super) fn prepare() {}

pub(super) fn end_orphans() {}
