//! Days that an act names: which are its own, and what is written of them.

use guetteur_model::{Act, ActPage, Facts, When};

use super::super::extract_facts;
use super::{article, facts};
use crate::context::BulletinContext;

/// Start and end as the API writes them, `-` for none.
fn period(found: &Facts) -> (String, String) {
    let written = |when: &Option<When>| match when {
        Some(When::Day(day)) => day.to_string(),
        Some(When::Instant(at)) => at.to_rfc3339(),
        None => "-".to_owned(),
    };
    (written(&found.valid_from), written(&found.valid_to))
}

fn check(cases: &[(&str, &str, &str)]) {
    for (sentence, from, to) in cases {
        let found = article(sentence);
        assert_eq!(period(&found), ((*from).to_owned(), (*to).to_owned()), "{sentence}");
    }
}

#[test]
fn a_night_that_crosses_months_ends_in_its_morning() {
    check(&[
        (
            "La captation est autorisée dans la nuit du 31 janvier au 1er février 2025 de 22h à 5h.",
            "2025-01-31T22:00:00+01:00",
            "2025-02-01T05:00:00+01:00",
        ),
        (
            "La captation est autorisée la nuit du 31 décembre 2025 au 1er janvier 2026, de 20h00 à 06h00.",
            "2025-12-31T20:00:00+01:00",
            "2026-01-01T06:00:00+01:00",
        ),
        // More than one night: the last ends in the morning after.
        (
            "La captation est autorisée les nuits du 30 janvier au 1er février 2025 de 22h à 5h.",
            "2025-01-30T22:00:00+01:00",
            "2025-02-02T05:00:00+01:00",
        ),
    ]);
}

#[test]
fn what_is_renewed_bears_its_new_days() {
    check(&[
        (
            "Le dispositif autorisé du 1er au 31 janvier 2025 à Crest est renouvelé du 1er au 28 février 2025.",
            "2025-02-01",
            "2025-02-28",
        ),
        (
            "L'autorisation donnée pour la période du 1er au 31 janvier 2025 est prolongée jusqu'au 28 février 2025.",
            "-",
            "2025-02-28",
        ),
    ]);
}

