//! Defines [`Server`]: requests to OSV's server, tried again where that helps.

use std::time::Duration;

use reqwest::Method;

use super::TIMEOUT;
use crate::error::Error;
use crate::net::{Answer, Request};
use crate::scanner::Context;

/// So often a request is tried in all.
const ATTEMPTS: u32 = 4;
/// The first wait behind a failure; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// No server makes us wait longer for one attempt.
const LONGEST: Duration = Duration::from_secs(30);

pub(super) struct Server<'a> {
    context: &'a Context,
}

impl<'a> Server<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self { context }
    }

    pub(super) fn get(&self, path: &str) -> Result<Vec<u8>, Error> {
        self.send(Method::GET, path, None)
    }

    pub(super) fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.send(Method::POST, path, Some(body))
    }

    fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
        let url = format!("{}{path}", self.context.options.advisory_sites.api);
        let mut wait = FIRST;
        for attempt in 1..=ATTEMPTS {
            let mut request = Request::new(method.clone(), &url)?.timeout(TIMEOUT);
            if let Some(body) = &body {
                request = request.json(body.clone());
            }
            let answer = self.wait_for(self.context.net.send(&request))?;
            let is_last = attempt == ATTEMPTS || self.context.net.is_offline();
            let why = match answer {
                Ok(answer) if answer.status == 200 => return Ok(answer.body),
                Ok(answer) if is_last || !may_pass(answer.status) => {
                    return Err(Error::usage(format!("the server answered with status {}", answer.status)));
                }
                Err(why) if is_last => return Err(why),
                Ok(answer) => told(&answer),
                Err(_) => None,
            };
            let time = why.unwrap_or(wait).min(LONGEST);
            // A timer is made where there is a runtime to drive it.
            self.wait_for(async { tokio::time::sleep(time).await })?;
            wait *= 2;
        }
        Err(Error::usage("the server could not be asked"))
    }

    /// Waits for something, unless the user has asked to stop.
    fn wait_for<T>(&self, what: impl Future<Output = T>) -> Result<T, Error> {
        self.context.runtime.block_on(async {
            tokio::select! {
                done = what => Ok(done),
                () = self.context.cancel.cancelled() => Err(Error::usage("interrupted")),
            }
        })
    }
}

/// Whether a server that says so may do what it is asked a little later.
fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// How long the server asks us to wait.
fn told(answer: &Answer) -> Option<Duration> {
    answer.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
}
