//! `osv-scanner.toml` of OSV-Scanner (<https://google.github.io/osv-scanner/configuration/>).

use serde::Deserialize;
use toml::Spanned;

use super::product::Product;
use super::{Entry, Format, day, line_of};

/// `osv-scanner.toml`.
pub(super) const FORMAT: Format = Format {
    name: "a configuration of OSV-Scanner",
    wants: |path| path == "osv-scanner.toml" || path.ends_with("/osv-scanner.toml"),
    is_below: false,
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Document {
    ignored_vulns: Vec<Spanned<Ignored>>,
    package_overrides: Vec<Spanned<Override>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Ignored {
    id: String,
    ignore_until: Option<toml::Value>,
    reason: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Override {
    name: String,
    version: String,
    ecosystem: String,
    ignore: bool,
    vulnerability: Vulnerability,
    effective_until: Option<toml::Value>,
    reason: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    ignore: bool,
}

fn read(text: &str) -> Result<Vec<Entry>, String> {
    let document: Document = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let until = |value: &Option<toml::Value>| match value {
        Some(toml::Value::String(text)) => day(text),
        Some(toml::Value::Datetime(time)) => day(&time.to_string()),
        _ => None,
    };
    let vulns = document.ignored_vulns.iter().filter(|it| !it.get_ref().id.is_empty()).map(|it| Entry {
        line: line_of(text, it.span().start),
        ids: vec![it.get_ref().id.clone()],
        reason: it.get_ref().reason.clone(),
        until: until(&it.get_ref().ignore_until),
        ..Entry::default()
    });
    let packages =
        document.package_overrides.iter().filter(|it| it.get_ref().ignore || it.get_ref().vulnerability.ignore);
    let packages = packages.map(|it| {
        let package = it.get_ref();
        Entry {
            line: line_of(text, it.span().start),
            products: vec![Product::of_name(&package.ecosystem, &package.name, &package.version)],
            reason: package.reason.clone(),
            until: until(&package.effective_until),
            ..Entry::default()
        }
    });
    Ok(vulns.chain(packages).collect())
}
