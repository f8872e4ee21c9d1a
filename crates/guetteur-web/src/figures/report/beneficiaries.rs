//! Who may use a measure, in kinds: acts write the same service in a hundred ways.

use guetteur_model::fold::fold;

/// A kind, and the folded words by which it is told. An act may name several.
const KINDS: [(&str, &[&str]); 8] = [
    ("Gendarmerie nationale", &["gendarmerie", "gendarmes", "ggd"]),
    (
        "Police nationale",
        &[
            "police nationale",
            "ddsp",
            "ddpn",
            "dipn",
            "compagnie republicaine",
            "crs",
            "police aux frontieres",
            "securite publique",
            "police judiciaire",
        ],
    ),
    ("Préfecture de police", &["prefecture de police", "dspap", "dopc"]),
    ("Douanes", &["douane"]),
    ("Armées", &["militaire", "armee", "sentinelle"]),
    ("Secours", &["sdis", "pompier", "incendie", "securite civile"]),
    ("Communes et polices municipales", &["police municipale", "commune d", "ville d", "mairie"]),
    ("Transporteurs", &["ratp", "sncf"]),
];

/// Where none of the kinds is told.
pub(crate) const OTHER: &str = "Autre, tel que l’écrit l’acte";
/// Where the act names nobody.
pub(crate) const UNSAID: &str = "Non dit";

/// The kinds that the words of an act name.
pub(crate) fn kinds(beneficiary: Option<&str>) -> Vec<&'static str> {
    let Some(words) = beneficiary.map(fold) else { return vec![UNSAID] };
    let named = |needle: &&str| {
        words.match_indices(*needle).any(|(at, _)| {
            let before = words[..at].chars().next_back();
            !before.is_some_and(char::is_alphanumeric)
        })
    };
    let kinds = KINDS.iter().filter(|(_, needles)| needles.iter().any(named));
    let kinds: Vec<&str> = kinds.map(|(kind, _)| *kind).collect();
    if kinds.is_empty() { vec![OTHER] } else { kinds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_service_in_many_words() {
        let cases: [(Option<&str>, &[&str]); 8] = [
            (Some("le groupement de gendarmerie départementale de l’Hérault"), &[KINDS[0].0]),
            (Some("la DIPN 34"), &[KINDS[1].0]),
            (Some("Police nationale et Gendarmerie nationale"), &[KINDS[0].0, KINDS[1].0]),
            (Some("la préfecture de police"), &[KINDS[2].0]),
            (Some("la direction interrégionale des douanes"), &[KINDS[3].0]),
            (Some("les macrsiens"), &[OTHER]),
            (Some("la société Vigie"), &[OTHER]),
            (None, &[UNSAID]),
        ];
        for (words, expected) in cases {
            assert_eq!(kinds(words), expected, "{words:?}");
        }
    }
}
