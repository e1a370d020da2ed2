//! The files of `rules/` as the build script found them: pairs of a name and a text.

include!(concat!(env!("OUT_DIR"), "/packs.rs"));
