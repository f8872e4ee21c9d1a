//! How long before their effect acts were published.

use std::collections::BTreeMap;

use guetteur_figures::count::question::{Notices, Verdict};
use guetteur_figures::{Bar, bars};
use guetteur_publish::french;

use super::{Report, Sources, Verdicts, by_number};
use crate::figures::Chart;
use crate::figures::table::{Entry, Table, column, per_cent, percent};

pub(super) fn report(sources: &Sources<'_>, verdicts: &Verdicts<'_>) -> Report {
    let mut all = Notices::default();
    let mut by_source: BTreeMap<&str, Notices> = BTreeMap::new();
    for (act, verdict) in verdicts {
        if let Verdict::Notice(hours) = verdict {
            all.add(*hours);
            by_source.entry(&*act.source).or_default().add(*hours);
        }
    }
    Report {
        counted: 0,
        apart: BTreeMap::new(),
        headline: headline(sources, &all),
        charts: vec![classes(&all)],
        tables: vec![("prefectures", prefectures(sources, all, by_source))],
    }
}

fn headline(sources: &Sources<'_>, all: &Notices) -> String {
    let period = sources.asked.period.words();
    if all.known == 0 {
        return format!("Aucun acte dont le préavis se mesure, {period}.");
    }
    let share = |part| per_cent(part, all.known).to_string().replace('.', ",");
    format!(
        "{}\u{202f}% publiés moins de 48\u{a0}heures avant leur effet ou après, dont {}\u{202f}% \
         après son début : {} mesurés, {period}.",
        share(all.under_48),
        share(all.after),
        french::count(all.known, "acte", "actes"),
    )
}

/// Classes that exclude each other.
fn classes(all: &Notices) -> Chart {
    let classes = [
        ("Après le début de l’effet", "après", all.after),
        ("Moins de 24 h avant", "0-24 h", all.under_24 - all.after),
        ("De 24 à 48 h avant", "24-48 h", all.under_48 - all.under_24),
        ("De 48 à 72 h avant", "48-72 h", all.under_72 - all.under_48),
        ("72 h avant ou plus", "72 h et +", all.known - all.under_72),
    ];
    let bar = |(name, tick, value): (&str, &str, u64)| Bar {
        name: name.to_owned(),
        tick: Some(tick.to_owned()),
        value,
        href: None,
    };
    let row = |(name, _, value): (&str, &str, u64)| {
        vec![Entry::text(name), Entry::count(value), Entry::share(value, all.known)]
    };
    let title = "Actes par préavis : de la publication au début d’effet";
    Chart {
        drawing: bars("preavis", title, &classes.map(bar)),
        table: Table {
            caption: title.into(),
            columns: vec![
                column("preavis", "Préavis"),
                column("actes", "Actes"),
                percent("part", "Part"),
            ],
            rows: classes.map(row).into(),
        },
        credit: None,
    }
}

fn prefectures(sources: &Sources<'_>, all: Notices, by_source: BTreeMap<&str, Notices>) -> Table {
    let numbers = |notices: Notices| {
        let Notices { known, under_72, under_48, under_24, after } = notices;
        let counts = [known, after, under_24, under_48, under_72].map(Entry::count);
        let shares = [after, under_24, under_48, under_72].map(|part| Entry::share(part, known));
        counts.into_iter().chain(shares)
    };
    let row = |(code, notices): (&str, Notices)| {
        let [name, id] = sources.source(code);
        let here = sources.asked.with(|f| f.prefectures = vec![code.to_owned()]);
        let mut row = vec![name, id];
        row.extend(numbers(notices));
        row[2] = row[2].clone().link(here);
        row
    };
    let mut total = vec![Entry::text("Ensemble"), Entry::text("")];
    total.extend(numbers(all));
    let rows = by_number(by_source, |notices| notices.known).into_iter().map(row);
    Table {
        caption:
            "Préavis par préfecture. Chaque colonne comprend celles qui la précèdent : un acte \
                  publié après le début de son effet l’est aussi moins de 72 h avant."
                .into(),
        columns: vec![
            column("prefecture", "Préfecture"),
            column("code", "Code"),
            column("mesures", "Actes mesurés"),
            column("apres", "Publiés après"),
            column("moins_24h", "< 24 h"),
            column("moins_48h", "< 48 h"),
            column("moins_72h", "< 72 h"),
            percent("part_apres", "Part après"),
            percent("part_24h", "Part < 24 h"),
            percent("part_48h", "Part < 48 h"),
            percent("part_72h", "Part < 72 h"),
        ],
        rows: std::iter::once(total).chain(rows).collect(),
    }
}
