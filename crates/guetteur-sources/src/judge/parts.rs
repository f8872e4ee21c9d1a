//! Bulletins that come in parts: « Recueil n° 88 du 18 août : tome 1, tome 2 ».

use std::sync::LazyLock;

use guetteur_model::BulletinLink;
use regex::Regex;

use crate::words::{pattern, plain};

/// Gives a part that says no day the day of the other parts of its bulletin.
pub(super) fn share_days(bulletins: &mut [BulletinLink]) {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:tome|partie|volume|livret|fascicule) \d|\d ?(?:ere|re|er|e|eme|nde) partie")
    });
    for at in 0..bulletins.len() {
        let part = &bulletins[at];
        if part.published_on.is_some() || part.number.is_none() {
            continue;
        }
        if PART.is_match(&plain(&part.title)) {
            let of_same =
                |other: &&BulletinLink| other.number == part.number && other.published_on.is_some();
            bulletins[at].published_on =
                bulletins.iter().find(of_same).and_then(|other| other.published_on);
        }
    }
}
