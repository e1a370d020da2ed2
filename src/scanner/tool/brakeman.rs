//! Brakeman: weaknesses of Rails applications, whose code it reads and does not run.
//!
//! Its configuration, `config/brakeman.yml`, is read by Brakeman itself; since 4.0 it takes no checks from there.

use super::files;
use super::spec::{Output, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// Brakeman as a layer.
pub static BRAKEMAN: Spec = Spec {
    name: "brakeman",
    programs: &["brakeman"],
    about: "weaknesses of Rails applications, by Brakeman",
    kinds: &[Kind::Code],
    install: "gem install brakeman",
    oldest: "4.0.0",
    wanted: &[APPLICATION],
    prepare: Prepare::Decide(prepare),
    good: &[0],
    // https://brakemanscanner.org/docs/options/
    meaning: &[
        (4, "it found no Rails application"),
        (5, "it found a newer version of itself"),
        (6, "it found no check to run"),
        (7, "some files have errors"),
    ],
    // A configuration could send the report elsewhere.
    output: Output::File("brakeman.json"),
    format: "brakeman",
    usual: 10,
    ..Spec::PLAIN
};

/// The file that every Rails application has.
const APPLICATION: &str = "**/config/application.rb";

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let (files, _) = files::fitting(context, &[APPLICATION]);
    let mut roots = files.iter().filter_map(|file| file.strip_suffix("config/application.rb"));
    let Some(root) = roots.next() else {
        return Preparation::Skip("there is no Rails application in the chosen folder".to_owned());
    };
    let others = roots.count();
    if others > 0 {
        let more = text::count(others, "other Rails application");
        sink.gap(Gap::unavailable(format!("brakeman looks at one application, and left out {more}")));
    }
    let arguments = [
        "--quiet",
        "--no-pager",
        "--no-exit-on-warn",
        "--no-exit-on-error",
        "--format",
        "json",
        "--output",
        "{report}",
    ];
    let place = ["--path".to_owned(), root.to_owned()];
    Preparation::Run(arguments.into_iter().map(str::to_owned).chain(place).collect())
}
