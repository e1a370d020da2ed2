//! Defines [`Commit`]: what a commit object says, without its people.

use super::History;
use super::id::ObjectId;
use super::pack::entry::Type;
use crate::finding::CommitRef;

/// The links and times of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The root tree.
    pub tree: ObjectId,
    /// The parents, in order.
    pub parents: Vec<ObjectId>,
    /// When it was written, in ISO 8601 with the author's offset; empty when that cannot be read.
    pub author_date: String,
    /// When it was committed, in seconds since 1970; 0 when that cannot be read.
    pub time: i64,
}

impl Commit {
    /// Reads a commit object; `None` when it names no tree.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut commit = Self::links(text)?;
        let author = header(text).find_map(|line| line.strip_prefix(b"author "));
        commit.author_date = author.and_then(date).unwrap_or_default();
        Some(commit)
    }

    /// The same without the author date.
    pub(super) fn links(text: &[u8]) -> Option<Self> {
        let mut lines = header(text);
        let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut commit = Self { tree, parents: Vec::new(), author_date: String::new(), time: 0 };
        for line in lines {
            if let Some(hex) = line.strip_prefix(b"parent ") {
                commit.parents.extend(ObjectId::from_hex(hex));
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                commit.time = seconds(committer).map_or(0, |(seconds, _)| seconds);
                break;
            }
        }
        Some(commit)
    }
}

impl History {
    /// What outputs say of a commit; `None` when it cannot be read.
    pub fn commit_ref(&self, id: ObjectId) -> Option<CommitRef> {
        let (kind, text) = self.store().read(&id).ok()?;
        let commit = Commit::parse(&text).filter(|_| kind == Type::Commit)?;
        Some(CommitRef { id: id.to_string(), date: commit.author_date })
    }
}

/// The lines before the message.
fn header(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty())
}

/// Seconds since 1970 and offset in seconds at the end of an author or committer line.
fn seconds(person: &[u8]) -> Option<(i64, i32)> {
    let times = person.rsplit(|byte| *byte == b'>').next().filter(|times| times.len() < person.len())?;
    let mut words = std::str::from_utf8(times).ok()?.split_whitespace();
    let seconds = words.next()?.parse().ok()?;
    let zone: i32 = words.next().and_then(|zone| zone.parse().ok()).unwrap_or(0);
    Some((seconds, (zone / 100).checked_mul(60)?.checked_add(zone % 100)?.checked_mul(60)?))
}

fn date(person: &[u8]) -> Option<String> {
    let (seconds, offset) = seconds(person)?;
    let offset = jiff::tz::Offset::from_seconds(offset).ok()?;
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.display_with_offset(offset).to_string())
}

#[cfg(test)]
mod tests {
    use super::Commit;

    #[test]
    fn reads_links_and_dates() {
        let id = "e83c5163316f89bfbde7d9ab23ca2e25604af290";
        let text = format!(
            "tree {id}\nparent {id}\nparent {id}\nauthor A <a@x> 1112911993 -0730\ncommitter A <a@x> 7 +0000\n\nparent {id}\n"
        );
        let commit = Commit::parse(text.as_bytes()).unwrap();
        assert_eq!((commit.parents.len(), commit.time), (2, 7));
        assert_eq!(commit.author_date, "2005-04-07T14:43:13-07:30");
        assert_eq!(Commit::parse(b"tree x\n"), None);
    }
}
