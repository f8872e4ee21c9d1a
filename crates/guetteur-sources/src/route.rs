//! Where a link to another page leads: to a year, a month, one bulletin's own page, elsewhere.

use std::sync::LazyLock;

use guetteur_model::dates::month_number;
use guetteur_model::{Source, SourceKind};
use regex::Regex;

use crate::hint::Unit;
use crate::judge::{own_name, own_words};
use crate::naming::{has_full_number, names_a_day, numbers_something};
use crate::period::{self, Period};
use crate::words::{
    is_about_something_else, is_generic, names_bulletin, names_departement, names_region,
    only_structure, opens_act, opens_other_document, pattern, plain,
};

/// What a link to another page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One bulletin's own page.
    Detail,
    /// The bulletins of a span of days.
    Period(Period),
    /// Bulletins of the past, of years not told.
    Archive,
    /// Bulletins, of no told span: `départemental`, `spéciaux`, `année en cours`.
    Collection,
    /// Another publisher's bulletins: the region's beside the département's.
    Sister,
    /// The label does not tell.
    Unclear,
    /// About something else.
    Elsewhere,
}

/// What of a source decides about its links.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    kind: SourceKind,
    name: String,
    words: Vec<String>,
    unit: Unit,
}

impl Scope {
    pub(crate) fn of(source: &Source, unit: Unit) -> Self {
        Self { kind: source.kind, name: own_name(source), words: own_words(source), unit }
    }

    /// The role of a link by its label and the last segment of its address. `within` is what the
    /// page that shows it gathers.
    pub(crate) fn role(
        &self,
        label: &str,
        slug: &str,
        path: &str,
        within: Option<&Period>,
    ) -> Role {
        let (label, slug) = (without_update(&plain(label)), plain(slug));
        let structural = only_structure(&label, &self.words);
        let ours = names_bulletin(&label);
        if is_test_section(path) {
            return Role::Elsewhere;
        }
        if self.is_detail(&label, structural || ours) {
            return Role::Detail;
        }
        let about = is_about_something_else(&label) || (!ours && is_of_delegations(&label));
        if about || opens_other_document(&label) {
            return Role::Elsewhere;
        }
        if opens_act(&label) && !ours && self.unit == Unit::Issue {
            return Role::Elsewhere;
        }
        if self.is_sister(&label) {
            return Role::Sister;
        }
        let acts = self.unit == Unit::Act && opens_act(&label);
        let speaks = structural
            || ours
            || acts
            || names_bulletin(&slug)
            || (is_generic(&label) && only_structure(&slug.replace('-', " "), &self.words));
        let announced = period::announced(&label, &slug, within).filter(|_| speaks);
        if period::is_undated_archive(&label, &slug) && announced.is_none() {
            return Role::Archive;
        }
        if let Some(period) = announced {
            return Role::Period(period);
        }
        if ours || acts || is_collection(&label) {
            return Role::Collection;
        }
        Role::Unclear
    }

    fn is_detail(&self, label: &str, speaks: bool) -> bool {
        if period::is_number_range(label) || is_numbered_month(label) || is_bounded(label) {
            return false;
        }
        if has_full_number(label) {
            return true;
        }
        if self.unit == Unit::Act && opens_act(label) {
            return names_a_day(label) || numbers_something(label);
        }
        let opens_other = opens_other_document(label) || opens_act(label);
        speaks
            && !opens_other
            && (names_a_day(label) || numbers_something(label))
            && !gathers_days(label)
    }

    /// Whether the label announces another publisher's bulletins.
    fn is_sister(&self, label: &str) -> bool {
        match self.kind {
            SourceKind::Region => names_departement(label, "") && !names_region(label),
            SourceKind::Departement | SourceKind::Police => {
                names_region(label) && !names_departement(label, &self.name)
            }
        }
    }
}

/// A left-over section for trying things out, labelled like the real one.
fn is_test_section(path: &str) -> bool {
    path.split('/').any(|segment| {
        plain(segment)
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| matches!(word, "test" | "tests"))
    })
}

/// `01. Janvier 2026`, `08-AOUT`: the month's rank before its name, not a day.
fn is_numbered_month(label: &str) -> bool {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:raa |recueils? )?(?:20\d\d[ ./-]+)?(\d{2})[ .)-]+([a-z]+)(?:[ .-]+20\d\d)?(?: raa| \(raa\))?$",
        )
    });
    NUMBERED.captures(label).is_some_and(|captures| {
        month_number(&captures[2]).is_some_and(|month| captures[1].parse() == Ok(month))
    })
}

/// The label without the day up to which its page is filled: `RAA 2026 (mis à jour le 20 août 2026)`,
/// `Recueils de l'année 2026 au 20 août 2026`.
fn without_update(label: &str) -> String {
    static UPDATE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(.*\b20\d\d\b.*?)[ (,–-]+(?:(?:mise?s?|mis) a jour|actualisee?s?|a jour|arretee?s? au|au)(?: le| du| au)? \d{1,2}(?:er)?[ /.-].*$",
        )
    });
    let without = UPDATE.replace(label, "$1");
    // `2026 (du 1er janvier au 31 décembre)` is a span.
    let whole = if names_a_day(&without) { label } else { &without };
    whole.trim().to_owned()
}

