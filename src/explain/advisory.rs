//! The page of an advisory.

use super::Page;
use crate::error::Error;
use crate::scanner::Context;
use crate::scanner::advisories::lookup;

/// So many packages are named in a title.
const MOST_PACKAGES: usize = 3;

/// The beginnings of ids of advisories, in upper case.
const PREFIXES: [&str; 10] = ["RUSTSEC-", "CVE-", "GHSA-", "PYSEC-", "GO-", "MAL-", "OSV-", "BIT-", "HSEC-", "DSA-"];

/// The page of an advisory by any of its ids, with or without `advisory/`; `None` when it is not known here.
///
/// # Errors
/// The database that the user names cannot be read.
pub fn page(context: &Context, id: &str) -> Result<Option<Page>, Error> {
    if !is_name(id) {
        return Ok(None);
    }
    let Some(known) = lookup::find(context, id.strip_prefix("advisory/").unwrap_or(id))? else { return Ok(None) };
    let fixed = match known.fixed.is_empty() {
        true => "in no version".to_owned(),
        false => format!("in {}", known.fixed.join(" or ")),
    };
    let id = known.rule.id.clone();
    let packages = match &known.packages[..] {
        [] => "a package".to_owned(),
        few if few.len() <= MOST_PACKAGES => few.join(", "),
        many => format!("{} and {} more", many[..MOST_PACKAGES].join(", "), many.len() - MOST_PACKAGES),
    };
    let kev = known.exploited.kev.map(|kev| match kev.ransomware {
        true => "known to CISA, in extortion campaigns, too".to_owned(),
        false => "known to CISA".to_owned(),
    });
    let epss = known.exploited.epss.map(|epss| format!("{epss} likely within 30 days (EPSS)"));
    let page = Page::new(format!("{packages} {}: {}", known.what, known.rule.title), Some(known.severity))
        .with("rule", [id.clone()])
        .with("severity", [format!("{} ({})", known.severity, known.rating.by)])
        .with("exploited", kev.into_iter().chain(epss))
        .with("also called", [known.aliases.join(", ")])
        .with("published", [known.date])
        .with("fixed", [fixed])
        .about(&known.rule, None)
        .with("known from", [known.source])
        .with(
            "to accept",
            [
                "in .scanall.toml, if the code at fault is not reached:".to_owned(),
                format!("[[ignore]]\nadvisory = \"{}\"\nreason = \"…\"", id.trim_start_matches("advisory/")),
            ],
        );
    Ok(Some(page))
}

/// Whether a text can be the name of an advisory, so that nothing is fetched for any other.
pub fn is_name(text: &str) -> bool {
    let name = text.trim_start_matches("advisory/").to_ascii_uppercase();
    text.starts_with("advisory/") || PREFIXES.iter().any(|start| name.starts_with(start))
}
