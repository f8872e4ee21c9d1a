//! Lengths of time, days in a list without an article, days of elections.

use guetteur_model::{Facts, When};

use super::{article, facts};

/// Start and end as days, `-` for none.
fn days(found: &Facts) -> (String, String) {
    let day =
        |when: Option<When>| when.map_or_else(|| "-".to_owned(), |when| when.date().to_string());
    (day(found.valid_from), day(found.valid_to))
}

/// The act is signed on 19 February 2025.
#[test]
fn lengths_however_they_are_said() {
    let cases = [
        ("La captation est autorisée pour trois mois.", "2025-02-19", "2025-05-19"),
        ("L'autorisation est délivrée pour une durée de cinq ans.", "2025-02-19", "2030-02-19"),
        ("L'emploi est autorisé pendant une période de dix jours.", "2025-02-19", "2025-03-01"),
        ("L'emploi est autorisé du 3 mars 2025 pour deux mois.", "2025-03-03", "2025-05-03"),
        (
            "L'emploi est autorisé le 3 mars 2025 pour une durée de dix jours.",
            "2025-03-03",
            "2025-03-13",
        ),
        (
            "L'emploi est autorisé durant deux mois à compter du 3 mars 2025.",
            "2025-03-03",
            "2025-05-03",
        ),
        ("Les images sont conservées pour trois mois.", "-", "-"),
        ("Le dossier transmis pour trois mois est classé.", "-", "-"),
    ];
    for (sentence, from, to) in cases {
        assert_eq!(days(&article(sentence)), (from.to_owned(), to.to_owned()), "{sentence}");
    }
}

#[test]
fn hours_from_a_day_without_an_hour_are_doubted() {
    let sentences = [
        "L'emploi est autorisé le 3 mars 2025 pour 48 heures.",
        "L'emploi est autorisé à compter du 3 mars 2025 pour une durée de 48 heures.",
        "L'emploi est autorisé pour une durée de 48 heures à compter du 3 mars 2025.",
    ];
    for sentence in sentences {
        let found = article(sentence);
        assert_eq!(days(&found), ("2025-03-03".to_owned(), "-".to_owned()), "{sentence}");
        assert!(found.doubts.iter().any(|doubt| doubt.contains("48 heures")), "{sentence}");
        assert!(found.traces["valid_from"].to_check, "{sentence}");
    }
    let sure = article(
        "L'emploi est autorisé à compter du 3 mars 2025 à 14h00 pour une durée de 48 heures.",
    );
    let end = sure.valid_to.map(|when| when.to_string());
    assert_eq!(end.as_deref(), Some("2025-03-05T14:00:00+01:00"));
}

#[test]
fn days_behind_a_name_need_no_article() {
    let cases = [
        (
            "Arrêté autorisant la captation d'images - foire de Crest 5, 6 et 7 mars 2025",
            "2025-03-05",
            "2025-03-07",
        ),
        (
            "Arrêté autorisant la captation d'images foire de Crest 5 et 6 mars",
            "2025-03-05",
            "2025-03-06",
        ),
        ("Pêche manifestation Crest 4 au 7 sept 2025", "2025-09-04", "2025-09-07"),
        ("Arrêté relatif aux articles 5 et 6 mars", "-", "-"),
    ];
    for (title, from, to) in cases {
        assert_eq!(days(&facts(title, "", "26")), (from.to_owned(), to.to_owned()), "{title}");
    }
}

#[test]
fn the_day_of_an_election_is_not_when_its_lists_hold() {
    let cases = [
        (
            "Arrêté fixant la liste des candidats aux élections municipales des 15 et 22 mars 2025",
            "-",
        ),
        (
            "Arrêté instituant la commission de recensement des votes des élections des 15 et 22 mars 2025",
            "-",
        ),
        (
            "Arrêté interdisant la vente d'alcool à l'occasion des élections des 15 et 22 mars 2025",
            "2025-03-15",
        ),
        (
            "Arrêté reportant la clôture du scrutin à l'occasion de l'élection du 15 mars 2025",
            "2025-03-15",
        ),
    ];
    for (title, from) in cases {
        assert_eq!(days(&facts(title, "", "26")).0, from, "{title}");
    }
}
