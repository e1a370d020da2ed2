//! Reads TOML with the lines of its keys, as far as it is whole (<https://toml.io/en/v1.1.0>).

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::inventory::reading::Reading;
use crate::inventory::source::Source;

/// A table, borrowed from the text.
pub(super) type Table<'a> = DeTable<'a>;

/// A value with its place in the text.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// The document as far as it is whole, and the first mistake in it with its line, counted from 1.
pub(super) fn parse<'a>(source: &'a Source) -> (Table<'a>, Option<(u32, String)>) {
    let (document, errors) = Table::parse_recoverable(&source.text);
    let first = errors.first().map(|error| {
        let line = error.span().map_or(1, |span| source.line_at(span.start));
        (line, error.message().to_owned())
    });
    (document.into_inner(), first)
}

/// The document as far as it is whole; what is wrong with it is told.
pub(super) fn read<'a>(reading: &mut Reading<'a>) -> Table<'a> {
    let (document, wrong) = parse(reading.source);
    if let Some((line, why)) = wrong {
        reading.broken(line, &format!("{why}; what is whole is used"));
    }
    document
}

/// The text under a key.
pub(super) fn text<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key)?.get_ref().as_str()
}

/// The table under a key.
pub(super) fn table<'t, 'a>(table: &'t Table<'a>, key: &str) -> Option<&'t Table<'a>> {
    table.get(key)?.get_ref().as_table()
}

/// Whether a key says `true`.
pub(super) fn is_set(table: &Table, key: &str) -> bool {
    table.get(key).and_then(|value| value.get_ref().as_bool()).unwrap_or_default()
}

/// What is listed under a key; nothing where there is no list.
pub(super) fn list<'t, 'a>(table: &'t Table<'a>, key: &str) -> impl Iterator<Item = &'t Value<'a>> {
    table.get(key).and_then(|value| value.get_ref().as_array()).into_iter().flat_map(|array| array.iter())
}

/// The line of a key; 1 without it.
pub(super) fn line_of(source: &Source, table: &Table, key: &str) -> u32 {
    table.get_key_value(key).map_or(1, |(key, _)| source.line_at(key.span().start))
}
