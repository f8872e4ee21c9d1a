//! Which places a query asks for: what of France it leaves aside.

use std::collections::BTreeSet;

use guetteur_communes::{Around, Epci, departement_of, region_slug};
use guetteur_model::fold::fold;

use super::{FieldTerm, Node, Query};
use crate::analysis;

/// Who publishes acts, as a query can ask for it.
pub struct Publisher<'a> {
    /// Its code: `34`, `2A`, `ppparis`.
    pub code: &'a str,
    /// Its name: `Préfecture de l'Hérault`.
    pub name: &'a str,
    /// Name of its région: `Occitanie`.
    pub region: &'a str,
    /// Whether its acts may concern a commune, which is given as it was typed: code or name.
    pub may_concern: &'a dyn Fn(&str) -> bool,
    /// Whether it publishes about the département of this code.
    pub publishes_in: &'a dyn Fn(&str) -> bool,
}

impl Query {
    /// Whether an act of this publisher may match, as far as the places decide that the query names.
    #[must_use]
    pub fn may_find(&self, publisher: &Publisher<'_>) -> bool {
        matches(self.root(), publisher) != Matches::Never
    }

    /// Whether all that matches comes from prefectures or communes that the query names.
    #[must_use]
    pub fn names_a_place(&self) -> bool {
        is_bound(self.root())
    }

    /// Whether some of what it asks for are acts that name a commune of an inter-municipality or near a town:
    /// acts that name none are not among them.
    #[must_use]
    pub fn needs_a_commune(&self) -> bool {
        needs_a_commune(self.root())
    }

    /// The communes that it names, as typed: INSEE codes or names.
    #[must_use]
    pub fn communes(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect_communes(self.root(), &mut found);
        found
    }
}

/// Whether the acts of a publisher match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matches {
    Always,
    Never,
    /// Something else than the publisher decides.
    Perhaps,
}

fn matches(node: &Node, publisher: &Publisher<'_>) -> Matches {
    let each = |parts: &[Node], one: Matches, all: Matches| {
        let mut parts = parts.iter().map(|part| matches(part, publisher));
        let mut found = all;
        for part in parts.by_ref() {
            match part {
                part if part == one => return one,
                Matches::Perhaps => found = Matches::Perhaps,
                _ => {}
            }
        }
        found
    };
    match node {
        Node::Everything => Matches::Always,
        Node::And(parts) => each(parts, Matches::Never, Matches::Always),
        Node::Or(parts) => each(parts, Matches::Always, Matches::Never),
        Node::Not(part) => match matches(part, publisher) {
            Matches::Always => Matches::Never,
            Matches::Never => Matches::Always,
            Matches::Perhaps => Matches::Perhaps,
        },
        Node::Field(FieldTerm::Prefecture(values)) => {
            match values.iter().any(|value| is_publisher(value, publisher)) {
                true => Matches::Always,
                false => Matches::Never,
            }
        }
        Node::Field(FieldTerm::Commune(values)) => {
            match values.iter().any(|value| (publisher.may_concern)(value)) {
                true => Matches::Perhaps,
                false => Matches::Never,
            }
        }
        Node::Field(FieldTerm::Region(regions)) => {
            let own = region_slug(publisher.region);
            match regions.iter().any(|region| region.slug() == own) {
                true => Matches::Always,
                false => Matches::Never,
            }
        }
        Node::Field(FieldTerm::Epci(values)) => {
            perhaps_in(values.iter().flat_map(Epci::members), publisher)
        }
        Node::Field(FieldTerm::Around(values)) => {
            perhaps_in(values.iter().flat_map(Around::codes), publisher)
        }
        Node::Word(_) | Node::Phrase(_) | Node::Near(..) | Node::Prefix(_) | Node::Field(_) => {
            Matches::Perhaps
        }
    }
}

/// Whether acts of a publisher may name one of these communes.
fn perhaps_in(codes: impl Iterator<Item = &'static str>, publisher: &Publisher<'_>) -> Matches {
    let departements: BTreeSet<&str> = codes.map(departement_of).collect();
    match departements.into_iter().any(publisher.publishes_in) {
        true => Matches::Perhaps,
        false => Matches::Never,
    }
}

