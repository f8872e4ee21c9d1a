//! `/`: what it is, what is new, what is in force, and how fresh it all is.

use axum::extract::State;
use axum::response::Html;
use guetteur_model::{Category, Level};
use guetteur_publish::address::{Filters, Moment};
use guetteur_publish::health::{Health, Tally};
use guetteur_publish::{fields, french};
use guetteur_search::FacetCount;
use serde::Serialize;

use super::subscription;
use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::page::{Head, alternates, page};
use crate::page_parts::{Figure, Link};
use crate::state::AppState;

/// Acts in force that the page names.
const IN_FORCE: usize = 8;

#[derive(Serialize)]
struct Freshness {
    sentence: String,
    states: Vec<Tally>,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let authorised = Filters { levels: vec![Level::Authorises], page: 1, ..Filters::default() };
    let latest = ListedAct::all(&state.catalogue.newest(&authorised, 10).await?);
    // An act that repeals takes effect, too, but nobody is watched by it.
    let now_in_force = Filters { moments: vec![Moment::InForce], ..authorised.clone() };
    let mut in_force = state.catalogue.newest(&now_in_force, 2 * IN_FORCE).await?;
    // Some are ended by another act, which the index does not know.
    in_force.retain(|act| !act.is_ended());
    in_force.truncate(IN_FORCE);
    let in_force = ListedAct::all(&in_force);
    let in_force_total = state.catalogue.count(&now_in_force).await?.total as u64;
    let authorisations = state.catalogue.count(&authorised).await?;
    let findings = state.catalogue.count(&Filters::findings()).await?;
    let totals = state.catalogue.store.totals().await?;
    let mut head = Head::new(&state.catalogue.site.title, "/");
    head.description = "Les arrêtés préfectoraux de surveillance, signalés, datés et prouvés : \
                        drones, vidéosurveillance algorithmique, vidéoprotection."
        .to_owned();
    let everything = Filters { page: 1, ..Filters::default() };
    head.alternates = alternates("/recherche", &everything);
    head.follow = Some(subscription::address(&everything));
    let body = fields! {
        latest, in_force, in_force_total,
        shortcuts => shortcuts(&authorisations.facets.category),
        today => french::weekday_and_day(state.catalogue.today()),
        freshness => freshness(&state).await?,
        figures => [
            Figure::new(findings.total as u64, "acte signalé", "actes signalés"),
            Figure::new(totals.acts, "acte lu", "actes lus"),
            Figure::new(totals.bulletins, "recueil", "recueils"),
            Figure::new(totals.pages, "page", "pages"),
        ],
    };
    page(&state, "home.html", head, body)
}

/// The categories that acts authorise, in the order of the built-in ones.
fn shortcuts(counts: &[FacetCount]) -> Vec<Link> {
    let link = |(id, label): &(&str, &str)| {
        let count = counts.iter().find(|facet| facet.value == *id)?;
        let href = format!("/recherche?categorie={id}&niveau=authorises");
        Some(Link::new(*label, href).counting(count.count))
    };
    Category::BUILT_IN.iter().filter_map(link).collect()
}

async fn freshness(state: &AppState) -> Result<Freshness, WebError> {
    let now = state.catalogue.now();
    let rows = state.catalogue.store.source_states().await?;
    let healths: Vec<Health> = state
        .catalogue
        .registry
        .iter()
        .map(|source| Health::of(rows.iter().find(|row| row.code == source.code), now))
        .collect();
    let sentence = match rows.iter().filter_map(|row| row.last_ok_at).max() {
        Some(at) => format!("Dernier passage réussi {}.", french::ago(now, at)),
        None => "Aucune source n’a encore été lue.".to_owned(),
    };
    Ok(Freshness { sentence, states: Tally::of(&healths) })
}
