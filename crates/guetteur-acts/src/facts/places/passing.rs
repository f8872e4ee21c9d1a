//! Words at which a commune's name is none, or hangs on others: a person's birthplace, the name of a
//! union of communes, the article of a day.

use guetteur_model::dates::weekday_number;

use super::super::tokens::{Kind, Token};

/// « communauté de communes du Grand Ventoux », « syndicat de communes »: it may have a name of its own,
/// or that of a commune.
pub(super) fn of_a_union(words: &[Token<'_>], i: usize) -> bool {
    i >= 2
        && words[i].text == "communes"
        && words[i - 1].text == "de"
        && matches!(words[i - 2].text, "communaute" | "communautes" | "syndicat")
}

/// Where « né le 3 mai 1970 à Die », « demeurant 4 rue du Port – 26150 Die » at token `i` ends: where
/// a person was born or lives is no place of the act.
pub(super) fn after_person(words: &[Token<'_>], i: usize) -> Option<usize> {
    const BORN: usize = 14;
    const LIVES: usize = 24;
    let most = match words[i].text {
        "ne" | "nee" if words.get(i + 1).is_some_and(|t| t.text == "le") => BORN,
        "demeurant" | "domicilie" | "domiciliee" | "residant" => LIVES,
        _ => return None,
    };
    let over = |t: &Token<'_>| match t.text {
        ";" | "." => true,
        "," => most == BORN,
        word => matches!(word, "est" | "sont" | "membre" | "gerant" | "president" | "demeurant"),
    };
    let rest = words[i + 1..].iter().take(most);
    Some(i + 1 + rest.take_while(|t| !over(t)).count())
}

/// « Valencedu lundi 3 mars »: letters at the end of the word at `at` that belong to the day behind it.
pub(super) fn glued_to_a_day(words: &[Token<'_>], at: usize) -> Option<usize> {
    let day = words.get(at + 1)?;
    (day.kind == Kind::Number || weekday_number(day.text).is_some()).then_some(())?;
    let word = words[at].text;
    ["du", "les", "le"]
        .iter()
        .find(|end| word.len() > 5 && word.ends_with(**end))
        .map(|end| end.len())
}
