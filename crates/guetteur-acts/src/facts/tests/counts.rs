//! How many cameras and aircraft.

use super::article;

#[test]
fn what_each_has_counts_for_all() {
    let cases = [
        ("L'emploi de quatre drones équipés chacun d'une caméra est autorisé.", Some(4), Some(4)),
        ("L'emploi de deux aéronefs munis chacun de deux caméras est autorisé.", Some(4), Some(2)),
        (
            "L'emploi de trois drones, avec deux caméras par aéronef, soit six au total, est autorisé.",
            Some(6),
            Some(3),
        ),
        (
            "Le nombre de caméras est fixé à trois par aéronef, soit six au total, pour deux aéronefs.",
            Some(6),
            Some(2),
        ),
        ("Le nombre maximal de caméras est fixé à cinq.", Some(5), None),
        // Nothing says for sure how many in all.
        ("L'emploi de deux caméras par aéronef est autorisé.", None, None),
        ("Trois patrouilles disposent chacune d'un drone.", None, None),
        ("L'emploi d'un drone est autorisé. Deux drones de secours sont prévus.", None, Some(1)),
        ("L'emploi d'une caméra est autorisé à bord d'un drone.", Some(1), Some(1)),
        ("L'emploi de trois caméras installées sur deux drones est autorisé.", Some(3), Some(2)),
    ];
    for (sentence, cameras, aircraft) in cases {
        let found = article(sentence);
        assert_eq!((found.cameras, found.aircraft), (cameras, aircraft), "{sentence}");
    }
}

#[test]
fn whose_flights_are_restricted_is_not_counted() {
    let count = |title| super::facts(title, "", "26").aircraft;
    assert_eq!(count("Arrêté portant restriction de survol d'un aéronef télépiloté"), None);
    assert_eq!(count("Arrêté autorisant le survol d'un aéronef de la gendarmerie"), Some(1));
}
