mod counts;
mod days;
mod headings;
mod lengths;
mod openings;
mod parties;

use std::path::Path;

use chrono::NaiveDate;
use guetteur_model::{Act, ActPage, Facts, Purpose, When};

use super::extract_facts;
use crate::context::BulletinContext;

fn act(title: &str, body: &str) -> Act {
    Act {
        signed_on: NaiveDate::from_ymd_opt(2025, 2, 19),
        text: vec![ActPage { number: 1, offset: 0, text: body.to_owned() }],
        ..Act::of_title(title)
    }
}

fn facts(title: &str, body: &str, departement: &str) -> Facts {
    let context = BulletinContext {
        departement: Some(departement).filter(|d| !d.is_empty()),
        published_on: NaiveDate::from_ymd_opt(2025, 2, 20),
        ..BulletinContext::default()
    };
    extract_facts(&act(title, body), &context)
}

fn article(sentence: &str) -> Facts {
    let body = format!(
        "Vu le décret n° 2004-374 du 29 avril 2004 ;\nARRÊTE\nArticle 1er : {sentence}\n\
         Article 2 : Recours devant le tribunal dans les deux mois.\nFait à Valence, le 19 février 2025"
    );
    facts("Arrêté autorisant la captation", &body, "26")
}

#[test]
fn periods() {
    let cases = [
        (
            "L'autorisation vaut du samedi 22 février 2025 12h00 au lundi 24 février 08h00.",
            "2025-02-22T12:00:00+01:00",
            "2025-02-24T08:00:00+01:00",
        ),
        ("Elle est valable du 22 au 24 février 2025.", "2025-02-22", "2025-02-24"),
        ("Elle est valable du 22 février au 2 mars 2025 inclus.", "2025-02-22", "2025-03-02"),
        ("Elle est valable du 28 décembre au 2 janvier 2026.", "2025-12-28", "2026-01-02"),
        (
            "Elle est autorisée le 22 février 2025 de 06h00 à 02h00.",
            "2025-02-22T06:00:00+01:00",
            "2025-02-23T02:00:00+01:00",
        ),
        (
            "Elle est autorisée le samedi 22 février 2025, entre 14 heures et 20 heures 30.",
            "2025-02-22T14:00:00+01:00",
            "2025-02-22T20:30:00+01:00",
        ),
        (
            "Elle est autorisée de 8h à 20h le 22 février 2025.",
            "2025-02-22T08:00:00+01:00",
            "2025-02-22T20:00:00+01:00",
        ),
        (
            "Elle est autorisée de 14h00 le 3 mai 2025 à 02h00 le 4 mai 2025.",
            "2025-05-03T14:00:00+02:00",
            "2025-05-04T02:00:00+02:00",
        ),
        ("Elle est autorisée les 15, 16 et 17 mars 2025.", "2025-03-15", "2025-03-17"),
        (
            "Elle est autorisée les samedi 15 et dimanche 16 mars 2025 de 10h00 à 18h00.",
            "2025-03-15T10:00:00+01:00",
            "2025-03-16T18:00:00+01:00",
        ),
        ("Elle est autorisée les 31 mars, 1er et 2 avril 2025.", "2025-03-31", "2025-04-02"),
        (
            "Elle est autorisée le 1er mars 2025 de 20h00 à minuit.",
            "2025-03-01T20:00:00+01:00",
            "2025-03-02T00:00:00+01:00",
        ),
        (
            "Elle est autorisée du 1er mars 2025 à minuit au 3 mars 2025 à minuit.",
            "2025-03-01T00:00:00+01:00",
            "2025-03-04T00:00:00+01:00",
        ),
        (
            "Elle est autorisée à compter du 22 février 2025 à 18h00 et jusqu'au 24 février 2025 à 06h00.",
            "2025-02-22T18:00:00+01:00",
            "2025-02-24T06:00:00+01:00",
        ),
        (
            "Elle est autorisée à compter de 18h00 le 22 février 2025 jusqu'au lendemain 06h00.",
            "2025-02-22T18:00:00+01:00",
            "2025-02-23T06:00:00+01:00",
        ),
        (
            "Elle est autorisée le 22 février 2025 à partir de 18h00 jusqu'au lundi 24 février 2025 à 8h.",
            "2025-02-22T18:00:00+01:00",
            "2025-02-24T08:00:00+01:00",
        ),
        (
            "Elle est délivrée pour une durée de trois mois à compter du 1er mars 2025.",
            "2025-03-01",
            "2025-06-01",
        ),
        (
            "Le maire est autorisé pour une durée de cinq ans renouvelable à filmer.",
            "2025-02-19",
            "2030-02-19",
        ),
        (
            "Elle est accordée à compter de sa publication et jusqu'au 31 mars 2025.",
            "2025-02-20",
            "2025-03-31",
        ),
        ("L'autorisation est valable jusqu'au 30 juin 2025.", "-", "2025-06-30"),
        ("L'autorisation prend effet à compter du 3 mars 2025.", "2025-03-03", "-"),
        (
            "Elle est valable du 22/02/2025 à 8h00 au 23/02/2025 à 20h00.",
            "2025-02-22T08:00:00+01:00",
            "2025-02-23T20:00:00+01:00",
        ),
        (
            "Elle est autorisée du jeud i 20 février 2 025 à 8h au 21 février 20 25 à 8h.",
            "2025-02-20T08:00:00+01:00",
            "2025-02-21T08:00:00+01:00",
        ),
        (
            "Elle est autorisée du 28 au 30 mars 2025 de 22h00 à 04h00.",
            "2025-03-28T22:00:00+01:00",
            "2025-03-31T04:00:00+02:00",
        ),
        (
            "Elle est autorisée le 21 février 2025 de 14h00 à 20h00 ; le 22 février 2025 de 10h00 à 18h00.",
            "2025-02-21T14:00:00+01:00",
            "2025-02-22T18:00:00+01:00",
        ),
        (
            "Elle est autorisée dans la nuit du 21 au 22 février 2025 de 22h00 à 06h00.",
            "2025-02-21T22:00:00+01:00",
            "2025-02-22T06:00:00+01:00",
        ),
        ("Elle est autorisée du 1* mars 2025 au 3 mars 2025.", "2025-03-01", "2025-03-03"),
        (
            "Elle est autorisée entre le 22 février 2025 à 8h et le 23 février 2025 à 9h.",
            "2025-02-22T08:00:00+01:00",
            "2025-02-23T09:00:00+01:00",
        ),
        ("Le survol est autorisé par arrêté du 12 janvier 2025 modifié.", "-", "-"),
        (
            "Les mots « jusqu'au 8 mai 2025 à 20h00 » sont remplacés par les mots « jusqu'au 10 mai 2025 à minuit ».",
            "-",
            "2025-05-11T00:00:00+02:00",
        ),
    ];
    for (sentence, from, to) in cases {
        let facts = article(sentence);
        let shown = |w: Option<When>| w.map_or("-".to_owned(), |w| w.to_string());
        assert_eq!(
            (shown(facts.valid_from), shown(facts.valid_to)),
            (from.into(), to.into()),
            "{sentence}"
        );
    }
}

