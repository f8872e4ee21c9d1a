//! Which act of a bulletin is which, when the bulletin is cut again: an act's id is its address
//! for ever, so it must survive better cutting, a page inserted before it, a number read late.

use std::collections::{HashMap, HashSet};

use guetteur_model::Act;
use guetteur_model::fold::fold;

/// What tells a stored act.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// `acts.act_key`.
    pub(crate) key: String,
    /// Number in the bulletin.
    pub(crate) number: Option<String>,
    /// Title.
    pub(crate) title: String,
    /// First page.
    pub(crate) page_from: u32,
    /// Marked as removed: comes back only by its key.
    pub(crate) removed: bool,
}

/// The key of each act within its bulletin: its number when only one act has it, else
/// `p{first page}-{how many-th act without a number of its own on that page}`.
pub(crate) fn keys(acts: &[&Act]) -> Vec<String> {
    let mut count: HashMap<&str, u32> = HashMap::new();
    for number in acts.iter().filter_map(|act| act.number.as_deref()) {
        *count.entry(number).or_default() += 1;
    }
    let mut on_page: HashMap<u32, u32> = HashMap::new();
    let key = |act: &&Act| match act.number.as_deref() {
        Some(number) if count[number] == 1 => number.to_owned(),
        _ => {
            let nth = on_page.entry(act.pages.from).or_default();
            *nth += 1;
            format!("p{}-{nth}", act.pages.from)
        }
    };
    acts.iter().map(key).collect()
}

/// For each new act the index of the stored act that it is. Surest sign first: the key when it is
/// a number, the number, the title, the key when it is a place, the first page; a sign counts only
/// when one act on each side has it.
pub(crate) fn match_acts(known: &[Known], acts: &[&Act], keys: &[String]) -> Vec<Option<usize>> {
    let mut matching = Matching { of_new: vec![None; acts.len()], taken: HashSet::new() };
    let by_number =
        |i: usize| (acts[i].number.as_deref() == Some(&keys[i])).then(|| keys[i].clone());
    matching.pair(known, |old| Some(old.key.clone()), by_number);
    let live = |old: &Known| !old.removed;
    matching.pair(
        known,
        |old| old.number.clone().filter(|_| live(old)),
        |i| acts[i].number.clone(),
    );
    matching.pair(known, |old| live(old).then(|| fold(&old.title)), |i| Some(fold(&acts[i].title)));
    matching.pair(known, |old| Some(old.key.clone()), |i| Some(keys[i].clone()));
    matching.pair(known, |old| live(old).then_some(old.page_from), |i| Some(acts[i].pages.from));
    matching.of_new
}

struct Matching {
    of_new: Vec<Option<usize>>,
    taken: HashSet<usize>,
}

impl Matching {
    /// Pairs acts left over whose sign is the same and unique among those left over.
    fn pair<S: std::hash::Hash + Eq>(
        &mut self,
        known: &[Known],
        old_sign: impl Fn(&Known) -> Option<S>,
        new_sign: impl Fn(usize) -> Option<S>,
    ) {
        let mut signs: HashMap<S, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (i, old) in known.iter().enumerate().filter(|(i, _)| !self.taken.contains(i)) {
            if let Some(sign) = old_sign(old) {
                signs.entry(sign).or_default().0.push(i);
            }
        }
        for i in (0..self.of_new.len()).filter(|i| self.of_new[*i].is_none()) {
            if let Some(sign) = new_sign(i) {
                signs.entry(sign).or_default().1.push(i);
            }
        }
        for (old, new) in signs.into_values() {
            if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
                self.of_new[*new] = Some(*old);
                self.taken.insert(*old);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::PageSpan;

    use super::*;

    fn act(number: Option<&str>, title: &str, from: u32) -> Act {
        Act {
            number: number.map(str::to_owned),
            pages: PageSpan { from, to: from },
            ..Act::of_title(title)
        }
    }

    fn stored(acts: &[&Act]) -> Vec<Known> {
        let known = |(act, key): (&&Act, String)| Known {
            key,
            number: act.number.clone(),
            title: act.title.clone(),
            page_from: act.pages.from,
            removed: false,
        };
        acts.iter().zip(keys(acts)).map(known).collect()
    }

    fn matched(old: &[Act], new: &[Act]) -> Vec<Option<usize>> {
        let old: Vec<&Act> = old.iter().collect();
        let new: Vec<&Act> = new.iter().collect();
        match_acts(&stored(&old), &new, &keys(&new))
    }

    #[test]
    fn keys_are_unique_numbers_or_places() {
        let acts = [
            act(Some("A-1"), "a", 3),
            act(Some("A-2"), "b", 4),
            act(Some("A-2"), "c", 4),
            act(None, "d", 4),
            act(None, "e", 5),
        ];
        let acts: Vec<&Act> = acts.iter().collect();
        assert_eq!(keys(&acts), ["A-1", "p4-1", "p4-2", "p4-3", "p5-1"]);
    }

    #[test]
    fn matches() {
        let one = |number, title, from| act(number, title, from);
        let cases = [
            (
                "a number holds whatever else moves",
                vec![one(Some("1"), "a", 3), one(Some("2"), "b", 5)],
                vec![one(Some("2"), "x", 9), one(Some("1"), "y", 7)],
                vec![Some(1), Some(0)],
            ),
            (
                "a number read late",
                vec![one(None, "Arrêté  drones", 3), one(None, "Autre", 5)],
                vec![one(Some("1"), "ARRÊTÉ DRONES", 3), one(Some("2"), "autre", 5)],
                vec![Some(0), Some(1)],
            ),
            (
                "a page inserted before",
                vec![one(None, "a", 3), one(None, "b", 4)],
                vec![one(None, "new", 3), one(None, "a", 4), one(None, "b", 5)],
                vec![None, Some(0), Some(1)],
            ),
            (
                "a title mended",
                vec![one(None, "Arr t de la pr f te", 3), one(None, "b", 4)],
                vec![one(None, "Arrêté de la préfète", 3), one(None, "b", 4)],
                vec![Some(0), Some(1)],
            ),
            (
                "twins by their place",
                vec![one(None, "same", 3), one(None, "same", 4)],
                vec![one(None, "same", 3), one(None, "same", 4), one(None, "same", 5)],
                vec![Some(0), Some(1), None],
            ),
        ];
        for (name, old, new, expected) in cases {
            assert_eq!(matched(&old, &new), expected, "{name}");
        }
    }

    #[test]
    fn a_removed_act_comes_back_by_its_key_only() {
        let old = act(Some("1"), "a", 3);
        let mut known = stored(&[&old]);
        known[0].removed = true;
        let other = act(None, "a", 3);
        assert_eq!(match_acts(&known, &[&other], &keys(&[&other])), [None]);
        assert_eq!(match_acts(&known, &[&old], &keys(&[&old])), [Some(0)]);
    }
}
