//! Says which names of a tree may become names on disk. Git refuses the same ones, on every system alike: what one of
//! them does not mind, another takes for its `.git`.

/// Why a name is not written to disk; `None` when it may be.
pub(super) fn refusal(name: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(name);
    match name {
        b"" => Some("its name is empty"),
        b"." | b".." => Some("its name leads elsewhere"),
        _ if name.contains(&b'/') || name.contains(&0) => Some("its name is none for a file"),
        _ if means_git(&text) => Some("its name means git's own folder"),
        _ if cfg!(windows) && is_special_on_windows(&text) => Some("its name is none on this system"),
        _ => None,
    }
}

/// Whether some file system takes a name for `.git`: those of Windows pass over dots and spaces at the end, cut at a
/// colon and know a short name, those of macOS pass over characters without a width.
fn means_git(name: &str) -> bool {
    let seen: String = name
        .chars()
        .filter(
            |c| !matches!(c, '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}'),
        )
        .collect();
    let seen = seen.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']).to_ascii_lowercase();
    matches!(&*seen, ".git" | "git~1")
}

/// Whether Windows takes a name for a path, a stream or a device.
fn is_special_on_windows(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_port = stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt"));
    name.contains(|c: char| c.is_control() || "\\:<>\"|?*".contains(c))
        || name.ends_with(['.', ' '])
        || is_port
        || DEVICES.contains(&&*stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_git_somewhere_is_written_nowhere() {
        let names =
            [".git", ".GIT", ".git.", ".git . .", "git~1", "GIT~1", ".git:x", ".g\u{200c}it", ".Gi\u{feff}t", "..", ""];
        for name in names {
            assert!(refusal(name.as_bytes()).is_some(), "{name:?}");
        }
        for name in [".gitignore", ".github", "git", "git~2", "...", "a b", "x.git", "\\x2d.slice"] {
            assert!(cfg!(windows) || refusal(name.as_bytes()).is_none(), "{name:?}");
        }
        assert!(refusal(b"a/b").is_some() && refusal(b"a\0b").is_some());
    }

    #[test]
    fn devices_of_windows_are_known() {
        for name in ["CON", "nul.txt", "com1", "LPT9.log", "a\\b", "a:b", "a.", "a "] {
            assert!(is_special_on_windows(name), "{name:?}");
        }
        assert!(!is_special_on_windows("company") && !is_special_on_windows("a.txt"));
    }
}
