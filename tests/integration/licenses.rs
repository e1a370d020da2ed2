//! The licenses of packages of every ecosystem, from what package managers leave on disk, held to a policy.

use std::path::Path;

use serde_json::{Value, json};

use crate::environment::{Run, Sandbox, layer, places};
use crate::github::http::Answer;
use crate::verify::provider::Provider;

/// A bill of materials of packages, each with the lockfile that lists it.
fn bill(sandbox: &Sandbox, packages: &[(&str, &str)]) {
    let components = packages.iter().map(|(purl, lockfile)| {
        let (name, version) = purl.rsplit_once('@').unwrap();
        let name = name.rsplit('/').next().unwrap();
        let place = json!([{ "name": "syft:location:0:path", "value": format!("/{lockfile}") }]);
        json!({ "type": "library", "name": name, "version": version, "purl": purl, "properties": place })
    });
    let components: Vec<Value> = components.collect();
    let bill = json!({ "bomFormat": "CycloneDX", "specVersion": "1.5", "components": components });
    sandbox.write("bom.json", bill.to_string());
}

/// Scans the licenses of the packages of the bill with variables, and returns the report, the exit code and every message.
fn scan(sandbox: &Sandbox, variables: &[(&str, &Path)], more: &[&str]) -> (Value, i32, Vec<String>) {
    let mut command = sandbox.command();
    command.args(["scan", "app", "--only", "licenses", "--format", "json", "--ingest", "bom.json"]).args(more);
    command.envs(variables.iter().copied());
    let run = Run::of(&mut command);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let findings = report["findings"].as_array().unwrap().iter();
    let messages = findings.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect();
    (report, run.code, messages)
}

fn gaps(report: &Value) -> Vec<String> {
    let gaps = layer(report, "licenses")["gaps"].as_array().unwrap().iter();
    gaps.map(|gap| gap["message"].as_str().unwrap().to_owned()).collect()
}

/// What allows nothing, so that every license is told.
const NOTHING: &str = "[licenses]\nallow = [\"0BSD\"]\n";

const ISC: &str = "Copyright 2020 Somebody

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
";

