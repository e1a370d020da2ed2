//! Defines [`Pointer`]: where in a log something stands, made into text only when there is something to say.

use std::fmt;

/// A JSON pointer (RFC 6901) as a chain from the value back to the root.
#[derive(Clone, Copy)]
pub(crate) enum Pointer<'a> {
    /// The whole value.
    Root,
    /// A property of an object.
    Key(&'a Pointer<'a>, &'a str),
    /// An element of an array.
    Index(&'a Pointer<'a>, usize),
}

impl<'a> Pointer<'a> {
    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self::Key(self, key)
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self::Index(self, index)
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(parent, key) => write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1")),
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_written_as_the_rfc_says() {
        let root = Pointer::Root;
        let runs = root.key("a/b~c");
        assert_eq!(runs.index(3).to_string(), "/a~1b~0c/3");
        assert_eq!(root.to_string(), "");
    }
}
