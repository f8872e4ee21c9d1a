//! What is said above the results: how the query was read, and what else may be meant.

use guetteur_model::Category;
use guetteur_publish::address::Filters;
use guetteur_publish::french;
use guetteur_search::{Expansion, SearchRequest, SearchResults};

use super::PATH;
use crate::error::WebError;
use crate::page_parts::Link;
use crate::places;
use crate::state::AppState;
use crate::understood;

pub(super) async fn notes(
    state: &AppState,
    filters: &Filters,
    results: &SearchResults,
    last: u32,
) -> Result<Vec<String>, WebError> {
    let mut notes: Vec<String> =
        filters.misread.iter().map(|what| format!("Ignoré dans l’adresse : {what}.")).collect();
    notes.extend(filters.guessed.iter().map(|what| format!("Dans l’adresse, {what}.")));
    let unknown = understood::unknown(state, filters).await?;
    let unknown = unknown.into_iter().map(|value| value.words);
    notes.extend(unknown.map(|what| format!("Dans l’adresse, {what}.")));
    notes.extend(places::note(filters).map(str::to_owned));
    notes.extend(results.notes.iter().map(|note| state.letters.law().cited_in(note)));
    notes.extend(results.expanded.iter().map(meant));
    if last > 0 && filters.page > last {
        notes.push(format!(
            "La liste n’a que {} : il n’y a pas de page {}.",
            french::count(last.into(), "page", "pages"),
            filters.page
        ));
    }
    if results.total > SearchRequest::MAX_WINDOW && filters.page == last {
        notes.push("Les pages s’arrêtent ici ; exportez la liste pour tout avoir.".to_owned());
    }
    Ok(notes)
}

/// Meanings told; the list is long for the words most asked for.
const MEANINGS: usize = 4;

/// How a word was understood, without the marks of the query language.
fn meant(expansion: &Expansion) -> String {
    let mut meant: Vec<String> =
        expansion.meant.iter().map(|meaning| plain_words(meaning)).collect();
    meant.dedup();
    let more = if meant.len() > MEANINGS { ", etc" } else { "" };
    meant.truncate(MEANINGS);
    let meant = format!("{}{more}", meant.join(", "));
    if expansion.instead {
        format!(
            "« {} » a été cherché sous la forme : {meant}. Entre guillemets, il serait cherché tel \
             quel.",
            expansion.asked
        )
    } else {
        format!("« {} » a été compris aussi comme : {meant}.", expansion.asked)
    }
}

/// `categorie:drone niveau:autorise` → `catégorie « Drones et hélicoptères »`,
/// `"captation images"~8` → `captation … images`.
fn plain_words(meaning: &str) -> String {
    if let Some(rest) = meaning.strip_prefix("categorie:") {
        let id = rest.split_whitespace().next().unwrap_or(rest);
        let label = Category::new(id).map_or_else(|_| id.to_owned(), |c| c.label().to_owned());
        return format!("catégorie « {label} »");
    }
    match meaning.rsplit_once("\"~") {
        Some((words, _)) => words.trim_matches('"').split(' ').collect::<Vec<_>>().join(" … "),
        None => meaning.trim_matches('"').to_owned(),
    }
}

pub(super) fn suggestion(filters: &Filters, results: &SearchResults) -> Option<Link> {
    let mended = results.suggestion.as_ref()?;
    let href = filters.with(|f| f.q.clone_from(mended)).address(PATH);
    Some(Link::new(mended.clone(), href))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_are_told_without_the_query_language() {
        let cases = [
            ("categorie:drone niveau:autorise,restreint", "catégorie « Drones et hélicoptères »"),
            ("\"captation images\"~8", "captation … images"),
            ("\"anti drone\"", "anti drone"),
            ("brouilleur", "brouilleur"),
        ];
        for (meaning, expected) in cases {
            assert_eq!(plain_words(meaning), expected);
        }
    }
}