#[test]
fn a_reason_is_no_start() {
    check(&[
        (
            "La police est autorisée à filmer à Crest le 22 février 2025, en raison des dégradations commises le 14 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "La police est autorisée à filmer à Crest le 22 février 2025, au regard des rixes du 8 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "Compte tenu des débordements survenus à Die le 1er février 2025, la captation est autorisée le 22 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "La captation est autorisée le 22 février 2025, comme lors du rassemblement du 15 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "La captation est autorisée le 22 février 2025 pour la rencontre reportée du 1er février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "La captation est autorisée le 23 février 2025 en remplacement de la soirée du 22 février 2025.",
            "2025-02-23",
            "2025-02-23",
        ),
        (
            "La captation est autorisée pour la rencontre reportée du 1er février au 22 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "La captation est autorisée le 22 février 2025 pour la fête initialement prévue du 1er au 3 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        ("La captation est autorisée en raison des rixes du 8 février 2025.", "-", "-"),
        // What comes may be the reason.
        (
            "La captation est autorisée en raison du carnaval du 22 février 2025.",
            "2025-02-22",
            "2025-02-22",
        ),
        (
            "La captation est autorisée le 22 février 2025 à Crest et le 23 février 2025 à Die.",
            "2025-02-22",
            "2025-02-23",
        ),
    ]);
}

#[test]
fn in_a_title_too() {
    let title = "Arrêté autorisant des caméras sur aéronefs le 22 février 2025, suite aux rixes du 8 février 2025";
    let found = facts(title, "", "26");
    assert_eq!(period(&found), ("2025-02-22".to_owned(), "2025-02-22".to_owned()));
    let title = "Arrêté autorisant des caméras sur aéronefs - match reporté du 1er février 2025 - 22 février 2025";
    let found = facts(title, "", "26");
    assert_eq!(period(&found), ("2025-02-22".to_owned(), "2025-02-22".to_owned()));
}

#[test]
fn what_ends_is_another_act() {
    for ends in [
        "L'arrêté du 3 janvier 2025 est abrogé à compter du 20 février 2025.",
        "L'autorisation délivrée le 3 janvier 2025 prend fin le 20 février 2025.",
        "L'arrêté n° 26-2025-004 susvisé cesse de produire effet le 20 février 2025.",
    ] {
        let body = format!(
            "ARRÊTE\nArticle 1er : {ends}\nArticle 2 : La police est autorisée à filmer le 22 février 2025.\n\
             Fait à Valence, le 19 février 2025"
        );
        let found = facts("Arrêté autorisant la captation", &body, "26");
        let expected = ("2025-02-22".to_owned(), "2025-02-22".to_owned());
        assert_eq!(period(&found), expected, "{ends}");
    }
    // Alone it is what the act does.
    let found = article("L'arrêté du 3 janvier 2025 est abrogé à compter du 20 février 2025.");
    assert_eq!(period(&found).0, "2025-02-20");
    let found = article("La présente autorisation n° 26-2025-118 prend fin le 22 février 2025.");
    assert_eq!(period(&found).1, "2025-02-22");
}

#[test]
fn a_day_that_does_not_exist_is_none() {
    check(&[
        ("La captation est autorisée le 31 février 2025.", "-", "-"),
        ("La captation est autorisée le 30 février 2025 de 22h00 à 02h00.", "-", "-"),
        ("La captation est autorisée à compter du 29 février 2025.", "-", "-"),
        // The month's end is what is meant.
        (
            "La captation est autorisée du 1er avril 2025 au 31 avril 2025.",
            "2025-04-01",
            "2025-04-30",
        ),
        ("La captation est autorisée le 28 février 2025.", "2025-02-28", "2025-02-28"),
    ]);
    let found = article("La captation est autorisée le 31 février 2025.");
    assert!(found.doubts.iter().any(|doubt| doubt.contains("n'existe pas")), "{:?}", found.doubts);
}

#[test]
fn a_period_goes_to_its_end() {
    check(&[
        ("La captation est autorisée les 1-2 et 8-9 mars 2025.", "2025-03-01", "2025-03-09"),
        (
            "La captation est autorisée les samedis 1er et 8 et dimanches 2 et 9 mars 2025.",
            "2025-03-01",
            "2025-03-09",
        ),
        (
            "La captation est autorisée du premier au quinze mars deux mille vingt-cinq.",
            "2025-03-01",
            "2025-03-15",
        ),
        (
            "La captation est autorisée les 8 et 9 mars 2025 - quartier du Port.",
            "2025-03-08",
            "2025-03-09",
        ),
        (
            "La captation est autorisée les week-ends des 1er-2 mars et 8-9 mars 2025.",
            "2025-03-01",
            "2025-03-09",
        ),
        ("La captation est autorisée les 1/2 et 8/9 mars 2025.", "2025-03-01", "2025-03-09"),
        ("La captation est autorisée les 8-9 mars 2025.", "2025-03-08", "2025-03-09"),
        ("La captation est autorisée le week-end du 8 mars 2025.", "2025-03-08", "2025-03-09"),
        (
            "La captation est autorisée les week-ends du 1er et du 8 mars 2025.",
            "2025-03-01",
            "2025-03-09",
        ),
        (
            "La captation est autorisée le week-end des 8 et 9 mars 2025.",
            "2025-03-08",
            "2025-03-09",
        ),
        ("La captation est autorisée la semaine du 10 mars 2025.", "2025-03-10", "2025-03-16"),
        (
            "La captation est autorisée la semaine du 10 au 14 mars 2025.",
            "2025-03-10",
            "2025-03-14",
        ),
        (
            "La captation est autorisée du samedi 8 mars 2025 à zéro heure au dimanche 9 mars 2025 à vingt-quatre heures.",
            "2025-03-08T00:00:00+01:00",
            "2025-03-10T00:00:00+01:00",
        ),
        (
            "La captation est autorisée du 8 mars 2025, dès le début du carnaval, au 9 mars 2025.",
            "2025-03-08",
            "2025-03-09",
        ),
        (
            "La captation est autorisée le 8 mars 2025 de vingt heures trente à minuit trente.",
            "2025-03-08T20:30:00+01:00",
            "2025-03-09T00:30:00+01:00",
        ),
        (
            "La captation est autorisée le 8 mars 2025 de 10 à 18 heures.",
            "2025-03-08T10:00:00+01:00",
            "2025-03-08T18:00:00+01:00",
        ),
        (
            "La captation est autorisée à compter du 8 mars 2025 et pour dix jours.",
            "2025-03-08",
            "2025-03-18",
        ),
        (
            "La captation est autorisée à compter du 31 janvier 2025 pour un mois.",
            "2025-01-31",
            "2025-02-28",
        ),
        ("L'autorisation prend effet au 8 mars prochain pour un mois.", "2025-03-08", "2025-04-08"),
        ("La captation est autorisée jusqu'à la fin du mois de mars 2025.", "-", "2025-03-31"),
        (
            "La captation est autorisée le 8 mars 2025 pour trois drones.",
            "2025-03-08",
            "2025-03-08",
        ),
    ]);
}

#[test]
fn days_in_figures_pairs_and_counted_on() {
    check(&[
        ("La captation est autorisée du 4/3/25 au 6/3/25.", "2025-03-04", "2025-03-06"),
        ("La captation est autorisée les 07/08 et 14/15 mars 2025.", "2025-03-07", "2025-03-15"),
        ("La captation est autorisée les 7/8 mars 2025.", "2025-03-07", "2025-03-08"),
        (
            "La captation est autorisée le 7 mars 2025 ainsi que le lendemain.",
            "2025-03-07",
            "2025-03-08",
        ),
        (
            "La captation est autorisée le 7 mars 2025 et les deux jours suivants.",
            "2025-03-07",
            "2025-03-09",
        ),
        (
            "La captation est autorisée du 28 décembre 2025 au 4 janvier.",
            "2025-12-28",
            "2026-01-04",
        ),
    ]);
}

#[test]
fn a_page_number_is_no_day() {
    for number in ["3", "3/5", "Page 3 sur 5", "- 3 -"] {
        let first = format!(
            "ARRÊTE\nArticle 1er : La captation d'images par des aéronefs est autorisée du 4 mars 2025 au\n{number}\n"
        );
        let page = |number, text: &str| ActPage { number, offset: 0, text: text.to_owned() };
        let act = Act {
            text: vec![page(1, &first), page(2, "6 mars 2025 à Valence.\n")],
            ..super::act("Arrêté autorisant la captation", "")
        };
        let found = extract_facts(&act, &BulletinContext::default());
        let expected = ("2025-03-04".to_owned(), "2025-03-06".to_owned());
        assert_eq!(period(&found), expected, "{number}");
    }
}

#[test]
fn a_letterhead_parts_no_period() {
    let heads = [
        "PRÉFET DE LA DRÔME\nLiberté\nÉgalité\nFraternité\n",
        "RÉPUBLIQUE FRANÇAISE\n",
        "Liberté Égalité Fraternité\n",
    ];
    for head in heads {
        let first = "ARRÊTE\nArticle 1er : La captation d'images par des aéronefs est autorisée du 4 mars 2025 au\n";
        let page = |number, text: &str| ActPage { number, offset: 0, text: text.to_owned() };
        let act = Act {
            text: vec![page(1, first), page(2, &format!("{head}6 mars 2025 à Valence.\n"))],
            ..super::act("Arrêté autorisant la captation", "")
        };
        let found = extract_facts(&act, &BulletinContext::default());
        let expected = ("2025-03-04".to_owned(), "2025-03-06".to_owned());
        assert_eq!(period(&found), expected, "{head}");
    }
}

#[test]
fn a_title_without_a_verb_and_a_name_with_a_day() {
    let cases = [
        ("CYCLO-CROSS DE CREST SAMEDI 8 MARS 2025", "2025-03-08"),
        ("Arrêté portant agrément – AUTO-ÉCOLE DU 6 JUIN", "-"),
        ("Arrêté autorisant le trail de Crest du 6 avril", "2025-04-06"),
    ];
    for (title, expected) in cases {
        assert_eq!(period(&facts(title, "", "26")).0, expected, "{title}");
    }
}

#[test]
fn hours_however_they_are_written() {
    check(&[
        (
            "La captation est autorisée le mercredi 4 mars 2026 de 9 h. à 12 h. 30.",
            "2026-03-04T09:00:00+01:00",
            "2026-03-04T12:30:00+01:00",
        ),
        (
            "La captation est autorisée le 7 mars 2026 de 7 heures du matin à 8 heures du soir.",
            "2026-03-07T07:00:00+01:00",
            "2026-03-07T20:00:00+01:00",
        ),
        (
            "La captation est autorisée le 7 mars 2026 à 9 h. Le survol est bref.",
            "2026-03-07T09:00:00+01:00",
            "-",
        ),
        (
            "La captation est autorisée le 7 ou le 8 mars 2026 selon la météo.",
            "2026-03-07",
            "2026-03-08",
        ),
    ]);
}

#[test]
fn days_of_what_follows_the_act_are_none_of_its_own() {
    check(&[
        ("Un bilan des survols est remis avant le 15 mars 2026.", "-", "-"),
        ("Un bilan des survols est remis au plus tard le 15 mars 2026.", "-", "-"),
        (
            "Le présent arrêté est affiché en mairie à compter du 5 mars 2026 pendant deux mois.",
            "-",
            "-",
        ),
        ("Les travaux débutés le 4 janvier 2025 ne sont pas achevés.", "-", "-"),
    ]);
}

#[test]
fn an_older_act_is_prolonged() {
    check(&[
        (
            "L'arrêté n° 2026-12 du 5 février 2026 est prolongé jusqu'au 30 mars 2026.",
            "-",
            "2026-03-30",
        ),
        (
            "L'arrêté n° 2026-12 du 5 février 2026 est prorogé d'un mois à compter du 5 mars 2026.",
            "2026-03-05",
            "2026-04-05",
        ),
        ("L'arrêté n° 2026-12 du 5 février 2026 est prorogé d'un mois.", "-", "-"),
        (
            "L'arrêté du 2 mars 2026 autorisant la captation du 5 au 7 mars 2026 est abrogé.",
            "-",
            "-",
        ),
        (
            "La captation est autorisée du 5 au 7 mars 2026 et l'arrêté du 2 mars 2026 est abrogé.",
            "2026-03-05",
            "2026-03-07",
        ),
        (
            "L'autorisation peut être retirée à compter du 5 mars 2026 en cas de manquement.",
            "-",
            "-",
        ),
        ("Elle est renouvelable dans les mêmes conditions à compter du 5 mai 2026.", "-", "-"),
    ]);
}

#[test]
fn a_delegation_bears_the_day_of_its_signature() {
    let titles = [
        ("Délégation - CD Neuvic - le 15.09.2026", "-", "-"),
        ("Délégation de signature 15 septembre 2026", "-", "-"),
        ("Délégation de signature à compter du 15 septembre 2026", "2026-09-15", "-"),
        (
            "Interdiction de survol - tour cycliste - 12 et 13 septembre 2026",
            "2026-09-12",
            "2026-09-13",
        ),
    ];
    for (title, from, to) in titles {
        let found = facts(title, "", "26");
        assert_eq!(period(&found), (from.to_owned(), to.to_owned()), "{title}");
    }
}
