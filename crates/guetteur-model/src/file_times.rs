//! When a file says that it was made: the clock of whoever made it, not ours.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time that stands in a file, as it stands there: `2026-08-13T17:02:00+02:00`, or without the offset
/// where the file does not tell one from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileTime {
    /// What its clock showed.
    pub local: NaiveDateTime,
    /// How far that clock was ahead of UTC; none where that is not told.
    pub offset: Option<FixedOffset>,
}

/// What a file says of when it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTimes {
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<FileTime>,
    /// When it was last modified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<FileTime>,
}

impl FileTime {
    /// The earliest instant that it can mean: without an offset that of its clock in UTC or in
    /// `zone`, whichever comes first.
    #[must_use]
    pub fn earliest(self, zone: Tz) -> DateTime<Utc> {
        if let Some(offset) = self.offset {
            return (self.local - offset).and_utc();
        }
        let here = zone.from_local_datetime(&self.local).earliest();
        let here = here.map_or(self.local.and_utc(), |at| at.to_utc());
        here.min(self.local.and_utc())
    }
}

impl fmt::Display for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local.format("%Y-%m-%dT%H:%M:%S"))?;
        self.offset.map_or(Ok(()), |offset| offset.fmt(f))
    }
}

impl FromStr for FileTime {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, chrono::ParseError> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self { local: at.naive_local(), offset: Some(*at.offset()) });
        }
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")?;
        Ok(Self { local, offset: None })
    }
}

impl Serialize for FileTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FileTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_it_is_read() {
        for text in
            ["2026-08-13T17:02:00+02:00", "2026-08-13T17:02:00", "2026-08-13T17:02:00-04:00"]
        {
            let time: FileTime = text.parse().expect("a time");
            assert_eq!(time.to_string(), text);
            let json = serde_json::to_string(&time).expect("JSON");
            assert_eq!(serde_json::from_str::<FileTime>(&json).expect("a time"), time);
        }
        assert!("hier".parse::<FileTime>().is_err());
    }

    #[test]
    fn without_offset_the_earlier_reading_holds() {
        let cases = [
            ("2026-08-13T17:02:00+02:00", chrono_tz::Europe::Paris, "2026-08-13T15:02:00Z"),
            ("2026-08-13T17:02:00", chrono_tz::Europe::Paris, "2026-08-13T15:02:00Z"),
            ("2026-08-13T17:02:00", chrono_tz::America::Martinique, "2026-08-13T17:02:00Z"),
        ];
        for (text, zone, expected) in cases {
            let time: FileTime = text.parse().expect("a time");
            let expected: DateTime<Utc> = expected.parse().expect("an instant");
            assert_eq!(time.earliest(zone), expected, "{text}");
        }
    }
}
