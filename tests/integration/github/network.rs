//! Bad days of the network and of the server: what helps is tried again, within bounds, and the token goes nowhere else.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Checkout;
use super::http::Answer;
use super::server::{Scenario, Server, Trouble, What};

const SARIFS: &str = "/code-scanning/sarifs";

fn checkout(trouble: Vec<Trouble>) -> Checkout {
    let checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
    checkout.sarif("x.sarif", "x", &["a/"]);
    checkout
}

fn posts(checkout: &Checkout) -> usize {
    checkout.server.asked().iter().filter(|asked| asked.starts_with("POST")).count()
}

fn after(seconds: i64) -> String {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    (now + seconds).to_string()
}

#[test]
fn what_passes_is_waited_out() {
    let at = |what| Trouble::at("POST", SARIFS, what);
    let checkout = checkout(vec![
        at(What::Dropped),
        at(What::Torn),
        at(What::Answer(Answer::refusal(503, "No server is currently available"))),
        at(What::Answer(Answer::refusal(500, "Server Error"))),
        Trouble::at("GET", SARIFS, What::Dropped),
        Trouble::at("GET", SARIFS, What::Answer(Answer::refusal(404, "Not Found"))),
        Trouble::at("GET", SARIFS, What::Slow(Duration::from_millis(400))),
    ]);
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!((run.code, posts(&checkout)), (0, 5), "{}", run.stderr);
    assert_eq!(checkout.server.memory().uploads.len(), 1);
}

#[test]
fn what_does_not_pass_ends() {
    let trouble = (0..9).map(|_| Trouble::refusal("POST", SARIFS, 502, "Bad Gateway")).collect();
    let broken = checkout(trouble);
    let run = broken.run(&["upload", "x.sarif"]);
    assert_eq!((run.code, posts(&broken)), (2, 5), "{}", run.stderr);
    assert!(run.stderr.contains("GitHub has trouble of its own"), "{}", run.stderr);

    let mut gone = checkout(Vec::new());
    let url = Server::start(Scenario::default()).url.clone();
    gone.set("GITHUB_API_URL", Some(&url));
    let run = gone.run(&["upload", "x.sarif"]);
    assert_eq!((run.code, run.stderr.contains("cannot reach 127.0.0.1")), (2, true), "{}", run.stderr);
}

#[test]
fn rate_limits_are_kept() {
    let limit = || Answer::refusal(403, "API rate limit exceeded for installation.").with("x-ratelimit-remaining", 0);
    for (answer, least) in [
        (Answer::refusal(429, "Too many requests").with("Retry-After", 200), 1.9),
        (Answer::refusal(503, "Busy").with("Retry-After", 200), 1.9),
        (limit().with("x-ratelimit-reset", after(200)), 1.9),
        (limit().with("x-ratelimit-reset", after(-200)), 0.0),
        (Answer::refusal(403, "You have exceeded a secondary rate limit. Please wait a few minutes"), 0.5),
    ] {
        let mut checkout = checkout(vec![Trouble::at("POST", SARIFS, What::Answer(answer.clone()))]);
        // A hundredth of the waits: 200 seconds take 2.
        checkout.set("SCANALL_TEST_PACE", Some("0.01"));
        let start = Instant::now();
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, posts(&checkout)), (0, 2), "{}", run.stderr);
        assert!(start.elapsed().as_secs_f64() >= least, "it did not wait: {answer:?}");
    }
    for answer in [
        Answer::refusal(429, "Too many requests").with("Retry-After", 301),
        limit().with("x-ratelimit-reset", after(4000)),
        limit().with("x-ratelimit-reset", u64::MAX),
    ] {
        let checkout = checkout(vec![Trouble::at("POST", SARIFS, What::Answer(answer))]);
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, posts(&checkout)), (2, 1), "{}", run.stderr);
        assert!(run.stderr.contains("the server asks to wait"), "{}", run.stderr);
    }
}

#[test]
fn a_state_that_nobody_tells_does_not_undo_the_upload() {
    let trouble = (0..9).map(|_| Trouble::refusal("GET", SARIFS, 500, "Server Error")).collect();
    let checkout = checkout(trouble);
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("what became of it is not known"), "{}", run.stderr);
}

