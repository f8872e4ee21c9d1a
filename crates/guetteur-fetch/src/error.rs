//! What can go wrong, in words for the person who reads the status of a bulletin or a source.

use std::time::Duration;

use crate::circuit::Refusal;
use crate::{ArchiveError, BrowserError};

/// What a page in the place of a PDF is called.
pub(crate) const HTML: &str = "page HTML";

/// Why a request gave nothing. The texts are shown to users, hence French.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address we may ask.
    #[error("adresse refusée : {url} ({why})")]
    Address {
        /// The address.
        url: String,
        /// The reason.
        why: &'static str,
    },
    /// robots.txt forbids it.
    #[error("bloqué : le robots.txt du site refuse {url}")]
    Robots {
        /// The address.
        url: String,
    },
    /// 404 or 410.
    #[error("introuvable ({status}) : {url}")]
    NotFound {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// 401, 403, 429 or 451: the site does not want us.
    #[error("bloqué : le site refuse la requête ({status}) : {url}")]
    Blocked {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
        /// What the site asked to wait.
        retry_after: Option<Duration>,
    },
    /// A challenge or refusal page came with status 200, in the place of what was asked for.
    #[error(
        "bloqué : le site refuse nos requêtes et montre à la place une vérification ({by}) : {url}"
    )]
    Challenge {
        /// The address.
        url: String,
        /// Who or what shows it.
        by: &'static str,
    },
    /// The host may not be asked at this hour.
    #[error("hors des heures permises pour {host} : prochain essai à {until}")]
    Closed {
        /// The host.
        host: String,
        /// The hour in Paris, as people write it.
        until: String,
        /// How long from now.
        wait: Duration,
    },
    /// The host refused several times in a row, or asked to wait long: it is not asked at all.
    #[error("bloqué, prochain essai à {until} : {host} refuse nos requêtes")]
    Resting {
        /// The host.
        host: String,
        /// The hour in Paris, as people write it.
        until: String,
        /// How long from now.
        wait: Duration,
    },
    /// 5xx.
    #[error("le site est en panne ({status}) : {url}")]
    Server {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
        /// What the site asked to wait.
        retry_after: Option<Duration>,
    },
    /// Any other status that is no success.
    #[error("réponse inattendue ({status}) : {url}")]
    Status {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// More redirects than allowed, or a loop.
    #[error("redirections sans fin à partir de {url}")]
    Redirects {
        /// The first address.
        url: String,
    },
    /// No answer in time.
    #[error("pas de réponse à temps : {url}")]
    Timeout {
        /// The address.
        url: String,
    },
    /// Name, connection, TLS or cut body.
    #[error("connexion impossible ou interrompue : {url} ({why})")]
    Network {
        /// The address.
        url: String,
        /// The cause, as the network layer tells it.
        why: String,
    },
    /// Larger than the limit.
    #[error("plus gros que la limite de {limit} octets : {url}")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A PDF was expected.
    #[error("ce n'est pas un PDF ({what}) : {url}")]
    NotPdf {
        /// The address.
        url: String,
        /// What came instead.
        what: &'static str,
    },
    /// A page was expected.
    #[error("ce n'est pas une page HTML ({content_type}) : {url}")]
    NotHtml {
        /// The address.
        url: String,
        /// What came instead.
        content_type: String,
    },
    /// The archive could not take it.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A page that comes to a browser alone could not be had from one.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// The client could not be built.
    #[error("client HTTP : {0}")]
    Client(String),
}

impl FetchError {
    /// Whether trying again later may help.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            // An error page with status 200, as often as not.
            Self::NotPdf { what: HTML, .. }
                | Self::Blocked { .. }
                | Self::Challenge { .. }
                | Self::Closed { .. }
                | Self::Resting { .. }
                | Self::Browser(_)
                | Self::Server { .. }
                | Self::Timeout { .. }
                | Self::Network { .. }
                | Self::Archive(_)
        )
    }

    /// What the site asked to wait before the next try.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Blocked { retry_after, .. } | Self::Server { retry_after, .. } => *retry_after,
            Self::Resting { wait, .. } | Self::Closed { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether and how the site refuses us: a 404 or an error page is an answer, these are not.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let asked = self.retry_after();
        match self {
            Self::Challenge { .. } => Some(Refusal { asked, of_all: true }),
            Self::Blocked { .. } => Some(Refusal { asked, of_all: false }),
            Self::Server { status, .. } if *status == 503 || asked.is_some() => {
                Some(Refusal { asked, of_all: false })
            }
            _ => None,
        }
    }

    /// Whether the site answered, were it with something else than we asked for.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::Status { .. }
                | Self::NotHtml { .. }
                | Self::NotPdf { .. }
                | Self::TooLarge { .. }
        )
    }

    /// Whether another try within the same call makes sense: not for a 403, which is an answer.
    pub(crate) fn worth_a_retry(&self) -> bool {
        match self {
            Self::Blocked { status, .. } => *status == 429,
            Self::Server { .. } | Self::Timeout { .. } | Self::Network { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn from_reqwest(url: &url::Url, error: &reqwest::Error) -> Self {
        let url = url.to_string();
        if error.is_timeout() {
            return Self::Timeout { url };
        }
        // The deepest cause is the one that says something (« connection refused »).
        let mut cause: &dyn std::error::Error = error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        Self::Network { url, why: cause.to_string() }
    }
}
