//! Inter-municipalities: the groupings of communes with taxes of their own (EPCI à fiscalité propre), and
//! the territories that the Métropole du Grand Paris is made of (EPT).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::{CommuneRecord, communes, name_key};

static EPCI: &str = include_str!("../data/epci.csv");

/// An inter-municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epci {
    /// SIREN, nine digits.
    pub siren: &'static str,
    /// Name as the state lists it, kind in front: `CC de la Plaine Dijonnaise`.
    listed: &'static str,
    /// INSEE codes between spaces.
    members: &'static str,
}

/// What stands in front of a name, and what it means.
const KINDS: [(&str, &str); 3] = [
    ("CC ", "Communauté de communes "),
    ("CA ", "Communauté d’agglomération "),
    ("CU ", "Communauté urbaine "),
];

static ALL: LazyLock<Vec<Epci>> = LazyLock::new(|| EPCI.lines().filter_map(Epci::read).collect());

/// From the code of a commune to those that it is a member of; in Grand Paris there are two.
static OF_MEMBER: LazyLock<HashMap<&'static str, Vec<Epci>>> = LazyLock::new(|| {
    let mut of_member: HashMap<_, Vec<Epci>> = HashMap::new();
    for epci in ALL.iter() {
        for insee in epci.members.split_ascii_whitespace() {
            of_member.entry(insee).or_default().push(*epci);
        }
    }
    of_member
});

/// The names under which each is looked for: with its kind, spelt out, and without.
static KEYS: LazyLock<Vec<(Epci, [String; 3])>> = LazyLock::new(|| {
    let keys = |epci: &Epci| {
        let bare = KINDS.iter().find_map(|(short, _)| epci.listed.strip_prefix(short));
        let bare = name_key(bare.unwrap_or(epci.listed));
        let bare = ["de la ", "de l ", "de ", "du ", "des ", "d "]
            .iter()
            .find_map(|joint| bare.strip_prefix(joint))
            .unwrap_or(&bare);
        [name_key(epci.listed), name_key(&epci.name()), bare.to_owned()]
    };
    ALL.iter().map(|epci| (*epci, keys(epci))).collect()
});

/// What somebody may have meant who typed the name of an inter-municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EpciFound {
    /// This one.
    One(Epci),
    /// One of these.
    Several(Vec<Epci>),
    /// None that is known.
    None,
}

impl Epci {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(';');
        Some(Self { siren: cells.next()?, listed: cells.next()?, members: cells.next()? })
    }

    /// Its name, the kind spelt out: `Communauté de communes de la Plaine Dijonnaise`.
    #[must_use]
    pub fn name(&self) -> String {
        let kind = KINDS.iter().find(|(short, _)| self.listed.starts_with(short));
        kind.map_or_else(
            || self.listed.to_owned(),
            |(short, long)| format!("{long}{}", &self.listed[short.len()..]),
        )
    }

    /// INSEE codes of its communes.
    pub fn members(&self) -> impl Iterator<Item = &'static str> {
        self.members.split_ascii_whitespace()
    }

    /// INSEE codes that acts may name for a place in it: of its communes, and of their arrondissements.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        self.members().flat_map(with_parts).collect()
    }

    /// The one with this SIREN.
    #[must_use]
    pub fn by_siren(siren: &str) -> Option<Self> {
        ALL.iter().find(|epci| epci.siren == siren).copied()
    }

    /// Those that a commune, or the city of an arrondissement, is a member of; the smallest first.
    #[must_use]
    pub fn of_commune(commune: &CommuneRecord) -> Vec<Self> {
        let member = OF_MEMBER.get(commune.part_of.unwrap_or(commune.insee));
        let mut found = member.cloned().unwrap_or_default();
        found.sort_by_key(|epci| epci.members.len());
        found
    }

    /// By SIREN; by name, with its kind or without, or by words of it; else the one of the commune of
    /// that name.
    #[must_use]
    pub fn find(typed: &str) -> EpciFound {
        let typed = typed.trim();
        if let Some(epci) = Self::by_siren(typed) {
            return EpciFound::One(epci);
        }
        let key = name_key(typed);
        if key.is_empty() {
            return EpciFound::None;
        }
        let wanted = format!(" {key} ");
        let exactly = |keys: &[String; 3]| keys.contains(&key);
        let holding = |keys: &[String; 3]| keys.iter().any(|k| format!(" {k} ").contains(&wanted));
        let those = |holds: &dyn Fn(&[String; 3]) -> bool| -> Vec<Self> {
            KEYS.iter().filter(|(_, keys)| holds(keys)).map(|(epci, _)| *epci).collect()
        };
        let found = match those(&exactly) {
            named if named.is_empty() => those(&holding),
            named => named,
        };
        match found.as_slice() {
            [one] => EpciFound::One(*one),
            [] => Self::around_the_town(typed),
            _ => EpciFound::Several(found),
        }
    }

    /// Of the commune of that name, the largest where several have it.
    fn around_the_town(name: &str) -> EpciFound {
        let town = communes().exact(name);
        match town.and_then(|town| Self::of_commune(&town).first().copied()) {
            Some(epci) => EpciFound::One(epci),
            None => EpciFound::None,
        }
    }
}

