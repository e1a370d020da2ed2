//! govulncheck: Go modules with advisories, and whether the code reaches what is vulnerable. It asks Go for the packages of
//! the module, which runs no code of it: no compiler for C, no version control, no other toolchain that it names.

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// govulncheck as a layer.
pub static GOVULNCHECK: Spec = Spec {
    name: "govulncheck",
    programs: &["govulncheck"],
    about: "Go modules with advisories, by govulncheck",
    kinds: &[Kind::Advisory],
    install: "go install golang.org/x/vuln/cmd/govulncheck@latest",
    // What tells the version asks the server of the database too.
    question: &["-h"],
    wanted: &["go.mod"],
    network: Network::Always("vuln.go.dev and the module proxy, for Go's advisories and modules"),
    prepare: Prepare::Decide(prepare),
    meaning: &[(1, "it could not check the module")],
    format: "govulncheck",
    environment: &["GOPATH", "GOROOT", "GOCACHE", "GOMODCACHE", "GOPROXY", "GONOSUMDB", "GOPRIVATE"],
    set: &[
        ("CGO_ENABLED", "0"),
        ("GOTOOLCHAIN", "local"),
        ("GOVCS", "*:off"),
        ("GOFLAGS", "-mod=readonly -buildvcs=false"),
        ("GOWORK", "off"),
    ],
    usual: 30,
    ..Spec::PLAIN
};

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    if let Some(reason) = super::wanted::not_at_root("go.mod", "govulncheck", context) {
        return Preparation::Skip(reason);
    }
    Preparation::Run(["-C", "{target}", "-json", "./..."].map(str::to_owned).to_vec())
}
