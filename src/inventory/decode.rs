//! Makes text of the bytes of a file that should be one.

/// The text, and the first line of it that has bytes which are no UTF-8; they are replaced. UTF-16 is read where it begins
/// with its mark, as PowerShell writes it.
pub(crate) fn text_of(bytes: Vec<u8>) -> (String, Option<u32>) {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => return (wide(rest, u16::from_le_bytes), None),
        [0xfe, 0xff, rest @ ..] => return (wide(rest, u16::from_be_bytes), None),
        _ => {}
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(e) => {
            let good = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', good).count() + 1;
            (String::from_utf8_lossy(e.as_bytes()).into_owned(), u32::try_from(line).ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding() {
        assert_eq!(text_of(b"a\nb".to_vec()), ("a\nb".to_owned(), None));
        assert_eq!(text_of(b"a\n\xe9\n\xff".to_vec()), ("a\n\u{fffd}\n\u{fffd}".to_owned(), Some(2)));
        assert_eq!(text_of(b"\xff\xfea\0\n\0".to_vec()), ("a\n".to_owned(), None));
        assert_eq!(text_of(b"\xfe\xff\0a".to_vec()), ("a".to_owned(), None));
    }
}
