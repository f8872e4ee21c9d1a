//! How settings are written: durations with their unit in the key, addresses, lists, secrets.
//!
//! A value that cannot be read is an error of serde that says in French what is expected.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use cron::Schedule;
use guetteur_notify::Tls;
use guetteur_web::MailRight;
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

/// A value that settings hold as text.
pub(super) trait Text: Sized {
    /// What a text must be to be one, in French.
    const EXPECTED: &str;
    /// Whether its text may be repeated in a message.
    const SECRET: bool = false;

    fn read(text: &str) -> Option<Self>;
    fn write(&self) -> String;
}

/// `#[serde(with = "text")]`: a value that must be there.
pub(super) mod text {
    use super::*;

    pub(in super::super) fn serialize<T: Text, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.write())
    }

    pub(in super::super) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        read(&String::deserialize(deserializer)?)
    }
}

/// `#[serde(with = "optional")]`: the empty text is none.
pub(super) mod optional {
    use super::*;

    pub(in super::super) fn serialize<T: Text, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.as_ref().map(Text::write).unwrap_or_default())
    }

    pub(in super::super) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() { Ok(None) } else { read(&text).map(Some) }
    }
}

fn read<T: Text, E: Error>(text: &str) -> Result<T, E> {
    let shown = if T::SECRET { "…" } else { text };
    T::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(shown), &T::EXPECTED))
}

/// `#[serde(with = "list")]`: a list, or a text of items with commas between them.
pub(super) mod list {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(
        items: &[String],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        items.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<String>, D::Error> {
        deserializer.deserialize_any(Items)
    }

    struct Items;

    impl<'de> Visitor<'de> for Items {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("une liste de textes, ou un texte avec des virgules")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(items.map(str::to_owned).collect())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut out = Vec::new();
            while let Some(item) = items.next_element()? {
                out.push(item);
            }
            Ok(out)
        }
    }
}

/// Durations as whole numbers of one unit.
macro_rules! unit {
    ($name:ident, $millis:literal) => {
        pub(super) mod $name {
            use std::time::Duration;

            use serde::{Deserialize, Deserializer, Serializer};

            pub(in super::super) fn serialize<S: Serializer>(
                duration: &Duration,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                let units = duration.as_millis() / $millis;
                serializer.serialize_u64(units.try_into().unwrap_or(u64::MAX))
            }

            pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Duration, D::Error> {
                // A number too large stays too large: `Config::validate` says the bounds.
                u64::deserialize(deserializer)
                    .map(|units| Duration::from_millis(units.saturating_mul($millis)))
            }
        }
    };
}

unit!(milliseconds, 1);
unit!(seconds, 1_000);
unit!(minutes, 60_000);
unit!(hours, 3_600_000);

/// A password, a token, an address with a password in it: nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for whoever must send it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Text for Secret {
    const EXPECTED: &str = "un texte";
    const SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }

    fn write(&self) -> String {
        String::new()
    }
}

impl Text for String {
    const EXPECTED: &str = "un texte d'une seule ligne";

    fn read(text: &str) -> Option<Self> {
        (!text.contains(char::is_control)).then(|| text.to_owned())
    }

    fn write(&self) -> String {
        self.clone()
    }
}

impl Text for PathBuf {
    const EXPECTED: &str = "un chemin";

    fn read(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }

    fn write(&self) -> String {
        self.to_string_lossy().into_owned()
    }
}

impl Text for Url {
    const EXPECTED: &str = "une adresse en http:// ou https://";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()))
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// The address of a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy(pub Url);

impl Text for Proxy {
    const EXPECTED: &str =
        "une adresse en http://, https://, socks4://, socks4a://, socks5:// ou socks5h://";

    fn read(text: &str) -> Option<Self> {
        const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
        Url::parse(text).ok().filter(|url| SCHEMES.contains(&url.scheme())).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }
}

impl Text for Schedule {
    const EXPECTED: &str = "une expression cron à six champs, « secondes minutes heures jours mois \
        jours-de-la-semaine », par exemple « 0 15 7,13,19 * * * »";

    fn read(text: &str) -> Option<Self> {
        Self::from_str(text).ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// Hours of a day, from 0 to 24.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours(pub Range<u32>);

impl Text for Hours {
    const EXPECTED: &str =
        "deux heures de la journée de la forme 7-21, la première avant la seconde";

    fn read(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let hours = from.trim().parse().ok()?..to.trim().parse().ok()?;
        (hours.start < hours.end && hours.end <= 24).then_some(Self(hours))
    }

    fn write(&self) -> String {
        format!("{}-{}", self.0.start, self.0.end)
    }
}

impl Text for Tls {
    const EXPECTED: &str = "starttls, implicit ou none";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn write(&self) -> String {
        let word = match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        };
        word.to_owned()
    }
}

impl Text for MailRight {
    const EXPECTED: &str = "no, confirm ou consent";

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == text)
    }

    fn write(&self) -> String {
        self.word().to_owned()
    }
}

/// Who sees a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody, in public timelines too.
    Public,
    /// Everybody, but in no public timeline.
    Unlisted,
    /// Followers.
    Private,
    /// Whom the post names.
    Direct,
}

impl Visibility {
    /// The word of the Mastodon API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }
}

impl Text for Visibility {
    const EXPECTED: &str = "public, unlisted, private ou direct";

    fn read(text: &str) -> Option<Self> {
        let all = [Self::Public, Self::Unlisted, Self::Private, Self::Direct];
        all.into_iter().find(|visibility| visibility.word() == text)
    }

    fn write(&self) -> String {
        self.word().to_owned()
    }
}
