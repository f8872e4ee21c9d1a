//! `/acte/{id}`: what an act says, the words it comes from, and where to check them.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use guetteur_model::{ActId, ActPage, Basis, Flag, Span, restore_lost_glyphs};
use guetteur_publish::badge::Badge;
use guetteur_publish::export::bundle::Bundle;
use guetteur_publish::facts::{self, FactRow};
use guetteur_publish::published::{WITHHELD, pdf_page_path, picture_path, web_address};
use guetteur_publish::reviews::reviewed;
use guetteur_publish::{CatalogueError, PublishedAct, Site, fields, french, hour, state as states};
use guetteur_search::{Query, SearchRequest};
use guetteur_store::{ActView, LinkedActs, Outcome};
use serde::Serialize;

use super::method::rule_address;
use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::marked_text::{MarkedPage, Passage, Piece, Proves, mark};
use crate::page::{Head, page};
use crate::page_parts::{Detail, Link};
use crate::state::AppState;
use crate::streaming::{ChannelWriter, streamed};

/// Said of hours that rest on other people's clocks.
const INDICATION: &str =
    "Ces heures sont celles d’horloges qui ne sont pas les nôtres : un indice, pas une certitude.";
/// Characters of text shown without being asked: the page stays well under 100 kB.
const TEXT_BUDGET: usize = 45_000;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let absent = || WebError::NotFound("Il n’y a pas d’acte à cette adresse.".to_owned());
    let (id, zipped) = name.strip_suffix(".zip").map_or((&*name, false), |id| (id, true));
    let id: ActId = id.parse().map_err(|_| absent())?;
    let view = state.catalogue.store.act(id).await?.ok_or_else(absent)?;
    if zipped {
        super::archive::refuse_withheld(&state, view.record.document).await?;
        return bundle(&state, view).await;
    }
    let whole = query.is_some_and(|query| query.contains("texte=complet"));
    Ok(show(&state, view, whole).await?.into_response())
}

/// The evidence of the act in one file.
async fn bundle(state: &AppState, view: ActView) -> Result<Response, WebError> {
    let name = format!("guetteur-acte-{}.zip", view.record.id);
    let bundle = bundle_of(state, view, true).await?;
    Ok(streamed(&name, "application/zip", async move |sender| {
        let writing = move || bundle.write(ChannelWriter::new(sender, Vec::new()));
        tokio::task::spawn_blocking(writing).await.map_err(std::io::Error::other)?
    }))
}

/// The evidence of the act, its PDF proven where it is to be `with_pdf`.
pub(crate) async fn bundle_of(
    state: &AppState,
    view: ActView,
    with_pdf: bool,
) -> Result<Bundle, WebError> {
    let sha = view.record.document;
    let pdf = if with_pdf { Some(state.catalogue.archive.file(sha).await?) } else { None };
    let text = state.catalogue.store.act_text(view.record.id).await?;
    let versions = state.catalogue.store.bulletin_versions(view.bulletin.id).await?;
    let act = state.catalogue.publish_one(view.record).await?;
    Ok(Bundle {
        act: serde_json::to_value(act.to_json(&state.catalogue.site.base_url)).unwrap_or_default(),
        text,
        versions,
        pdf: (sha, pdf),
        citation: citation(&act, &state.catalogue.site),
        made_at: state.catalogue.now(),
    })
}

