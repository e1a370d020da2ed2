//! Reads a `Gemfile` or `gems.rb` (<https://bundler.io/man/gemfile.5.html>) without running it: which gems it names as
//! plain text, and in which groups.

use super::{Format, Role, Unreadable, gemfile_lock, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "gemfile",
    about: "Gemfile without a lock",
    role: Role::Manifest("bundler"),
    wants: |path| matches!(name_of(path), "Gemfile" | "gems.rb"),
    read,
};

/// Groups that do not run with the product, by custom.
const DEV: [&str; 14] = [
    "development",
    "dev",
    "test",
    "tests",
    "testing",
    "ci",
    "lint",
    "linters",
    "rubocop",
    "doc",
    "docs",
    "documentation",
    "benchmark",
    "debug",
];

/// A gem that a Gemfile asks for.
pub(super) struct Gem {
    pub(super) name: String,
    /// The versions that do, as written; empty for any.
    requirement: String,
    pub(super) scope: Scope,
    source: PackageSource,
    /// The number of its line.
    pub(super) line: u32,
}

/// A block that is open.
struct Block {
    groups: Vec<String>,
    optional: bool,
    source: PackageSource,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (gems, _) = gems(&source.text);
    for gem in gems {
        let Some(name) = Some(gem.name.as_str()).filter(|name| !name.is_empty() && !name.contains("#{")) else {
            reading.broken(gem.line, "the name of a gem is computed and cannot be known");
            continue;
        };
        // A version by itself means exactly that one.
        let bare = gem.requirement.strip_prefix('=').unwrap_or(&gem.requirement).trim();
        let is_pinned = bare.starts_with(|first: char| first.is_ascii_digit()) && !bare.contains(',');
        let (version, requirement) = if is_pinned { (bare, "") } else { ("", gem.requirement.as_str()) };
        let draft = Draft {
            requirement: requirement.to_owned(),
            source: gem.source,
            ..Draft::new(Ecosystem::RubyGems, name, version, gem.line)
        };
        if let Some(node) = reading.add(draft) {
            let any = if gem.source == PackageSource::Public { ">= 0" } else { "" };
            let asked = if gem.requirement.is_empty() { any } else { &gem.requirement };
            reading.root_as(node, gem.scope, Some(source.location(gem.line)), asked);
        }
    }
    Ok(())
}

/// The gems of a text in order, and whether it takes what a gemspec asks for. A gem whose name is no plain text has an
/// empty one.
pub(super) fn gems(text: &str) -> (Vec<Gem>, bool) {
    let (mut gems, mut has_spec) = (Vec::new(), false);
    let mut blocks: Vec<Option<Block>> = Vec::new();
    let mut lines = (1u32..).zip(text.lines()).peekable();
    while let Some((line, first)) = lines.next() {
        let mut statement = without_comment(first).trim().to_owned();
        while statement.ends_with([',', '\\']) && statement.len() < MAX_STATEMENT {
            let Some((_, next)) = lines.next() else { break };
            statement = format!("{} {}", statement.trim_end_matches('\\'), without_comment(next).trim());
        }
        let word =
            statement.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
        let rest = statement.get(word.len()..).unwrap_or_default().trim();
        let opens = rest.ends_with(" do") || rest == "do" || rest.ends_with('|') && rest.contains(" do ");
        match word {
            "gem" => gems.extend(gem(rest, line, &blocks)),
            "gemspec" => has_spec = true,
            "end" => drop(blocks.pop()),
            "group" | "groups" | "source" | "git" | "github" | "path" if opens => {
                blocks.push(Some(block(word, rest.rsplit_once(" do").map_or(rest, |(head, _)| head))));
            }
            "if" | "unless" | "case" | "begin" | "def" | "while" | "until" | "for" if !rest.ends_with(" end") => {
                blocks.push(None);
            }
            _ if opens => blocks.push(None),
            _ => {}
        }
    }
    (gems, has_spec)
}

/// More letters are not one statement.
const MAX_STATEMENT: usize = 10_000;

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') => return line.get(..at).unwrap_or_default(),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if letter == open => quote = None,
            _ => {}
        }
    }
    line
}

fn block(word: &str, rest: &str) -> Block {
    let arguments = arguments(rest);
    let groups = arguments.iter().filter(|(key, _)| key.is_empty()).map(|(_, value)| plain(value).to_owned());
    let optional = arguments.iter().any(|(key, value)| key == "optional" && value == "true");
    let first = arguments.first().map_or("", |(_, value)| plain(value));
    match word {
        "group" | "groups" => Block { groups: groups.collect(), optional, source: PackageSource::Public },
        "path" => Block { groups: Vec::new(), optional, source: PackageSource::Local },
        "source" if gemfile_lock::is_public(first) => {
            Block { groups: Vec::new(), optional, source: PackageSource::Public }
        }
        _ => Block { groups: Vec::new(), optional, source: PackageSource::Elsewhere },
    }
}

