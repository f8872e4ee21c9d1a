//! Towns within some kilometres of a town.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use crate::epci::with_parts;
use crate::{CommuneRecord, communes};

/// INSEE code, latitude and longitude in thousandths of a degree (a hundred metres), WGS 84.
static CENTRES: &str = include_str!("../data/centres.csv");

const KM_OF_A_DEGREE: f64 = 111.2;

/// The centre of a commune.
#[derive(Debug, Clone, Copy)]
struct Centre {
    /// Degrees north.
    north: f64,
    /// Degrees east.
    east: f64,
    insee: &'static str,
}

static BY_CODE: LazyLock<HashMap<&'static str, Centre>> = LazyLock::new(|| {
    let centres = CENTRES.lines().filter_map(Centre::read);
    centres.map(|centre| (centre.insee, centre)).collect()
});

/// From south to north.
static BY_LATITUDE: LazyLock<Vec<Centre>> = LazyLock::new(|| {
    let mut centres: Vec<Centre> = BY_CODE.values().copied().collect();
    centres.sort_by(|one, other| one.north.total_cmp(&other.north));
    centres
});

impl Centre {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(',');
        let insee = cells.next()?;
        let mut degrees = cells.filter_map(|cell| cell.parse::<f64>().ok()).map(|n| n / 1000.0);
        Some(Self { north: degrees.next()?, east: degrees.next()?, insee })
    }

    /// Kilometres as the crow flies, on a plane: exact to a hundredth within a hundred kilometres.
    fn distance_to(&self, other: &Self) -> f64 {
        let middle = f64::midpoint(self.north, other.north).to_radians();
        let east = (self.east - other.east) * middle.cos();
        (self.north - other.north).hypot(east) * KM_OF_A_DEGREE
    }
}

/// A town, and what lies within some kilometres of it: communes whose centre does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Around {
    /// INSEE code of the town.
    pub insee: &'static str,
    /// Kilometres.
    pub km: u16,
}

/// Why text is no [`Around`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAround {
    /// No commune has that code or name.
    #[error("« {0} » n’est ni le code INSEE ni le nom d’une commune")]
    UnknownTown(String),
    /// It is not known where the commune lies.
    #[error("on ne sait pas où se trouve {0}")]
    Nowhere(String),
    /// Too near or too far.
    #[error("la distance va de 1 à {} km", Around::FARTHEST_KM)]
    Distance,
}

impl Around {
    /// Further, a radius is no place any more.
    pub const FARTHEST_KM: u16 = 100;
    /// Where none is said.
    pub const USUAL_KM: u16 = 20;

    /// `35238-20km`; also `35238-20`, `Rennes, 20 km`, and a town alone, with [`Self::USUAL_KM`]. Of
    /// towns with the same name the largest is meant.
    ///
    /// # Errors
    /// When no such town is known, or the distance is out of bounds.
    pub fn parse(text: &str) -> Result<Self, NotAround> {
        let (town, km) = split(text.trim());
        let km = match km {
            None => Self::USUAL_KM,
            Some(km) => km.parse().map_err(|_| NotAround::Distance)?,
        };
        if !(1..=Self::FARTHEST_KM).contains(&km) {
            return Err(NotAround::Distance);
        }
        let known = communes().record(town).or_else(|| communes().exact(town));
        let town = known.ok_or_else(|| NotAround::UnknownTown(town.to_owned()))?;
        match BY_CODE.get(town.insee) {
            Some(_) => Ok(Self { insee: town.insee, km }),
            None => Err(NotAround::Nowhere(town.name.to_owned())),
        }
    }

    /// The town.
    #[must_use]
    pub fn town(&self) -> Option<CommuneRecord> {
        communes().record(self.insee)
    }

    /// In words: `20 km autour de Rennes`.
    #[must_use]
    pub fn label(&self) -> String {
        let named = |town: CommuneRecord| format!("{}{}", town.with_de(), town.apart());
        let town = self.town().map_or_else(|| format!("de {}", self.insee), named);
        format!("{} km autour {town}", self.km)
    }

