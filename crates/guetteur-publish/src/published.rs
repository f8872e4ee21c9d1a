//! An act as the site shows it: the one shape that pages, feeds, exports and the API share.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use guetteur_model::{
    ActId, BulletinId, Category, Facts, Flag, Level, PageSpan, Ruling, Sha256, Span,
};
use guetteur_store::{AlertState, Outcome, PdfChange, Review, standing_outcome};
use serde::Serialize;

use crate::address::Filters;
use crate::first_alert::FirstAlert;
use crate::hour::ProofOfHour;
use crate::state::Repeal;

/// Said where a masked passage keeps a PDF from being linked.
pub const WITHHELD: &str = "Le PDF n’est pas montré ici : l’exploitant du site en masque un \
    passage, par exemple un nom. L’archive le garde ; l’original est à la préfecture.";

/// Who published.
#[derive(Debug, Clone, Serialize)]
pub struct Publisher {
    /// `34`, `ppparis`.
    pub code: String,
    /// `Préfecture de l'Hérault`.
    pub name: String,
    /// `Occitanie`.
    pub region: String,
    /// Time zone of its clocks.
    #[serde(skip)]
    pub zone: Tz,
}

/// The bulletin that an act stands in.
#[derive(Debug, Clone, Serialize)]
pub struct BulletinRef {
    /// Identity in the store.
    pub id: BulletinId,
    /// Title as the site lists it.
    pub title: String,
    /// Number as the prefecture writes it.
    pub number: Option<String>,
    /// Where the PDF was published.
    pub url: String,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
}

/// An act with what was found in it, without its text.
#[derive(Debug, Clone, Serialize)]
pub struct PublishedAct {
    /// Identity in the store; the act's permanent address is made of it.
    pub id: ActId,
    /// Title, mended.
    pub title: String,
    /// Number in the bulletin.
    pub number: Option<String>,
    /// The act's own number.
    pub own_number: Option<String>,
    /// `arrêté`, `décision`…
    pub kind: Option<String>,
    /// Service heading.
    pub service: Option<String>,
    /// Day of signature.
    pub signed_on: Option<NaiveDate>,
    /// Signatory.
    pub signed_by: Option<String>,
    /// Capacity of the signatory.
    pub capacity: Option<String>,
    /// Pages of the PDF.
    pub pages: PageSpan,
    /// Facts.
    pub facts: Facts,
    /// Flags, strongest first.
    pub flags: Vec<Flag>,
    /// Who published.
    pub prefecture: Publisher,
    /// Where it stands.
    pub bulletin: BulletinRef,
    /// The archived PDF; named also where it is withheld, as what the act was read from.
    pub pdf_sha256: Option<Sha256>,
    /// Whether a mask keeps the site from serving it.
    pub pdf_withheld: bool,
    /// When Guetteur first saw the bulletin.
    pub first_seen_at: DateTime<Utc>,
    /// When what we say about it last changed.
    pub updated_at: DateTime<Utc>,
    /// Since when it is flagged, or was announced, so: category, level, instant.
    #[serde(skip)]
    pub flagged_at: Vec<(Category, Level, DateTime<Utc>)>,
    /// When new versions of its PDF changed what is said of it, first to last.
    #[serde(skip)]
    pub pdf_changes: Vec<PdfChange>,
    /// The alert raised from the sommaire, before the act was read.
    pub alert: Option<FirstAlert>,
    /// The other act that ends it before its time ([`crate::Catalogue::note_repeals`]).
    pub repeal: Option<Repeal>,
    /// What courts decided about it, the first decided first.
    pub outcomes: Vec<Outcome>,
    /// What is known of the hour of its publication.
    pub hour: ProofOfHour,
    /// What an operator found of its flags and facts, which bear it already.
    pub reviews: Vec<Review>,
}

