//! An act as an entry of a feed.

use chrono::{DateTime, Utc};
use minijinja::{Error, ErrorKind};

use super::{Content, Entry, Pdf, clean};
use crate::badge::Badge;
use crate::published::{PublishedAct, web_address};
use crate::site::Site;
use crate::state::State;
use crate::{facts, fields, french, state, templates};

impl Entry {
    /// The entry of an act that entered the feed at `entered`; `pdf_bytes` is the size of its archived
    /// PDF.
    ///
    /// # Errors
    /// When the template fails or the act is no JSON: mistakes of ours.
    pub fn of_act(
        act: &PublishedAct,
        site: &Site,
        entered: DateTime<Utc>,
        pdf_bytes: Option<u64>,
    ) -> Result<Self, Error> {
        let html = templates::render(
            "entry.html",
            fields! {
                act,
                base => site.base_url,
                path => act.path(),
                pdf => act.pdf_path(),
                source => web_address(&act.bulletin.url),
                badges => Badge::of(act),
                to_check => act.to_check(),
                alert_note => state::note(act),
                flags => act.flags,
                facts => facts::rows(act),
                doubts => doubts(act),
                sha => act.pdf_sha256.map(|sha| sha.to_string()),
                first_seen => french::instant_in(act.first_seen_at, act.prefecture.zone),
            },
        )?;
        // The PDF of a bulletin whose acts are unread proves nothing yet, and acts share it.
        let pdf = act.pdf_path().filter(|_| act.state() != State::ToConfirm);
        let data = act.to_value(&site.base_url).map_err(|error| {
            Error::new(ErrorKind::BadSerialization, "an act is no JSON").with_source(error)
        })?;
        let category = |(category, _): (&guetteur_model::Category, _)| {
            (category.to_string(), category.label().to_owned())
        };
        Ok(Self {
            id: site.tag("acte", act.id),
            title: title(act),
            page: site.absolute(&act.path()),
            published: entered,
            updated: act.updated_at.max(entered),
            author: Some(act.prefecture.name.clone()),
            categories: act.categories().into_iter().map(category).collect(),
            summary: summary(act),
            content: Content::Html(html),
            pdf: pdf.map(|path| Pdf { address: site.absolute(&path), bytes: pdf_bytes }),
            original: web_address(&act.bulletin.url).map(str::to_owned),
            follows_up: None,
            data: Some(data),
        })
    }
}

/// What the law may not allow, each doubt in its own words.
fn doubts(act: &PublishedAct) -> Vec<String> {
    let told = |doubt: &guetteur_model::LegalDoubt| {
        format!("{} : {}", french::capitalised(doubt.kind.label()), doubt.says)
    };
    act.facts.legal_doubts.iter().map(told).collect()
}

/// The state comes first: some readers compare nothing else of an entry, or show nothing else.
fn summary(act: &PublishedAct) -> Option<String> {
    let mark = act.state().mark().map(|mark| format!("{mark}."));
    let words = act.lead_evidence().map(|span| format!("« {} »", span.text));
    let parts: Vec<String> = mark.into_iter().chain(words).collect();
    (!parts.is_empty()).then(|| clean(&parts.join(" ")))
}

/// What matters to whoever reads two hundred of them.
fn title(act: &PublishedAct) -> String {
    let mark = act.state().mark();
    let mut parts = Vec::from_iter(mark.map(|mark| format!("[{mark}]")));
    if let Some((category, level)) = act.categories().first() {
        parts.push(format!("[{} : {}]", category.label(), level.label()));
    }
    if act.to_check() && mark.is_none() {
        parts.push("[à vérifier]".to_owned());
    }
    parts.push(act.title.clone());
    parts.push(format!("— {}", act.prefecture.name));
    clean(&parts.join(" "))
}
