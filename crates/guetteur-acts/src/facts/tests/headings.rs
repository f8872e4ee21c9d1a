use std::path::Path;

use chrono::NaiveDate;
use guetteur_model::{Act, When};

use super::super::extract_facts;
use crate::context::BulletinContext;
use crate::designation;

/// The table of `fixtures/dates/headings.tsv`: names of acts, events in titles, furniture.
#[test]
fn names_and_events_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dates/headings.tsv");
    let table = std::fs::read_to_string(path).expect("the table");
    let context = BulletinContext {
        departement: Some("26"),
        published_on: NaiveDate::from_ymd_opt(2026, 3, 5),
        ..BulletinContext::default()
    };
    let shown = |w: Option<When>| match w {
        Some(When::Instant(at)) => at.format("%Y-%m-%dT%H:%M").to_string(),
        Some(When::Day(day)) => day.to_string(),
        None => "-".to_owned(),
    };
    let (mut rows, mut errors) = (0, Vec::new());
    for row in table.lines().filter(|line| !line.starts_with('#')) {
        let [signed, from, to, title] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let title = title.replace(" // ", "\n");
        let signed_on = designation::own(&title).and_then(|named| named.date);
        let found = extract_facts(&Act { signed_on, ..Act::of_title(&*title) }, &context);
        let day = signed_on.map_or("-".to_owned(), |day| day.to_string());
        let got = (day, shown(found.valid_from), shown(found.valid_to));
        if (&*got.0, &*got.1, &*got.2) != (signed, from, to) {
            errors
                .push(format!("{signed} {from} {to}, got {} {} {}: {title}", got.0, got.1, got.2));
        }
        rows += 1;
    }
    assert!(errors.is_empty(), "{} of {rows}\n{}", errors.len(), errors.join("\n"));
    assert!(rows > 80, "{rows}");
}

/// A day has a place before it has a value: title, heading's event, articles.
#[test]
fn regions_decide() {
    const TITLE: &str =
        "Arrêté autorisant la captation d'images au moyen de caméras sur des aéronefs";
    const VU: &str = "Le préfet,\nVu l'arrêté du 19 avril 2023 relatif au nombre de caméras ;\n\
        Vu la demande du 2 mars 2026 pour la période du 7 au 9 mars 2026 ;\n\
        Considérant que du 10 au 12 mars 2026 se tient un salon ;\n";
    let cases = [
        // No article was read.
        (VU.to_owned(), None),
        (format!("{VU}Fait à Die, le 4 mars 2026"), None),
        // The heading says when, the letterhead does not.
        (
            format!(
                "PRÉFET DE LA DRÔME\nValence, le 4 mars 2026\nARRÊTÉ\nautorisant la captation\nle 8 mars 2026 à Die\n{VU}"
            ),
            Some("2026-03-08"),
        ),
        (
            format!(
                "PRÉFET DE LA DRÔME\nValence, le 4 mars 2026\nARRÊTÉ\nautorisant la captation\n{VU}"
            ),
            None,
        ),
        // The article says when; a footer and a stamp stand in it.
        (
            format!(
                "{VU}ARRÊTE\nArticle 1er : La captation est autorisée\nrecueil n°021 du 12/03/2026 3\ndu 14 mars 2026\nReçu en préfecture le 05/03/2026\nau 15 mars 2026.\n"
            ),
            Some("2026-03-14"),
        ),
        (
            format!(
                "{VU}ARRÊTE\nArticle 1er : La captation est autorisée.\nRAA n° 26-2026-021 du 12 mars 2026\nArticle 2 : Le présent arrêté est notifié.\nAccueil du public du lundi au vendredi de 8h30 à 16h00 - Tél. : 04 00 00 00 00\n"
            ),
            None,
        ),
        // Another act's day in an article.
        (
            format!(
                "{VU}ARRÊTE\nArticle 1er : L'arrêté préfectoral BSI n° 2026-9 du 27 février 2026 est abrogé.\n"
            ),
            None,
        ),
    ];
    let context = BulletinContext {
        published_on: NaiveDate::from_ymd_opt(2026, 3, 5),
        ..BulletinContext::default()
    };
    for (body, expected) in cases {
        let act = Act {
            signed_on: NaiveDate::from_ymd_opt(2026, 3, 4),
            text: vec![guetteur_model::ActPage { number: 1, offset: 0, text: body.clone() }],
            ..Act::of_title(TITLE)
        };
        let found = extract_facts(&act, &context);
        let from = found.valid_from.map(|when| when.date().to_string());
        assert_eq!(from.as_deref(), expected, "{body}");
    }
}

/// What contradicts itself, or would be a notice of months, is a doubt and no figure.
#[test]
fn doubtful_days_give_no_figure() {
    let cases = [
        ("2026-03-04", "du 14 mars 2026 au 15 mars 2026", None, Some(216.0)),
        ("2026-03-09", "du 14 mars 2026 au 15 mars 2026", Some("après la publication"), None),
        ("2026-03-04", "du 14 mars 2026 au 12 mars 2026", Some("précède"), None),
        ("2026-03-04", "du 14 août 2026 au 15 août 2026", Some("avant le début"), None),
        ("2026-03-04", "du 14 décembre 2025 au 15 mars 2026", Some("après le début"), None),
    ];
    let context = BulletinContext {
        published_on: NaiveDate::from_ymd_opt(2026, 3, 5),
        ..BulletinContext::default()
    };
    for (signed, period, doubt, notice) in cases {
        let text = format!("ARRÊTE\nArticle 1er : La captation est autorisée {period}.\n");
        let act = Act {
            signed_on: signed.parse().ok(),
            text: vec![guetteur_model::ActPage { number: 1, offset: 0, text }],
            ..Act::of_title("Arrêté autorisant la captation")
        };
        let found = extract_facts(&act, &context);
        assert_eq!(found.notice_hours, notice, "{signed} {period} {:?}", found.doubts);
        let told = doubt.is_none_or(|words| found.doubts.iter().any(|d| d.contains(words)));
        assert!(told && found.doubts.is_empty() == doubt.is_none(), "{:?}", found.doubts);
    }
}
