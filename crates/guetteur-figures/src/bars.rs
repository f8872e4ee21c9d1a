//! Bars side by side: counts over time.

use crate::{Anchor, Drawing, Ink, Outline, Shape};

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it counts: « août 2026 ».
    pub name: String,
    /// What stands under it, where there is room: « août ». Bars in long rows go without.
    pub tick: Option<String>,
    /// How many.
    pub value: u64,
    /// Where it leads.
    pub href: Option<String>,
}

/// Width of the drawing: on a phone its letters are still to be read.
const WIDTH: f32 = 480.0;
const TOP: f32 = 20.0;
const FLOOR: f32 = 170.0;
/// Height of letters.
const LETTERS: f32 = 12.0;
/// Between two bars for their values to stand over them.
const ROOM_FOR_VALUES: f32 = 24.0;

/// Bars of some values in their order. Without room for the value over each bar, the highest alone
/// bears its own.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a drawing of some hundred units")]
pub fn bars(id: &str, title: &str, bars: &[Bar]) -> Drawing {
    let mut drawing = Drawing::new(id, title, WIDTH, FLOOR + 22.0);
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0);
    let pitch = WIDTH / bars.len().max(1) as f32;
    let width = (pitch * 0.78).min(64.0);
    let all_values = pitch >= ROOM_FOR_VALUES;
    drawing.shapes.push(Shape::Line([0.0, FLOOR, WIDTH, FLOOR]));
    let mut highest_told = false;
    for (i, bar) in bars.iter().enumerate() {
        let middle = (i as f32 + 0.5) * pitch;
        let share = bar.value as f32 / most.max(1) as f32;
        let height = share * (FLOOR - TOP);
        // A bar of nothing keeps a hair's height: it can be pointed at, and is seen to be there.
        let height = height.max(1.0);
        drawing.shapes.push(Shape::Area {
            outline: Outline::Rect([middle - width / 2.0, FLOOR - height, width, height]),
            ink: Ink::Bar,
            name: Some(format!("{} : {}", bar.name, bar.value)),
            href: bar.href.clone().filter(|_| bar.value > 0),
        });
        let told = bar.value > 0 && (all_values || bar.value == most && !highest_told);
        if told {
            highest_told = true;
            let words = bar.value.to_string();
            let at = middle.clamp(10.0, WIDTH - 10.0);
            drawing.text([at, FLOOR - height - 5.0], Anchor::Middle, LETTERS, &words);
        }
        if let Some(tick) = &bar.tick {
            let at = middle.clamp(14.0, WIDTH - 14.0);
            drawing.words([at, FLOOR + 16.0], Anchor::Middle, LETTERS, Ink::Soft, tick);
        }
    }
    drawing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[u64]) -> Vec<Bar> {
        let bar = |value: &u64| Bar {
            name: format!("n{value}"),
            tick: None,
            value: *value,
            href: Some("/x".into()),
        };
        values.iter().map(bar).collect()
    }

    #[test]
    fn heights_are_in_proportion_and_nothing_leads_nowhere() {
        let drawing = bars("b", "t", &row(&[4, 2, 0]));
        let heights: Vec<f32> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Area { outline: Outline::Rect([_, _, _, height]), .. } => Some(*height),
                _ => None,
            })
            .collect();
        assert_eq!(heights, [150.0, 75.0, 1.0]);
        let links = drawing.to_inline_svg().matches("<a ").count();
        assert_eq!(links, 2);
    }

    #[test]
    fn long_rows_tell_their_highest_value_alone() {
        let long: Vec<u64> = (0..48).collect();
        let texts = |values: &[u64]| {
            let shapes = bars("b", "t", &row(values)).shapes;
            shapes.into_iter().filter(|shape| matches!(shape, Shape::Text { .. })).count()
        };
        assert_eq!((texts(&long), texts(&long[..12]), texts(&[])), (1, 11, 0));
    }
}
