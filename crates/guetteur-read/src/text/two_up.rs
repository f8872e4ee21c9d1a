//! Two pages side by side on one sheet (two A4 on an A3): each is read by itself.

use super::layout::{Fragment, Stroke};

/// Narrowest sheet, in points between the outer edges of its words.
const WIDE: f64 = 600.0;
/// The inner margins are as wide as this share of that, and their middle as near to its middle.
const MARGINS: f64 = 0.05;
const OFF_MIDDLE: f64 = 0.08;
/// Words and share of all words on each page.
const MIN_WORDS: usize = 30;
const MIN_SHARE: usize = 6;

/// The words of both pages, left and right; `None` if the sheet is one page.
pub(super) fn parted(
    fragments: &[Fragment],
    strokes: &[Stroke],
) -> Option<(Vec<Fragment>, Vec<Fragment>)> {
    if fragments.len() < 2 * MIN_WORDS {
        return None;
    }
    let least = |of: fn(&Fragment) -> f64| fragments.iter().map(of).fold(f64::MAX, f64::min);
    let most = |of: fn(&Fragment) -> f64| fragments.iter().map(of).fold(f64::MIN, f64::max);
    let (left, right) = (least(|f| f.u0), most(|f| f.u1));
    let (width, height) = (right - left, most(|f| f.v) - least(|f| f.v));
    if width < WIDE || width < height {
        return None;
    }
    let middle = f64::midpoint(left, right);
    let fold = |f: &&Fragment| f64::midpoint(f.u0, f.u1) < middle;
    let (one, other): (Vec<&Fragment>, Vec<&Fragment>) = fragments.iter().partition(fold);
    let end = one.iter().map(|f| f.u1).fold(f64::MIN, f64::max);
    let start = other.iter().map(|f| f.u0).fold(f64::MAX, f64::min);
    let enough =
        |side: &[&Fragment]| side.len() >= MIN_WORDS && MIN_SHARE * side.len() >= fragments.len();
    let is_fold = start - end >= MARGINS * width
        && (f64::midpoint(end, start) - middle).abs() <= OFF_MIDDLE * width
        && !strokes.iter().any(|[a, b]| a.0.min(b.0) < end && a.0.max(b.0) > start);
    (is_fold && enough(&one) && enough(&other)).then(|| {
        let owned = |side: Vec<&Fragment>| side.into_iter().cloned().collect();
        (owned(one), owned(other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::{Frame, lines};
    use crate::text::page_text::Line;
    use crate::text::sight::Sight;

    /// Two pages of paragraphs on one sheet, their lines level; `name` begins each line.
    fn sheet(inner: f64) -> Vec<Fragment> {
        let page = |name: &'static str, left: f64| {
            (0..24).flat_map(move |line: i32| {
                (0..8).map(move |word: i32| Fragment {
                    text: if word == 0 { format!("{name}{line}") } else { "mots".to_owned() },
                    frame: Frame::of(1.0, 0.0),
                    u0: left + 58.0 * f64::from(word),
                    u1: left + 58.0 * f64::from(word) + 55.0,
                    // A title, then paragraphs of four lines.
                    v: 80.0 + 14.0 * f64::from(line) + 10.0 * f64::from(line / 4),
                    size: 11.0,
                    sight: Sight::Seen,
                    space_before: true,
                })
            })
        };
        page("g", 60.0).chain(page("d", 60.0 + 8.0 * 58.0 - 3.0 + inner)).collect()
    }

    #[test]
    fn two_pages_on_a_sheet_are_read_one_after_the_other() {
        let read = lines(sheet(120.0), &[]).iter().map(Line::text).collect::<Vec<_>>();
        assert!(read[..24].iter().all(|line| line.starts_with('g') && !line.contains('d')));
        assert!(read[24..].iter().all(|line| line.starts_with('d')));
        assert!(parted(&sheet(120.0), &[]).is_some());
    }

    #[test]
    fn a_wide_table_and_columns_are_one_page() {
        let rule = [(50.0, 200.0), (1_100.0, 200.0)];
        assert!(parted(&sheet(120.0), &[rule]).is_none(), "a rule across");
        assert!(parted(&sheet(20.0), &[]).is_none(), "no inner margins");
        let few: Vec<Fragment> = sheet(120.0).into_iter().take(40).collect();
        assert!(parted(&few, &[]).is_none());
    }
}
