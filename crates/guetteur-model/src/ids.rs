//! Identities in the store, one type each: the id of an act is no bulletin's.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident)*) => {$(
        $(#[$about])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(
            /// As the database numbers it.
            pub i64,
        );

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(s: &str) -> Result<Self, ParseIntError> {
                s.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// An act; its address is made of it, so it never changes.
    ActId
    /// A bulletin.
    BulletinId
    /// A subscription.
    SubscriptionId
    /// A message of the outbox.
    MessageId
    /// A masked passage.
    MaskId
    /// An alarm.
    AlarmId
    /// A decision of a court about an act.
    OutcomeId
    /// A step of what a town was asked.
    TownStepId
    /// What an operator found of a flag or a fact.
    ReviewId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_its_number() {
        assert_eq!(ActId(7).to_string(), "7");
        assert_eq!("7".parse(), Ok(ActId(7)));
        assert!("acte".parse::<ActId>().is_err());
        assert_eq!(serde_json::to_string(&[BulletinId(7)]).expect("JSON"), "[7]");
        assert_eq!(serde_json::from_str::<BulletinId>("7").expect("an id"), BulletinId(7));
    }
}
