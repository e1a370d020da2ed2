//! What GitHub documents of uploads, written down a second time: nothing here is shared with what is tested.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use serde_json::Value;

use super::http::{Answer, Request};

/// An upload that was taken, and what is said of it later.
pub(crate) struct Taken {
    pub(crate) log: Value,
    /// Empty when it is read without trouble.
    pub(crate) errors: Vec<String>,
}

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sarif/tests/sarif-schema-2.1.0.json");
    let text = std::fs::read_to_string(path).unwrap();
    // One pattern of the published schema has a stray bracket that strict engines refuse.
    jsonschema::validator_for(&serde_json::from_str(&text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$")).unwrap()).unwrap()
});

/// The parameters of an upload, and whether one is needed.
const PARAMETERS: [(&str, bool); 7] = [
    ("commit_sha", true),
    ("ref", true),
    ("sarif", true),
    ("checkout_uri", false),
    ("started_at", false),
    ("tool_name", false),
    ("validate", false),
];

/// What every request has to have; `None` when it has.
pub(crate) fn refuse_headers(request: &Request, token: &str) -> Option<Answer> {
    if request.header("user-agent").is_empty() {
        return Some(Answer::refusal(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
        ));
    }
    let authorization = request.header("authorization");
    if authorization.is_empty() {
        return Some(Answer::refusal(401, "Requires authentication"));
    }
    if authorization != format!("Bearer {token}") {
        return Some(Answer::refusal(401, "Bad credentials"));
    }
    if request.header("accept") != "application/vnd.github+json" {
        return Some(Answer::refusal(415, "Unsupported 'Accept' header. Must accept 'application/json'."));
    }
    if request.header("x-github-api-version") != "2022-11-28" {
        return Some(Answer::refusal(400, "The version of the API is missing or not supported"));
    }
    let has_body = ["POST", "PATCH", "PUT"].contains(&request.method.as_str());
    if has_body && (request.header("content-type") != "application/json" || !request.json().is_object()) {
        return Some(Answer::refusal(400, "Problems parsing JSON"));
    }
    // The token is for the header alone.
    let elsewhere = String::from_utf8_lossy(&request.body).contains(token) || request.path.contains(token);
    assert!(!elsewhere, "the token is in the address or the body");
    None
}

/// Reads an upload.
///
/// # Errors
/// The refusal that the request gets at once.
pub(crate) fn take(body: &Value) -> Result<Taken, Answer> {
    let invalid = |what: &str| Answer::refusal(422, &format!("Invalid request.\n\n{what}"));
    let object = body.as_object().unwrap();
    for name in object.keys() {
        if !PARAMETERS.iter().any(|(known, _)| known == name) {
            return Err(invalid(&format!("\"{name}\" is not a permitted key.")));
        }
    }
    for (name, needed) in PARAMETERS {
        match (&body[name], name) {
            (Value::Null, _) if !needed => {}
            (Value::Null, _) => return Err(invalid(&format!("\"{name}\" wasn't supplied."))),
            (Value::Bool(_), "validate") => {}
            (Value::String(_), name) if name != "validate" => {}
            (value, _) => return Err(invalid(&format!("{value} is no value for \"{name}\"."))),
        }
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let (commit, reference) = (text("commit_sha"), text("ref"));
    if commit.len() != 40 || !commit.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(invalid(&format!("{commit} does not match /^[0-9a-fA-F]+$/.")));
    }
    let mut parts = reference.splitn(3, '/');
    let form = (parts.next(), parts.next(), parts.next());
    let fits = match form {
        (Some("refs"), Some("heads" | "tags"), Some(name)) => !name.is_empty() && !name.contains([' ', '~', '^', ':']),
        (Some("refs"), Some("pull"), Some(rest)) => {
            let (number, end) = rest.split_once('/').unwrap_or_default();
            number.parse::<u32>().is_ok() && ["merge", "head"].contains(&end)
        }
        _ => false,
    };
    if !fits {
        return Err(invalid(&format!("{reference} does not match /^refs\\/(heads|tags|pull)\\/.*$/.")));
    }
    if !body["started_at"].is_null() && text("started_at").parse::<jiff::Timestamp>().is_err() {
        return Err(invalid("\"started_at\" is no time."));
    }
    if !body["checkout_uri"].is_null() && !text("checkout_uri").starts_with("file:///") {
        return Err(invalid("\"checkout_uri\" is no file."));
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(text("sarif"));
    let Ok(gzip) = bytes else { return Err(Answer::refusal(400, "sarif is not base64")) };
    if gzip.len() > 10_000_000 {
        return Err(Answer::refusal(413, "Payload too large"));
    }
    let mut json = Vec::new();
    if flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut json).is_err() {
        return Err(Answer::refusal(400, "sarif is not gzip"));
    }
    let Ok(log) = serde_json::from_slice::<Value>(&json) else {
        return Err(Answer::refusal(400, "Invalid SARIF. JSON syntax error"));
    };
    // To say what is wrong takes much longer than to see that something is.
    let is_valid = SCHEMA.is_valid(&log);
    if let Some(error) = (!is_valid).then(|| SCHEMA.iter_errors(&log).next()).flatten() {
        return Err(Answer::refusal(400, &format!("Invalid SARIF. {error} at {}", error.instance_path())));
    }
    let errors = read(&log, text("checkout_uri"));
    Ok(Taken { log, errors })
}

