//! Defines [`Server`]: GitHub's API on this machine, as strict as it is documented, with a memory and with bad days.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::rules;
use crate::listener::Listener;

/// The token that the server knows.
pub(crate) const TOKEN: &str = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";

/// What is different from a good day with an empty repository `acme/shop`.
#[derive(Default)]
pub(crate) struct Scenario {
    /// What happens to requests instead of an answer, each once, in this order among those that fit.
    pub(crate) trouble: Vec<Trouble>,
    /// What is said of uploads when they are asked for, one behind the other; then `complete` or `failed` by the rules.
    pub(crate) states: Vec<Value>,
    /// Alerts that are there before.
    pub(crate) alerts: Vec<Value>,
    /// Comments on pull request 7 that are there before.
    pub(crate) comments: Vec<Value>,
    /// Whose the token is, as GraphQL says; a workflow's when empty.
    pub(crate) login: &'static str,
    /// Entries of a page, at most what is asked for; 0 for that.
    pub(crate) page: usize,
}

/// What happens to a request.
pub(crate) struct Trouble {
    /// The method and the beginning of the path behind `/repos/acme/shop`.
    pub(crate) at: (&'static str, &'static str),
    pub(crate) what: What,
}

pub(crate) enum What {
    /// This answer.
    Answer(Answer),
    /// The connection ends without an answer.
    Dropped,
    /// The connection ends in the middle of one.
    Torn,
    /// The answer takes its time.
    Slow(Duration),
}

impl Trouble {
    pub(crate) fn at(method: &'static str, path: &'static str, what: What) -> Self {
        Self { at: (method, path), what }
    }

    pub(crate) fn refusal(method: &'static str, path: &'static str, status: u16, message: &str) -> Self {
        Self::at(method, path, What::Answer(Answer::refusal(status, message)))
    }
}

/// What the server remembers.
#[derive(Default)]
pub(crate) struct Memory {
    /// Every request, in order.
    pub(crate) requests: Vec<Request>,
    /// The logs of uploads that were taken, with their other parameters.
    pub(crate) uploads: Vec<(Value, Value)>,
    pub(crate) alerts: Vec<Value>,
    pub(crate) comments: Vec<Value>,
    trouble: Vec<Trouble>,
    states: VecDeque<Value>,
    errors: Vec<Vec<String>>,
    login: &'static str,
    page: usize,
}

/// A server on a port of its own, until it is dropped.
pub(crate) struct Server {
    /// What `GITHUB_API_URL` is.
    pub(crate) url: String,
    memory: Arc<Mutex<Memory>>,
    _listener: Listener,
}

impl Server {
    pub(crate) fn start(scenario: Scenario) -> Self {
        let Scenario { trouble, states, alerts, comments, login, page } = scenario;
        let memory = Memory {
            trouble,
            states: states.into(),
            alerts,
            comments,
            login: if login.is_empty() { "github-actions[bot]" } else { login },
            page: if page == 0 { 100 } else { page },
            ..Memory::default()
        };
        let memory = Arc::new(Mutex::new(memory));
        let shared = Arc::clone(&memory);
        let listener = Listener::start(move |stream| {
            let memory = Arc::clone(&shared);
            // Several are answered at once.
            std::thread::spawn(move || serve(&stream, &memory));
        });
        Self { url: listener.url(), memory, _listener: listener }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap()
    }

    /// The requests as `POST /path`, without what is common to all.
    pub(crate) fn asked(&self) -> Vec<String> {
        let requests = &self.memory().requests;
        requests.iter().map(|r| format!("{} {}", r.method, r.path.replace("/repos/acme/shop", ""))).collect()
    }
}

fn serve(stream: &TcpStream, lock: &Mutex<Memory>) {
    let Some(request) = Request::read(stream) else { return };
    let url = format!("http://{}", stream.local_addr().unwrap());
    let mut locked = lock.lock().unwrap();
    locked.requests.push(request.clone());
    let place = request.path.strip_prefix("/repos/acme/shop").unwrap_or(&request.path);
    let fits = |trouble: &Trouble| trouble.at.0 == request.method && place.starts_with(trouble.at.1);
    let trouble = locked.trouble.iter().position(fits).map(|at| locked.trouble.remove(at).what);
    let answer = match trouble {
        Some(What::Answer(answer)) => answer,
        Some(What::Dropped) => return drop(stream.shutdown(Shutdown::Both)),
        Some(What::Torn) => {
            use std::io::Write as _;
            let mut stream = stream;
            return drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"id\":"));
        }
        Some(What::Slow(time)) => {
            // Nobody else has to wait.
            drop(locked);
            std::thread::sleep(time);
            locked = lock.lock().unwrap();
            locked.judge(&request, place, &url)
        }
        None => locked.judge(&request, place, &url),
    };
    drop(locked);
    answer.write(stream);
}

