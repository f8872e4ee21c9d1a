//! The operator's page: shut to everybody else, and what its forms do.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guetteur_model::{Failure, FailureKind, HiddenWords, Page, Stage, TracedPage};
use guetteur_store::{BulletinFilter, Fate, OcrRank, ReadRecord};
use guetteur_web::OperatorToken;
use scraper::{Html, Selector};

use crate::support::{Answer, SampleBulletin, Site, now};

const FORMS: [&str; 11] = [
    "/operateur/relancer",
    "/operateur/masquer",
    "/operateur/demasquer",
    "/operateur/juger",
    "/operateur/decisions",
    "/operateur/oublier",
    "/operateur/inscrire",
    "/operateur/registre",
    "/operateur/rayer",
    "/operateur/verifier",
    "/operateur/deverifier",
];
const TOKEN: &str = "un jeton de seize lettres au moins";

fn password(token: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("moi:{token}")))
}

async fn site() -> Site {
    let mut site = Site::sample().await;
    site.change(|chosen| chosen.operator_token = Some(OperatorToken::new(TOKEN)));
    site
}

async fn page(site: &Site, address: &str) -> Answer {
    site.get_with(address, (AUTHORIZATION.as_str(), &password(TOKEN))).await
}

async fn post(site: &Site, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path)
        .header(AUTHORIZATION, password(TOKEN))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    site.send(request.body(Body::from(body)).expect("request")).await
}

/// The key that the page's forms carry.
async fn key(site: &Site) -> String {
    let page = page(site, "/operateur").await;
    let html = Html::parse_document(page.text());
    let field = Selector::parse("input[name=cle]").expect("selector");
    let field = html.select(&field).next().expect("a form");
    field.attr("value").expect("value").to_owned()
}