/// The code of a commune, and of Paris, Lyon and Marseille those of the arrondissements, which acts
/// name instead.
pub(crate) fn with_parts(insee: &'static str) -> impl Iterator<Item = &'static str> {
    let parts = match insee {
        "75056" | "69123" | "13055" => communes().parts(insee),
        _ => Vec::new(),
    };
    std::iter::once(insee).chain(parts.into_iter().map(|part| part.insee))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn siren(typed: &str) -> Option<&'static str> {
        match Epci::find(typed) {
            EpciFound::One(epci) => Some(epci.siren),
            EpciFound::Several(_) | EpciFound::None => None,
        }
    }

    #[test]
    fn one_is_known_by_siren_by_name_and_by_its_town() {
        let cases = [
            ("243500139", "243500139"),
            ("Rennes Métropole", "243500139"),
            ("rennes metropole", "243500139"),
            ("Rennes", "243500139"),
            ("Communauté de communes de la Plaine Dijonnaise", "200000925"),
            ("CC de la Plaine Dijonnaise", "200000925"),
            ("plaine dijonnaise", "200000925"),
            ("Plaine Commune", "200057867"),
            // A member whose name no inter-municipality has.
            ("Cesson-Sévigné", "243500139"),
        ];
        for (typed, expected) in cases {
            assert_eq!(siren(typed), Some(expected), "{typed}");
        }
        assert_eq!(Epci::find("Atlantide"), EpciFound::None);
        assert_eq!(Epci::find(" "), EpciFound::None);
        let EpciFound::Several(homonyms) = Epci::find("CC des Quatre Rivières") else {
            panic!("two have that name")
        };
        assert_eq!(homonyms.len(), 2);
    }

    #[test]
    fn members_are_communes_of_today_with_their_arrondissements() {
        let rennes = Epci::by_siren("243500139").expect("known");
        assert_eq!(rennes.name(), "Rennes Métropole");
        assert_eq!(rennes.members().count(), 43);
        let unknown: Vec<_> = ALL
            .iter()
            .flat_map(Epci::members)
            .filter(|insee| communes().record(insee).is_none())
            .collect();
        assert_eq!(unknown, [""; 0]);
        let lyon = Epci::by_siren("200046977").expect("known").codes();
        assert!(lyon.contains(&"69123") && lyon.contains(&"69389"), "{lyon:?}");
    }

    #[test]
    fn a_commune_knows_its_own_also_by_an_arrondissement() {
        let of = |insee| {
            let commune = communes().record(insee).expect("known");
            Epci::of_commune(&commune).iter().map(Epci::name).collect::<Vec<_>>()
        };
        assert_eq!(of("35238"), ["Rennes Métropole"]);
        assert_eq!(of("69383"), ["Métropole de Lyon"]);
        assert_eq!(of("93066"), ["Plaine Commune", "Métropole du Grand Paris"]);
    }
}
