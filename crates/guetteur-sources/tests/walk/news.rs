//! Where the next bulletin will show: the page that quick looks ask for.

use guetteur_sources::{DiscoverOptions, Glance, Hint, KnownGround, PageSource, glance};
use guetteur_testkit::sites::{SiteSet, SiteSpec};
use url::Url;

use crate::shapes::{day, load, walk};
use crate::site::{Pages, source_of};

fn look(sites: &SiteSet, spec: &SiteSpec, address: &str) -> Glance {
    let url: Url = address.parse().expect("address");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    let pages = Pages::new(sites.clone());
    // Where the site asks for a cookie, the client has it from the walk.
    if let Some(first) = Hint::of(&source_of(spec)).expect("hint").first {
        runtime.block_on(pages.get(&first.parse().expect("address"))).expect("cookie");
    }
    let page = runtime.block_on(pages.get(&url)).expect("page");
    assert_eq!(page.status, 200, "{address}");
    runtime.block_on(glance(&source_of(spec), page, day(&spec.observed))).expect("glance")
}

fn has_news(seen: &Glance, known: &KnownGround) -> bool {
    seen.bulletins.iter().any(|link| !known.knows(&link.url)) || seen.has_unread(known)
}

/// On every site the page kept as the newest list shows the newest bulletin (or its own page), and
/// a look at it right after the walk is no news.
#[test]
fn the_newest_list_shows_the_newest_bulletin() {
    let nothing = KnownGround::default();
    let (mut without, mut restless) = (Vec::new(), Vec::new());
    for folder in ["sites", "sites-synthetic"] {
        let sites = load(folder);
        for spec in sites.sites() {
            let options = DiscoverOptions::daily(day(&spec.observed), &nothing);
            let found = walk(&sites, spec, &options);
            let known = KnownGround::new(found.bulletins.iter().cloned());
            let Some(address) = &found.newest_list else {
                without.push(spec.code.clone());
                continue;
            };
            let seen = look(&sites, spec, address);
            let newest = found.bulletins.iter().max_by_key(|bulletin| bulletin.published_on);
            let newest = newest.expect("a bulletin");
            let shows = seen.bulletins.iter().any(|b| b.url == newest.url)
                || seen.own_pages.iter().any(|(url, _)| {
                    // A document whose address does not tell is an own page until it is asked for.
                    url.ends_with(&newest.via) || *url == newest.url
                });
            assert!(shows, "{} {address}: {newest:?} {seen:?}", spec.code);
            // A decoy's own page is read once by the walk, and stays unknown.
            if has_news(&seen, &known) {
                restless.push(spec.code.clone());
            }
            assert!(has_news(&seen, &nothing), "{}", spec.code);
        }
    }
    eprintln!("without an address of their newest list: {without:?}");
    assert!(without.len() <= 3, "{without:?}");
    assert!(restless.len() <= 6, "{restless:?}");
}
