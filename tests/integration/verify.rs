//! `--verify`, against a server on this machine that stands in for every provider.

pub(crate) mod provider;

use serde_json::{Value, json};

use crate::environment::{Run, Sandbox, layer, token};
use crate::github::http::Answer;
use provider::Provider;

/// A sandbox with files in `r` and a cache folder, and providers that answer.
struct World {
    sandbox: Sandbox,
    provider: Provider,
}

impl World {
    fn new(files: &[(&str, &str)], answer: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> Self {
        let sandbox = Sandbox::new();
        files.iter().for_each(|(name, text)| drop(sandbox.write(&format!("r/{name}"), text)));
        Self { sandbox, provider: Provider::start(answer) }
    }

    fn run(&self, args: &[&str]) -> Run {
        Run::of(
            self.sandbox
                .command()
                .env("SCANALL_TEST_VERIFY", self.provider.address())
                .env("SCANALL_TEST_PACE", "0.001")
                .env("XDG_CACHE_HOME", self.sandbox.path("cache"))
                .args(["scan", "r", "--only", "secrets"])
                .args(args),
        )
    }

    fn report(&self, args: &[&str]) -> (Value, i32) {
        let run = self.run(&[&["--format", "json"], args].concat());
        let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr));
        (report, run.code)
    }
}

/// GitHub, which knows one token and has been asked for it by no other host.
fn github(live: String) -> impl Fn(&str, &str) -> Answer {
    move |host, authorization| match host {
        "api.github.com" if authorization == format!("token {live}") => {
            Answer::json(200, &json!({ "login": "octocat", "echo": live })).with("X-OAuth-Scopes", "repo, gist")
        }
        _ => Answer::refusal(401, "Bad credentials"),
    }
}