fn gem(rest: &str, line: u32, blocks: &[Option<Block>]) -> Option<Gem> {
    let arguments = arguments(rest.trim_start_matches('(').trim_end_matches(')'));
    let is_text = |value: &str| value.starts_with(['"', '\'']);
    let mut positional = arguments.iter().filter(|(key, _)| key.is_empty()).map(|(_, value)| value.as_str());
    let name = positional.next().map(|value| if is_text(value) { plain(value) } else { "" })?;
    let requirements: Vec<&str> = positional.flat_map(items).filter(|value| is_text(value)).map(plain).collect();
    let of =
        |keys: &[&str]| arguments.iter().find(|(key, _)| keys.contains(&key.as_str())).map(|(_, value)| value.as_str());
    let open = blocks.iter().flatten();
    let own: Vec<&str> = of(&["group", "groups"]).into_iter().flat_map(items).map(plain).collect();
    let groups: Vec<&str> = match own.is_empty() {
        true => open.clone().flat_map(|block| block.groups.iter().map(String::as_str)).collect(),
        false => own,
    };
    let scope = match groups.is_empty() {
        false if groups.iter().all(|group| DEV.contains(group)) => Scope::Dev,
        _ if open.clone().any(|block| block.optional) => Scope::Optional,
        _ => Scope::Runtime,
    };
    let source = match (of(&["path"]), of(&["git", "github", "gist", "bitbucket"]), of(&["source"])) {
        (Some(_), ..) => PackageSource::Local,
        (_, Some(_), _) => PackageSource::Elsewhere,
        (.., Some(source)) if !gemfile_lock::is_public(plain(source)) => PackageSource::Elsewhere,
        (.., Some(_)) => PackageSource::Public,
        _ => open.map(|block| block.source).max().unwrap_or_default(),
    };
    Some(Gem { name: name.to_owned(), requirement: requirements.join(", "), scope, source, line })
}

/// The items of `["a", "b"]` or `%w[a b]`, or the value itself.
fn items(value: &str) -> Vec<&str> {
    let words = value.strip_prefix("%w").or_else(|| value.strip_prefix("%i"));
    match (words, value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'))) {
        (Some(inner), _) => inner.trim_matches(['[', ']', '(', ')', '{', '}']).split_whitespace().collect(),
        (_, Some(inner)) => inner.split(',').map(str::trim).collect(),
        _ => vec![value],
    }
}

/// A text without its quotes and what stands behind it, a symbol without its colon.
fn plain(value: &str) -> &str {
    let value = value.trim_start_matches(':');
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.get(1..).unwrap_or_default().split(quote).next().unwrap_or_default(),
        _ => value,
    }
}

/// The arguments of a call, each with its key if it has one (`key: value`, `:key => value`).
fn arguments(text: &str) -> Vec<(String, String)> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut quote, mut depth) = (None, 0i32);
    for letter in text.chars() {
        match (quote, letter) {
            (None, ',') if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '(' | '{') => depth += 1,
            (None, ']' | ')' | '}') => depth -= 1,
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part);
    let pair = |part: &str| {
        let part = part.trim();
        let is_key = |key: &str| !key.is_empty() && key.chars().all(|l| l.is_alphanumeric() || l == '_');
        let new = part.split_once(':').filter(|(key, _)| is_key(key));
        let old = part.split_once("=>").map(|(key, value)| (plain(key.trim()), value));
        let (key, value) = new.or(old.filter(|(key, _)| is_key(key))).unwrap_or(("", part));
        (key.to_owned(), value.trim().to_owned())
    };
    parts.iter().map(|part| pair(part)).filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn gems_and_groups() {
        let text = r#"
source "https://rubygems.org"
ruby file: ".ruby-version" # a comment with gem "no"
gem "rails", "~> 7.0", ">= 7.0.4"
gem("exact", "1.2.3")
gem 'forked', github: 'acme/forked', branch: "x"
gem 'near', path: '../near'
gem "multi",
    ">= 1",
    require: false
if ENV["X"]
  gem "maybe", [">= 2", "< 3"]
end
group :development, :test do
  gem 'rspec', '~> 3' if RUBY_VERSION
  platforms :ruby do
    gem "byebug"
  end
end
gem "old", :group => :test
gem "both", groups: [:default, :test]
group :extra, optional: true do
  gem "extra"
end
source "https://gems.example.org" do
  gem "inner"
end
%w[a b].each do |name|
  gem name
end
"#;
        assert_eq!(
            said(&[("Gemfile", text)]),
            [
                "both  @21 direct Gemfile:21",
                "byebug  @17 dev direct Gemfile:17",
                "exact 1.2.3 @5 direct Gemfile:5",
                "extra  @23 optional direct Gemfile:23",
                "forked  @6 elsewhere direct Gemfile:6",
                "inner  @26 elsewhere direct Gemfile:26",
                "maybe [>= 2, < 3] @12 direct Gemfile:12",
                "multi [>= 1] @8 direct Gemfile:8",
                "near  @7 local direct Gemfile:7",
                "old  @20 dev direct Gemfile:20",
                "rails [~> 7.0, >= 7.0.4] @4 direct Gemfile:4",
                "rspec [~> 3] @15 dev direct Gemfile:15",
            ]
        );
        assert_eq!(
            gaps(&[("Gemfile", text)]),
            ["`Gemfile` line 29: the name of a gem is computed and cannot be known"]
        );
    }
}
