//! What a cell of a spreadsheet holds: longer text is cut, and says so.

use std::borrow::Cow;

/// Excel counts in units of UTF-16: at most so many a cell, in a workbook and in a CSV that it opens.
/// <https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3>
const MOST: usize = 32_767;
/// Said where text is cut.
const CUT: &str =
    " […] (coupé : une cellule de tableur ne tient pas plus ; le CSV des programmes a tout)";

/// `text` as a cell of a spreadsheet holds it.
pub(super) fn fitting(text: &str) -> Cow<'_, str> {
    // A unit of UTF-16 is one byte of UTF-8 at least.
    if text.len() <= MOST || text.encode_utf16().count() <= MOST {
        return Cow::Borrowed(text);
    }
    let mut left = MOST - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept + CUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let units = |text: &str| text.encode_utf16().count();
        for whole in ["é".repeat(MOST), "🛰".repeat(MOST / 2)] {
            assert_eq!(fitting(&whole), whole);
        }
        for long in ["é".repeat(MOST + 1), "🛰".repeat(MOST), format!("a{}", "🛰".repeat(MOST))]
        {
            let cut = fitting(&long);
            assert!(cut.ends_with(CUT) && (MOST - 1..=MOST).contains(&units(&cut)));
            assert!(long.starts_with(cut.trim_end_matches(CUT)));
        }
    }
}