#[test]
fn every_ecosystem_has_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write("app/.scanall.toml", NOTHING);
    // Beside the project.
    sandbox.write("app/web/node_modules/a/package.json", r#"{"version": "2.0.0", "license": "MIT"}"#);
    sandbox.write(
        "app/web/node_modules/b/node_modules/a/package.json",
        "{\"version\": \"1.0.0\",\n \"licenses\": [{\"type\": \"GPL-2.0\"}, {\"type\": \"MIT\"}]}",
    );
    sandbox.write("app/web/node_modules/b/package.json", "{\"version\": \"1.0.0\"}");
    sandbox.write(
        "app/web/node_modules/.pnpm/@s+c@3.0.0/node_modules/@s/c/package.json",
        "{\"version\":\"3.0.0\",\n\"license\":{\"type\":\"ISC\"}}",
    );
    let info = "app/.venv/lib/python3.12/site-packages/Zope.Interface-5.0.dist-info";
    sandbox
        .write(&format!("{info}/METADATA"), "Name: x\nLicense-Expression: ZPL-2.1\nLicense-File: LICENSE.txt\n\nText");
    sandbox.write("app/vendor/github.com/o/m/LICENSE", ISC);
    sandbox.write(
        "app/vendor/bundle/ruby/3.2.0/specifications/rack-2.0.gemspec",
        "s.name = 'rack'\ns.licenses = [\"MIT\".freeze]\n",
    );
    sandbox.write(
        "app/vendor/composer/installed.json",
        "{\"packages\": [\n{\"name\": \"o/p\", \"version\": \"v1.1.0\", \"license\": [\"LGPL-2.1-or-later\"]}]}",
    );
    sandbox.write(
        "app/deps/jason/hex_metadata.config",
        "{<<\"licenses\">>,[<<\"Apache-2.0\">>]}.\n{<<\"version\">>,<<\"1.4.0\">>}.\n",
    );
    sandbox.write("app/Pods/Alamofire/LICENSE", "SPDX-License-Identifier: MIT\n");
    sandbox.write("app/.build/checkouts/swift-nio/LICENSE.txt", ISC);
    // Where package managers keep what they have fetched.
    sandbox.write("home/go/pkg/mod/github.com/!big/m@v1.2.3/COPYING", ISC);
    let pom = |body: &str| format!("<project xmlns=\"http://maven.apache.org/POM/4.0.0\">{body}</project>");
    sandbox.write(
        "home/.m2/repository/g/h/a/1.0/a-1.0.pom",
        pom("<parent><groupId>g</groupId><artifactId>top</artifactId><version>7</version></parent>"),
    );
    sandbox.write(
        "home/.m2/repository/g/top/7/top-7.pom",
        pom("\n<licenses>\n<license><name>The Apache Software License, Version 2.0</name></license></licenses>"),
    );
    sandbox.write(
        "home/.nuget/packages/newtonsoft.json/13.0.1/newtonsoft.json.nuspec",
        "<package><metadata><license type=\"file\">docs\\LICENSE.md</license></metadata></package>",
    );
    sandbox.write("home/.nuget/packages/newtonsoft.json/13.0.1/docs/LICENSE.md", ISC);
    sandbox.write("home/.pub-cache/hosted/pub.dev/path-1.8.0/LICENSE", ISC);
    sandbox.write(
        "home/.cargo/registry/src/index/x-1.0.0/Cargo.toml",
        "[package]\nname = \"x\"\nversion = \"1.0.0\"\nlicense = \"MIT\"",
    );
    bill(
        &sandbox,
        &[
            ("pkg:npm/a@1.0.0", "web/package-lock.json"),
            ("pkg:npm/a@2.0.0", "web/package-lock.json"),
            ("pkg:npm/%40s/c@3.0.0", "web/package-lock.json"),
            ("pkg:pypi/zope-interface@5.0.0", "uv.lock"),
            ("pkg:golang/github.com/o/m@1.0.0", "go.mod"),
            ("pkg:golang/github.com/Big/m@v1.2.3", "go.mod"),
            ("pkg:gem/rack@2.0", "Gemfile.lock"),
            ("pkg:composer/o/p@1.1.0", "composer.lock"),
            ("pkg:hex/jason@1.4.0", "mix.lock"),
            ("pkg:cocoapods/Alamofire@5.0", "Podfile.lock"),
            ("pkg:swift/github.com/apple/swift-nio@2.0", "Package.resolved"),
            ("pkg:maven/g.h/a@1.0", "pom.xml"),
            ("pkg:nuget/Newtonsoft.Json@13.0.1", "packages.lock.json"),
            ("pkg:pub/path@1.8.0", "pubspec.lock"),
            ("pkg:cargo/x@1.0.0", "Cargo.lock"),
        ],
    );
    let (report, code, messages) = scan(&sandbox, &[("HOME", &sandbox.path("home"))], &["--offline"]);
    assert_eq!((code, gaps(&report)), (1, Vec::new()), "{messages:?}");
    let expected = [
        "Newtonsoft.Json 13.0.1 is under ISC (nuget packages: newtonsoft.json/13.0.1/docs/LICENSE.md:3)",
        "a 1.0.0 is under GPL-2.0-only OR MIT (`GPL-2.0, MIT` in web/node_modules/b/node_modules/a/package.json:2)",
        "a 2.0.0 is under MIT (web/node_modules/a/package.json:1)",
        "@s/c 3.0.0 is under ISC (web/node_modules/.pnpm/@s+c@3.0.0/node_modules/@s/c/package.json:2)",
        "is under ZPL-2.1 (.venv/lib/python3.12/site-packages/Zope.Interface-5.0.dist-info/METADATA:2)",
        "github.com/o/m 1.0.0 is under ISC (vendor/github.com/o/m/LICENSE:3)",
        "is under ISC (go module cache: github.com/!big/m@v1.2.3/COPYING:3)",
        "rack 2.0 is under MIT (vendor/bundle/ruby/3.2.0/specifications/rack-2.0.gemspec:2)",
        "o/p 1.1.0 is under LGPL-2.1-or-later (vendor/composer/installed.json:2)",
        "jason 1.4.0 is under Apache-2.0 (deps/jason/hex_metadata.config:1)",
        "Alamofire 5.0 is under MIT (Pods/Alamofire/LICENSE:1)",
        "is under ISC (.build/checkouts/swift-nio/LICENSE.txt:3)",
        "g.h:a 1.0 is under Apache-2.0 (`The Apache Software License, Version 2.0` in maven repository: g/top/7/top-7.pom:3)",
        "path 1.8.0 is under ISC (pub cache: path-1.8.0/LICENSE:3)",
        "x 1.0.0 is under MIT (cargo registry: x-1.0.0/Cargo.toml:4)",
    ];
    for expected in expected {
        assert!(messages.iter().any(|message| message.contains(expected)), "{expected}\n{}", messages.join("\n"));
    }
    assert_eq!(messages.len(), expected.len());
    assert!(!messages.iter().any(|message| message.contains("home/")), "{messages:?}");
}

