//! Safety: vulnerable Python packages of requirements.

use super::requirements::{self, Requirements, WANTED};
use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Safety as a layer. It runs in an empty folder, so that no `.safety-policy.yml` of the scanned tree is read.
pub static SAFETY: Spec = Spec {
    name: "safety",
    programs: &["safety"],
    about: "vulnerable Python packages, by Safety",
    kinds: &[Kind::Advisory],
    install: "pip install safety",
    wanted: WANTED,
    network: Network::Always("safetycli.com, which it gets its database from"),
    prepare: Prepare::Decide(prepare),
    // 64 of version 2 and 255 of version 1: it found something.
    good: &[0, 64, 255],
    silent: &[],
    // https://github.com/pyupio/safety/blob/main/safety/constants.py
    meaning: &[
        (1, "it could not go on"),
        (65, "its key is invalid"),
        (66, "it asked too often"),
        (67, "its database on this machine cannot be read"),
        (68, "its database cannot be fetched"),
        (69, "its database is damaged"),
        (71, "a requirement is invalid"),
    ],
    format: "safety",
    settle: requirements::settle,
    usual: 10,
    ..Spec::PLAIN
};

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let all = Requirements::of(context);
    let files = Requirements::arguments(&all, "--file", context);
    if files.is_empty() {
        return Preparation::Skip("no requirements pin every version, and safety looks at no others".to_owned());
    }
    let mut arguments = ["check", "--json"].map(str::to_owned).to_vec();
    arguments.extend(files);
    Preparation::Run(arguments)
}
