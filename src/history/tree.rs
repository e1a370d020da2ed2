//! Reads the entries of a tree object.

use super::{ObjectId, Type};

/// An entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name in the tree.
    pub name: &'a [u8],
    /// What it is; `None` for a commit of a submodule.
    pub kind: Option<Type>,
    /// What it names.
    pub id: ObjectId,
    /// It is a symbolic link: what it names is where it leads to.
    pub is_link: bool,
}

/// The entries of a tree, in its order.
pub struct Entries<'a> {
    rest: &'a [u8],
    width: usize,
}

/// The entries of a tree whose ids have `width` bytes; what is damaged ends them.
pub fn entries(text: &[u8], width: usize) -> Entries<'_> {
    Entries { rest: text, width }
}

impl Entries<'_> {
    /// Whether nothing is left to read; after the last entry that means that the tree is whole.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let (rest, width) = (self.rest, self.width);
        let space = rest.iter().take(8).position(|byte| *byte == b' ')?;
        let end = space + rest[space..].iter().position(|byte| *byte == 0)?;
        let id = ObjectId::from_bytes(rest.get(end + 1..end + 1 + width)?)?;
        // Old writers put a zero before the mode of a tree.
        let mode = rest[..space].strip_prefix(b"0").unwrap_or(&rest[..space]);
        let kind = match mode {
            b"40000" => Some(Type::Tree),
            b"160000" => None,
            _ => Some(Type::Blob),
        };
        self.rest = &rest[end + 1 + width..];
        Some(Entry { name: &rest[space + 1..end], kind, id, is_link: mode == b"120000" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_every_kind() {
        let id = |byte: u8| [byte; 20];
        let text = [&b"40000 dir\0"[..], &id(1), b"100755 run\0", &id(2), b"160000 sub\0", &id(3), b"100644 cut\0x"];
        let text = text.concat();
        let found: Vec<_> = entries(&text, 20).map(|e| (e.name, e.kind, e.id.as_bytes()[0])).collect();
        let mut whole = entries(&text[..text.len() - 12], 20);
        assert!(!whole.is_at_end() && whole.by_ref().count() == 3 && whole.is_at_end());
        let mut cut = entries(&text, 20);
        assert!(cut.by_ref().count() == 3 && !cut.is_at_end());
        assert_eq!(
            found,
            [(&b"dir"[..], Some(Type::Tree), 1), (&b"run"[..], Some(Type::Blob), 2), (&b"sub"[..], None, 3)]
        );
    }

    proptest! {
        #[test]
        fn damage_does_not_panic(text in proptest::collection::vec(prop_oneof![Just(b' '), Just(0), any::<u8>()], 0..99)) {
            prop_assert!(entries(&text, 20).count() <= text.len());
        }
    }
}
