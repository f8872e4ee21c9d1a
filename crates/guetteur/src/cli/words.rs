//! Numbers in French words: how many, how fast, how much longer.

use std::time::Duration;

/// « 1 page », « 12 pages »: French takes the plural from two.
pub(super) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n >= 2 { many } else { one })
}

/// « 0,8 ».
pub(super) fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
}

/// « environ 12 min ».
pub(super) fn about(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..90 => format!("environ {} s", seconds.max(1)),
        seconds @ 90..5_400 => format!("environ {} min", (seconds + 30) / 60),
        seconds => format!("environ {} h {:02}", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_words() {
        let cases = [
            (0, "environ 1 s"),
            (89, "environ 89 s"),
            (100, "environ 2 min"),
            (5_400, "environ 1 h 30"),
            (7_500, "environ 2 h 05"),
        ];
        for (seconds, words) in cases {
            assert_eq!(about(Duration::from_secs(seconds)), words);
        }
        let pages = [0, 1, 2].map(|n| count(n, "page", "pages"));
        assert_eq!(pages, ["0 page", "1 page", "2 pages"]);
        assert_eq!(decimal(0.84), "0,8");
    }
}
