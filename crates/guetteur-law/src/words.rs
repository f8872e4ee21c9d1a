//! `words.toml`, compiled.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::text::{Capability, User};

pub(crate) const SOURCE: &str = include_str!("../words.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    denials: Vec<String>,
    no_denials: Vec<String>,
    calls_for_help: String,
    unforeseen: String,
    without_end: String,
    grants: Vec<String>,
    capabilities: BTreeMap<Capability, Vec<String>>,
    users: Users,
    silence: Silence,
    gathering: Gathering,
    purpose: PurposeWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Users {
    municipal: Vec<String>,
    others: String,
    granted: String,
    aircraft: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Silence {
    said: Vec<String>,
    excused: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gathering {
    ends: Vec<String>,
    dates: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurposeWords {
    stated: String,
    aftermath: String,
}

/// The words, each list as one pattern.
pub(crate) struct Words {
    denials: Regex,
    no_denials: Regex,
    calls_for_help: Regex,
    /// What made it impossible to publish earlier.
    pub(crate) unforeseen: Regex,
    /// What says that there is no end.
    pub(crate) without_end: Regex,
    grants: Regex,
    capabilities: BTreeMap<Capability, Regex>,
    municipal: Regex,
    pub(crate) other_users: Regex,
    aircraft: Regex,
    /// What follows the one who is authorised.
    pub(crate) granted_to: Regex,
    pub(crate) silence: Regex,
    pub(crate) silence_excused: Regex,
    pub(crate) gathering_ends: Regex,
    pub(crate) gathering_dates: Regex,
    pub(crate) purpose_stated: Regex,
    pub(crate) aftermath: Regex,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file: File = toml::from_str(SOURCE).expect("words.toml is tested");
    let one = |pattern: &str| self::pattern(pattern).expect("words.toml is tested");
    let any = |patterns: &[String]| one(&patterns.join("|"));
    let capabilities = file.capabilities.iter().map(|(id, patterns)| (*id, any(patterns)));
    Words {
        denials: any(&file.denials),
        no_denials: any(&file.no_denials),
        calls_for_help: one(&file.calls_for_help),
        unforeseen: one(&file.unforeseen),
        without_end: one(&file.without_end),
        grants: any(&file.grants),
        capabilities: capabilities.collect(),
        municipal: any(&file.users.municipal),
        other_users: one(&file.users.others),
        aircraft: one(&file.users.aircraft),
        granted_to: one(&file.users.granted),
        silence: any(&file.silence.said),
        silence_excused: one(&file.silence.excused),
        gathering_ends: any(&file.gathering.ends),
        gathering_dates: any(&file.gathering.dates),
        purpose_stated: one(&file.purpose.stated),
        aftermath: one(&file.purpose.aftermath),
    }
});

pub(crate) fn words() -> &'static Words {
    &WORDS
}

impl Words {
    /// Whether a sentence denies something.
    pub(crate) fn denies(&self, sentence: &str) -> bool {
        self.denials.is_match(&self.no_denials.replace_all(sentence, " "))
    }

    /// Whether a sentence grants something.
    pub(crate) fn grants(&self, sentence: &str) -> bool {
        self.grants.is_match(sentence)
    }

    /// Whether a sentence speaks of a driver's or a passenger's call for help.
    pub(crate) fn calls_for_help(&self, sentence: &str) -> bool {
        self.calls_for_help.is_match(sentence)
    }

    /// Whether a sentence speaks of drones or other aircraft.
    pub(crate) fn is_of_aircraft(&self, sentence: &str) -> bool {
        self.aircraft.is_match(sentence)
    }

    /// The words for a capability.
    pub(crate) fn capability(&self, capability: Capability) -> Option<&Regex> {
        self.capabilities.get(&capability)
    }

    /// The words for a user.
    pub(crate) fn user(&self, user: User) -> &Regex {
        match user {
            User::Municipal => &self.municipal,
        }
    }
}

/// A pattern of folded text, which is ASCII but for a few signs: word boundaries and digits of all
/// of Unicode would only slow it down.
pub(crate) fn pattern(pattern: &str) -> Result<Regex, regex::Error> {
    let ascii =
        pattern.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]").replace(r"\w", "[a-z0-9_]");
    Regex::new(&ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_denies_and_what_does_not() {
        let denying = [
            "les cameras captent sans enregistrement du son",
            "ni le son ni les visages",
            "la captation du son n'est pas autorisee",
            "a l'exclusion de la reconnaissance faciale",
            "le microphone est desactive",
            "aucun rapprochement automatise",
        ];
        for sentence in denying {
            assert!(words().denies(sentence), "{sentence}");
        }
        let plain = [
            "un aeronef circulant sans personne a bord capte le son",
            "l'arrete n° 12 autorise la captation du son",
            "sans prejudice de l'article 3, le son est enregistre",
        ];
        for sentence in plain {
            assert!(!words().denies(sentence), "{sentence}");
        }
    }

    #[test]
    fn every_capability_has_words() {
        use Capability::{Algorithms, CrossMatching, FaceRecognition, Sound};
        for capability in [Sound, FaceRecognition, CrossMatching, Algorithms] {
            assert!(words().capability(capability).is_some(), "{capability:?}");
        }
    }
}
