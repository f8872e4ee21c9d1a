//! Feeds and CSV, read by programs that we did not write.

use std::process::Command;

use crate::support::crawled;

pub(crate) async fn get(url: &str) -> reqwest::Response {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().expect("client");
    client.get(url).send().await.expect("answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn feed_rs_and_newsboat_read_the_feeds() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let address = &service.address;
    let mut titles = Vec::new();
    for suffix in ["atom", "rss"] {
        let url = format!("{address}/recherche.{suffix}?categorie=drone");
        let answer = get(&url).await;
        assert_eq!(answer.status(), 200);
        let body = answer.bytes().await.expect("body");
        let feed = feed_rs::parser::parse(&body[..]).expect("a feed");
        assert!(feed.entries.len() >= 10, "{}", feed.entries.len());
        assert!(feed.entries.iter().all(|entry| !entry.links.is_empty() && !entry.id.is_empty()));
        titles.push(feed.entries[0].title.clone().expect("title").content);
    }
    assert_eq!(titles[0], titles[1], "Atom and RSS say the same");

    let dir = tempfile::tempdir().expect("dir");
    let urls = dir.path().join("urls");
    let text =
        ["atom", "rss"].map(|s| format!("{address}/recherche.{s}?categorie=drone\n")).concat();
    std::fs::write(&urls, text).expect("urls");
    let newsboat = |action: &str| {
        let output = Command::new("newsboat")
            .args(["-x", action, "-u"])
            .arg(&urls)
            .arg("-c")
            .arg(dir.path().join("cache.db"))
            .env("HOME", dir.path())
            .output()
            .expect("newsboat is installed (make test does)");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    newsboat("reload");
    let unread = newsboat("print-unread");
    let count: u32 = unread.split_whitespace().next().expect("count").parse().expect("number");
    assert!(count >= 20, "both feeds were read: {unread}");
    service.stop();
}

/// A list of hundreds of acts, followed from page to page: as JSON by `next_url`, as Atom by its links.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_can_be_read_back_to_its_beginning() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let address = &service.address;
    let here = |url: &str| {
        let path = url.split_once("/recherche").expect("an address of the list").1;
        format!("{address}/recherche{path}")
    };
    let exported = get(&format!("{address}/recherche.jsonl?niveau=tous")).await;
    let exported = exported.text().await.expect("lines");
    let id = |line: &str| -> u64 {
        let act: serde_json::Value = serde_json::from_str(line).expect("JSON");
        act["id"].as_u64().expect("id")
    };
    let wanted: Vec<u64> = exported.lines().map(id).collect();
    assert!(wanted.len() > 100, "{} acts", wanted.len());

    let (mut acts, mut pages) = (std::collections::BTreeSet::new(), 0);
    let mut next = Some(format!("{address}/recherche.json?niveau=tous"));
    while let Some(page) = next {
        let feed: serde_json::Value = get(&page).await.json().await.expect("JSON");
        let items = feed["items"].as_array().expect("items");
        assert!(!items.is_empty(), "{page} leads nowhere");
        for item in items {
            let id = item["id"].as_str().expect("id").to_owned();
            assert!(acts.insert(id.clone()), "{page} tells {id} again");
        }
        next = feed["next_url"].as_str().map(here);
        pages += 1;
    }
    let told = |act: &u64| acts.iter().any(|id| id.ends_with(&format!(":acte:{act}")));
    assert!(wanted.iter().all(told), "all are told");
    assert!(pages > 2, "{pages} pages");

    let links = async |url: String| {
        let body = get(&url).await.bytes().await.expect("body");
        let feed = feed_rs::parser::parse(&body[..]).expect("a feed");
        let link = |rel: &str| {
            let link = feed.links.iter().find(|link| link.rel.as_deref() == Some(rel));
            link.map(|link| here(&link.href))
        };
        (link("previous"), link("next"), feed.title.expect("title").content)
    };
    let first = format!("{address}/recherche.atom?niveau=tous");
    let (previous, next, title) = links(first.clone()).await;
    assert_eq!(previous, None);
    assert!(title.starts_with("Tous les niveaux"), "{title}");
    let (previous, _, _) = links(next.expect("a second page")).await;
    assert_eq!(previous, Some(first));
    service.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_and_python_agree() {
    let (_, world) = crawled();
    let service = world.serve(&["serve"]);
    let body = get(&format!("{}/recherche.csv", service.address)).await.text().await.expect("csv");
    let text = body.strip_prefix('\u{feff}').expect("a BOM for Excel");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let width = reader.headers().expect("headers").len();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert!(rows.len() > 100 && rows.iter().all(|row| row.len() == width), "{}", rows.len());
    let file = world.dir.path().join("actes.csv");
    std::fs::write(&file, &body).expect("write");
    let script = "import csv,sys; rows=list(csv.DictReader(open(sys.argv[1],encoding='utf-8-sig',newline=''),delimiter=';'));\
        print(len(rows)); assert all(None not in r and None not in r.values() for r in rows);\
        assert not any(v[:1] in '=+@\\t\\r' and v for r in rows for v in r.values())";
    let python = Command::new("python3").args(["-c", script]).arg(&file).output().expect("python3");
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let count: usize = String::from_utf8_lossy(&python.stdout).trim().parse().expect("number");
    assert_eq!(count, rows.len());
    service.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archived_pdf_is_the_one_that_was_published() {
    let (sites, world) = crawled();
    let line = &world.run(&["export", "--format", "jsonl", "--prefecture", "34"]).ok().json()[0];
    let service = world.serve(&["serve"]);
    let sha = line["pdf_sha256"].as_str().expect("hash");
    let archived = get(&format!("{}/archive/{sha}.pdf", service.address)).await;
    assert_eq!(archived.status(), 200);
    let archived = archived.bytes().await.expect("body");
    assert_eq!(guetteur_model::Sha256::of(&archived).to_string(), sha);
    let source = line["source_url"].as_str().expect("address");
    let published =
        get(&source.replace("https:/", &sites.mirror)).await.bytes().await.expect("pdf");
    assert_eq!(archived, published);
    service.stop();
}
