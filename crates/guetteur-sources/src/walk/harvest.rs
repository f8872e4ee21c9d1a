//! What one page of a walk gave.

use chrono::NaiveDate;

use crate::ground::rank_of;

/// What a page gave.
#[derive(Default)]
pub(super) struct Harvest {
    /// Bulletins or their own pages that were known.
    pub(super) known: usize,
    pub(super) new: usize,
    /// Whether it offers a bulletin in a format that is not read.
    pub(super) has_unread: bool,
    /// Days of the page's bulletins, in page order.
    pub(super) days: Vec<NaiveDate>,
    /// Numbers of the page's bulletins, in page order.
    numbers: Vec<u64>,
}

impl Harvest {
    pub(super) fn is_list(&self) -> bool {
        self.known + self.new > 0
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.known > 0 && self.new == 0
    }

    /// Whether the page goes from old to new, or from new to old.
    pub(super) fn ascends(&self) -> Option<bool> {
        compare_ends(&self.days).or_else(|| compare_ends(&self.numbers))
    }

    pub(super) fn note(&mut self, day: Option<NaiveDate>, number: Option<&str>) {
        self.days.extend(day);
        let rank = number.and_then(rank_of);
        self.numbers.extend(rank);
    }
}

fn compare_ends<T: PartialOrd>(values: &[T]) -> Option<bool> {
    let (first, last) = (values.first()?, values.last()?);
    (first != last).then_some(first < last)
}
