//! Defines [`Provider`]: a server on this machine that stands in for the providers of secrets, and remembers who was
//! asked what.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::github::http::{Answer, Request};

/// A question as it came.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Whom it was for.
    pub(crate) host: String,
    /// `GET /user`.
    pub(crate) line: String,
    pub(crate) authorization: String,
    pub(crate) body: Value,
}

/// A server until it is dropped.
pub(crate) struct Provider {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Question>>>,
    stop: Arc<AtomicBool>,
}

impl Provider {
    /// Starts a server that answers by the host and the `Authorization` of a request.
    pub(crate) fn start(answer: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (memory, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let Some(request) = Request::read(&stream) else { continue };
                let question = Question {
                    host: request.header("host").to_owned(),
                    line: format!("{} {}", request.method, request.path),
                    authorization: request.header("authorization").to_owned(),
                    body: request.json(),
                };
                let said = answer(&question.host, &question.authorization);
                memory.lock().unwrap().push(question);
                said.write(&stream);
            }
        });
        Self { address, asked, stop }
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// What was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}
