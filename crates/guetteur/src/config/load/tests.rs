use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::config::{Hours, Secret, settings};

fn file(text: impl AsRef<[u8]>) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("file");
    std::fs::write(file.path(), text).expect("write");
    file
}

fn no_variable(_: &str) -> Option<OsString> {
    None
}

fn fault_of_file(text: impl AsRef<[u8]>) -> String {
    let file = file(text);
    let fault = load(Some(file.path()), &no_variable, &Vec::new()).expect_err("a fault");
    let told = fault.to_string();
    assert!(told.contains(&file.path().display().to_string()), "names its file: {told}");
    told
}

fn fault_of_variable(name: &str, value: &str) -> String {
    let variable = |asked: &str| (asked == name).then(|| OsString::from(value));
    let told = load(None, &variable, &Vec::new()).expect_err(value).to_string();
    assert!(told.contains(&format!("(variable {name})")), "names its origin: {told}");
    told
}

/// A valid value of each setting that a variable can give, and how it shows in the settings.
const VALID: [(&str, &str, &str); 52] = [
    ("data", "/srv/guetteur", "\"/srv/guetteur\""),
    ("database_url", "postgres://u:p@db/guetteur", "\"\""),
    ("mirror", "http://127.0.0.1:9/", "\"http://127.0.0.1:9/\""),
    ("archive.url", "s3://raa/france", "\"s3://raa/france\""),
    ("archive.local_gb", "40", "40"),
    ("index.snapshots", "s3://raa/index", "\"s3://raa/index\""),
    ("fetch.contact", "veille@exemple.fr", "\"veille@exemple.fr\""),
    ("fetch.delay_ms", "2500", "2500"),
    ("fetch.timeout_s", "120", "120"),
    ("fetch.retries", "5", "5"),
    ("fetch.max_pdf_mb", "50", "50"),
    ("fetch.concurrency", "4", "4"),
    ("fetch.proxy", "socks5h://127.0.0.1:9050", "\"socks5h://127.0.0.1:9050\""),
    ("fetch.private_addresses", "true", "true"),
    ("read.languages", "fra+oci", "\"fra+oci\""),
    ("read.jobs", "2", "2"),
    ("read.page_timeout_s", "90", "90"),
    ("read.ocr_pages_per_day", "3000", "3000"),
    ("rules.dir", "/etc/guetteur/regles", "\"/etc/guetteur/regles\""),
    ("law.dir", "/etc/guetteur/droit", "\"/etc/guetteur/droit\""),
    ("sources.registry", "/etc/guetteur/sources.toml", "\"/etc/guetteur/sources.toml\""),
    ("sources.only", "34, 2A,", "[\"34\", \"2A\"]"),
    ("watch.schedule", "0 30 4 * * *", "\"0 30 4 * * *\""),
    ("watch.full_schedule", "0 0 2 * * Sat", "\"0 0 2 * * Sat\""),
    ("watch.jitter_minutes", "10", "10"),
    ("watch.look_minutes", "30", "30"),
    ("watch.blind_after_hours", "24", "24"),
    ("watch.ping_url", "https://hc.exemple/x", "\"https://hc.exemple/x\""),
    ("work.keep_passes_days", "30", "30"),
    ("site.metrics_listen", "127.0.0.1:9100", "\"127.0.0.1:9100\""),
    ("log.format", "json", "\"json\""),
    ("watch.look_hours", "8-20", "\"8-20\""),
    ("work.fetchers", "3", "3"),
    ("work.lease_s", "45", "45"),
    ("work.max_attempts", "9", "9"),
    ("work.min_free_mb", "500", "500"),
    ("site.listen", "0.0.0.0:8000", "\"0.0.0.0:8000\""),
    ("site.base_url", "https://guetteur.exemple", "\"https://guetteur.exemple/\""),
    ("site.websub_hub", "https://hub.exemple/", "\"https://hub.exemple/\""),
    ("site.title", "2026", "\"2026\""),
    ("site.contact", "a@exemple.fr", "\"a@exemple.fr\""),
    ("site.report", "https://exemple.fr/erreurs", "\"https://exemple.fr/erreurs\""),
    ("site.index_unflagged", "true", "true"),
    ("site.requests_per_minute", "60", "60"),
    ("site.client_header", "x-forwarded-for", "\"x-forwarded-for\""),
    ("site.operator_token", "0123456789abcdef", "\"\""),
    ("site.pictures_mb", "10", "10"),
    ("site.letters_dir", "/etc/guetteur/lettres", "\"/etc/guetteur/lettres\""),
    ("mail.digest_hour", "8", "8"),
    ("mail.connections", "2", "2"),
    ("mail.per_provider", "30", "30"),
    ("mail.port", "2525", "2525"),
];

