//! Checks keys of Azure that carry a signature and a Marvin32 checksum; [`cask`], [`entra`] and [`devops`] know the
//! other forms.
//!
//! All of it is as in [security-utilities](https://github.com/microsoft/security-utilities), with which Microsoft makes
//! and finds the keys: `IdentifiableMetadata.cs` has signatures and seeds, `IdentifiableSecrets.cs` the layouts.

pub(crate) mod cask;
pub(crate) mod devops;
pub(crate) mod entra;

use super::alphabet::{BASE64, BASE64URL, any_base64};
use super::marvin::hash32;
use super::verdict::Verdict;

/// A kind of key: random bytes, four digits of base64 that name the product, and four bytes of checksum.
struct Product {
    name: &'static str,
    signature: &'static str,
    /// How many bytes the key has.
    bytes: usize,
    /// What the checksum is seeded with: eight ASCII characters, one for each use of a key.
    seeds: &'static [&'static [u8; 8]],
}

/// The uses of a key of a messaging service.
const MESSAGING: &[&[u8; 8]] = &[b"Send0000", b"Manage00", b"Listen00", b"System00", b"Unknown0"];

const PRODUCTS: &[Product] = &[
    Product { name: "Azure Storage", signature: "+ASt", bytes: 64, seeds: &[b"Default0"] },
    Product {
        name: "Azure Cosmos DB",
        signature: "ACDb",
        bytes: 64,
        seeds: &[b"MastRW00", b"MastRO00", b"SystRW00", b"SystRO00", b"SysAll00", b"Resour00", b"Encryp00"],
    },
    Product { name: "Azure Batch", signature: "+ABa", bytes: 64, seeds: &[b"AbAcct00"] },
    Product {
        name: "Azure API Management",
        signature: "APIM",
        bytes: 64,
        seeds: &[b"IoTHub00", b"Tenant00", b"Gatewy00", b"GitKey00"],
    },
    Product { name: "Azure Machine Learning (classic)", signature: "+AMC", bytes: 64, seeds: &[b"Classic0"] },
    Product { name: "Azure Service Bus", signature: "+ASb", bytes: 32, seeds: MESSAGING },
    Product { name: "Azure Event Hubs", signature: "+AEh", bytes: 32, seeds: MESSAGING },
    Product { name: "Azure Relay", signature: "+ARm", bytes: 32, seeds: MESSAGING },
    Product { name: "Azure IoT", signature: "AIoT", bytes: 32, seeds: &[b"IoTHub00", b"DpsKey00", b"Device00"] },
    Product { name: "Azure Cache for Redis", signature: "AzCa", bytes: 32, seeds: &[b"Access00"] },
    Product { name: "Azure Event Grid", signature: "AZEG", bytes: 32, seeds: &[b"SendRecv"] },
    Product { name: "Azure AI Search", signature: "AzSe", bytes: 39, seeds: &[b"Query000", b"PAdmin00"] },
    Product { name: "Azure Container Registry", signature: "+ACR", bytes: 39, seeds: &[b"ACRDflt0"] },
    Product { name: "Azure Functions", signature: "AzFu", bytes: 40, seeds: &[b"Functi00", b"System00", b"Master00"] },
];

/// How many bytes at the end are the checksum.
const SUM: usize = 4;
/// How many digits of base64 stand behind the signature.
const BEHIND: usize = 6;

impl Product {
    /// Where the signature begins, in digits of base64.
    fn signature_at(&self) -> usize {
        (self.bytes * 8).div_ceil(6) - BEHIND - self.signature.len()
    }
}

/// The number that eight characters seed a checksum with.
fn seed(name: &[u8; 8]) -> u64 {
    u64::from_be_bytes(*name)
}

/// The verdict on a key of any product.
pub(crate) fn verdict(key: &[u8]) -> Verdict {
    if let Some(verdict) = cask::verdict(key) {
        return verdict;
    }
    // In an address the special digits of base64 are escaped.
    let key = [("%2B", "+"), ("%2F", "/"), ("%3D", "="), ("%2b", "+"), ("%2f", "/"), ("%3d", "=")]
        .iter()
        .fold(String::from_utf8_lossy(key), |key, (escaped, digit)| key.replace(escaped, digit).into());
    let key = key.as_bytes();
    let digits = key.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    let has_signature = |product: &&Product| {
        let at = product.signature_at();
        digits == (product.bytes * 8).div_ceil(6) && key.get(at..at + 4) == Some(product.signature.as_bytes())
    };
    let Some(product) = PRODUCTS.iter().find(has_signature) else {
        return Verdict::unknown("keys of this form carry no checksum");
    };
    let bytes = any_base64(key).unwrap_or_default();
    let right = bytes.split_last_chunk::<SUM>().is_some_and(|(checked, sum)| {
        product.seeds.iter().any(|name| hash32(checked, seed(name)).to_le_bytes() == *sum)
    });
    let verdict = match right {
        true => Verdict::confirmed(format!("its checksum is right for {}", product.name)),
        // Some of these keys have the characters `+` and `/` replaced by letters when they are done.
        false if product.signature == "AzCa" => Verdict::unknown("its checksum is wrong, which some keys' is"),
        false => Verdict::refuted(format!("its checksum is wrong for {}", product.name)),
    };
    verdict.with("product", product.name)
}

/// A genuine key for the examples of rules: of the product with a signature, made of bytes that `random` gives. `None`
/// for an unknown signature.
pub(crate) fn make(signature: &str, random: &mut dyn FnMut() -> u8) -> Option<String> {
    if signature.len() == 4 && !PRODUCTS.iter().any(|product| product.signature == signature) {
        return cask::make(signature, random);
    }
    let product = PRODUCTS.iter().find(|product| product.signature == signature)?;
    let name = product.seeds.first()?;
    // Those of 39 bytes are made again until they have no special character.
    let is_plain = |key: &str| {
        product.bytes != 39 || key.replacen(signature, "", 1).bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (0..1000).find_map(|_| {
        let head: String = (0..product.signature_at()).map(|_| BASE64.digit(u64::from(random()) % 62)).collect();
        let mut bytes = BASE64.decode(format!("{head}{signature}AAAAAA").as_bytes())?;
        bytes.truncate(product.bytes - SUM);
        bytes.extend(hash32(&bytes, seed(name)).to_le_bytes());
        let alphabet = if product.bytes == 40 { BASE64URL } else { BASE64 };
        let key = alphabet.encode(&bytes);
        let padding = "=".repeat(key.len().next_multiple_of(4) - key.len());
        is_plain(&key).then(|| key + &padding)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn every_product_has_its_own_keys() {
        let mut next = 0u8;
        let mut random = || {
            next = next.wrapping_mul(5).wrapping_add(113);
            next
        };
        for product in PRODUCTS {
            let key = make(product.signature, &mut random).unwrap();
            let said = verdict(key.as_bytes());
            assert_eq!((said.outcome, &*said.facts["product"]), (Outcome::Confirmed, product.name), "{key}");
            let other = format!("{}{}", if key.starts_with('a') { 'b' } else { 'a' }, &key[1..]);
            assert_ne!(verdict(other.as_bytes()).outcome, Outcome::Confirmed, "{other}");
        }
        assert_eq!(make("none", &mut random), None);
        assert_eq!(verdict(&[b'a'; 86]).outcome, Outcome::Unknown);
    }
}
