//! Bars drawn on the server: their places worked out here, the macro `ui.bars` writes the SVG.

use chrono::{Datelike, Days, Months, NaiveDate};
use guetteur_model::dates::month_label;
use serde::Serialize;

/// A month on a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Month {
    /// Its first day.
    pub(crate) first: NaiveDate,
    /// Its last day.
    pub(crate) last: NaiveDate,
}

impl Month {
    /// The `count` months up to the one of `today`, oldest first.
    pub(crate) fn up_to(today: NaiveDate, count: u32) -> Vec<Self> {
        let this = today.with_day(1).unwrap_or(today);
        let month = |back| {
            let first = this.checked_sub_months(Months::new(back))?;
            let last = first.checked_add_months(Months::new(1))? - Days::new(1);
            Some(Self { first, last })
        };
        (0..count).rev().filter_map(month).collect()
    }

    /// `août 2026`.
    pub(crate) fn name(self) -> String {
        let name = month_label(self.first.month()).unwrap_or_default();
        format!("{name} {}", self.first.year())
    }

    /// `2026-08`, as the facet of months has it.
    pub(crate) fn id(self) -> String {
        self.first.format("%Y-%m").to_string()
    }

    /// Under the bars.
    pub(crate) fn short(self) -> &'static str {
        const SHORT: [&str; 12] = [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
            "nov.", "déc.",
        ];
        SHORT[self.first.month0() as usize]
    }
}

/// Bars with their places, in the units of the drawing.
#[derive(Debug, Serialize)]
pub(crate) struct Chart {
    width: u32,
    height: u32,
    bars: Vec<Bar>,
}

#[derive(Debug, Serialize)]
struct Bar {
    name: String,
    short: String,
    value: u64,
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    middle: u32,
}

impl Chart {
    /// One bar a month. Where the words under them would not fit, every third month has its own,
    /// and each January its year.
    pub(crate) fn of_months(months: &[(Month, u64)]) -> Self {
        const GAP: u32 = 10;
        const TOP: u32 = 18;
        const FLOOR: u32 = 160;
        let crowded = months.len() > 12;
        let bar_width = if crowded { 20 } else { 44 };
        let most = months.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
        let bars = months.iter().enumerate().map(|(i, (month, value))| {
            let share = *value as f64 / most as f64;
            let height = (share * f64::from(FLOOR - TOP)).ceil() as u32;
            let x = i as u32 * (bar_width + GAP);
            Bar {
                name: month.name(),
                short: label(*month, crowded),
                value: *value,
                x,
                y: FLOOR - height,
                width: bar_width,
                height,
                middle: x + bar_width / 2,
            }
        });
        let width = months.len() as u32 * (bar_width + GAP);
        Self { width, height: FLOOR + 22, bars: bars.collect() }
    }
}

fn label(month: Month, crowded: bool) -> String {
    match month.first.month0() {
        _ if !crowded => month.short().to_owned(),
        0 => month.first.year().to_string(),
        other if other.is_multiple_of(3) => month.short().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_with_the_present_one() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 31).expect("day");
        let months = Month::up_to(today, 3);
        let names: Vec<String> = months.iter().map(|month| month.name()).collect();
        assert_eq!(names, ["novembre 2025", "décembre 2025", "janvier 2026"]);
        assert_eq!(months[0].last.to_string(), "2025-11-30");
        assert_eq!(months[2].id(), "2026-01");
    }

    #[test]
    fn bars_stand_on_one_floor_and_the_tallest_fills_the_drawing() {
        let today = NaiveDate::from_ymd_opt(2026, 8, 14).expect("day");
        let months: Vec<(Month, u64)> =
            Month::up_to(today, 24).into_iter().zip([0, 7, 1].into_iter().cycle()).collect();
        let chart = Chart::of_months(&months);
        assert!(chart.bars.iter().all(|bar| bar.y + bar.height == 160));
        assert_eq!(chart.bars.iter().map(|bar| bar.y).min(), Some(18));
        let labels: Vec<&str> = chart.bars.iter().map(|bar| bar.short.as_str()).collect();
        assert!(labels.contains(&"2026") && labels.contains(&"juil."), "{labels:?}");
    }
}