/// Those that make sense only together, beside the mail server.
const ALERTS: [(&str, &str, &str); 11] = [
    ("mail.operator", "ici@exemple.fr", "\"ici@exemple.fr\""),
    ("mail.server", "smtp.exemple.fr", "\"smtp.exemple.fr\""),
    ("mail.tls", "implicit", "\"implicit\""),
    ("mail.user", "guetteur", "\"guetteur\""),
    ("mail.password", "12345678", "\"\""),
    ("mail.authority", "/etc/ssl/ca.pem", "\"/etc/ssl/ca.pem\""),
    ("mail.from", "Guetteur <alertes@exemple.fr>", "\"Guetteur <alertes@exemple.fr>\""),
    ("mastodon.instance", "https://mastodon.exemple", "\"https://mastodon.exemple/\""),
    ("mastodon.token", "true", "\"\""),
    ("mastodon.query", "categorie=drone", "\"categorie=drone\""),
    ("mastodon.visibility", "direct", "\"direct\""),
];

/// Every variable that `docs/config.md` lists, set at once; what arrives is compared with what was
/// set.
#[test]
fn every_variable_of_the_documentation_arrives() {
    let documentation = settings::markdown();
    let listed: Vec<(&str, &str)> = documentation
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').map(|cell| cell.trim().trim_matches('`'));
            let (key, variable) = (cells.nth(1)?, cells.next()?);
            variable.starts_with("GUETTEUR_").then_some((key, variable))
        })
        .collect();
    let values: BTreeMap<&str, (&str, &str)> =
        VALID.into_iter().chain(ALERTS).map(|(key, value, shown)| (key, (value, shown))).collect();
    assert_eq!(listed.len(), values.len(), "each variable has a value here, and no other");
    let variable = |name: &str| {
        let (key, _) = listed.iter().find(|(_, variable)| *variable == name)?;
        Some(OsString::from(values[key].0))
    };
    let config = load(None, &variable, &Vec::new()).expect("all valid");
    let arrived = toml::Table::try_from(&config).expect("a table");
    for (key, (value, shown)) in values {
        let told = settings::get(&arrived, key).map(ToString::to_string).unwrap_or_default();
        assert_eq!(told, shown, "{key} = {value}");
    }
    let exposed = |secret: &Option<Secret>| secret.as_ref().map(|s| s.expose().to_owned());
    assert_eq!(config.database(), "postgres://u:p@db/guetteur");
    assert_eq!(exposed(&config.site.operator_token).as_deref(), Some("0123456789abcdef"));
    assert_eq!(exposed(&config.mail.password).as_deref(), Some("12345678"));
    assert_eq!(exposed(&config.mastodon.token).as_deref(), Some("true"));
    let printed = format!("{config:?}");
    for secret in ["u:p@db", "0123456789abcdef", "12345678"] {
        assert!(!printed.contains(secret), "a secret is printed: {secret}");
    }
}

#[test]
fn flags_beat_variables_beat_the_file_beats_defaults() {
    let file = file("\u{feff}data = 'fichier'\n[fetch]\ndelay_ms = 3000\nretries = 9\n");
    let variable = |name: &str| match name {
        "GUETTEUR_DATA" => Some("variable".into()),
        "GUETTEUR_FETCH_DELAY_MS" => Some("4000".into()),
        _ => None,
    };
    let overrides = vec![("data", "--data", "option".to_owned())];
    let config = load(Some(file.path()), &variable, &overrides).expect("config");
    assert_eq!(config.data, Path::new("option"));
    assert_eq!(config.fetch.delay, Duration::from_secs(4));
    assert_eq!(config.fetch.retries, 9);
    assert_eq!(config.fetch.timeout, Duration::from_secs(300));
    assert_eq!(config.watch.look_hours, Hours(7..22));
}

#[test]
fn a_file_holds_every_kind_of_value() {
    let file = file(
        "[sources]\nonly = ['34', '2A']\n[site]\nindex_unflagged = true\nreport = ''\n\
         [[webhook]]\nname = 'a'\nurl = 'https://a.exemple/x'\nsecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'\n",
    );
    let config = load(Some(file.path()), &no_variable, &Vec::new()).expect("config");
    assert_eq!(config.sources.only, ["34", "2A"]);
    assert!(config.site.index_unflagged && config.site.report.is_none());
    assert_eq!(
        config.webhook[0].url.as_ref().map(ToString::to_string).as_deref(),
        Some("https://a.exemple/x")
    );
}

#[test]
fn mistakes_in_the_file_name_setting_file_and_what_is_expected() {
    let cases = [
        ("[fetch]\ndelai_ms = 3\n", "fetch.delai_ms", "peut-être fetch.delay_ms"),
        ("delay_ms = 3\n", "delay_ms", "peut-être fetch.delay_ms"),
        ("[fetsh]\ndelay_ms = 3\n", "fetsh", "peut-être fetch"),
        ("[fetch]\ndelay_ms = 'x'\n", "fetch.delay_ms", "« x » : attendu un nombre entier"),
        ("[fetch]\ndelay_ms = -1\n", "fetch.delay_ms", "-1"),
        ("[fetch]\nconcurrency = 0\n", "fetch.concurrency", "attendu de 1 à 1024"),
        ("[fetch]\ncontact = \"a\\nb\"\n", "fetch.contact", "une seule ligne"),
        ("[site]\nindex_unflagged = 'peut-être'\n", "site.index_unflagged", "true ou false"),
        ("[site]\ntitle = 3\n", "site.title", "3 : attendu un texte"),
        (
            "[site]\nbase_url = 'guetteur.fr'\n",
            "site.base_url",
            "« guetteur.fr » : attendu une adresse",
        ),
        ("[sources]\nonly = 3\n", "sources.only", "une liste"),
        ("[watch]\nschedule = '8h'\n", "watch.schedule", "six champs"),
        ("[watch]\nlook_hours = '21-7'\n", "watch.look_hours", "7-21"),
        ("[mail]\ntls = 'ssl'\n", "mail.tls", "starttls, implicit ou none"),
        (
            "[mail]\nserver = 'a'\n[site]\nbase_url = 'https://a.fr'\nfrom = 1\n",
            "site.from",
            "mail.from",
        ),
        ("fetch = 3\n", "fetch", "une table"),
        (
            "[[webhook]]\nname = 'a'\nurl = 'x'\nsecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'\n",
            "webhook.0.url",
            "https://",
        ),
        ("data = [\n", "ligne 1", "TOML"),
        ("a = 1\nb = = 2\n", "ligne 2, colonne", "TOML"),
    ];
    for (text, named, expected) in cases {
        let told = fault_of_file(text);
        assert!(told.contains(named) && told.contains(expected), "{text}: {told}");
    }
    assert!(fault_of_file(b"[site]\ntitle = '\xe9'\n").contains("UTF-8"));
    let absent = load(Some(Path::new("/n/existe/pas")), &no_variable, &Vec::new());
    assert!(absent.expect_err("absent").to_string().contains("/n/existe/pas"));
}

#[test]
fn mistakes_in_variables_and_flags_name_them() {
    let told = fault_of_variable("GUETTEUR_FETCH_RETRIES", "trois");
    assert!(told.contains("« trois » : attendu un nombre entier"), "{told}");
    let told = fault_of_variable("GUETTEUR_SITE_INDEX_UNFLAGGED", "oui");
    assert!(told.contains("« oui » : attendu true ou false"), "{told}");
    let told = fault_of_variable("GUETTEUR_WORK_LEASE_S", "1");
    assert!(told.contains("attendu de 5 à"), "{told}");
    let told = fault_of_variable("GUETTEUR_FETCH_PROXY", "gopher://a");
    assert!(told.contains("socks5h://"), "{told}");
    let told = fault_of_variable("GUETTEUR_SITE_OPERATOR_TOKEN", "motdepasse");
    assert!(!told.contains("motdepasse"), "{told}");
    let overrides = vec![("mirror", "--mirror", "là-bas".to_owned())];
    let told = load(None, &no_variable, &overrides).expect_err("no address").to_string();
    assert!(told.contains("mirror (option --mirror)") && told.contains("« là-bas »"), "{told}");
}
