//! Found against truth, counted.

use std::collections::BTreeMap;
use std::fmt;

use guetteur_model::{Act, Commune, Facts, Flag};
use guetteur_testkit::corpus::{ActTruth, BulletinTruth};

/// What was made of an act.
pub(crate) struct Found {
    pub(crate) act: Act,
    pub(crate) facts: Facts,
    pub(crate) flags: Vec<Flag>,
}

#[derive(Default)]
struct Counts {
    hits: u32,
    false_alarms: u32,
    misses: u32,
}

impl Counts {
    fn f1(&self) -> f64 {
        let all = 2 * self.hits + self.false_alarms + self.misses;
        if all == 0 { 1.0 } else { f64::from(2 * self.hits) / f64::from(all) }
    }
}

/// The figures, and every error in words.
#[derive(Default)]
pub(crate) struct Scores {
    bulletins: u32,
    /// Right and all.
    shares: BTreeMap<&'static str, (u32, u32)>,
    flags: BTreeMap<String, Counts>,
    errors: Vec<String>,
}

impl Scores {
    pub(crate) fn add(&mut self, place: &str, truth: &BulletinTruth, found: &[Found]) {
        self.bulletins += 1;
        let mut used = vec![false; found.len()];
        for act in &truth.acts {
            let exact = found.iter().position(|f| f.act.pages == act.pages);
            self.judge("bornes", exact.is_some(), || {
                let all: Vec<_> =
                    found.iter().map(|f| (f.act.pages.from, f.act.pages.to)).collect();
                format!("{place}, {} : pages {:?} parmi {all:?}", act.template, act.pages)
            });
            let Some(i) = exact.or_else(|| overlapping(act, found)) else {
                self.flags(place, act, &[]);
                continue;
            };
            used[i] = true;
            self.flags(place, act, &found[i].flags);
            self.facts(place, act, &found[i].facts);
        }
        for (found, _) in found.iter().zip(used).filter(|(_, used)| !used) {
            for flag in found.flags.iter().filter(|flag| raised(flag)) {
                self.flags.entry(flag.category.to_string()).or_default().false_alarms += 1;
                self.errors.push(format!("{place} : {} sur un acte de trop", flag.category));
            }
        }
    }

    fn judge(&mut self, what: &'static str, right: bool, error: impl FnOnce() -> String) {
        let share = self.shares.entry(what).or_default();
        share.1 += 1;
        if right {
            share.0 += 1;
        } else {
            self.errors.push(format!("{what} : {}", error()));
        }
    }

    fn flags(&mut self, place: &str, truth: &ActTruth, found: &[Flag]) {
        let place = format!("{place}, {}", truth.template);
        for expected in truth.flags.iter().filter(|flag| flag.level.alerts()) {
            let got = found.iter().find(|f| f.category == expected.category && raised(f));
            let counts = self.flags.entry(expected.category.to_string()).or_default();
            let Some(got) = got else {
                counts.misses += 1;
                self.errors.push(format!("{place} : {} manque", expected.category));
                continue;
            };
            counts.hits += 1;
            let (got, expected) = (got.level, expected.level);
            self.judge("niveaux", got == expected, || format!("{place} : {got} pour {expected}"));
        }
        for flag in found.iter().filter(|flag| raised(flag)) {
            let known = |f: &&guetteur_testkit::corpus::FlagTruth| f.category == flag.category;
            if !truth.flags.iter().filter(known).any(|f| f.level.alerts()) {
                self.flags.entry(flag.category.to_string()).or_default().false_alarms += 1;
                self.errors.push(format!("{place} : {} de trop ({})", flag.category, flag.rule));
            }
        }
    }

    /// What the truth leaves out is not judged.
    fn facts(&mut self, place: &str, truth: &ActTruth, found: &Facts) {
        let expected = &truth.facts;
        let mut same = |what, judged: bool, got: String, right: String| {
            let told = || format!("{place}, {} : « {got} » pour « {right} »", truth.template);
            if judged {
                self.judge(what, got == right, told);
            }
        };
        let shown = |w: Option<guetteur_model::When>| w.map(|w| w.to_string()).unwrap_or_default();
        let (from, to) = (expected.valid_from, expected.valid_to);
        same("valide du", from.is_some(), shown(found.valid_from), shown(from));
        same("valide au", to.is_some(), shown(found.valid_to), shown(to));
        let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        same("caméras", expected.cameras.is_some(), count(found.cameras), count(expected.cameras));
        let aircraft = expected.aircraft;
        same("aéronefs", aircraft.is_some(), count(found.aircraft), count(aircraft));
        let communes = !expected.communes.is_empty();
        same("communes", communes, codes(&found.communes), codes(&expected.communes));
        let purposes = !expected.purposes.is_empty();
        let ids = |f: &Facts| format!("{:?}", f.purposes);
        same("finalités", purposes, ids(found), ids(expected));
    }

    /// Fails, with the figures and the errors, when one is below its floor.
    pub(crate) fn demand(&self, floors: &[(&str, f64)]) {
        for (what, floor) in floors {
            let got = if *what == "drapeaux" { self.all_flags().f1() } else { self.share(what) };
            assert!(got >= *floor, "{what} : {got:.3}, il faut {floor}\n{self}");
        }
    }

    fn share(&self, what: &str) -> f64 {
        let (right, all) = self.shares.get(what).copied().unwrap_or_default();
        if all == 0 { 0.0 } else { f64::from(right) / f64::from(all) }
    }

    fn all_flags(&self) -> Counts {
        self.flags.values().fold(Counts::default(), |sum, c| Counts {
            hits: sum.hits + c.hits,
            false_alarms: sum.false_alarms + c.false_alarms,
            misses: sum.misses + c.misses,
        })
    }
}

/// The act on the page where the true one begins, or the next that shares one.
fn overlapping(truth: &ActTruth, found: &[Found]) -> Option<usize> {
    let shares = |f: &Found| {
        let from = f.act.pages.from.max(truth.pages.from);
        (f.act.pages.to.min(truth.pages.to) + 1).saturating_sub(from)
    };
    (0..found.len()).max_by_key(|&i| shares(&found[i])).filter(|&i| shares(&found[i]) > 0)
}

/// Whether an alert goes out.
fn raised(flag: &Flag) -> bool {
    !flag.to_check && flag.level.alerts()
}

fn codes(communes: &[Commune]) -> String {
    let mut codes: Vec<&str> = communes.iter().map(|c| c.insee.as_str()).collect();
    codes.sort_unstable();
    codes.join(" ")
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} recueils composés", self.bulletins)?;
        for (what, (right, all)) in &self.shares {
            writeln!(f, "{what:16} {right:>5}/{all:<5} {:.3}", self.share(what))?;
        }
        let row = |f: &mut fmt::Formatter<'_>, what: &str, c: &Counts| {
            let (hits, wrong, missed) = (c.hits, c.false_alarms, c.misses);
            writeln!(f, "{what:16} {hits:>6} {wrong:>7} {missed:>6} {:>7.3}", c.f1())
        };
        let head = ["drapeaux", "justes", "fausses", "ratées", "F1"];
        writeln!(f, "{:16} {:>6} {:>7} {:>6} {:>7}", head[0], head[1], head[2], head[3], head[4])?;
        for (category, counts) in &self.flags {
            row(f, category, counts)?;
        }
        row(f, "ensemble", &self.all_flags())?;
        self.errors.iter().try_for_each(|error| writeln!(f, "  {error}"))
    }
}
