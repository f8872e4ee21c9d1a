//! What can go wrong when a site is asked. No error names the address: who asked knows it.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use guetteur_archive::ArchiveError;
use guetteur_model::{Failure, FailureKind};

use crate::BrowserError;
use crate::circuit::Refusal;
use crate::names::{NotPublic, UnknownName};

/// Why a request gave nothing. [`FetchError::failure`] is what to store and to show.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address we may ask.
    #[error("the address is not one that may be asked: {0}")]
    Address(&'static str),
    /// robots.txt forbids it.
    #[error("the site's robots.txt forbids it")]
    Robots,
    /// Any status that is no success.
    #[error("the site answers {status}")]
    Status {
        /// HTTP status.
        status: u16,
        /// What the site asked to wait.
        retry_after: Option<Duration>,
    },
    /// A challenge or refusal page came with status 200, in the place of what was asked for.
    #[error("a challenge page by {by} came in its place")]
    Challenge {
        /// Who or what shows it.
        by: &'static str,
    },
    /// The host may not be asked at this hour.
    #[error("the hours at which the host may be asked begin at {until}")]
    Closed {
        /// When they begin (RFC 3339).
        until: String,
        /// How long from now.
        wait: Duration,
    },
    /// The host refused several times in a row, or asked to wait long: it is not asked at all.
    #[error("the host refused several times and is left alone until {until}")]
    Resting {
        /// Until when (RFC 3339).
        until: String,
        /// How long from now.
        wait: Duration,
    },
    /// The host gave no answer several times in a row: it is not asked at all.
    #[error("the host gave no answer several times and is left alone until {until}")]
    Unanswered {
        /// Until when (RFC 3339).
        until: String,
        /// How long from now.
        wait: Duration,
    },
    /// More redirects than allowed, or a loop.
    #[error("it redirects without end")]
    Redirects,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// Name, connection, TLS or cut body.
    #[error("{kind}: {why}")]
    Network {
        /// Which of them.
        kind: FailureKind,
        /// The cause, as the network layer tells it.
        why: String,
    },
    /// Larger than the limit.
    #[error("larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A PDF was expected.
    #[error("no PDF but {media_type}")]
    NotPdf {
        /// The media type of what came instead, told from its bytes.
        media_type: &'static str,
    },
    /// A page was expected.
    #[error("no page but {media_type}")]
    NotHtml {
        /// The media type of what came instead, as announced.
        media_type: String,
    },
    /// The archive could not take it.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A page that comes to a browser alone could not be had from one.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// The client could not be built.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

impl FetchError {
    /// What went wrong, as data.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Address(_) => FailureKind::Inward.into(),
            Self::Robots => FailureKind::Robots.into(),
            Self::Status { status, .. } => Failure::of_status(*status),
            Self::Challenge { by } => Failure::new(FailureKind::Challenge, by),
            Self::Closed { until, .. } => Failure::new(FailureKind::Closed, until),
            Self::Resting { until, .. } => Failure::new(FailureKind::Resting, until),
            Self::Unanswered { until, .. } => Failure::new(FailureKind::Unanswered, until),
            Self::Redirects => FailureKind::Astray.into(),
            Self::Timeout => FailureKind::TimedOut.into(),
            Self::Network { kind, why } => Failure::new(*kind, why),
            Self::TooLarge { limit } => Failure::new(FailureKind::TooLarge, limit),
            Self::NotPdf { media_type } => Failure::new(FailureKind::WrongContent, media_type),
            Self::NotHtml { media_type } => Failure::new(FailureKind::WrongContent, media_type),
            Self::Archive(error) => Failure::new(FailureKind::Machine, error),
            Self::Browser(error) => error.failure(),
            Self::Client(why) => Failure::new(FailureKind::Machine, why),
        }
    }

    /// The kind of [`FetchError::failure`].
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.failure().kind
    }

    /// How long the site, or our own manners, ask to wait before the next try.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Resting { wait, .. }
            | Self::Unanswered { wait, .. }
            | Self::Closed { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether and how the site refuses us: a 404 or an error page is an answer, these are not.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let asked = self.retry_after();
        match self {
            Self::Challenge { .. } => Some(Refusal { asked, of_all: true }),
            Self::Status { status, .. }
                if FailureKind::of_status(*status).is_refusal()
                    || (*status >= 500 && asked.is_some()) =>
            {
                Some(Refusal { asked, of_all: false })
            }
            _ => None,
        }
    }

    /// Whether the site answered, were it with something else than we asked for.
    pub(crate) fn is_answer(&self) -> bool {
        use FailureKind::{NotFound, TooLarge, UnexpectedStatus, WrongContent};
        matches!(self.kind(), NotFound | TooLarge | UnexpectedStatus | WrongContent)
    }

    /// Whether another try within the same call makes sense: not for a 403, which is an answer.
    pub(crate) fn worth_a_retry(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 429 | 500..),
            Self::Timeout | Self::Network { .. } => true,
            _ => false,
        }
    }

    /// What the network layer met. Its types tell which, as far as they do.
    #[must_use]
    pub fn from_reqwest(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        let causes = || successors(Some(error as &(dyn Error + 'static)), |&cause| cause.source());
        if causes().any(|cause| cause.is::<NotPublic>()) {
            return Self::Address("its name leads to no public address");
        }
        let kind = if causes().any(is_ours) {
            FailureKind::Machine
        } else if causes().any(|cause| cause.is::<UnknownName>()) {
            FailureKind::UnknownName
        } else if causes().any(is_tls) {
            FailureKind::Insecure
        } else if error.is_connect() || error.is_builder() {
            FailureKind::Unreachable
        } else {
            // Connected, asked, and not answered to the end.
            FailureKind::CutShort
        };
        // The deepest cause is the one that says something (« connection refused »).
        let why = causes().last().map(ToString::to_string).unwrap_or_default();
        Self::Network { kind, why }
    }
}

/// Our own machine: no file handles, no memory, no space.
fn is_ours(cause: &(dyn Error + 'static)) -> bool {
    const NO_MEMORY: i32 = 12;
    const NO_HANDLES: [i32; 2] = [23, 24];
    let error = cause.downcast_ref::<std::io::Error>();
    error
        .and_then(std::io::Error::raw_os_error)
        .is_some_and(|code| code == NO_MEMORY || NO_HANDLES.contains(&code))
}

/// rustls speaks through `io::Error`s, one in the other, which hide what they hold from `source()`.
fn is_tls(cause: &(dyn Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}
