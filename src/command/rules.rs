//! `scanall rules`: which secret rules there are, what they find, and whether they keep their examples.

use std::sync::Arc;

use comfy_table::Cell;
use rayon::prelude::*;
use serde::Serialize;

use super::{Answer, Surroundings};
use crate::cli::rules::{ListArgs, RulesCommand, ShowArgs, TestArgs};
use crate::error::Error;
use crate::explain::secret;
use crate::output::style::Style;
use crate::rule::pack;
use crate::rule::secret::SecretRule;
use crate::scanner::secrets::trial;
use crate::{output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;

/// Does what was asked for.
///
/// # Errors
/// A pack cannot be read, or no rule has the name.
pub fn run(command: &RulesCommand, around: &Surroundings) -> Result<Answer, Error> {
    match command {
        RulesCommand::List(args) => list(args, around.style),
        RulesCommand::Show(args) => show(args, around.style),
        RulesCommand::Test(args) => test(args),
    }
}

/// The built-in rules and those of the packs.
fn rules(packs: &[std::path::PathBuf]) -> Result<Vec<Arc<SecretRule>>, Error> {
    let mut lists = vec![pack::embedded()];
    for path in packs {
        lists.push(pack::load(path)?);
    }
    Ok(pack::merge(lists))
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    provider: &'a str,
    severity: &'static str,
    confidence: &'static str,
    keywords: &'a [String],
    /// The page where the credential is replaced; `null` when nobody names one.
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    rules: Vec<Entry<'a>>,
}

fn list(args: &ListArgs, style: Style) -> Result<Answer, Error> {
    let rules = rules(&args.rules)?;
    let entry = |rule: &'_ Arc<SecretRule>| -> (String, String, String, String) {
        let id = rule.id().to_owned();
        (rule.provider.clone(), id, rule.rule.title.clone(), format!("{}, {}", rule.severity, rule.confidence.id()))
    };
    if args.listing.is_json() {
        let rules = rules
            .iter()
            .map(|rule| Entry {
                id: &rule.rule.id,
                title: &rule.rule.title,
                provider: &rule.provider,
                severity: rule.severity.id(),
                confidence: rule.confidence.id(),
                keywords: &rule.keywords,
                url: rule.rule.url.as_deref(),
            })
            .collect();
        return output::document(&Document { schema: SCHEMA, rules }).map(Answer::of);
    }
    let mut lines: Vec<_> = rules.iter().map(entry).collect();
    lines.sort_by_key(|(provider, id, ..)| (provider.to_lowercase(), id.clone()));
    let mut table = style.table();
    table.set_header(["Provider", "Rule", "What it finds", "Severity, confidence"]);
    let mut last = String::new();
    let count = lines.len();
    let mut providers = 0;
    for (provider, id, title, rating) in lines {
        let is_next = provider != last;
        providers += usize::from(is_next);
        let shown = text::printable(if is_next { &provider } else { "" });
        table.add_row([shown, text::printable(&id), text::printable(&title), rating].map(Cell::new));
        last = provider;
    }
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 1));
    }
    let total = format!("{} of {}", text::count(count, "rule"), text::count(providers, "provider"));
    Ok(Answer::of(format!("{}\n\n{total}\n", table.trim_fmt())))
}

fn show(args: &ShowArgs, style: Style) -> Result<Answer, Error> {
    let rules = rules(&args.rules)?;
    let wanted = args.rule.trim_start_matches("secret/");
    let ids = || rules.iter().map(|rule| rule.id());
    match rules.iter().find(|rule| rule.id() == wanted) {
        Some(rule) => Ok(Answer::of(secret::page_of(rule).write(style))),
        None => {
            let error = Error::usage(format!("there is no rule `{}`", text::printable(wanted)));
            Err(match text::nearest(wanted, ids()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("`scanall rules list` lists them"),
            })
        }
    }
}

/// Runs the examples; what goes wrong is the answer, and the run has failed.
fn test(args: &TestArgs) -> Result<Answer, Error> {
    let rules = match args.packs.is_empty() {
        true => pack::embedded(),
        false => {
            let lists = args.packs.iter().map(|path| pack::load(path)).collect::<Result<Vec<_>, _>>()?;
            lists.into_iter().flatten().collect()
        }
    };
    let problems: Vec<String> = rules.par_iter().flat_map_iter(trial::problems).collect();
    let examples: usize =
        rules.iter().map(|rule| rule.examples.len() + rule.counter_examples.len() + rule.confirmed.len()).sum();
    let tried = format!("{} of {}", text::count(examples, "example"), text::count(rules.len(), "rule"));
    if problems.is_empty() {
        return Ok(Answer::of(format!("{tried}: all as they should be\n")));
    }
    let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    Ok(Answer::failed(format!("{lines}\n{tried}: {}\n", text::count(problems.len(), "problem"))))
}
