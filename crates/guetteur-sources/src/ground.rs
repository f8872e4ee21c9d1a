//! What an earlier walk already found.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use guetteur_model::BulletinLink;
use url::Url;

use crate::address::{document_key, normalise_url, path_and_query};
use crate::page::list_of;

/// The bulletins that are known, so that a pass can stop where nothing is new.
#[derive(Debug, Clone, Default)]
pub struct KnownGround {
    /// Address by [`document_key`].
    urls: HashMap<String, String>,
    /// Pages that listed exactly one bulletin: a link to one announces nothing new.
    own_pages: HashSet<String>,
    /// Addresses by what the pages say of a bulletin.
    names: HashMap<Name, Vec<String>>,
    /// Ranks of the bulletins of a list, by its [`list_of`].
    ranks: HashMap<String, BTreeSet<u64>>,
}

/// What tells a bulletin wherever it lies: its title, number and day.
type Name = (String, Option<String>, Option<NaiveDate>);

/// Bulletins that must come back under new addresses before a page's addresses are held to change
/// at every request: a file that was replaced is one or two.
const FEW: usize = 3;

/// Numbers among which a missing one may still come.
const RECENT: usize = 60;

impl KnownGround {
    /// From what is stored of a source, each bulletin with its normalised address and `via`.
    #[must_use]
    pub fn new(bulletins: impl IntoIterator<Item = BulletinLink>) -> Self {
        let mut ground = Self::default();
        let mut crowded = HashSet::new();
        for bulletin in bulletins {
            if let Some(name) = name_of(&bulletin) {
                ground.names.entry(name).or_default().push(bulletin.url.clone());
            }
            if let Some(rank) = bulletin.number.as_deref().and_then(rank_of) {
                ground.ranks.entry(list_of(&bulletin.via)).or_default().insert(rank);
            }
            let BulletinLink { url, via, .. } = bulletin;
            let is_new = ground.urls.insert(document_key(&url), url).is_none();
            if is_new && !ground.own_pages.insert(via.clone()) {
                crowded.insert(via);
            }
        }
        ground.own_pages.retain(|via| !crowded.contains(via));
        ground
    }

    /// Gives the bulletins of one page that are known under other addresses the address under which
    /// they are known; how many. Some sites hand out a new address at every request (`?jeton=…`): the
    /// same titles, numbers and days are then the known bulletins, and not one is news.
    ///
    /// Where only the query differs, each is recognised by itself; where whole addresses do, only if
    /// none of the page is known by its address and most are by name: a file that was replaced under
    /// the same title is to be read anew.
    pub fn recognise(&self, bulletins: &mut [BulletinLink]) -> usize {
        let unknown = |bulletin: &BulletinLink| !self.knows(&bulletin.url);
        let here: HashSet<String> = bulletins.iter().map(|b| document_key(&b.url)).collect();
        let found: Vec<Option<String>> = bulletins
            .iter()
            .map(|bulletin| {
                let known = self.names.get(&name_of(bulletin)?)?;
                // Two of one name cannot be told apart.
                let [known] = &known[..] else { return None };
                let moved = unknown(bulletin) && !here.contains(&document_key(known));
                moved.then(|| known.clone())
            })
            .collect();
        let by_name = found.iter().flatten().count();
        let all_changed =
            bulletins.iter().all(unknown) && by_name >= FEW.max(bulletins.len().div_ceil(2));
        let mut recognised = 0;
        for (bulletin, known) in bulletins.iter_mut().zip(found) {
            let Some(known) = known else { continue };
            if all_changed || without_query(&known) == without_query(&bulletin.url) {
                bulletin.url = known;
                recognised += 1;
            }
        }
        recognised
    }

