//! Who may see and use the operator's page: whoever knows the token of `site.operator_token`.
//!
//! HTTP Basic, any name, the token as password: browsers ask for it by themselves, so readers and
//! operators alike get by without cookie and without script.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use guetteur_model::Sha256;

use crate::error::{WebError, no_such_page};
use crate::limits;
use crate::operator_token::OperatorToken;
use crate::state::AppState;

/// The answer to a first wrong token waits so long, each further one twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// At most.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

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
            return Err(no_such_page());
        };
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        match given {
            Some(header) if token.is_given_by(header) => Ok(Self { token }),
            Some(_) => {
                wrong_guess(parts, state, "a wrong token was given for the operator's page").await;
                Err(WebError::NotOperator)
            }
            None => Err(WebError::NotOperator),
        }
    }
}

/// A wrong token or key is logged as `what`, and its answer waits the longer the more there were of that address. The
/// right one never waits: a stranger behind the same address cannot lock the operator out.
pub(crate) async fn wrong_guess(parts: &Parts, state: &AppState, what: &str) {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = limits::client(&parts.headers, state.site.client_header.as_deref(), peer);
    let guesses = state.counts.wrong_token(client, state.catalogue.now());
    tracing::warn!(%client, guesses, "{what}");
    tokio::time::sleep(penance(guesses)).await;
}

/// How long the answer to the nth wrong guess of an hour waits.
fn penance(guesses: u32) -> Duration {
    FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(guesses.saturating_sub(1).min(16)))
        .min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower() {
        let waits = [1, 2, 3, 6, 7, 100, u32::MAX].map(|nth| penance(nth).as_millis());
        assert_eq!(waits, [250, 500, 1_000, 8_000, 10_000, 10_000, 10_000]);
    }
}
