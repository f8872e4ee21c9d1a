//! What a commune's name hangs on in a title: « pharmacien de Joncy » lies there, « sous-préfète de
//! Louhans » does not.

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::names::NameAt;
use super::spelled::name_at;
use super::words::{AIRFIELDS, NAMES, is_common};
use super::{events, institutions};
use crate::word_set::WordSet;
use guetteur_communes::{communes, departement_of};

/// Services, courts, areas, roads, waters, companies and teams that bear the name of a commune and
/// lie elsewhere, or in more than it.
static ELSEWHERE: WordSet = WordSet::new(&[
    "academie",
    "affluent",
    "affluents",
    "agriculture",
    "allee",
    "anse",
    "aoc",
    "aop",
    "appellation",
    "archipel",
    "arrondissement",
    "arrondissements",
    "autoroute",
    "autoroutes",
    "avenue",
    "axe",
    "baie",
    "barreau",
    "bassin",
    "bassins",
    "boulevard",
    "bras",
    "brigade",
    "canal",
    "canton",
    "cantons",
    "cap",
    "cci",
    "cdif",
    "chemin",
    "chenal",
    "circonscription",
    "club",
    "col",
    "commerce",
    "commissariat",
    "communautaire",
    "communaute",
    "communautes",
    "compagnie",
    "comptable",
    "cour",
    "crique",
    "crous",
    "departement",
    "departements",
    "diocese",
    "dir",
    "directeur",
    "direction",
    "directrice",
    "disp",
    "district",
    "domaine",
    "domaniale",
    "douanes",
    "earl",
    "equipe",
    "estuaire",
    "etang",
    "etangs",
    "eurl",
    "eurometropole",
    "eveche",
    "ferme",
    "finances",
    "fleuve",
    "foret",
    "forets",
    "gaec",
    "gave",
    "gaves",
    "gendarmerie",
    "golfe",
    "gorges",
    "greffe",
    "groupement",
    "hameau",
    "ile",
    "impasse",
    "impots",
    "jeux",
    "lac",
    "large",
    "liaison",
    "ligne",
    "littoral",
    "m",
    "madame",
    "marais",
    "massif",
    "massifs",
    "match",
    "metiers",
    "metropole",
    "mlle",
    "mme",
    "monsieur",
    "nappe",
    "naturel",
    "naturelle",
    "naturelles",
    "olympique",
    "olympiques",
    "paierie",
    "pays",
    "plaine",
    "plateau",
    "pnr",
    "pointe",
    "prefecture",
    "prefectures",
    "prefet",
    "prefete",
    "prefets",
    "presqu",
    "quai",
    "rade",
    "recteur",
    "rectorat",
    "region",
    "rencontre",
    "riviere",
    "route",
    "routes",
    "rue",
    "ruisseau",
    "sa",
    "sage",
    "sarl",
    "sas",
    "scea",
    "sci",
    "scot",
    "section",
    "service",
    "services",
    "sgc",
    "si",
    "siaep",
    "sictom",
    "sie",
    "signature",
    "sip",
    "sirp",
    "sivom",
    "sivu",
    "smaep",
    "smictom",
    "societe",
    "societes",
    "spf",
    "spip",
    "supporters",
    "syndicat",
    "syndicats",
    "torrent",
    "tresorerie",
    "tribunal",
    "tribunaux",
    "union",
    "vallee",
]);

/// Offices named without a link before their town.
const OFFICES: [&str; 11] = [
    "cci",
    "cdif",
    "commerce",
    "prs",
    "sgc",
    "sie",
    "sip",
    "spf",
    "spip",
    "tresorerie",
    "tribunal",
];
/// What is « sportive » and bears a town's name without being there.
const CLUBS: [&str; 5] = ["amicale", "association", "entente", "jeunesse", "union"];
/// Words at which what the name hangs on is over: « travaux sur la digue de », « ouverte par le maire de ».
const OVER: [&str; 22] = [
    "a",
    "au",
    "aux",
    "sur",
    "par",
    "pour",
    "dans",
    "avec",
    "entre",
    "vers",
    "chez",
    "lors",
    "sous",
    "portant",
    "autorisant",
    "relatif",
    "relative",
    "concernant",
    "modifiant",
    "est",
    "sont",
    "que",
];
/// Tokens looked back over.
const BACK: usize = 14;
/// Inhabitants of a commune whose name is a common noun with its article, to be believed in capitals:
/// « DU PLAN », « DES FORGES ».
const WELL_KNOWN: u32 = 5_000;

