//! Defines [`Rule`]: what a finding violates, in words for people; [`pack`] reads secret rules from TOML.

pub mod allow;
pub mod built;
pub mod details;
mod entry;
pub mod expression;
pub mod idiom;
pub mod import;
pub mod literal;
pub mod pack;
pub mod search;
pub mod secret;
pub mod verify;

/// What a finding violates. Every output takes its words from here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Stable and ours: `secret/github-pat`, `advisory/RUSTSEC-2020-0071`, `code/semgrep/…`.
    pub id: String,
    /// A noun phrase without a full stop.
    pub title: String,
    /// One or two sentences: what it is and why it matters.
    pub description: String,
    /// What to do about it, in Markdown.
    pub help: String,
    /// A page with more; `None` when there is none.
    pub url: Option<String>,
    /// Weaknesses by number in the Common Weakness Enumeration, sorted.
    pub cwe: Vec<u32>,
}