#[test]
fn the_token_does_not_follow_redirections_and_lists_to_other_servers() {
    let other = Server::start(Scenario::default());
    let target = format!("{}/repos/acme/shop/code-scanning/sarifs", other.url);
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::refusal(status, "Moved").with("Location", &target);
        let checkout = checkout(vec![Trouble::at("POST", SARIFS, What::Answer(answer))]);
        assert_eq!(checkout.run(&["upload", "x.sarif"]).code, 2, "{status}");
    }
    for next in [other.url.clone(), format!("{}x", other.url)] {
        let page = Answer { status: 200, headers: Vec::new(), body: "[]".to_owned() };
        let link = format!("<{next}/repos/acme/shop/code-scanning/alerts?page=2>; rel=\"next\"");
        let answer = What::Answer(page.with("Link", link));
        let checkout = checkout(vec![Trouble::at("GET", "/code-scanning/alerts", answer)]);
        let run = checkout.scan(&[]);
        assert_eq!((run.code, run.stderr.contains("goes on at another server")), (1, true), "{}", run.stderr);
    }
    assert_eq!(other.asked(), Vec::<String>::new());
}

#[test]
fn the_token_goes_unencrypted_to_nobody_but_this_machine() {
    let mut checkout = checkout(Vec::new());
    // A proxy would read it; for this machine none is asked.
    let proxy = Server::start(Scenario::default());
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        checkout.set(name, Some(&proxy.url));
    }
    assert_eq!(checkout.run(&["upload", "x.sarif"]).code, 0);
    assert_eq!(proxy.asked(), Vec::<String>::new());
    for url in ["http://github.example/api/v3", "http://127.0.0.1.example", "https://u:p@github.example", "nonsense"] {
        checkout.set("GITHUB_API_URL", Some(url));
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, run.stderr.contains("is no address")), (2, true), "{url}: {}", run.stderr);
    }
    assert_eq!(proxy.asked(), Vec::<String>::new());
}

#[test]
fn a_proxy_carries_what_it_cannot_read() {
    let mut checkout = checkout(Vec::new());
    let proxy = Server::start(Scenario::default());
    checkout.set("GITHUB_API_URL", Some("https://api.github.example"));
    checkout.set("HTTPS_PROXY", Some(&proxy.url));
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!((run.code, run.stderr.contains("cannot reach api.github.example")), (2, true), "{}", run.stderr);
    let memory = proxy.memory();
    assert_eq!(memory.requests.len(), 5, "every attempt goes through it");
    for request in &memory.requests {
        assert_eq!((request.method.as_str(), request.path.as_str()), ("CONNECT", "api.github.example:443"));
        assert_eq!((request.header("authorization"), request.header("proxy-authorization")), ("", ""));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_waiting_and_loses_nothing() {
    for args in
        [&["upload", "x.sarif"][..], &["scan", "--only", "secrets", "--no-cache", "--upload", "--format", "json"]]
    {
        let checkout = checkout(vec![Trouble::at("POST", SARIFS, What::Slow(Duration::from_secs(20)))]);
        let start = Instant::now();
        let mut command = checkout.command(args);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let child = command.spawn().unwrap();
        while checkout.server.asked().is_empty() {
            assert!(start.elapsed().as_secs() < 15, "nothing was sent");
            std::thread::sleep(Duration::from_millis(10));
        }
        let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.contains("interrupted")), (Some(2), true), "{said}");
        assert!(start.elapsed().as_secs() < 18, "it waited for the server");
        if args[0] == "scan" {
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(report["total"], 1);
        }
    }
}

#[test]
fn nonsense_of_a_server_is_survived() {
    for body in ["", "null", "[", "[1,2]", "{\"id\": 7}", "{\"id\": \"../../user\"}", "\u{1b}[2J"] {
        let answer = Answer { status: 202, headers: Vec::new(), body: body.to_owned() };
        let checkout = checkout(vec![Trouble::at("POST", SARIFS, What::Answer(answer))]);
        let run = checkout.run(&["upload", "x.sarif"]);
        assert!([0, 2].contains(&run.code), "{body}: {}", run.stderr);
        assert!(!run.stderr.contains("internal error"), "{}", run.stderr);
        assert_eq!(checkout.server.asked(), [format!("POST {SARIFS}")], "{body}");
    }
}