impl Memory {
    fn judge(&mut self, request: &Request, place: &str, url: &str) -> Answer {
        rules::refuse_headers(request, TOKEN).unwrap_or_else(|| self.answer(request, place, url))
    }

    fn answer(&mut self, request: &Request, place: &str, url: &str) -> Answer {
        let path = place.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let is_ours = request.path.starts_with("/repos/acme/shop");
        match (request.method.as_str(), &parts[1..]) {
            ("POST", ["graphql"]) => match request.json()["query"].as_str() {
                Some("query { viewer { login } }") => {
                    Answer::json(200, &json!({ "data": { "viewer": { "login": self.login } } }))
                }
                query => Answer::json(200, &json!({ "errors": [{ "message": format!("cannot parse {query:?}") }] })),
            },
            _ if !is_ours => Answer::refusal(404, "Not Found"),
            ("GET", []) => Answer::json(200, &json!({ "full_name": "acme/shop", "default_branch": "main" })),
            ("POST", ["code-scanning", "sarifs"]) => self.upload(&request.json()),
            ("GET", ["code-scanning", "sarifs", id]) => self.state(id),
            ("GET", ["code-scanning", "alerts"]) => self.list_alerts(request, url),
            ("PATCH", ["code-scanning", "alerts", number]) => self.change_alert(number, &request.json()),
            ("GET", ["issues", "7", "comments"]) => page(&self.comments, self.page, request, url),
            ("POST", ["issues", "7", "comments"]) => self.comment(&request.json()),
            ("PATCH" | "DELETE", ["issues", "comments", id]) => self.change_comment(id, request),
            _ => Answer::refusal(404, "Not Found"),
        }
    }

    fn upload(&mut self, body: &Value) -> Answer {
        match rules::take(body) {
            Err(refusal) => refusal,
            Ok(taken) => {
                let number = self.uploads.len();
                if taken.errors.is_empty() {
                    self.make_alerts(&taken.log, &body["ref"]);
                }
                let mut parameters = body.clone();
                parameters.as_object_mut().unwrap().remove("sarif");
                self.uploads.push((taken.log, parameters));
                self.errors.push(taken.errors);
                Answer::json(202, &json!({ "id": format!("47177e22-{number}"), "url": "https://api.invalid/x" }))
            }
        }
    }

    fn state(&mut self, id: &str) -> Answer {
        if let Some(state) = self.states.pop_front() {
            return Answer::json(200, &state);
        }
        let number = id.strip_prefix("47177e22-").and_then(|number| number.parse::<usize>().ok());
        match number.and_then(|number| self.errors.get(number)) {
            None => Answer::refusal(404, "Not Found"),
            Some(errors) if errors.is_empty() => {
                Answer::json(200, &json!({ "processing_status": "complete", "analyses_url": "https://api.invalid/y" }))
            }
            Some(errors) => Answer::json(200, &json!({ "processing_status": "failed", "errors": errors })),
        }
    }

    /// Results become alerts; alerts of the same category without a result are fixed; what is dismissed stays so.
    fn make_alerts(&mut self, log: &Value, reference: &Value) {
        // By number, and by rule and place.
        let key = |rule: &Value, path: &str, line: u64| format!("{rule} {path} {line}");
        let place_of = |(index, alert): (usize, &Value)| {
            let known = &alert["most_recent_instance"]["location"];
            let path = known["path"].as_str().unwrap_or_default();
            (key(&alert["rule"]["id"], path, known["start_line"].as_u64().unwrap_or(1)), index)
        };
        // The first of several is the one that is meant.
        let mut known: HashMap<String, usize> = self.alerts.iter().enumerate().rev().map(place_of).collect();
        for run in log["runs"].as_array().unwrap() {
            let category = run["automationDetails"]["id"].clone();
            let tool = run["tool"]["driver"]["name"].clone();
            let mut seen = HashSet::new();
            for result in run["results"].as_array().into_iter().flatten() {
                let place = &result["locations"][0]["physicalLocation"];
                let path = place["artifactLocation"]["uri"].as_str().unwrap().replace("%20", " ");
                let line = place["region"]["startLine"].as_u64().unwrap_or(1);
                let key = key(&result["ruleId"], &path, line);
                if let Some(alert) = known.get(&key).map(|index| &mut self.alerts[*index]) {
                    if alert["state"] == "fixed" {
                        alert["state"] = "open".into();
                    }
                    alert["most_recent_instance"]["state"] = "open".into();
                    seen.insert(alert["number"].to_string());
                    continue;
                }
                known.insert(key, self.alerts.len());
                let number = self.alerts.len() + 1;
                seen.insert(number.to_string());
                self.alerts.push(json!({
                    "number": number,
                    "state": "open",
                    "dismissed_comment": null,
                    "html_url": format!("https://github.com/acme/shop/security/code-scanning/{number}"),
                    "rule": { "id": result["ruleId"] },
                    "tool": { "name": tool },
                    "most_recent_instance": {
                        "ref": reference, "state": "open", "category": category,
                        "location": { "path": path, "start_line": line },
                    },
                }));
            }
            for alert in &mut self.alerts {
                if alert["most_recent_instance"]["category"] == category && !seen.contains(&alert["number"].to_string())
                {
                    alert["most_recent_instance"]["state"] = "fixed".into();
                    if alert["state"] == "open" {
                        alert["state"] = "fixed".into();
                    }
                }
            }
        }
    }

