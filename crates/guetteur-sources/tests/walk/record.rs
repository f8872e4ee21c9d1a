//! A site that was walked becomes a description on which the walk finds the same.

use guetteur_model::BulletinLink;
use guetteur_sources::{
    DiscoverOptions, KnownGround, Recorder, describe_site, discover, platform_of,
};
use guetteur_testkit::sites::{SiteSet, SiteSpec};

use crate::shapes::{day, load, walk};
use crate::site::{Pages, source_of};

fn sorted(mut bulletins: Vec<BulletinLink>) -> Vec<BulletinLink> {
    bulletins.sort_by(|a, b| a.url.cmp(&b.url));
    bulletins
}

/// Every observed site, walked with a recorder, then described by what was recorded.
#[test]
fn a_recorded_site_is_walked_alike() {
    let nothing = KnownGround::default();
    let sites = load("sites");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    let mut other = Vec::new();
    for site in sites.sites() {
        let today = day(&site.observed);
        let options = DiscoverOptions::daily(today, &nothing);
        let (source, pages) = (source_of(site), Pages::new(sites.clone()));
        let recorder = Recorder::new(&pages);
        let found = runtime.block_on(discover(&source, &options, &recorder)).expect("walk");
        let kept = recorder.into_pages();
        let spec = describe_site(&source, &kept, &found.bulletins, today).expect("description");
        let spec: SiteSpec = serde_json::from_str(&spec).expect("a site's description");
        assert_eq!(spec.bulletins.len(), found.bulletins.len(), "{}", site.code);
        let again = SiteSet::new(vec![spec.clone()]);
        let again = walk(&again, &spec, &options);
        if sorted(again.bulletins) != sorted(found.bulletins) {
            other.push(site.code.clone());
        }
    }
    // Forms that are posted and cookies are not recorded.
    assert!(other.len() <= 2, "{other:?}");
}

#[test]
fn platforms_are_told_apart() {
    for (html, expected) in [
        ("<a class=\"fr-card__link\">", "dsfr"),
        ("<article class=\"news-list-item\">", "regions"),
        ("<meta name=\"Generator\" content=\"Drupal 10\">", "drupal"),
        ("<p>rien</p>", "other"),
    ] {
        assert_eq!(platform_of(html), expected, "{html}");
    }
}