/// What the reader of uploads says, in its own words.
fn read(log: &Value, checkout: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let runs = log["runs"].as_array().unwrap();
    if runs.len() > 20 {
        errors.push(format!("rejecting SARIF, as there are more runs than allowed ({} > 20)", runs.len()));
    }
    let mut categories = BTreeSet::new();
    for run in runs {
        let driver = &run["tool"]["driver"];
        let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
        let category = id.rsplit_once('/').map_or("", |(category, _)| category);
        if !categories.insert((driver["name"].to_string(), category.to_owned())) {
            errors.push("A delivery cannot contain multiple runs with the same category".to_owned());
        }
        let rules = driver["rules"].as_array().cloned().unwrap_or_default();
        for rule in &rules {
            if let Some(severity) = rule["properties"].get("security-severity") {
                let number = severity.as_str().and_then(|text| text.parse::<f64>().ok());
                if !number.is_some_and(|number| number > 0.0 && number <= 10.0) {
                    errors.push(format!(
                        "could not convert rules: invalid security severity value, is not a number: {severity}"
                    ));
                }
            }
        }
        let results = run["results"].as_array().cloned().unwrap_or_default();
        for (list, most, what) in [(&results, 25_000, "results"), (&rules, 25_000, "rules")] {
            if list.len() > most {
                errors
                    .push(format!("rejecting SARIF, as there are more {what} than allowed ({} > {most})", list.len()));
            }
        }
        errors.extend(results.iter().filter_map(|result| misplaced(result, checkout)));
    }
    errors
}

fn misplaced(result: &Value, checkout: &str) -> Option<String> {
    if result["message"]["text"].as_str().unwrap_or_default().is_empty() {
        return Some("expected a message text".to_owned());
    }
    let Some(location) = result["locations"].get(0) else {
        return Some("locationFromSarifResult: expected at least one location".to_owned());
    };
    let Some(physical) = location.get("physicalLocation") else {
        return Some("locationFromSarifResult: expected a physical location".to_owned());
    };
    let uri = physical["artifactLocation"]["uri"].as_str().unwrap_or_default();
    if uri.is_empty() {
        return Some("locationFromSarifResult: expected artifact location".to_owned());
    }
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains('/'));
    match scheme {
        Some("file") if checkout.starts_with("file:") => None,
        Some(scheme) => Some(format!(
            "locationFromSarifResult: SARIF URI scheme \"{scheme}\" did not match the checkout URI scheme \"file\""
        )),
        None if uri.contains([' ', '\\', '"']) || uri.starts_with('/') => {
            Some("an invalid URI was provided as a SARIF location".to_owned())
        }
        None => None,
    }
}
