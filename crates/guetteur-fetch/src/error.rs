//! What can go wrong, in words for the person who reads the status of a bulletin or a source.

use std::time::Duration;

use crate::ArchiveError;

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
    #[error("robots.txt du site interdit {url}")]
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
    #[error("le site refuse la requête ({status}) : {url}")]
    Blocked {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
        /// What the site asked to wait.
        retry_after: Option<Duration>,
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
            Self::Blocked { .. }
                | Self::Resting { .. }
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
            Self::Resting { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether the site refuses us: a 404 or an error page is an answer, these are not.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Blocked { .. } => true,
            Self::Server { status, retry_after, .. } => *status == 503 || retry_after.is_some(),
            _ => false,
        }
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