impl PublishedAct {
    /// The strongest level of its flags.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.flags.iter().map(|flag| flag.level).min()
    }

    /// The categories that it does something about, each with its strongest level, strongest first.
    #[must_use]
    pub fn categories(&self) -> Vec<(&Category, Level)> {
        let mut all = self.by_category();
        all.retain(|(_, level)| *level != Level::Mentions);
        all
    }

    /// The categories that it merely cites.
    #[must_use]
    pub fn mentions(&self) -> Vec<&Category> {
        let all = self.by_category().into_iter();
        all.filter(|(_, level)| *level == Level::Mentions).map(|(category, _)| category).collect()
    }

    /// Each category, mentions too, with its strongest level, strongest first.
    #[must_use]
    pub fn by_category(&self) -> Vec<(&Category, Level)> {
        let mut all: Vec<(&Category, Level)> =
            self.flags.iter().map(|flag| (&flag.category, flag.level)).collect();
        all.sort_by_key(|(category, level)| (*level, category.as_str()));
        let mut seen = Vec::new();
        all.retain(|(category, _)| {
            let new = !seen.contains(category);
            seen.push(*category);
            new
        });
        all
    }

    /// Whether a human must still look: one of its strongest flags says so, or the act itself has
    /// not been read.
    #[must_use]
    pub fn to_check(&self) -> bool {
        let level = self.level();
        let unread = self.alert.as_ref().is_some_and(|a| a.state == AlertState::ToConfirm);
        unread || self.flags.iter().any(|flag| flag.to_check && Some(flag.level) == level)
    }

    /// The words that made the strongest flag; rather those in the act than those in the sommaire,
    /// and the longest: « est autorisé » alone does not say what is.
    #[must_use]
    pub fn lead_evidence(&self) -> Option<&Span> {
        let strongest =
            self.flags.iter().filter(|f| !f.evidence.is_empty()).min_by_key(|f| f.level)?;
        lead(&strongest.evidence, self.pages)
    }

    /// The decision of a court that takes its effect away, if one does.
    #[must_use]
    pub fn struck_by(&self) -> Option<&Outcome> {
        standing_outcome(&self.outcomes)
    }

    /// Whether a judge can be asked anything about it: it authorises something, and was not undone as
    /// if it had never been.
    #[must_use]
    pub fn can_be_contested(&self) -> bool {
        let undone =
            |outcome: &Outcome| matches!(outcome.ruling, Ruling::Annulled | Ruling::Withdrawn);
        self.level() == Some(Level::Authorises) && !self.struck_by().is_some_and(undone)
    }

    /// Whether another act, or a court, ends it before its time.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.repeal.is_some() || self.struck_by().is_some()
    }

    /// Permanent address on the site.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/acte/{}", self.id)
    }

    /// The archived PDF at the page of the strongest evidence, or at the act's first page.
    #[must_use]
    pub fn pdf_path(&self) -> Option<String> {
        let page = self.lead_evidence().map_or(self.pages.from, |span| span.page);
        self.served_pdf().map(|sha| pdf_page_path(sha, page))
    }

    /// The archived PDF, where the site serves it.
    #[must_use]
    pub fn served_pdf(&self) -> Option<Sha256> {
        self.pdf_sha256.filter(|_| !self.pdf_withheld)
    }

    /// When it entered a list: when it was first held, or when it was first said of it what the list
    /// asks for. What rules find later enters late, and programs that ask for what is new get it.
    #[must_use]
    pub fn entered(&self, list: &Filters) -> DateTime<Utc> {
        let asked = |category: &Category, level: Level| {
            let of_category = list.categories.is_empty() || list.categories.contains(category);
            let of_level = match list.levels.is_empty() {
                true => list.every_level || level != Level::Mentions,
                false => list.levels.contains(&level),
            };
            of_category && of_level
        };
        let narrow = !list.categories.is_empty() || !list.levels.is_empty();
        let flagged = self.flagged_at.iter().filter(|(category, level, _)| asked(category, *level));
        let said = flagged.map(|(.., at)| *at).min().filter(|_| narrow);
        said.map_or(self.first_seen_at, |at| at.max(self.first_seen_at))
    }

    /// Day of publication, as the act's facts or its bulletin say.
    #[must_use]
    pub fn published_on(&self) -> Option<NaiveDate> {
        self.bulletin.published_on.or(self.facts.published_on)
    }

    /// Number to cite: the act's own, or the bulletin's.
    #[must_use]
    pub fn cited_number(&self) -> Option<&str> {
        self.own_number.as_deref().or(self.number.as_deref())
    }
}

