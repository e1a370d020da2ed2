//! Reads TOML (<https://toml.io/en/v1.1.0>) into a [`Tree`], by the crate toml, which goes on behind a fault.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::{Entry, MAX_DEPTH, Problem, Tree, Value, map};
use crate::inventory::source::Source;

/// Reads the text of a source. Where it is damaged, the rest is there.
pub fn parse<'a>(source: &'a Source) -> (Tree<'a>, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let line = |error: &::toml::de::Error| error.span().map_or(1, |span| source.line_at(span.start));
    let mut problems: Vec<Problem> =
        errors.iter().map(|error| Problem { line: line(error), why: error.message().to_owned() }).collect();
    let start = source.line_at(table.span().start);
    let value = table_of(source, table.into_inner(), 0, &mut problems);
    (Tree { line: start, value }, problems)
}

fn table_of<'a>(source: &Source, table: DeTable<'a>, depth: usize, problems: &mut Vec<Problem>) -> Value<'a> {
    let mut entries: Vec<(usize, Entry<'a>)> = table
        .into_iter()
        .map(|(key, value)| {
            let start = key.span().start;
            let line = source.line_at(start);
            (start, Entry { key: key.into_inner(), line, value: value_of(source, value, depth + 1, problems) })
        })
        .collect();
    entries.sort_by_key(|(start, _)| *start);
    map(entries.into_iter().map(|(_, entry)| entry).collect(), problems)
}

fn value_of<'a>(source: &Source, value: Spanned<DeValue<'a>>, depth: usize, problems: &mut Vec<Problem>) -> Tree<'a> {
    let line = source.line_at(value.span().start);
    if depth > MAX_DEPTH {
        return Tree { line, value: Value::Null };
    }
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(number) => Value::Text(number.to_string().into()),
        DeValue::Float(number) => Value::Text(number.to_string().into()),
        DeValue::Boolean(truth) => Value::Text(if truth { "true" } else { "false" }.into()),
        DeValue::Datetime(time) => Value::Text(time.to_string().into()),
        DeValue::Array(items) => {
            Value::List(items.into_iter().map(|item| value_of(source, item, depth + 1, problems)).collect())
        }
        DeValue::Table(table) => table_of(source, table, depth, problems),
    };
    Tree { line, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RepoPath;

    #[test]
    fn values_lines_and_damage() {
        let text = "a = 1\n[[package]]\nname = \"x\"\nfiles = [\n  {file = \"f\", n = 1.5},\n]\n[package.source]\nurl = 'u'\n[[package]]\nname = = \"y\"\nversion = \"2\"\n";
        let source = Source::new(RepoPath::new("lock"), text.to_owned());
        let (tree, problems) = parse(&source);
        let packages = tree.items_of("package");
        assert_eq!(packages[0].entry("name").map(|name| name.line), Some(3));
        assert_eq!(packages[0].at(&["source", "url"]).and_then(Tree::text), Some("u"));
        assert_eq!(packages[0].items_of("files")[0].line, 5);
        assert_eq!(packages[1].text_of("version"), "2");
        assert_eq!(problems.first().map(|problem| problem.line), Some(10));
    }

    #[test]
    fn nesting_is_bounded() {
        for text in [
            format!("a = {}", "[".repeat(100_000)),
            format!("{}b = 1", "a.".repeat(100_000)),
            format!("[{}b]", "a.".repeat(100_000)),
            "a = {b = ".repeat(50_000),
        ] {
            let source = Source::new(RepoPath::new("lock"), text);
            assert!(!parse(&source).1.is_empty());
        }
    }
}