/// The table of `fixtures/dates`: the language of acts, as data.
#[test]
fn periods_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dates/periods.tsv");
    let table = std::fs::read_to_string(path).expect("the table");
    let context = BulletinContext {
        departement: Some("26"),
        published_on: NaiveDate::from_ymd_opt(2026, 5, 13),
        ..BulletinContext::default()
    };
    let shown = |w: Option<When>| match w {
        Some(When::Instant(at)) => at.format("%Y-%m-%dT%H:%M").to_string(),
        Some(When::Day(day)) => day.to_string(),
        None => "-".to_owned(),
    };
    let (mut rows, mut errors) = (0, Vec::new());
    for row in table.lines().filter(|line| !line.starts_with('#')) {
        let [from, to, sentence] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let body = format!(
            "Considérant que du 3 au 5 mai 2026 se tient une fête ;\nARRÊTE\nArticle 1er : \
             {sentence}\nArticle 2 : Recours dans les deux mois à compter du 1er juin 2026 devant le \
             tribunal administratif.\nFait à Valence, le 12 mai 2026"
        )
        .replace(" // ", "\n");
        let signed_on = NaiveDate::from_ymd_opt(2026, 5, 12);
        let act = Act { signed_on, ..act("Arrêté autorisant la captation", &body) };
        let found = extract_facts(&act, &context);
        let got = (shown(found.valid_from), shown(found.valid_to));
        if (&*got.0, &*got.1) != (from, to) {
            errors.push(format!("{from} {to}, got {} {}: {sentence}", got.0, got.1));
        }
        rows += 1;
    }
    assert!(errors.is_empty(), "{} of {rows}\n{}", errors.len(), errors.join("\n"));
    assert!(rows > 150, "{rows}");
}

