//! Who may see and use the operator's page: whoever knows the token of `site.operator_token`.
//!
//! HTTP Basic, any name, the token as password: browsers ask for it by themselves, so readers and
//! operators alike get by without cookie and without script.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guetteur_model::Sha256;

use crate::error::WebError;
use crate::state::AppState;

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

    fn is_given_by(self, header: &str) -> bool {
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

/// Proof that the request comes from the operator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operator {
    token: OperatorToken,
}

impl Operator {
    /// The key to put into forms.
    #[must_use]
    pub(crate) fn form_key(self) -> String {
        self.token.form_key()
    }

    /// Refuses a form that this site did not show.
    ///
    /// # Errors
    /// [`WebError::BadRequest`].
    pub(crate) fn check(self, key: &str) -> Result<(), WebError> {
        if Sha256::of(key.as_bytes()) == Sha256::of(self.form_key().as_bytes()) {
            return Ok(());
        }
        Err(WebError::BadRequest(
            "Ce formulaire n’est pas celui de la page de l’exploitant, ou le jeton a changé. \
             Rechargez la page."
                .to_owned(),
        ))
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let Some(token) = state.site.operator_token else {
            return Err(crate::error::no_such_page().await);
        };
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        match given {
            Some(header) if token.is_given_by(header) => Ok(Self { token }),
            _ => Err(WebError::NotOperator),
        }
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