/// Posts a form, and reads the page to which it leads.
async fn done(site: &Site, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = post(site, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    page(site, answer.header(LOCATION.as_str())).await.text().to_owned()
}

#[tokio::test]
async fn readers_find_no_page_without_token_and_a_shut_one_with() {
    let open = Site::sample().await;
    for answer in [open.get("/operateur").await, page(&open, "/operateur").await] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let site = site().await;
    let wrong = password("un autre jeton de seize lettres");
    let wrong = site.get_with("/operateur", (AUTHORIZATION.as_str(), &wrong)).await;
    for answer in [site.get("/operateur").await, wrong] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.header(WWW_AUTHENTICATE.as_str()).starts_with("Basic realm="));
        assert!(!answer.text().contains("File de travail"));
    }
    let shown = page(&site, "/operateur").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.header(CACHE_CONTROL.as_str()), "no-store");
    assert!(shown.text().contains("noindex"));
    assert!(!shown.text().contains(TOKEN));
    assert!(shown.text().contains("drone/captation"), "rules with their tally");
    for path in FORMS {
        let fields = "cle=&acte=1&passage=x&masque=1";
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = site.send(request.body(Body::from(fields)).expect("request")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let site = site().await;
    let fields = [("cle", "deviné"), ("acte", "1"), ("passage", "fête"), ("masque", "1")];
    for path in FORMS {
        assert_eq!(post(&site, path, &fields).await.status, StatusCode::BAD_REQUEST, "{path}");
        let empty = post(&site, path, &[]).await;
        assert_eq!(empty.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(empty.text().contains("Il manque un champ"), "{path}");
    }
    assert!(site.state.catalogue.store.masks().await.expect("masks").is_empty());
}

#[tokio::test]
async fn the_pages_that_wait_for_ocr_are_counted() {
    let mut site = site().await;
    site.change(|chosen| chosen.ocr_pages_per_day = 1500);
    let store = site.state.catalogue.store.clone();
    assert!(page(&site, "/operateur").await.text().contains("Aucune page n’attend"));
    site.fetch(&SampleBulletin {
        source: "34",
        url: "https://www.herault.gouv.fr/scan.pdf",
        title: "Scan",
        number: None,
        published_on: "2026-08-14",
        seen_hours_ago: 1,
        acts: Vec::new(),
    })
    .await;
    let lease = std::time::Duration::from_secs(60);
    let claim = store.claim(&[Stage::Fetched], None, "test", now(), lease).await;
    let claim = claim.expect("claim").expect("fetched");
    let mut scan = TracedPage::from(Page::of_text(1, ""));
    scan.origin.ocr_reason = Some("no-text".to_owned());
    let record = ReadRecord {
        pages: vec![scan],
        page_count: 1,
        cut_short: false,
        note: None,
        reader_version: "test".to_owned(),
        ocr_rank: OcrRank::Urgent,
        hidden: Some(vec![HiddenWords { page: 1, text: "Monsieur Beta Gamma".to_owned() }]),
        times: None,
    };
    assert!(page(&site, "/operateur").await.text().contains("Aucun PDF lu ne cache de mots"));
    store.keep_scanned(&claim, &record).await.expect("kept");
    assert!(store.take_ocr_page(now().date_naive(), None).await.expect("counted"));
    let shown = page(&site, "/operateur").await;
    let shown = shown.text().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(
        shown.contains("1 page à reconnaître (OCR) dans 1 recueil, la plus ancienne depuis le "),
        "{shown}"
    );
    assert!(shown.contains("1 page reconnue sur 1 500 "), "{shown}");
    assert!(shown.contains("1 PDF contient des mots que leurs pages ne montrent pas"), "{shown}");
    assert!(shown.contains("<td>1</td>\n<td class=\"n\">3</td>"), "{shown}");
    assert!(!shown.contains("Gamma"), "the words are shown nowhere");
}

#[tokio::test]
async fn what_was_given_up_is_shown_and_put_back_to_work() {
    let site = site().await;
    let (store, at) = (&site.state.catalogue.store, now());
    let all = BulletinFilter::default();
    store.reset_for_reclassify(&all, "rules-2").await.expect("reset");
    let lease = std::time::Duration::from_secs(60);
    let mut failed = Vec::new();
    while let Some(claim) =
        store.claim(&[Stage::Read], None, "test", at, lease).await.expect("claim")
    {
        let failure = Failure::new(FailureKind::Other, "page 3 : <b>plus de 60 s</b>");
        store.fail(&claim, &failure, Fate::GivenUp(None), at).await.expect("failed");
        failed.push(claim.bulletin);
    }
    let shown = page(&site, "/operateur").await;
    assert!(shown.text().contains("page 3 : &lt;b&gt;plus de 60 s&lt;/b&gt;"));
    assert!(shown.text().contains(&format!("Relancer {}\u{a0}recueils abandonnés", failed.len())));

    let key = key(&site).await;
    let given_up = BulletinFilter { failed: Some(true), ..BulletinFilter::default() };
    let one = failed[0].id.to_string();
    let told = done(&site, "/operateur/relancer", &[("cle", &key), ("recueil", &one)]).await;
    assert!(told.contains("1\u{a0}recueil remis au travail"));
    assert_eq!(store.count_bulletins(&given_up).await.expect("count"), failed.len() as u64 - 1);
    let told = done(&site, "/operateur/relancer", &[("cle", &key), ("source", "nulle")]).await;
    assert!(told.contains("0\u{a0}recueil remis"));
    done(&site, "/operateur/relancer", &[("cle", &key)]).await;
    assert_eq!(store.count_bulletins(&given_up).await.expect("count"), 0);
}

#[tokio::test]
async fn a_passage_is_masked_and_shown_again() {
    let site = site().await;
    let store = &site.state.catalogue.store;
    let acts = store.acts_changed_since(0, 10).await.expect("acts");
    let act = acts.iter().find(|act| act.act.title.contains("fête de la mer")).expect("act").id;
    let (key, id) = (key(&site).await, act.to_string());
    let fields = |acte, passage| [("cle", &*key), ("acte", acte), ("passage", passage)];
    let told = done(&site, "/operateur/masquer", &fields(&*id, "fête de la foire")).await;
    assert!(told.contains("ne se lit pas dans l’acte"));
    let told = done(&site, "/operateur/masquer", &fields("999", "fête")).await;
    assert!(told.contains("Il n’y a pas d’acte 999"));

    let told = done(&site, "/operateur/masquer", &fields(&*id, " fête de la mer ")).await;
    assert!(told.contains("Passage masqué dans l’acte"));
    assert!(!site.get(&format!("/acte/{act}")).await.text().contains("fête de la mer"));
    let mask = store.masks().await.expect("masks")[0].clone();
    assert!(!mask.keeps_pdf, "the box was not ticked");

    let mask = mask.id.to_string();
    let told = done(&site, "/operateur/demasquer", &[("cle", &key), ("masque", &mask)]).await;
    assert!(told.contains("retiré"));
    assert!(site.get(&format!("/acte/{act}")).await.text().contains("fête de la mer"));
    let told = done(&site, "/operateur/demasquer", &[("cle", &key), ("masque", &mask)]).await;
    assert!(told.contains("Il n’y a pas de masque"));
}

#[tokio::test]
async fn what_an_operator_reviews_is_shown_exported_and_forgotten() {
    let site = site().await;
    let store = &site.state.catalogue.store;
    let acts = store.acts_changed_since(0, 10).await.expect("acts");
    let act = acts.iter().find(|act| act.act.title.contains("fête de la mer")).expect("act");
    let (key, id) = (key(&site).await, act.id.to_string());
    let category = act.flags[0].category.clone();
    let subject = format!("flag:{category}");
    let fields = |sujet, reponse, valeur, raison| {
        let named =
            [("sujet", sujet), ("reponse", reponse), ("valeur", valeur), ("raison", raison)];
        [vec![("cle", &*key), ("acte", &*id)], named.to_vec()].concat()
    };
    for (sujet, reponse, valeur, raison) in [
        ("valid_from", "corrected", "demain", "Lu page 2."),
        ("valid_from", "corrected", "", "Lu page 2."),
        ("valid_from", "rejected", "", " "),
        ("doubts", "rejected", "", "Non."),
    ] {
        let fields = fields(sujet, reponse, valeur, raison);
        let refused = post(&site, "/operateur/verifier", &fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{sujet} {valeur}");
        assert!(refused.text().contains("Rien n’est noté"), "{}", refused.text());
    }
    let given = fields("valid_from", "corrected", "2026-08-15 09:30", "Lu <b>page</b> 2.");
    let told = done(&site, "/operateur/verifier", &given).await;
    assert!(told.contains("Vérification de l’acte") && told.contains("début d’effet"), "{told}");
    done(&site, "/operateur/verifier", &fields(&subject, "rejected", "", "Une citation.")).await;
    site.index().await;
    let shown = site.get(&format!("/acte/{id}")).await.text().to_owned();
    assert!(shown.contains("corrigé (2026-08-15T09:30:00+02:00)"), "{shown}");
    assert!(shown.contains("Lu &lt;b&gt;page&lt;/b&gt; 2.") && shown.contains("Une citation."));
    let found = site.get(&format!("/api/v1/search?categorie={category}")).await;
    let found: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    let ids: Vec<String> = found["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|act| act["id"].to_string())
        .collect();
    assert!(!ids.contains(&id), "no list has it under a category that was rejected");

    for review in store.reviews().await.expect("reviews") {
        let review = review.id.to_string();
        let fields = [("cle", &*key), ("verification", &*review)];
        let told = done(&site, "/operateur/deverifier", &fields).await;
        assert!(told.contains("oubliée"), "{told}");
    }
    let again = store.acts_by_ids(&[act.id]).await.expect("acts").remove(0);
    assert_eq!(
        (again.facts.valid_from, again.flags.len()),
        (act.facts.valid_from, act.flags.len())
    );
}

#[tokio::test]
async fn an_address_puts_no_words_on_the_page() {
    let site = site().await;
    let answer = page(&site, "/operateur?fait=Virez+1000+euros&n=1").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text().contains("Virez"));
}

#[tokio::test]
async fn decisions_are_recorded_one_by_one_or_as_a_table_and_forgotten() {
    let site = site().await;
    let key = key(&site).await;
    let found = site.get("/api/v1/search?s=f%C3%AAte+mer").await;
    let found: serde_json::Value = serde_json::from_slice(&found.body).expect("JSON");
    let id = found["results"][0]["id"].to_string();
    let one = [
        ("cle", &*key),
        ("acte", &*format!("https://guetteur.example/acte/{id}")),
        ("juridiction", "Tribunal administratif de Montpellier"),
        ("numero", "2603001"),
        ("date", "2026-08-14"),
        ("issue", "suspended"),
        ("motif", "duration"),
        ("source", ""),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let with = |name: &str, value: &str| -> Vec<(String, String)> {
        let given = one.iter().map(|(field, own)| {
            (field.to_string(), if *field == name { value.to_owned() } else { own.clone() })
        });
        given.collect()
    };
    let told = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (&**n, &**v)).collect();
        post(&site, "/operateur/juger", &fields).await
    };
    for (name, value) in [("date", "2030-01-01"), ("issue", "gagné"), ("source", "javascript:x")] {
        let refused = told(with(name, value)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert!(refused.text().contains("Décision non notée"), "{}", refused.text());
    }
    assert_eq!(told(with("", "")).await.status, StatusCode::SEE_OTHER);
    let shown = page(&site, "/operateur").await.text().to_owned();
    assert!(shown.contains("n° 2603001") && shown.contains("durée excessive"), "{shown}");
    let act = site.get(&format!("/acte/{id}")).await;
    assert!(act.text().contains("Suspendu : Tribunal administratif de Montpellier"));

    let header = "acte;juridiction;numero;date;issue\n";
    let bad = format!(
        "{header}{id};Conseil d’État;490001;2026-08-14;annulé\n99999;CE;1;2026-08-14;rejet\n"
    );
    let refused = post(&site, "/operateur/decisions", &[("cle", &key), ("csv", &bad)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("pas d’acte 99999"), "{}", refused.text());
    assert!(!page(&site, "/operateur").await.text().contains("490001"), "nothing of it is kept");
    let good = format!("{header}{id};Conseil d’État;490001;2026-08-14;annulé\n");
    let shown = done(&site, "/operateur/decisions", &[("cle", &key), ("csv", &good)]).await;
    assert!(shown.contains("1\u{a0}décision notée") && shown.contains("490001"), "{shown}");
    let decision = site.state.catalogue.store.outcomes().await.expect("all")[0].id.to_string();
    let fields = [("cle", &*key), ("decision", &*decision)];
    let shown = done(&site, "/operateur/oublier", &fields).await;
    assert!(shown.contains("oubliée"), "{shown}");
    assert!(done(&site, "/operateur/oublier", &fields).await.contains("Il n’y a pas de décision"));
}
