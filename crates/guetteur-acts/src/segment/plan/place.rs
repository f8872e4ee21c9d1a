//! Where announced acts start that neither a divider nor a footer places: headings that say the
//! same, the page that the sommaire prints, the order.

use std::collections::HashMap;

use guetteur_model::fold::fold;

use super::super::heading;
use super::super::lexicon::{ARTICLE_ANY, ENDS, LETTERHEAD};
use super::super::page::{Line, compact};
use super::super::similar::Words;
use super::{Cut, Draft, Placed, Survey, mark};

/// Longest lists aligned in full: beyond, the tables would grow with the square of the pages.
const ALIGNED: usize = 600;

/// Entries without a place are matched with headings and tops of pages that say the same, in
/// order first. Returns the headings that stay free.
pub(super) fn by_heading(survey: &Survey<'_, '_>, drafts: &mut [Draft]) -> Vec<usize> {
    let taken = mark(
        survey.pages.len(),
        drafts
            .iter()
            .filter_map(|d| d.start)
            .flat_map(|(p, _)| [p, (p + 1).min(survey.pages.len() - 1)]),
    );
    let announced = mark(
        survey.pages.len(),
        drafts.iter().filter(|d| d.placed == Placed::Divider).filter_map(|d| d.start).map(|s| s.0),
    );
    let open: Vec<usize> =
        (0..drafts.len()).filter(|&i| drafts[i].start.is_none()).take(ALIGNED).collect();
    if open.is_empty() {
        let free = (0..survey.headings.len()).filter(|&h| is_free(survey, h, &taken, &announced));
        return free.take(ALIGNED).collect();
    }
    let mut candidates = candidates(survey, &taken, &announced);
    candidates.truncate(ALIGNED);
    let titles: Vec<(Words, Option<String>)> = open
        .iter()
        .map(|&i| {
            let entry = drafts[i].entry.map(|e| &survey.entries()[e]);
            let own = entry.and_then(|e| {
                e.own_number.clone().or_else(|| {
                    heading::own_number(&heading::before_verb(&e.title.replace('\n', " ")))
                })
            });
            (Words::of(&entry.map(|e| fold(&e.title)).unwrap_or_default()), own.map(|n| signs(&n)))
        })
        .collect();
    let scores: Vec<Vec<f32>> = titles
        .iter()
        .map(|(words, own)| candidates.iter().map(|c| c.score(words, own.as_deref())).collect())
        .collect();
    let mut matched = vec![false; candidates.len()];
    for (t, c) in align(&scores) {
        let draft = &mut drafts[open[t]];
        draft.start = Some((candidates[c].page, candidates[c].start));
        draft.heading = candidates[c].heading;
        draft.placed = Placed::Heading(scores[t][c].min(1.0));
        matched[c] = true;
    }
    // Bulletins printed in another order than their sommaire.
    for (t, &i) in open.iter().enumerate() {
        if drafts[i].start.is_some() {
            continue;
        }
        let best = (0..candidates.len()).filter(|&c| !matched[c] && scores[t][c] >= 0.8);
        let Some(c) = best.max_by(|&a, &b| scores[t][a].total_cmp(&scores[t][b])) else { continue };
        drafts[i].start = Some((candidates[c].page, candidates[c].start));
        drafts[i].heading = candidates[c].heading;
        drafts[i].placed = Placed::Heading(scores[t][c].min(1.0));
        matched[c] = true;
    }
    (0..candidates.len()).filter(|&c| !matched[c]).filter_map(|c| candidates[c].heading).collect()
}

/// Letters and digits of a number: the sommaire writes « 2025-09-DS-0655 » and the act
/// « 2025.09.DS.0655 ».
fn signs(number: &str) -> String {
    compact(&fold(number))
}

struct Candidate {
    page: usize,
    start: u32,
    heading: Option<usize>,
    words: Words,
    own: Option<String>,
}

impl Candidate {
    /// 0 when it is no match.
    fn score(&self, title: &Words, own: Option<&str>) -> f32 {
        let alike = title.shared_with(&self.words);
        let same_number = own.is_some() && own == self.own.as_deref();
        match self.heading {
            Some(_) if same_number => 1.0 + alike,
            Some(_) if own.is_some() && self.own.is_some() && alike < 0.9 => 0.0,
            Some(_) if alike >= if title.len() < 5 { 0.85 } else { 0.5 } => alike + 0.05,
            None if alike >= 0.75 && title.len() >= 5 => alike - 0.1,
            _ => 0.0,
        }
    }
}

/// Whether no divider has announced the act of a heading.
fn is_free(survey: &Survey<'_, '_>, heading: usize, taken: &[bool], announced: &[bool]) -> bool {
    let page = survey.headings[heading].page;
    !(taken[page] && (announced[page] || page > 0 && announced[page - 1]))
}

/// Headings, then tops of pages without one that bear a letterhead.
fn candidates(survey: &Survey<'_, '_>, taken: &[bool], announced: &[bool]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let headed = mark(survey.pages.len(), survey.headings.iter().map(|h| h.page));
    for (h, heading) in survey.headings.iter().enumerate() {
        if !is_free(survey, h, taken, announced) {
            continue;
        }
        let page = &survey.pages[heading.page];
        let at = page.lines.iter().position(|l| l.start >= heading.start).unwrap_or(0);
        let words = Words::of(&format!("{} {}", fold(&heading.title.text), page.joined(at, 14)));
        let own = heading.own_number.as_deref().map(signs);
        found.push(Candidate {
            page: heading.page,
            start: heading.start,
            heading: Some(h),
            words,
            own,
        });
    }
    for p in (survey.body..survey.end).filter(|&p| !headed[p] && !taken[p]) {
        let page = &survey.pages[p];
        let goes_on = |l: &Line<'_>| ARTICLE_ANY.is_match(l) || ENDS.is_match(l);
        if page.lines.iter().take(12).any(goes_on) {
            continue;
        }
        if page.lines.iter().take(8).any(|l| LETTERHEAD.is_match(l)) || page.lines.len() < 14 {
            let words = Words::of(&page.joined(0, 25));
            found.push(Candidate { page: p, start: 0, heading: None, words, own: None });
        }
    }
    found.sort_by_key(|c| (c.page, c.start));
    found
}

