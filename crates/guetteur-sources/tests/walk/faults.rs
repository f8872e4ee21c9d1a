//! A page that fails is recorded, and takes nothing else with it.

use guetteur_model::{FailureKind, Source};
use guetteur_sources::{
    DiscoverOptions, FailureReason, Glance, KnownGround, PageResponse, PageView, Registry, glance,
};
use guetteur_testkit::sites::{Fault, SiteSet, SiteSpec};
use url::Url;

use crate::shapes::{day, walk};
use crate::site::fixtures;

fn site(sites: &SiteSet, code: &str) -> SiteSpec {
    sites.sites().iter().find(|site| site.code == code).expect("site").clone()
}

/// Faults on the second of three pages of a list: the other two pages are read all the same.
#[test]
fn a_failed_page_is_no_absence() {
    let nothing = KnownGround::default();
    let path = "https://www.creuse.gouv.fr/Publications/Les-Recueils/2026/Aout/(offset)/10";
    let cases = [
        (Fault::Status(404), FailureReason::Status(404)),
        (Fault::Status(500), FailureReason::Status(500)),
        (Fault::RetryAfter(429, 60), FailureReason::Status(429)),
        (Fault::RedirectLoop, FailureReason::NotHad(FailureKind::Astray.into())),
        (Fault::RedirectTo("https://www.gard.gouv.fr/".to_owned()), FailureReason::Status(404)),
        (
            Fault::Body("application/pdf".to_owned(), b"%PDF-1.4".to_vec()),
            FailureReason::NotHtml("application/pdf".to_owned()),
        ),
    ];
    for (fault, reason) in cases {
        let sites = SiteSet::load(&fixtures("sites-synthetic")).expect("sites");
        let creuse = site(&sites, "23");
        // The last page is linked as well, as the live pagers do.
        let mut linked = creuse.clone();
        let mut last = linked.pages[2].blocks[1].clone();
        last.href = Some("/Publications/Les-Recueils/2026/Aout/(offset)/20".to_owned());
        linked.pages[2].blocks.push(last);
        let sites = SiteSet::new(vec![linked.clone()]);
        sites.set_fault(path, Some(fault.clone()));
        let found = walk(&sites, &linked, &DiscoverOptions::full(day("2026-08-20"), &nothing));
        let numbers: Vec<_> = found.bulletins.iter().filter_map(|b| b.number.as_deref()).collect();
        assert_eq!(numbers, ["23-2026-030", "23-2026-010"], "{fault:?}");
        assert!(
            found.failures.iter().any(|f| f.reason == reason),
            "{fault:?}: {:?}",
            found.failures
        );
        sites.set_fault(path, None);
        let healed = walk(&sites, &linked, &DiscoverOptions::full(day("2026-08-20"), &nothing));
        assert_eq!(healed.bulletins.len(), 3);
    }
}

/// A root that shows nothing, a bulletin's page without its PDF, a dead root: each says so.
#[test]
fn nothing_found_is_said() {
    let nothing = KnownGround::default();
    let sites = SiteSet::load(&fixtures("sites")).expect("sites");
    let isere = site(&sites, "38");
    let options = DiscoverOptions::daily(day(&isere.observed), &nothing);
    let root = format!("{}{}", isere.base, isere.root);
    sites.set_fault(&root, Some(Fault::HtmlInstead));
    let empty = walk(&sites, &isere, &options);
    assert_eq!(empty.failures[0].reason, FailureReason::Empty);
    sites.set_fault(&root, Some(Fault::Status(503)));
    let refused = walk(&sites, &isere, &options);
    assert!(refused.failures[0].reason.failure().kind.is_refusal());
    sites.set_fault(&root, None);
    let own_page = format!("{}{}", isere.base, isere.bulletins[0].via);
    sites.set_fault(&own_page, Some(Fault::HtmlInstead));
    let less = walk(&sites, &isere, &options);
    assert_eq!(less.bulletins.len(), isere.bulletins.len() - 1);
    assert!(
        less.failures.iter().any(|f| f.reason == FailureReason::NoDocument),
        "{:?}",
        less.failures
    );
}

#[test]
fn a_walk_is_bounded() {
    let nothing = KnownGround::default();
    let sites = SiteSet::load(&fixtures("sites")).expect("sites");
    let herault = site(&sites, "34");
    let options =
        DiscoverOptions { max_pages: 2, ..DiscoverOptions::full(day("2026-08-20"), &nothing) };
    let found = walk(&sites, &herault, &options);
    assert_eq!((found.requests, found.bulletins.len()), (2, 2));
    assert_eq!(found.failures.last().map(|f| f.reason.clone()), Some(FailureReason::Limit(2)));
}

/// `--since` reads no page that ends before, and keeps no bulletin of before.
#[test]
fn since_bounds_the_walk() {
    let nothing = KnownGround::default();
    let sites = SiteSet::load(&fixtures("sites")).expect("sites");
    let jura = site(&sites, "39");
    let since = DiscoverOptions {
        since: Some(day("2026-08-13")),
        ..DiscoverOptions::daily(day("2026-08-20"), &nothing)
    };
    let found = walk(&sites, &jura, &since);
    let numbers: Vec<_> = found.bulletins.iter().filter_map(|b| b.number.as_deref()).collect();
    assert_eq!(numbers, ["39-2026-08-058"]);
    assert!(!found.pages.iter().any(|page| page.contains("2025")));
}

fn look_at(source: &Source, html: String, url: Url, today: &str) -> Glance {
    let page = PageResponse {
        url,
        status: 200,
        content_type: Some("text/html".to_owned()),
        html,
        encoding: guetteur_html::UTF_8,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(glance(source, page, day(today))).expect("glance")
}

#[test]
fn a_glance_reads_one_page() {
    let sites = SiteSet::load(&fixtures("sites")).expect("sites");
    let registry = Registry::builtin().expect("registry");
    for code in ["36", "85"] {
        let spec = site(&sites, code);
        let page = spec.pages.last().filter(|_| code == "36").or(spec.pages.get(1)).expect("page");
        let html = guetteur_testkit::sites::render(
            &spec,
            page,
            guetteur_testkit::sites::Markup::default(),
        );
        let url: Url = format!("{}{}", spec.base, page.path).parse().expect("url");
        let seen = look_at(registry.get(code).expect("code"), html, url, &spec.observed);
        assert_eq!(seen.bulletins.len() + seen.own_pages.len(), 2, "{code}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    /// Foreign pages: whatever they hold, reading them ends and does not panic.
    #[test]
    fn any_page_can_be_read(html in proptest::collection::vec(
        "\\PC{0,12}|<a [a-z=\"' /.é]{0,20}href=[\"']?/c/RAA n°[0-9]{1,3}\\.pdf[\"' >]{1,3}|</?(a|tr|td|table|select|option value=\"x/y\"|div class=\"fr-card\"|h3|b|p|ul|nav|form)>|RAA n°1_août_2026 PDF - 1,2 Mb - 13/08/2026",
        0..25,
    )) {
        let html = html.concat();
        let url: Url = "https://www.ain.gouv.fr/Publications/RAA/(offset)/10".parse().expect("url");
        let _ = PageView::parse(&html, &url);
        let registry = Registry::builtin().expect("registry");
        look_at(registry.get("01").expect("01"), html, url, "2026-08-20");
    }
}
