//! A real browser (Debian's chromium, headless) on the site: search, open an act, follow the feed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::crawled;

/// A WebDriver session of this test's own (W3C WebDriver, the few calls that are needed).
struct Browser {
    driver: Child,
    session: String,
    http: reqwest::Client,
}

impl Browser {
    /// A browser with a profile of its own and JavaScript off: the site must not need it.
    async fn start(profile: &std::path::Path) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (make test does)");
        let mut lines = BufReader::new(driver.stdout.take().expect("stdout")).lines();
        let port = loop {
            let line = lines.next().expect("chromedriver tells its port").expect("line");
            if let Some((_, rest)) = line.split_once("successfully on port ") {
                break rest.trim_end_matches('.').to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("client");
        let mut browser =
            Self { driver, session: format!("http://127.0.0.1:{port}/session"), http };
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1200,900",
            "--blink-settings=scriptEnabled=false",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let wanted =
            json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": args}}}});
        let session = browser.post("", &wanted).await;
        let id = session["sessionId"].as_str().expect("a session");
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.session)).json(body);
        value(request.send().await.expect("chromedriver answers")).await
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.session));
        value(request.send().await.expect("chromedriver answers")).await
    }

    async fn goto(&self, url: &str) {
        self.post("/url", &json!({ "url": url })).await;
    }

    async fn find(&self, css: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": css})).await;
        let reference = found.as_object().and_then(|element| element.values().next());
        reference.and_then(Value::as_str).unwrap_or_else(|| panic!("{css}: {found}")).to_owned()
    }

    async fn attribute(&self, css: &str, name: &str) -> String {
        let element = self.find(css).await;
        let value = self.get(&format!("/element/{element}/attribute/{name}")).await;
        value.as_str().unwrap_or_else(|| panic!("{css} has no {name}")).to_owned()
    }

    async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        self.get(&format!("/element/{element}/text")).await.as_str().expect("text").to_owned()
    }

    async fn address(&self) -> String {
        self.get("/url").await.as_str().expect("address").to_owned()
    }
}

async fn value(answer: reqwest::Response) -> Value {
    let status = answer.status();
    let mut body: Value = answer.json().await.expect("JSON");
    assert!(status.is_success(), "{body}");
    body["value"].take()
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn search_open_an_act_follow_the_feed() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let profile = tempfile::tempdir().expect("profile");
    let browser = Browser::start(profile.path()).await;

    browser.goto(&service.address).await;
    let field = browser.find("input[name=q]").await;
    browser.post(&format!("/element/{field}/value"), &json!({"text": "drone\u{e007}"})).await;
    let address = browser.address().await;
    assert!(address.contains("/recherche?") && address.contains("q=drone"), "{address}");
    let feed = browser.attribute("link[rel=alternate][type='application/atom+xml']", "href").await;

    let act = browser.find("main a[href^='/acte/']").await;
    browser.post(&format!("/element/{act}/click"), &json!({})).await;
    assert!(browser.address().await.contains("/acte/"));
    assert!(!browser.text("h1").await.is_empty());
    assert!(!browser.text("mark").await.is_empty(), "evidence is marked");
    let pdf = browser.attribute("a[href^='/archive/']", "href").await;
    assert!(pdf.contains(".pdf#page="), "{pdf}");

    let feed = if feed.starts_with('/') { format!("{}{feed}", service.address) } else { feed };
    browser.goto(&feed).await;
    let source = browser.get("/source").await;
    assert!(source.as_str().expect("source").contains("/acte/"), "the feed lists acts");
    browser.http.delete(&browser.session).send().await.expect("closed");
    service.stop();
}