#[test]
fn what_nobody_has_is_a_gap_of_each_ecosystem() {
    let sandbox = Sandbox::new();
    sandbox.write("app/node_modules/x/package.json", r#"{"version": "1.0.1", "license": "MIT"}"#);
    bill(
        &sandbox,
        &[
            ("pkg:npm/x@1.0.0", "package-lock.json"),
            ("pkg:npm/y@1.0.0", "package-lock.json"),
            ("pkg:pypi/z@1", "uv.lock"),
            ("pkg:githubactions/actions/checkout@4", "ci.yml"),
        ],
    );
    let (report, code, messages) = scan(&sandbox, &[], &["--offline", "--completeness", "strict"]);
    assert_eq!((code, messages.len()), (3, 0));
    let expected = [
        "the licenses of 2 npm packages are unknown (x first): their sources are not here",
        "the licenses of 1 Python package are unknown (z first): their sources are not here",
    ];
    assert!(expected.iter().all(|expected| gaps(&report).iter().any(|gap| gap == expected)), "{:?}", gaps(&report));
    // A policy that forbids what is not known says so of each.
    sandbox.write("app/.scanall.toml", "[licenses]\nunknown = \"deny\"\n");
    let (report, ..) = scan(&sandbox, &[], &["--offline"]);
    assert_eq!(places(&report).iter().filter(|place| place.starts_with("license/undeclared")).count(), 3, "{report}");
    // One that says what they are, or that it does not matter, leaves no gap.
    sandbox.write(
        "app/.scanall.toml",
        "[licenses]\nunknown = \"allow\"\n[[licenses.clarify]]\npackage = \"pkg:npm/y\"\nexpression = \"GPL-3.0-only\"\n",
    );
    let (report, _, messages) = scan(&sandbox, &[], &["--offline"]);
    assert_eq!((gaps(&report), messages.len()), (Vec::new(), 1), "{messages:?}");
    assert!(messages[0].starts_with("y 1.0.0 is under GPL-3.0-only (as the configuration says), and "), "{messages:?}");
}

#[test]
fn links_and_names_lead_nowhere_else() {
    let sandbox = Sandbox::new();
    let manifest = r#"{"version": "1.0.0", "license": "GPL-3.0-only"}"#;
    sandbox.write("outside/package.json", manifest);
    sandbox.write("app/node_modules/real/package.json", manifest);
    #[cfg(unix)]
    std::os::unix::fs::symlink(sandbox.path("outside"), sandbox.path("app/node_modules/evil")).unwrap();
    let purls = ["pkg:npm/evil@1.0.0", "pkg:npm/..%2F..%2Foutside@1.0.0", "pkg:npm/real@1.0.0"];
    bill(&sandbox, &purls.map(|purl| (purl, "package-lock.json")));
    let (_, _, messages) = scan(&sandbox, &[], &["--offline"]);
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].starts_with("real 1.0.0 is under GPL-3.0-only (node_modules/real/package.json:1)"));
}