async fn show(state: &AppState, view: ActView, whole: bool) -> Result<Html<String>, WebError> {
    let id = view.record.id;
    let text = state.catalogue.store.act_text(id).await?;
    let versions = state.catalogue.store.bulletin_versions(view.bulletin.id).await?;
    let ActView { record, bulletin, document, also_in } = view;
    let removed = record.removed_at;
    let act = state.catalogue.publish_one(record).await?;
    let related = related(state, &act).await?;
    let evidence = Evidence::of(&act);
    let (leaves, hidden_pages) = leaves(&act, &text, &evidence.passages, whole);
    let known: Vec<&str> = state.rules.iter().map(|rule| rule.id.as_str()).collect();
    let shown: Vec<u32> = leaves.iter().map(|leaf| leaf.number).collect();
    let zone = act.prefecture.zone;
    let mut head = Head::new(&act.title, &act.path());
    head.section = "recherche";
    head.description = description(&act);
    let unlisted = act.flags.is_empty() && !state.site.index_unflagged;
    head.noindex = unlisted || removed.is_some();
    let proof_page = act.lead_evidence().map_or(act.pages.from, |span| span.page);
    head.image = act.served_pdf().map(|sha| picture_path(sha, proof_page));
    let body = fields! {
        bulletin_name => bulletin_name(&act),
        badges => Badge::of(&act),
        to_check => act.to_check(),
        mark => act.state().mark(),
        alert_note => states::note(&act),
        removed => removed.map(|at| format!("le {}", french::instant_in(at, zone))),
        withdrawn => bulletin.withdrawn_at.map(|at| format!("le {}", french::instant_in(at, zone))),
        pdf => act.pdf_path(),
        withheld => act.pdf_withheld.then_some(WITHHELD),
        pdf_page => proof_page,
        bundle => format!("{}.zip", act.path()),
        source => web_address(&act.bulletin.url),
        flags => evidence.flags(&act, &known, &shown),
        facts => evidence.facts(&act, &shown),
        decisions => decisions(&act),
        reviews => act.reviews.iter().map(reviewed).collect::<Vec<_>>(),
        doubts => super::legal_doubts::doubts(state, &act),
        contest => act.can_be_contested().then(|| format!("{}/refere", act.path())),
        any_flag => evidence.passages.iter().any(|passage| passage.proves == Proves::Flag),
        any_fact => evidence.passages.iter().any(|passage| passage.proves == Proves::Fact),
        text => leaves,
        hidden_pages,
        full_text => format!("{}?texte=complet#texte", act.path()),
        provenance => provenance(&act, document.size_bytes, document.ocr_pages, &also_in),
        versions => super::bulletin::version_links(&versions, act.pdf_withheld, zone),
        related,
        citation => citation(&act, &state.catalogue.site),
        mistake => mistake(&act, state),
        act => act,
    };
    page(state, "act.html", head, body)
}

/// What a court decided about the act, in words.
#[derive(Serialize)]
struct DecisionView {
    words: String,
    note: Option<String>,
    source: Option<String>,
}

fn decisions(act: &PublishedAct) -> Vec<DecisionView> {
    let view = |outcome: &Outcome| DecisionView {
        words: states::judged(outcome),
        note: outcome.note.clone(),
        source: outcome.source.as_deref().and_then(web_address).map(str::to_owned),
    };
    act.outcomes.iter().map(view).collect()
}

/// `Recueil n° 26-2025-040 du 20 février 2025`, or the title of the link.
fn bulletin_name(act: &PublishedAct) -> String {
    super::bulletin::name(
        act.bulletin.number.as_deref(),
        &act.bulletin.title,
        act.bulletin.published_on,
    )
}

fn description(act: &PublishedAct) -> String {
    let mut parts = vec![act.prefecture.name.clone()];
    parts.extend(act.published_on().map(|day| format!("publié le {}", french::day(day))));
    let facts = &act.facts;
    let period = french::period(facts.valid_from.as_ref(), facts.valid_to.as_ref());
    parts.extend(period.map(|period| format!("effet {period}")));
    let flags: Vec<String> = act
        .by_category()
        .iter()
        .map(|(category, level)| format!("{} : {}", category.label(), level.label()))
        .collect();
    parts.extend(flags);
    parts.join(" ; ")
}

/// All passages of the act that prove something.
pub(crate) fn passages(act: &PublishedAct) -> Vec<Passage> {
    Evidence::of(act).passages
}

/// The passages that prove something, numbered once each for their anchors.
struct Evidence {
    passages: Vec<Passage>,
}

#[derive(Serialize)]
struct Quote {
    text: String,
    page: u32,
    anchor: usize,
    /// Whether the passage stands in the text on this page.
    shown: bool,
}

#[derive(Serialize)]
struct FlagView {
    label: String,
    level_label: &'static str,
    to_check: bool,
    rule: String,
    /// Where « Méthode » shows the rule, while it is loaded.
    rule_href: Option<String>,
    basis: &'static str,
    quotes: Vec<Quote>,
}

#[derive(Serialize)]
struct FactView {
    label: &'static str,
    value: String,
    to_check: bool,
    quotes: Vec<Quote>,
    links: Vec<Link>,
}

