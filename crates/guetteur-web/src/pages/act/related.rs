//! What else concerns an act: what it changes, what cites it, the rest of its bulletin.

use guetteur_model::ActId;
use guetteur_publish::{CatalogueError, PublishedAct, french};
use guetteur_search::{Query, SearchRequest};
use guetteur_store::LinkedActs;
use serde::Serialize;

use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::page_parts::Link;
use crate::state::AppState;

#[derive(Serialize)]
pub(super) struct Group {
    label: &'static str,
    acts: Vec<ListedAct>,
    more: Option<Link>,
}

/// Acts shown of each kind of relation.
const RELATED: usize = 8;

pub(super) async fn related(state: &AppState, act: &PublishedAct) -> Result<Vec<Group>, WebError> {
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