#[test]
fn hours_of_their_own_article_join_the_day() {
    let body = "ARRÊTE\nArticle 1er : La captation est autorisée à Valence le jeudi 20 mars 2025.\n\
                Article 2 : Deux caméras.\nArticle 3 : La présente autorisation s'applique de 20h00 à 02h00.\n";
    let found = facts("Arrêté autorisant", body, "26");
    let shown = |w: Option<When>| w.map(|w| w.to_string()).unwrap_or_default();
    assert_eq!(shown(found.valid_from), "2025-03-20T20:00:00+01:00");
    assert_eq!(shown(found.valid_to), "2025-03-21T02:00:00+01:00");
}

#[test]
fn contradictions_are_told() {
    let cases = [
        (
            "Elle est autorisée du samedi 21 février 2025 au 24 février 2025.",
            "ce jour est un vendredi",
        ),
        ("Elle est autorisée du 24 février 2025 au 22 février 2025.", "précède"),
        ("Les aéronefs sont autorisés du 1er juin 2025 au 31 juin 2025.", "n'existe pas"),
        (
            "Les aéronefs (L. 242-5) sont autorisés du 1er juin 2025 au 2 septembre 2025.",
            "trois mois",
        ),
        (
            "Elle est autorisée du 24 février 2025 au 3 mars 2075.",
            "invraisemblable, lu 3 mars 2025",
        ),
    ];
    for (sentence, expected) in cases {
        let doubts = article(sentence).doubts;
        assert!(doubts.iter().any(|d| d.contains(expected)), "{sentence}: {doubts:?}");
    }
}

#[test]
fn communes_need_a_reason() {
    let cases: [(&str, &str, &[&str]); 13] = [
        (
            "sur les communes de Valence, Bourg-lès-Valence et Portes-lès-Valence",
            "26",
            &["26362", "26058", "26252"],
        ),
        ("sur la commune de St Vallier", "26", &["26333"]),
        ("dans la ville du Mans", "72", &["72181"]),
        ("sur le territoire des Ulis", "91", &["91692"]),
        ("à La Rochelle et à Rochefort", "17", &["17300", "17299"]),
        ("au Havre", "76", &["76351"]),
        ("communes de Rémouillé (44) et Montaigu-Vendée (85)", "44", &["44142", "85146"]),
        ("à Paris 13e", "75", &["75113"]),
        ("dans les 1er, 2e et 8e arrondissements", "75", &["75101", "75102", "75108"]),
        ("sur Marseille 1er et à Aubagne", "13", &["13201", "13005"]),
        ("présenté par Monsieur Valence, chef de service", "26", &[]),
        ("à l'occasion de la fête", "26", &[]),
        ("sur la commune de Saint-Denis", "93", &["93066"]),
    ];
    for (sentence, departement, expected) in cases {
        let body = format!("ARRÊTE\nArticle 1er : La captation est autorisée {sentence}.\n");
        let found = facts("Arrêté autorisant", &body, departement).communes;
        let codes: Vec<_> = found.iter().map(|c| c.insee.as_str()).collect();
        assert_eq!(codes, expected, "{sentence}");
    }
    let opaque = facts("DEVRED LILLE autorisation", "", "59").communes;
    assert_eq!(opaque.len(), 1);
}

