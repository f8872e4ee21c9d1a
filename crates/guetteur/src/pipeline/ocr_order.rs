//! In which order the pages of a bulletin are recognised: first those that someone waits for.
//! Pure: what awaits OCR and what the sommaire announces in, an order out.

use guetteur_model::fold::fold;
use guetteur_read::Awaiting;

use guetteur_store::AnalysedAct;

/// Where nothing is announced yet, cover and sommaire are among so many first pages.
const HEAD: u32 = 6;

/// Pages that await OCR, in two parts, each in the order in which they are recognised.
#[derive(Debug, Default, PartialEq)]
pub(super) struct OcrOrder {
    /// Acts that raised an alert, cover and sommaire, acts of the Cabinet: before those of other
    /// bulletins.
    pub(super) urgent: Vec<Awaiting>,
    /// All others.
    pub(super) rest: Vec<Awaiting>,
}

/// The order for `pages`, given the acts that `announced` tells of the same bulletin.
pub(super) fn ocr_order(pages: Vec<Awaiting>, announced: &[AnalysedAct]) -> OcrOrder {
    let mut ranked: Vec<(Place, Awaiting)> =
        pages.into_iter().map(|page| (place(page.page.number, announced), page)).collect();
    // Stable: pages of one place stay in their order.
    ranked.sort_by_key(|(place, page)| (*place, page.page.number));
    let mut order = OcrOrder::default();
    for (place, page) in ranked {
        if place < Place::Rest { &mut order.urgent } else { &mut order.rest }.push(page);
    }
    order
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Alert,
    Head,
    Cabinet,
    Rest,
}

fn place(page: u32, announced: &[AnalysedAct]) -> Place {
    let first = announced.iter().map(|act| act.act.pages.from).min();
    if page < first.unwrap_or(HEAD + 1) {
        return Place::Head;
    }
    let of_page = announced.iter().filter(|act| act.act.pages.contains(page));
    let places = of_page.map(|act| {
        if act.flags.iter().any(|flag| flag.level.alerts()) {
            Place::Alert
        } else if is_of_cabinet(act) {
            Place::Cabinet
        } else {
            Place::Rest
        }
    });
    places.min().unwrap_or(Place::Rest)
}

/// The Cabinet of the prefect and its services of security sign what Guetteur watches for.
fn is_of_cabinet(act: &AnalysedAct) -> bool {
    let service = act.act.service.as_deref().map(fold).unwrap_or_default();
    service.contains("cabinet") || service.contains("securite")
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Act, Basis, Category, Facts, Flag, Level, Page, PageSpan};
    use guetteur_read::judge::Why;
    use guetteur_store::ActIdentity;

    use super::*;

    fn act(from: u32, to: u32, service: &str, flag: Option<Level>) -> AnalysedAct {
        let flag = flag.map(|level| Flag {
            category: Category::new("drone").expect("category"),
            level,
            rule: String::new(),
            to_check: true,
            basis: Basis::Sommaire,
            evidence: Vec::new(),
        });
        let act = Act {
            service: Some(service.to_owned()),
            pages: PageSpan { from, to },
            confidence: 0.5,
            ..Act::of_title("")
        };
        let flags = flag.into_iter().collect();
        AnalysedAct { act, facts: Facts::default(), flags, identity: ActIdentity::default() }
    }

    fn order(pages: impl IntoIterator<Item = u32>, acts: &[AnalysedAct]) -> (Vec<u32>, Vec<u32>) {
        let awaiting = |number| Awaiting { page: Page::of_text(number, ""), why: Why::NoText };
        let order = ocr_order(pages.into_iter().map(awaiting).collect(), acts);
        let numbers = |pages: Vec<Awaiting>| pages.iter().map(|page| page.page.number).collect();
        (numbers(order.urgent), numbers(order.rest))
    }

    #[test]
    fn what_someone_waits_for_comes_first() {
        let acts = [
            act(3, 4, "Direction départementale des territoires", None),
            act(5, 6, "Préfecture / Cabinet", None),
            act(7, 8, "Direction des sécurités", Some(Level::Mentions)),
            act(9, 12, "Direction des finances", Some(Level::Authorises)),
        ];
        let urgent = vec![9, 10, 11, 12, 1, 2, 5, 6, 7, 8];
        assert_eq!(order(1..=13, &acts), (urgent, vec![3, 4, 13]));
        assert_eq!(order([13, 4], &acts), (vec![], vec![4, 13]));
    }

    #[test]
    fn where_nothing_is_announced_the_first_pages_may_tell() {
        assert_eq!(order([9, 8, 2, 1], &[]), (vec![1, 2], vec![8, 9]));
    }
}
