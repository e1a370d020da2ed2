//! Takes the files of Go's module system apart (<https://go.dev/ref/mod#go-mod-file-lexical>).

/// A directive, with the word of its block in front.
pub(super) struct Directive<'a> {
    /// `require`, `replace`, …
    pub(super) verb: &'a str,
    /// What stands behind it, without quotes.
    pub(super) words: Vec<&'a str>,
    /// The comment behind it, without slashes.
    pub(super) comment: &'a str,
    /// The number of its line, counted from 1.
    pub(super) line: u32,
}

impl<'a> Directive<'a> {
    /// The word at a place; empty without one.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words.get(at).copied().unwrap_or_default()
    }
}

/// What one module is replaced with.
pub(super) struct Replacement<'a> {
    /// The module that is asked for.
    pub(super) old: &'a str,
    /// The only version that is replaced; empty for every one.
    pub(super) old_version: &'a str,
    /// The module to take, or a folder.
    pub(super) new: &'a str,
    /// Its version; empty for a folder.
    pub(super) version: &'a str,
    /// The number of the line.
    pub(super) line: u32,
}

impl<'a> Replacement<'a> {
    /// What a directive replaces; `None` when it is none, or damaged.
    pub(super) fn of(directive: &Directive<'a>) -> Option<Self> {
        let arrow = directive.words.iter().position(|word| *word == "=>").filter(|_| directive.verb == "replace")?;
        let (old, old_version) = (directive.word(0), if arrow > 1 { directive.word(1) } else { "" });
        let (new, version) = (directive.word(arrow + 1), directive.word(arrow + 2));
        let is_whole = (1..=2).contains(&arrow) && !new.is_empty();
        is_whole.then_some(Self { old, old_version, new, version, line: directive.line })
    }

    /// Whether it is about a version of a module.
    pub(super) fn fits(&self, module: &str, version: &str) -> bool {
        self.old == module && (self.old_version.is_empty() || self.old_version == version)
    }

    /// Whether it is a folder.
    pub(super) fn is_local(&self) -> bool {
        self.version.is_empty()
    }
}

/// The replacement of a module; one for its version alone goes first.
pub(super) fn replacement<'r, 'a>(
    all: &'r [Replacement<'a>],
    module: &str,
    version: &str,
) -> Option<&'r Replacement<'a>> {
    all.iter().filter(|r| r.fits(module, version)).max_by_key(|r| !r.old_version.is_empty())
}

/// Every directive of a text. Blocks are not nested; one that does not end goes to the end.
pub(super) fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    let mut block: Option<&str> = None;
    (1u32..).zip(text.lines()).filter_map(move |(line, text)| {
        let (code, comment) = split_comment(text);
        let mut words = words(code);
        match (block, words.as_slice()) {
            (_, []) => return None,
            (Some(_), [")"]) => {
                block = None;
                return None;
            }
            (None, [verb, "("]) => {
                block = Some(verb);
                return None;
            }
            (None, [verb, "()"]) if !verb.is_empty() => return None,
            _ => {}
        }
        let verb = match block {
            Some(verb) => verb,
            None => words.remove(0),
        };
        Some(Directive { verb, words, comment, line })
    })
}

/// A line without its comment, and the comment. Addresses have two slashes only behind a colon, and no module has.
fn split_comment(line: &str) -> (&str, &str) {
    let (code, comment) = line.split_once("//").unwrap_or((line, ""));
    (code.trim(), comment.trim())
}

/// The words of a line; a quoted one may have blanks, and brackets stand alone.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, behind) = match first {
            '"' | '`' => {
                let inner = rest.get(1..).unwrap_or_default();
                inner.split_once(first).unwrap_or((inner, ""))
            }
            _ => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        match word.strip_suffix('(').filter(|word| !word.is_empty()) {
            Some(verb) => words.extend([verb, "("]),
            None => words.push(word),
        }
        rest = behind.trim_start();
    }
    words
}

/// The minor version that a line `go 1.21.3` means; 16 without one, as Go takes it.
pub(super) fn minor<'a>(directives: impl IntoIterator<Item = &'a Directive<'a>>) -> u32 {
    let version = directives.into_iter().find(|directive| directive.verb == "go").map_or("", |go| go.word(0));
    let mut parts = version.split(|letter: char| !letter.is_ascii_digit());
    match (parts.next().and_then(|major| major.parse::<u32>().ok()), parts.next().and_then(|minor| minor.parse().ok()))
    {
        (Some(1), Some(minor)) => minor,
        (Some(major), _) if major > 1 => u32::MAX,
        _ => 16,
    }
}
