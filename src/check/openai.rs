//! Checks API keys of OpenAI.

use super::verdict::Verdict;

/// What stands in the middle of the keys of OpenAI: the name in base64.
const MARKER: &[u8] = b"T3BlbkFJ";

/// An API key of OpenAI: its marker is where both halves of the random part are of one length.
pub(crate) fn verdict(key: &[u8]) -> Verdict {
    let body = [&b"sk-proj-"[..], b"sk-svcacct-", b"sk-service-", b"sk-admin-", b"sk-None-", b"sk-"]
        .into_iter()
        .find_map(|prefix| key.strip_prefix(prefix))
        .unwrap_or_default();
    let middle = body.len().saturating_sub(MARKER.len()) / 2;
    match body.get(middle..middle + MARKER.len()) {
        Some(MARKER) if body.len() % 2 == 0 => Verdict::confirmed("its marker is where it belongs"),
        _ => Verdict::unknown("its marker is not in its middle"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn the_marker_is_in_the_middle() {
        let marker = String::from_utf8_lossy(MARKER);
        for (prefix, before, behind, outcome) in [
            ("sk-", 20, 20, Outcome::Confirmed),
            ("sk-proj-", 74, 74, Outcome::Confirmed),
            ("sk-svcacct-", 58, 58, Outcome::Confirmed),
            ("sk-admin-", 58, 59, Outcome::Unknown),
            ("sk-", 10, 20, Outcome::Unknown),
            ("", 0, 0, Outcome::Unknown),
        ] {
            let key = format!("{prefix}{}{marker}{}", "a".repeat(before), "b".repeat(behind));
            assert_eq!(verdict(key.as_bytes()).outcome, outcome, "{prefix} {before} {behind}");
        }
    }
}
