//! The same act, clean and as a poor scan gives it: the same flags and the same dates.
//!
//! (Real recognition of composed scans is measured by `make eval`.)

use chrono::NaiveDate;
use fastrand::Rng;
use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::{Facts, Level, Method, Page};
use guetteur_rules::{ActInput, RuleSet};
use guetteur_testkit::corpus::{BulletinSpec, Family, Layout, Library, Medium, compose};

/// What scans do to text: lost accents and apostrophes, `l` for `I`, split and glued words, « rn ».
fn damaged(text: &str, rng: &mut Rng) -> String {
    let mut one_in = |n: u8| rng.u8(..n) == 0;
    let mut out = String::with_capacity(text.len());
    let mut word = 0;
    for c in text.chars() {
        word = if c.is_alphabetic() { word + 1 } else { 0 };
        match c {
            'é' | 'è' | 'ê' | 'à' | 'ô' if one_in(6) => {
                out.push(match c {
                    'à' => 'a',
                    'ô' => 'o',
                    _ => 'e',
                });
            }
            '\'' | '’' if one_in(4) => {
                out.push(if one_in(2) { '□' } else { '‘' });
            }
            'l' if word == 1 && one_in(8) => out.push('I'),
            '\n' if one_in(30) => {}
            ' ' if one_in(25) => out.push_str("  "),
            c if word > 4 && one_in(150) => {
                out.push(c);
                out.push(' ');
            }
            c => out.push(c),
        }
    }
    out
}

struct Reading {
    flags: Vec<(String, Level)>,
    facts: Facts,
}

fn read(texts: &[String], rules: &RuleSet) -> Option<Reading> {
    let page = |(text, number): (&String, u32)| Page {
        number,
        method: Method::Ocr,
        text: text.clone(),
        confidence: 0.8,
        ms: 0,
        note: None,
    };
    let pages: Vec<Page> = texts.iter().zip(1..).map(page).collect();
    let context = BulletinContext {
        published_on: NaiveDate::from_ymd_opt(2025, 3, 7),
        departement: Some("26"),
        ..BulletinContext::default()
    };
    let act = segment(&pages, &context).acts.into_iter().next()?;
    let facts = extract_facts(&act, &context);
    let flags = rules.classify(&ActInput { title: &act.title, title_span: None, pages: &act.text });
    let raised = flags.into_iter().filter(|f| !f.to_check && f.level.alerts());
    Some(Reading { flags: raised.map(|f| (f.category.to_string(), f.level)).collect(), facts })
}

#[test]
fn damage_changes_neither_flags_nor_dates() {
    let library = Library::bundled().expect("corpus");
    let rules = RuleSet::builtin();
    let (mut all, mut flags, mut dates, mut errors) = (0, 0, 0, Vec::new());
    for template in library.templates().iter().filter(|t| t.family != Family::Ordinary) {
        let spec = BulletinSpec {
            departement: "26".to_owned(),
            number: None,
            series: None,
            published_on: NaiveDate::from_ymd_opt(2025, 3, 7).expect("a day"),
            layout: Layout::Bare,
            medium: Medium::Clean,
            acts: vec![template.id.clone()],
            seed: 7,
        };
        let Ok(bulletin) = compose(&library, &spec) else { continue };
        let clean = read(&bulletin.texts, &rules).expect("an act");
        for seed in 0..6 {
            let mut rng = Rng::with_seed(seed);
            let texts: Vec<String> =
                bulletin.texts.iter().map(|text| damaged(text, &mut rng)).collect();
            let noisy = read(&texts, &rules).expect("an act");
            all += 1;
            let when = |r: &Reading| (r.facts.valid_from, r.facts.valid_to);
            let (same_flags, same_dates) =
                (noisy.flags == clean.flags, when(&noisy) == when(&clean));
            flags += usize::from(same_flags);
            dates += usize::from(same_dates);
            if !same_flags || !same_dates {
                errors.push(format!(
                    "{} {seed}: {:?} {:?} for {:?} {:?}",
                    template.id,
                    noisy.flags,
                    when(&noisy),
                    clean.flags,
                    when(&clean)
                ));
            }
        }
    }
    let errors = errors.join("\n");
    assert!(all > 150, "{all}");
    assert!(flags * 100 >= all * 97, "flags {flags}/{all}\n{errors}");
    assert!(dates * 100 >= all * 97, "dates {dates}/{all}\n{errors}");
}
