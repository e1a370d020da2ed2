//! What teams have accepted with other tools: the files of gitleaks, betterleaks, detect-secrets and ripsecrets.
//!
//! The files of [`FORMATS`] are looked for at the root of the target; baselines of any name are read where one is
//! given. All of them are about secrets. What they accept is reported as accepted, with the file and the line.

mod cover;
mod detect_secrets;
mod entry;
mod gitleaks_ignore;
mod gitleaks_report;
mod list;
mod position;
mod secrets_ignore;

use crate::edit;
use crate::error::Error;
use crate::target::Target;
use crate::target::worktree::File;
use crate::text;
pub use list::List;

/// No such file is larger, in bytes.
const MOST: u64 = 64 << 20;

/// A format of files that say what is accepted.
pub struct Format {
    /// What people call it.
    pub name: &'static str,
    /// The files at the root of a repository that are in it.
    pub files: &'static [&'static str],
    /// Whether a text is in it.
    knows: fn(&str) -> bool,
    /// Reads a text.
    read: fn(&str, &mut List) -> Result<(), String>,
}

/// Every format; of several that know a text, the first one reads it.
pub static FORMATS: [Format; 4] =
    [gitleaks_report::FORMAT, detect_secrets::FORMAT, secrets_ignore::FORMAT, gitleaks_ignore::FORMAT];

impl Format {
    /// The format of a text; `None` when it is in none of these.
    pub fn of(source: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| (format.knows)(source))
    }

    /// Reads a text; `name` is what people call the file.
    ///
    /// # Errors
    /// It is damaged as a whole. What is wrong with single lines is in the list's notes.
    pub fn read(&self, source: &str, name: &str) -> Result<List, Error> {
        let mut list = List::new(name);
        (self.read)(source, &mut list)
            .map_err(|why| Error::usage(format!("`{name}`, {}, is damaged", self.name)).because(why))?;
        Ok(list)
    }
}

/// Reads the files of other tools at the root of a target. One that cannot be read accepts nothing: that is a note, since
/// nothing is hidden by it.
pub fn load(target: &Target) -> (Vec<List>, Vec<String>) {
    let (mut lists, mut notes) = (Vec::new(), Vec::new());
    for (format, name) in FORMATS.iter().flat_map(|format| format.files.iter().map(move |name| (format, *name))) {
        match source(target, name).transpose() {
            None => {}
            Some(Ok(source)) => match format.read(&source, name) {
                Ok(list) => lists.push(list),
                Err(error) => notes.push(format!("{}; it accepts nothing", text::printable(&error.to_string()))),
            },
            Some(Err(why)) => {
                notes.push(format!("cannot read `{name}`, so it accepts nothing: {}", text::printable(&why)))
            }
        }
    }
    (lists, notes)
}

/// The text of a file at the root of a target; `None` when there is none. Where there is no working tree it is that of
/// HEAD.
fn source(target: &Target, name: &str) -> Result<Option<String>, String> {
    if target.bare {
        let Some(file) = File::named(target, &crate::finding::RepoPath::new(name)) else { return Ok(None) };
        let bytes = target.read(&file).map_err(|gap| gap.message)?;
        return String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8".to_owned());
    }
    let path = target.root.join(name);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let path = edit::resolve(&path, Some(&target.root)).map_err(|error| error.to_string())?;
    edit::read(&path, MOST).map(Some).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(list: &List) -> Vec<usize> {
        list.entries.iter().filter(|entry| !entry.is_hash).map(|entry| entry.line).collect()
    }

    #[test]
    fn a_text_is_read_in_its_format() {
        let hash = "0123456789abcdef0123456789ABCDEF01234567";
        for (source, name, expected) in [
            ("[]".to_owned(), "a report of gitleaks", &[][..]),
            (
                "[\n {\"RuleID\": \"r\", \"File\": \"a\", \"Secret\": null},\n {\"RuleID\": \"r\"}]".to_owned(),
                "a report of gitleaks",
                &[2],
            ),
            (
                format!(
                    "{{\"results\": {{\"b\": [\n{{\"type\": \"t\", \"hashed_secret\": \"{hash}\"}}],\n\"a\": []}}}}"
                ),
                "a baseline of detect-secrets",
                &[2],
            ),
            ("a\n!b\n#\n\n[secrets]\nx\n".to_owned(), "an ignore list of ripsecrets", &[1, 6]),
            ("a:b:1\n".to_owned(), "an ignore list of gitleaks", &[1]),
        ] {
            let format = Format::of(&source).unwrap();
            let list = format.read(&source, "file").unwrap();
            assert_eq!((format.name, lines(&list)), (name, expected.to_vec()), "{source}");
        }
        for source in ["", "{}", "{\"schema\":1,\"history\":\"full\",\"findings\":[]}", "[1]", "text\n"] {
            assert!(Format::of(source).is_none(), "{source}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_reader(source in "(\\PC|[\\[\\]{}\":,\n\r\t\\\\!*#/0-9a-f]){0,200}") {
            for format in &FORMATS {
                let _ = (format.knows)(&source);
                if let Ok(list) = format.read(&source, "file") {
                    prop_assert!(lines(&list).iter().all(|line| (1..=source.lines().count()).contains(line)));
                    let _ = list.notes(true);
                }
            }
        }
    }
}
