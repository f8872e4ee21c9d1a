//! The operator's token, as requests give it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guetteur_model::Sha256;

/// The operator's token. Its hash alone is kept, and compared: how long a comparison takes tells
/// nothing of the token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OperatorToken(Sha256);

impl OperatorToken {
    /// From the words that the operator chose.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(Sha256::of(token.as_bytes()))
    }

    /// What forms carry, and pages of other sites cannot know: browsers send the password with
    /// whatever form a foreign page posts here.
    #[must_use]
    pub(crate) fn form_key(self) -> String {
        Sha256::of(format!("operator's forms\n{}", self.0).as_bytes()).to_string()
    }

    /// Whether the value of an `Authorization` header carries it.
    #[must_use]
    pub(crate) fn is_given_by(self, header: &str) -> bool {
        let Some((scheme, encoded)) = header.split_once(' ') else { return false };
        if !scheme.eq_ignore_ascii_case("basic") {
            return false;
        }
        let decoded = BASE64_STANDARD.decode(encoded.trim()).unwrap_or_default();
        let password = decoded.iter().position(|&b| b == b':').map(|colon| &decoded[colon + 1..]);
        password.is_some_and(|password| Sha256::of(password) == self.0)
    }
}

impl std::fmt::Debug for OperatorToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperatorToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_token_whatever_the_name() {
        let token = OperatorToken::new("un jeton: très long");
        let header = |pair: &str| format!("Basic {}", BASE64_STANDARD.encode(pair));
        for (given, right) in [
            (header("moi:un jeton: très long"), true),
            (header(":un jeton: très long"), true),
            (header("moi:un jeton"), false),
            (header("un jeton: très long"), false),
            (header(""), false),
            ("Basic é".to_owned(), false),
            ("Bearer un jeton: très long".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(token.is_given_by(&given), right, "{given}");
        }
        assert!(token.is_given_by(&header("a:un jeton: très long").replace("Basic", "basic")));
        assert_eq!(format!("{token:?}"), "OperatorToken(…)");
        assert_ne!(token.form_key(), OperatorToken::new("autre").form_key());
    }
}