#[test]
fn damaged_manifests_take_nothing_from_the_others() {
    let sandbox = Sandbox::new();
    sandbox.write("app/node_modules/a/package.json", "{\"version\": \"1.0.0\", \"license\": ");
    sandbox.write("app/node_modules/b/package.json", [0xff, 0xfe, 0]);
    sandbox.write("app/node_modules/c/package.json", r#"{"version": "1.0.0", "license": [[["MIT"]], 7, null]}"#);
    sandbox.write(
        "app/node_modules/d/package.json",
        r#"{"version": "1.0.0", "license": "nobody \u001b[2J::error::knows"}"#,
    );
    sandbox.write("app/node_modules/e/package.json", r#"{"version": "1.0.0", "license": "AGPL-3.0"}"#);
    bill(
        &sandbox,
        &["a", "b", "c", "d", "e"]
            .map(|name| (format!("pkg:npm/{name}@1.0.0"), "package-lock.json"))
            .each_ref()
            .map(|(purl, file)| (purl.as_str(), *file)),
    );
    let (report, _, messages) = scan(&sandbox, &[], &["--offline"]);
    assert_eq!(gaps(&report), ["the licenses of 2 npm packages are unknown (a first): their sources are not here"]);
    let told = |start: &str| messages.iter().any(|message| message.starts_with(start));
    assert!(told("c 1.0.0 declares no license (node_modules/c/package.json)"), "{messages:?}");
    assert!(told("d 1.0.0 declares `nobody") && told("e 1.0.0 is under AGPL-3.0-only (`AGPL-3.0` in "), "{messages:?}");
    assert!(!messages.iter().any(|message| message.contains('\u{1b}')));
}

#[test]
fn texts_tell_what_manifests_do_not_and_contradict_those_that_do() {
    let sandbox = Sandbox::new();
    sandbox.write("app/node_modules/silent/package.json", "{\"version\": \"1.0.0\"}");
    sandbox.write("app/node_modules/silent/LICENSE", "SPDX-License-Identifier: GPL-3.0-or-later\n");
    sandbox.write(
        "app/node_modules/named/package.json",
        "{\"version\": \"1.0.0\", \"license\": \"SEE LICENSE IN legal/TERMS\"}",
    );
    sandbox.write("app/node_modules/named/legal/TERMS", "SPDX-License-Identifier: AGPL-3.0-only\n");
    sandbox.write("app/node_modules/liar/package.json", "{\"version\": \"1.0.0\", \"license\": \"MIT\"}");
    sandbox.write("app/node_modules/liar/LICENSE", ISC);
    sandbox.write("app/node_modules/fine/package.json", "{\"version\": \"1.0.0\", \"license\": \"MIT OR ISC\"}");
    sandbox.write("app/node_modules/fine/LICENSE-ISC", ISC);
    let names = ["silent", "named", "liar", "fine"].map(|name| format!("pkg:npm/{name}@1.0.0"));
    bill(&sandbox, &names.each_ref().map(|name| (name.as_str(), "package-lock.json")));
    let (report, _, messages) = scan(&sandbox, &[], &["--offline"]);
    let mut rules: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["license/agpl-3.0-only", "license/gpl-3.0-or-later", "license/mismatch"], "{messages:?}");
    let told = |start: &str| messages.iter().any(|message| message.starts_with(start));
    assert!(told("silent 1.0.0 is under GPL-3.0-or-later (node_modules/silent/LICENSE:1)"), "{messages:?}");
    assert!(told("named 1.0.0 is under AGPL-3.0-only (node_modules/named/legal/TERMS:1)"), "{messages:?}");
    assert!(
        told("liar 1.0.0 contradicts itself: it declares MIT, and its files hold ISC (node_modules/liar/LICENSE:3)"),
        "{messages:?}"
    );
    // An exception that is bound to the text ends with it.
    let hash = "[[licenses.exceptions]]\npackage = \"pkg:npm/silent\"\nreason = \"asked\"\nevidence = ";
    let sum = "5fef83b2b0b2c0bb4e8fd0f9a3f3d8a6d3a2cd1b8f8bb0a0a8e8e45c3a4c4f1d";
    sandbox.write("app/.scanall.toml", format!("{hash}\"{sum}\"\n"));
    assert_eq!(scan(&sandbox, &[], &["--offline"]).2.len(), 3);
    let sum = sha256("SPDX-License-Identifier: GPL-3.0-or-later\n");
    sandbox.write("app/.scanall.toml", format!("{hash}\"{sum}\"\n"));
    assert_eq!(scan(&sandbox, &[], &["--offline"]).2.len(), 2);
}

fn sha256(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_finding_names_the_way_to_the_package() {
    let sandbox = Sandbox::new();
    sandbox
        .write("app/Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\nmiddle = \"1\"\n");
    let package = |name: &str, more: &str| {
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\nsource = \"{registry}\"\n{more}\n")
    };
    let own = "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"middle\"]\n\n";
    let lock = format!("version = 4\n\n{own}{}{}", package("gpl", ""), package("middle", "dependencies = [\"gpl\"]\n"));
    sandbox.write("app/Cargo.lock", lock);
    for (name, license) in [("gpl", "GPL-3.0-only"), ("middle", "MIT")] {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nlicense = \"{license}\"\n");
        sandbox.write(&format!("app/vendor/{name}/Cargo.toml"), manifest);
    }
    let (report, _) = sandbox.report("app", &["--only", "licenses"]);
    assert_eq!(places(&report), ["license/gpl-3.0-only Cargo.lock:9"]);
    let finding = &report["findings"][0];
    assert_eq!(
        finding["message"],
        "gpl 1.0.0 is under GPL-3.0-only (vendor/gpl/Cargo.toml:4), and GPL-3.0-only (copyleft-strong) is denied; middle \
         pulls it in"
    );
    assert_eq!(
        (&finding["related"][0]["path"], &finding["related"][0]["start_line"]),
        (&json!("Cargo.toml"), &json!(6))
    );
    // Somebody has to look at what is on the list for it.
    sandbox.write("app/.scanall.toml", "[licenses]\nreview = [\"GPL-3.0-only\"]\n");
    let (report, code) = sandbox.report("app", &["--only", "licenses"]);
    assert_eq!((places(&report), code), (vec!["license/review/gpl-3.0-only Cargo.lock:9".to_owned()], 0));
    assert_eq!(report["findings"][0]["severity"], "low");
}

