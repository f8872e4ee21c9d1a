//! Keys that the operator gives to programs: with one, subscriptions are made, changed and ended.

use guetteur_model::Sha256;
use url::Url;

/// Whether a key may sign people up by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailRight {
    /// It may not.
    No,
    /// It may, and each confirms by the link of a letter.
    Confirm,
    /// It may; its holder has the consent of each, which the operator answers for.
    Consent,
}

impl MailRight {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::No, Self::Confirm, Self::Consent];

    /// The word in the settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Confirm => "confirm",
            Self::Consent => "consent",
        }
    }
}

/// A key. Its hash alone is kept, and compared: how long a comparison takes tells nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// What it is called; the subscriptions made with it are kept under this name.
    pub name: String,
    hash: Sha256,
    /// Whether it may sign people up by mail.
    pub mail: MailRight,
}

impl ApiKey {
    /// From the words that the operator chose.
    #[must_use]
    pub fn new(name: &str, key: &str, mail: MailRight) -> Self {
        Self { name: name.to_owned(), hash: Sha256::of(key.as_bytes()), mail }
    }
}

/// All keys, and where what they name may be sent.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    /// The keys.
    pub keys: Vec<ApiKey>,
    /// Whether a webhook may be at an address, as far as it tells without asking for its name.
    pub receives: fn(&Url) -> bool,
}

impl Default for ApiKeys {
    fn default() -> Self {
        Self { keys: Vec::new(), receives: |_| false }
    }
}

impl ApiKeys {
    /// The key that the value of an `Authorization` header carries (`Bearer …`).
    #[must_use]
    pub(crate) fn given_by(&self, header: &str) -> Option<&ApiKey> {
        let (scheme, given) = header.split_once(' ')?;
        let hash = Sha256::of(given.trim().as_bytes());
        let known = self.keys.iter().find(|key| key.hash == hash);
        known.filter(|_| scheme.eq_ignore_ascii_case("bearer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_given_as_bearer() {
        let key = ApiKey::new("asso", "une clé assez longue", MailRight::Confirm);
        let keys = ApiKeys { keys: vec![key], ..ApiKeys::default() };
        for (header, known) in [
            ("Bearer une clé assez longue", true),
            ("bearer  une clé assez longue ", true),
            ("Basic une clé assez longue", false),
            ("Bearer une autre clé", false),
            ("Bearer", false),
            ("", false),
        ] {
            assert_eq!(keys.given_by(header).is_some(), known, "{header}");
        }
        assert!(!format!("{keys:?}").contains("assez longue"));
    }
}
