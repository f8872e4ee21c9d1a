//! An act as figures need it: small, since all of them are held in memory.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use guetteur_communes::departement_of;
use guetteur_model::{ActId, Category, Change, Facts, LegalDoubtKind, Level, Purpose, When};
use serde::{Deserialize, Serialize};

use super::Reason;

/// Raise it when the same row of the store gives another [`CountedAct`], or its fields change: books
/// kept on disk are made anew then.
pub const COUNT_VERSION: u32 = 1;

/// What the act does to one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The category.
    pub category: Category,
    /// What it does.
    pub level: Level,
    /// Whether a human must confirm it.
    pub to_check: bool,
}

/// How far what we say of an act is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Footing {
    /// The act was read.
    Read,
    /// Its line in the sommaire was.
    FirstAlert,
    /// Its line in the sommaire said what the act, once read, does not.
    Withdrawn,
}

/// What the act does to others, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Manner {
    /// It changes none.
    Alone,
    /// It modifies, completes, corrects.
    Modifies,
    /// It lets them last longer.
    Extends,
    /// It repeals or withdraws.
    Repeals,
    /// Some of that to one, and some to another.
    Mixed,
}

/// An act as figures need it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountedAct {
    /// Identity in the store.
    pub id: ActId,
    /// Code of the source.
    pub source: Arc<str>,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// What it does to each category.
    pub claims: Vec<Claim>,
    /// How far that is founded.
    pub footing: Footing,
    /// Start of effect.
    pub valid_from: Option<When>,
    /// End of effect.
    pub valid_to: Option<When>,
    /// Hours from the day of publication (00:00) to the start of effect.
    pub notice_hours: Option<f64>,
    /// Purposes of art. L. 242-5 CSI.
    pub purposes: Vec<Purpose>,
    /// Who may use the measure.
    pub beneficiary: Option<Arc<str>>,
    /// INSEE codes of the communes that it names.
    pub communes: Vec<Arc<str>>,
    /// Their départements, each once.
    pub departements: Vec<Arc<str>>,
    /// Why its days cannot be taken at their word: they contradict each other or the calendar, are to
    /// check, or last longer than the law lets them, which is more often a day read wrongly.
    pub doubt: Option<Reason>,
    /// Doubts of law, each with the measure that it is about.
    pub legal_doubts: Vec<(LegalDoubtKind, Category)>,
    /// The day on which a court took its effect away.
    pub struck_on: Option<NaiveDate>,
    pub(crate) manner: Manner,
}

/// How the doubt begins about a period of more than the three months of art. L. 242-5 IV CSI.
const LONG: &str = "plus de trois mois";

impl CountedAct {
    /// From what the store holds of an act; `claims` without levels that are mere mentions.
    #[must_use]
    pub fn new(
        id: ActId,
        source: Arc<str>,
        published_on: Option<NaiveDate>,
        facts: &Facts,
        claims: Vec<Claim>,
        footing: Footing,
    ) -> Self {
        let mut departements: Vec<Arc<str>> =
            facts.communes.iter().map(|commune| departement_of(&commune.insee).into()).collect();
        departements.sort_unstable();
        departements.dedup();
        Self {
            id,
            source,
            published_on,
            claims,
            footing,
            valid_from: facts.valid_from,
            valid_to: facts.valid_to,
            notice_hours: facts.notice_hours,
            purposes: if facts.is_to_check("purposes") {
                Vec::new()
            } else {
                facts.purposes.clone()
            },
            beneficiary: facts
                .beneficiary
                .as_deref()
                .filter(|_| !facts.is_to_check("beneficiary"))
                .map(Arc::from),
            communes: facts.communes.iter().map(|commune| (&*commune.insee).into()).collect(),
            departements,
            doubt: doubt(&facts.doubts).or_else(|| days_to_check(facts)),
            legal_doubts: facts
                .legal_doubts
                .iter()
                .map(|doubt| (doubt.kind, doubt.category.clone()))
                .collect(),
            struck_on: None,
            manner: manner(facts),
        }
    }

    /// Whether it authorises one of these categories (any, when there are none), and whether that
    /// stands without a human's confirming it.
    #[must_use]
    pub fn authorises(&self, categories: &[Category]) -> Option<bool> {
        let asked = |claim: &&Claim| {
            claim.level == Level::Authorises
                && (categories.is_empty() || categories.contains(&claim.category))
        };
        let mut claims = self.claims.iter().filter(asked).peekable();
        claims.peek()?;
        Some(claims.any(|claim| !claim.to_check))
    }

    /// Its doubts of law about these categories (any, when there are none), each kind once.
    #[must_use]
    pub fn doubts_about(&self, categories: &[Category]) -> BTreeSet<LegalDoubtKind> {
        let asked = |category| categories.is_empty() || categories.contains(category);
        self.legal_doubts.iter().filter(|(_, about)| asked(about)).map(|(kind, _)| *kind).collect()
    }

    /// First and last day that it says, when it says both, without doubt. An end at midnight leaves
    /// the day that begins there out.
    pub(crate) fn own_days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (from, to) = (self.valid_from?.date(), last_day(self.valid_to?)?);
        (self.doubt.is_none() && from <= to).then_some((from, to))
    }

    /// From when it has effect: as it says, else from the day after its publication, which is when
    /// an act enters into force (CRPA, art. L. 221-2).
    pub(crate) fn takes_effect_on(&self) -> Option<NaiveDate> {
        let said = self.valid_from.filter(|_| self.doubt.is_none()).map(|from| from.date());
        said.or_else(|| self.published_on?.checked_add_days(Days::new(1)))
    }
}

