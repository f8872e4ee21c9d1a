//! Days in force: a strip a prefecture, or the calendar of one, a row a month.

use chrono::{Datelike, Days, NaiveDate};

use crate::{Anchor, Classes, Drawing, Ink, Outline, Shape};

/// The days of one prefecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// Whose days.
    pub name: String,
    /// What stands at the end of its line: « 42 jours ».
    pub sum: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Acts in force on each day, in order.
    pub counts: Vec<u64>,
}

const WIDTH: f32 = 480.0;
const LETTERS: f32 = 12.0;

/// One strip below the other, all from the day `first`.
#[must_use]
pub fn strips(id: &str, title: &str, first: NaiveDate, rows: &[Strip]) -> Drawing {
    const PITCH: f32 = 38.0;
    const BAND: f32 = 13.0;
    let days = rows.iter().map(|row| row.counts.len()).max().unwrap_or(0).max(1);
    let scale = WIDTH / length(days);
    let mut drawing = Drawing::new(id, title, WIDTH, PITCH * length(rows.len()) + 18.0);
    let classes = Classes::of_days();
    drawing.legend = legend(&classes);
    for (nth, row) in rows.iter().enumerate() {
        let top = PITCH * length(nth);
        drawing.text([0.0, top + 12.0], Anchor::Start, LETTERS, &row.name);
        drawing.words([WIDTH, top + 12.0], Anchor::End, LETTERS, Ink::Soft, &row.sum);
        drawing.shapes.push(Shape::Area {
            outline: Outline::Rect([0.0, top + 18.0, WIDTH, BAND]),
            ink: Ink::Zero,
            name: Some(format!("{} : {}", row.name, row.sum)),
            href: row.href.clone(),
        });
        let mut day = 0;
        for run in row.counts.chunk_by(|a, b| classes.ink(*a) == classes.ink(*b)) {
            let ink = classes.ink(run[0]);
            if ink != Ink::Zero {
                let outline =
                    [scale * length(day), top + 18.0, (scale * length(run.len())).max(0.8), BAND];
                let area = Outline::Rect(outline);
                drawing.shapes.push(Shape::Area { outline: area, ink, name: None, href: None });
            }
            day += run.len();
        }
    }
    let bottom = drawing.height - 4.0;
    for (at, words) in ticks(first, days) {
        let x = scale * length(at);
        drawing.shapes.push(Shape::Line([x, bottom - 14.0, x, bottom - 10.0]));
        if x < WIDTH - 30.0 {
            drawing.words([x + 2.0, bottom], Anchor::Start, LETTERS, Ink::Soft, &words);
        }
    }
    drawing
}

/// Months at which a strip is marked: each in a short one, each year's first in a long one.
fn ticks(first: NaiveDate, days: usize) -> Vec<(usize, String)> {
    const SHORT: usize = 400;
    let starts = first.iter_days().take(days).enumerate().filter(|(_, day)| day.day() == 1);
    if days > SHORT {
        let years = starts.filter(|(_, day)| day.month() == 1);
        return years.map(|(at, day)| (at, day.year().to_string())).collect();
    }
    // Every month would not fit beside the next.
    let every = if days > 200 { 3 } else { 1 };
    let marked = starts.filter(|(_, day)| day.month0() % every == 0);
    marked.map(|(at, day)| (at, day.format("%m/%Y").to_string())).collect()
}