impl Evidence {
    fn of(act: &PublishedAct) -> Self {
        let mut evidence = Self { passages: Vec::new() };
        for span in act.flags.iter().flat_map(|flag| &flag.evidence) {
            evidence.add(Proves::Flag, span);
        }
        for span in facts::rows(act).iter().flat_map(|row| &row.quotes) {
            evidence.add(Proves::Fact, span);
        }
        evidence
    }

    fn add(&mut self, proves: Proves, span: &Span) {
        if !self.passages.iter().any(|passage| passage.span == *span) {
            let anchor = self.passages.len() + 1;
            self.passages.push(Passage { anchor, proves, span: span.clone() });
        }
    }

    /// Each wording once a page.
    fn quotes(&self, spans: &[Span], shown: &[u32]) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = Vec::new();
        for span in spans {
            let text = short(&span.text);
            if quotes.iter().any(|quote| quote.page == span.page && quote.text == text) {
                continue;
            }
            let anchor = self.passages.iter().find(|p| p.span == *span).map(|p| p.anchor);
            quotes.push(Quote {
                text,
                page: span.page,
                anchor: anchor.unwrap_or_default(),
                shown: anchor.is_some() && shown.contains(&span.page),
            });
        }
        quotes
    }

    fn flags(&self, act: &PublishedAct, known: &[&str], shown: &[u32]) -> Vec<FlagView> {
        let view = |flag: &Flag| FlagView {
            label: flag.category.label().to_owned(),
            level_label: flag.level.label(),
            to_check: flag.to_check,
            rule: flag.rule.clone(),
            rule_href: known.contains(&flag.rule.as_str()).then(|| rule_address(&flag.rule)),
            basis: match flag.basis {
                Basis::Sommaire => "le sommaire",
                Basis::Title => "le titre",
                Basis::Body => "le corps de l’acte",
            },
            quotes: self.quotes(&flag.evidence, shown),
        };
        act.flags.iter().map(view).collect()
    }

    fn facts(&self, act: &PublishedAct, shown: &[u32]) -> Vec<FactView> {
        let view = |row: FactRow| FactView {
            label: row.label,
            value: row.value,
            to_check: row.to_check,
            links: if row.key == "communes" { commune_links(act) } else { Vec::new() },
            quotes: self.quotes(&row.quotes, shown),
        };
        facts::rows(act).into_iter().map(view).collect()
    }
}

fn commune_links(act: &PublishedAct) -> Vec<Link> {
    let communes = act.facts.communes.iter().take(20);
    communes
        .map(|c| Link::new(format!("tout sur {}", c.name), format!("/commune/{}", c.insee)))
        .collect()
}

