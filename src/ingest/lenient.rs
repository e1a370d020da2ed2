//! Reads fields that tools write now as one type, now as another: to be named in `deserialize_with`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text; a number or a truth value as one; empty for everything else.
///
/// # Errors
/// Never, for JSON.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Value::deserialize(from).map(text_of)
}

/// A text that stays where it is when nothing in it is escaped; null is empty.
///
/// # Errors
/// It is neither.
pub fn borrowed<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Cow<'a, str>, D::Error> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    Option::<Text<'a>>::deserialize(from).map(|text| text.map(|Text(text)| text).unwrap_or_default())
}

/// A whole number from 0, also one in quotes; 0 for everything else.
///
/// # Errors
/// Never, for JSON.
pub fn number<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let value = Value::deserialize(from)?;
    let number = match &value {
        Value::Number(number) => number.as_u64().or_else(|| number.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0))
}

/// A number, also one in quotes; `None` for everything else.
///
/// # Errors
/// Never, for JSON.
pub fn score<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|score: &f64| score.is_finite()),
        _ => None,
    })
}

/// A list of texts, or one text; what else is in it is left out.
///
/// # Errors
/// Never, for JSON.
pub fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(list) => list.into_iter().map(text_of).filter(|text| !text.is_empty()).collect(),
        one => Some(text_of(one)).filter(|text| !text.is_empty()).into_iter().collect(),
    })
}

/// A value of a type, or nothing: for parts that are good to have, whatever stands in their place.
///
/// # Errors
/// Never, for JSON.
pub fn maybe<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

/// A value of a type, or its default: for parts that are good to have, whatever stands in their place.
///
/// # Errors
/// Never, for JSON.
pub fn or_default<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    maybe(from).map(Option::unwrap_or_default)
}

/// A list, from which entries that are not of the type are left out; one value is a list of one.
///
/// # Errors
/// Never, for JSON.
pub fn list<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let values = match Value::deserialize(from)? {
        Value::Array(list) => list,
        Value::Null => Vec::new(),
        one => vec![one],
    };
    Ok(values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}

/// The key of an object, which still has its escapes, as the text that it stands for.
pub fn unescaped(key: &str) -> String {
    serde_json::from_str(&format!("\"{key}\"")).unwrap_or_else(|_| key.to_owned())
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}

/// The numbers of weaknesses in `CWE-79`, `CWE-79: Cross-site …`, `cwe-79`, `79` and the like, sorted.
pub fn weaknesses(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<u32> {
    let mut numbers: Vec<u32> = texts.into_iter().flat_map(|text| numbers_of(text.as_ref())).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn numbers_of(text: &str) -> Vec<u32> {
    let lower = text.to_ascii_lowercase();
    if let Ok(number) = lower.trim().parse() {
        return vec![number];
    }
    let behind = lower.split("cwe").skip(1);
    let number = |part: &str| {
        let digits = part.trim_start_matches(['-', '_', ':', ' ', '/']);
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    behind.filter_map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::weaknesses;

    #[test]
    fn weaknesses_as_tools_write_them() {
        let written = ["CWE-89: Improper", "cwe-79", "78", "external/cwe/cwe-022", "none", "CWE_20,CWE-20"];
        assert_eq!(weaknesses(written), [20, 22, 78, 79, 89]);
    }
}