    /// How many bulletins of a list are newer than the newest number that is missing from it: there
    /// its bulletin would stand. Numbers far back are missing for good.
    #[must_use]
    pub fn gap_after(&self, list: &str) -> Option<usize> {
        let ranks = self.ranks.get(list)?;
        let mut newest = ranks.iter().rev().take(RECENT).peekable();
        let mut newer = 0;
        while let Some(rank) = newest.next() {
            newer += 1;
            if newest.peek().is_some_and(|next| **next + 1 < *rank) {
                return Some(newer);
            }
        }
        None
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// Whether the bulletin at this normalised address is known.
    #[must_use]
    pub fn knows(&self, url: &str) -> bool {
        self.known_as(url).is_some()
    }

    /// The address under which the bulletin at this normalised address is known: it may have come
    /// under http before.
    #[must_use]
    pub fn known_as(&self, url: &str) -> Option<&str> {
        self.urls.get(&document_key(url)).map(String::as_str)
    }

    /// Whether what a link to one bulletin leads to is known: its own page, or the document itself.
    #[must_use]
    pub fn has_read(&self, url: &Url) -> bool {
        self.knows_page(&path_and_query(url)) || self.knows(&normalise_url(url))
    }

    /// Whether the page at this normalised address is known to hold exactly one, known, bulletin.
    #[must_use]
    pub fn knows_page(&self, via: &str) -> bool {
        self.own_pages.contains(via)
    }
}

/// The rank in a number: its last digits.
pub(crate) fn rank_of(number: &str) -> Option<u64> {
    number.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?.parse().ok()
}

/// `None` where a title alone would tell, which many share.
fn name_of(bulletin: &BulletinLink) -> Option<Name> {
    let tells = bulletin.number.is_some() || bulletin.published_on.is_some();
    tells.then(|| (bulletin.title.clone(), bulletin.number.clone(), bulletin.published_on))
}

fn without_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(address: impl Fn(u32) -> String, numbers: std::ops::Range<u32>) -> Vec<BulletinLink> {
        numbers
            .map(|n| BulletinLink {
                url: address(n),
                title: format!("RAA n°{n}"),
                published_on: None,
                number: Some(n.to_string()),
                series: None,
                via: "/RAA".to_owned(),
            })
            .collect()
    }

    #[test]
    fn addresses_that_change_at_every_request() {
        let stored = |n| format!("https://a.fr/f/{n}.pdf?jeton=1");
        let ground = KnownGround::new(list(stored, 1..9));
        let cases: [(&str, Vec<BulletinLink>, usize); 5] = [
            (
                "another token, and one more",
                list(|n| format!("https://a.fr/f/{n}.pdf?jeton=2"), 1..10),
                8,
            ),
            ("a token in the path", list(|n| format!("https://a.fr/f/ab{n}/x.pdf"), 1..9), 8),
            ("as stored", list(stored, 1..9), 0),
            (
                "one file replaced",
                list(
                    |n| if n == 3 { "https://a.fr/f/new.pdf".to_owned() } else { stored(n) },
                    1..9,
                ),
                0,
            ),
            ("all new", list(|n| format!("https://a.fr/f/{n}.pdf"), 20..29), 0),
        ];
        for (name, mut page, recognised) in cases {
            assert_eq!(ground.recognise(&mut page), recognised, "{name}");
            let known = page.iter().filter(|bulletin| ground.knows(&bulletin.url)).count();
            let expected = match name {
                "one file replaced" => 7,
                "all new" => 0,
                _ => 8,
            };
            assert_eq!(known, expected, "{name}");
        }
    }

    #[test]
    fn the_newest_gap() {
        let known = |numbers: &[u32]| {
            let lists =
                numbers.iter().flat_map(|n| list(|n| format!("https://a.fr/{n}"), *n..n + 1));
            KnownGround::new(lists).gap_after("/RAA")
        };
        assert_eq!(known(&[1, 2, 3, 4]), None);
        assert_eq!(known(&[1, 2, 4, 5, 6]), Some(3));
        assert_eq!(known(&[1, 3, 5]), Some(1));
        let long: Vec<u32> = (0..200).filter(|n| *n != 7).collect();
        assert_eq!(known(&long), None, "missing for good");
    }

    #[test]
    fn http_and_https_are_one() {
        let ground = KnownGround::new(list(|n| format!("http://a.fr/{n}.pdf"), 1..2));
        assert_eq!(ground.known_as("https://a.fr/1.pdf"), Some("http://a.fr/1.pdf"));
        assert!(!ground.knows("https://a.fr/2.pdf"));
    }
}
