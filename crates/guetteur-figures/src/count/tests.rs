//! A few acts whose truth is worked out by hand.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use guetteur_model::{
    ActId, ActReference, Category, Change, Facts, LegalDoubt, LegalDoubtKind, Level, When,
};

use super::question::{Calendar, Notices, Question, Scope, Verdict};
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

/// An act of source 34 that authorises drones, published on 1 March 2026.
struct Given {
    id: i64,
    level: Level,
    to_check: bool,
    footing: Footing,
    published_on: Option<&'static str>,
    facts: Facts,
}

fn act(id: i64) -> Given {
    Given {
        id,
        level: Level::Authorises,
        to_check: false,
        footing: Footing::Read,
        published_on: Some("2026-03-01"),
        facts: Facts::default(),
    }
}

impl Given {
    fn from(mut self, start: &str) -> Self {
        self.facts.valid_from = When::parse(start);
        self
    }

    fn to(mut self, end: &str) -> Self {
        self.facts.valid_to = When::parse(end);
        self
    }

    fn notice(mut self, hours: f64) -> Self {
        self.facts.notice_hours = Some(hours);
        self
    }

    fn doubt(mut self, kind: LegalDoubtKind, category: &str) -> Self {
        self.facts.legal_doubts.push(LegalDoubt {
            kind,
            category: Category::new(category).expect("category"),
            text: "csi-l242-5".into(),
            says: "Doute.".into(),
            dispelled_by: "Rien.".into(),
            evidence: Vec::new(),
        });
        self
    }

    fn changes(mut self, changes: &[Change]) -> Self {
        let reference = |change: &Change| ActReference {
            change: *change,
            kind: "arrêté".into(),
            number: None,
            signed_on: None,
        };
        self.facts.amends = changes.iter().map(reference).collect();
        self
    }

    fn entered(self) -> CountedAct {
        let category = Category::new("drone").expect("category");
        let claim = Claim { category, level: self.level, to_check: self.to_check };
        let published = self.published_on.map(day);
        CountedAct::new(
            ActId(self.id),
            "34".into(),
            published,
            &self.facts,
            vec![claim],
            self.footing,
        )
    }
}

fn ledger(acts: Vec<Given>, links: &[(i64, i64)]) -> Ledger {
    let mut ledger = Ledger::default();
    ledger.enter(acts.into_iter().map(Given::entered));
    let link = |(changer, changed): &(i64, i64)| ChangeLink {
        changer: ActId(*changer),
        changed: ActId(*changed),
    };
    ledger.settle(&links.iter().map(link).collect::<Vec<_>>());
    ledger
}

/// However acts and links come and go, step by step is as if all were entered at once.
#[test]
fn step_by_step_is_as_at_once() {
    let mut rng = fastrand::Rng::with_seed(5);
    let mut below = |n: i64| rng.i64(0..n);
    let mut steps = Ledger::default();
    let mut known: BTreeMap<i64, Option<Facts>> = BTreeMap::new();
    let mut links: BTreeSet<(i64, i64)> = BTreeSet::new();
    let link = |(changer, changed): &(i64, i64)| ChangeLink {
        changer: ActId(*changer),
        changed: ActId(*changed),
    };
    let entered = |id: i64, facts: &Facts| {
        let claim = Claim {
            category: Category::new("drone").expect("category"),
            level: Level::Authorises,
            to_check: false,
        };
        let published_on = Some(day("2026-03-01"));
        CountedAct::new(ActId(id), "34".into(), published_on, facts, vec![claim], Footing::Read)
    };
    for _ in 0..400 {
        let id = below(12);
        let change = [Change::Repeals, Change::Extends, Change::Modifies][below(3) as usize];
        let reference =
            ActReference { change, kind: "arrêté".into(), number: None, signed_on: None };
        let facts = Facts {
            valid_from: (below(3) > 0)
                .then(|| When::Day(day("2026-03-02") + Days::new(below(9) as u64))),
            valid_to: (below(3) > 0).then(|| When::Day(day("2026-03-20"))),
            amends: (below(2) > 0).then_some(reference).into_iter().collect(),
            ..Facts::default()
        };
        let facts = (below(5) > 0).then_some(facts);
        links.retain(|(changer, changed)| *changer != id && *changed != id);
        let (one, other) = (below(12), below(12));
        links.extend([(id, one), (other, id)]);
        steps.strike(&[ActId(id)]);
        steps.enter(facts.iter().map(|facts| entered(id, facts)));
        let own: Vec<_> = links.iter().filter(|(a, b)| *a == id || *b == id).map(link).collect();
        steps.settle_some(&[ActId(id)], &own);
        known.insert(id, facts);
        let mut whole = Ledger::default();
        let all = known.iter().filter_map(|(id, facts)| Some(entered(*id, facts.as_ref()?)));
        whole.enter(all);
        whole.settle(&links.iter().map(link).collect::<Vec<_>>());
        for id in (0..12).map(ActId) {
            assert_eq!(steps.in_force(id), whole.in_force(id), "{id:?}, {links:?}");
        }
    }
}

