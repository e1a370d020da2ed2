//! Reads who asked for a package from the comments of pip-compile and of `uv pip compile`
//! (<https://pip-tools.readthedocs.io/en/stable/>): `# via flask`, or `# via` and a line for each.

/// Who asked for a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asker<'a> {
    /// Another package.
    Package(&'a str),
    /// A file of the project.
    File(&'a str),
}

/// Those who asked, by the comments on a line.
pub(super) fn askers<'a>(comments: &[&'a str]) -> Vec<Asker<'a>> {
    let mut all = Vec::new();
    let mut is_open = false;
    for comment in comments {
        let text = comment.trim();
        let rest = text.strip_prefix("via").filter(|rest| rest.is_empty() || rest.starts_with([' ', ':']));
        match rest {
            Some(rest) => {
                is_open = true;
                all.extend(rest.trim_start_matches(':').split(',').filter_map(asker));
            }
            None if is_open => all.extend(text.split(',').filter_map(asker)),
            None => {}
        }
    }
    all
}

fn asker(text: &str) -> Option<Asker<'_>> {
    let text = text.trim();
    // A constraint asks for nothing.
    if text.is_empty() || text.starts_with("-c ") || text.starts_with("--") {
        return None;
    }
    if let Some(path) = text.strip_prefix("-r ") {
        return Some(Asker::File(path.trim()));
    }
    match text.split_once('(') {
        Some((_, file)) => Some(Asker::File(file.trim_end_matches(')').trim())),
        None => text
            .starts_with(|c: char| c.is_alphanumeric())
            .then_some(())
            .and_then(|()| (!text.contains(' ')).then_some(Asker::Package(text.split('[').next().unwrap_or(text)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        assert_eq!(askers(&[" via flask"]), [Asker::Package("flask")]);
        assert_eq!(
            askers(&[" via -r requirements.in, flask"]),
            [Asker::File("requirements.in"), Asker::Package("flask")]
        );
        assert_eq!(
            askers(&["hand-written", "via", "   -r a.in", "   app (pyproject.toml)", "   -c c.txt", "   jinja2[x]"]),
            [Asker::File("a.in"), Asker::File("pyproject.toml"), Asker::Package("jinja2")]
        );
        assert_eq!(askers(&["viable"]), []);
    }
}