    fn list_alerts(&self, request: &Request, url: &str) -> Answer {
        if self.uploads.is_empty() && self.alerts.is_empty() {
            return Answer::refusal(404, "no analysis found");
        }
        let (reference, tool) = (request.query("ref"), request.query("tool_name"));
        let fits = |alert: &&Value| {
            let of = alert["most_recent_instance"]["ref"].as_str().unwrap();
            reference.as_deref().is_none_or(|reference| reference == of)
                && tool.as_deref().is_none_or(|tool| alert["tool"]["name"] == tool)
        };
        page(&self.alerts.iter().filter(fits).cloned().collect::<Vec<_>>(), self.page, request, url)
    }

    fn change_alert(&mut self, number: &str, change: &Value) -> Answer {
        let number: u64 = number.parse().unwrap();
        let Some(alert) = self.alerts.iter_mut().find(|alert| alert["number"] == number) else {
            return Answer::refusal(404, "Not Found");
        };
        let (state, reason, comment) = (&change["state"], &change["dismissed_reason"], &change["dismissed_comment"]);
        let refused = match state.as_str() {
            Some("dismissed") => {
                !["false positive", "won't fix", "used in tests"].contains(&reason.as_str().unwrap_or_default())
                    || comment.as_str().is_some_and(|comment| comment.chars().count() > 280)
                    || alert["state"] != "open"
            }
            Some("open") => !reason.is_null() || !comment.is_null() || alert["state"] != "dismissed",
            _ => true,
        };
        if refused {
            return Answer::refusal(400, "The state of the alert cannot be changed so");
        }
        alert["state"] = state.clone();
        alert["dismissed_reason"] = reason.clone();
        alert["dismissed_comment"] = comment.clone();
        Answer::json(200, alert)
    }

    fn comment(&mut self, body: &Value) -> Answer {
        if let Some(refusal) = refuse_comment(body) {
            return refusal;
        }
        let id = 1000 + self.comments.len();
        let comment = comment(id, self.login, body["body"].as_str().unwrap());
        self.comments.push(comment.clone());
        Answer::json(201, &comment)
    }

    fn change_comment(&mut self, id: &str, request: &Request) -> Answer {
        let id: u64 = id.parse().unwrap();
        let Some(at) = self.comments.iter().position(|comment| comment["id"] == id) else {
            return Answer::refusal(404, "Not Found");
        };
        if self.comments[at]["user"]["login"] != self.login {
            return Answer::refusal(403, "Must have admin rights to Repository.");
        }
        if request.method == "DELETE" {
            self.comments.remove(at);
            return Answer::json(204, &Value::Null);
        }
        let body = request.json();
        if let Some(refusal) = refuse_comment(&body) {
            return refusal;
        }
        self.comments[at]["body"] = body["body"].clone();
        Answer::json(200, &self.comments[at])
    }
}

fn refuse_comment(body: &Value) -> Option<Answer> {
    match body["body"].as_str() {
        None | Some("") => Some(Answer::refusal(422, "Validation Failed")),
        Some(text) if text.chars().count() > 65_536 => Some(Answer::json(
            422,
            &json!({ "message": "Validation Failed", "errors": [{ "message": "body is too long (maximum is 65536 characters)" }] }),
        )),
        Some(_) => None,
    }
}

/// A comment as it is listed.
pub(crate) fn comment(id: usize, login: &str, body: &str) -> Value {
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    let url = format!("https://github.com/acme/shop/pull/7#issuecomment-{id}");
    json!({ "id": id, "user": { "login": login, "type": kind }, "body": body, "html_url": url })
}

/// One page of a list, with a link to the next one.
fn page(entries: &[Value], most: usize, request: &Request, url: &str) -> Answer {
    let number = |name: &str| request.query(name).and_then(|value| value.parse::<usize>().ok());
    let size = number("per_page").unwrap_or(30).min(100).min(most);
    let at = number("page").unwrap_or(1).max(1);
    let answer = Answer::json(200, &entries.iter().skip((at - 1) * size).take(size).cloned().collect());
    if at * size >= entries.len() {
        return answer;
    }
    let rest: Vec<&str> = request.path.split('&').filter(|part| !part.starts_with("page=")).collect();
    let base = format!("{url}{}", rest.join("&"));
    answer.with("Link", format!("<{base}&page=1>; rel=\"first\", <{base}&page={}>; rel=\"next\"", at + 1))
}