/// The days of one prefecture from the day `first`, a row a month, a square a day.
#[must_use]
pub fn calendar(id: &str, title: &str, first: NaiveDate, counts: &[u64]) -> Drawing {
    const LEFT: f32 = 58.0;
    const PITCH: f32 = (WIDTH - LEFT) / 31.0;
    const TOP: f32 = 16.0;
    let mut drawing = Drawing::new(id, title, WIDTH, TOP);
    let classes = Classes::of_days();
    drawing.legend = legend(&classes);
    for day in [1_u8, 5, 10, 15, 20, 25, 31] {
        let x = LEFT + PITCH * (f32::from(day) - 0.5);
        drawing.words([x, 11.0], Anchor::Middle, LETTERS, Ink::Soft, &day.to_string());
    }
    let days: Vec<(NaiveDate, u64)> = first.iter_days().zip(counts.iter().copied()).collect();
    for month in days.chunk_by(|a, b| (a.0.year(), a.0.month()) == (b.0.year(), b.0.month())) {
        let top = drawing.height;
        let name = month[0].0.format("%m/%Y").to_string();
        drawing.words([LEFT - 8.0, top + 11.0], Anchor::End, LETTERS, Ink::Soft, &name);
        for (day, count) in month {
            let ink = classes.ink(*count);
            let left = LEFT + PITCH * (length(day.day() as usize) - 1.0);
            let words = if *count > 1 { "actes" } else { "acte" };
            let name = format!("{} : {count} {words} en vigueur", day.format("%d/%m/%Y"));
            drawing.shapes.push(Shape::Area {
                outline: Outline::Rect([left, top, PITCH - 1.5, PITCH - 1.5]),
                ink,
                name: Some(name).filter(|_| *count > 0),
                href: None,
            });
        }
        drawing.height += PITCH + 1.0;
    }
    drawing
}

/// The last months that a calendar shows of a long period.
#[must_use]
pub fn last_months(first: NaiveDate, counts: &[u64], months: u32) -> (NaiveDate, &[u64]) {
    let last = first + Days::new(counts.len().saturating_sub(1) as u64);
    let start = last.with_day(1).unwrap_or(last);
    let start = start.checked_sub_months(chrono::Months::new(months.saturating_sub(1)));
    match start {
        Some(start) if start > first => {
            let skipped = usize::try_from((start - first).num_days()).unwrap_or(0);
            (start, counts.get(skipped..).unwrap_or_default())
        }
        _ => (first, counts),
    }
}

fn legend(classes: &Classes) -> Vec<(Ink, String)> {
    let none = (Ink::Zero, "aucun acte en vigueur trouvé ce jour-là".to_owned());
    let some = classes.legend().into_iter().map(|(ink, words)| match &*words {
        "1" => (ink, "1 acte en vigueur".to_owned()),
        _ => (ink, format!("{words} actes")),
    });
    std::iter::once(none).chain(some).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a drawing of some hundred units")]
fn length(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    fn inks(drawing: &Drawing) -> Vec<Ink> {
        let ink = |shape: &Shape| match shape {
            Shape::Area { ink, .. } => Some(*ink),
            _ => None,
        };
        drawing.shapes.iter().filter_map(ink).collect()
    }

    #[test]
    fn a_strip_is_as_long_as_its_days() {
        let row = Strip {
            name: "Paris".into(),
            sum: "3 jours".into(),
            href: None,
            counts: vec![0, 1, 1, 0, 7],
        };
        let drawing = strips("jours", "Jours", day("2026-03-30"), &[row]);
        assert_eq!(inks(&drawing), [Ink::Zero, Ink::Step(1), Ink::Step(4)]);
        let widths: Vec<f32> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Area { outline: Outline::Rect([_, _, width, _]), .. } => Some(*width),
                _ => None,
            })
            .collect();
        assert_eq!(widths, [480.0, 192.0, 96.0]);
    }

    #[test]
    fn a_calendar_has_a_square_a_day() {
        let counts: Vec<u64> = (0..33).map(|n| u64::from(n == 32)).collect();
        let drawing = calendar("jours", "Jours", day("2026-01-31"), &counts);
        let svg = drawing.to_inline_svg();
        assert_eq!(inks(&drawing).len(), 33);
        assert!(svg.contains("04/03/2026 : 1 acte en vigueur"), "{svg}");
        assert_eq!(svg.matches("/2026</text>").count(), 3, "three months");
    }

    #[test]
    fn long_periods_show_their_last_months() {
        let counts = vec![0; 100];
        let (first, shown) = last_months(day("2026-01-01"), &counts, 2);
        assert_eq!((first, shown.len()), (day("2026-03-01"), 100 - 59));
        assert_eq!(last_months(day("2026-01-01"), &counts, 12).1.len(), 100);
    }
}
