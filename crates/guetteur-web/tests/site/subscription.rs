use axum::body::Body;
use axum::http::{Request, StatusCode};
use guetteur_store::{Channel, ClaimedMessage, Frequency, MessageKind};
use scraper::{Html, Selector};

use crate::support::{Answer, Site, now};

async fn mailing() -> Site {
    let mut site = Site::sample().await;
    site.change(|chosen| chosen.sends_mail = true);
    site
}

async fn post(site: &Site, address: &str, form: &[(&str, &str)]) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    let request = Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.finish()))
        .expect("request");
    site.send(request).await
}

async fn sign_up(site: &Site, address: &str) -> Answer {
    let form =
        [("adresse", address), ("frequence", "daily"), ("requete", "categorie=drone&page=3")];
    post(site, "/abonnement", &form).await
}

async fn letter(site: &Site) -> Option<ClaimedMessage> {
    let lease = std::time::Duration::from_secs(60);
    site.state
        .catalogue
        .store
        .claim_message(&[Channel::Mail], "w", now(), lease)
        .await
        .expect("claim")
}

fn attribute(answer: &Answer, selector: &str, name: &str) -> String {
    let page = Html::parse_document(answer.text());
    let selector = Selector::parse(selector).expect("selector");
    let found = page.select(&selector).next().and_then(|element| element.value().attr(name));
    found.unwrap_or_else(|| panic!("no {name} in {}", answer.text())).to_owned()
}

