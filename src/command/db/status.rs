//! `scanall db status`: what the store has.

use comfy_table::Cell;
use jiff::Timestamp;
use serde::Serialize;

use super::{Answer, Surroundings, megabytes, place};
use crate::advisories::store::{Coverage, Feed, Store, meta};
use crate::cli::db::StatusArgs;
use crate::error::Error;
use crate::output::style::Style;
use crate::{output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;

/// Says what the store has.
///
/// # Errors
/// There is none, or it cannot be read.
pub(super) fn run(args: &StatusArgs, around: &Surroundings) -> Result<Answer, Error> {
    let path = match &args.store {
        Some(path) => path.clone(),
        None => place(around)?,
    };
    if args.store.is_none() && !path.is_file() {
        return Err(
            Error::usage("there is no advisory store yet").hint("`scanall db update` or `scanall db import` makes one")
        );
    }
    let store = Store::open(&path)?;
    let now = around.environment.now.as_second();
    let shown = text::printable(&path.display().to_string());
    let text = match args.listing.is_json() {
        true => json(&store, &shown, now)?,
        false => table(&store, &shown, now, around.style),
    };
    Ok(Answer::of(text))
}

fn table(store: &Store, path: &str, now: i64, style: Style) -> String {
    let about = store.meta();
    let mut table = style.table();
    table.set_header(["Source", "Ecosystem", "Advisories", "Complete as of", "Newest change"]);
    for Coverage { source, ecosystem, advisories, as_of, newest, .. } in &about.coverage {
        let (source, ecosystem) = (text::printable(source), text::printable(ecosystem));
        let count = text::grouped(*advisories as u64);
        table.add_row([source, ecosystem, count, aged(*as_of, now), day(*newest)].map(Cell::new));
    }
    for (name, feed) in [("KEV", &about.kev), ("EPSS", &about.epss)] {
        if let Some(Feed { entries, as_of, .. }) = feed {
            let count = text::grouped(*entries as u64);
            table.add_row([name, "", &count, &aged(*as_of, now), ""].map(Cell::new));
        }
    }
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 1));
    }
    let (size, core) = store.size();
    let all = text::count(about.advisories, "advisory");
    let each = core.checked_div(about.advisories).unwrap_or_default();
    format!("{}\n\n{all} in {path}: {}, {each} bytes each to match\n", table.trim_fmt(), megabytes(size))
}

fn aged(time: i64, now: i64) -> String {
    match meta::days_between(time, now) {
        0 => format!("{}, today", day(time)),
        days => format!("{}, {}", day(time), text::count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
    }
}

fn day(time: i64) -> String {
    if time <= 0 {
        return "-".to_owned();
    }
    Timestamp::from_second(time).map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    path: &'a str,
    bytes: usize,
    /// Those that are needed to match, without texts.
    core_bytes: usize,
    advisories: usize,
    created: String,
    sources: Vec<Entry<'a>>,
    kev: Option<List>,
    epss: Option<List>,
}

#[derive(Serialize)]
struct Entry<'a> {
    source: &'a str,
    ecosystem: &'a str,
    advisories: usize,
    as_of: String,
    newest: String,
    /// Whole days since it was complete.
    days: u64,
}

#[derive(Serialize)]
struct List {
    entries: usize,
    as_of: String,
    days: u64,
}

fn json(store: &Store, path: &str, now: i64) -> Result<String, Error> {
    let about = store.meta();
    let (bytes, core_bytes) = store.size();
    let time = |seconds: i64| Timestamp::from_second(seconds).map(|time| time.to_string()).unwrap_or_default();
    let list = |feed: &Option<Feed>| {
        let feed = feed.as_ref()?;
        let days = meta::days_between(feed.as_of, now);
        Some(List { entries: feed.entries, as_of: time(feed.as_of), days })
    };
    let entry = |entry: &'_ Coverage| (time(entry.as_of), time(entry.newest), meta::days_between(entry.as_of, now));
    let sources = about.coverage.iter().map(|of| {
        let (as_of, newest, days) = entry(of);
        Entry { source: &of.source, ecosystem: &of.ecosystem, advisories: of.advisories, as_of, newest, days }
    });
    let document = Document {
        schema: SCHEMA,
        path,
        bytes,
        core_bytes,
        advisories: about.advisories,
        created: time(about.created),
        sources: sources.collect(),
        kev: list(&about.kev),
        epss: list(&about.epss),
    };
    output::document(&document)
}
