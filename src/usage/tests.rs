use std::fs;

use proptest::prelude::*;

use super::*;

/// What one file says of a package: the line of the import, with `!` and the symbol where one is mentioned; `-` for none,
/// `?` for unknown.
fn say(path: &str, text: &str, ecosystem: Ecosystem, name: &str, code: &[Code]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    let target = Target::open(folder.path()).unwrap();
    let usage = search(&target, &|_| false, &[Question { ecosystem, name, code }]).remove(0);
    let line = |place: Location| place.span.map(|span| span.start_line).unwrap_or_default();
    match usage {
        Usage::Unknown => "?".to_owned(),
        Usage::NotMentioned => "-".to_owned(),
        Usage::Imported(place) => line(place).to_string(),
        Usage::SymbolMentioned { place, symbol } => format!("{}!{symbol}", line(place)),
    }
}

fn check(ecosystem: Ecosystem, path: &str, rows: &[(&str, &str, &str)]) {
    for (name, text, expected) in rows {
        assert_eq!(say(path, text, ecosystem, name, &[]), *expected, "{name} in {text}");
    }
}

#[test]
fn rust() {
    check(
        Ecosystem::Cargo,
        "a.rs",
        &[
            ("sand-clock", "mod a;\nuse sand_clock::Hour;", "2"),
            ("clock", "pub(crate) use ::clock as c;", "1"),
            ("clock", "#[macro_use] extern crate clock;", "1"),
            ("clock", "use {other::x, clock::y};", "1"),
            ("clock", "fn f() -> clock::Hour { x }", "1"),
            ("clock", "    let x = 1;\n    clock::tick();", "2"),
            ("clock", "    f(a, clock::tick(b))", "1"),
            ("clock", "impl clock::Tick for X {}", "1"),
            ("clock", "#[derive(Debug, clock::Tick)]", "1"),
            ("clock", "use std::clock::x;", "-"),
            ("clock", "use std::{fs, clock::Hour};", "-"),
            ("clock", "use std::{\n    clock::{Hour, Minute},\n    clock::Second,\n};", "-"),
            ("clock", "let clocks = sand_clock::x();", "-"),
            ("clock", "// use clock::Hour;\n/// clock::tick()", "-"),
            ("clock-sys", "use clock::Hour;", "?"),
            ("md-5", "use md5::Digest;", "1"),
            ("clock", "struct X {\n    at: clock::Hour,\n}", "2"),
            ("clock", "mod clock;\nfn f() { clock::tick() }", "?"),
            ("clock", "use std::{clock, fs};\nfn f() { clock::tick() }", "?"),
            ("clock", "use crate::clock;\nfn f() {}", "-"),
            ("clock", "fn f() { clock::tick() }\nmod clock {}", "?"),
            ("clock", "use clock::{clock, tick};", "1"),
        ],
    );
}

#[test]
fn javascript() {
    check(
        Ecosystem::Npm,
        "a.ts",
        &[
            ("clock", "const c = require('clock');", "1"),
            ("clock", "import {\n  a,\n} from \"clock/face\";", "3"),
            ("clock", "import 'clock';", "1"),
            ("clock", "const c = await import(/* webpackChunkName: \"c\" */ `clock`)", "1"),
            ("clock", "export * from 'npm:clock@1.2/face'", "1"),
            ("clock", "import c from 'https://esm.sh/clock@1'", "1"),
            ("clock", "define(['x', 'clock'], f)", "1"),
            ("@sand/clock", "import c from '@sand/clock'", "1"),
            ("clock", "import c from '@sand/clock'", "-"),
            ("clock", "import c from 'clock-face'", "-"),
            ("clock", "import c from './clock'", "-"),
            ("clock", "const clock = 'clock'", "-"),
            ("clock", "// import c from 'clock'\n * require('clock')", "-"),
            ("webpack-clock", "", "?"),
        ],
    );
    assert_eq!(say("a.html", "<script src=\"//unpkg.com/clock@1/x.js\">", Ecosystem::Npm, "clock", &[]), "1");
    assert_eq!(say("a.html", "<p>", Ecosystem::Npm, "clock", &[]), "?", "a page alone is no source");
    assert_eq!(say("a.ts", "import c from \"jsr:@sand/clock@1\"", Ecosystem::Jsr, "@sand/clock", &[]), "1");
}

