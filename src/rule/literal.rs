//! Derives from a pattern the literals one of which is in every match, so that a rule needs no keywords by hand.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// More alternatives than this make a literal search no faster than the pattern.
const MOST: usize = 64;

/// The literals one of which is in every match of `pattern`, lower case, ASCII, at least three bytes each; empty when
/// there is no such set.
///
/// # Errors
/// The pattern is not valid.
pub fn required(pattern: &str) -> Result<Vec<String>, Box<regex_syntax::Error>> {
    let parse = |unicode| ParserBuilder::new().utf8(false).unicode(unicode).build().parse(pattern).map_err(Box::new);
    let hir = parse(false).or_else(|_| parse(true))?;
    let mut best = best_of(&hir).unwrap_or_default();
    best.sort();
    best.dedup();
    Ok(best)
}

/// The set with the longest shortest member in any part that every match goes through.
fn best_of(hir: &Hir) -> Option<Vec<String>> {
    if let Some(set) = exact(hir).filter(|set| usable(set)) {
        return Some(set);
    }
    match hir.kind() {
        HirKind::Capture(group) => best_of(&group.sub),
        HirKind::Repetition(repeat) if repeat.min > 0 => best_of(&repeat.sub),
        HirKind::Concat(parts) => {
            runs(parts).into_iter().chain(parts.iter().filter_map(best_of)).max_by_key(|set| score(set))
        }
        HirKind::Alternation(parts) => {
            let sets: Option<Vec<_>> = parts.iter().map(best_of).collect();
            Some(sets?.concat()).filter(|set| usable(set))
        }
        _ => None,
    }
}

/// The sets of texts that neighbouring exact parts of a concatenation spell together.
fn runs(parts: &[Hir]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut run = vec![String::new()];
    for part in parts {
        match exact(part).and_then(|set| cross(&run, &set)) {
            Some(longer) => run = longer,
            None => found.push(std::mem::replace(&mut run, exact(part).unwrap_or_else(|| vec![String::new()]))),
        }
    }
    found.push(run);
    found.retain(|set| usable(set));
    found
}

/// Every text that the part can match, if they are few; case is folded.
fn exact(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok().filter(|t| t.is_ascii())?;
            Some(vec![text.to_ascii_lowercase()])
        }
        HirKind::Class(class) => {
            // A class cut short would promise too much: beyond a few characters there is no answer.
            let mut chars: Vec<char> = match class {
                Class::Bytes(set) => {
                    set.ranges().iter().flat_map(|r| r.start()..=r.end()).map(char::from).take(17).collect()
                }
                Class::Unicode(set) => set.ranges().iter().flat_map(|r| r.start()..=r.end()).take(17).collect(),
            };
            if chars.len() > 16 {
                return None;
            }
            chars.iter_mut().for_each(|c| c.make_ascii_lowercase());
            chars.sort_unstable();
            chars.dedup();
            let few = chars.len() <= 8 && chars.iter().all(char::is_ascii);
            few.then(|| chars.into_iter().map(String::from).collect())
        }
        HirKind::Repetition(repeat) if repeat.max == Some(repeat.min) && repeat.min <= 8 => {
            let one = exact(&repeat.sub)?;
            (0..repeat.min).try_fold(vec![String::new()], |all, _| cross(&all, &one))
        }
        HirKind::Repetition(_) => None,
        HirKind::Capture(group) => exact(&group.sub),
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |all, part| cross(&all, &exact(part)?)),
        HirKind::Alternation(parts) => {
            let sets: Option<Vec<_>> = parts.iter().map(exact).collect();
            Some(sets?.concat()).filter(|set| set.len() <= MOST)
        }
    }
}

fn cross(left: &[String], right: &[String]) -> Option<Vec<String>> {
    if left.len() * right.len() > MOST {
        return None;
    }
    Some(left.iter().flat_map(|a| right.iter().map(move |b| format!("{a}{b}"))).collect())
}

fn usable(set: &[String]) -> bool {
    !set.is_empty() && set.iter().all(|text| text.len() >= 3)
}

fn score(set: &[String]) -> (usize, usize) {
    (set.iter().map(String::len).min().unwrap_or(0).min(12), MOST.saturating_sub(set.len()))
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn literals_of_patterns() {
        for (pattern, literals) in [
            (r"CANARY_[0-9]{2}_[A-Z_]+", &["canary_"][..]),
            (r"\b(?P<secret>(?:gh[pousr])_[0-9a-z]{36})\b", &["gho_", "ghp_", "ghr_", "ghs_", "ghu_"]),
            (r"(?i)acme[a-z]{0,9}token=[0-9]{4}", &["token="]),
            (r"[0-9a-f]{32}", &[]),
            (r"(?:abc|[a-z]{9})", &[]),
            (r"xoxb?", &["xox"]),
        ] {
            assert_eq!(required(pattern).unwrap(), literals, "{pattern}");
        }
        assert!(required("(").is_err());
    }
}
