//! Large words behind the text (« PROJET », « COPIE »): read after it, not between its words.

use super::layout::Fragment;

/// Such a word is so many times larger than the words over it.
const LARGER: f64 = 3.0;
/// Height of capitals, in sizes.
const CAPITALS: f64 = 0.7;
/// Words over it that make it one behind the text.
const OVER: usize = 2;
/// Large words looked at: a hostile page has thousands.
const MAX_LARGE: usize = 50;

/// Parts the words of a page from those behind them.
pub(super) fn parted(fragments: Vec<Fragment>) -> (Vec<Fragment>, Vec<Fragment>) {
    let sizes = || fragments.iter().map(|f| f.size);
    let (least, most) = (sizes().fold(f64::MAX, f64::min), sizes().fold(0.0, f64::max));
    if most < LARGER * least {
        return (fragments, Vec::new());
    }
    let large = |f: &&Fragment| f.size >= LARGER * least;
    let behind = |f: &&Fragment| fragments.iter().filter(|g| is_over(g, f)).nth(OVER - 1).is_some();
    let behind: Vec<Fragment> =
        fragments.iter().filter(large).take(MAX_LARGE).filter(behind).cloned().collect();
    let text = fragments.into_iter().filter(|f| !behind.contains(f)).collect();
    (text, behind)
}

/// Whether a word stands in the room of a large one's letters.
fn is_over(word: &Fragment, large: &Fragment) -> bool {
    let middle = f64::midpoint(word.u0, word.u1);
    LARGER * word.size <= large.size
        && (large.u0..large.u1).contains(&middle)
        && (large.v - CAPITALS * large.size..large.v).contains(&word.v)
}
