//! Twenty-five queries as researchers, activists, lawyers and journalists type them, and what they
//! should give.

use crate::corpus::{Corpus, request};

/// A query and its answer.
pub(crate) struct Case {
    pub(crate) typed: &'static str,
    /// The hits that lead, in any order; nothing else before them.
    lead: &'static [&'static str],
    /// Found too, further down.
    also: &'static [&'static str],
    /// Not found at all.
    never: &'static [&'static str],
    /// Nothing else is found.
    only: bool,
}

const NONE: Case = Case { typed: "", lead: &[], also: &[], never: &[], only: false };

pub(crate) const CASES: &[Case] = &[
    Case {
        typed: "drones police Bordeaux octobre 2025",
        lead: &["drone-bordeaux-survol", "drone-bordeaux-captation"],
        never: &["drone-bordeaux-2024", "match-bordeaux"],
        ..NONE
    },
    Case {
        typed: "vidéosurveillance algorithmique",
        lead: &["vsa-46-stations", "vsa-gares", "vsa-saint-sylvestre"],
        only: true,
        ..NONE
    },
    Case { typed: "reconnaissance faciale", only: true, ..NONE },
    Case {
        typed: "caméras Gard mairie",
        lead: &["video-blauzac"],
        also: &["drone-gard"],
        never: &["video-mairie-meuse"],
        ..NONE
    },
    Case { typed: "lapi lecture plaques", only: true, ..NONE },
    Case {
        typed: "drone manifestation 10 septembre 2025 bloquons tout",
        lead: &["drone-montpellier-10-septembre", "rassemblement-lyon", "drone-la-saulce"],
        never: &["drone-colmar-10-septembre-2024"],
        ..NONE
    },
    Case {
        typed: "hélicoptère gendarmerie caméra",
        lead: &["helico-ia", "helico-14-juillet", "helico-95"],
        never: &["helismur"],
        ..NONE
    },
    Case {
        typed: "brouillage drone",
        lead: &["brouillage-45", "brouillage-51", "brouillage-14"],
        only: true,
        ..NONE
    },
    Case {
        typed: "interdiction de survol drone",
        lead: &["survol-interdit-50", "survol-interdit-75"],
        only: true,
        ..NONE
    },
    Case {
        typed: "spectacle de drones",
        lead: &["essaim-05", "spectacle-drones-33"],
        only: true,
        ..NONE
    },
    Case { typed: "drone douane", lead: &["drone-douanes"], only: true, ..NONE },
    Case {
        typed: "PAF drone frontière italienne",
        lead: &["paf-tmb", "paf-74-hiver", "paf-menton"],
        never: &["immigration-nord"],
        ..NONE
    },
    Case {
        typed: "caméras piétons police municipale",
        lead: &["pieton-montval", "pieton-lunel"],
        never: &["convention-municipale"],
        ..NONE
    },
    Case {
        typed: "caméra pompiers",
        lead: &["pieton-31-pompiers"],
        never: &["pieton-lunel"],
        ..NONE
    },
    Case {
        typed: "périmètre de protection fouille",
        lead: &["perimetre-noel", "perimetre-parc"],
        never: &["perimetre-supporters", "perimetre-captage"],
        ..NONE
    },
    Case {
        typed: "palpations gare SNCF",
        lead: &["palpation-sncf"],
        never: &["vsa-gares"],
        ..NONE
    },
    Case {
        typed: "IA RATP stations JO 2024",
        lead: &["vsa-46-stations"],
        never: &["helico-ia", "palpation-ratp"],
        ..NONE
    },
    Case {
        typed: "vidéoprotection Lille DEVRED",
        lead: &["video-devred"],
        never: &["video-cleor"],
        ..NONE
    },
    Case {
        typed: "abrogation autorisation drone",
        lead: &["drone-abroge-44", "drone-abroge-76"],
        ..NONE
    },
    Case { typed: "rave party interdiction drone", lead: &["drone-rave-48", "rave-14"], ..NONE },
    Case {
        typed: "drone expulsion squat gens du voyage",
        lead: &["drone-squat-montreuil", "drone-voyage-01"],
        never: &["commission-voyage"],
        ..NONE
    },
    Case {
        typed: "L. 242-5 CSI finalité 5",
        lead: &["paf-tmb", "paf-74-hiver", "paf-menton", "immigration-nord"],
        only: true,
        ..NONE
    },
    Case { typed: "autorisation vidéoprotection refusée", only: true, ..NONE },
    Case { typed: "capteurs sonores micros", only: true, ..NONE },
    Case {
        typed: "commission départementale vidéoprotection membres",
        lead: &["video-commission"],
        never: &["video-bundle", "commission-medicale"],
        ..NONE
    },
];

#[test]
fn people_find_what_they_mean() {
    assert_eq!(CASES.len(), 25);
    let corpus = Corpus::new();
    let wrong: Vec<String> = CASES.iter().filter_map(|case| mistake(case, &corpus)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn mistake(case: &Case, corpus: &Corpus) -> Option<String> {
    let found = corpus.find(case.typed);
    let has = |key: &&&str| found.iter().any(|other| other == **key);
    let first: Vec<&String> = found.iter().take(case.lead.len()).collect();
    let missing: Vec<_> = case.lead.iter().chain(case.also).filter(|key| !has(key)).collect();
    let late: Vec<_> =
        case.lead.iter().filter(|key| has(key) && !first.iter().any(|f| f == *key)).collect();
    let unwanted: Vec<_> = case.never.iter().filter(has).collect();
    let too_many = case.only && found.len() > case.lead.len() + case.also.len();
    let fine = missing.is_empty() && late.is_empty() && unwanted.is_empty() && !too_many;
    (!fine).then(|| {
        format!(
            "« {} »: missing {missing:?}, not leading {late:?}, unwanted {unwanted:?}, too many: \
             {too_many}; found {found:?}",
            case.typed
        )
    })
}

#[test]
fn an_empty_answer_says_why() {
    let corpus = Corpus::new();
    for (typed, word) in [
        ("reconnaissance faciale", "{loi:csi-l242-4}"),
        ("capteurs sonores micros", "volume sonore"),
        ("lapi lecture plaques", "{loi:csi-l233-1}"),
        ("autorisation vidéoprotection refusée", "silence"),
    ] {
        let results = corpus.index.search(&request(typed)).expect("searched");
        assert!(results.notes.iter().any(|note| note.contains(word)), "{:?}", results.notes);
        assert!(results.expanded.iter().any(|expansion| expansion.instead));
    }
}

#[test]
fn quotation_marks_force_the_words() {
    let corpus = Corpus::new();
    assert!(corpus.find("\"reconnaissance faciale\"").contains(&"drone-gard".to_owned()));
    assert_eq!(corpus.find("\"intelligence artificielle\""), ["helico-ia"]);
    assert_eq!(corpus.find("\"plaque commémorative\""), ["plaque-commemorative"]);
}
