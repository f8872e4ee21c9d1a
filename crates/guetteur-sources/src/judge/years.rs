//! A year that only one bulletin of a page has, beside neighbours of another: a slip of the pen. It
//! would make the newest bulletin an old one, of which nobody is told.

use chrono::{Datelike, NaiveDate};
use guetteur_model::BulletinLink;

use crate::ground::rank_of;

/// Days by which bulletins with neighbouring numbers differ at most.
const NEAR: i64 = 31;

/// Gives a bulletin whose number follows its neighbour's and whose year does not the neighbour's year.
pub(super) fn mend_years(bulletins: &mut [BulletinLink]) {
    let known: Vec<Option<(NaiveDate, u64)>> = bulletins
        .iter()
        .map(|b| b.published_on.zip(b.number.as_deref().and_then(rank_of)))
        .collect();
    let of_year = |year: i32| known.iter().flatten().filter(|(day, _)| day.year() == year).count();
    for (at, bulletin) in bulletins.iter_mut().enumerate() {
        let Some((day, rank)) = known[at] else { continue };
        if of_year(day.year()) > 1 {
            continue;
        }
        let neighbours = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten();
        let mended = neighbours
            .filter_map(|other| known.get(other).copied().flatten())
            .filter(|(other, other_rank)| {
                (1..=2).contains(&other_rank.abs_diff(rank)) && of_year(other.year()) > 1
            })
            .find_map(|(other, _)| {
                let day = day.with_year(other.year())?;
                ((day - other).num_days().abs() <= NEAR).then_some(day)
            });
        bulletin.published_on = mended.or(bulletin.published_on);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(list: &[(&str, &str)]) -> Vec<String> {
        let mut bulletins: Vec<BulletinLink> = list
            .iter()
            .map(|(number, day)| BulletinLink {
                url: format!("https://a.fr/{number}.pdf"),
                title: String::new(),
                published_on: day.parse().ok(),
                number: Some((*number).to_owned()),
                series: None,
                via: "/RAA".to_owned(),
            })
            .collect();
        mend_years(&mut bulletins);
        bulletins.iter().filter_map(|b| b.published_on).map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_year_alone_among_neighbours() {
        let slip = [("212", "2025-08-14"), ("211", "2026-08-13"), ("210", "2026-08-12")];
        assert_eq!(mended(&slip), ["2026-08-14", "2026-08-13", "2026-08-12"]);
        for honest in [
            // The turn of the year, another series, too little to tell.
            &[("2", "2026-01-05"), ("1", "2026-01-02"), ("400", "2025-12-30")][..],
            &[("12", "2025-08-14"), ("211", "2026-08-13"), ("210", "2026-08-12")],
            &[("212", "2025-08-14"), ("211", "2026-08-13")],
        ] {
            let days: Vec<String> = honest.iter().map(|(_, day)| (*day).to_owned()).collect();
            assert_eq!(mended(honest), days);
        }
    }
}