#[test]
fn references_are_normalised() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "Vu le code de la sécurité intérieure, notamment ses articles L. 242-1 à L. 242-3 et R. 242-8 aR. 24210 ;",
            &["CSI L242-1", "CSI L242-2", "CSI L242-3", "CSI R242-10", "CSI R242-8", "CSI R242-9"],
        ),
        ("Vu l'article L122.2 du code ;", &[]),
        ("Vu l'article L. 242 -5 du code de la sécurité intérieure ;", &["CSI L242-5"]),
        (
            "Vu la loi n° 2023-380 du 19 mai 2023 ; Vu le décret n°2023-283 ;",
            &["décret 2023-283", "loi 2023-380"],
        ),
        ("Vu la loi n° 78-17 du 6 janvier 1978 ;", &["loi 78-17"]),
        ("Vu le code de justice administrative, notamment son article R. 421-1 ;", &["CJA R421-1"]),
    ];
    for (text, expected) in cases {
        assert_eq!(facts("Arrêté", text, "").legal_refs, expected, "{text}");
    }
}

#[test]
fn things_are_counted() {
    let cases = [
        (
            "Le nombre maximal de caméras pouvant procéder simultanément aux traitements est fixé à deux.",
            Some(2),
            None,
        ),
        ("Deux caméras (2) sont installées sur un hélicoptère.", Some(2), Some(1)),
        (
            "Le maire est autorisé à installer 3 caméras intérieures, 2 caméras extérieures et 12 caméras de voie publique.",
            Some(17),
            None,
        ),
        ("Le système compte 4 caméras intérieures et 2 extérieures.", Some(6), None),
        ("La captation par drones est autorisée.", None, None),
        (
            "Les images des 118 caméras installées en gare de Nord et des 12 caméras installées en gare de Sud.",
            Some(130),
            None,
        ),
        ("Deux caméras installées sur deux aéronefs, dont une caméra thermique.", Some(2), Some(2)),
        ("Au moyen de vingt-quatre caméras.", Some(24), None),
        ("Au moyen de trois nouvelles mini-caméras et de deux autres drones.", Some(3), Some(2)),
        ("L'arrêté 26-417 survol drone est abrogé.", None, None),
        ("L'arrêté n° 12 drones est abrogé.", None, None),
        ("Le brouillage rend inopérant un aéronef sans personne à bord.", None, None),
        ("Le dossier 2008-0890 caméras est complet.", None, None),
        ("Du 4 au 14 drones et caméras sont admis.", None, None),
        ("Selon l'article 3 caméras et drones sont interdits.", None, None),
    ];
    for (sentence, cameras, aircraft) in cases {
        let facts = article(sentence);
        assert_eq!((facts.cameras, facts.aircraft), (cameras, aircraft), "{sentence}");
    }
}

#[test]
fn other_facts() {
    let found = article("Les images sont conservées pendant sept jours.");
    assert_eq!(found.retention_days, Some(7));
    let found = facts("Arrêté abrogeant l'arrêté n° CAB/SPAS/2025-878 du 5 mai 2025", "", "44");
    assert_eq!(found.amends[0].name(), "CAB/SPAS/2025-878");
    let found = article("L'arrêté n°26-2024-06-03-00013 du 3 juin 2024 est prorogé.");
    assert_eq!(found.amends[0].name(), "26-2024-06-03-00013");
    let found =
        article("Un aéronef est employé au titre du 1° et du 5° du I de l'article L. 242-5.");
    assert!(found.purposes.contains(&Purpose::Borders), "{:?}", found.purposes);
    let found =
        article("La captation par la DIPN est autorisée du 22 février 2025 au 23 février 2025.");
    assert_eq!(found.notice_hours, Some(48.0));
    assert_eq!(found.beneficiary.as_deref(), Some("la DIPN"));
}

