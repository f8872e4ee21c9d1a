//! How much a period is worth by where it stands and by the words before it.

use std::ops::Range;

use chrono::Days;
use guetteur_model::Region;

use super::super::{Part, Reading};
use super::period::Found;
use super::resolve::resolve;
use crate::parts::pattern;

pattern!(
    CUE,
    r"autoris|valable|valid|applica|effet|periode|duree|accord|delivr|vigueur|instaure|institue|interdi|mis en oeuvre|mise en oeuvre|a compter|survol|captation|prescri|emploi|prolong|prorog|renouvel"
);
pattern!(
    ELSEWHERE,
    r"(?:delais? de|voies de|d'un|exercer un|introduire un) recours|recours (?:gracieux|contentieux|hierarchique|administratif|devant|pour exces)|tribunal administratif|\bregistre|conserv|enregistrements sont|information du public|charges? de l'execution|publie au recueil|bilan|compte[- ]rendu"
);
pattern!(
    CITED,
    r"\b(?:arretes?|decrets?|loi|avis|demandes?|courrier|rapport|instruction|circulaire|proces-verbal|deliberation|convention|decision|reunion|seance|note|recue?|nee?|signee?s?|notifiee?s?|publiee?s?|declaration|deposee?|formulee|dossier|visite|modifiee?|susvisee?|signature|promotion|session|concours|avant|plus tard)(?: (?:prefectorale?s?|interministerielle?|ministerielle?|municipale?|du prefet|du ministre|de nomination))*(?: (?:n ?[°o*]? ?)?[a-z0-9/_.-]*\d[a-z0-9/_.-]*)?(?: en date| date)?(?: susvisee?)?,? ?(?:du|le|des|au)? ?$"
);
// « les mots « jusqu'au 8 mai » sont remplacés par les mots « jusqu'au 10 mai » »: the first is no
// longer, the second counts.
pattern!(
    OUTDATED,
    r#"^[^.;"]{0,30}" ?,? ?(?:est|sont) (?:ainsi |alors )?(?:remplace|supprime|abroge|modifie)"#
);
pattern!(IN_ITS_PLACE, r#"(?:remplace|substitue|modifie)[^.;]{0,40}?"[^"]*$"#);
// « affiché en mairie à compter du 5 juin pendant deux mois »
pattern!(POSTED, r"\b(?:est|sont|sera|seront) (?:[a-z]+ )?affichee?s?\b[^.;,]{0,60}$");
// A title that names a person, not what happens.
pattern!(DELEGATES, r"\b(?:sub)?delegations?\b");
// What happens on a day that « du » joins to it: « la manifestation du 4 mars ».
pattern!(
    EVENT,
    r"\b(?:a l'occasion d|lors d|dans le cadre d|pour l)[^.;]*$|\b(?:manifestation|rencontre|match|fete|festivite|festival|carnaval|foire|marche|course|concert|ceremonie|defile|rassemblement|visite|passage|etape|finale|journee|nuit|soiree|week-end|feria|salon|braderie|spectacle|feu d'artifice|tour|deplacement|evenement|demi-finale|derby|corrida|procession|pelerinage|operation|exercice|meeting|cortege|commemoration|election|scrutin|brocante|vide-grenier|kermesse|bal|reveillon|sommet|congres)s?\b[^.;]*$"
);

// « la liste des candidats aux élections des 15 et 22 mars »: who may vote and for whom, not when.
pattern!(ELECTION, r"\b(?:elections?|scrutins?|votes?)\b[^.;]{0,80}$");
pattern!(
    ELECTORAL,
    r"\b(?:commissions?|listes?|candidats?|candidatures?|delegues?|electeurs|propagande)\b"
);

/// Bytes before and after a period that are looked at.
const BEFORE: usize = 120;
const AFTER: usize = 80;
/// An act is not signed this long after the end of what its title announces: the period is one of
/// another act.
const LATEST_SIGNATURE_DAYS: u64 = 92;

/// What a period is worth.
pub(super) struct Judged {
    /// 0 and less: it is none.
    pub score: i32,
    /// The last word before it, or in it, that says what it is about.
    pub cue: Option<Range<usize>>,
    /// Whether it may be taken at its word.
    pub sure: bool,
}

impl Judged {
    const NONE: Self = Self { score: 0, cue: None, sure: false };
}

pub(super) fn judge(reading: &Reading<'_>, found: &Found, part: &Part, elsewhere: bool) -> Judged {
    let text = reading.text.as_str();
    let at = found.range.start;
    let window = (at.saturating_sub(BEFORE)..=at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    // Words of another part say nothing about this one.
    let window = window.max(part.range.start);
    let before = &text[window..at];
    let cited = CITED.is_match(before);
    let reach = (found.range.end + AFTER).min(text.len());
    let reach = (reach..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    let passing =
        cited && !found.is_range() || before.contains("affiche") && POSTED.is_match(before);
    if passing || is_outdated(&text[found.range.end..reach]) {
        return Judged::NONE;
    }
    let decided = part.region == Region::Article;
    if !decided && ELECTION.is_match(before) && ELECTORAL.is_match(reading.slice(&part.range)) {
        return Judged::NONE;
    }
    let form = form(found);
    let cue = cue(text, window, found);
    let lone = form == LONE && hours(found) == 0;
    if lone && !decided && is_delegation(reading) {
        return Judged::NONE;
    }
    let Some(timely) = timely(reading, found, before, lone, decided) else { return Judged::NONE };
    // A length or an open period needs a word that says what it is about.
    let in_its_place = before.contains('"') && IN_ITS_PLACE.is_match(before);
    let weak = form <= 3 && cue.is_none() && decided && found.origin.is_none() && !in_its_place;
    let first = reading.parts.articles.first().is_some_and(|a| a.range == part.range);
    let place = match part.region {
        Region::Title => 2,
        _ if first => 3,
        _ => 1,
    };
    let adrift = lone && cue.is_none() && decided;
    let score = form + place + hours(found) + 2 * i32::from(cue.is_some())
        - 6 * i32::from(elsewhere)
        - 3 * i32::from(weak)
        - 4 * i32::from(adrift)
        - 2 * i32::from(cited)
        + 6 * i32::from(in_its_place);
    let sure = timely && !elsewhere && !weak && !adrift && !cited;
    Judged { score, cue, sure }
}

/// « Délégation – CD Neuvic – le 15.09.2026 »: the day in such a title is that of its signature.
pub(super) fn is_delegation(reading: &Reading<'_>) -> bool {
    DELEGATES.is_match(reading.slice(&reading.text.title()))
}

/// Days from the signature to a day without a year that a title may mean.
const FARTHEST: i64 = 62;
/// A day named alone, without hours.
const LONE: i32 = 4;

fn form(found: &Found) -> i32 {
    match (&found.from, &found.to, &found.length) {
        (Some(_), Some(_), _) if found.is_range() => 6,
        (Some(_), Some(_), _) => LONE,
        (Some(_), None, Some(_)) => 6,
        (None, None, Some(_)) => 3,
        (Some(from), None, None) if from.minutes.is_some() => 3,
        _ => 2,
    }
}

fn hours(found: &Found) -> i32 {
    i32::from(found.from.as_ref().is_some_and(|m| m.minutes.is_some()))
        + i32::from(found.to.as_ref().is_some_and(|m| m.minutes.is_some()))
}

fn cue(text: &str, window: usize, found: &Found) -> Option<Range<usize>> {
    let last = CUE.find_iter(&text[window..found.range.end]).last()?;
    Some(window + last.start()..window + last.end())
}

fn is_outdated(after: &str) -> bool {
    after.contains('"') && OUTDATED.is_match(after)
}

/// Whether a period agrees with the day of signature: `None` when it is another act's, `false` when
/// a human should look. Articles may say anything; a title announces what comes.
fn timely(
    reading: &Reading<'_>,
    found: &Found,
    before: &str,
    lone: bool,
    decided: bool,
) -> Option<bool> {
    let (from, to) = resolve(reading, found);
    let (first, last) = (from.as_ref().map(|r| r.day), to.as_ref().map(|r| r.day));
    let Some(signed) = reading.reference_day() else { return Some(true) };
    let over = last.and_then(|day| day.checked_add_days(Days::new(LATEST_SIGNATURE_DAYS)));
    if over.is_some_and(|over| over < signed) {
        return decided.then_some(false);
    }
    // « l'épisode débuté le 20 juin »: what had begun before the act is not its own start.
    let begun = before.ends_with("debute ") && first.is_some_and(|day| day < signed);
    if decided || !lone {
        return (!begun || decided).then_some(true);
    }
    let day = first.or(last)?;
    let weekday = found.from.as_ref().is_some_and(|moment| moment.weekday.is_some());
    let event = weekday || EVENT.is_match(before);
    let words = reading.slice(&found.range);
    let joined = words.starts_with("du ") || words.starts_with("des ") || before.ends_with("du ");
    if day < signed || joined && !event && day == signed {
        return None;
    }
    // « – École du 6 juin », months ahead and without a year: a name.
    let dated = found.from.as_ref().is_some_and(|moment| moment.year.is_some());
    if joined && !event && !dated && (day - signed).num_days() > FARTHEST {
        return None;
    }
    Some(event || !joined)
}