fn march() -> Scope {
    Scope { from: Some(day("2026-03-01")), to: Some(day("2026-03-31")), ..Scope::default() }
}

fn verdicts(question: Question, ledger: &Ledger) -> Vec<(i64, Verdict)> {
    march().ask(question, ledger).map(|(act, verdict)| (act.id.0, verdict)).collect()
}

fn days(from: &str, to: &str) -> Verdict {
    Verdict::Days(Some((day(from), day(to))))
}

#[test]
fn ids_of_reasons_are_unique() {
    let ids: std::collections::HashSet<&str> = Reason::ALL.map(Reason::id).into();
    assert_eq!(ids.len(), Reason::ALL.len());
}

#[test]
fn what_is_not_founded_is_set_apart_in_every_question() {
    let acts = vec![
        Given { footing: Footing::FirstAlert, ..act(1) },
        Given { footing: Footing::Withdrawn, ..act(2) },
        Given { to_check: true, ..act(3) },
        Given { level: Level::Restricts, ..act(4) },
        Given { published_on: Some("2026-04-01"), ..act(5) },
    ];
    let ledger = ledger(acts, &[]);
    let expected = [Reason::Unread, Reason::Withdrawn, Reason::ToCheck];
    let expected: Vec<_> = (1..).zip(expected.map(Verdict::Apart)).collect();
    for question in [Question::Authorisations, Question::Notice, Question::Days, Question::Doubts] {
        assert_eq!(verdicts(question, &ledger), expected, "{question:?}");
    }
}

#[test]
fn authorisations_are_one_each() {
    let acts = vec![
        act(1),
        act(2).changes(&[Change::Extends]),
        act(3).changes(&[Change::Modifies]),
        act(4).changes(&[Change::Repeals]),
        Given { published_on: None, ..act(5) },
    ];
    let got = verdicts(Question::Authorisations, &ledger(acts, &[]));
    let apart = Verdict::Apart;
    let expected = [
        (1, Verdict::One),
        (2, Verdict::One),
        (3, apart(Reason::Modifies)),
        (4, Verdict::One),
        (5, apart(Reason::NoPublication)),
    ];
    assert_eq!(got, expected);
}

#[test]
fn notice_is_what_the_act_tells_or_nothing() {
    let mut doubted = act(3).from("2026-03-02").notice(24.0);
    doubted.facts.doubts = vec!["le titre dit « 2 mars », l'article dit « 3 mars »".into()];
    let acts =
        vec![act(1).from("2026-03-02").notice(24.0), act(2).from("2026-03-01"), doubted, act(4)];
    let expected = [
        (1, Verdict::Notice(24.0)),
        (2, Verdict::Apart(Reason::StartsWithSignature)),
        (3, Verdict::Apart(Reason::Doubted)),
        (4, Verdict::Apart(Reason::NoStart)),
    ];
    assert_eq!(verdicts(Question::Notice, &ledger(acts, &[])), expected);
    let mut notices = Notices::default();
    [-5.0, 0.0, 23.9, 24.0, 47.0, 48.0, 71.0, 72.0].into_iter().for_each(|h| notices.add(h));
    let expected = Notices { known: 8, under_72: 7, under_48: 5, under_24: 3, after: 1 };
    assert_eq!(notices, expected);
}

#[test]
fn every_act_read_is_examined_and_days_to_check_raise_nothing() {
    use LegalDoubtKind::{NoBasis, TooLong};
    let mut contradictory = act(4).doubt(NoBasis, "drone");
    contradictory.facts.doubts = vec!["le titre dit « 2 mars », l'article dit « 3 mars »".into()];
    let mut long = act(5).doubt(TooLong, "drone");
    long.facts.doubts = vec!["plus de trois mois (CSI L242-5)".into()];
    let acts = vec![
        act(1),
        act(2).doubt(TooLong, "drone").doubt(NoBasis, "vsa"),
        act(3).changes(&[Change::Modifies]),
        contradictory,
        long,
        act(6).doubt(NoBasis, "vsa"),
    ];
    let ledger = ledger(acts, &[]);
    let expected = [
        (1, Verdict::Examined(false)),
        (2, Verdict::Examined(true)),
        (3, Verdict::Examined(false)),
        (4, Verdict::Apart(Reason::Doubted)),
        (5, Verdict::Examined(true)),
        (6, Verdict::Examined(true)),
    ];
    assert_eq!(verdicts(Question::Doubts, &ledger), expected);
    let drone = [Category::new("drone").expect("category")];
    let about = |id| ledger.acts().find(|act| act.id.0 == id).expect("act").doubts_about(&drone);
    assert_eq!(about(2).into_iter().collect::<Vec<_>>(), [TooLong]);
    assert!(about(6).is_empty(), "the doubt is about another measure");
}

