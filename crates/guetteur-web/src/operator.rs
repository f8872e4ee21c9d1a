//! Who may see and use the operator's page: whoever knows the token of `site.operator_token`.
//!
//! HTTP Basic, any name, the token as password: browsers ask for it by themselves, so readers and
//! operators alike get by without cookie and without script.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use guetteur_model::Sha256;

use crate::error::{WebError, no_such_page};
use crate::operator_token::OperatorToken;
use crate::state::AppState;

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
            return Err(no_such_page().await);
        };
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        match given {
            Some(header) if token.is_given_by(header) => Ok(Self { token }),
            _ => Err(WebError::NotOperator),
        }
    }
}
