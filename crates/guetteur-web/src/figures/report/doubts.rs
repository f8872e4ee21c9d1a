//! Acts that leave a doubt of law, by doubt, category and prefecture.

use std::collections::BTreeMap;

use guetteur_figures::count::CountedAct;
use guetteur_figures::count::question::Verdict;
use guetteur_figures::{Bar, bars};
use guetteur_model::{Category, LegalDoubtKind, Level};
use guetteur_publish::french;

use super::{Report, Sources, Verdicts, by_number};
use crate::figures::Chart;
use crate::figures::table::{Table, TableCell, column, percent};

/// Acts examined, and those of them that leave a doubt.
#[derive(Default, Clone, Copy)]
struct Tally {
    examined: u64,
    doubted: u64,
}

impl Tally {
    fn add(&mut self, doubted: bool) {
        self.examined += 1;
        self.doubted += u64::from(doubted);
    }

    fn cells(self, href: String) -> [TableCell; 3] {
        [
            TableCell::count(self.examined),
            TableCell::count(self.doubted).link_unless_zero(href),
            TableCell::share(self.doubted, self.examined),
        ]
    }
}

pub(super) fn report(sources: &Sources<'_>, verdicts: &Verdicts<'_>) -> Report {
    let examined: Vec<(&CountedAct, bool)> = verdicts
        .iter()
        .filter_map(|(act, verdict)| match verdict {
            Verdict::Examined(doubted) => Some((*act, *doubted)),
            _ => None,
        })
        .collect();
    let mut all = Tally::default();
    examined.iter().for_each(|(_, doubted)| all.add(*doubted));
    Report {
        counted: 0,
        apart: BTreeMap::new(),
        headline: format!(
            "{} sur {} {}, {}.",
            french::count(all.doubted, "acte", "actes"),
            french::number(all.examined),
            match all.doubted {
                0 | 1 => "examinés laisse un doute de droit",
                _ => "examinés laissent un doute de droit",
            },
            sources.asked.period.words()
        ),
        charts: vec![kinds(sources, &examined, all)],
        tables: vec![
            ("categories", categories(sources, &examined)),
            ("prefectures", prefectures(sources, &examined)),
        ],
    }
}

/// The list of the acts with a doubt of this kind, or with any.
fn list(
    sources: &Sources<'_>,
    kind: Option<LegalDoubtKind>,
    category: Option<&Category>,
) -> String {
    let (asked, period) = (sources.asked, sources.asked.period);
    let list = asked.filters.with(|f| {
        f.levels = vec![Level::Authorises];
        f.years.clear();
        (f.from, f.to) = (Some(period.from), Some(period.to));
        f.any_doubt = kind.is_none();
        f.doubts.extend(kind);
        if let Some(category) = category {
            f.categories = vec![category.clone()];
        }
    });
    list.address("/recherche")
}

fn kinds(sources: &Sources<'_>, examined: &[(&CountedAct, bool)], all: Tally) -> Chart {
    let asked = &sources.asked.filters.categories;
    let mut by_kind: BTreeMap<LegalDoubtKind, u64> = BTreeMap::new();
    for kind in examined.iter().flat_map(|(act, _)| act.doubts_about(asked)) {
        *by_kind.entry(kind).or_default() += 1;
    }
    let count = |kind: &LegalDoubtKind| by_kind.get(kind).copied().unwrap_or(0);
    let title = "Actes qui laissent un doute de droit, par doute";
    let bar = |kind: &LegalDoubtKind| Bar {
        name: french::capitalised(kind.label()),
        tick: Some(tick(*kind).to_owned()),
        value: count(kind),
        href: (count(kind) > 0).then(|| list(sources, Some(*kind), None)),
    };
    let row = |kind: &LegalDoubtKind| {
        vec![
            TableCell::text(french::capitalised(kind.label())),
            TableCell::text(kind.as_str()),
            TableCell::count(count(kind)).link_unless_zero(list(sources, Some(*kind), None)),
            TableCell::share(count(kind), all.examined),
        ]
    };
    Chart {
        drawing: bars("doutes", title, &LegalDoubtKind::ALL.each_ref().map(bar)),
        table: Table {
            caption: format!("{title}. Un acte peut en laisser plusieurs."),
            columns: vec![
                column("doute", "Doute"),
                column("id", "Identifiant"),
                column("actes", "Actes"),
                percent("part", "Part des actes examinés"),
            ],
            rows: LegalDoubtKind::ALL.each_ref().map(row).into(),
        },
        credit: None,
    }
}

/// A word that fits under a bar.
fn tick(kind: LegalDoubtKind) -> &'static str {
    match kind {
        LegalDoubtKind::NoBasis => "texte",
        LegalDoubtKind::TooLong => "durée",
        LegalDoubtKind::GatheringWithoutEnd => "fin",
        LegalDoubtKind::OtherPurpose => "finalité",
        LegalDoubtKind::ExcludedCapability => "capacité",
        LegalDoubtKind::OtherUser => "qui",
        LegalDoubtKind::Silence => "silence",
        LegalDoubtKind::PublishedAfterStart => "après",
        LegalDoubtKind::TooLateForAJudge => "tard",
        LegalDoubtKind::NoCameraNumber => "nombre",
    }
}

fn categories(sources: &Sources<'_>, examined: &[(&CountedAct, bool)]) -> Table {
    let asked = &sources.asked.filters.categories;
    let mut by_category: BTreeMap<&Category, Tally> = BTreeMap::new();
    for (act, _) in examined {
        let mut given: Vec<&Category> = act
            .claims
            .iter()
            .filter(|claim| claim.level == Level::Authorises && !claim.to_check)
            .map(|claim| &claim.category)
            .filter(|category| asked.is_empty() || asked.contains(category))
            .collect();
        given.sort_unstable();
        given.dedup();
        for category in given {
            let doubted = act.legal_doubts.iter().any(|(_, about)| about == category);
            by_category.entry(category).or_default().add(doubted);
        }
    }
    let row = |(category, tally): (&Category, Tally)| {
        let mut row = vec![TableCell::text(category.label()), TableCell::text(category.as_str())];
        row.extend(tally.cells(list(sources, None, Some(category))));
        row
    };
    Table {
        caption: "Actes examinés par catégorie. Un acte peut être de plusieurs.".into(),
        columns: vec![
            column("categorie", "Catégorie"),
            column("id", "Identifiant"),
            column("examines", "Actes examinés"),
            column("doutes", "Avec un doute"),
            percent("part", "Part"),
        ],
        rows: by_number(by_category, |tally| tally.doubted).into_iter().map(row).collect(),
    }
}

fn prefectures(sources: &Sources<'_>, examined: &[(&CountedAct, bool)]) -> Table {
    let mut by_source: BTreeMap<&str, Tally> = BTreeMap::new();
    for (act, doubted) in examined {
        by_source.entry(&*act.source).or_default().add(*doubted);
    }
    let row = |(code, tally): (&str, Tally)| {
        let [name, id] = sources.source(code);
        let mut row = vec![name, id];
        row.extend(tally.cells(sources.asked.with(|f| f.prefectures = vec![code.to_owned()])));
        row
    };
    Table {
        caption: "Actes examinés par préfecture".into(),
        columns: vec![
            column("prefecture", "Préfecture"),
            column("code", "Code"),
            column("examines", "Actes examinés"),
            column("doutes", "Avec un doute"),
            percent("part", "Part"),
        ],
        rows: by_number(by_source, |tally| tally.doubted).into_iter().map(row).collect(),
    }
}