#[test]
fn days_are_those_said_within_the_scope() {
    let acts = vec![
        act(1).from("2026-03-03").to("2026-03-05T00:00:00+01:00"),
        act(2).from("2026-02-20").to("2026-03-02"),
        Given { published_on: Some("2025-12-01"), ..act(3).from("2026-01-01").to("2026-04-30") },
        act(4).from("2026-04-01").to("2026-04-03"),
        act(5).from("2026-03-03"),
        act(6).to("2026-03-03"),
        act(7),
        act(8).from("2026-03-05").to("2026-03-03"),
        act(9).changes(&[Change::Modifies]).to("2026-03-09"),
    ];
    let apart = Verdict::Apart;
    let expected = [
        (1, days("2026-03-03", "2026-03-04")),
        (2, days("2026-03-01", "2026-03-02")),
        (3, days("2026-03-01", "2026-03-31")),
        (5, apart(Reason::NoEnd)),
        (6, apart(Reason::NoStart)),
        (7, apart(Reason::NoPeriod)),
        (8, apart(Reason::Doubted)),
        (9, apart(Reason::Modifies)),
    ];
    assert_eq!(verdicts(Question::Days, &ledger(acts, &[])), expected);
}

#[test]
fn acts_change_the_days_of_others() {
    let span = |id| act(id).from("2026-03-05").to("2026-03-20");
    let repealing = |id| Given { level: Level::Restricts, ..act(id).changes(&[Change::Repeals]) };
    let cases = [
        // As the repeal says; the day after its publication; before the act began.
        (repealing(2).from("2026-03-10"), days("2026-03-05", "2026-03-09")),
        (
            Given { published_on: Some("2026-03-11"), ..repealing(2) },
            days("2026-03-05", "2026-03-11"),
        ),
        (repealing(2), Verdict::Days(None)),
        (Given { published_on: None, ..repealing(2) }, Verdict::Apart(Reason::RepealedSometime)),
        (
            repealing(2).changes(&[Change::Repeals, Change::Modifies]),
            Verdict::Apart(Reason::PerhapsRepealed),
        ),
        // An announced repeal is not one yet.
        (Given { footing: Footing::FirstAlert, ..repealing(2) }, days("2026-03-05", "2026-03-20")),
        (
            Given { level: Level::Restricts, ..act(2).changes(&[Change::Modifies]) },
            days("2026-03-05", "2026-03-20"),
        ),
    ];
    for (other, expected) in cases {
        let ledger = ledger(vec![span(1), other], &[(2, 1)]);
        assert_eq!(verdicts(Question::Days, &ledger)[0], (1, expected));
    }
    let extending = || act(2).changes(&[Change::Extends]).to("2026-03-25");
    let linked = ledger(vec![span(1), extending()], &[(2, 1)]);
    let extended = verdicts(Question::Days, &linked)[1];
    assert_eq!(extended, (2, days("2026-03-05", "2026-03-25")));
    let alone = verdicts(Question::Days, &ledger(vec![span(1), extending()], &[]))[1];
    assert_eq!(alone, (2, Verdict::Apart(Reason::NoStart)), "of which act is not told");
}

#[test]
fn a_court_ends_the_days_on_the_eve_of_its_decision() {
    let struck = |on: &str| {
        let mut acts = Ledger::default();
        let mut judged = act(1).from("2026-03-05").to("2026-03-20").entered();
        judged.struck_on = Some(day(on));
        acts.enter([judged]);
        acts.settle(&[]);
        verdicts(Question::Days, &acts)[0].1
    };
    assert_eq!(struck("2026-03-10"), days("2026-03-05", "2026-03-09"));
    assert_eq!(struck("2026-03-05"), Verdict::Days(None), "before it began");
    assert_eq!(struck("2026-06-01"), days("2026-03-05", "2026-03-20"), "after it was over");
}

#[test]
fn a_calendar_unites_days() {
    let mut calendar = Calendar::new(day("2026-03-01"), day("2026-03-10"));
    for (from, to) in [
        ("2026-02-20", "2026-03-02"),
        ("2026-03-02", "2026-03-03"),
        ("2026-03-09", "2026-04-30"),
        ("2026-04-01", "2026-04-02"),
        ("2026-02-01", "2026-02-02"),
    ] {
        calendar.add((day(from), day(to)));
    }
    assert_eq!(calendar.counts(), [1, 2, 1, 0, 0, 0, 0, 0, 1, 1]);
    assert_eq!(calendar.covered(), 5);
    assert_eq!(Calendar::new(day("2026-03-02"), day("2026-03-01")).covered(), 0);
}
