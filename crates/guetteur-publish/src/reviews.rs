//! What an operator found of flags and facts: in words, as written in a form, as labelled cases.

use crate::boxed;
use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use guetteur_communes::communes;
use guetteur_model::dates::parse_french_date;
use guetteur_model::{ActId, Answer, Basis, Category, Level, Purpose, Subject, When};
use guetteur_store::{NewReview, Review};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::facts;
use crate::french;
use crate::published::PublishedAct;

/// What was reviewed, as readers call it.
#[must_use]
pub fn subject_label(subject: &Subject) -> String {
    match subject {
        Subject::Flag(category) => format!("signalement « {} »", category.label()),
        Subject::Fact(field) => facts::label(field).unwrap_or(field).to_lowercase(),
    }
}

/// A review in a sentence: « Début d’effet corrigé (2026-03-04) le 5 mars 2026 : raison ».
#[must_use]
pub fn reviewed(review: &Review) -> String {
    let value = review.value.as_ref().filter(|_| review.answer == Answer::Corrected);
    let value = value.map(|value| format!(" ({})", value_words(value))).unwrap_or_default();
    format!(
        "{} : {}{value} le {} : {}",
        subject_label(&review.subject),
        review.answer.label(),
        french::day(french::today(review.reviewed_at)),
        review.reason
    )
}

fn value_words(value: &Value) -> String {
    match value {
        Value::String(text) => match text.parse::<Level>() {
            Ok(level) => level.label().to_owned(),
            Err(_) => text.clone(),
        },
        Value::Array(all) => {
            let purpose = |one: &Value| serde_json::from_value(one.clone()).ok();
            let name = |one: &Value| match purpose(one) {
                Some(purpose) => french::purpose(purpose).to_owned(),
                None => one["name"].as_str().unwrap_or_default().to_owned(),
            };
            all.iter().map(name).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// A review as somebody wrote it.
#[derive(Debug, Clone, Copy)]
pub struct ReviewFields<'a> {
    /// The act.
    pub act: ActId,
    /// [`Subject`] as text.
    pub subject: &'a str,
    /// [`Answer`] as text.
    pub answer: &'a str,
    /// What a correction gives; empty otherwise.
    pub value: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Clock of the prefecture, for hours.
    pub zone: Tz,
}

impl ReviewFields<'_> {
    /// The review.
    ///
    /// # Errors
    /// Which field cannot be used and why, in words for the operator.
    pub fn read(&self) -> Result<NewReview, String> {
        let subject: Subject = self.subject.parse().map_err(|_| {
            format!("sujet « {} » : attendu flag:CATÉGORIE ou le nom d’un fait", self.subject)
        })?;
        let answer: Answer =
            self.answer.parse().map_err(|_| format!("réponse « {} » inconnue", self.answer))?;
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err("la raison manque".to_owned());
        }
        let value = match answer {
            Answer::Corrected => Some(self.value(&subject)?),
            Answer::Accepted | Answer::Rejected => None,
        };
        Ok(NewReview { act: self.act, subject, answer, value, reason: reason.to_owned() })
    }

    fn value(&self, subject: &Subject) -> Result<Value, String> {
        let given = self.value.trim();
        let wrong = |expected: &str| format!("valeur « {given} » : attendu {expected}");
        if given.is_empty() {
            return Err("la valeur manque".to_owned());
        }
        match subject {
            Subject::Flag(_) => {
                let levels = Level::ALL.map(Level::as_str).join(", ");
                let level = given.parse::<Level>().map_err(|_| wrong(&levels))?;
                Ok(Value::from(level.as_str()))
            }
            Subject::Fact("valid_from" | "valid_to") => {
                let when = self.when(given);
                let when = when.ok_or_else(|| wrong("2026-03-04, ou 2026-03-04 12:00"))?;
                Ok(Value::from(when.to_string()))
            }
            Subject::Fact("signed_on") => {
                let day = given.parse().ok().or_else(|| parse_french_date(given));
                let day: NaiveDate = day.ok_or_else(|| wrong("2026-03-04"))?;
                Ok(Value::from(day.to_string()))
            }
            Subject::Fact("purposes") => {
                let named = |id: &str| {
                    let id = Value::from(id.trim());
                    serde_json::from_value::<Purpose>(id).map_err(|_| {
                        wrong(
                            "persons-and-property, gatherings, terrorism, traffic, borders, rescue",
                        )
                    })
                };
                let all: Vec<_> = given.split(',').map(named).collect::<Result<_, String>>()?;
                serde_json::to_value(all).map_err(|error| error.to_string())
            }
            Subject::Fact("aircraft" | "cameras" | "retention_days") => {
                given.parse::<u32>().map(Value::from).map_err(|_| wrong("un nombre"))
            }
            Subject::Fact("communes") => {
                let named = |code: &str| {
                    let commune = communes().by_insee(code.trim());
                    commune.ok_or_else(|| wrong("des codes INSEE : 34172, 34301"))
                };
                let all: Vec<_> = given.split(',').map(named).collect::<Result<_, String>>()?;
                serde_json::to_value(all).map_err(|error| error.to_string())
            }
            Subject::Fact(_) => Ok(Value::from(given)),
        }
    }

    /// A day, or an instant on the clock of the prefecture.
    fn when(&self, given: &str) -> Option<When> {
        let local = given.replace('T', " ");
        if let Ok(at) = NaiveDateTime::parse_from_str(&local, "%Y-%m-%d %H:%M") {
            let at = self.zone.from_local_datetime(&at).earliest()?;
            return Some(When::Instant(at.fixed_offset()));
        }
        When::parse(given).or_else(|| parse_french_date(given).map(When::Day))
    }
}

