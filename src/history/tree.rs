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
}

/// The entries of a tree whose ids have `width` bytes; what is damaged ends them.
pub fn entries(text: &[u8], width: usize) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let space = rest.iter().take(8).position(|byte| *byte == b' ')?;
        let end = space + rest[space..].iter().position(|byte| *byte == 0)?;
        let id = ObjectId::from_bytes(rest.get(end + 1..end + 1 + width)?)?;
        // Old writers put a zero before the mode of a tree.
        let kind = match rest[..space].strip_prefix(b"0").unwrap_or(&rest[..space]) {
            b"40000" => Some(Type::Tree),
            b"160000" => None,
            _ => Some(Type::Blob),
        };
        let entry = Entry { name: &rest[space + 1..end], kind, id };
        rest = &rest[end + 1 + width..];
        Some(entry)
    })
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
