//! Lists that are kept: in the settings, or by whoever follows them. Nobody sees how they were understood.

use url::form_urlencoded;

use super::Filters;

impl Filters {
    /// The list that was kept; none where some of it is understood no more, as an inter-municipality that is
    /// no longer: without that filter it would be another, longer list.
    #[must_use]
    pub fn kept(query: &str) -> Option<Self> {
        Some(Self::parse(query)).filter(|filters| filters.misread.is_empty())
    }

    /// The list that is to be kept: a parameter that no list has is not passed over, as in the addresses that
    /// people share, but said to be misread.
    #[must_use]
    pub fn to_keep(query: &str) -> Self {
        let mut filters = Self::parse(query);
        let pairs = form_urlencoded::parse(query.as_bytes());
        let names = pairs.filter(|(name, _)| !Self::is_known(name));
        filters.misread.extend(names.map(|(name, _)| format!("paramètre « {name} » inconnu")));
        filters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_understood_whole_or_not_at_all() {
        let query = "q=drone&prefecture=34&region=occitanie&epci=243400017&autour=34172-20km&commune=34172\
                     &categorie=drone&niveau=authorises&du=2026-01-01&au=2026-02-01&annee=2026\
                     &beneficiaire=RATP&finalite=borders&doute=tous&quand=en-vigueur&tri=publication&page=3\
                     &suite=2026-08-13.1234.7a-1";
        assert_eq!(Filters::to_keep(query), Filters::parse(query));
        assert_eq!(Filters::kept(query), Some(Filters::parse(query)));
        for (query, strange, is_kept) in [
            ("", 0, true),
            ("categories=drone", 1, true),
            ("niveau=autorise&categorie=drones", 2, true),
            ("epci=999999999", 1, false),
            ("commune=99999&categorie=drone", 1, false),
            ("?categorie=drone", 1, true),
        ] {
            let Filters { misread, guessed, .. } = Filters::to_keep(query);
            let found = (misread.len() + guessed.len(), Filters::kept(query).is_some());
            assert_eq!(found, (strange, is_kept), "{misread:?} {guessed:?}");
        }
    }
}
