//! Words at which a commune's name is none, or hangs on others: a person's birthplace, the name of a
//! union of communes, the article of a day, the next title.

use guetteur_model::dates::weekday_number;

use super::super::tokens::{Kind, Token};

/// Where « communauté de communes de Gevrey et de Nuits », « syndicat intercommunal des eaux de Die » at
/// token `i` ends: a union bears the names of communes, and is none.
pub(super) fn after_union(words: &[Token<'_>], i: usize) -> Option<usize> {
    const LONGEST: usize = 20;
    const KINDS: [&str; 7] = [
        "communes",
        "agglomeration",
        "urbaine",
        "intercommunal",
        "intercommunale",
        "mixte",
        "departemental",
    ];
    if !matches!(words[i].text, "communaute" | "communautes" | "syndicat" | "syndicats") {
        return None;
    }
    let kind = (i + 1..words.len().min(i + 4)).find(|&at| KINDS.contains(&words[at].text));
    let name = kind? + 1;
    let over = |t: &Token<'_>| {
        t.kind == Kind::Mark && !matches!(t.text, "'" | "-" | "\"")
            || matches!(
                t.text,
                "a" | "sur"
                    | "pour"
                    | "par"
                    | "dans"
                    | "est"
                    | "sont"
                    | "relatif"
                    | "relative"
                    | "portant"
                    | "autorisant"
                    | "commune"
                    | "communes"
                    | "ville"
                    | "situe"
                    | "situes"
            )
    };
    Some(name + words[name..].iter().take(LONGEST).take_while(|t| !over(t)).count())
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

/// « aérodrome Auxerre-Branches » lies in neither, « Paris-Le Bourget » not in Paris: whether the name at
/// `start..next` is of such a pair.
pub(super) fn names_airfield(words: &[Token<'_>], start: usize, next: usize) -> bool {
    let joined = words.get(next).is_some_and(|t| t.text == "-" && t.start == words[next - 1].end);
    const BESIDE_PARIS: [&str; 5] = ["le", "orly", "charles", "roissy", "saclay"];
    let beside = words.get(next + 1).is_some_and(|t| BESIDE_PARIS.contains(&t.text));
    let capital = next == start + 1 && words[start].text == "paris" && beside;
    let airfield = |t: &Token<'_>| matches!(t.text, "aerodrome" | "aeroport");
    joined && (capital || words[..start].iter().any(airfield))
}

/// « VALENCECONVENTION », « Valenceautorisant »: letters at the end of a word that begin a title.
pub(super) fn glued_to_a_kind(word: &str) -> Option<usize> {
    const SHORTEST: usize = 9;
    let kinds = ["convention", "arrete", "decision", "portant", "autorisant"];
    (if word.len() < SHORTEST { &[] } else { &kinds[..] })
        .iter()
        .find(|kind| word.len() > kind.len() + 2 && word.ends_with(**kind))
        .map(|kind| kind.len())
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
