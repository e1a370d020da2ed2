//! Defines [`Provider`]: a server on this machine that stands in for the providers of secrets, and remembers who was
//! asked what.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::github::http::{Answer, Request};
use crate::listener::Listener;

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
    listener: Listener,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Provider {
    /// Starts a server that answers by the host and the `Authorization` of a request.
    pub(crate) fn start(answer: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&asked);
        let listener = Listener::start(move |stream| {
            let Some(request) = Request::read(&stream) else { return };
            let question = Question {
                host: request.header("host").to_owned(),
                line: format!("{} {}", request.method, request.path),
                authorization: request.header("authorization").to_owned(),
                body: request.json(),
            };
            let said = answer(&question.host, &question.authorization);
            memory.lock().unwrap().push(question);
            said.write(&stream);
        });
        Self { listener, asked }
    }

    pub(crate) fn address(&self) -> String {
        self.listener.address().to_string()
    }

    /// What was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }
}