#[test]
fn python() {
    check(
        Ecosystem::PyPi,
        "a.py",
        &[
            ("Sand_Clock", "import sand_clock", "1"),
            ("clock", "import os, clock as c, sys", "1"),
            ("clock", "try: import clock", "1"),
            ("clock", "    from clock.face import (\n  a,\n)", "1"),
            ("sand.clock", "from sand import clock", "1"),
            ("sand.clock", "from sand.clock import x", "1"),
            ("clock", "c = importlib.import_module('clock.face')", "1"),
            ("clock", "x = {'class': 'clock.handlers.Handler'}", "1"),
            ("PyYAML", "import json\nimport yaml", "2"),
            ("Pillow", "from PIL import Image", "1"),
            ("beautifulsoup4", "from bs4 import BeautifulSoup", "1"),
            ("python-dateutil", "import dateutil.parser", "1"),
            ("protobuf", "from google.protobuf import message", "1"),
            ("clock", "from .clock import x\nfrom sand.clock import y\nimport clocks", "-"),
            ("clock", "# import clock\nx = 'clock.txt'", "-"),
            ("clock", "clock = 1", "-"),
            ("py-clock", "import clock", "?"),
            ("sand-clock", "import clock", "?"),
            ("sand-clock", "import hourglass", "-"),
            ("gunicorn", "import clock", "?"),
        ],
    );
    let notebook = "{\"cells\": [{\"source\": [\n    \"import clock as c\\n\",\n    \"c.tick()\"]}]}";
    assert_eq!(say("a.ipynb", notebook, Ecosystem::PyPi, "clock", &[]), "2");
    let flat = r##"{"cells": [{"source": ["# Title\nimport clock\n"]}]}"##;
    assert_eq!(say("a.ipynb", flat, Ecosystem::PyPi, "clock", &[]), "1");
}

#[test]
fn go() {
    check(
        Ecosystem::Go,
        "a.go",
        &[
            ("sand.test/clock", "import \"sand.test/clock\"", "1"),
            ("sand.test/clock", "import (\n\t\"fmt\"\n\tc \"sand.test/clock/face\" // x\n)", "3"),
            ("sand.test/clock/v2", "import _ \"sand.test/clock/v2/face\"", "1"),
            ("sand.test/clock", "import (\"fmt\"; \"sand.test/clock\")", "1"),
            ("sand.test/clock", "import \"sand.test/clock/v2/face\"", "-"),
            ("sand.test/clock", "import \"sand.test/clock/vendor\"", "1"),
            ("sand.test/clock", "import \"sand.test/clocks\"", "-"),
            ("sand.test/clock", "x := []string{\n\t\"sand.test/clock\",\n}", "-"),
            ("sand.test/clock", "// import \"sand.test/clock\"", "-"),
            ("toolchain", "import \"fmt\"", "?"),
        ],
    );
}

#[test]
fn java_and_its_neighbours() {
    check(
        Ecosystem::Maven,
        "A.kt",
        &[
            ("test.sand:clock", "import test.sand.Hour", "1"),
            ("test.sand:clock", "import static test.sand.Hour.*;", "1"),
            ("test.sand:clock", "val x = test.sand.Hour()", "1"),
            ("test.sand:clock", "(:import [test.sand Hour])", "1"),
            ("test.sand:clock", "Class.forName(\"test.sand.Hour\")", "1"),
            ("test.sand:clock", "package test.sand.x", "?"),
            ("test.sand:clock", "implementation(\"test.sand:clock:1\")", "?"),
            ("test.sand:clock", "import test.sandbox.X", "?"),
            ("commons-io:commons-io", "import org.apache.commons.lang3.X", "-"),
            ("commons-io:commons-io", "import org.apache.commons.io.FileUtils", "1"),
            ("com.google.guava:guava", "import com.google.common.base.*;", "1"),
            ("com.google.guava:guava", "import com.google.gson.Gson", "-"),
            ("org.apache.logging.log4j:log4j-core", "import org.apache.logging.log4j.LogManager", "1"),
            ("org.apache.logging.log4j:log4j-core", "import org.slf4j.Logger", "?"),
            ("org.apache.commons:commons-unheard", "import org.apache.commons.io.X", "?"),
            ("com.azure:azure-storage-blob", "import com.azure.storage.blob.X", "1"),
            ("com.azure:azure-storage-blob", "import com.azure.identity.X", "?"),
        ],
    );
}

