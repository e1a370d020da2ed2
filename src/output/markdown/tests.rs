//! What GitHub's own dialect reads in a page, by a reader of that dialect.

use std::collections::BTreeSet;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;

use super::*;
use crate::output::sample;
use crate::suppress::Unused;

/// What a page comes to.
#[derive(Debug, Default)]
struct Read {
    /// The cells of each row of a table, the headings included; code and markup are left out of the words.
    rows: Vec<Vec<String>>,
    /// The kinds of node that nothing from data may make.
    forbidden: BTreeSet<String>,
}

fn read(page: &str) -> Read {
    let mut options = Options::default();
    let extension = &mut options.extension;
    (extension.table, extension.autolink, extension.strikethrough, extension.tasklist) = (true, true, true, true);
    (extension.footnotes, extension.math_dollars, extension.math_code, extension.alerts) = (true, true, true, true);
    let arena = Arena::new();
    let root = parse_document(&arena, page, &options);
    let mut read = Read::default();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::TableRow(_) => read.rows.push(node.children().map(words_of).collect()),
            NodeValue::HtmlInline(html) if ["<br>", "<code>", "</code>"].contains(&html.as_str()) => {}
            NodeValue::HtmlBlock(block) if block.literal.trim() == MARKER => {}
            value @ (NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::HtmlInline(_)
            | NodeValue::HtmlBlock(_)
            | NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::Math(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::CodeBlock(_)) => drop(read.forbidden.insert(format!("{value:?}"))),
            _ => {}
        }
    }
    read
}

/// The words of a cell that GitHub looks for mentions and addresses in.
fn words_of<'a>(cell: &'a AstNode<'a>) -> String {
    let mut words = String::new();
    for node in cell.descendants() {
        if let NodeValue::Text(text) = &node.data.borrow().value {
            words.push_str(text);
        }
    }
    words
}

/// Whether GitHub would make a link of something in the words.
fn is_linked(words: &str) -> bool {
    let lower = words.to_lowercase();
    let names = |mark: char| {
        lower.match_indices(mark).any(|(at, _)| lower[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    lower.contains("://") || lower.contains("www.") || names('@') || names('#') || lower.contains("gh-1")
}

fn row_of(text: &str, page: &str) -> Vec<String> {
    let read = read(page);
    assert_eq!(read.forbidden, BTreeSet::new(), "{text:?} in {page}");
    assert_eq!(read.rows.len(), 4, "{text:?} in {page}");
    assert!(read.rows[..2].iter().all(|row| row.len() == 3), "{text:?} in {page}");
    assert!(!read.rows.iter().flatten().any(|cell| is_linked(cell)), "{text:?} in {page}");
    read.rows[1].clone()
}

#[test]
fn addresses_and_mentions_are_words() {
    for text in
        ["see https://x.example/y and www.x.example", "@team a@b.example #12 o/r#1 GH-12", "$x$ **a** ~~b~~ [a](b)"]
    {
        let report = sample::report(vec![sample::finding(text)]);
        let row = row_of(text, &write(&report, &sample::view()).unwrap());
        assert_eq!(row[2].replace('\u{200b}', ""), text);
    }
}

#[test]
fn a_name_with_a_bar_behind_a_backslash_does_not_end_the_cell() {
    let report = sample::report(vec![sample::finding(r"a\|b`c")]);
    row_of("name", &write(&report, &sample::view()).unwrap());
}

#[test]
fn a_hundred_thousand_findings_fit_and_the_worst_are_there() {
    let long = "@#|".repeat(500);
    let findings: Vec<Finding> = (0..100_000)
        .map(|number| {
            let mut finding = sample::finding(if number % 7 == 0 { &long } else { "short" });
            finding.severity = Severity::WORST_FIRST[number % 5];
            finding
        })
        .collect();
    let mut report = sample::report(findings);
    report.layers[0].notes = vec![long.clone(); 10_000];
    report.unused = vec![Unused { number: 1, selectors: long.clone(), reason: long, expired: None }; 10_000];
    for (write, cap) in [(write as fn(&Report, &View) -> _, SUMMARY), (write_comment, COMMENT)] {
        let page: String = write(&report, &sample::view()).unwrap();
        assert!(page.len() < cap && page.len() > cap / 2, "{} of {cap}", page.len());
        let read = read(&page);
        assert!(read.forbidden.is_empty(), "{:?}", read.forbidden);
        let shown = read.rows.len() - 3;
        assert!(page.contains("### Critical (20,000)") || page.contains("### Critical (20000)"));
        assert!(!page.contains("### Medium"), "the worst come first");
        let said = format!("…and {} more", text::count(100_000 - shown, "finding"));
        assert!(page.contains(&said), "{said}");
        assert!(page.contains("### Layers"));
    }
}

#[test]
fn a_comment_begins_with_its_marker() {
    let page = write_comment(&sample::report(Vec::new()), &sample::view()).unwrap();
    assert!(page.starts_with("<!-- scanall -->\n## scanall\n"), "{page}");
    assert!(!page.contains("more"), "{page}");
}

proptest! {
    #[test]
    fn nothing_from_data_means_anything(text in sample::hostile()) {
        let mut report = sample::report(vec![sample::finding(&text)]);
        sample::break_layer(&mut report, &text);
        report.layers[0].notes = vec![text.clone()];
        let page = write(&report, &sample::view()).unwrap();
        let row = row_of(&text, &page);
        let expected = text::printable(&text);
        let shown = row[2].replace('\u{200b}', "");
        prop_assert_eq!(shown.trim(), expected.trim());
        prop_assert!(page.len() < SUMMARY);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_report_is_larger_than_its_cap(text in sample::hostile(), count in 0..400_usize, length in 1..800_usize) {
        let long: String = text.chars().cycle().take(length).collect();
        let mut report = sample::report(vec![sample::finding(&long); count]);
        sample::break_layer(&mut report, &long);
        prop_assert!(write(&report, &sample::view()).unwrap().len() < SUMMARY);
        prop_assert!(write_comment(&report, &sample::view()).unwrap().len() < COMMENT);
    }
}
