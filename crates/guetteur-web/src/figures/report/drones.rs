//! Authorisations by prefecture, purpose, beneficiary and month.

use std::collections::BTreeMap;

use guetteur_figures::count::CountedAct;
use guetteur_figures::count::question::Verdict;
use guetteur_model::{Level, Purpose};
use guetteur_publish::address::purpose_id;
use guetteur_publish::french;

use super::beneficiaries::kinds;
use super::{Report, Sources, Verdicts, by_number};
use crate::figures::months::{self, Month};
use crate::figures::table::{Table, TableCell, column, percent};

const PURPOSES: [Purpose; 6] = [
    Purpose::PersonsAndProperty,
    Purpose::Gatherings,
    Purpose::Terrorism,
    Purpose::Traffic,
    Purpose::Borders,
    Purpose::Rescue,
];

pub(super) fn report(sources: &Sources<'_>, verdicts: &Verdicts<'_>) -> Report {
    let counted: Vec<&CountedAct> = verdicts
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::One)
        .map(|(act, _)| *act)
        .collect();
    let count = counted.len() as u64;
    let prefectures = prefectures(sources, &counted);
    Report {
        counted: 0,
        apart: BTreeMap::new(),
        headline: format!(
            "{} de {}, {}.",
            french::count(count, "autorisation", "autorisations"),
            french::count(prefectures.rows.len() as u64, "préfecture", "préfectures"),
            sources.asked.period.words()
        ),
        charts: vec![months(sources, &counted)],
        tables: vec![
            ("prefectures", prefectures),
            ("finalites", purposes(&counted)),
            ("beneficiaires", beneficiaries(&counted)),
        ],
    }
}

fn months(sources: &Sources<'_>, counted: &[&CountedAct]) -> crate::figures::Chart {
    let mut by_month: BTreeMap<Month, u64> = BTreeMap::new();
    for day in counted.iter().filter_map(|act| act.published_on) {
        *by_month.entry(Month::of(day)).or_default() += 1;
    }
    let period = sources.asked.period;
    let list = sources.asked.filters.with(|f| {
        f.levels = vec![Level::Authorises];
        f.years.clear();
    });
    let row = |month: Month| {
        let (first, last) = month.days();
        let (from, to) = (first.max(period.from), last.min(period.to));
        let list = list.with(|f| (f.from, f.to) = (Some(from), Some(to)));
        (month, by_month.get(&month).copied().unwrap_or(0), list.address("/recherche"))
    };
    let months = Month::range(period.from, period.to).into_iter().map(row).collect();
    months::of_counts("Autorisations par mois de publication", months)
}

fn prefectures(sources: &Sources<'_>, counted: &[&CountedAct]) -> Table {
    let mut by_source: BTreeMap<&str, u64> = BTreeMap::new();
    for act in counted {
        *by_source.entry(&*act.source).or_default() += 1;
    }
    let asked = &sources.asked;
    let row = |(code, count): (&str, u64)| {
        let [name, id] = sources.source(code);
        let here = asked.with(|f| f.prefectures = vec![code.to_owned()]);
        vec![name, id, TableCell::count(count).link(here)]
    };
    Table {
        caption: "Autorisations par préfecture".into(),
        columns: vec![
            column("prefecture", "Préfecture"),
            column("code", "Code"),
            column("actes", "Autorisations"),
        ],
        rows: by_number(by_source, |count| *count).into_iter().map(row).collect(),
    }
}

fn purposes(counted: &[&CountedAct]) -> Table {
    let row = |purpose: Purpose| {
        let with = counted.iter().filter(|act| act.purposes.contains(&purpose)).count() as u64;
        vec![
            TableCell::text(french::capitalised(french::purpose(purpose))),
            TableCell::text(purpose_id(purpose)),
            TableCell::count(with),
            TableCell::share(with, counted.len() as u64),
        ]
    };
    let unsaid = counted.iter().filter(|act| act.purposes.is_empty()).count() as u64;
    let unsaid = vec![
        TableCell::text("Aucune finalité reconnue dans l’acte"),
        TableCell::text("aucune"),
        TableCell::count(unsaid),
        TableCell::share(unsaid, counted.len() as u64),
    ];
    Table {
        caption:
            "Autorisations par finalité, de celles que la loi énumère. Un acte peut en avoir plusieurs."
                .into(),
        columns: vec![
            column("finalite", "Finalité"),
            column("id", "Identifiant"),
            column("actes", "Autorisations"),
            percent("part", "Part"),
        ],
        rows: PURPOSES.into_iter().map(row).chain([unsaid]).collect(),
    }
}

fn beneficiaries(counted: &[&CountedAct]) -> Table {
    let mut by_kind: BTreeMap<&str, u64> = BTreeMap::new();
    for kind in counted.iter().flat_map(|act| kinds(act.beneficiary.as_deref())) {
        *by_kind.entry(kind).or_default() += 1;
    }
    let row = |(kind, count): (&str, u64)| {
        let share = TableCell::share(count, counted.len() as u64);
        vec![TableCell::text(kind), TableCell::count(count), share]
    };
    Table {
        caption: "Autorisations par bénéficiaire. Un acte peut en nommer plusieurs.".into(),
        columns: vec![
            column("beneficiaire", "Bénéficiaire"),
            column("actes", "Autorisations"),
            percent("part", "Part"),
        ],
        rows: by_number(by_kind, |count| *count).into_iter().map(row).collect(),
    }
}
