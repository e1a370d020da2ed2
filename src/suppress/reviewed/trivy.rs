//! `.trivyignore` and `.trivyignore.yaml` of Trivy (<https://trivy.dev/latest/docs/configuration/filtering/>).

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::product::Product;
use super::{Entry, Format, day};

/// `.trivyignore`: an id a line.
pub(super) const LINES: Format = Format {
    name: "an ignore list of Trivy",
    wants: |path| path == ".trivyignore" || path.ends_with("/.trivyignore"),
    is_below: false,
    read: |text| Ok(lines(text)),
};

/// `.trivyignore.yaml`: ids with paths, packages and reasons.
pub(super) const YAML: Format = Format {
    name: "an ignore list of Trivy",
    wants: |path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        matches!(name, ".trivyignore.yaml" | ".trivyignore.yml")
    },
    is_below: false,
    read: yaml,
};

fn lines(text: &str) -> Vec<Entry> {
    let entry = |(line, words): (usize, &str)| {
        let words = words.split_once('#').map_or(words, |(before, _)| before);
        let mut words = words.split_whitespace();
        let id = words.next()?;
        let until = words.find_map(|word| day(word.strip_prefix("exp:")?));
        let reason = "Trivy ignores it".to_owned();
        Some(Entry { line, ids: vec![id.to_owned()], until, reason, ..Entry::default() })
    };
    (1..).zip(text.lines()).filter_map(entry).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    vulnerabilities: Vec<Ignored>,
    misconfigurations: Vec<Ignored>,
    secrets: Vec<Ignored>,
    licenses: Vec<Ignored>,
}

#[derive(Deserialize)]
struct Ignored {
    id: Spanned<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    purls: Vec<String>,
    #[serde(default)]
    expired_at: Option<String>,
    #[serde(default)]
    statement: Option<String>,
}

fn yaml(text: &str) -> Result<Vec<Entry>, String> {
    let document: Option<Document> =
        serde_saphyr::from_str(text).map_err(|e| e.to_string().lines().next().unwrap_or_default().to_owned())?;
    let Document { vulnerabilities, misconfigurations, secrets, licenses } = document.unwrap_or_default();
    let all = [vulnerabilities, misconfigurations, secrets, licenses].into_iter().flatten();
    let entry = |it: Ignored| Entry {
        line: usize::try_from(it.id.referenced.line()).unwrap_or(1).max(1),
        ids: vec![it.id.value],
        products: it.purls.iter().filter_map(|purl| Product::of_purl(purl)).collect(),
        paths: it.paths,
        reason: it.statement.unwrap_or_else(|| "Trivy ignores it".to_owned()),
        until: it.expired_at.as_deref().and_then(day),
        is_unaffected: false,
    };
    Ok(all.map(entry).collect())
}
