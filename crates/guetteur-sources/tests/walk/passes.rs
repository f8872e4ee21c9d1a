//! What a pass reads: as little as can have changed, everything, or everything since a day.

use chrono::{Days, NaiveDate};
use guetteur_model::BulletinLink;
use guetteur_sources::{DiscoverOptions, KnownGround};
use guetteur_testkit::sites::{SiteSet, SiteSpec};

use crate::shapes::{day, load, walk};

/// Calls `check` on every described site, observed or invented.
fn on_every_site(mut check: impl FnMut(&SiteSet, &SiteSpec, NaiveDate)) {
    for folder in ["sites", "sites-synthetic"] {
        let sites = load(folder);
        for site in sites.sites() {
            check(&sites, site, day(&site.observed));
        }
    }
}

fn ground<'a>(bulletins: impl IntoIterator<Item = &'a BulletinLink>) -> KnownGround {
    KnownGround::new(bulletins.into_iter().cloned())
}

#[test]
#[expect(clippy::print_stdout, reason = "the table of requests is what `--nocapture` is for")]
fn a_quiet_day_takes_few_requests() {
    let nothing = KnownGround::default();
    println!("code   full first quiet new");
    on_every_site(|sites, site, today| {
        let full = walk(sites, site, &DiscoverOptions::full(today, &nothing));
        let first = walk(sites, site, &DiscoverOptions::daily(today, &nothing));
        let known = ground(&first.bulletins);
        let quiet = walk(sites, site, &DiscoverOptions::daily(today, &known));
        // A morning on which the newest bulletin is new.
        let newest = first.bulletins.iter().max_by_key(|b| b.published_on).expect("a bulletin");
        let before = ground(first.bulletins.iter().filter(|b| *b != newest));
        let news = walk(sites, site, &DiscoverOptions::daily(today, &before));
        assert!(news.bulletins.contains(newest), "{}: {newest:?} missed", site.code);
        assert!(
            quiet.shown() > 0,
            "{}: what is known is on the site, whether it is asked for again or not",
            site.code
        );
        assert!(
            quiet.requests <= 12 && news.requests <= 12,
            "{}: {} {}",
            site.code,
            quiet.requests,
            news.requests
        );
        println!(
            "{:<11} {:>4} {:>5} {:>5} {:>3}",
            site.code, full.requests, first.requests, quiet.requests, news.requests
        );
    });
}

/// A bulletin put late onto a further page of a list: where the numbers show a gap the next daily
/// pass finds it, else one of the next does, a page a day.
#[test]
fn what_comes_late_in_the_midst_of_a_list_is_found() {
    let page = |offset: u32, last: u32| {
        let href = |n: u32| format!("/f/raa-{n}.pdf");
        let mut blocks: Vec<_> = (0..10)
            .map(|i| 60 - offset - i)
            .map(|n| serde_json::json!({"kind": "link", "wrap": "ul > li", "href": href(n), "text": format!("RAA n°{n}")}))
            .collect();
        for other in (0..=last).step_by(10).filter(|other| *other != offset) {
            let path =
                if other == 0 { "/R/2026".to_owned() } else { format!("/R/2026/(offset)/{other}") };
            blocks.push(serde_json::json!({"kind": "pager", "href": path, "text": "page"}));
        }
        let path =
            if offset == 0 { "/R/2026".to_owned() } else { format!("/R/2026/(offset)/{offset}") };
        serde_json::json!({"path": path, "title": "RAA 2026", "h1": "RAA 2026", "blocks": blocks})
    };
    let pages: Vec<_> = (0..=50).step_by(10).map(|offset| page(offset, 50)).collect();
    let site = serde_json::json!({"code": "23", "base": "https://www.creuse.gouv.fr", "root": "/R/2026", "observed": "2026-08-20", "pages": pages, "bulletins": []});
    let site: SiteSpec = serde_json::from_value(site).expect("site");
    let sites = SiteSet::new(vec![site.clone()]);
    let today: NaiveDate = "2026-08-20".parse().expect("day");
    let all = walk(&sites, &site, &DiscoverOptions::full(today, &KnownGround::default())).bulletins;
    assert_eq!(all.len(), 60);
    let found = |missing: &str, day: NaiveDate, renumber: bool| {
        let known = all.iter().filter(|b| b.number.as_deref() != Some(missing)).cloned();
        // Without numbers no gap shows.
        let known = known.map(|b| BulletinLink { number: b.number.filter(|_| !renumber), ..b });
        let ground = KnownGround::new(known);
        let found = walk(&sites, &site, &DiscoverOptions::daily(day, &ground));
        (found.bulletins.iter().any(|b| b.number.as_deref() == Some(missing)), found.requests)
    };
    assert_eq!(found("23", today, false), (true, 3), "a gap in the numbers");
    let days = (0..5).map(|n| found("23", today + Days::new(n), true).0);
    assert_eq!(days.filter(|found| *found).count(), 1, "one page a day");
}

/// A bulletin put into an old month, long after that month: a full pass finds it, whatever is known.
#[test]
fn a_full_pass_finds_what_was_inserted_late() {
    let nothing = KnownGround::default();
    on_every_site(|sites, site, today| {
        let all = walk(sites, site, &DiscoverOptions::full(today, &nothing)).bulletins;
        // The walk's order is newest first: the first, one of the middle, the last.
        let picked = [0, all.len() / 2, all.len() - 1].map(|at| &all[at]);
        for late in picked {
            let before = ground(all.iter().filter(|bulletin| *bulletin != late));
            let found = walk(sites, site, &DiscoverOptions::full(today, &before));
            assert!(found.bulletins.contains(late), "{}: {late:?} missed", site.code);
        }
    });
}

/// `--since` gives all of that day and after, nothing dated before it, and never reads more than a
/// walk of everything.
#[test]
fn since_bounds_every_walk() {
    let nothing = KnownGround::default();
    on_every_site(|sites, site, today| {
        let full = DiscoverOptions::full(today, &nothing);
        let all = walk(sites, site, &full);
        let mut days: Vec<NaiveDate> =
            all.bulletins.iter().filter_map(|b| b.published_on).collect();
        days.sort_unstable();
        let middle = days.get(days.len() / 2).copied();
        for since in [middle, middle.map(|day| day + Days::new(1)), Some(today + Days::new(9))] {
            let Some(since) = since else { continue };
            let bounded = walk(sites, site, &DiscoverOptions { since: Some(since), ..full });
            let wanted = |b: &&BulletinLink| b.published_on.is_some_and(|day| day >= since);
            for bulletin in all.bulletins.iter().filter(wanted) {
                assert!(
                    bounded.bulletins.contains(bulletin),
                    "{} since {since}: {bulletin:?} missed",
                    site.code
                );
            }
            assert!(
                bounded.bulletins.iter().all(|b| b.published_on.is_none_or(|day| day >= since)),
                "{} since {since}: {:?}",
                site.code,
                bounded.bulletins
            );
            assert!(bounded.requests <= all.requests, "{} since {since}", site.code);
        }
    });
}
