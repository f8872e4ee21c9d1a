//! Communes in the rows of a table, where nothing but the head of the column announces them.

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::Mention;
use super::spelled::name_at;

const COMMUNE: [&str; 5] = ["commune", "communes", "ville", "villes", "localite"];
/// Heads of other columns. A line with one of each is the head of a table.
const OTHERS: [&str; 19] = [
    "beneficiaire",
    "beneficiaires",
    "etablissement",
    "etablissements",
    "demandeur",
    "adresse",
    "dossier",
    "dossiers",
    "cameras",
    "site",
    "sites",
    "lieu",
    "nom",
    "enseigne",
    "responsable",
    "numero",
    "duree",
    "date",
    "objet",
];
/// Words of a head at most: a longer line is a sentence.
const HEAD: usize = 12;

/// Adds what the rows below a head with a column of communes name, to the end of the article.
///
/// Where a row is a line, its first name counts when the communes come first, else the last:
/// « Boulangerie de Valence » may stand before « Montélimar ». Where each cell is a line, a line
/// counts that is a name and nothing more.
pub(super) fn read(reading: &Reading<'_>, words: &[Token<'_>], found: &mut Vec<Mention>) {
    if !words.iter().any(|t| COMMUNE.contains(&t.text) && reading.text.is_upper(t.start)) {
        return;
    }
    let lines: Vec<&[Token<'_>]> =
        words.chunk_by(|_, next| !reading.text.is_line_start(next.start)).collect();
    let Some((at, in_cells)) = head(reading, &lines) else { return };
    let leads = COMMUNE.contains(&lines[at][0].text);
    for row in lines[at + 1..].iter().take_while(|row| !is_sentence(row)) {
        let mut names = named_in(reading, row);
        let chosen = match (in_cells, leads) {
            (true, _) => names.next().filter(|(_, range)| {
                range.start == row[0].start && row.last().is_some_and(|t| t.end == range.end)
            }),
            (false, true) => names.next(),
            (false, false) => names.last(),
        };
        found.extend(chosen);
    }
}

/// The line with the title of the column, and whether it stands there alone. Titles of columns:
/// few words, capitals, « Commune » and another on the line or, when each cell is one, nearby.
fn head(reading: &Reading<'_>, lines: &[&[Token<'_>]]) -> Option<(usize, bool)> {
    let titled = |line: &[Token<'_>], names: &[&str]| {
        line.iter().any(|t| names.contains(&t.text) && reading.text.is_upper(t.start))
    };
    let short = |line: &[Token<'_>]| {
        line.len() <= HEAD && !line.iter().any(|t| matches!(t.text, ";" | "." | ":" | ","))
    };
    lines.iter().enumerate().filter(|(_, line)| short(line) && titled(line, &COMMUNE)).find_map(
        |(at, line)| {
            let near = &lines[at.saturating_sub(2)..lines.len().min(at + 3)];
            let beside = || near.iter().any(|l| l.len() <= 3 && short(l) && titled(l, &OTHERS));
            if titled(line, &OTHERS) {
                Some((at, false))
            } else {
                (line.len() == 1 && beside()).then_some((at, true))
            }
        },
    )
}

fn is_sentence(row: &[Token<'_>]) -> bool {
    row.len() > 3 * HEAD || row.last().is_some_and(|t| matches!(t.text, ";" | "."))
}

fn named_in(reading: &Reading<'_>, row: &[Token<'_>]) -> impl Iterator<Item = Mention> {
    let mut at = 0;
    let mut names = Vec::new();
    while at < row.len() {
        let named = (row[at].kind == Kind::Word).then(|| name_at(reading, row, at, None, false));
        match named.flatten() {
            Some((communes, next)) => {
                let range = row[at].start..row[next - 1].end;
                names.extend(communes.into_iter().map(|commune| (commune, range.clone())));
                at = next;
            }
            None => at += 1,
        }
    }
    names.into_iter()
}
