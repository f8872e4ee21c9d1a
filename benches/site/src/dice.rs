//! Numbers drawn by lot, the same at each run.

/// A small generator of numbers (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(2026)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// Happens so many times in a hundred.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn of<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.below(choices.len())]
    }
}

/// Choices of which some are drawn more often than others.
pub(crate) struct Lots<T> {
    choices: Vec<T>,
    /// Sum of the weights up to each choice.
    upto: Vec<u64>,
}

impl<T> Lots<T> {
    pub(crate) fn new(weighted: impl IntoIterator<Item = (T, u64)>) -> Self {
        let mut sum = 0;
        let (choices, upto) = weighted
            .into_iter()
            .map(|(choice, weight)| {
                sum += weight;
                (choice, sum)
            })
            .unzip();
        Self { choices, upto }
    }

    pub(crate) fn draw(&self, dice: &mut Dice) -> &T {
        let sum = self.upto.last().copied().unwrap_or(1);
        let at = dice.below(sum as usize) as u64;
        &self.choices[self.upto.partition_point(|upto| *upto <= at).min(self.choices.len() - 1)]
    }
}
