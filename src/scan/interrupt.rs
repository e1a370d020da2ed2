//! What an interrupt does to a run.

use crate::scanner::{Cancel, tool};

/// Lets the first interrupt ask everybody to stop.
pub(crate) fn stop_at_interrupt(cancel: &Cancel, runtime: &tokio::runtime::Handle) {
    let stop = cancel.clone();
    runtime.spawn(async move { wait_and_stop(&stop).await });
}

/// Asks the scanners to stop at the first interrupt; a second one ends the process as usual.
async fn wait_and_stop(stop: &Cancel) {
    if interrupted().await.is_ok() {
        stop.cancel();
        let _ = interrupted().await;
        tool::end_all();
        crate::exit::at_once();
    }
}

/// Waits for what a terminal or a CI system sends to end a process.
#[cfg(unix)]
async fn interrupted() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