/// Whether the words before the « de » at token `link` lead away from the place behind it: « à 10 km
/// d'Yssingeaux », « au nord de Crest ».
fn leads_away(words: &[Token<'_>], link: usize) -> bool {
    let before = |back: usize| link.checked_sub(back).map_or("", |at| words[at].text);
    is_length(before(1)) && before(3) == "a"
        || matches!(before(1), "nord" | "sud" | "est" | "ouest") && matches!(before(2), "au" | "'")
}

/// « SCI du Château de Crest »: whether a company that owns or farms land bears the name of the place at
/// token `at`. A shop is where it says.
pub(super) fn is_of_company(words: &[Token<'_>], at: usize) -> bool {
    const COMPANIES: [&str; 4] = ["earl", "gaec", "scea", "sci"];
    let link = |t: &&Token<'_>| matches!(t.text, "de" | "du" | "des" | "d" | "la" | "l" | "'");
    let head = words[..at].iter().rev().find(|t| !link(t));
    head.is_some_and(|t| COMPANIES.contains(&t.text))
}

/// « les 10 kilomètres de Crest » is a race.
fn is_length(word: &str) -> bool {
    matches!(word, "km" | "kilometre" | "kilometres" | "metres")
}

/// The commune of the act's département behind the « de » at token `i`, unless what it is « of » lies
/// elsewhere.
pub(super) fn behind_link(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> Option<NameAt> {
    let hidden = match words[i].text {
        "du" => Some("le"),
        "des" => Some("les"),
        "de" | "d" => None,
        _ => return None,
    };
    let start = i + 1 + usize::from(words.get(i + 1).is_some_and(|t| t.text == "'"));
    let (communes, next) = name_at(reading, words, start, hidden, false)?;
    let single = next == start + 1;
    let article = hidden.is_some() || matches!(words[start].text, "la" | "le" | "les" | "l");
    let noun = article && next <= start + 3;
    let capitals = reading.text.is_upper(words[i].start);
    let unsure = noun && capitals && !communes.iter().all(|c| is_large(&c.insee, WELL_KNOWN));
    // « la société HELITEL d'Aubérive (51) »: where a company has its seat.
    let own = reading.departement.as_deref();
    let away = own.is_some() && communes.iter().any(|c| Some(departement_of(&c.insee)) != own);
    if single && is_common(words[start].text) || unsure || away || lies_elsewhere(words, i) {
        return None;
    }
    Some((communes, start, next))
}

/// Whether the nearest word before the « de » at token `link` that tells says that the name is of
/// something else: « service des impôts des entreprises de ».
pub(super) fn lies_elsewhere(words: &[Token<'_>], link: usize) -> bool {
    if leads_away(words, link) {
        return true;
    }
    let mut institution = false;
    for at in (link.saturating_sub(BACK)..link).rev() {
        let word = &words[at];
        match word.kind {
            Kind::Mark if matches!(word.text, "'" | "-" | "\"" | "." | "/") => {}
            Kind::Mark => break,
            Kind::Word if institutions::is_one(word.text) => {
                institution = true;
            }
            // « manifestation sportive » is no club.
            Kind::Word
                if word.text == "sportive" && at > 0 && CLUBS.contains(&words[at - 1].text) =>
            {
                return true;
            }
            Kind::Word if ELSEWHERE.has(word.text) => return true,
            // « Grand Port maritime de Nantes » has its quays in a dozen communes.
            Kind::Word if word.text == "maritime" && at > 0 && words[at - 1].text == "port" => {
                return true;
            }
            Kind::Word if OVER.contains(&word.text) || is_length(word.text) => break,
            Kind::Word if NAMES.has(word.text) || events::is_event(word.text) => {
                if is_of_company(words, at) {
                    return true;
                }
                break;
            }
            _ => {}
        }
    }
    institution && institutions::decides_of_itself(words, link)
}

/// Whether the name at token `at`, that nothing joins to what stands before, is part of another's:
/// « Grand Poitiers », « au lieu-dit Valence », « Brive-Souillac ».
pub(super) fn is_part_of_another(words: &[Token<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let word = |i: usize| words.get(i).map_or("", |t| t.text);
    match word(before) {
        "grand" | "dit" | "dite" | "lieudit" => true,
        "\"" => before > 0 && matches!(word(before - 1), "dit" | "dite" | "lieudit"),
        "-" => {
            let pair = before > 0
                && words[before].end == words[at].start
                && words[before - 1].end == words[before].start;
            pair && words[..before].iter().any(|t| AIRFIELDS.contains(&t.text))
        }
        "de" | "d" | "du" | "des" => lies_elsewhere(words, before),
        "'" => before > 0 && word(before - 1) == "d" && lies_elsewhere(words, before - 1),
        // « Tribunal de commerce ALBI », « SIP Bergerac », « Délégation – CD NEUVIC »
        head => {
            OFFICES.contains(&head)
                || institutions::is_one(head) && institutions::decides_of_itself(words, at)
        }
    }
}

/// « ligne de Nantes à », « vallée de la Garonne de Muret à »: whether the « à » at token `i` ends what runs
/// from one place to another, and lies in neither.
pub(super) fn ends_a_line(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> bool {
    const NAME: usize = 7;
    const LINES: [&str; 6] = ["autoroute", "canal", "liaison", "ligne", "lignes", "vallee"];
    let part = |t: &&Token<'_>| t.text == "-" || reading.text.is_upper(t.start);
    let name = words[..i].iter().rev().take(NAME).take_while(part).count();
    let link = (i - name).checked_sub(1).filter(|_| name > 0);
    let runs = |link: &usize| {
        let before = words[..*link].iter().rev().take(BACK);
        let mut head = before.take_while(|t| t.kind == Kind::Word && !OVER.contains(&t.text));
        words[*link].text == "de" && head.any(|t| LINES.contains(&t.text))
    };
    link.filter(runs).is_some()
}

/// « tour cycliste Thann-Cernay »: both towns of a race that goes from one to the other, whose pair
/// begins at token `at`.
pub(super) fn raced_between(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    at: usize,
) -> Option<NameAt> {
    const RACES: [&str; 8] =
        ["course", "marathon", "rallye", "randonnee", "relais", "tour", "trail", "voie"];
    const NEAR: usize = 4;
    let mut before = words[at.saturating_sub(NEAR)..at].iter();
    before.find(|t| RACES.contains(&t.text))?;
    let name =
        |at: usize| name_at(reading, words, at, None, false).filter(|_| !is_common(words[at].text));
    let (mut towns, next) = name(at)?;
    let dash = words.get(next).filter(|t| t.text == "-" && t.start == words[next - 1].end)?;
    words.get(next + 1).filter(|t| t.start == dash.end)?;
    let (others, end) = name(next + 1)?;
    towns.extend(others);
    Some((towns, at, end))
}

/// Whether at least `most` people live in the commune.
pub(super) fn is_large(insee: &str, most: u32) -> bool {
    communes().record(insee).is_some_and(|record| record.population >= most)
}