#[test]
fn ruby() {
    check(
        Ecosystem::RubyGems,
        "lib/a.rb",
        &[
            ("sand-clock", "require 'sand/clock'", "1"),
            ("sand-clock", "  Sand::Clock.tick", "1"),
            ("sand_clock", "class X < SandClock::Base", "1"),
            ("clock", "# Clock.tick\nclock = 1", "?"),
            ("clock", "My::Clock.tick", "?"),
            ("nokogiri", "doc = Nokogiri::HTML(x)", "1"),
            ("nokogiri", "require 'rexml/document'", "-"),
            ("rexml", "require 'rexml/document'", "1"),
        ],
    );
    assert_eq!(say("Rakefile", "require 'clock'", Ecosystem::RubyGems, "clock", &[]), "1");
}

#[test]
fn php() {
    check(
        Ecosystem::Packagist,
        "a.php",
        &[
            ("sand/clock-face", "<?php\nuse Sand\\ClockFace\\Hour;", "2"),
            ("sand/clock", "$x = new \\Sand\\Clock\\Hour();", "1"),
            ("sand/clock", "$x = 'Sand\\\\ClockHour';", "?"),
            ("sand/clock", "namespace Sand\\Clock\\X;", "?"),
            ("guzzlehttp/guzzle", "use GuzzleHttp\\Client;", "1"),
            ("guzzlehttp/guzzle", "use Monolog\\Logger;", "-"),
            ("tecnickcom/tcpdf", "$pdf = new TCPDF('P');", "1"),
            ("symfony/http-kernel", "use Symfony\\Component\\HttpKernel\\Kernel;", "1"),
            ("symfony/http-kernel", "use Symfony\\Component\\Yaml\\Yaml;", "?"),
            ("yiisoft/yii2", "use yii\\web\\Controller;", "1"),
        ],
    );
}

#[test]
fn dotnet() {
    check(
        Ecosystem::NuGet,
        "A.cs",
        &[
            ("Sand.Clock", "using Sand.Clock;", "1"),
            ("Sand.Clock", "global using static Sand.Clock.Hour;", "1"),
            ("Sand.Clock", "var x = new Sand.Clock.Hour();", "1"),
            ("Sand.Clock", "using Sand.Clocks;", "?"),
            ("Sand.Clock", "// using Sand.Clock;", "?"),
            ("newtonsoft.json", "using Newtonsoft.Json.Linq;", "1"),
            ("Newtonsoft.Json", "using System.Text.Json;", "-"),
            ("SSH.NET", "using Renci.SshNet;", "1"),
        ],
    );
}

#[test]
fn smaller_ecosystems() {
    for (path, ecosystem, name, text, expected) in [
        ("a.dart", Ecosystem::Pub, "clock", "import 'package:clock/clock.dart';", "1"),
        ("a.dart", Ecosystem::Pub, "clock", "import 'package:sand_clock/clock.dart';", "-"),
        ("a.ex", Ecosystem::Hex, "sand_clock", "  SandClock.tick()", "1"),
        ("a.ex", Ecosystem::Hex, "plug_clock", "  {Plug.Clock, scheme: :http}", "1"),
        ("a.ex", Ecosystem::Hex, "clock", "My.Clock.tick()", "?"),
        ("a.erl", Ecosystem::Hex, "clock", "f() -> clock:tick().", "1"),
        ("a.swift", Ecosystem::Swift, "https://github.com/Sand/swift-clock.git", "@testable import Clock", "1"),
        ("a.swift", Ecosystem::Swift, "github.com/sand/clock", "import Clocks", "?"),
        ("a.swift", Ecosystem::Swift, "https://github.com/apple/swift-nio", "import NIOCore", "1"),
        ("a.m", Ecosystem::CocoaPods, "SandClock", "#import <SandClock/Hour.h>", "1"),
        ("a.R", Ecosystem::Cran, "clock", "library(clock)", "1"),
        ("a.R", Ecosystem::Cran, "clock", "x <- clock::tick(1)", "1"),
        ("a.R", Ecosystem::Cran, "clock", "#' @importFrom clock tick", "1"),
        ("a.R", Ecosystem::Cran, "clock", "# library(clock)\nlibrary(sand.clock)", "-"),
        ("NAMESPACE", Ecosystem::Bioconductor, "clock", "importFrom(clock, tick)", "1"),
        ("a.jl", Ecosystem::Julia, "Clock", "using Sand, Clock: tick", "1"),
        ("a.jl", Ecosystem::Julia, "Clock", "using Clocks", "-"),
        ("a.hs", Ecosystem::Hackage, "aeson", "import qualified Data.Aeson as A", "1"),
        ("a.hs", Ecosystem::Hackage, "aeson", "import Data.Text", "-"),
        ("a.hs", Ecosystem::Hackage, "clock", "import System.Clock", "?"),
        ("a.cpp", Ecosystem::Conan, "libpng", "#include <libpng16/png.h>", "1"),
        ("a.cpp", Ecosystem::Conan, "clock", "#include \"sand.h\"", "?"),
        ("a.py", Ecosystem::Docker, "python", "import clock", "?"),
        ("a.yml", Ecosystem::GitHubActions, "sand/clock", "uses: sand/clock@v1", "?"),
    ] {
        assert_eq!(say(path, text, ecosystem, name, &[]), expected, "{name} in {text}");
    }
}