fn is_of_delegations(label: &str) -> bool {
    static DELEGATIONS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bdelegations? de signature\b"));
    DELEGATIONS.is_match(label)
}

/// `à partir du 28 avril 2015`, `avant le 1er novembre 2012`.
fn is_bounded(label: &str) -> bool {
    static BOUNDED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(a partir d|depuis|a compter d|avant|jusqu|anterieurs? a)"));
    BOUNDED.is_match(label)
}

/// `du 1er au 15 août 2026`: a page of several bulletins, unless it is numbered.
fn gathers_days(label: &str) -> bool {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\bdu \d{1,2}(?:er)?(?: [a-z]+)?(?: 20\d\d)? au \d{1,2}|quinzaine")
    });
    RANGE.is_match(label) && !numbers_something(label)
}

fn is_collection(label: &str) -> bool {
    static COLLECTION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bspecia(l|ux)\b|\bnominatifs?\b|\bnormaux\b|\bordinaires?\b|\ben cours\b|\bannee courante\b|\bdepartementa(l|ux)\b|\bhebdomadaires?\b|\bmensuels?\b|\btrimestriels?\b",
        )
    });
    COLLECTION.is_match(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Registry;

    fn role(code: &str, label: &str, slug: &str) -> Role {
        let registry = Registry::builtin().expect("registry");
        let scope = Scope::of(registry.get(code).expect("code"), Unit::Issue);
        scope.role(label, slug, &format!("/Publications/{slug}"), Some(&Period::whole_year(2026)))
    }

    #[test]
    fn roles() {
        let details = [
            "RAA n°1 du 2 janvier",
            "recueil-58-2026-274-recueil-des-actes-administratifs-special",
            "Numéro 101 du 14 août 2026",
            "RAAE n° 157 du 21 août 2026",
            "RAA_Août_02-2026-011",
            "RAA N° spécial du 19 août 2026 - Adoption du Règlement Intérieur",
            "Spécial 14 août 2026",
            "n°58-2026-271-spécial du 14 août 2026",
            "RAA du 18 août",
            "RAA du 14/08/26",
            "Bulletin n° 45",
            "Recueil spécial N°27-2026-252 du 14 oaût 2026",
        ];
        for label in details {
            assert_eq!(role("34", label, "x"), Role::Detail, "{label}");
        }
        let periods = [
            "RAA 2026",
            "01. Janvier 2026",
            "08 - août RAA",
            "Août",
            "3ème trimestre",
            "2026 - 2",
            "Janvier 2026 (RAA)",
            "RAA 2026 - consulter le recueil des services de l'Etat dans la Drôme",
            "RAA du mois d'août 2026",
            "Recueils (à partir du 28 avril 2015)",
            "RAA n°1 à 50 - 2026",
            "RAA du 1er au 15 août 2026",
            "Spéciaux du mois de juillet",
            "JUIN-2026",
            "2026-08 Août",
            "août (1re partie)",
            "RAA 2026 (mise à jour le 20 août 2026)",
            "RAA 2026 - mis à jour le 20/08/2026",
            "Recueils de l'année 2026 au 20 août 2026",
            "Semaine 33",
            "2023 - Recueils spéciaux des actes administratifs",
        ];
        for label in periods {
            assert!(
                matches!(role("34", label, "x"), Role::Period(_)),
                "{label} {:?}",
                role("34", label, "x")
            );
        }
        let others = [
            ("34", "FAQ relative aux RAA", Role::Elsewhere),
            ("34", "Informations générales", Role::Elsewhere),
            ("34", "Arrêté massif jusqu'au 30 septembre 2024", Role::Elsewhere),
            ("34", "Guide 2026 des recueils", Role::Elsewhere),
            ("34", "Délégations de signature 2026", Role::Elsewhere),
            ("34", "RAA spécial - Délégations de signature", Role::Collection),
            ("34", "Archives", Role::Archive),
            ("34", "Recueils des années antérieures", Role::Archive),
            ("14", "Recueil des actes administratifs régional", Role::Sister),
            ("14", "Recueil des actes administratifs départemental", Role::Collection),
            ("63", "Recueils des actes administratifs Auvergne", Role::Sister),
            ("63", "Recueils des actes administratifs Puy-de-Dôme", Role::Collection),
            ("31", "Recueil des Actes Administratifs (Occitanie)", Role::Sister),
            ("prefidf", "Raa du département de Paris - 2026", Role::Sister),
            ("34", "Recueils des actes administratifs de l'année en cours", Role::Collection),
            ("34", "Élections municipales 2026", Role::Unclear),
            ("34", "Feux d'artifice du 14 juillet 2026", Role::Unclear),
        ];
        for (code, label, expected) in others {
            assert_eq!(role(code, label, "x"), expected, "{label}");
        }
        let scope =
            Scope::of(Registry::builtin().expect("registry").get("66").expect("66"), Unit::Issue);
        assert_eq!(
            scope.role("Année 2026", "Annee-2026", "/Publications/TEST-RAA/Annee-2026", None),
            Role::Elsewhere
        );
    }
}