/// A part of an identity, as reports say it.
fn named(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

#[test]
fn live_and_dead_are_told_apart_and_whose_it_is_is_shown() {
    let (live, dead) = (token("live"), token("dead"));
    let files = [("a.txt", &*format!("x = \"{live}\"\n")), ("b.txt", &*format!("x = \"{dead}\"\n"))];
    let world = World::new(&files, github(live.clone()));
    let (report, code) = world.report(&["--verify"]);
    let findings = report["findings"].as_array().unwrap();
    let told: Vec<_> =
        findings.iter().map(|f| (&f["location"]["path"], &f["verified"]["status"], &f["severity"])).collect();
    assert_eq!(
        told,
        [(&json!("a.txt"), &json!("live"), &json!("critical")), (&json!("b.txt"), &json!("dead"), &json!("low"))]
    );
    assert_eq!(findings[0]["verified"]["identity"], json!([named("login", "octocat"), named("scopes", "repo, gist")]));
    assert_eq!(findings[0]["confidence"], "high");
    assert_eq!(findings[1]["verified"]["reason"], "api.github.com answered with status 401");
    let message = findings[0]["message"].as_str().unwrap();
    assert!(message.ends_with("; live: GitHub takes it (login octocat, scopes repo, gist)"), "{message}");
    let notes = layer(&report, "secrets")["notes"].to_string();
    assert!(notes.contains("asked 1 provider about 2 secrets: 1 live, 1 dead, 0 unknown"), "{notes}");
    assert_eq!(code, 1);
    let asked = world.provider.asked();
    assert_eq!(asked.iter().map(|r| (&*r.host, &*r.line)).collect::<Vec<_>>(), [("api.github.com", "GET /user"); 2]);
    assert!(!world.run(&["--verify", "-v"]).stdout.contains(&live));
}

#[test]
fn every_output_says_it_and_none_has_the_secret() {
    let live = token("live");
    let world = World::new(&[("a.txt", &format!("x = \"{live}\"\n"))], github(live.clone()));
    for format in ["table", "json", "sarif", "markdown", "github", "gitlab-secret", "junit", "csv"] {
        let run = world.run(&["--verify", "--format", format]);
        assert!(run.stdout.contains("octocat") && !run.stdout.contains(&live), "{format}: {}", run.stdout);
    }
    let schema: Value = serde_json::from_str(scanall::output::json::JSON_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (report, _) = world.report(&["--verify"]);
    assert!(
        validator.is_valid(&report),
        "{:?}",
        validator.iter_errors(&report).map(|e| e.to_string()).collect::<Vec<_>>()
    );
    let sarif: Value = serde_json::from_str(&world.run(&["--verify", "--format", "sarif"]).stdout).unwrap();
    let verified = &sarif["runs"][0]["results"][0]["properties"]["verified"];
    assert_eq!((&verified["status"], &verified["identity"][0]["value"]), (&json!("live"), &json!("octocat")));
}

#[test]
fn only_what_is_dead_fails_no_build() {
    let dead = token("dead");
    let world = World::new(&[("a.txt", &format!("x = \"{dead}\"\n"))], github(token("live")));
    assert_eq!(world.report(&[]).1, 1);
    assert_eq!(world.report(&["--verify"]).1, 0);
    assert_eq!(world.report(&["--verify", "--fail-on", "low"]).1, 1);
}

#[test]
fn nobody_is_asked_without_the_argument_or_about_what_is_accepted() {
    let live = token("live");
    let line = format!("x = \"{live}\" # scanall:ignore a test account\n");
    let world = World::new(&[("a.txt", &line), (".scanall.toml", "")], github(live));
    let (report, _) = world.report(&["--verify"]);
    assert_eq!(report["suppressed"].as_array().unwrap().len(), 1);
    assert!(layer(&report, "secrets")["notes"].to_string().contains("no secret to verify"));
    let world = World::new(&[("a.txt", &format!("x = \"{}\"\n", token("live")))], github(token("live")));
    let (report, _) = world.report(&[]);
    assert!(report["findings"][0].get("verified").is_none());
    world.sandbox.write("r/.scanall.toml", "[secrets]\nverify = true\n");
    assert!(world.run(&[]).stderr.contains("verify"), "the configuration decides nothing about the network");
    assert!(world.run(&["--verify", "--offline"]).stderr.contains("cannot be used with"));
    assert!(world.provider.asked().is_empty());
}

#[test]
fn an_answer_is_remembered_without_the_secret_and_no_cache_asks_again() {
    let live = token("live");
    let world =
        World::new(&[("a.txt", &format!("x = \"{live}\"\n")), ("b.txt", &format!("{live}\n"))], github(live.clone()));
    for args in [&["--verify"][..], &["--verify"], &["--verify", "--no-cache"], &["--verify"]] {
        let (report, _) = world.report(args);
        assert_eq!(report["findings"][0]["verified"]["identity"][0]["value"], "octocat");
    }
    assert_eq!(world.provider.asked().len(), 2, "once, and once more without the cache");
    let remembered = world.sandbox.read("cache/scanall/verify/answers.json");
    assert!(remembered.contains("octocat") && !remembered.contains(&live));
}

#[test]
fn a_redirection_is_not_followed() {
    let world = World::new(&[("a.txt", &format!("x = \"{}\"\n", token("a")))], |_, _| {
        Answer::json(302, &json!({ "login": "octocat" })).with("Location", "http://127.0.0.1:9/evil")
    });
    let (report, code) = world.report(&["--verify"]);
    let verified = &report["findings"][0]["verified"];
    assert_eq!(verified["status"], "unknown");
    assert!(verified["reason"].as_str().unwrap().contains("a redirection, which is not followed"));
    // What nobody knows anything of is as bad as before.
    assert_eq!((code, &report["findings"][0]["severity"]), (1, &json!("critical")));
    assert_eq!(world.provider.asked().len(), 1);
    // And asked about again in the next run.
    assert_eq!((world.report(&["--verify"]).1, world.provider.asked().len()), (1, 2));
}

#[test]
fn a_host_that_limits_the_rate_is_waited_for_and_then_left_alone() {
    let files: Vec<(String, String)> =
        (0..4).map(|n| (format!("{n}.txt"), format!("x = \"{}\"\n", token(&n.to_string())))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let limited = |seconds: u32| move |_: &str, _: &str| Answer::refusal(429, "slow down").with("Retry-After", seconds);
    let world = World::new(&files, limited(1));
    let (report, _) = world.report(&["--verify"]);
    let reasons: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["verified"]["reason"].as_str().unwrap()).collect();
    assert!(reasons.iter().all(|reason| reason.contains("limits the rate")), "{reasons:?}");
    assert_eq!(world.provider.asked().len(), 2, "one question, and once more");
    let world = World::new(&files, limited(3600));
    let _ = world.report(&["--verify"]);
    assert_eq!(world.provider.asked().len(), 1, "nobody waits an hour");
}

#[test]
fn a_large_or_strange_answer_is_no_harm() {
    let secret = token("a");
    for body in
        ["x".repeat(5 << 20), "[".repeat(200_000), format!("{{\"login\": \"{}\"}}", "\u{1b}[31m<b>|".repeat(50))]
    {
        let world = World::new(&[("a.txt", &format!("x = \"{secret}\"\n"))], move |_, _| Answer {
            status: 200,
            headers: Vec::new(),
            body: body.clone(),
        });
        let (report, _) = world.report(&["--verify"]);
        let verified = &report["findings"][0]["verified"];
        let shown = verified["identity"].to_string();
        assert!(!shown.contains('\u{1b}') && !shown.contains("\\u001b[") && shown.len() < 1000, "{shown}");
    }
}

#[test]
fn whose_it_is_never_shows_a_secret() {
    let secret = token("a");
    let echo = format!("me-{}", &secret[4..20]);
    let other = token("b");
    for login in [secret.clone(), echo, other] {
        let told = login.clone();
        let world = World::new(&[("a.txt", &format!("x = \"{secret}\"\n"))], move |_, _| {
            Answer::json(200, &json!({ "login": told }))
        });
        let run = world.run(&["--verify", "--format", "json", "-v"]);
        assert!(run.stdout.contains("\"status\": \"live\"") && !run.stdout.contains(&login), "{}", run.stdout);
    }
}

const PACK: &str = r#"
provider = "Acme"
[[rule]]
id = "acme-key"
regex = '\bacme_[0-9a-z]{20}\b'
[rule.verify]
hosts = ["*.acme.test"]
parts = '^acme_(?P<dc>[0-9a-z]{3})'
post = "https://{dc}.acme.test/v1/check?key={secret}"
json = { key = "{secret}", list = ["{{x}}", 1] }
basic = ["user", "{secret}"]
live = { json = { "data.ok" = true } }
dead = { json = { "data.ok" = false } }
info = { team = "data.team" }
"#;

/// The pack above and a text with a key that it finds.
fn acme() -> (String, String) {
    let key = scanall::scanner::secrets::template::expand("acme_{{lowernum:20}}", "acme").unwrap();
    (PACK.to_owned(), key)
}

#[test]
fn a_users_own_rule_asks_the_hosts_that_it_lists() {
    let (pack, key) = acme();
    let world = World::new(&[("a.txt", &format!("{key}\n"))], |_, _| {
        Answer::json(200, &json!({ "data": { "ok": true, "team": "shop" } }))
    });
    world.sandbox.write("mine.toml", &pack);
    let (report, _) = world.report(&["--verify", "--rules", "mine.toml"]);
    assert_eq!(report["findings"][0]["verified"]["identity"], json!([named("team", "shop")]));
    let asked = world.provider.asked();
    assert_eq!(asked[0].host, format!("{}.acme.test", &key[5..8]));
    assert_eq!(asked[0].line, format!("POST /v1/check?key={key}"));
    assert_eq!(asked[0].body, json!({ "key": key, "list": ["{x}", 1] }));
    assert!(asked[0].authorization.starts_with("Basic "));
}

#[test]
fn a_rule_of_what_is_scanned_sends_nothing_anywhere() {
    let (pack, key) = acme();
    let world = World::new(&[("a.txt", &format!("{key}\n")), ("mine.toml", &pack)], |_, _| Answer::refusal(401, "no"));
    let told = "1 rule of the scanned folder verified nothing";
    // Neither named by the repository itself, nor by whoever scans it.
    let (report, _) = world.report(&["--verify", "--rules", "r/mine.toml"]);
    assert!(layer(&report, "secrets")["notes"].to_string().contains(told));
    world.sandbox.write("r/.scanall.toml", "[secrets]\nrules = [\"mine.toml\"]\n");
    let (report, _) = world.report(&["--verify"]);
    assert!(layer(&report, "secrets")["notes"].to_string().contains(told));
    assert_eq!(report["findings"][0]["rule"], "secret/acme-key");
    assert!(report["findings"][0].get("verified").is_none());
    // Nor can it take the place of a built-in rule.
    let mine = pack.replace("acme-key", "github-pat").replace(r"\bacme_[0-9a-z]{20}\b", "ghp_[0-9A-Za-z]{36}");
    world.sandbox.write("r/mine.toml", mine.replace("acme_(?P<dc>", "ghp_(?P<dc>"));
    world.sandbox.write("r/a.txt", format!("x = \"{}\"\n", token("a")));
    let (report, _) = world.report(&["--verify"]);
    assert_eq!(report["findings"][0]["rule"], "secret/github-pat");
    assert!(world.provider.asked().is_empty(), "{:?}", world.provider.asked());
}

#[test]
fn what_belongs_to_a_secret_is_asked_about_with_it_and_a_key_signs() {
    use scanall::scanner::secrets::template::expand;
    let (id, key) = (expand("AKIA{{base32:16}}", "id").unwrap(), expand("{{alnum:39}}/", "key").unwrap());
    let file = format!("AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={key}\n");
    let arn = "arn:aws:iam::123456789012:user/deploy";
    let world = World::new(
        &[("a.env", &file), ("b.env", &format!("AWS_SECRET_ACCESS_KEY={}\n", &key[1..].replace('/', "/x")))],
        move |host, _| {
            assert_eq!(host, "sts.amazonaws.com");
            Answer::json(200, &json!({ "GetCallerIdentityResponse": { "GetCallerIdentityResult": { "Arn": arn } } }))
        },
    );
    let (report, _) = world.report(&["--verify"]);
    let told = |path: &str| {
        let findings = report["findings"].as_array().unwrap();
        let is_it = |f: &&Value| f["rule"] == "secret/aws-secret-access-key" && f["location"]["path"] == path;
        findings.iter().find(is_it).unwrap_or_else(|| panic!("{report}"))["verified"].clone()
    };
    assert_eq!(told("a.env")["identity"], json!([named("arn", arn)]));
    assert_eq!(told("b.env")["reason"], "there is no aws-access-key-id beside it");
    let asked = world.provider.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].authorization.starts_with(&format!("AWS4-HMAC-SHA256 Credential={id}/")));
    assert!(!format!("{asked:?}").contains(&key));
}

