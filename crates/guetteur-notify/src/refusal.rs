//! What a refusal of a mail server means. The same number says that a mailbox does not exist, that it is
//! full, or that we are not wanted: the enhanced code (RFC 3463) or the words tell.

/// Why a letter was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// There is no such mailbox: the only reason for which a subscriber is struck off.
    NoMailbox,
    /// The mailbox is full.
    Full,
    /// Too many letters at a time, of ours or of our neighbours.
    TooMany,
    /// Our address is on a list, or has too poor a reputation.
    Blocked,
    /// A rule of theirs: signatures (SPF, DKIM, DMARC), relaying, content.
    Policy,
    /// Not now, or no reason that is known.
    Other,
}

/// Words that mean a reason, whatever the code; those further up win.
const WORDS: [(Refusal, &[&str]); 5] = [
    (
        Refusal::Full,
        &[
            "quota",
            "mailbox full",
            "mailbox is full",
            "over quota",
            "boîte pleine",
            "insufficient storage",
            "out of storage",
        ],
    ),
    (
        Refusal::TooMany,
        &[
            "rate limit",
            "rate-limit",
            "ratelimit",
            "too many",
            "too quickly",
            "too fast",
            "throttl",
            "try again later, volume",
            "unusual rate",
            "exceeded the",
            "trop de",
        ],
    ),
    (
        Refusal::Blocked,
        &[
            "spamhaus",
            "blacklist",
            "block list",
            "blocklist",
            "blocked",
            "listed",
            "reputation",
            "rbl",
            "dnsbl",
            "banned",
            "on a list",
            "tss0",
            "ts0",
        ],
    ),
    (
        Refusal::Policy,
        &[
            "policy",
            "spf",
            "dkim",
            "dmarc",
            "relay",
            "spam",
            "content",
            "not allowed",
            "denied",
            "authenticat",
            "greylist",
            "graylist",
        ],
    ),
    (
        Refusal::NoMailbox,
        &[
            "no such user",
            "user unknown",
            "unknown user",
            "unknown recipient",
            "recipient unknown",
            "no such mailbox",
            "mailbox not found",
            "does not exist",
            "doesn't exist",
            "no mailbox",
            "unknown mailbox",
            "mailbox unknown",
            "invalid recipient",
            "no such recipient",
            "no such address",
            "unknown address",
            "address unknown",
            "utilisateur inconnu",
            "destinataire inconnu",
            "adresse inconnue",
            "n'existe pas",
            "adresse d'au moins un destinataire invalide",
            "unrouteable address",
        ],
    ),
];

impl Refusal {
    /// What `said` means, an answer that was `permanent` (5xx) or not.
    #[must_use]
    pub fn of(said: &str, permanent: bool) -> Self {
        let words = said.to_lowercase().replace('’', "'").replace(['\n', '\r'], " ");
        let meant = || {
            let means = |(_, all): &&(Self, &[&str])| all.iter().any(|word| words.contains(word));
            WORDS.iter().find(means).map(|(reason, _)| *reason)
        };
        let reason = match enhanced(&words) {
            Some((1, 0 | 1 | 2 | 3 | 6 | 10)) if permanent => Self::NoMailbox,
            Some((2, 2)) => Self::Full,
            Some((7, 28)) => Self::TooMany,
            // It is about us, though the words may name the mailbox.
            Some((7, _)) => match meant() {
                Some(reason @ (Self::TooMany | Self::Blocked)) => reason,
                _ => Self::Policy,
            },
            // Not a mailbox that does not exist: one that is disabled, say.
            Some(_) => meant().filter(|reason| *reason != Self::NoMailbox).unwrap_or(Self::Other),
            None => meant().unwrap_or(Self::Other),
        };
        match reason {
            Self::NoMailbox if !permanent => Self::Other,
            reason => reason,
        }
    }

    /// In words, for the operator.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoMailbox => "boîte inexistante",
            Self::Full => "boîte pleine",
            Self::TooMany => "débit limité",
            Self::Blocked => "adresse bloquée",
            Self::Policy => "règle du fournisseur",
            Self::Other => "refus",
        }
    }
}

/// Subject and detail of an enhanced code: `5.1.1` is (1, 1).
fn enhanced(words: &str) -> Option<(u32, u32)> {
    words.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let mut parts = word.trim_end_matches('.').split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let known = matches!(class, "4" | "5") && parts.next().is_none();
        let short = subject.len() <= 3 && detail.len() <= 3;
        (known && short).then(|| Some((subject.parse().ok()?, detail.parse().ok()?))).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers as providers give them, put in other words; numbers of hosts are documentation's own.
    #[test]
    fn only_no_such_mailbox_is_one() {
        use Refusal::{Blocked, Full, NoMailbox, Other, Policy, TooMany};
        let cases = [
            ("permanent error (550): 5.1.1 no such mailbox", true, NoMailbox),
            ("550 5.1.10 recipient address has null MX", true, NoMailbox),
            ("550 User unknown in virtual mailbox table", true, NoMailbox),
            ("550 No such user here", true, NoMailbox),
            ("550 Requested action not taken: mailbox unavailable", true, Other),
            ("550 5.1.1 <a@b.example> recipient overquota", true, NoMailbox),
            ("450 4.1.1 unverified address: user unknown", false, Other),
            ("552 5.2.2 the mailbox is full", true, Full),
            ("452 4.2.2 over quota", false, Full),
            ("554 mailbox full", true, Full),
            ("550 5.2.1 the account is disabled", true, Other),
            ("550 5.7.28 unusual rate of mail from 192.0.2.1", true, TooMany),
            ("421 4.7.0 too many messages", false, TooMany),
            ("421 Too many connections, slow down", false, TooMany),
            (
                "550 5.7.1 service unavailable, client host [192.0.2.1] blocked using a list",
                true,
                Blocked,
            ),
            ("550 5.7.1 your address is on a list", true, Blocked),
            ("554 5.7.1 listed at spamhaus", true, Blocked),
            ("550 5.7.26 unauthenticated mail is not accepted (SPF, DKIM)", true, Policy),
            ("550 5.7.1 relaying denied", true, Policy),
            ("550 5.7.1 user unknown", true, Policy),
            ("550 5.4.1 Recipient address rejected: access denied", true, Policy),
            ("451 4.3.0 try again later", false, Other),
            ("550 1.2.3.4 is not welcome", true, Other),
            ("", true, Other),
        ];
        for (said, permanent, expected) in cases {
            assert_eq!(Refusal::of(said, permanent), expected, "{said}");
        }
    }
}
