//! Defines how paths and links become URIs.

/// The characters a path segment may hold as they are: `pchar` of RFC 3986 without the colon, which in the first
/// segment of a relative reference would read as the end of a scheme.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte)
}

/// Percent-encodes one segment of a path.
pub(crate) fn push_segment(uri: &mut String, segment: &[u8]) {
    for &byte in segment {
        push(uri, byte, is_plain(byte));
    }
}

/// Makes a link of what a tool calls one; `None` unless it is an absolute http or https URI with a host.
///
/// Characters that may not stand in a URI are percent-encoded: GitHub refuses a whole file over one of them. User
/// names and passwords are left out.
pub(crate) fn link(text: &str) -> Option<String> {
    absolute(text.trim(), &["http", "https"])
}

/// Makes a URI of where git says a repository is, `host:path` included; `None` when it is not on another machine.
pub(crate) fn repository(text: &str) -> Option<String> {
    let text = text.trim();
    match text.split_once(':') {
        // A name that says there is no address, for readers that want something.
        Some(("urn", name)) => {
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/".contains(&b));
            is_name.then(|| text.to_owned())
        }
        // One letter before the colon is a drive, a slash before it makes it part of a path, and two colons name a
        // program that fetches.
        Some((host, path))
            if !path.starts_with("//") && !path.starts_with(':') && host.len() > 1 && !host.contains(['/', '\\']) =>
        {
            absolute(&format!("ssh://{host}/{}", path.trim_start_matches('/')), &["ssh"])
        }
        _ => absolute(text, &["http", "https", "ssh", "git"]),
    }
}

fn absolute(text: &str, schemes: &[&str]) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    // Encoding would change which host is meant: better no link.
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:[]".contains(&b));
    if !is_host || !schemes.contains(&scheme.as_str()) {
        return None;
    }
    let mut uri = format!("{scheme}://{host}");
    let bytes = rest.as_bytes();
    let mut seen_hash = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let is_escape = byte == b'%' && bytes.get(at + 1..at + 3).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
        // A second `#` cannot be part of a fragment.
        let is_first_hash = byte == b'#' && !std::mem::replace(&mut seen_hash, true);
        push(&mut uri, byte, is_plain(byte) || b"/?:".contains(&byte) || is_escape || is_first_hash);
    }
    Some(uri)
}

/// Whether a text is a URI or a relative reference of RFC 3986: nothing in it needs encoding.
pub(crate) fn is_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_escape = |at: usize| bytes.get(at + 1..at + 3).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
    let fits = |(at, byte): (usize, &u8)| is_plain(*byte) || b"/?:#".contains(byte) || (*byte == b'%' && is_escape(at));
    let has_host = || match text.split_once(':') {
        Some((scheme, _)) if ["http", "https"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) => link(text).is_some(),
        _ => true,
    };
    bytes.iter().enumerate().all(fits)
        && bytes.iter().filter(|byte| **byte == b'#').count() < 2
        // A colon in the first segment is that of a scheme.
        && (scheme(text).is_some() || !text.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':')))
        && has_host()
}

/// Whether a text is a URI with a scheme and something behind it.
pub(crate) fn is_absolute(text: &str) -> bool {
    is_reference(text) && scheme(text).is_some_and(|scheme| text.len() > scheme.len() + 1)
}

/// The scheme of a URI, of two letters or more: one letter is a drive.
pub(crate) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let mut bytes = scheme.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_alphabetic());
    (starts && scheme.len() > 1 && bytes.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))).then_some(scheme)
}

/// Percent-encodes what may not stand in a URI, and leaves the rest and what is encoded already.
pub(crate) fn encoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut uri = String::with_capacity(text.len());
    let mut seen_hash = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let is_escape = byte == b'%' && bytes.get(at + 1..at + 3).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
        let is_first_hash = byte == b'#' && !std::mem::replace(&mut seen_hash, true);
        push(&mut uri, byte, is_plain(byte) || b"/?:".contains(&byte) || is_escape || is_first_hash);
    }
    uri
}

/// Undoes percent-encoding; a percent sign that encodes nothing stays.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code =
            digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|d| u8::from_str_radix(d, 16).ok());
        match code.filter(|_| byte == b'%') {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

fn push(uri: &mut String, byte: u8, as_is: bool) {
    if as_is {
        uri.push(char::from(byte));
    } else {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        uri.push('%');
        uri.push(char::from(DIGITS[usize::from(byte >> 4)]));
        uri.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_repaired_or_left_out() {
        for (given, expected) in [
            ("https://example.com/a?b=c#d", Some("https://example.com/a?b=c#d")),
            (" HTTPS://example.com ", Some("https://example.com")),
            ("http://example.com:80/a b/%41/%zz#x#y|", Some("http://example.com:80/a%20b/%41/%25zz#x%23y%7C")),
            ("https://example.com/ä", Some("https://example.com/%C3%A4")),
            ("https://example.com/%4", Some("https://example.com/%254")),
            ("https://me:secret@example.com/a@b", Some("https://example.com/a@b")),
            ("https:///a", None),
            ("https://a b/", None),
            ("ftp://example.com", None),
            ("javascript:alert(1)", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(link(given).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn references_are_told_from_other_texts() {
        for (text, reference, absolute) in [
            ("src/a.py", true, false),
            ("a%20b#L3", true, false),
            ("a b", false, false),
            ("a%2", false, false),
            ("a\\b", false, false),
            ("ü", false, false),
            ("", true, false),
            ("https://example.com/x?y", true, true),
            ("https:/example.com", false, false),
            ("urn:x:y", true, true),
            ("urn:", true, false),
            ("1:2", false, false),
            ("c:/x", false, false),
            ("./c:/x", true, false),
        ] {
            assert_eq!((is_reference(text), is_absolute(text)), (reference, absolute), "{text}");
        }
        assert_eq!(encoded("a b%20c%#d#ü"), "a%20b%20c%25#d%23%C3%BC");
        assert_eq!(decoded("a%20b%2%zz%C3%BC"), "a b%2%zzü".as_bytes());
    }

    #[test]
    fn repositories_have_a_host_and_no_password() {
        for (given, expected) in [
            ("https://x-access-token:secret@github.com/a/b.git", Some("https://github.com/a/b.git")),
            ("git@github.com:a/b.git", Some("ssh://github.com/a/b.git")),
            ("ssh://git@github.com:22/a/b", Some("ssh://github.com:22/a/b")),
            ("git://example.com/a", Some("git://example.com/a")),
            ("file:///home/me/a", None),
            ("/home/me/a", None),
            ("../a:b", None),
            ("C:\\a", None),
            ("C:/a", None),
            ("ext::sh -c x", None),
            ("", None),
        ] {
            assert_eq!(repository(given).as_deref(), expected, "{given}");
        }
    }
}