#[test]
fn a_comparison_asks_about_what_is_new_alone() {
    let (old, new) = (token("old"), token("new"));
    let world = World::new(&[], github(new.clone()));
    world.sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    world.sandbox.write("r/a.txt", format!("x = \"{old}\"\n"));
    world.sandbox.git("r", &["add", "-A"]);
    world.sandbox.git("r", &["commit", "-q", "-m", "one"]);
    world.sandbox.write("r/b.txt", format!("x = \"{new}\"\n"));
    let run = Run::of(
        world
            .sandbox
            .command()
            .current_dir(world.sandbox.path("r"))
            .env("SCANALL_TEST_VERIFY", world.provider.address())
            .args(["diff", "HEAD", "--only", "secrets", "--verify", "--format", "json"]),
    );
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{}", run.stdout);
    assert_eq!(report["findings"][0]["verified"]["status"], "live");
    assert_eq!(world.provider.asked().len(), 1);
}

#[test]
fn a_provider_that_cannot_be_reached_is_no_failure_of_the_run() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", format!("x = \"{}\"\n", token("a")));
    let scan = |server: &str| {
        let mut command = sandbox.command();
        command
            .env("SCANALL_TEST_VERIFY", server)
            .args(["scan", "r", "--only", "secrets", "--verify", "--format", "json"]);
        Run::of(&mut command)
    };
    // Nobody listens on a port that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = scan(&port.to_string());
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let verified = &report["findings"][0]["verified"];
    assert_eq!((run.code, &verified["status"]), (1, &json!("unknown")));
    assert!(verified["reason"].as_str().unwrap().starts_with("cannot reach api.github.com"));
    let run = scan("192.0.2.1:80");
    assert!(run.code == 2 && run.stderr.contains("no address of this machine"), "{}", run.stderr);
}