fn code(package: &str, import: &str, symbols: &[&str]) -> Code {
    let symbols = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
    Code { package: package.to_owned(), import: import.to_owned(), symbols }
}

#[test]
fn symbols_of_go() {
    let name = "sand.test/clock";
    let known = [
        code(name, "sand.test/clock/face", &["Parse", "Hand.Move", "hidden"]),
        code("sand.test/other", "sand.test/clock", &["Tick"]),
    ];
    for (text, expected) in [
        ("import f \"sand.test/clock/face\"\nvar x = f.Parse(y)", "2!Parse"),
        ("import \"sand.test/clock/face\"\nvar x = hand.Move()\n", "2!Hand.Move"),
        ("import \"sand.test/clock/face\"\nvar x = Parse(y) // f.Parse\n", "2!Parse"),
        ("import \"sand.test/clock/face\"\n// f.Parse(y)\nfunc Parse() { x.hidden() }", "1"),
        ("import \"sand.test/clock\"\nvar x = f.Parse(clock.Tick)", "1"),
        ("import \"fmt\"\nvar x = f.Parse(y)", "-"),
    ] {
        assert_eq!(say("a.go", text, Ecosystem::Go, name, &known), expected, "{text}");
    }
    let library = [code("stdlib", "net/http", &["Header.Get"]), code("stdlib", "archive/zip", &["OpenReader"])];
    for (text, expected) in [
        ("import \"archive/zip\"\nvar x, _ = zip.OpenReader(y)", "2!OpenReader"),
        ("import \"net/http\"", "1"),
        ("import \"net/http/httptest\"", "-"),
    ] {
        assert_eq!(say("a.go", text, Ecosystem::Go, "stdlib", &library), expected, "{text}");
    }
    assert_eq!(say("a.go", "import \"net/http\"", Ecosystem::Go, "stdlib", &[]), "?");
}

#[test]
fn symbols_of_rust() {
    let known = [code("clock", "", &["clock::face::parse", "clock::Hand::turn"])];
    for (text, expected) in [
        ("use clock::face;\nlet x = face::parse(y);", "2!clock::face::parse"),
        ("use clock::face::{read, parse};", "1!clock::face::parse"),
        ("use clock::Hand;\nhand.turn(1);", "2!clock::Hand::turn"),
        ("use clock::Hand;\nlet f = Hand::turn;", "2!clock::Hand::turn"),
        ("use clock::Hand;\nx.parse(); turn(); Page::turn();\n// parse", "1"),
        ("use other::Hand;\nhand.turn(1);", "-"),
    ] {
        assert_eq!(say("a.rs", text, Ecosystem::Cargo, "clock", &known), expected, "{text}");
    }
}

fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    folder
}

fn npm(name: &str) -> Question<'_> {
    Question { ecosystem: Ecosystem::Npm, name, code: &[] }
}

