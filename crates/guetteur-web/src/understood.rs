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
    let unknown = unknown(state, asked).await?;
    let mut wrong: Vec<String> = asked.misread.iter().chain(&asked.guessed).cloned().collect();
    let query = Query::parse(&asked.q);
    let misread_words = !query.is_read_whole();
    if misread_words {
        let notes = query.notes().iter();
        wrong.extend(notes.map(|note| note.trim_end_matches('.').to_owned()));
    }
    wrong.extend(unknown.iter().map(|value| value.words.clone()));
    if wrong.is_empty() {
        return Ok(());
    }
    let understood: Vec<String> = asked
        .pairs()
        .into_iter()
        .filter(|pair| !unknown.iter().any(|value| value.pair == *pair))
        .filter(|(name, _)| !(misread_words && *name == "q"))
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

/// A value of an address that this site does not know.
pub(crate) struct Unknown {
    pair: (&'static str, String),
    /// What is not known of it, in words for the reader.
    pub(crate) words: String,
}

/// Prefectures and categories that are none.
///
/// # Errors
/// When the index fails.
pub(crate) async fn unknown(state: &AppState, asked: &Filters) -> Result<Vec<Unknown>, WebError> {
    let mut unknown = Vec::new();
    for code in &asked.prefectures {
        let only = Filters { prefectures: vec![code.clone()], page: 1, ..Filters::default() };
        if state.catalogue.source(code).is_none() && is_empty(state, &only).await? {
            let words = format!("préfecture « {code} » inconnue");
            unknown.push(Unknown { pair: ("prefecture", code.clone()), words });
        }
    }
    for category in &asked.categories {
        let categories = vec![category.clone()];
        let only = Filters { categories, every_level: true, page: 1, ..Filters::default() };
        if !is_ours(state, category) && is_empty(state, &only).await? {
            let words = format!("catégorie « {category} » inconnue");
            unknown.push(Unknown { pair: ("categorie", category.to_string()), words });
        }
    }
    Ok(unknown)
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
