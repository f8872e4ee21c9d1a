//! How a commune's name is written: from a token on, with a capital, in the act's département.

use guetteur_communes::{communes, departement_of, key_word};
use guetteur_model::Commune;

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::cities::arrondissements;
use super::heads::is_large;
use super::passing::{glued_to_a_day, glued_to_a_kind};
use super::words::{LINKS, UNIONS, is_common};

/// INSEE code of the city as a whole.
pub(super) const PARIS: &str = "75056";
/// Tokens of a long name: « L'Isle-sur-la-Sorgue » has nine.
pub(super) const LONGEST: usize = 11;

/// The longest name of a commune at token `at`, written with a capital; behind « commune de » one of
/// the act's département needs none (« communes de falaise, monthois »).
pub(super) fn name_at(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    at: usize,
    article: Option<&str>,
    announced: bool,
) -> Option<(Vec<Commune>, usize)> {
    let first = words.get(at).filter(|t| t.kind == Kind::Word)?;
    let lower_article = matches!(first.text, "la" | "le" | "les" | "l");
    let capital = |i: usize| words.get(i).is_some_and(|t| reading.text.is_upper(t.start));
    let small = !capital(at) && !(lower_article && (capital(at + 1) || capital(at + 2)));
    if small && (!announced || LINKS.contains(&first.text) || is_common(first.text)) {
        return None;
    }
    let mut key = article.unwrap_or_default().to_owned();
    let mut best = None;
    let mut i = at;
    let mut count = 0;
    while count < communes().longest_name() {
        let Some(token) = words.get(i) else { break };
        if token.kind == Kind::Mark {
            if i == at || !matches!(token.text, "-" | "'" | "." | "_") {
                break;
            }
            i += 1;
            continue;
        }
        if token.kind != Kind::Word {
            break;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        // « Mollans s/ Ouvèze »
        let slash = words.get(i + 1).is_some_and(|t| t.text == "/");
        let over = match token.text {
            "s" if slash => Some("sur"),
            "ss" if slash => Some("sous"),
            _ => None,
        };
        key.push_str(over.unwrap_or_else(|| key_word(token.text)));
        i += 1 + usize::from(over.is_some());
        count += 1;
        let goes_on = words.get(i).is_some_and(|t| t.text == "-" && t.start == words[i - 1].end)
            && words.get(i + 1).is_some_and(|t| t.kind == Kind::Word && words[i].end == t.start)
            && !ends_file_name(reading, &words[i + 1..]);
        let mut codes: Vec<&'static str> = communes().codes(&key, None).collect();
        if codes.is_empty()
            && let Some(len) = glued_to_a_day(words, i - 1).or_else(|| glued_to_a_kind(token.text))
        {
            codes = communes().codes(&key[..key.len() - len], None).collect();
        }
        if small {
            codes.retain(|code| Some(departement_of(code)) == reading.departement.as_deref());
        }
        let short = key.len() < if small { 5 } else { 4 };
        if !codes.is_empty() && !goes_on && (!short || is_sure(reading, first, &codes, announced)) {
            best = Some((codes, i));
        }
    }
    let (codes, next) = best?;
    // « le Paris Saint-Germain » plays in Paris: an act of the city is about it.
    let city = || codes.contains(&PARIS) && reading.departement.as_deref() == Some("75");
    let alone = next == at + 1 && article.is_none();
    let follows_article = alone && is_behind_article(words, at) && !city();
    if follows_article || words.get(next).is_some_and(|t| UNIONS.contains(&t.text)) {
        return None;
    }
    let codes = of_departement(reading, words, next, &codes, announced)?;
    let whole = || (communes().by_insee(codes).into_iter().collect(), next);
    Some(arrondissements(words, next, codes).unwrap_or_else(whole))
}

/// « département de la Mayenne », « bassin de l'Ernée », « vallée du Doubs »: a river or a land, not the
/// commune, whose name has no article.
fn is_behind_article(words: &[Token<'_>], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| words[at].text);
    matches!(before(1), "la" | "le" | "les" | "du" | "des" | "au" | "aux")
        || before(1) == "'" && before(2) == "l"
}

/// Whether a name of three letters and fewer is one: « Pau », « DAX », « communes de Dieppe, Eu ».
fn is_sure(reading: &Reading<'_>, word: &Token<'_>, codes: &[&str], announced: bool) -> bool {
    const LARGE: u32 = 2_000;
    let upper = |at| reading.text.is_upper(at);
    let named = upper(word.start) && (announced || !upper(word.start + 1));
    let large = || upper(word.start) && codes.iter().any(|code| is_large(code, LARGE));
    !is_common(word.text) && (named || large())
}

/// « -arrêté », « -raa »: a file's name goes on after the commune's. A name goes on with a capital or
/// a particle.
fn ends_file_name(reading: &Reading<'_>, rest: &[Token<'_>]) -> bool {
    let word = &rest[0];
    const PARTICLES: [&str; 19] = [
        "sur", "sous", "de", "du", "des", "d", "la", "le", "les", "l", "lez", "en", "et", "a",
        "aux", "au", "pres", "devant", "es",
    ];
    let small = !reading.text.is_upper(word.start) && !PARTICLES.contains(&word.text);
    // « match Saint-Malo-Bordeaux »: another name.
    let team = || word.text.len() > 4 && communes().codes(word.text, None).next().is_some();
    small
        || team()
        || begins_another(reading, rest)
        || matches!(
            word.text,
            "raa" | "ap" | "arrete" | "avis" | "drone" | "drones" | "ville" | "tgv"
        )
}

/// « Colmar-Horbourg-Wihr », « Paris-Le Bourget »: whether what is joined by a hyphen is a whole name
/// of the département.
fn begins_another(reading: &Reading<'_>, rest: &[Token<'_>]) -> bool {
    let Some(own) = reading.departement.as_deref() else { return false };
    let part = |t: &&Token<'_>| t.kind == Kind::Word || matches!(t.text, "-" | "'");
    let mut key = String::new();
    rest.iter().take(LONGEST).take_while(part).filter(|t| t.kind == Kind::Word).any(|word| {
        let more = !key.is_empty();
        key.push_str(if more { " " } else { "" });
        key.push_str(key_word(word.text));
        more && communes().codes(&key, Some(own)).next().is_some()
    })
}

/// The one of several communes of a name that is meant.
fn of_departement(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    next: usize,
    codes: &[&'static str],
    announced: bool,
) -> Option<&'static str> {
    let open = words.get(next).filter(|t| t.text == "(").and_then(|_| words.get(next + 1));
    let close = words.get(next + 2).is_some_and(|t| t.text == ")");
    if let Some(given) = open.filter(|t| close && t.kind == Kind::Number && t.text.len() <= 3) {
        return codes.iter().copied().find(|c| departement_of(c) == given.text);
    }
    let own = reading.departement.as_deref();
    let here = codes.iter().copied().find(|c| Some(departement_of(c)) == own);
    if here.is_some() {
        return here;
    }
    // The police prefecture's acts are published by the départements around Paris too.
    let around = own.is_some_and(|d| matches!(d, "77" | "78" | "91" | "92" | "93" | "94" | "95"));
    if around && codes.contains(&PARIS) {
        return Some(PARIS);
    }
    (announced && codes.len() == 1).then(|| codes[0])
}