/// The last day touched by a period that ends then.
pub(crate) fn last_day(end: When) -> Option<NaiveDate> {
    match end {
        When::Day(day) => Some(day),
        When::Instant(at) if at.time() == chrono::NaiveTime::MIN => at.date_naive().pred_opt(),
        When::Instant(at) => Some(at.date_naive()),
    }
}

fn doubt(doubts: &[String]) -> Option<Reason> {
    match doubts.iter().all(|doubt| doubt.starts_with(LONG)) {
        _ if doubts.is_empty() => None,
        true => Some(Reason::TooLong),
        false => Some(Reason::Doubted),
    }
}

/// What is to check counts in no figure.
fn days_to_check(facts: &Facts) -> Option<Reason> {
    let to_check = ["valid_from", "valid_to"].iter().any(|field| facts.is_to_check(field));
    to_check.then_some(Reason::DaysToCheck)
}

fn manner(facts: &Facts) -> Manner {
    let mut manners = facts.amends.iter().filter_map(|reference| match reference.change {
        Change::Modifies => Some(Manner::Modifies),
        Change::Extends => Some(Manner::Extends),
        Change::Repeals => Some(Manner::Repeals),
        // To give the same again changes nothing of what was given before.
        Change::Renews => None,
    });
    let Some(first) = manners.next() else { return Manner::Alone };
    if manners.all(|manner| manner == first) { first } else { Manner::Mixed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_at_midnight_leaves_its_day_out() {
        let cases = [
            ("2026-05-03", "2026-05-03"),
            ("2026-05-03T00:00:00+02:00", "2026-05-02"),
            ("2026-05-03T00:30:00+02:00", "2026-05-03"),
            ("2026-05-03T23:59:00+02:00", "2026-05-03"),
        ];
        for (end, expected) in cases {
            let last = When::parse(end).and_then(last_day).map(|day| day.to_string());
            assert_eq!(last.as_deref(), Some(expected), "{end}");
        }
    }

    #[test]
    fn what_is_to_check_counts_in_no_figure() {
        use guetteur_model::{Region, Trace};
        let trace = |to_check| Trace {
            region: Region::Article,
            article: Some(1),
            cue: None,
            distance: None,
            to_check,
        };
        let counted = |to_check| {
            let mut facts = Facts {
                valid_from: When::parse("2026-05-03"),
                valid_to: When::parse("2026-05-04"),
                beneficiary: Some("la DIPN".into()),
                purposes: vec![Purpose::Borders],
                ..Facts::default()
            };
            for field in ["valid_from", "beneficiary", "purposes"] {
                facts.traces.insert(field.to_owned(), trace(to_check));
            }
            let act =
                CountedAct::new(ActId(1), "26".into(), None, &facts, Vec::new(), Footing::Read);
            (act.doubt, act.own_days().is_some(), act.beneficiary.is_some(), act.purposes.len())
        };
        assert_eq!(counted(false), (None, true, true, 1));
        assert_eq!(counted(true), (Some(Reason::DaysToCheck), false, false, 0));
    }

    #[test]
    fn what_is_kept_on_disk_has_a_version() {
        use guetteur_model::Commune;
        let facts = Facts {
            valid_from: When::parse("2026-05-03T20:00:00+02:00"),
            valid_to: When::parse("2026-05-04"),
            notice_hours: Some(12.5),
            purposes: vec![Purpose::Borders],
            beneficiary: Some("la DIPN".into()),
            communes: vec![Commune { insee: "26362".into(), name: "Valence".into() }],
            doubts: vec![format!("{LONG} (CSI L242-5)")],
            ..Facts::default()
        };
        let claim = Claim {
            category: Category::new("drone").expect("a category"),
            level: Level::Authorises,
            to_check: false,
        };
        let act = CountedAct::new(ActId(1), "26".into(), None, &facts, vec![claim], Footing::Read);
        let kept = serde_json::to_string(&act).expect("written");
        let known = concat!(
            r#"{"id":1,"source":"26","published_on":null,"claims":[{"category":"drone","#,
            r#""level":"authorises","to_check":false}],"footing":"Read","#,
            r#""valid_from":"2026-05-03T20:00:00+02:00","valid_to":"2026-05-04","notice_hours":12.5,"#,
            r#""purposes":["borders"],"beneficiary":"la DIPN","communes":["26362"],"#,
            r#""departements":["26"],"doubt":"TooLong","legal_doubts":[],"struck_on":null,"#,
            r#""manner":"Alone"}"#,
        );
        assert_eq!(
            (COUNT_VERSION, &*kept),
            (1, known),
            "books on disk would be read as what they are not: raise COUNT_VERSION"
        );
        assert_eq!(serde_json::from_str::<CountedAct>(&kept).expect("read"), act);
    }

    #[test]
    fn every_doubt_has_its_reason() {
        let long = "plus de trois mois (CSI L242-5)";
        let other = "« 31 juin » : ce jour n'existe pas, lu 1er juillet 2026";
        let cases: [(&[&str], Option<Reason>); 4] = [
            (&[], None),
            (&[long], Some(Reason::TooLong)),
            (&[other], Some(Reason::Doubted)),
            (&[long, other], Some(Reason::Doubted)),
        ];
        for (doubts, expected) in cases {
            let doubts: Vec<String> = doubts.iter().map(|doubt| (*doubt).to_owned()).collect();
            assert_eq!(doubt(&doubts), expected, "{doubts:?}");
        }
    }
}
