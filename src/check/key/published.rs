//! Lists private keys that everybody has: the defaults of tools, which say so themselves.

/// The fingerprint of a public key, and whose default it is.
const PUBLISHED: &[(&str, &str)] = &[
    // https://github.com/hashicorp/vagrant/tree/main/keys
    ("SHA256:1M4RzhMyWuFS/86uPY/ce2prh/dVTHW7iD2RhpquOZA", "Vagrant"),
    ("SHA256:WkvqjnyPAeC0cbPErYiGP9vqHdgL1MqqvPdIe3lvHgI", "Vagrant"),
    // https://github.com/phusion/baseimage-docker/blob/master/image/insecure_key.pub
    ("SHA256:mNz9adiNUt9xnouQa1sVz3M2zmUV/nTEjUOucMNM9l4", "baseimage-docker"),
];

/// Whose default key it is that has a fingerprint; `None` for every other key.
pub(super) fn of(fingerprint: &str) -> Option<&'static str> {
    PUBLISHED.iter().find(|(known, _)| *known == fingerprint).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn a_key_that_everybody_has_is_no_secret() {
        for (fingerprint, name) in PUBLISHED {
            let verdict = Key { fingerprint: Some((*fingerprint).to_owned()), ..Key::default() }.verdict();
            assert_eq!(
                (verdict.outcome, verdict.reason),
                (Outcome::Refuted, format!("it is the published key of {name}"))
            );
        }
        assert_eq!(of("SHA256:"), None);
    }
}