/// Page `page` of an archived PDF.
#[must_use]
pub fn pdf_page_path(sha: Sha256, page: u32) -> String {
    format!("/archive/{sha}.pdf#page={page}")
}

/// The same page as a picture.
#[must_use]
pub fn picture_path(sha: Sha256, page: u32) -> String {
    format!("/documents/{sha}/page/{page}.png")
}

/// `address` when it is one that a reader may click: http or https, nothing else.
#[must_use]
pub fn web_address(address: &str) -> Option<&str> {
    let parsed = url::Url::parse(address).ok()?;
    matches!(parsed.scheme(), "http" | "https").then_some(address)
}

/// Of equally long ones the first.
fn lead(evidence: &[Span], pages: PageSpan) -> Option<&Span> {
    let tellingness = |span: &&Span| (pages.contains(span.page), span.text.chars().count());
    evidence.iter().rev().max_by_key(tellingness)
}

#[cfg(test)]
pub(crate) mod sample {
    use chrono_tz::Europe::Paris;
    use guetteur_model::Basis;

    use super::*;

    /// An act that authorises something of `categories`.
    pub(crate) fn act_of(id: i64, categories: &[&str], facts: Facts) -> PublishedAct {
        let flag = |category: &&str| Flag {
            category: Category::new(category).expect("category"),
            level: Level::Authorises,
            rule: "test".into(),
            to_check: false,
            basis: Basis::Body,
            evidence: Vec::new(),
        };
        let at = "2026-08-14T10:00:00Z".parse().expect("instant");
        PublishedAct {
            id: ActId(id),
            title: "Arrêté".into(),
            number: None,
            own_number: None,
            kind: None,
            service: None,
            signed_on: None,
            signed_by: None,
            capacity: None,
            pages: PageSpan { from: 1, to: 1 },
            facts,
            flags: categories.iter().map(flag).collect(),
            prefecture: Publisher {
                code: "34".into(),
                name: "Préfecture".into(),
                region: String::new(),
                zone: Paris,
            },
            bulletin: BulletinRef {
                id: BulletinId(1),
                title: String::new(),
                number: None,
                url: String::new(),
                published_on: None,
            },
            pdf_sha256: None,
            pdf_withheld: false,
            first_seen_at: at,
            updated_at: at,
            flagged_at: Vec::new(),
            pdf_changes: Vec::new(),
            alert: None,
            repeal: None,
            outcomes: Vec::new(),
            hour: ProofOfHour::default(),
            reviews: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_say_most_come_first() {
        let span = |page, text: &str| Span { page, start: 0, end: 1, text: text.into() };
        let evidence = [
            span(1, "captation d’images au moyen de drones, au sommaire"),
            span(3, "Est autorisé"),
            span(3, "caméra fixée sur un hélicoptère"),
            span(4, "caméra fixée sur un hélicoptère"),
        ];
        let pages = PageSpan { from: 3, to: 4 };
        assert_eq!(lead(&evidence, pages), Some(&evidence[2]));
        assert_eq!(lead(&evidence[..1], pages), Some(&evidence[0]), "the sommaire if need be");
        assert_eq!(lead(&[], pages), None);
    }

    #[test]
    fn an_act_enters_a_list_when_it_is_first_said_of_it_what_the_list_asks() {
        let at = |hour: u32| format!("2026-08-20T{hour:02}:00:00Z").parse().expect("instant");
        let mut act = sample::act_of(1, &[], Facts::default());
        act.first_seen_at = at(3);
        let drone = || Category::new("drone").expect("category");
        act.flagged_at = vec![
            (Category::new("vsa").expect("category"), Level::Authorises, at(1)),
            (drone(), Level::Authorises, at(9)),
            (drone(), Level::Mentions, at(5)),
        ];
        let cases = [
            ("", 3),
            ("q=drone", 3),
            ("categorie=vsa", 3),
            ("categorie=drone", 9),
            ("categorie=drone&niveau=tous", 5),
            ("niveau=mentions", 5),
            ("categorie=lapi", 3),
        ];
        for (list, hour) in cases {
            assert_eq!(act.entered(&Filters::parse(list)), at(hour), "{list}");
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert!(web_address("https://www.gard.gouv.fr/a.pdf").is_some());
        for bad in ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "/a", "", " "]
        {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }
}
