//! Kinds of errors seen on openings of bulletins, in words of our own.

use super::{article, facts};

/// A day in a file's name is one to check, and the day of signature none.
#[test]
fn a_file_name_gives_a_day_to_check() {
    let cases = [
        ("AP autorisation utilisation drones 21 février 2025 PN.odt", Some("2025-02-21")),
        ("AP drones 19 février 2025 PN.odt", None),
        ("AP drones 1er février 2024 PN.odt", None),
        ("AP n° 21 février 2025", None),
        ("Arrêté relatif à la délégation, 21 février 2025", None),
    ];
    for (title, expected) in cases {
        let found = facts(title, "", "26");
        let day = found.valid_from.map(|when| when.date().to_string());
        assert_eq!(day.as_deref(), expected, "{title}");
        let checked = found.traces.get("valid_from").is_none_or(|trace| trace.to_check);
        assert!(checked, "{title}");
    }
}

/// Where a person was born and lives, and what a lost space hangs on a name.
#[test]
fn persons_have_other_communes() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "M. Paul X, né le 9 avril 1972 à Gap, demeurant 4 chemin Vert – 26400 Crest, membre du club, est autorisé à voler à Nyons.",
            &["Nyons"],
        ),
        (
            "Le vol est autorisé 4 route de Bel Air, 26150 Diedu samedi 22 au lundi 24 février 2025.",
            &[],
        ),
        (
            "Le vol est autorisé 4 route de Bel Air, 26400 Crestdu samedi 22 février 2025.",
            &["Crest"],
        ),
        ("Le vol est interdit dans le massif du Grand Veymont.", &[]),
        ("Le vol est interdit sur la communauté de communes du Grand Nyonsais.", &[]),
        ("Le vol est interdit sur la communauté de communes de Nyons.", &[]),
    ];
    for (sentence, expected) in cases {
        let found = article(sentence);
        let names: Vec<&str> = found.communes.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, expected, "{sentence}");
    }
}

#[test]
fn an_aircraft_glued_to_who_decides_counts() {
    let body = "ARRÊTÉ\nautorisant la captation d'images au moyen d'une caméra installée sur un aéronefLE PRÉFET\n\
        Vu le code de la sécurité intérieure ;\n";
    assert_eq!(facts("AP vols de mars", body, "26").aircraft, Some(1));
}
