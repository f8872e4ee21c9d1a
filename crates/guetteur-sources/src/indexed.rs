//! A bulletin as the national index (data.gouv.fr) tells it: a title, an address, a day.

use chrono::NaiveDate;
use guetteur_model::BulletinLink;
use guetteur_model::dates::parse_french_date;
use url::Url;

use crate::address::{normalise_url, slug};
use crate::naming::{Witnesses, file_day, number, series, settle, title_day};

/// `via` of a bulletin that only the index told of.
const INDEX_VIA: &str = "import";

/// The bulletin at `url`, with the day, number and series that its `title` or its file's name say.
/// `updated` is the day on which the index says that the file was last put on line
/// (`14/08/2026` or `2026-08-14`): it stands in where nothing else gives a day.
#[must_use]
pub fn indexed_bulletin(title: &str, url: &Url, updated: &str, today: NaiveDate) -> BulletinLink {
    let file = slug(url);
    let said = title_day(title, None, today).or_else(|| file_day(&file, None, today));
    let number = number(&[title], &file);
    let uploaded = parse_french_date(updated);
    let witnesses = Witnesses { uploaded, number: number.as_deref(), period: None, today };
    BulletinLink {
        url: normalise_url(url),
        title: title.to_owned(),
        published_on: said.map_or(uploaded, |said| settle(said, &witnesses)),
        number,
        series: series(&[title], &file),
        via: INDEX_VIA.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_it_can() {
        let today = "2026-08-20".parse().expect("day");
        let cases = [
            (
                "Recueil spécial n° 26-2026-041 du 13 août 2026",
                "https://www.drome.gouv.fr/contenu/telechargement/1/2/file/raa.pdf",
                "14/08/2026",
                Some("2026-08-13"),
                Some("26-2026-041"),
                Some("special"),
            ),
            (
                "Télécharger",
                "https://www.drome.gouv.fr/contenu/telechargement/1/2/file/RAA_2026-08-12_n7.pdf",
                "2026-08-14",
                Some("2026-08-12"),
                None,
                None,
            ),
            (
                "RAA",
                "https://www.drome.gouv.fr/a.pdf",
                "2026-08-14",
                Some("2026-08-14"),
                None,
                None,
            ),
            ("RAA", "https://www.drome.gouv.fr/a.pdf", "", None, None, None),
        ];
        for (title, url, updated, day, number, series) in cases {
            let link = indexed_bulletin(title, &url.parse().expect("url"), updated, today);
            assert_eq!(link.published_on.map(|day| day.to_string()).as_deref(), day, "{title}");
            if let Some(number) = number {
                assert_eq!(link.number.as_deref(), Some(number), "{title}");
            }
            assert_eq!(link.series.as_deref(), series, "{title}");
        }
    }
}