/// An act that was reviewed, as a case for the rules: the shape of labelled titles, what was found of
/// its facts, and the reviews.
#[derive(Debug, Serialize)]
pub struct LabelledCase<'a> {
    id: String,
    prefecture: &'a str,
    date: Option<NaiveDate>,
    title: &'a str,
    categories: Vec<&'a Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    /// The title alone did not decide.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    needs_body: bool,
    /// It was flagged, and wrongly.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hard_negative: bool,
    /// Reviewed facts as they are now; null for one that was rejected.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: BTreeMap<&'static str, Value>,
    reviews: &'a [Review],
    url: String,
}

impl<'a> LabelledCase<'a> {
    fn of(act: &'a PublishedAct, base_url: &str) -> Self {
        let categories: Vec<&Category> =
            act.categories().into_iter().map(|(category, _)| category).collect();
        let json = serde_json::to_value(&act.facts).unwrap_or_default();
        let json = json.as_object().cloned().unwrap_or_else(Map::new);
        let fact = |review: &Review| match review.subject {
            Subject::Fact(field) => Some((field, json.get(field).cloned().unwrap_or_default())),
            Subject::Flag(_) => None,
        };
        let rejected = |review: &Review| {
            review.answer == Answer::Rejected && matches!(review.subject, Subject::Flag(_))
        };
        Self {
            id: format!("review-{}", act.id),
            prefecture: &act.prefecture.code,
            date: act.published_on().or(act.signed_on),
            title: &act.title,
            level: act.level().filter(|_| !categories.is_empty()),
            needs_body: act.flags.iter().any(|flag| flag.basis == Basis::Body),
            hard_negative: categories.is_empty() && act.reviews.iter().any(rejected),
            categories,
            facts: act.reviews.iter().filter_map(fact).collect(),
            reviews: &act.reviews,
            url: format!("{base_url}{}", act.path()),
        }
    }
}

impl Catalogue {
    /// All acts that were reviewed, by id.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn reviewed_acts(&self) -> Result<Vec<PublishedAct>, CatalogueError> {
        let reviews = self.store.reviews().await?;
        let mut ids: Vec<ActId> = reviews.iter().map(|review| review.act).collect();
        ids.sort_unstable();
        ids.dedup();
        self.publish(self.store.acts_by_ids(&ids).await?).await
    }
}

