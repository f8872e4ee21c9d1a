//! Days on which at least one act was in force.

use std::collections::BTreeMap;

use guetteur_figures::count::question::{Calendar, Verdict};
use guetteur_figures::{Strip, calendar, last_months, strips};
use guetteur_publish::french;

use super::{Report, Sources, Verdicts, by_number};
use crate::figures::Chart;
use crate::figures::table::{Entry, Table, column, percent};

/// Strips drawn; the table has all.
const STRIPS: usize = 12;
/// Months of a calendar.
const MONTHS: u32 = 36;

/// The days of one source.
struct Row {
    calendar: Calendar,
    counted: u64,
    apart: u64,
}

pub(super) fn report(sources: &Sources<'_>, verdicts: &Verdicts<'_>) -> Report {
    let period = sources.asked.period;
    let mut by_source: BTreeMap<&str, Row> = BTreeMap::new();
    for (act, verdict) in verdicts {
        let row = by_source.entry(&*act.source).or_insert_with(|| Row {
            calendar: Calendar::new(period.from, period.to),
            counted: 0,
            apart: 0,
        });
        match verdict {
            Verdict::Days(days) => {
                row.counted += 1;
                days.iter().for_each(|days| row.calendar.add(*days));
            }
            _ => row.apart += 1,
        }
    }
    let rows = by_number(by_source, |row| row.calendar.covered());
    let covered = rows.iter().filter(|(_, row)| row.calendar.covered() > 0).count() as u64;
    let first = rows.first().filter(|(_, row)| row.calendar.covered() > 0);
    let most = first.map(|(code, row)| {
        let days = french::count(row.calendar.covered(), "jour", "jours");
        format!(
            " Le plus : {} sur {}, {}.",
            days,
            period.days(),
            sources.catalogue.publisher(code).name
        )
    });
    Report {
        counted: 0,
        apart: BTreeMap::new(),
        headline: format!(
            "{} avec au moins un jour couvert, {}.{}",
            french::count(covered, "préfecture", "préfectures"),
            period.words(),
            most.unwrap_or_default()
        ),
        charts: vec![chart(sources, &rows)],
        tables: Vec::new(),
    }
}

fn chart(sources: &Sources<'_>, rows: &[(&str, Row)]) -> Chart {
    let period = sources.asked.period;
    let title = "Jours couverts par au moins une autorisation";
    let mut drawing = match rows {
        [(code, row)] => {
            let counts = row.calendar.counts();
            let (first, counts) = last_months(period.from, &counts, MONTHS);
            let name = sources.catalogue.publisher(code).name;
            let mut drawing = calendar("jours", &format!("{title} : {name}"), first, counts);
            drawing.about =
                "Une ligne par mois, une case par jour ; plus la case est foncée, plus \
                             il y a d’actes en vigueur ce jour-là."
                    .into();
            drawing
        }
        rows => {
            let strip = |(code, row): &(&str, Row)| Strip {
                name: sources.catalogue.publisher(code).name,
                sum: french::count(row.calendar.covered(), "jour", "jours"),
                href: Some(sources.asked.with(|f| f.prefectures = vec![(*code).to_owned()])),
                counts: row.calendar.counts(),
            };
            let shown = rows.iter().filter(|(_, row)| row.calendar.covered() > 0).take(STRIPS);
            let mut drawing =
                strips("jours", title, period.from, &shown.map(strip).collect::<Vec<_>>());
            drawing.about = "Une bande par préfecture, celles qui ont le plus de jours d’abord ; \
                             foncé : plusieurs actes en vigueur le même jour."
                .into();
            drawing
        }
    };
    drawing.title = format!("{}, {}", drawing.title, period.words());
    Chart { drawing, table: table(sources, rows), credit: None }
}

fn table(sources: &Sources<'_>, rows: &[(&str, Row)]) -> Table {
    let period = sources.asked.period;
    let row = |(code, row): &(&str, Row)| {
        let [name, id] = sources.source(code);
        let covered = row.calendar.covered();
        let here = sources.asked.with(|f| f.prefectures = vec![(*code).to_owned()]);
        let read = sources.book.spans.get(*code);
        let since = read.map_or_else(Entry::none, |span| Entry::day(span.first));
        vec![
            name,
            id,
            Entry::count(covered).link_unless_zero(here),
            Entry::share(covered, period.days()),
            Entry::count(row.counted),
            Entry::count(row.apart),
            since,
        ]
    };
    Table {
        caption: format!("Jours couverts, sur {} jours, {}", period.days(), period.words()),
        columns: vec![
            column("prefecture", "Préfecture"),
            column("code", "Code"),
            column("jours", "Jours couverts"),
            percent("part", "Part des jours"),
            column("actes", "Actes comptés"),
            column("a_part", "Actes à part"),
            column("lu_depuis", "Lue depuis"),
        ],
        rows: rows.iter().map(row).collect(),
    }
}