/// As the index finds it: by the code, or by words of the name.
fn is_publisher(value: &str, publisher: &Publisher<'_>) -> bool {
    let folded = fold(value);
    if publisher_code(&folded) == fold(publisher.code) {
        return true;
    }
    let (asked, name) = (analysis::stems(value), analysis::stems(publisher.name));
    let is_code = folded.starts_with(|c: char| c.is_ascii_digit());
    !is_code && !asked.is_empty() && name.windows(asked.len()).any(|words| words == asked)
}

/// The code in a folded value: `34` in `pref34`.
pub(crate) fn publisher_code(folded: &str) -> &str {
    let short = folded.strip_prefix("pref");
    short.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(folded)
}

/// Whether a value is the code of a commune, not a name.
pub(crate) fn is_insee(value: &str) -> bool {
    value.len() == 5 && value.bytes().filter(u8::is_ascii_digit).count() >= 4
}

fn is_bound(node: &Node) -> bool {
    match node {
        Node::Field(
            FieldTerm::Prefecture(_)
            | FieldTerm::Region(_)
            | FieldTerm::Commune(_)
            | FieldTerm::Epci(_)
            | FieldTerm::Around(_),
        ) => true,
        Node::And(parts) => parts.iter().any(is_bound),
        Node::Or(parts) => !parts.is_empty() && parts.iter().all(is_bound),
        _ => false,
    }
}

fn needs_a_commune(node: &Node) -> bool {
    match node {
        Node::Field(FieldTerm::Epci(_) | FieldTerm::Around(_)) => true,
        Node::And(parts) | Node::Or(parts) => parts.iter().any(needs_a_commune),
        _ => false,
    }
}

fn collect_communes<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
    match node {
        Node::Field(FieldTerm::Commune(values)) => found.extend(values.iter().map(String::as_str)),
        Node::And(parts) | Node::Or(parts) => {
            parts.iter().for_each(|part| collect_communes(part, found));
        }
        Node::Not(part) => collect_communes(part, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_bound_a_query() {
        // (query, Hérault may match, Paris may match, it names a place)
        let cases = [
            ("", true, true, false),
            ("drone", true, true, false),
            ("prefecture:34", true, false, true),
            ("prefecture:pref34 drone", true, false, true),
            ("pref:Hérault", true, false, true),
            ("prefecture:34,75", true, true, true),
            ("prefecture:3", false, false, true),
            ("drone OU prefecture:34", true, true, false),
            ("prefecture:34 OU prefecture:75", true, true, true),
            ("SAUF prefecture:34", false, true, false),
            ("SAUF prefecture:34 prefecture:34", false, false, true),
            ("SAUF (prefecture:34 OU drone)", false, true, false),
            ("commune:34172", true, false, true),
            ("commune:Montpellier drone", true, false, true),
            ("commune:Montpellier OU prefecture:75", true, true, true),
            ("SAUF commune:34172", true, true, false),
            ("(drone OU caméra) ET prefecture:75", false, true, true),
            ("region:occitanie", true, false, true),
            ("region:11,occitanie", true, true, true),
            ("SAUF région:\"Île-de-France\"", true, false, false),
            ("epci:243400017", true, false, true),
            ("epci:\"Montpellier Méditerranée Métropole\" OU prefecture:75", true, true, true),
            ("autour:34172-20km drone", true, false, true),
            ("autour:Versailles", false, true, true),
        ];
        let found = |query: &Query, code, name, region, commune: &[&str]| {
            let may_concern = |typed: &str| commune.contains(&typed);
            let publishes_in = |departement: &str| departement == code;
            query.may_find(&Publisher {
                code,
                name,
                region,
                may_concern: &may_concern,
                publishes_in: &publishes_in,
            })
        };
        for (text, herault, paris, names) in cases {
            let query = Query::parse(text);
            let communes = ["34172", "Montpellier"];
            assert_eq!(
                found(&query, "34", "Préfecture de l'Hérault", "Occitanie", &communes),
                herault,
                "{text}"
            );
            let of_paris = found(&query, "75", "Préfecture de Paris", "Île-de-France", &[]);
            assert_eq!(of_paris, paris, "{text}");
            assert_eq!(query.names_a_place(), names, "{text}");
        }
        let query = Query::parse("(commune:34172,Sète OU drone) SAUF commune:Lunel");
        assert_eq!(query.communes(), ["34172", "Sète", "Lunel"]);
    }
}