#[test]
fn a_tree() {
    let folder = tree(&[
        ("b.js", b"require('b')\nrequire('c')"),
        ("a/z.js", b"\n\n  require('b')"),
        ("a/node_modules/x/index.js", b"require('d')"),
        ("vendor/x.js", b"require('d')"),
        ("src/vendor/x.js", b"require('e')"),
        ("left/x.js", b"require('f')"),
        ("wide.js", b"\xff\xfer\0e\0q\0u\0i\0r\0e\0(\0'\0g\0'\0)\0"),
        ("film.ts", b"\0\0require('h')"),
    ]);
    let target = Target::open(folder.path()).unwrap();
    let questions: Vec<Question> = ["b", "c", "d", "e", "f", "g", "h"].into_iter().map(npm).collect();
    let is_excluded = |path: &RepoPath| path.as_str().starts_with("left/");
    let places: Vec<String> = search(&target, &is_excluded, &questions)
        .into_iter()
        .map(|usage| match usage {
            Usage::Imported(place) => place.to_string(),
            Usage::NotMentioned => "-".to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(places, ["a/z.js:3", "b.js:2", "-", "src/vendor/x.js:1", "-", "wide.js:1", "-"]);
}

#[test]
fn a_file_that_is_too_long_leaves_a_miss_open() {
    let long = [b"require('b')\n".to_vec(), vec![b' '; MAX_SEARCHED], b"require('c')".to_vec()].concat();
    let folder = tree(&[("a.js", &long), ("b.py", b"import x")]);
    let target = Target::open(folder.path()).unwrap();
    let flask = Question { ecosystem: Ecosystem::PyPi, name: "flask", code: &[] };
    let usages = search(&target, &|_| false, &[npm("b"), npm("c"), flask]);
    assert!(matches!(&usages[0], Usage::Imported(place) if place.span.is_some_and(|span| span.start_line == 1)));
    assert_eq!(usages[1..], [Usage::Unknown, Usage::NotMentioned]);
}

#[test]
fn other_names_in_manifests() {
    let manifest = b"[dependencies]\nhourglass = { version = \"1\", package = \"sand-clock\" }\n\n[dependencies.sundial]\nversion = \"1\"\nfeatures = [\n  \"x\",\n]\n\npackage = \"sun\"\n";
    let folder = tree(&[
        ("Cargo.toml", manifest),
        ("src/a.rs", b"use hourglass::Sand;\nuse sundial::Sun;"),
        ("package.json", b"{\"dependencies\": {\"clock4\": \"npm:@sand/clock@^4\"}}"),
        ("b.js", b"require('clock4/x')"),
        (
            "composer.lock",
            br#"{"packages": [{"name": "sand/clock", "autoload": {"psr-4": {"Hour\\Glass\\": "src/"}}},
            {"name": "sand/moon", "autoload": {"psr-4": {"Moon\\": "src/"}}}]}"#,
        ),
        ("c.php", b"<?php use Hour\\Glass\\Sand;"),
    ]);
    let target = Target::open(folder.path()).unwrap();
    let cargo = |name| Question { ecosystem: Ecosystem::Cargo, name, code: &[] };
    let php = |name| Question { ecosystem: Ecosystem::Packagist, name, code: &[] };
    let questions =
        [cargo("sand-clock"), cargo("sun"), npm("@sand/clock"), php("sand/clock"), cargo("moon"), php("sand/moon")];
    let usages = search(&target, &|_| false, &questions);
    assert!(usages[..4].iter().all(|usage| matches!(usage, Usage::Imported(_))), "{usages:?}");
    assert_eq!(usages[4..], [Usage::NotMentioned, Usage::NotMentioned]);
}

/// One package of each ecosystem, for texts of any kind.
fn questions() -> Vec<Question<'static>> {
    Ecosystem::all().map(|ecosystem| Question { ecosystem, name: "a", code: &[] }).collect()
}

proptest! {
    #[test]
    fn no_text_and_no_name_is_too_much(
        text in "(?s)([a\"'` .:;{}()\\\\/\n-]|import|use|from|require|using|::|é|.){0,60}",
        name in "(?s).{0,20}",
    ) {
        let known = [code("", "a", &["a", &name])];
        let mut questions = questions();
        questions.extend(Ecosystem::all().map(|ecosystem| Question { ecosystem, name: &name, code: &known }));
        let told = Told::default();
        for language in &RULES.languages {
            let matcher = Matcher::new(language, &questions, &told);
            for (question, _) in matcher.search(text.as_bytes(), &RepoPath::new("x"), 0) {
                prop_assert!(language.is_of(questions[question].ecosystem));
            }
        }
    }
}
