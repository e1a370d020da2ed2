//! Defines [`Server`]: a server on this machine that stands in for OSV, CISA and FIRST, and remembers what was asked.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use base64::Engine as _;

use crate::github::http::Request;
use crate::listener::Listener;

/// A server until it is dropped.
pub(crate) struct Server {
    listener: Listener,
    asked: Arc<Mutex<Vec<String>>>,
}

/// An answer of any bytes.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// So many bytes are sent of those that are announced.
    sent: usize,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&asked);
        let listener = Listener::start(move |stream| {
            let Some(request) = Request::read(&stream) else { return };
            memory.lock().unwrap().push(request.path.clone());
            answer(&request).write(&stream);
        });
        Self { listener, asked }
    }

    pub(crate) fn url(&self) -> String {
        self.listener.url()
    }

    /// The paths that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Reply {
    pub(crate) fn bytes(body: &[u8]) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.to_vec(), sent: body.len() }
    }

    pub(crate) fn text(body: &str) -> Self {
        Self::bytes(body.as_bytes())
    }

    pub(crate) fn missing() -> Self {
        Self::text("nothing here").status(404)
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn with_crc32c(self) -> Self {
        let body = self.body.clone();
        self.crc32c_of(&body)
    }

    pub(crate) fn crc32c_of(self, bytes: &[u8]) -> Self {
        let sum = base64::engine::general_purpose::STANDARD.encode(crc32c(bytes).to_be_bytes());
        self.with("X-Goog-Hash", &format!("crc32c={sum},md5=AAAA"))
    }

    /// Ends the connection early.
    pub(crate) fn cut(mut self, sent: usize) -> Self {
        self.sent = sent;
        self
    }

    fn write(&self, mut stream: &TcpStream) {
        let mut head =
            format!("HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let sent = [format!("{head}\r\n").as_bytes(), &self.body[..self.sent]].concat();
        // Who has gone meanwhile misses it.
        let _ = stream.write_all(&sent).and_then(|()| stream.flush());
    }
}

/// Bit by bit, as the definition says.
fn crc32c(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0x82f6_3b78 } else { sum >> 1 };
        }
    }
    !sum
}
