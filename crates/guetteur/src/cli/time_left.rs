//! How much longer, in words.

use std::time::Duration;

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
    }
}
