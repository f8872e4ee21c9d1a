//! Classes of values, each with its ink.

use crate::Ink;

/// Classes of counts, from 1 up: the values that are not zero, a fifth of them in each class, or
/// fewer classes where values are few or alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The lowest value of each class, growing.
    lowest: Vec<u64>,
    highest: u64,
}

impl Classes {
    /// Classes for these values.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = u64>) -> Self {
        let mut values: Vec<u64> = values.into_iter().filter(|value| *value > 0).collect();
        values.sort_unstable();
        let steps = usize::from(Ink::STEPS);
        let mut lowest: Vec<u64> = (0..steps)
            .filter_map(|step| values.get(step * values.len() / steps).copied())
            .collect();
        lowest.dedup();
        Self { lowest, highest: values.last().copied().unwrap_or(0) }
    }

    /// Classes of acts in force on a day: 1, 2, 3 or 4, 5 to 9, more.
    #[must_use]
    pub fn of_days() -> Self {
        Self { lowest: vec![1, 2, 3, 5, 10], highest: u64::MAX }
    }

    /// The ink of a value. Fewer classes than there are inks take the darker ones apart.
    #[must_use]
    pub fn ink(&self, value: u64) -> Ink {
        let class = self.lowest.partition_point(|lowest| *lowest <= value);
        if class == 0 { Ink::Zero } else { self.ink_of_class(class) }
    }

    fn ink_of_class(&self, class: usize) -> Ink {
        let steps = usize::from(Ink::STEPS);
        let spread = if self.lowest.len() == 1 { 3 } else { class * steps / self.lowest.len() };
        Ink::Step(u8::try_from(spread.clamp(1, steps)).unwrap_or(Ink::STEPS))
    }

    /// Each class with what it holds, in words: « 1 », « 2 à 4 », « 10 et plus ».
    #[must_use]
    pub fn legend(&self) -> Vec<(Ink, String)> {
        let words = |(i, lowest): (usize, &u64)| {
            let highest = self.lowest.get(i + 1).map_or(self.highest, |next| next - 1);
            let words = match highest {
                u64::MAX => format!("{lowest} et plus"),
                highest if highest == *lowest => lowest.to_string(),
                highest => format!("{lowest} à {highest}"),
            };
            (self.ink_of_class(i + 1), words)
        };
        self.lowest.iter().enumerate().map(words).collect()
    }
}

/// The ink of a share, 0 to 100: a class every twenty per cent.
#[must_use]
pub fn ink_of_share(per_cent: f64) -> Ink {
    const LOWEST: [f64; 4] = [20.0, 40.0, 60.0, 80.0];
    if per_cent <= 0.0 {
        return Ink::Zero;
    }
    let class = LOWEST.partition_point(|lowest| *lowest <= per_cent);
    Ink::Step(u8::try_from(class + 1).unwrap_or(Ink::STEPS))
}

/// The classes of [`ink_of_share`] in words.
#[must_use]
pub fn legend_of_shares() -> Vec<(Ink, String)> {
    let class = |step: u8| {
        let (from, to) = (20 * (step - 1), 20 * step);
        let words = match step {
            1 => "moins de 20 %".to_owned(),
            5 => "80 % et plus".to_owned(),
            _ => format!("{from} à {to} %"),
        };
        (Ink::Step(step), words)
    };
    (1..=Ink::STEPS).map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_values_in_each_class() {
        let classes = Classes::of([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 40]);
        let words: Vec<String> = classes.legend().into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["1 à 2", "3 à 4", "5 à 6", "7 à 8", "9 à 40"]);
        assert_eq!(classes.ink(0), Ink::Zero);
        assert_eq!([1, 2, 3, 40].map(|n| classes.ink(n)), [1, 1, 2, 5].map(Ink::Step));
    }

    #[test]
    fn few_values_make_few_classes() {
        assert_eq!(Classes::of([0]).legend(), []);
        assert_eq!(Classes::of([7, 7]).legend(), [(Ink::Step(3), "7".to_owned())]);
        let two = Classes::of([1, 1, 9]);
        assert_eq!((two.ink(1), two.ink(9)), (Ink::Step(2), Ink::Step(5)));
        let words = Classes::of_days().legend().pop().map(|(_, words)| words);
        assert_eq!(words.as_deref(), Some("10 et plus"));
    }

    #[test]
    fn shares_have_five_classes() {
        let inks = [0.0, 0.1, 19.9, 20.0, 79.9, 80.0, 100.0].map(ink_of_share);
        let expected = [Ink::Zero, Ink::Step(1), Ink::Step(1), Ink::Step(2), Ink::Step(4)];
        assert_eq!(inks[..5], expected);
        assert_eq!(inks[5..], [Ink::Step(5), Ink::Step(5)]);
    }
}