/// The pairs, both in order, whose scores add up to most.
fn align(scores: &[Vec<f32>]) -> Vec<(usize, usize)> {
    let (rows, columns) = (scores.len(), scores.first().map_or(0, Vec::len));
    let mut best = vec![vec![0.0f32; columns + 1]; rows + 1];
    for r in (0..rows).rev() {
        for c in (0..columns).rev() {
            let skip = best[r + 1][c].max(best[r][c + 1]);
            let score = scores[r][c];
            best[r][c] = if score > 0.0 { skip.max(score + best[r + 1][c + 1]) } else { skip };
        }
    }
    let (mut r, mut c) = (0, 0);
    let mut pairs = Vec::new();
    while r < rows && c < columns {
        let score = scores[r][c];
        if score > 0.0 && best[r][c] == score + best[r + 1][c + 1] {
            pairs.push((r, c));
            (r, c) = (r + 1, c + 1);
        } else if best[r][c] == best[r][c + 1] {
            c += 1;
        } else {
            r += 1;
        }
    }
    pairs
}

/// Entries that are still nowhere start at the page that the sommaire gives, moved by what the
/// placed ones show.
pub(super) fn by_page_number(survey: &Survey<'_, '_>, drafts: &mut [Draft]) {
    let offset = page_offset(survey, drafts);
    let used: Vec<Cut> = drafts.iter().filter_map(|d| d.start).collect();
    for draft in drafts.iter_mut().filter(|d| d.start.is_none()) {
        let Some(page) = printed(survey, draft) else { continue };
        let wanted = u32::try_from(page + offset).ok();
        let found = (survey.body..survey.end).find(|&p| Some(survey.pages[p].number) == wanted);
        let Some(p) = found.filter(|&p| !used.contains(&(p, 0))) else { continue };
        draft.start = Some((p, 0));
        draft.placed = Placed::PageNumber;
    }
}

/// The page that the sommaire prints for an act.
fn printed(survey: &Survey<'_, '_>, draft: &Draft) -> Option<i64> {
    survey.entries().get(draft.entry?)?.page.map(i64::from)
}

/// How far the PDF's pages are from those that the sommaire prints, as most placed acts show.
pub(crate) fn page_offset(survey: &Survey<'_, '_>, drafts: &[Draft]) -> i64 {
    let mut votes: HashMap<i64, usize> = HashMap::new();
    for draft in drafts {
        if let (Some((p, _)), Some(page)) = (draft.start, printed(survey, draft)) {
            *votes.entry(i64::from(survey.pages[p].number) - page).or_default() += 1;
        }
    }
    let offset = votes.into_iter().max_by_key(|&(offset, count)| (count, -offset.abs()));
    offset.map_or(0, |(offset, _)| offset)
}

/// Entries that are nowhere between two placed acts, and headings there that no entry names: they
/// are the same acts, with numbers or titles that a scan damaged. What the sommaire has more has no
/// body.
pub(super) fn by_order(survey: &Survey<'_, '_>, drafts: &mut [Draft], free: &[usize]) {
    let mut i = 0;
    while i < drafts.len() {
        if drafts[i].start.is_some() || drafts[i].entry.is_none() {
            i += 1;
            continue;
        }
        let run = drafts[i..].iter().take_while(|d| d.start.is_none() && d.entry.is_some()).count();
        let after = i.checked_sub(1).and_then(|b| drafts[b].start);
        let before = drafts.get(i + run).and_then(|d| d.start);
        let between: Vec<usize> = free
            .iter()
            .copied()
            .filter(|&h| {
                let at = (survey.headings[h].page, survey.headings[h].start);
                after.is_none_or(|a| at > a) && before.is_none_or(|b| at < b)
            })
            .take(ALIGNED)
            .collect();
        for (d, h) in in_order(survey, &drafts[i..i + run], &between) {
            let draft = &mut drafts[i + d];
            draft.start = Some((survey.headings[h].page, survey.headings[h].start));
            draft.heading = Some(h);
            draft.placed = Placed::Order;
        }
        i += run;
    }
}

/// Each heading with the entry that it is most like, in the order of both. Where there are more
/// headings, an entry needs some likeness: the sommaire lacks acts.
fn in_order(survey: &Survey<'_, '_>, run: &[Draft], headings: &[usize]) -> Vec<(usize, usize)> {
    if headings.len() == run.len() || run.len() > ALIGNED {
        return headings.iter().copied().enumerate().take(run.len()).collect();
    }
    let words = |text: &str| Words::of(&fold(text));
    let titles: Vec<Words> = run
        .iter()
        .map(|d| words(d.entry.map_or("", |e| survey.entries()[e].title.as_str())))
        .collect();
    let found: Vec<Words> =
        headings.iter().map(|&h| words(&survey.headings[h].title.text)).collect();
    let floor = if headings.len() < run.len() { 0.01 } else { -0.2 };
    let scores: Vec<Vec<f32>> = titles
        .iter()
        .map(|title| found.iter().map(|heading| floor + title.shared_with(heading)).collect())
        .collect();
    align(&scores).into_iter().map(|(d, c)| (d, headings[c])).collect()
}
