//! What a post says of sources that cannot be read: of one alone in whole sentences, of several each in
//! a line.

use guetteur_publish::{ToldAlarm, french};
use guetteur_store::AlarmTold;

use crate::mastodon::{PostLimit, shortened};

/// What a post ends with that is not about one source in whole sentences.
const ABSENCE: &str = "L’absence d’alerte ne prouve rien.";

/// Alarms in a post; none is no post. `coverage_url` is the page about all sources.
pub(crate) fn status(alarms: &[ToldAlarm], coverage_url: &str, limit: PostLimit) -> Option<String> {
    match alarms {
        [] => None,
        [alarm] => {
            let room = limit.beside(&alarm.url);
            let whole = format!("{}\n{}", alarm.title, alarm.text);
            let words = match alarm.told {
                // What must not be cut off stands at the end.
                AlarmTold::Raised if length(&whole) > room => format!("{}\n{ABSENCE}", alarm.title),
                _ => whole,
            };
            Some(format!("{}\n{}", shortened(&words, room), alarm.url))
        }
        _ => Some(collected(alarms, coverage_url, limit)),
    }
}

/// As many lines as there is room for; of further ones how many.
fn collected(alarms: &[ToldAlarm], coverage_url: &str, limit: PostLimit) -> String {
    let begun = alarms.iter().filter(|alarm| alarm.told == AlarmTold::Raised).count();
    let absence = if begun > 0 { format!("\n{ABSENCE}") } else { String::new() };
    let head = heading(begun, alarms.len() - begun);
    let room = limit.beside(coverage_url).saturating_sub(length(&absence) + length(&head));
    let rest = |left: usize| match left {
        0 => String::new(),
        _ => format!("\nEt {}.", french::count(left as u64, "autre", "autres")),
    };
    let mut lines = String::new();
    for (nth, alarm) in alarms.iter().enumerate() {
        let line = format!("\n{}", alarm.title);
        let left = alarms.len() - nth;
        // Either this line and what is said of those after it, or what is said of it and those.
        if length(&lines) + length(&line) + length(&rest(left - 1)) > room {
            lines.push_str(&rest(left));
            break;
        }
        lines.push_str(&line);
    }
    format!("{head}{lines}{absence}\n{coverage_url}")
}

/// How many are not read, and how many are again.
fn heading(begun: usize, over: usize) -> String {
    let count = |of: usize| french::count(of as u64, "préfecture", "préfectures");
    let unread = format!("{} que nous ne pouvons pas lire", count(begun));
    let back = |what: String| match over {
        1 => format!("{what} de nouveau lue"),
        _ => format!("{what} de nouveau lues"),
    };
    match (begun, over) {
        (_, 0) => format!("{unread} :"),
        (0, _) => format!("{} :", back(count(over))),
        _ => format!("{unread}, {} :", back(over.to_string())),
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use guetteur_store::AlarmKind;

    use super::*;

    fn alarm(title: &str, told: AlarmTold) -> ToldAlarm {
        ToldAlarm {
            kind: AlarmKind::Blind,
            told,
            source: None,
            since: chrono::DateTime::UNIX_EPOCH,
            over_at: None,
            title: title.to_owned(),
            text: "L’absence d’alerte ne prouve rien.".to_owned(),
            reason: None,
            url: "https://g.example/prefecture/34".to_owned(),
        }
    }

    const COVERAGE: &str = "https://g.example/couverture";

    #[test]
    fn one_is_told_in_sentences() {
        let one = alarm("Hérault : pas lue depuis 3 jours", AlarmTold::Raised);
        let expected = "Hérault : pas lue depuis 3 jours\nL’absence d’alerte ne prouve rien.\n\
                        https://g.example/prefecture/34";
        let post = status(std::slice::from_ref(&one), COVERAGE, PostLimit::default());
        assert_eq!(post.as_deref(), Some(expected));
        assert_eq!(status(&[], COVERAGE, PostLimit::default()), None);
        let long = ToldAlarm { text: "mot ".repeat(100), ..one };
        let short = PostLimit { characters: 200, per_url: 23 };
        assert_eq!(status(&[long], COVERAGE, short).as_deref(), Some(expected));
    }

    #[test]
    fn several_are_a_line_each() {
        let all = [
            alarm("Ain : pas lue depuis 3 jours", AlarmTold::Raised),
            alarm("Aude : pas lue depuis 4 jours", AlarmTold::Raised),
            alarm("Gard : de nouveau lue", AlarmTold::Over),
        ];
        let post = status(&all, COVERAGE, PostLimit::default()).expect("told");
        let expected = "2 préfectures que nous ne pouvons pas lire, 1 de nouveau lue :\n\
                        Ain : pas lue depuis 3 jours\nAude : pas lue depuis 4 jours\n\
                        Gard : de nouveau lue\nL’absence d’alerte ne prouve rien.\n\
                        https://g.example/couverture";
        assert_eq!(post.replace('\u{a0}', " "), expected);
        let over = [
            alarm("Ain : de nouveau lue", AlarmTold::Over),
            alarm("Gard : de nouveau lue", AlarmTold::Over),
        ];
        let post = status(&over, COVERAGE, PostLimit::default()).expect("told");
        assert!(post.starts_with("2") && post.contains("de nouveau lues :"), "{post}");
        assert!(!post.contains("ne prouve rien"), "{post}");
    }

    #[test]
    fn no_post_is_too_long_and_none_is_left_out_unsaid() {
        for (characters, per_url) in [(200, 23), (300, 60), (500, 23), (5000, 23)] {
            let limit = PostLimit { characters, per_url };
            for count in [1, 2, 3, 10, 105] {
                let all: Vec<ToldAlarm> = (0..count)
                    .map(|nth| {
                        let title = format!("Préfecture n° {nth} : pas lue depuis 3 jours");
                        alarm(&title, AlarmTold::Raised)
                    })
                    .collect();
                let post = status(&all, COVERAGE, limit).expect("told");
                let url = post.lines().last().expect("an address");
                let counted = length(&post) - length(url) + length(url).max(per_url);
                assert!(counted <= characters, "{count} in {characters}: {post}");
                let told = post.lines().filter(|line| line.contains("pas lue")).count();
                let left = post.lines().find_map(|line| line.strip_prefix("Et "));
                let left = left.and_then(|line| line.split(['\u{a0}', ' ']).next()?.parse().ok());
                assert_eq!(told + left.unwrap_or(0), count, "{post}");
            }
        }
    }
}
