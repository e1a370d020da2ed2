//! `scanall db` and `scanall query`, and how a scan uses what they keep.

mod remedies;
mod server;
mod withdrawn;

use std::fs;

use serde_json::{Value, json};

use crate::environment::{Run, Sandbox, layer, places};
use server::{Reply, Server};

/// A record of OSV about a package, fixed in a version.
fn record(id: &str, ecosystem: &str, name: &str, fixed: &str, modified: &str) -> Value {
    json!({
        "id": id, "modified": modified, "published": modified, "aliases": [id.replace("GHSA-2222-3333", "CVE-2026")],
        "summary": "Hands run backwards", "details": "The clock lies.",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{"package": {"ecosystem": ecosystem, "name": name},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}],
        "database_specific": {"cwe_ids": ["CWE-682"]}
    })
}

fn zip(records: &[Value]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for record in records {
        let name = format!("{}.json", record["id"].as_str().unwrap());
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(record.to_string().as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Checkouts of the databases of RubySec and FriendsOfPHP, of one advisory that can be read each.
fn checkouts(sandbox: &Sandbox) {
    sandbox.write(
        "ruby/gems/clock/CVE-2026-5.yml",
        "---\ngem: clock\ncve: 2026-5\nghsa: 2222-3333-5555\nurl: https://clock.test/\ntitle: Hands run backwards\ndate: 2026-01-01\ncvss_v3: 9.8\nunaffected_versions:\n  - \"< 1.0\"\npatched_versions:\n  - \"~> 1.2.5\"\n  - \">= 1.4\"\n",
    );
    sandbox.write("ruby/rubies/jruby/CVE-2026-5.yml", "engine: jruby\ntitle: x\npatched_versions: ['>= 9']\n");
    sandbox.write("ruby/spec/schemas/gem.json", r#"{"properties": {"id": {}, "unaffected_versions": {}}}"#);
    sandbox.write(
        "php/acme/clock/2026-01-01-1.yaml",
        "title: Hands run backwards\nlink: https://clock.test/\nbranches:\n    2.x:\n        time: 2026-01-01 10:00:00\n        versions: ['>=2.0', '<2.1.3']\nreference: composer://acme/clock\n",
    );
}

/// Runs a command with a cache folder of the sandbox.
fn run(sandbox: &Sandbox, mirror: &str, args: &[&str]) -> Run {
    let mut command = sandbox.command();
    command.env("XDG_CACHE_HOME", sandbox.path("cache")).env("SCANALL_ADVISORY_MIRROR", mirror);
    Run::of(command.args(args))
}

fn query(sandbox: &Sandbox, args: &[&str]) -> (Vec<String>, i32) {
    let run = run(sandbox, "http://127.0.0.1:1", &[&["query", "--json"], args].concat());
    let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr));
    let packages = told["packages"].as_array().unwrap().iter();
    let ids = packages.flat_map(|package| package["advisories"].as_array().unwrap());
    (ids.map(|told| told["id"].as_str().unwrap().to_owned()).collect(), run.code)
}

const OLD: &str = "2026-01-01T00:00:00Z";

#[test]
fn files_are_imported_and_asked() {
    let sandbox = Sandbox::new();
    sandbox.write("in/all.zip", zip(&[record("GHSA-2222-3333-4444", "npm", "clock", "1.2.0", OLD)]));
    sandbox.write("in/kev.json", r#"{"vulnerabilities": [{"cveID": "CVE-2026-4444", "dateAdded": "2026-02-01"}]}"#);
    let done = run(&sandbox, "", &["db", "import", "in"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    assert!(done.stdout.starts_with("1 advisory in "), "{}", done.stdout);

    let (ids, code) = query(&sandbox, &["pkg:npm/clock@1.1.0", "pkg:npm/clock@1.2.0", "--offline"]);
    assert_eq!((ids, code), (vec!["GHSA-2222-3333-4444".to_owned()], 1));
    assert_eq!(query(&sandbox, &["pkg:npm/clock@1.2.0", "--offline"]), (vec![], 0));
    assert_eq!(query(&sandbox, &["pkg:pypi/clock@1.2.0", "--offline"]).1, 3, "nothing is known of PyPI");
    let text = run(&sandbox, "", &["query", "pkg:npm/clock@1.1.0", "--offline"]).stdout;
    assert!(text.contains("CRITICAL  clock 1.1.0 is vulnerable: Hands run backwards"), "{text}");
    assert!(text.contains("fixed in 1.2.0; GitHub, CVSS 3.1 9.8; known to be exploited"), "{text}");

    let status = run(&sandbox, "", &["db", "status", "--json"]);
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!((&status["advisories"], &status["sources"][0]["ecosystem"]), (&json!(1), &json!("npm")));
    assert_eq!(status["kev"]["entries"], 1);
    let page = run(&sandbox, "", &["explain", "cve-2026-4444", "--offline"]).stdout;
    assert!(
        page.contains("clock is vulnerable") && page.contains("known to CISA") && page.contains("CWE-682"),
        "{page}"
    );

    for bad in
        [&["query", "lodash"][..], &["query", "pkg:npm/lodash"], &["query", "pkg:moon/x@1"], &["db", "import", "none"]]
    {
        assert_eq!(run(&sandbox, "", bad).code, 2, "{bad:?}");
    }
}

#[test]
fn a_store_is_the_same_bytes_each_time_and_can_be_taken_over() {
    let sandbox = Sandbox::new();
    let records = [
        record("GHSA-2222-3333-4444", "npm", "clock", "1.2.0", OLD),
        record("GHSA-2222-3333-5555", "PyPI", "clock", "1.3.0", OLD),
    ];
    sandbox.write("one.zip", zip(&records));
    sandbox.write("two.zip", zip(&[records[1].clone(), records[0].clone()]));
    for name in ["one", "two"] {
        let made = run(&sandbox, "", &["db", "build", "-o", &format!("{name}.store"), &format!("{name}.zip")]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        let sum = made.stdout.lines().find_map(|line| line.strip_prefix("SHA-256 ")).unwrap().to_owned();
        sandbox.write(&format!("{name}.store.sha256"), format!("{sum}  {name}.store\n"));
    }
    assert_eq!(fs::read(sandbox.path("one.store")).unwrap(), fs::read(sandbox.path("two.store")).unwrap());

    assert_eq!(run(&sandbox, "", &["db", "update", "--from", "one.store"]).code, 0);
    assert_eq!(query(&sandbox, &["pkg:pypi/clock@1.2.0", "--advisories", "store"]).0, ["GHSA-2222-3333-5555"]);
    sandbox.write("one.store.sha256", "0".repeat(64));
    let refused = run(&sandbox, "", &["db", "update", "--from", "one.store"]);
    assert!(refused.code == 2 && refused.stderr.contains("another checksum"), "{}", refused.stderr);

    let mut damaged = fs::read(sandbox.path("one.store")).unwrap();
    damaged.truncate(damaged.len() / 2);
    sandbox.write("half.store", damaged);
    let refused = run(&sandbox, "", &["query", "pkg:npm/clock@1.0.0", "--advisory-db", "half.store"]);
    assert!(refused.code == 2 && refused.stderr.contains("it is damaged"), "{}", refused.stderr);
}

#[test]
fn a_store_is_taken_over_from_an_address_once_its_checksum_is_right() {
    let sandbox = Sandbox::new();
    sandbox.write("one.zip", zip(&[record("GHSA-2222-3333-4444", "npm", "clock", "1.2.0", OLD)]));
    sandbox.write("two.zip", zip(&[record("GHSA-2222-3333-5555", "npm", "clock", "1.2.0", OLD)]));
    let make = |name: &str| {
        let made = run(&sandbox, "", &["db", "build", "-o", &format!("{name}.store"), &format!("{name}.zip")]);
        let sum = made.stdout.lines().find_map(|line| line.strip_prefix("SHA-256 ")).unwrap().to_owned();
        (fs::read(sandbox.path(&format!("{name}.store"))).unwrap(), sum)
    };
    let ((one, one_sum), (two, two_sum)) = (make("one"), make("two"));
    let told = one_sum.clone();
    let server = Server::start(move |request| match request.path.as_str() {
        "/one.store" | "/bare.store" => Reply::bytes(&one),
        "/one.store.sha256" => Reply::text(&format!("{told}  one.store\n")),
        "/two.store" => Reply::bytes(&two),
        "/two.store.sha256" => Reply::text(&told),
        "/odd.store" => Reply::text("no store"),
        "/cut.store" => Reply::bytes(&one).cut(one.len() / 2),
        _ => Reply::missing(),
    });
    let update = |name: &str, more: &[&str]| {
        let url = format!("{}/{name}", server.url());
        run(&sandbox, "", &[&["db", "update", "--from", url.as_str()], more].concat())
    };
    let kept = || query(&sandbox, &["pkg:npm/clock@1.1.0", "--advisories", "store"]).0;

    let offline = update("one.store", &["--offline"]);
    assert!(offline.code == 2 && server.asked().is_empty(), "{}", offline.stderr);
    let done = update("one.store", &[]);
    assert!(done.code == 0 && done.stderr.contains("the checksum is right"), "{}", done.stderr);
    assert_eq!(kept(), ["GHSA-2222-3333-4444"]);

    let odd = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    for (name, more, why) in [
        ("two.store", vec![], "another checksum"),
        ("bare.store", vec![], "no SHA-256"),
        ("bare.store", vec!["--sha256", "abc"], "no SHA-256"),
        ("odd.store", vec!["--sha256", odd], "another checksum"),
        ("cut.store", vec!["--sha256", one_sum.as_str()], ""),
        ("none.store", vec!["--sha256", one_sum.as_str()], "there is nothing at"),
    ] {
        let refused = update(name, &more);
        assert!(refused.code == 2 && refused.stderr.contains(why), "{name}: {}", refused.stderr);
        assert_eq!(kept(), ["GHSA-2222-3333-4444"], "what was there stays: {name}");
    }
    assert_eq!(update("two.store", &["--sha256", &two_sum]).code, 0);
    assert_eq!(kept(), ["GHSA-2222-3333-5555"]);
    let folder = sandbox.path("cache/scanall/advisories");
    let left = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.contains("fetched")), "nothing is left lying around");
}

#[test]
fn dumps_are_downloaded_then_changes_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("app/package.json", "{}");
    let first = zip(&[record("GHSA-2222-3333-4444", "npm", "clock", "1.2.0", OLD)]);
    let dump = first.clone();
    let newer = record("GHSA-2222-3333-5555", "npm", "clock", "1.4.0", "2026-02-01T00:00:00Z");
    let mut withdrawn = record("GHSA-2222-3333-4444", "npm", "clock", "1.2.0", "2026-02-02T00:00:00Z");
    withdrawn["withdrawn"] = json!("2026-02-02T00:00:00Z");
    let server = Server::start(move |request| match request.path.as_str() {
        "/osv-vulnerabilities/npm/all.zip" => Reply::bytes(&dump).with_crc32c().with("ETag", "\"a\""),
        "/osv-vulnerabilities/npm/modified_id.csv" => Reply::text(
            "2026-02-02T00:00:00Z,GHSA-2222-3333-4444\n2026-02-01T00:00:00Z,GHSA-2222-3333-5555\n2025-01-01T00:00:00Z,OLD\n",
        ),
        "/osv-vulnerabilities/npm/GHSA-2222-3333-5555.json" => Reply::text(&newer.to_string()),
        "/osv-vulnerabilities/npm/GHSA-2222-3333-4444.json" => Reply::text(&withdrawn.to_string()),
        "/known_exploited_vulnerabilities.json" => Reply::text(r#"{"vulnerabilities": []}"#),
        _ => Reply::missing(),
    });
    let update =
        |more: &[&str]| run(&sandbox, &server.url(), &[&["db", "update", "app", "--ecosystem", "npm"], more].concat());
    let offline = update(&["--offline"]);
    assert!(offline.code == 2 && server.asked().is_empty(), "{}", offline.stderr);

    let done = update(&[]);
    assert_eq!(done.code, 3, "the scores are missing: {}", done.stderr);
    assert!(done.stderr.contains("npm: 1 advisory") && done.stderr.contains("not updated: EPSS"), "{}", done.stderr);
    assert_eq!(query(&sandbox, &["pkg:npm/clock@1.1.0", "--offline"]).0, ["GHSA-2222-3333-4444"]);

    let done = update(&[]);
    assert!(done.stderr.contains("npm: 2 changes"), "{}", done.stderr);
    assert_eq!(query(&sandbox, &["pkg:npm/clock@1.1.0", "--offline"]).0, ["GHSA-2222-3333-5555"], "one is withdrawn");
    let dumps = server.asked().into_iter().filter(|path| path.ends_with("all.zip")).count();
    assert_eq!(dumps, 1, "the dump is downloaded once");
}

#[test]
fn a_download_that_was_cut_off_is_continued_and_a_wrong_one_refused() {
    let sandbox = Sandbox::new();
    let dump = zip(&[record("GHSA-2222-3333-4444", "npm", "clock", "1.2.0", OLD)]);
    let half = dump.len() / 2;
    let whole = dump.clone();
    let server = Server::start(move |request| match (request.path.as_str(), request.header("range")) {
        ("/osv-vulnerabilities/npm/all.zip", "") => Reply::bytes(&whole).with_crc32c().with("ETag", "\"a\"").cut(half),
        ("/osv-vulnerabilities/npm/all.zip", range) => {
            assert_eq!((range, request.header("if-range")), (format!("bytes={half}-").as_str(), "\"a\""));
            let part = format!("bytes {half}-{}/{}", whole.len() - 1, whole.len());
            Reply::bytes(&whole[half..]).status(206).crc32c_of(&whole).with("Content-Range", &part)
        }
        ("/osv-vulnerabilities/PyPI/all.zip", _) => Reply::bytes(&whole).crc32c_of(b"other"),
        _ => Reply::missing(),
    });
    let update = |name: &str| run(&sandbox, &server.url(), &["db", "update", ".", "--ecosystem", name]);
    let cut = update("npm");
    assert!(cut.code == 3 && cut.stderr.contains("not updated: npm"), "{}", cut.stderr);
    assert!(update("npm").stderr.contains("npm: 1 advisory"));
    let wrong = update("PyPI");
    assert!(wrong.stderr.contains("its checksum is another"), "{}", wrong.stderr);
    assert_eq!(
        query(&sandbox, &["pkg:npm/clock@1.1.0", "--offline"]).0,
        ["GHSA-2222-3333-4444"],
        "what was there stays"
    );
}

#[test]
fn the_server_is_asked_in_pages_and_again_when_it_is_busy() {
    let sandbox = Sandbox::with_app();
    let told = record("GHSA-2222-3333-4444", "crates.io", "clockwork", "0.5.0", OLD);
    let busy = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |request| match request.path.as_str() {
        "/v1/querybatch" if busy.swap(false, std::sync::atomic::Ordering::SeqCst) => {
            Reply::text("later").status(503).with("Retry-After", "0")
        }
        "/v1/querybatch" => {
            let body = request.json();
            let one = |query: &Value| match (query["package"]["name"].as_str(), query.get("page_token")) {
                (Some("clockwork"), None) => json!({"next_page_token": "more"}),
                (Some("clockwork"), Some(_)) => json!({"vulns": [{"id": "GHSA-2222-3333-4444", "modified": OLD}]}),
                _ => json!({}),
            };
            let results: Vec<Value> = body["queries"].as_array().unwrap().iter().map(one).collect();
            Reply::text(&json!({ "results": results }).to_string())
        }
        "/v1/vulns/GHSA-2222-3333-4444" => Reply::text(&told.to_string()),
        _ => Reply::missing(),
    });
    let scan = |mirror: &str, more: &[&str]| {
        let args = [&["app", "--only", "dependencies", "--format", "json", "--completeness", "strict"], more].concat();
        let run = run(&sandbox, mirror, &args);
        (serde_json::from_str::<Value>(&run.stdout).unwrap(), run.code)
    };
    let (report, code) = scan(&server.url(), &[]);
    assert_eq!((places(&report), code), (vec!["advisory/GHSA-2222-3333-4444 Cargo.lock:6".to_owned()], 1));
    assert_eq!(report["findings"][0]["severity_by"], "GitHub, CVSS 3.1 9.8");
    assert_eq!(server.asked().len(), 4, "{:?}", server.asked());

    let (_, code) = scan(&server.url(), &["--offline"]);
    assert_eq!((code, server.asked().len()), (3, 4), "offline, nobody is asked");
    let (_, code) = scan(&server.url(), &["--advisories", "store"]);
    assert_eq!((code, server.asked().len()), (3, 4));
    sandbox.write("app/.scanall.toml", "[scan]\nadvisories = \"store\"\n");
    let (_, code) = scan(&server.url(), &[]);
    assert_eq!((code, server.asked().len()), (3, 4), "the configuration can say it, too");
    let (_, code) = scan(&server.url(), &["--advisories", "auto"]);
    assert_eq!((code, server.asked().len()), (1, 7), "and the command line wins");
    std::fs::remove_file(sandbox.path("app/.scanall.toml")).unwrap();
    let nobody = Server::start(|_| Reply::missing());
    let (report, code) = scan(&nobody.url(), &[]);
    assert!(
        code == 3 && layer(&report, "dependencies")["gaps"].to_string().contains("OSV's server could not be asked")
    );
}

#[test]
fn databases_with_formats_of_their_own_are_imported() {
    let sandbox = Sandbox::new();
    checkouts(&sandbox);
    let done = run(&sandbox, "", &["db", "import", "ruby", "php"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    assert!(done.stdout.starts_with("2 advisories in "), "{}", done.stdout);
    let hits = |purl: &str| query(&sandbox, &[purl, "--advisories", "store"]).0;
    for (version, is_hit) in [("0.9", false), ("1.2.4", true), ("1.2.5", false), ("1.3.0.pre", true), ("1.4", false)] {
        let expected: &[&str] = if is_hit { &["GHSA-2222-3333-5555"] } else { &[] };
        assert_eq!(hits(&format!("pkg:gem/clock@{version}")), expected, "{version}");
    }
    assert_eq!(hits("pkg:composer/acme/clock@v2.0.0-beta1"), ["FRIENDSOFPHP-acme--clock-2026-01-01-1"]);
    assert!(hits("pkg:composer/acme/clock@2.1.3").is_empty());
    let text = run(&sandbox, "", &["query", "pkg:gem/clock@1.2.4", "--offline"]).stdout;
    assert!(
        text.contains("CRITICAL  clock 1.2.4") && text.contains("fixed in 1.2.5 or 1.4; RubySec, CVSS 3 9.8"),
        "{text}"
    );

    // What a checkout has that cannot be read is told, and the rest counts.
    sandbox.write("ruby/gems/clock/CVE-2026-6.yml", "gem: clock\ntitle: x\npatched_versions: ['whenever']\n");
    let done = run(&sandbox, "", &["db", "import", "ruby"]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("`gems/clock/CVE-2026-6.yml`: `whenever` is no requirement"), "{}", done.stderr);
    let app = "GEM\n  remote: https://rubygems.org/\n  specs:\n    clock (1.2.4)\n\nDEPENDENCIES\n  clock\n";
    sandbox.write("app/Gemfile.lock", app);
    let args = ["app", "--only", "dependencies", "--format", "json", "--advisory-db", "ruby"];
    let report: Value = serde_json::from_str(&run(&sandbox, "", &args).stdout).unwrap();
    assert_eq!(places(&report), ["advisory/GHSA-2222-3333-5555 Gemfile.lock:4"]);
}

#[test]
fn old_data_is_never_clean() {
    let sandbox = Sandbox::with_app();
    let zip = sandbox.write("all.zip", zip(&[record("GHSA-2222-3333-4444", "crates.io", "x", "1.0.0", OLD)]));
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(30 * 86_400);
    fs::File::options().write(true).open(zip).unwrap().set_modified(old).unwrap();
    let imported = run(&sandbox, "", &["db", "import", "all.zip"]);
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    let args =
        ["app", "--only", "dependencies", "--format", "json", "--completeness", "strict", "--advisories", "store"];
    let stale = run(&sandbox, "", &args);
    let report: Value = serde_json::from_str(&stale.stdout).unwrap();
    let gaps = layer(&report, "dependencies")["gaps"].to_string();
    assert!(stale.code == 3 && gaps.contains("the advisories about packages of Rust are 30 days old"), "{gaps}");
    // What is damaged is told, and is no end of the scan.
    sandbox.write("cache/scanall/advisories/advisories.store", "nonsense");
    let damaged = run(&sandbox, "", &args);
    assert!(damaged.code == 3 && damaged.stdout.contains("it is no advisory store"), "{}", damaged.stdout);
}