#[test]
fn amended_acts_can_be_looked_up() {
    use guetteur_model::Change::{Extends, Modifies, Renews, Repeals};
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d);
    let cases = [
        (
            "À l'article 4 de l'arrêté n° 2026-DS-0431 du 2 mai 2026 : l'arrêté n° 2026-DS-0431 est modifié. Les autres dispositions de l'arrêté du 2 mai 2026 demeurent inchangées.",
            vec![(Modifies, Some("2026-DS-0431"), day(5, 2))],
        ),
        (
            "L'arrêté préfectoral n° 26-2026-06-03-00013 du 3 juin 2026 est prorogé.",
            vec![(Extends, Some("26-2026-06-03-00013"), day(6, 3))],
        ),
        ("L'arrêté du 3 juin 2026 susvisé est abrogé.", vec![(Repeals, None, day(6, 3))]),
        ("La décision n° CAB/2026/77 est retirée.", vec![(Repeals, Some("CAB/2026/77"), None)]),
        (
            "L'autorisation est donnée par renouvellement de l'arrêté n° 2021/0455 du 4 mars 2026.",
            vec![(Renews, Some("2021/0455"), day(3, 4))],
        ),
        ("L'arrêté du maire est sans effet.", vec![]),
    ];
    for (sentence, expected) in cases {
        let facts = article(sentence);
        let found: Vec<_> =
            facts.amends.iter().map(|r| (r.change, r.number.as_deref(), r.signed_on)).collect();
        assert_eq!(found, expected, "{sentence}");
    }
}

#[test]
fn communes_of_a_table_and_of_what_is_referred_to() {
    let cases: [(&str, &[&str]); 6] = [
        // Rows on a line each; the head tells which column it is.
        (
            "ARRÊTE\nArticle 1er : Sont autorisés les systèmes suivants :\n\
             Bénéficiaire Commune Caméras Dossier\n\
             Boulangerie de Romans Valence 3 2025/0211\nSyndicat des eaux Montélimar 5 2025/0212\n\
             Article 2 : Les images sont conservées trente jours.\n",
            &["26362", "26198"],
        ),
        // Cells on a line each, the head's too.
        (
            "ARRÊTE\nArticle 1er : Sont autorisés :\nBénéficiaire\nCommune\nDossier\n\
             Boulangerie de Romans\nValence\n2025/0211\nSyndicat des eaux\nMontélimar\n2025/0212\n",
            &["26362", "26198"],
        ),
        (
            "ARRÊTE\nArticle 1er : Sont autorisés :\nCommune Dossier\nValence\n2025/0211\nMontélimar\n2025/0212\n",
            &["26362", "26198"],
        ),
        // A sentence is no table.
        ("ARRÊTE\nArticle 1er : La commune.\nValence Montélimar\n", &[]),
        (
            "Vu l'arrêté n° 26-2024-118 autorisant la police à filmer le quartier de la gare à Valence ;\n\
             Vu l'avis du maire de Montélimar ;\nARRÊTE\n\
             Article 1er : L'arrêté n° 26-2024-118 susvisé est abrogé.\n",
            &["26362"],
        ),
        (
            "Vu la demande de la gérante, 8 rue de la Halle à Valence ;\nARRÊTE\n\
             Article 1er : Le système est autorisé à l'adresse sus-indiquée.\n",
            &["26362"],
        ),
    ];
    for (body, expected) in cases {
        let found = facts("Arrêté portant autorisation", body, "26").communes;
        let codes: Vec<_> = found.iter().map(|c| c.insee.as_str()).collect();
        assert_eq!(codes, expected, "{body}");
    }
}

#[test]
fn a_beneficiary_is_no_circumstance() {
    let cases = [
        (
            "Dans ce périmètre et aux mêmes heures, la police nationale est autorisée à filmer.",
            "la police nationale",
        ),
        (
            "À titre exceptionnel, la DIPN de la Drôme est autorisée à utiliser un drone.",
            "la DIPN de la Drôme",
        ),
        ("Le groupement de gendarmerie est autorisé à filmer.", "Le groupement de gendarmerie"),
    ];
    for (sentence, expected) in cases {
        assert_eq!(article(sentence).beneficiary.as_deref(), Some(expected), "{sentence}");
    }
}
