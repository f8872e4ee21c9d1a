//! The API of subscriptions: keys, what they open, and errors as programs read them.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use guetteur_store::{Channel, LETTERS_A_DAY, MessageKind};
use guetteur_web::{ApiKey, ApiKeys, MailRight};
use serde_json::{Value, json};

use crate::support::{Answer, Site, now};

const LIST: &str = "/api/v1/subscriptions";
const ASSO: &str = "une clé assez longue";
const PRESSE: &str = "une autre clé, longue";

async fn site() -> Site {
    let mut site = Site::sample().await;
    site.change(|chosen| {
        chosen.sends_mail = true;
        chosen.api_keys = ApiKeys {
            keys: vec![
                ApiKey::new("asso", ASSO, MailRight::Confirm),
                ApiKey::new("presse", PRESSE, MailRight::Consent),
                ApiKey::new("robot", "une clé sans lettres", MailRight::No),
            ],
            receives: |url| url.host_str() != Some("10.0.0.1"),
        };
    });
    site
}

async fn ask(site: &Site, method: &str, address: &str, key: &str, body: Value) -> Answer {
    let mut request = Request::builder().method(method).uri(address);
    if !key.is_empty() {
        let header = axum::http::HeaderValue::from_bytes(format!("Bearer {key}").as_bytes());
        request = request.header("authorization", header.expect("a header"));
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    site.send(request.body(body).expect("request")).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.text()))
}

fn webhook(query: &str) -> Value {
    json!({ "channel": "webhook", "target": "https://a.example/crochet", "query": query })
}

#[tokio::test]
async fn a_subscription_is_made_changed_and_ended() {
    let site = site().await;
    let made = ask(&site, "POST", LIST, ASSO, webhook("autour=34172-20km&tri=effet")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let made = read(&made);
    let description = read(&site.get("/api/v1/openapi.json").await);
    let documented = description["components"]["schemas"]["Subscription"]["properties"].clone();
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(&made), keys(&documented));
    assert_eq!(made["query"], "autour=34172-20km");
    assert_eq!((&made["state"], &made["frequency"]), (&"active".into(), &"immediate".into()));
    assert!(made["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")), "{made}");
    let own = format!("{LIST}/{}", made["id"]);

    let all = read(&ask(&site, "GET", LIST, ASSO, Value::Null).await);
    assert_eq!((&all["total"], keys(&all["results"][0])), (&1.into(), keys(&documented)));
    let seen = read(&ask(&site, "GET", &own, ASSO, Value::Null).await);
    assert_eq!(seen["secret"], Value::Null, "it is told once");
    let change = json!({ "frequency": "weekly", "paused": true, "note": "le  collectif" });
    let changed = read(&ask(&site, "PATCH", &own, ASSO, change).await);
    let told = |key: &str| changed[key].as_str().map(str::to_owned);
    assert_eq!(told("state").as_deref(), Some("paused"));
    assert_eq!(told("frequency").as_deref(), Some("weekly"));
    assert_eq!(told("note").as_deref(), Some("le collectif"));
    let again = read(&ask(&site, "PATCH", &own, ASSO, json!({ "paused": false })).await);
    assert_eq!((&again["state"], &again["note"]), (&"active".into(), &"le collectif".into()));

    let ended = ask(&site, "DELETE", &own, ASSO, Value::Null).await;
    assert_eq!((ended.status, &*ended.body), (StatusCode::NO_CONTENT, &b""[..]));
    assert_eq!(ask(&site, "DELETE", &own, ASSO, Value::Null).await.status, StatusCode::NOT_FOUND);
    assert_eq!(read(&ask(&site, "GET", LIST, ASSO, Value::Null).await)["total"], 0);
}

#[tokio::test]
async fn people_confirm_unless_the_operator_says_that_they_consented() {
    let site = site().await;
    let mail = |query: &str| {
        json!({ "channel": "mail", "target": " Jeanne@Exemple.FR", "query": query,
                "frequency": "daily", "renewals": true, "still_watching": true })
    };
    let asked = read(&ask(&site, "POST", LIST, ASSO, mail("categorie=drone")).await);
    assert_eq!(
        (&asked["state"], &asked["target"]),
        (&"to_confirm".into(), &"jeanne@exemple.fr".into())
    );
    assert_eq!(asked["secret"], Value::Null);
    let lease = std::time::Duration::from_secs(60);
    let store = &site.state.catalogue.store;
    let letter = store.claim_message(&[Channel::Mail], "w", now(), lease).await.expect("claim");
    let letter = letter.expect("a letter");
    assert_eq!(letter.kind, MessageKind::Confirmation);
    let own = format!("{LIST}/{}", asked["id"]);
    let early = ask(&site, "PATCH", &own, ASSO, json!({ "paused": true })).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let link = format!("/abonnement/confirmer/{}", letter.payload.confirm.expect("a secret"));
    ask(&site, "POST", &link, "", Value::Null).await;
    let stands = read(&ask(&site, "GET", &own, ASSO, Value::Null).await);
    assert_eq!((&stands["state"], &stands["renewals"]), (&"active".into(), &true.into()));

    let agreed = read(&ask(&site, "POST", LIST, PRESSE, mail("categorie=lapi")).await);
    assert_eq!((&agreed["state"], &agreed["still_watching"]), (&"active".into(), &true.into()));
    let none = store.claim_message(&[Channel::Mail], "w", now(), lease).await.expect("claim");
    assert_eq!(none.map(|message| message.kind), None, "no letter to confirm");
}

