//! One line of the sommaire that stands for many acts, and headings that no line names.

use guetteur_model::fold::fold;

use super::{Cut, Draft, Survey, from_heading};
use crate::parts::pattern;

pattern!(
    MANY,
    r"^[^a-z0-9]{0,4}(?:divers arretes|(?:\d+|plusieurs|les) (?:arretes|decisions)|arretes\b|decisions\b|lot d'arretes|serie d'arretes)"
);

/// Headings at which no act starts, signed acts before them.
pub(super) fn unclaimed(survey: &Survey<'_, '_>, drafts: &[Draft]) -> Vec<usize> {
    let bundles: Vec<(Cut, Cut)> = bundles(survey, drafts);
    (0..survey.headings.len())
        .filter(|&h| {
            let at = (survey.headings[h].page, survey.headings[h].start);
            let claimed = drafts.iter().any(|d| d.heading == Some(h) || d.start == Some(at));
            // The heading that follows a divider or a page found by its number is that act's.
            let follows = drafts.iter().filter_map(|d| d.start).any(|(p, _)| {
                p == at.0 && at.1 == 0 || (p + 1 == at.0 && survey.pages[p].lines.len() < 18)
            });
            !claimed && !follows && !bundles.iter().any(|(from, to)| at >= *from && at < *to)
        })
        .collect()
}

/// Ranges of the entries that stand for several acts (« Divers arrêtés (20) »).
fn bundles(survey: &Survey<'_, '_>, drafts: &[Draft]) -> Vec<(Cut, Cut)> {
    let mut starts: Vec<Cut> = drafts.iter().filter_map(|d| d.start).collect();
    starts.sort_unstable();
    drafts
        .iter()
        .filter(|d| d.entry.is_some_and(|e| MANY.is_match(&fold(&survey.entries()[e].title))))
        .filter_map(|d| {
            let start = d.start?;
            let end = starts.iter().copied().find(|s| *s > start).unwrap_or((survey.end, 0));
            Some((start, end))
        })
        .collect()
}

/// One line of the sommaire, many acts: one draft per heading inside.
pub(super) fn split_bundles(survey: &Survey<'_, '_>, drafts: &mut Vec<Draft>) {
    for (from, to) in bundles(survey, drafts) {
        let inside: Vec<usize> = (0..survey.headings.len())
            .filter(|&h| {
                let at = (survey.headings[h].page, survey.headings[h].start);
                at >= from && at < to
            })
            .collect();
        let Some(i) = drafts.iter().position(|d| d.start == Some(from)) else { continue };
        if inside.len() < 2 {
            continue;
        }
        let bundle = drafts[i].clone();
        let parts = inside.iter().enumerate().map(|(n, &h)| {
            let part = from_heading(survey, h);
            // The first also takes the divider page.
            let start = if n == 0 { bundle.start } else { part.start };
            Draft { entry: bundle.entry, divider: None, start, bundled: true, ..part }
        });
        let parts: Vec<Draft> = parts.collect();
        drafts.splice(i..=i, parts);
    }
}
