//! axe-core on every kind of page, light and dark, on a desk and on a phone.

use std::collections::HashSet;
use std::path::Path;

use guetteur_fetch::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::support::{OPERATOR_TOKEN, crawled};

/// Pages that no link leads to, or that look different with something asked.
const ASKED: [&str; 8] = [
    "/recherche?q=drone",
    "/recherche?q=dronne+zzzz&prefecture=34",
    "/enquetes/drones",
    "/enquetes/preavis",
    "/enquetes/jours",
    "/nulle-part",
    OPERATOR,
    "/",
];

const OPERATOR: &str = "/operateur";

/// Width and height in CSS pixels, and whether it is a phone.
const SCREENS: [(u32, u32, bool); 2] = [(1280, 900, false), (390, 844, true)];

/// Gives what is serious or worse, one line a rule.
const JUDGE: &str = "
    const done = arguments[arguments.length - 1];
    const told = rule => `${rule.id} (${rule.impact}): ${rule.nodes[0].target} and `
        + `${rule.nodes.length - 1} more; ${rule.nodes[0].failureSummary}`;
    const grave = rule => ['serious', 'critical'].includes(rule.impact);
    axe.run({resultTypes: ['violations']}).then(
        found => done(found.violations.filter(grave).map(told)),
        error => done([String(error)]));";

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_serious_on_any_page() {
    let axe = axe_core();
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    // As the operator, for whom one page more is there.
    let site = service.address.replace("http://", &format!("http://operator:{OPERATOR_TOKEN}@"));
    let browser = Browser::start(&BrowserOptions::default())
        .await
        .expect("chromedriver is installed (make test does)");
    let mut waiting: Vec<String> = ASKED.map(str::to_owned).to_vec();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some(address) = waiting.pop() {
        let asked = ASKED.contains(&address.as_str());
        if !seen.insert(if asked { address.clone() } else { kind(&address) }) {
            continue;
        }
        browser.open(&format!("{site}{address}")).await.expect("page");
        let source = browser.source().await.expect("source");
        assert!(address != OPERATOR || source.contains("File de travail"), "the page is open");
        waiting.extend(pages_linked(&source));
        let script = json!({"script": axe, "args": []});
        browser.post("/execute/sync", &script).await.expect("axe-core");
        for screen in SCREENS {
            for scheme in ["light", "dark"] {
                show_on(&browser, screen, scheme).await;
                let faults = faults(&browser).await.into_iter();
                found.extend(faults.map(|fault| format!("{address} {screen:?} {scheme}: {fault}")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let kinds = [
        "/acte/#",
        "/recueil/#",
        "/prefecture/#",
        "/commune/#",
        "/commune/#/lettre",
        "/commune/#/voeu",
        "/abonnement",
        "/carte",
        "/enquetes",
        "/couverture",
        "/api",
    ];
    for kind in kinds {
        assert!(seen.contains(kind), "{kind} is not among {seen:?}");
    }
    service.stop();
}

async fn faults(browser: &Browser) -> Vec<String> {
    let script = json!({"script": JUDGE, "args": []});
    let told = browser.post("/execute/async", &script).await.expect("axe-core's judgement");
    let mut faults: Vec<String> = serde_json::from_value(told).expect("lines");
    let measure = "return document.documentElement.scrollWidth - innerWidth";
    let measure = json!({"script": measure, "args": []});
    let over = browser.post("/execute/sync", &measure).await.expect("width");
    if over.as_i64().is_some_and(|pixels| pixels > 0) {
        faults.push(format!("wider than the screen by {over}"));
    }
    faults
}

async fn show_on(browser: &Browser, (width, height, mobile): (u32, u32, bool), scheme: &str) {
    let screen =
        json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
    devtools(browser, "Emulation.setDeviceMetricsOverride", screen).await;
    let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
    devtools(browser, "Emulation.setEmulatedMedia", scheme).await;
}

async fn devtools(browser: &Browser, command: &str, parameters: Value) {
    let body = json!({"cmd": command, "params": parameters});
    browser.post("/goog/cdp/execute", &body).await.expect(command);
}

/// Pages of the site that a page links to, not feeds, exports, files or data.
fn pages_linked(html: &str) -> Vec<String> {
    let hrefs = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let ours = hrefs.filter(|href| href.starts_with('/') && !href.starts_with("//"));
    let pages = ours.filter(|href| {
        let path = path(href);
        !path.contains('.') && !path.starts_with("/api/")
    });
    pages.map(|href| href.replace("&amp;", "&")).collect()
}

fn path(href: &str) -> &str {
    href.split(['?', '#']).next().unwrap_or_default()
}

/// `/acte/12` and `/acte/13` are of one kind, and so are `/recherche?q=…`.
fn kind(href: &str) -> String {
    let mut parts = path(href).split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    let rest = parts.enumerate().map(|(at, part)| if at == 0 { "#" } else { part });
    [first].into_iter().chain(rest).map(|part| format!("/{part}")).collect()
}

/// axe-core as its registry gives it: `make install-test` puts it beside what is built.
fn axe_core() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target folder");
    let script = target.join("axe-core/axe.min.js");
    std::fs::read_to_string(&script).unwrap_or_else(|error| {
        panic!("{}: {error}; `make install-test` fetches it from npm", script.display())
    })
}
