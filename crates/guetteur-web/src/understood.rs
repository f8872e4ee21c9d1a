//! Whether an address is understood whole. A page says what was not; a program that gets another list
//! than it asked for sees nothing of it, and is refused.

use guetteur_model::Category;
use guetteur_publish::address::Filters;
use guetteur_search::Query;

use crate::error::WebError;
use crate::state::AppState;

/// Refuses what programs ask when any filter of it is not understood: its value is none, or none
/// that this site knows.
///
/// # Errors
/// When it is not, in words that say what was understood; when the index fails.
pub(crate) async fn whole(state: &AppState, asked: &Filters) -> Result<(), WebError> {
    let mut wrong: Vec<String> = asked.misread.iter().chain(&asked.guessed).cloned().collect();
    let mut unknown = Vec::new();
    let query = Query::parse(&asked.q);
    if !query.is_read_whole() {
        let notes = query.notes().iter();
        wrong.extend(notes.map(|note| note.trim_end_matches('.').to_owned()));
        unknown.push(("q", asked.q.clone()));
    }
    for code in &asked.prefectures {
        let only = Filters { prefectures: vec![code.clone()], page: 1, ..Filters::default() };
        if state.catalogue.source(code).is_none() && is_empty(state, &only).await? {
            wrong.push(format!("préfecture « {code} » inconnue"));
            unknown.push(("prefecture", code.clone()));
        }
    }
    for category in &asked.categories {
        let categories = vec![category.clone()];
        let only = Filters { categories, every_level: true, page: 1, ..Filters::default() };
        if !is_ours(state, category) && is_empty(state, &only).await? {
            wrong.push(format!("catégorie « {category} » inconnue"));
            unknown.push(("categorie", category.to_string()));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let understood: Vec<String> = asked
        .pairs()
        .into_iter()
        .filter(|pair| !unknown.contains(pair))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let understood = match understood.is_empty() {
        true => "rien".to_owned(),
        false => understood.join(", "),
    };
    Err(WebError::BadRequest(format!(
        "Adresse incomprise : {}. Compris : {understood}. Rien n’est envoyé plutôt qu’une autre \
         liste que celle demandée : corrigez ces filtres ou retirez-les.",
        wrong.join(" ; ")
    )))
}

async fn is_empty(state: &AppState, filters: &Filters) -> Result<bool, WebError> {
    Ok(state.catalogue.count(filters).await?.total == 0)
}

/// Built in, or of a rule of the operator's, also one that has found nothing yet.
fn is_ours(state: &AppState, category: &Category) -> bool {
    let id = category.as_str();
    Category::BUILT_IN.iter().any(|(known, _)| *known == id)
        || state.rules.iter().any(|rule| rule.category == id)
}
