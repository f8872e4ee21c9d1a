//! A real browser (Debian's chromium, headless) on the site: search, open an act, follow the feed.

use guetteur_fetch::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::feeds::get;
use crate::support::crawled;

/// A browser with JavaScript off: the site must not need it.
async fn start() -> Browser {
    let arguments = ["--window-size=1200,900", "--blink-settings=scriptEnabled=false"];
    let arguments = arguments.map(str::to_owned).to_vec();
    Browser::start(&BrowserOptions { arguments, ..BrowserOptions::default() })
        .await
        .expect("chromedriver is installed (make test does)")
}

async fn find(browser: &Browser, css: &str) -> String {
    let wanted = json!({"using": "css selector", "value": css});
    let found = browser.post("/element", &wanted).await.expect(css);
    let reference = found.as_object().and_then(|element| element.values().next());
    reference.and_then(Value::as_str).unwrap_or_else(|| panic!("{css}: {found}")).to_owned()
}

/// What the driver says of an element: `text`, `attribute/href`.
async fn read(browser: &Browser, css: &str, what: &str) -> String {
    let element = find(browser, css).await;
    let value = browser.get(&format!("/element/{element}/{what}")).await.expect(css);
    value.as_str().unwrap_or_else(|| panic!("{css} has no {what}")).to_owned()
}

async fn property(browser: &Browser, css: &str, name: &str) -> Value {
    let element = find(browser, css).await;
    browser.get(&format!("/element/{element}/property/{name}")).await.expect(css)
}

async fn click(browser: &Browser, css: &str) {
    let element = find(browser, css).await;
    browser.post(&format!("/element/{element}/click"), &json!({})).await.expect(css);
}

#[tokio::test(flavor = "multi_thread")]
async fn search_open_an_act_follow_the_feed() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let browser = start().await;

    browser.open(&service.address).await.expect("home");
    let field = find(&browser, "input[name=q]").await;
    let keys = json!({"text": "drone\u{e007}"});
    browser.post(&format!("/element/{field}/value"), &keys).await.expect("typed");
    let address = browser.address().await.expect("address");
    assert!(address.contains("/recherche?") && address.contains("q=drone"), "{address}");
    let feed = "link[rel=alternate][type='application/atom+xml']";
    let feed = read(&browser, feed, "attribute/href").await;

    click(&browser, "main a[href^='/acte/']").await;
    assert!(browser.address().await.expect("address").contains("/acte/"));
    assert!(!read(&browser, "h1", "text").await.is_empty());
    assert!(!read(&browser, "mark", "text").await.is_empty(), "evidence is marked");
    let width = property(&browser, ".sheet img", "naturalWidth").await;
    assert!(width.as_u64().expect("pixels") > 500, "the page of the PDF is shown: {width}");
    let boxes = property(&browser, ".sheet img + img", "complete").await;
    assert_eq!(boxes, json!(true), "with the boxes of the evidence over it");
    let pdf = read(&browser, "a[href^='/archive/']", "attribute/href").await;
    assert!(pdf.contains(".pdf#page="), "{pdf}");

    let feed = if feed.starts_with('/') { format!("{}{feed}", service.address) } else { feed };
    browser.open(&feed).await.expect("feed");
    assert!(browser.source().await.expect("source").contains("/acte/"), "the feed lists acts");
    service.stop();
}

/// The first visit: from the home page to each reader's own, and along each of its three links.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_leads_each_reader_on() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let browser = start().await;
    for reader in ["recherche", "defense", "presse"] {
        browser.open(&service.address).await.expect("home");
        click(&browser, &format!("main a[href='/commencer/{reader}']")).await;
        let own = browser.address().await.expect("address");
        assert!(own.ends_with(&format!("/commencer/{reader}")), "{own}");
        for nth in 1..=3 {
            let link = format!(".steps li:nth-child({nth}) a");
            let href = read(&browser, &link, "attribute/href").await;
            let answer = get(&format!("{}{href}", service.address)).await;
            assert_eq!(answer.status(), 200, "{href}");
            if href.contains(".csv") {
                let table = answer.text().await.expect("text");
                assert!(table.lines().count() > 10, "{href} holds acts");
                continue;
            }
            click(&browser, &link).await;
            let arrived = browser.address().await.expect("address");
            assert!(arrived.ends_with(&href), "{href} leads to {arrived}");
            assert!(!read(&browser, "h1", "text").await.is_empty());
            browser.open(&own).await.expect("back");
        }
    }
    service.stop();
}

/// A journalist narrows a list by clicks, takes it as a table, and the proof of a line with it.
#[tokio::test(flavor = "multi_thread")]
async fn narrow_a_list_and_take_it_away() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let browser = start().await;

    browser.open(&service.address).await.expect("home");
    click(&browser, ".chips a[href*='categorie=drone']").await;
    let address = browser.address().await.expect("address");
    assert!(address.contains("niveau=authorises"), "chips lead to findings: {address}");
    let count = read(&browser, "p[role=status] strong", "text").await;
    let count: String = count.chars().filter(char::is_ascii_digit).collect();
    let csv = read(&browser, ".chips a[type='text/csv']", "attribute/href").await;
    let csv = get(&format!("{}{csv}", service.address)).await.text().await.expect("text");
    let lines = csv.matches("drone:authorises").count();
    assert_eq!(lines.to_string(), count, "the table has the lines of the page");

    click(&browser, "main a[href^='/acte/']").await;
    let bundle = read(&browser, ".actions a[href$='.zip']", "attribute/href").await;
    let bundle = get(&format!("{}{bundle}", service.address)).await.bytes().await.expect("bytes");
    assert!(bundle.starts_with(b"PK"));
    service.stop();
}
