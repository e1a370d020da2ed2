//! The programs that a project adds by `[[tool]]`, as if each had a file here.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::spec::{Network, Output, Prepare, Spec};
use crate::config::tools::OwnTool;

/// Those of the configuration that counts, and every other that was made of one: specs live as long as the process, so
/// each is made once.
#[derive(Default)]
struct Known {
    made: BTreeMap<String, &'static Spec>,
    current: Vec<&'static Spec>,
}

static KNOWN: Mutex<Known> = Mutex::new(Known { made: BTreeMap::new(), current: Vec::new() });

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes layers of the programs of a configuration, in place of those of an earlier one.
pub fn announce(tools: &[OwnTool]) {
    let mut known = known();
    let spec = |tool: &OwnTool| *known.made.entry(format!("{tool:?}")).or_insert_with(|| make(tool));
    known.current = tools.iter().map(spec).collect();
}

/// The layers that were announced.
pub fn all() -> Vec<&'static Spec> {
    known().current.clone()
}

fn make(tool: &OwnTool) -> &'static Spec {
    let name = keep(&tool.name);
    let (program, arguments) = tool.command.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
    let to_file = arguments.iter().any(|word| word.contains("{report}"));
    let words = |list: &[String]| -> &'static [&'static str] {
        Box::leak(list.iter().map(|word| keep(word)).collect::<Vec<_>>().into_boxed_slice())
    };
    Box::leak(Box::new(Spec {
        name,
        programs: Box::leak(Box::new([keep(program)])),
        about: "a program of the project's own",
        kinds: Box::leak(tool.kinds.iter().map(|kind| kind.0).collect::<Vec<_>>().into_boxed_slice()),
        install: "listed as a [[tool]] in the configuration",
        wanted: words(&tool.wanted),
        network: if tool.network { Network::Always("a server, as its [[tool]] says") } else { Network::Never },
        prepare: Prepare::Words(words(arguments)),
        good: Box::leak(tool.good.clone().into_boxed_slice()),
        output: if to_file { Output::File("report") } else { Output::Standard },
        format: keep(&tool.format),
        environment: words(&tool.environment),
        is_own: true,
        ..Spec::PLAIN
    }))
}

fn keep(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}
