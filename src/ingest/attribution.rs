//! Knows the tool that an id of a rule belongs to, for formats that name no tool.

use crate::finding::Kind;

/// The tool whose ids look like this one, and the kind of its findings; `None` when nobody's do.
///
/// `DL3008` is Hadolint's, `SC2086` ShellCheck's, `B602` Bandit's, `G204` gosec's, `CKV_AWS_20` Checkov's.
pub fn tool_of(rule: &str) -> Option<(&'static str, Kind)> {
    let digits = rule.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = rule.get(..rule.len() - digits.len()).unwrap_or_default();
    let is_number = |length: usize| digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
    match letters {
        "DL" if is_number(4) => Some(("hadolint", Kind::Config)),
        "SC" if is_number(4) => Some(("shellcheck", Kind::Code)),
        "B" if is_number(3) => Some(("bandit", Kind::Code)),
        "G" if is_number(3) => Some(("gosec", Kind::Code)),
        "CKV" if rule.starts_with("CKV_SECRET") => Some(("checkov", Kind::Secret)),
        "CKV" if digits.contains('_') => Some(("checkov", Kind::Config)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::tool_of;

    #[test]
    fn ids_have_their_tools() {
        let of = |rule| tool_of(rule).map(|(tool, _)| tool);
        let known = ["DL3008", "SC2086", "B602", "G204", "CKV_AWS_20", "CKV2_AWS_6"].map(of);
        let tools = ["hadolint", "shellcheck", "bandit", "gosec", "checkov", "checkov"];
        assert_eq!(known, tools.map(Some));
        assert_eq!(["", "DL30", "B60x", "CVE-2020-1", "é"].map(of), [None; 5]);
    }
}