    /// INSEE codes of the communes and arrondissements whose centre lies within it; those of the town
    /// itself are among them.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        let own = with_parts(self.insee);
        let Some(centre) = BY_CODE.get(self.insee) else { return own.collect() };
        let km = f64::from(self.km);
        let reach = km / KM_OF_A_DEGREE;
        let south = BY_LATITUDE.partition_point(|other| other.north < centre.north - reach);
        let north = BY_LATITUDE.partition_point(|other| other.north <= centre.north + reach);
        let near = BY_LATITUDE[south..north].iter().filter(|other| centre.distance_to(other) <= km);
        let mut codes: Vec<_> = own.chain(near.map(|other| other.insee)).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

/// As addresses write it: `35238-20km`.
impl fmt::Display for Around {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}km", self.insee, self.km)
    }
}

/// Town, and the number of kilometres behind it. The digits of a code alone are no distance.
fn split(text: &str) -> (&str, Option<&str>) {
    let bare = text.trim_end_matches(['k', 'K', 'm', 'M']);
    let has_unit = bare.len() < text.len() && text[bare.len()..].eq_ignore_ascii_case("km");
    let bare = if has_unit { bare.trim_end() } else { text };
    let town = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &bare[town.len()..];
    let apart = town.ends_with([' ', '-', ',', '+', '\u{a0}']);
    if is_part_of_a_number(town) {
        return (town, Some("0"));
    }
    match digits.is_empty() || !(has_unit || apart) || town.is_empty() {
        true => (text, None),
        false => (town.trim_end_matches([' ', '-', ',', '+', '\u{a0}']), Some(digits)),
    }
}

/// Whether what follows is no whole number of its own: the minus of « -5 », the point of « 1.5 ».
fn is_part_of_a_number(before: &str) -> bool {
    let minus = before.strip_suffix('-').is_some_and(|rest| rest.ends_with(['-', ' ', ',']));
    let decimal = before.strip_suffix(['.', ',']).is_some_and(|rest| {
        // What has five digits is a code.
        let digits = rest.len() - rest.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (1..=3).contains(&digits)
    });
    minus || decimal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_addresses_and_as_people_write_it() {
        let cases = [
            ("35238-20km", "35238-20km"),
            ("35238-20", "35238-20km"),
            ("35238", "35238-20km"),
            ("Rennes", "35238-20km"),
            ("rennes-5km", "35238-5km"),
            ("Rennes, 5 km", "35238-5km"),
            ("rennes 30", "35238-30km"),
            ("2A004-10km", "2A004-10km"),
            ("Saint-Denis 93 10 km", "93066-10km"),
            ("Paris 18e-3km", "75118-3km"),
        ];
        for (typed, expected) in cases {
            let read = Around::parse(typed).map(|around| around.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{typed}");
        }
        let refused = [
            ("Atlantide-20km", NotAround::UnknownTown("Atlantide".to_owned())),
            ("99999", NotAround::UnknownTown("99999".to_owned())),
            ("", NotAround::UnknownTown(String::new())),
            ("35238-0km", NotAround::Distance),
            ("35238-1.5km", NotAround::Distance),
            ("35238-1,5km", NotAround::Distance),
            ("35238--5km", NotAround::Distance),
            ("Rennes, -5 km", NotAround::Distance),
            ("35238-101km", NotAround::Distance),
            ("35238-99999999km", NotAround::Distance),
            ("98818-20km", NotAround::Nowhere("Nouméa".to_owned())),
        ];
        for (typed, why) in refused {
            assert_eq!(Around::parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn towns_are_near_or_not() {
        let near = |text| Around::parse(text).expect(text).codes();
        let rennes = near("35238-20km");
        // Cesson-Sévigné is 6 km away, Bruz 9, Fougères 45, Saint-Malo 65.
        assert!(["35238", "35051", "35047"].iter().all(|code| rennes.contains(code)), "{rennes:?}");
        assert!(!rennes.contains(&"35115") && !rennes.contains(&"35288"));
        assert!(near("35238-50km").contains(&"35115"));
        let paris = near("75056-1km");
        assert!(paris.contains(&"75120"), "all of the town: {paris:?}");
        assert!(near("2A004-20km").iter().all(|code| code.starts_with("2A")));
    }

    #[test]
    fn centres_are_where_france_is() {
        let known = |centre: &Centre| communes().record(centre.insee).is_some();
        assert!(BY_LATITUDE.len() > 34_800 && BY_LATITUDE.iter().all(known));
        let strays: Vec<_> = BY_LATITUDE
            .iter()
            .filter(|c| !c.insee.starts_with("97"))
            .filter(|c| !(41.3..51.2).contains(&c.north) || !(-5.2..9.7).contains(&c.east))
            .collect();
        assert!(strays.is_empty(), "{strays:?}");
    }
}