#[test]
fn deps_dev_is_asked_when_somebody_says_so_and_once() {
    let sandbox = Sandbox::new();
    let provider = Provider::start(|_, _| Answer::json(200, &json!({ "licenses": ["AGPL-3.0-only"] })));
    let url = format!("http://{}", provider.address());
    let (cache, url) = (sandbox.path("cache"), Path::new(&url));
    let variables = [("SCANALL_DEPSDEV_URL", url), ("XDG_CACHE_HOME", cache.as_path())];
    bill(&sandbox, &[("pkg:npm/%40s/x@1.0.0", "package-lock.json"), ("pkg:hex/y@1", "mix.lock")]);
    sandbox.write("app/x", "");
    // Neither by itself nor offline.
    for more in [&[][..], &["--licenses", "online", "--offline"], &["--licenses", "disk"]] {
        let (report, _, messages) = scan(&sandbox, &variables, more);
        assert_eq!((messages.len(), gaps(&report).len(), provider.asked().len()), (0, 2, 0), "{messages:?}");
    }
    for _ in 0..2 {
        let (report, _, messages) = scan(&sandbox, &variables, &["--licenses", "online"]);
        assert_eq!(gaps(&report).len(), 1);
        assert!(
            messages[0].starts_with("@s/x 1.0.0 is under AGPL-3.0-only (deps.dev: npm/@s/x/1.0.0), and "),
            "{messages:?}"
        );
    }
    let asked: Vec<String> = provider.asked().into_iter().map(|question| question.line).collect();
    assert_eq!(asked, ["GET /v3/systems/npm/packages/%40s%2Fx/versions/1.0.0"]);
    sandbox.write("app/.scanall.toml", "[licenses]\nonline = true\n");
    assert_eq!(scan(&sandbox, &variables, &["--no-cache"]).2.len(), 1);
    assert_eq!(provider.asked().len(), 2);
    // A server that is not there is a gap.
    drop(provider);
    let (report, ..) = scan(&sandbox, &variables, &["--no-cache"]);
    let gaps = gaps(&report);
    assert!(
        gaps.iter().any(|gap| gap.starts_with("deps.dev could not be asked for the licenses of 1 package: ")),
        "{gaps:?}"
    );
}

#[test]
fn a_module_that_is_there_without_a_license_has_none() {
    let sandbox = Sandbox::new();
    sandbox.write("app/vendor/example.com/m/m.go", "package m\n");
    bill(&sandbox, &[("pkg:golang/example.com/m@1.0.0", "go.mod"), ("pkg:golang/example.com/n@1.0.0", "go.mod")]);
    let (report, _, messages) = scan(&sandbox, &[], &["--offline"]);
    assert_eq!(messages, ["example.com/m 1.0.0 declares no license (vendor/example.com/m)"]);
    assert_eq!(
        gaps(&report),
        ["the licenses of 1 Go package are unknown (example.com/n first): their sources are not here"]
    );
}