#[tokio::test]
async fn what_is_refused_says_why() {
    let site = site().await;
    let made = read(&ask(&site, "POST", LIST, ASSO, webhook("")).await);
    let own = format!("{LIST}/{}", made["id"]);
    let mail = json!({ "channel": "mail", "target": "a@b.example" });
    let to = |target: &str| json!({ "channel": "webhook", "target": target });
    let robot = "une clé sans lettres";
    let cases = [
        ("POST", LIST, "", webhook("q=a"), 401, "api_key"),
        ("POST", LIST, "une clé inconnue, longue", webhook("q=a"), 401, "api_key"),
        ("GET", LIST, "", Value::Null, 401, "api_key"),
        ("POST", LIST, robot, mail.clone(), 403, "api_key.mail"),
        // What was made with a key is there for that key alone.
        ("GET", &own, PRESSE, Value::Null, 404, "avec cette clé"),
        ("PATCH", &own, PRESSE, json!({ "paused": true }), 404, "avec cette clé"),
        ("DELETE", &own, PRESSE, Value::Null, 404, "avec cette clé"),
        ("GET", "/api/v1/subscriptions/abc", ASSO, Value::Null, 404, "avec cette clé"),
        ("POST", LIST, ASSO, webhook(""), 409, "l’abonnement existant (id 1)"),
        ("POST", LIST, PRESSE, webhook(""), 409, "l’abonnement existant n’a pas changé"),
        (
            "POST",
            LIST,
            ASSO,
            webhook("region=armorique&categorie=drone"),
            400,
            "Compris : categorie=drone",
        ),
        ("POST", LIST, ASSO, webhook("autour=Montpellier"), 400, "34172-20km"),
        ("POST", LIST, ASSO, webhook("categories=drone"), 400, "« categories » inconnu"),
        ("POST", LIST, ASSO, webhook("commune=99999"), 400, "« 99999 » inconnue"),
        ("POST", LIST, ASSO, webhook("q=prefecture:999"), 400, "Aucune source suivie"),
        ("POST", LIST, ASSO, webhook("q=a&q=b"), 400, "« q » est donné plusieurs fois"),
        ("POST", LIST, ASSO, json!(["webhook", "https://a.example/", ""]), 400, "pas un objet"),
        ("POST", LIST, ASSO, to(&format!("https://a.example/{}", "a".repeat(2000))), 400, "2000"),
        ("POST", LIST, ASSO, json!({ "note": "é".repeat(2_000_000) }), 413, "trop long"),
        ("POST", LIST, ASSO, to("ftp://a.example/"), 400, "https://"),
        ("POST", LIST, ASSO, to("crochet"), 400, "https://"),
        ("POST", LIST, ASSO, to("http://10.0.0.1/"), 400, "privée"),
        ("POST", LIST, ASSO, json!({ "channel": "mail", "target": "personne" }), 400, "personne"),
        (
            "POST",
            LIST,
            ASSO,
            json!({ "channel": "mastodon", "target": "a" }),
            400,
            "mail ou webhook",
        ),
        ("POST", LIST, ASSO, json!({ "channel": "pigeon", "target": "a" }), 400, "pigeon"),
        ("POST", LIST, ASSO, json!({ "channel": "webhook" }), 400, "target"),
        ("POST", LIST, ASSO, Value::Null, 400, "Corps incompris"),
        ("PATCH", &own, ASSO, json!({ "pause": true }), 400, "paused"),
        ("PATCH", &own, ASSO, json!({ "still_watching": true }), 400, "mail"),
        ("PATCH", &own, ASSO, json!({ "note": "é".repeat(201) }), 400, "200 caractères"),
        ("PUT", &own, ASSO, Value::Null, 405, "PATCH"),
    ];
    for (method, address, key, body, status, says) in cases {
        let answer = ask(&site, method, address, key, body.clone()).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{method} {address} {body}: {text}");
        let error = read(&answer)["error"].as_str().expect("error").to_owned();
        assert!(error.contains(says), "{method} {address} {body}: {error}");
        if status == 401 {
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
    let others = (0..LETTERS_A_DAY).map(|nth| format!("q={nth}"));
    for query in others {
        let new = json!({ "channel": "mail", "target": "c@b.example", "query": query });
        assert_eq!(ask(&site, "POST", LIST, ASSO, new).await.status, StatusCode::CREATED);
    }
    let enough = json!({ "channel": "mail", "target": "c@b.example", "query": "q=assez" });
    let enough = ask(&site, "POST", LIST, ASSO, enough).await;
    assert_eq!((enough.status.as_u16(), enough.header("retry-after")), (429, "86400"));
    assert!(enough.text().contains("demain"), "{}", enough.text());
    let mut silent = self::site().await;
    silent.change(|chosen| chosen.sends_mail = false);
    assert_eq!(ask(&silent, "POST", LIST, ASSO, mail).await.status, StatusCode::FORBIDDEN);
}