/// A labelled case of each act, as lines of JSON.
///
/// # Errors
/// When the act cannot be written as JSON.
pub fn labelled(acts: &[PublishedAct], base_url: &str) -> Result<Vec<String>, serde_json::Error> {
    acts.iter().map(|act| serde_json::to_string(&LabelledCase::of(act, base_url))).collect()
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Facts, ReviewId};
    use serde_json::json;

    use super::*;
    use crate::published::sample::act_of;

    fn fields<'a>(subject: &'a str, answer: &'a str, value: &'a str) -> ReviewFields<'a> {
        let zone = chrono_tz::Europe::Paris;
        ReviewFields { act: ActId(1), subject, answer, value, reason: "Relu.", zone }
    }

    #[test]
    fn a_form_gives_a_review_or_says_what_it_lacks() {
        let right = [
            (fields("valid_from", "corrected", "04/03/2026"), json!("2026-03-04")),
            (
                fields("valid_to", "corrected", "2026-03-04 12:30"),
                json!("2026-03-04T12:30:00+01:00"),
            ),
            (fields("aircraft", "corrected", " 2 "), json!(2)),
            (
                fields("communes", "corrected", "34172"),
                json!([{"insee": "34172", "name": "Montpellier"}]),
            ),
            (fields("place", "corrected", "place du Marché"), json!("place du Marché")),
            (fields("signed_on", "corrected", "4 mars 2026"), json!("2026-03-04")),
            (fields("purposes", "corrected", "borders, rescue"), json!(["borders", "rescue"])),
            (fields("flag:drone", "corrected", "restricts"), json!("restricts")),
            (fields("flag:drone", "rejected", "x"), Value::Null),
        ];
        for (form, expected) in right {
            let review = form.read().expect("a review");
            assert_eq!(review.value.unwrap_or_default(), expected, "{form:?}");
        }
        for (subject, answer, value) in [
            ("valid_from", "corrected", "demain"),
            ("communes", "corrected", "99999"),
            ("aircraft", "corrected", ""),
            ("signed_on", "corrected", "demain"),
            ("purposes", "corrected", "le maintien de l’ordre"),
            ("flag:drone", "corrected", "autorise peut-être"),
            ("doubts", "rejected", ""),
            ("aircraft", "perhaps", ""),
        ] {
            assert!(fields(subject, answer, value).read().is_err(), "{subject} {answer} {value}");
        }
        let silent = ReviewFields { reason: " ", ..fields("aircraft", "rejected", "") };
        assert!(silent.read().is_err(), "a reason is published, so there is one");
    }

    #[test]
    fn reviewed_acts_are_labelled_cases() {
        let review = |subject: &str, answer, value| Review {
            id: ReviewId(1),
            act: ActId(7),
            subject: subject.parse().expect("subject"),
            answer,
            value,
            reason: "Relu.".into(),
            reviewed_at: "2026-03-05T10:00:00Z".parse().expect("instant"),
        };
        let mut wrong = act_of(7, &[], Facts::default());
        wrong.reviews = vec![review("flag:drone", Answer::Rejected, None)];
        let facts = Facts { aircraft: Some(2), ..Facts::default() };
        let mut right = act_of(8, &["drone"], facts);
        right.reviews = vec![review("aircraft", Answer::Corrected, Some(json!(2)))];
        let lines = labelled(&[wrong, right], "https://g.example").expect("lines");
        let cases: Vec<Value> =
            lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(
            (&cases[0]["hard_negative"], &cases[0]["categories"]),
            (&json!(true), &json!([]))
        );
        assert_eq!(cases[0]["id"], "review-7");
        assert_eq!(
            (&cases[1]["facts"]["aircraft"], &cases[1]["level"]),
            (&json!(2), &json!("authorises"))
        );
        assert_eq!(cases[1]["categories"], json!(["drone"]));
        let words = reviewed(&review("valid_from", Answer::Corrected, Some(json!("2026-03-04"))));
        assert!(words.contains("corrigé (2026-03-04)") && words.contains("Relu."), "{words}");
        let words = reviewed(&review("purposes", Answer::Corrected, Some(json!(["borders"]))));
        assert!(words.contains("frontières"), "{words}");
    }
}