#[tokio::test]
async fn every_list_can_be_had_by_mail() {
    let site = mailing().await;
    for (list, expected) in [
        ("/", "/abonnement"),
        ("/recherche?q=drone&tri=publication&page=2", "/abonnement?q=drone"),
        ("/prefecture/34", "/abonnement?prefecture=34"),
        ("/commune/34172", "/abonnement?commune=34172"),
    ] {
        let answer = site.get(list).await;
        assert_eq!(attribute(&answer, "a[href^='/abonnement']", "href"), expected, "{list}");
        let form = site.get(expected).await;
        assert_eq!(form.status, StatusCode::OK);
        let query = expected.strip_prefix("/abonnement").expect("prefix").trim_start_matches('?');
        assert_eq!(attribute(&form, "input[name=requete]", "value"), query);
        assert_eq!(form.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn without_mail_the_feeds_are_offered() {
    let site = Site::sample().await;
    let answer = site.get("/abonnement?categorie=drone").await;
    assert!(answer.text().contains("n’envoie pas d’e-mail"));
    assert!(answer.text().contains("/recherche.atom?categorie=drone"));
    assert!(!answer.text().contains("type=\"email\""));
    assert_eq!(sign_up(&site, "a@b.example").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn signed_up_confirmed_seen_and_stopped_by_forms() {
    let site = mailing().await;
    let answer = sign_up(&site, " Jeanne@Exemple.FR").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let message = letter(&site).await.expect("a message");
    assert_eq!(message.kind, MessageKind::Confirmation);
    let subscription = message.subscription;
    assert_eq!(subscription.target, "jeanne@exemple.fr");
    assert_eq!(
        (&*subscription.query, subscription.frequency),
        ("categorie=drone", Frequency::Daily)
    );

    let link = format!("/abonnement/confirmer/{}", message.payload.confirm.expect("secret"));
    for _ in 0..3 {
        let shown = site.get(&link).await;
        assert_eq!(attribute(&shown, "form[method=post]", "action"), link);
    }
    let token = subscription.token.expect("token");
    let pending = site.state.catalogue.store.subscription_by_token(&token).await.expect("read");
    assert_eq!(pending.expect("there").confirmed_at, None, "a look confirms nothing");
    let confirmed = post(&site, &link, &[]).await;
    assert!(confirmed.text().contains("Abonnement confirmé"));
    let stands = site
        .state
        .catalogue
        .store
        .subscription_by_token(&token)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(stands.confirmed_at, Some(now()));
    assert_eq!(stands.next_due_at.to_rfc3339(), "2026-08-15T05:00:00+00:00", "7 h in Paris");
    assert!(site.get(&link).await.text().contains("Abonnement confirmé"), "clicked twice");

    let own = format!("/abonnement/{token}");
    assert_eq!(attribute(&confirmed, &format!("a[href='{own}']"), "href"), own);
    let seen = site.get(&own).await;
    assert!(seen.text().contains("jeanne@exemple.fr"));
    assert_eq!(attribute(&seen, "form[method=post]", "action"), own);
    // What a mail program posts for its button.
    let stopped = post(&site, &own, &[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!(stopped.status, StatusCode::OK);
    assert_eq!(site.get(&own).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&site, &own, &[]).await.status, StatusCode::OK, "gone is gone");
    assert_eq!(site.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn renewals_and_quiet_weeks_are_asked_for_at_once() {
    let site = mailing().await;
    let form = site.get("/abonnement?commune=34172").await;
    for name in ["echeances", "semaine"] {
        assert_eq!(attribute(&form, &format!("input[name={name}]"), "value"), "oui");
    }
    let sent = [("adresse", "a@exemple.fr"), ("requete", "commune=34172"), ("semaine", "oui")];
    post(&site, "/abonnement", &sent).await;
    let first = letter(&site).await.expect("a letter").subscription;
    assert!(first.still_watching && !first.renewals);
    let sent = [("adresse", "b@exemple.fr"), ("requete", "commune=34172"), ("echeances", "oui")];
    post(&site, "/abonnement", &sent).await;
    let second = letter(&site).await.expect("a letter").subscription;
    assert!(!second.still_watching && second.renewals);
    // What was chosen is kept where the address is none.
    let mistyped = [("adresse", "personne"), ("semaine", "oui")];
    let again = post(&site, "/abonnement", &mistyped).await;
    attribute(&again, "input[name=semaine][checked]", "value");
}

#[tokio::test]
async fn a_known_address_is_answered_like_an_unknown_one() {
    let site = mailing().await;
    let answers = [
        sign_up(&site, "jeanne@exemple.fr").await,
        sign_up(&site, "jeanne@exemple.fr").await,
        sign_up(&site, "autres@exemple.fr").await,
    ];
    let text = |answer: &Answer| answer.text().replace("jeanne", "autres");
    assert!(answers.iter().all(|answer| text(answer) == text(&answers[0])));
}

#[tokio::test]
async fn one_client_signs_up_so_many_only() {
    let site = mailing().await;
    for nth in 0..10 {
        let answer = sign_up(&site, &format!("a{nth}@exemple.fr")).await;
        assert_eq!(answer.status, StatusCode::OK, "{nth}");
    }
    let refused = sign_up(&site, "b@exemple.fr").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "3600");
    assert!(refused.text().contains("Trop de requêtes"));
}

#[tokio::test]
async fn a_wrong_address_is_said_and_kept_in_the_form() {
    let site = mailing().await;
    let evil = "\"><script>alert(1)</script>";
    let answer = sign_up(&site, evil).await;
    assert_eq!(attribute(&answer, "input[name=adresse]", "value"), evil);
    assert_eq!(attribute(&answer, "input[name=adresse]", "aria-invalid"), "true");
    assert!(!answer.text().contains("<script>"));
    let endless = "prefecture=".to_owned() + &"x".repeat(3000);
    let form = [("adresse", "a@b.example"), ("requete", &endless)];
    assert!(post(&site, "/abonnement", &form).await.text().contains("trop de filtres"));
    assert!(letter(&site).await.is_none());
    for address in ["/abonnement/x", "/abonnement/confirmer/x", "/abonnement/%00"] {
        assert_eq!(site.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

/// Signs up and confirms; gives the page of the subscription.
async fn subscribed(site: &Site, address: &str) -> String {
    sign_up(site, address).await;
    let confirm = letter(site).await.expect("a letter").payload.confirm.expect("secret");
    let answer = post(site, &format!("/abonnement/confirmer/{confirm}"), &[]).await;
    attribute(&answer, "main a[href^='/abonnement/']", "href")
}

#[tokio::test]
async fn a_subscription_is_changed_paused_and_noted() {
    let site = mailing().await;
    let own = subscribed(&site, "a@b.example").await;
    let form = [
        ("frequence", "weekly"),
        ("pause", "oui"),
        ("echeances", "oui"),
        ("note", " pour  <Ana> "),
    ];
    let answer = post(&site, &format!("{own}/changer"), &form).await;
    assert_eq!(answer.status, StatusCode::OK);
    for words in ["le lundi", "En pause", "pour &lt;Ana&gt;", "checked"] {
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.text().contains("name=\"echeances\" value=\"oui\" checked"));
    let answer = post(&site, &format!("{own}/changer"), &[("frequence", "daily")]).await;
    assert!(!answer.text().contains("name=\"echeances\" value=\"oui\" checked"));
    assert!(!answer.text().contains("En pause :") && !answer.text().contains("&lt;Ana&gt;"));
    let unknown = post(&site, "/abonnement/unknown/changer", &form).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_wanted_is_left_out_from_an_alert() {
    let site = mailing().await;
    let own = subscribed(&site, "a@b.example").await;
    let acts = site.get("/recherche.jsonl?categorie=drone&niveau=authorises").await;
    let act: serde_json::Value =
        serde_json::from_str(acts.text().lines().next().expect("an act")).expect("JSON");
    let page = format!("{own}/sauf/{}", act["id"]);
    let asked = site.get(&page).await;
    for term in ["commune:34301", "categorie:drone", "prefecture:34", "beneficiaire:"] {
        assert!(asked.text().contains(&format!("value=\"{term}")), "{term}: {}", asked.text());
    }
    let other = post(&site, &page, &[("sauf", "commune:75056")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "only what is offered");
    let answer = post(&site, &page, &[("sauf", "commune:34301")]).await;
    let list = attribute(&answer, "dd a", "href");
    assert!(list.contains("SAUF+commune") && list.contains("niveau=authorises"), "{list}");
    let left: Vec<String> = site
        .get(&list.replace("/recherche", "/recherche.jsonl"))
        .await
        .text()
        .lines()
        .map(str::to_owned)
        .collect();
    assert!(!left.is_empty(), "the others stay");
    assert!(left.iter().all(|act| !act.contains("Sète")), "{left:?}");
}

#[tokio::test]
async fn what_is_left_out_is_left_out_of_all_alternatives() {
    let site = mailing().await;
    let sauf = async |address: &str, query: &str| {
        let form = [("adresse", address), ("requete", query), ("frequence", "immediate")];
        post(&site, "/abonnement", &form).await;
        let confirm = letter(&site).await.expect("a letter").payload.confirm.expect("secret");
        let answer = post(&site, &format!("/abonnement/confirmer/{confirm}"), &[]).await;
        let own = attribute(&answer, "main a[href^='/abonnement/']", "href");
        let acts = site.get("/recherche.jsonl?categorie=drone&niveau=authorises").await;
        let act: serde_json::Value =
            serde_json::from_str(acts.text().lines().next().expect("an act")).expect("JSON");
        post(&site, &format!("{own}/sauf/{}", act["id"]), &[("sauf", "commune:34301")]).await
    };
    for query in ["q=drone+OU+captation", "q=captation+OU+drone", "q=captation+OU+%22drone"] {
        let answer = sauf(&format!("{}@b.example", query.len()), query).await;
        let list = attribute(&answer, "dd a", "href");
        assert!(list.contains("SAUF+commune"), "{list}");
        let left = site.get(&list.replace("/recherche", "/recherche.jsonl")).await;
        assert!(!left.text().contains("Sète"), "{list}: {}", left.text());
    }
    let long = format!("q={}", "drone+".repeat(165));
    let answer = sauf("long@b.example", &long).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("trop de filtres"), "{}", answer.text());
}

#[tokio::test]
async fn all_subscriptions_by_a_link_without_account() {
    let site = mailing().await;
    let own = subscribed(&site, "a@b.example").await;
    assert!(site.get("/abonnements").await.text().contains("name=\"adresse\""));
    let known = post(&site, "/abonnements", &[("adresse", "a@b.example")]).await;
    let sent = letter(&site).await.expect("a letter");
    assert_eq!(sent.kind, MessageKind::Link);
    let unknown = post(&site, "/abonnements", &[("adresse", "x@b.example")]).await;
    assert!(letter(&site).await.is_none());
    let words = |answer: &Answer| answer.text().replace("x@b.example", "a@b.example");
    assert_eq!(words(&known), words(&unknown), "nobody learns who is subscribed");
    let secret = sent.payload.confirm.expect("secret");
    let all = site.get(&format!("/abonnements/{secret}")).await;
    assert!(all.text().contains(&own) && all.text().contains("Drones"), "{}", all.text());
    assert_eq!(all.header("cache-control"), "no-store");
    assert_eq!(site.get("/abonnements/other").await.status, StatusCode::NOT_FOUND);
    let wrong = post(&site, "/abonnements", &[("adresse", "<b>")]).await;
    assert!(wrong.text().contains("« &lt;b&gt; » n’est pas une adresse"), "{}", wrong.text());
}

#[tokio::test]
async fn a_list_that_is_not_understood_is_not_followed() {
    let site = mailing().await;
    for wrong in ["epci=999999999", "commune=99999&categorie=drone", "categories=drone"] {
        let form = [("adresse", "a@b.example"), ("requete", wrong)];
        let answer = post(&site, "/abonnement", &form).await;
        assert!(answer.text().contains("n’est pas comprise"), "{wrong}: {}", answer.text());
    }
    assert_eq!(letter(&site).await, None);
}

/// What the framework refuses by itself is told as all else is.
#[tokio::test]
async fn no_answer_is_in_the_words_of_the_framework() {
    let site = mailing().await;
    let bare = Request::post("/abonnement").body(Body::empty()).expect("request");
    let long = Request::post("/abonnement")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("a".repeat(3_000_000)))
        .expect("request");
    let path = Request::get("/abonnement/jeton/sauf/abc").body(Body::empty()).expect("request");
    for (request, status) in [(bare, 415), (long, 413), (path, 400)] {
        let answer = site.send(request).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains("<html lang=\"fr\">"), "{}", answer.text());
    }
}
