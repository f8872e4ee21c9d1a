//! Why something could not be had: a kind, from which everything follows, and a detail, which is
//! only told.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownId;

/// What went wrong. Statuses, retries and the words shown follow from it, never from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The site does not want us. Detail: the status (401, 403, 429, 451, 503).
    Refused,
    /// A check for humans, or a refusal, came in the place of the page. Detail: who shows it.
    Challenge,
    /// robots.txt forbids the address.
    Robots,
    /// Not asked, for the site refused several times in a row. Detail: when it is asked again
    /// (RFC 3339).
    Resting,
    /// Not asked, for the site gave no answer several times in a row. Detail: when it is asked again
    /// (RFC 3339).
    Unanswered,
    /// Not asked, for the hours at which it may be are over. Detail: when they begin (RFC 3339).
    Closed,
    /// The site is out of order. Detail: the status (5xx).
    SiteDown,
    /// The name of the host leads nowhere.
    UnknownName,
    /// No connection. Detail: the cause, as the system tells it.
    Unreachable,
    /// The connection could not be made secure. Detail: the cause, as the TLS library tells it.
    Insecure,
    /// The answer ended before its end.
    CutShort,
    /// No answer in time.
    TimedOut,
    /// Nothing is there. Detail: the status (404, 410).
    NotFound,
    /// Redirects without end, or to elsewhere. Detail: where to, if elsewhere.
    Astray,
    /// Something else than what was asked for. Detail: its media type.
    WrongContent,
    /// A status that says none of the above. Detail: the status.
    UnexpectedStatus,
    /// A list without a single bulletin.
    Empty,
    /// A bulletin's own page without its document.
    NoDocument,
    /// Much less than before. Detail: `3/20`, what is left of what was there.
    Shrunk,
    /// Larger than our limit. Detail: the limit in bytes.
    TooLarge,
    /// A walk that came to our limit of requests. Detail: the limit.
    TooMany,
    /// Pages wait for tomorrow's budget of OCR. Detail: how many.
    Budget,
    /// An address that we do not ask: of this machine or its network, a number, no web address.
    Inward,
    /// A PDF that asks for a password.
    Password,
    /// A PDF that no engine can read. Detail: what was seen.
    Unreadable,
    /// Our process ended before the work did.
    Interrupted,
    /// Our own machine: disk, memory, file handles, a program that is missing. Detail: the cause.
    Machine,
    /// Anything else. Detail: the words of whoever noticed.
    Other,
}

impl FailureKind {
    /// All kinds.
    pub const ALL: [Self; 28] = [
        Self::Refused,
        Self::Challenge,
        Self::Robots,
        Self::Resting,
        Self::Unanswered,
        Self::Closed,
        Self::SiteDown,
        Self::UnknownName,
        Self::Unreachable,
        Self::Insecure,
        Self::CutShort,
        Self::TimedOut,
        Self::NotFound,
        Self::Astray,
        Self::WrongContent,
        Self::UnexpectedStatus,
        Self::Empty,
        Self::NoDocument,
        Self::Shrunk,
        Self::TooLarge,
        Self::TooMany,
        Self::Budget,
        Self::Inward,
        Self::Password,
        Self::Unreadable,
        Self::Interrupted,
        Self::Machine,
        Self::Other,
    ];

    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Challenge => "challenge",
            Self::Robots => "robots",
            Self::Resting => "resting",
            Self::Unanswered => "unanswered",
            Self::Closed => "closed",
            Self::SiteDown => "site_down",
            Self::UnknownName => "unknown_name",
            Self::Unreachable => "unreachable",
            Self::Insecure => "insecure",
            Self::CutShort => "cut_short",
            Self::TimedOut => "timed_out",
            Self::NotFound => "not_found",
            Self::Astray => "astray",
            Self::WrongContent => "wrong_content",
            Self::UnexpectedStatus => "unexpected_status",
            Self::Empty => "empty",
            Self::NoDocument => "no_document",
            Self::Shrunk => "shrunk",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::Budget => "budget",
            Self::Inward => "inward",
            Self::Password => "password",
            Self::Unreadable => "unreadable",
            Self::Interrupted => "interrupted",
            Self::Machine => "machine",
            Self::Other => "other",
        }
    }

    /// What an HTTP status that is no success means. 503 counts as a refusal: it is what most
    /// firewalls and limiters answer.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 | 429 | 451 | 503 => Self::Refused,
            404 | 410 => Self::NotFound,
            500.. => Self::SiteDown,
            _ => Self::UnexpectedStatus,
        }
    }

    /// Whether it is the site's will: nothing is broken, we are not wanted.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::Refused | Self::Challenge | Self::Robots | Self::Resting)
    }

    /// Whether it says nothing of the site nor of the document, only of us.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Interrupted | Self::Machine | Self::Budget | Self::Other)
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn may_pass(self) -> bool {
        !matches!(
            self,
            Self::Robots | Self::TooLarge | Self::Inward | Self::Password | Self::Unreadable
        )
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FailureKind {
    type Err = UnknownId;

    fn from_str(word: &str) -> Result<Self, UnknownId> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.ok_or_else(|| UnknownId { what: "kind of failure", got: word.to_owned() })
    }
}

/// One failure. It does not name its subject: who asked knows what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong.
    pub kind: FailureKind,
    /// What each kind says of it; empty where there is nothing to say.
    pub detail: String,
}

impl Failure {
    /// A failure with its detail.
    pub fn new(kind: FailureKind, detail: impl ToString) -> Self {
        Self { kind, detail: detail.to_string() }
    }

    /// A status that is no success.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        Self::new(FailureKind::of_status(status), status)
    }
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        Self { kind, detail: String::new() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => self.kind.fmt(f),
            detail => write!(f, "{} ({detail})", self.kind),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;

    use super::*;

    #[test]
    fn each_kind_has_a_word_of_its_own() {
        for kind in FailureKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            let read: Result<FailureKind, serde::de::value::Error> =
                FailureKind::deserialize(kind.as_str().into_deserializer());
            assert_eq!(read, Ok(kind));
        }
        assert!("refus".parse::<FailureKind>().is_err());
    }

    #[test]
    fn a_status_has_a_kind() {
        use FailureKind::{NotFound, Refused, SiteDown, UnexpectedStatus};
        let cases = [
            (403, Refused),
            (429, Refused),
            (503, Refused),
            (404, NotFound),
            (410, NotFound),
            (500, SiteDown),
            (502, SiteDown),
            (418, UnexpectedStatus),
            (304, UnexpectedStatus),
        ];
        for (status, kind) in cases {
            assert_eq!(FailureKind::of_status(status), kind, "{status}");
        }
        assert_eq!(Failure::of_status(403).to_string(), "refused (403)");
    }
}
