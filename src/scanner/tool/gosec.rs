//! gosec: weaknesses in Go.
//!
//! It runs in the target, since Go finds a module by the folder it is in. It compiles nothing; but the Go command, which
//! it asks for packages, could load another version of itself, run a C compiler and fetch modules: all of that is off.

use super::spec::{Folder, Prepare, Spec};
use crate::finding::Kind;

/// gosec as a layer.
pub static GOSEC: Spec = Spec {
    name: "gosec",
    programs: &["gosec"],
    about: "weaknesses in Go, by gosec",
    kinds: &[Kind::Code, Kind::Secret],
    install: "https://github.com/securego/gosec",
    oldest: "2.0.0",
    question: &["-version"],
    wanted: &["*.go"],
    prepare: Prepare::Words(&["-quiet", "-fmt=json", "{target}/..."]),
    folder: Folder::Target,
    // 1 says that there are issues, or that a file could not be compiled, which the report tells.
    good: &[0, 1],
    format: "gosec",
    environment: &["GOPATH", "GOMODCACHE", "GOCACHE", "GOROOT"],
    set: &[
        ("GOTOOLCHAIN", "local"),
        ("GOPROXY", "off"),
        ("GOFLAGS", ""),
        ("GOENV", "off"),
        ("GOWORK", "off"),
        ("CGO_ENABLED", "0"),
    ],
    usual: 20,
    ..Spec::PLAIN
};
