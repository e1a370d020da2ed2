//! What the path of a file tells of whether a value in it is a credential.

use super::words::{Unlikely, WORDS, has};
use crate::finding::Assessment;

/// No path says more for a credential.
pub(in crate::scanner::secrets) const MOST: i32 = 15;

/// Adds what a path says.
pub(in crate::scanner::secrets) fn weigh(path: &str, assessment: &mut Assessment) {
    let known = &WORDS.path;
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split('.').next().unwrap_or_default();
    let is_try = |part: &str| {
        has(&known.tries, part) || part.ends_with("_test") || part.ends_with("-test") || part.starts_with("test_")
    };
    let unlikely = known.unlikely.iter().find(|known| name.ends_with(&known.ending));
    if let Some(Unlikely { points, what, .. }) = unlikely {
        assessment.add(*points, format!("the file is {what}"));
    } else if known.likely.iter().any(|known| name.ends_with(known) || known == ".env" && name.starts_with(".env")) {
        assessment.add(MOST, "such files hold settings and credentials");
    }
    let mut parts = folders.split('/').chain([stem]);
    if parts.clone().any(is_try) || name.contains(".test.") || name.contains(".spec.") {
        assessment.add(-25, "the file is a test or shows something");
    } else if unlikely.is_none() && parts.any(|part| has(&known.documents, part)) {
        assessment.add(-15, "the file belongs to a document");
    }
    if folders.split('/').any(|part| has(&known.languages, part)) {
        assessment.add(-40, "the file holds words of a language");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let points = |path: &str| {
            let mut assessment = Assessment::default();
            weigh(path, &mut assessment);
            assessment.score()
        };
        assert!(points("app/.env.production") > 0 && points("deploy/prod.tfvars") > 0);
        assert!(points("tests/login.py") < 0 && points("src/login_test.go") < 0 && points("README.md") < 0);
        assert!(points("web/i18n/de.json") < 0 && points("yarn.lock") < 0 && points("src/main.rs") == 0);
    }
}