/// A quotation long enough to recognise, its lost glyphs restored.
fn short(text: &str) -> String {
    const LONGEST: usize = 400;
    let flat = restore_lost_glyphs(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= LONGEST {
        return flat;
    }
    flat.chars().take(LONGEST).chain(['…']).collect()
}

#[derive(Serialize)]
struct Leaf {
    number: u32,
    pieces: Vec<Piece>,
    pdf: Option<String>,
    /// The page as a picture, where evidence stands on it or the act begins.
    picture: Option<String>,
    /// The boxes to lay over it.
    boxes: Option<String>,
}

/// The pages to show, and how many are left out: those with evidence always, then from the start as
/// far as the budget goes.
fn leaves(
    act: &PublishedAct,
    text: &[ActPage],
    passages: &[Passage],
    whole: bool,
) -> (Vec<Leaf>, u64) {
    let mut budget = if whole { usize::MAX } else { TEXT_BUDGET };
    let marked: Vec<MarkedPage> = text.iter().map(|page| mark(page, passages)).collect();
    let size = |page: &MarkedPage| page.pieces.iter().map(|p| p.text.len()).sum::<usize>();
    for page in marked.iter().filter(|page| page.has_evidence) {
        budget = budget.saturating_sub(size(page));
    }
    let mut hidden = 0;
    let mut leaves = Vec::new();
    for page in marked {
        let size = size(&page);
        if !page.has_evidence {
            if size > budget {
                hidden += 1;
                continue;
            }
            budget -= size;
        }
        let pdf = act.served_pdf().map(|sha| pdf_page_path(sha, page.number));
        let shown = page.has_evidence || leaves.is_empty();
        let picture = act.served_pdf().filter(|_| shown).map(|sha| picture_path(sha, page.number));
        let boxes = picture
            .as_ref()
            .filter(|_| page.has_evidence)
            .map(|png| format!("{}svg?acte={}", png.trim_end_matches("png"), act.id));
        leaves.push(Leaf { number: page.number, pieces: page.pieces, pdf, picture, boxes });
    }
    (leaves, hidden)
}

fn provenance(
    act: &PublishedAct,
    bytes: u64,
    ocr_pages: u32,
    also_in: &[guetteur_store::BulletinRow],
) -> Vec<Detail> {
    let zone = act.prefecture.zone;
    let pages = match act.pages {
        span if span.from == span.to => format!("page {}", span.from),
        span => format!("pages {} à {}", span.from, span.to),
    };
    let row = |label, value: String| Detail { label, value, ..Detail::default() };
    let mut rows = vec![
        Detail {
            href: Some(format!("/recueil/{}", act.bulletin.id)),
            ..row("Recueil", bulletin_name(act))
        },
        row("Dans le PDF", pages),
        Detail {
            href: web_address(&act.bulletin.url).map(str::to_owned),
            outside: true,
            ..row("Publié à l’adresse", act.bulletin.url.clone())
        },
        row("Vu pour la première fois", french::instant_in(act.first_seen_at, zone)),
        row("Mis à jour", french::instant_in(act.updated_at, zone)),
    ];
    let hour = &act.hour;
    let of_file = |label, time: Option<guetteur_model::FileTime>| {
        time.map(|time| row(label, hour::file_time(time, zone)))
    };
    rows.extend(of_file("Créé, d’après le PDF", hour.pdf_created));
    rows.extend(of_file("Modifié, d’après le PDF", hour.pdf_modified));
    let server = hour.last_modified.map(|at| french::instant_in(at, zone));
    rows.extend(server.map(|at| row("Modifié, d’après le serveur", at)));
    if let Some(sentence) = hour.sentence(zone) {
        rows.push(row("Heure de publication", format!("{sentence} {INDICATION}")));
    }
    if let Some(sha) = act.pdf_sha256 {
        rows.push(Detail {
            mono: true,
            href: act.served_pdf().map(|sha| format!("/archive/{sha}.pdf")),
            ..row("SHA-256 du PDF", sha.to_string())
        });
        rows.push(row("Taille du PDF", size(bytes)));
    }
    if ocr_pages > 0 {
        let pages = french::count(ocr_pages.into(), "page scannée", "pages scannées");
        rows.push(row("Lecture", format!("{pages} lues par reconnaissance de caractères")));
    }
    if let Some(service) = &act.service {
        rows.push(row("Service", service.clone()));
    }
    if let Some(number) = &act.own_number {
        rows.push(row("Numéro propre", number.clone()));
    }
    rows.extend(also_in.iter().map(|other| Detail {
        href: Some(format!("/recueil/{}", other.id)),
        ..row("Aussi publié dans", other.title.clone())
    }));
    rows
}

fn size(bytes: u64) -> String {
    let (value, unit) = match bytes {
        0..1_000_000 => (bytes as f64 / 1e3, "ko"),
        _ => (bytes as f64 / 1e6, "Mo"),
    };
    format!("{value:.1}\u{202f}{unit}").replace('.', ",").replace(",0\u{202f}", "\u{202f}")
}

#[derive(Serialize)]
struct Group {
    label: &'static str,
    acts: Vec<ListedAct>,
    more: Option<Link>,
}

/// Acts shown of each kind of relation.
const RELATED: usize = 8;

async fn related(state: &AppState, act: &PublishedAct) -> Result<Vec<Group>, WebError> {
    let LinkedActs { changes, changed_by, same } =
        state.catalogue.store.linked_acts(act.id).await?;
    let known: Vec<ActId> = changes.iter().chain(&changed_by).chain(&same).map(|a| a.id).collect();
    let linked = [
        ("Modifie, prolonge ou abroge", changes),
        ("Modifié, prolongé ou abrogé par", changed_by),
        ("Le même acte, dans un autre recueil", same),
    ];
    let mut groups: Vec<Group> = linked
        .into_iter()
        .map(|(label, records)| {
            let acts: Vec<_> =
                records.into_iter().take(RELATED).map(|r| state.catalogue.published(r)).collect();
            Group { label, acts: ListedAct::all(&acts), more: None }
        })
        .collect();
    if let Some(number) = act.cited_number().filter(|number| number.len() >= 8) {
        // Prefectures count alike: what bears the number does not cite it, and another prefecture
        // means an act of its own, unless the number begins with this one's code.
        let code = &act.prefecture.code;
        let mut query = format!("\"{}\"", quotable(number));
        if !number.starts_with(&format!("{code}-")) {
            query += &format!(" prefecture:{code}");
        }
        let mut citing = by_query(state, &query, act.id).await?;
        citing.retain(|other| {
            !known.contains(&other.id)
                && other.own_number.as_deref() != Some(number)
                && other.number.as_deref() != Some(number)
        });
        groups.push(Group { label: "Le citent", acts: ListedAct::all(&citing), more: None });
    }
    groups.push(same_bulletin(state, act).await?);
    groups.retain(|group| !group.acts.is_empty());
    Ok(groups)
}

fn quotable(text: &str) -> String {
    text.replace('"', " ")
}

async fn by_query(
    state: &AppState,
    query: &str,
    but: ActId,
) -> Result<Vec<PublishedAct>, CatalogueError> {
    let mut request = SearchRequest::new(Query::parse(query), state.catalogue.today());
    request.facets = false;
    request.relax = false;
    request.limit = RELATED + 1;
    let hits = state.catalogue.search(request).await?.hits;
    let ids: Vec<ActId> = hits.iter().map(|hit| hit.act_id).filter(|id| *id != but).collect();
    state.catalogue.acts(&ids).await
}

/// The others of the bulletin, those with a flag first.
async fn same_bulletin(state: &AppState, act: &PublishedAct) -> Result<Group, WebError> {
    let records = state.catalogue.store.acts_of_bulletin(act.bulletin.id).await?;
    let mut others: Vec<PublishedAct> = records
        .into_iter()
        .filter(|record| record.id != act.id)
        .map(|record| state.catalogue.published(record))
        .collect();
    let all = others.len() as u64 + 1;
    others.sort_by_key(|other| other.level().map_or(u8::MAX, |level| level as u8));
    let more = (others.len() > RELATED).then(|| {
        let label = format!("Les {} du recueil", french::count(all, "acte", "actes"));
        Link::new(label, format!("/recueil/{}", act.bulletin.id))
    });
    others.truncate(RELATED);
    Ok(Group { label: "Dans le même recueil", acts: ListedAct::all(&others), more })
}

/// A line to copy: who, what, when, where, with the permanent address and the hash.
pub(crate) fn citation(act: &PublishedAct, site: &Site) -> String {
    let mut line = format!("{}, ", act.prefecture.name);
    if let Some(number) = act.cited_number() {
        line += &format!("n° {number}, ");
    }
    line += &format!("« {} »", act.title);
    if let Some(day) = act.signed_on.or(act.facts.signed_on) {
        line += &format!(", signé le {}", french::day(day));
    }
    if let Some(day) = act.published_on() {
        line += &format!(", publié le {}", french::day(day));
    }
    line += &format!(", p. {}", act.pages.from);
    line += &format!(". {}, {}{}", site.title, site.base_url, act.path());
    if let Some(sha) = act.pdf_sha256 {
        line += &format!(" (SHA-256 du PDF : {sha})");
    }
    line
}

/// Where a reader tells that something is wrong.
fn mistake(act: &PublishedAct, state: &AppState) -> Option<String> {
    let address = format!("{}{}", state.catalogue.site.base_url, act.path());
    if let Some(page) = &state.site.report {
        let sign = if page.contains('?') { '&' } else { '?' };
        return Some(format!("{page}{sign}acte={}", encode(&address)));
    }
    let contact = state.site.contact.as_ref()?;
    let subject = format!("Erreur sur l’acte {}", act.id);
    let body = format!("{address}\n\nCe qui est faux :\n");
    Some(format!("mailto:{contact}?subject={}&body={}", encode(&subject), encode(&body)))
}

fn encode(text: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let shown = |bytes| size(bytes).replace('\u{202f}', " ");
        assert_eq!(shown(31_790_000), "31,8 Mo");
        assert_eq!(shown(2_000), "2 ko");
    }
}
