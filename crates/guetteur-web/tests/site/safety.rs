use scraper::{Html, Selector};

use crate::support::Site;

/// Things that people paste into search boxes to see what happens.
const CORPUS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"",
    "</title><script>alert(1)</script>",
    "</textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "{{ 7*7 }}{% raw %}",
    "${7*7}<%= 7*7 %>",
    "<!--#exec cmd=\"id\"-->",
    "\u{202e}<b>\u{0}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
];

/// No element or attribute that runs or loads anything, whatever the words were.
fn inert(address: &str, text: &str) {
    let page = Html::parse_document(text);
    let forbidden = "script, iframe, img:not([src^=\"/documents/\"]), object, embed, style, math, base, body svg[onload]";
    let selector = Selector::parse(forbidden).expect("selector");
    if let Some(element) = page.select(&selector).next() {
        panic!("{address}: {}", element.html());
    }
    for element in page.select(&Selector::parse("*").expect("selector")) {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{address}: {name}={value}");
            let link = matches!(name, "href" | "src" | "action" | "formaction");
            let scheme = value.trim().to_ascii_lowercase();
            assert!(
                !(link && (scheme.starts_with("javascript") || scheme.starts_with("data"))),
                "{address}: {value}"
            );
        }
    }
}

#[tokio::test]
async fn queries_come_out_as_text() {
    let site = Site::sample().await;
    for attack in CORPUS {
        let encoded: String = attack.bytes().map(|b| format!("%{b:02X}")).collect();
        for address in [
            format!("/recherche?q={encoded}"),
            format!(
                "/recherche?prefecture={encoded}&categorie={encoded}&niveau={encoded}&commune={encoded}"
            ),
            format!(
                "/recherche?du={encoded}&au={encoded}&tri={encoded}&page={encoded}&quand={encoded}"
            ),
            format!(
                "/recherche?annee={encoded}&beneficiaire={encoded}&finalite={encoded}&niveau=tous"
            ),
            format!("/prefecture/{encoded}"),
            format!("/commune/{encoded}"),
            format!("/acte/{encoded}"),
            format!("/prefecture/34?q={encoded}"),
        ] {
            let answer = site.get(&address).await;
            assert!(!answer.status.is_server_error(), "{address}");
            inert(&address, answer.text());
        }
        for suffix in ["atom", "rss", "json"] {
            let answer = site.get(&format!("/recherche.{suffix}?q={encoded}")).await;
            feed_rs::parser::parse(answer.body.as_slice()).expect("still a feed");
        }
    }
}

#[tokio::test]
async fn acts_come_out_as_text_everywhere() {
    let site = Site::sample().await;
    let found = site.get("/api/v1/search?s=capteur&categorie=autre-capteur").await;
    let json: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    let id = &json["results"][0]["id"];
    for address in [
        "/".to_owned(),
        "/recherche?niveau=concerns".to_owned(),
        "/recherche?q=capteur+alert".to_owned(),
        format!("/acte/{id}"),
        "/prefecture/34".to_owned(),
        "/recueil/1".to_owned(),
        "/recueil/2".to_owned(),
        "/methode".to_owned(),
    ] {
        inert(&address, site.get(&address).await.text());
    }
    let feed = site.get("/recherche.atom?niveau=concerns").await;
    let feed = feed_rs::parser::parse(feed.body.as_slice()).expect("feed");
    let html = feed.entries[0].content.as_ref().and_then(|c| c.body.clone()).expect("content");
    inert("feed entry", &html);
    assert!(html.contains("&lt;svg onload"), "{html}");
}

#[tokio::test]
async fn the_policy_forbids_scripts_and_third_parties() {
    let site = Site::sample().await;
    for address in ["/", "/rien", "/recherche.atom", "/api/v1/stats", "/style.css", "/favicon.svg"]
    {
        let answer = site.get(address).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{address}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(answer.header("set-cookie"), "", "{address}");
    }
}
