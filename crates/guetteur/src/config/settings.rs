//! The table of settings: what each is for. Help, variables and `docs/config.md` come from it.

use std::ffi::OsString;

use super::Config;
use super::fault::nearest;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// `section.key`.
    pub key: &'static str,
    /// What it is for, in one sentence, with its unit.
    pub doc: &'static str,
    /// Whether it is made of tables, which only a file can hold.
    in_file_only: bool,
    /// Whether its value is shown to nobody.
    pub(super) secret: bool,
}

impl Setting {
    /// Its environment variable, if it can have one.
    #[must_use]
    pub fn variable(&self) -> Option<String> {
        let name = || format!("GUETTEUR_{}", self.key.replace('.', "_").to_ascii_uppercase());
        (!self.in_file_only).then(name)
    }
}

/// Variables that have our prefix and are no setting: the settings file itself, the log.
const OTHER_VARIABLES: &[&str] = &["GUETTEUR_CONFIG", "GUETTEUR_LOG"];

/// Of the names of variables, those that look like settings and are none (a typo), each with the
/// variable that was most likely meant.
#[must_use]
pub fn unknown_variables(names: impl Iterator<Item = OsString>) -> Vec<(String, Option<String>)> {
    let variables: Vec<String> = SETTINGS.iter().filter_map(Setting::variable).collect();
    let known = |name: &String| {
        OTHER_VARIABLES.contains(&&**name) || variables.iter().any(|variable| variable == name)
    };
    names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.starts_with("GUETTEUR_") && !known(name))
        .map(|name| {
            let near = nearest(&name, variables.iter().map(String::as_str)).map(str::to_owned);
            (name, near)
        })
        .collect()
}

const fn setting(key: &'static str, doc: &'static str) -> Setting {
    Setting { key, doc, in_file_only: false, secret: false }
}

const fn secret(key: &'static str, doc: &'static str) -> Setting {
    Setting { key, doc, in_file_only: false, secret: true }
}

const fn tables(key: &'static str, doc: &'static str) -> Setting {
    Setting { key, doc, in_file_only: true, secret: false }
}

/// Every setting, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    setting("data", "Folder of the archive, the search index and the SQLite database (`--data`)."),
    secret(
        "database_url",
        "`postgres://user@host/name` or a path; empty means SQLite in the data folder (`--database-url`).",
    ),
    setting(
        "mirror",
        "Ask `URL/HOST/PATH` instead of `https://HOST/PATH`: tests, the demo, replays (`--mirror`).",
    ),
    setting(
        "archive.url",
        "`s3://BUCKET/PREFIX` in an S3-compatible store, whose keys and address are in the variables \
         `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`, `AWS_REGION`; or a folder; \
         empty means `archive` in the data folder (docs/scale.md).",
    ),
    setting(
        "archive.local_gb",
        "Of an archive in a store, what is kept near in the data folder, in GB.",
    ),
    setting(
        "index.snapshots",
        "Where machines that serve the site keep a copy of the search index for new ones: \
         `s3://BUCKET/PREFIX` or a folder that they share, not that of the archive; empty: nowhere \
         (docs/scale.md).",
    ),
    setting(
        "fetch.contact",
        "Address or page at which a webmaster reaches you; sent in the User-Agent. Set it.",
    ),
    setting(
        "fetch.delay_ms",
        "Pause between two requests to one host, in milliseconds; `0` only with a mirror.",
    ),
    setting("fetch.timeout_s", "Longest time for one request, body included, in seconds."),
    setting("fetch.retries", "Further tries after a 429, a 5xx, a time-out or a cut connection."),
    setting("fetch.max_pdf_mb", "Largest PDF that is fetched, in MiB."),
    setting("fetch.concurrency", "Requests under way at once, all hosts together."),
    setting("fetch.proxy", "HTTP or SOCKS5 proxy, such as `socks5h://127.0.0.1:9050` for Tor."),
    setting(
        "fetch.private_addresses",
        "`true`: sites and receivers of alerts may be at addresses of this machine or of private networks.",
    ),
    setting("read.languages", "Languages for tesseract, joined by `+`."),
    setting("read.jobs", "Pages recognised at once; `0` is one per core."),
    setting("read.page_timeout_s", "Longest time for one page, in seconds."),
    setting(
        "read.ocr_pages_per_day",
        "Pages recognised in a day (UTC) at most, by all processes on the database; what an alert \
         awaits comes first, and a quarter is kept for it. `0` is no limit.",
    ),
    setting("rules.dir", "Folder of your own rule files and watch lists (docs/writing-a-rule.md)."),
    setting(
        "law.dir",
        "Folder of your own texts of law, in the place of the built-in ones or beside them (docs/law.md).",
    ),
    setting(
        "sources.registry",
        "TOML file of sources to add to the built-in registry or to mend it.",
    ),
    setting("sources.only", "Codes to watch, separated by commas; empty means all."),
    setting(
        "watch.schedule",
        "When each source is walked down to known ground: cron with seconds, in its time zone.",
    ),
    setting("watch.full_schedule", "When each source is walked in full."),
    setting(
        "watch.jitter_minutes",
        "Sources are spread over so many minutes after the scheduled time.",
    ),
    setting(
        "watch.look_minutes",
        "Pause between two looks at the newest list of a source, twice that at hours at which it \
         never publishes; `0` looks at none.",
    ),
    setting(
        "watch.look_hours",
        "Hours between which lists are looked at, in the source's time zone.",
    ),
    setting(
        "watch.blind_after_hours",
        "A source that could not be read for so long is told to its subscribers and in feeds, and when \
         it is back.",
    ),
    setting(
        "watch.ping_url",
        "Asked (GET) after a pass that succeeded, every ten minutes at most: a dead man's switch that \
         hears nothing for a day wakes you.",
    ),
    setting("work.fetchers", "Bulletins fetched at once (never two from one host)."),
    setting("work.lease_s", "How long a worker may be silent before others take over, in seconds."),
    setting("work.max_attempts", "Tries of a stage before a bulletin is given up."),
    setting(
        "work.min_free_mb",
        "Fetching pauses while less than this is free on the disk of the data folder, in MiB.",
    ),
    setting(
        "work.keep_passes_days",
        "Days after which walks and alarms are forgotten, but for the last of each source; `0` is never.",
    ),
    setting("site.listen", "Address and port of the site (`--listen`)."),
    setting(
        "site.metrics_listen",
        "Address and port of `/metrics` for Prometheus, apart from the site; empty: there is none. It \
         names what fails: keep it to yourself.",
    ),
    setting(
        "site.base_url",
        "Public address of the site, for feeds and links: a name of its own, without a path; empty means \
         `http://` + listen.",
    ),
    setting(
        "site.websub_hub",
        "Hub (WebSub) that is told when the feeds of all acts, of a category or of a prefecture change, and that \
         these name; empty: none.",
    ),
    setting("site.title", "Name shown on the site."),
    setting("site.contact", "Address shown to readers who report a mistake."),
    setting(
        "site.report",
        "Page where readers report a mistake, in the place of a mail to `site.contact`.",
    ),
    setting(
        "site.index_unflagged",
        "Whether search engines may list acts without a flag; they may name private persons.",
    ),
    setting(
        "site.requests_per_minute",
        "Requests of one address to the API, exports and page pictures; `0` is no limit.",
    ),
    setting(
        "site.client_header",
        "Header in which your own proxy tells the reader's address, such as `x-forwarded-for`; \
         only if every request comes through it.",
    ),
    secret(
        "site.operator_token",
        "Opens `/operateur` (queue, failures, rules, decisions, masks) as the password of any name; at least 16 \
         characters. Empty: there is no such page.",
    ),
    setting("site.pictures_mb", "Size of the folder of page pictures, in MB."),
    setting(
        "site.letters_dir",
        "Folder of your own letters, in the place of the built-in ones or beside them \
         (docs/writing-a-letter.md).",
    ),
    setting("mail.server", "SMTP server that sends alerts (docs/alerts.md); empty: none are sent."),
    setting("mail.port", "Its port; `0` follows `mail.tls`: 587, 465 or 25."),
    setting(
        "mail.tls",
        "`starttls`, `implicit` (TLS from the first byte), or `none`: a server on this machine.",
    ),
    setting("mail.user", "User at the mail server; empty: no login."),
    secret("mail.password", "Password; better in the variable than in the file."),
    setting(
        "mail.authority",
        "PEM file of the authority that signed the server's certificate, where it is no public one.",
    ),
    setting("mail.from", "Sender, such as `Guetteur <alertes@guetteur.example>`."),
    setting(
        "mail.operator",
        "Mailbox that is told of what is wrong: sources that fail or fall silent, damaged PDFs, bulletins given \
         up.",
    ),
    setting("mail.digest_hour", "Hour, in Paris, at which daily and weekly digests are sent."),
    setting("mail.connections", "Connections to the mail server at a time, 1 to 50."),
    setting(
        "mail.per_provider",
        "Alerts sent to the addresses of one provider in a minute; the others wait; `0`: no limit.",
    ),
    tables(
        "webhook",
        "Receivers of signed JSON, one table `[[webhook]]` each: `name`, `url`, `secret`, `query`, and \
         `about = \"alarms\"` for what is wrong in the place of acts (docs/alerts.md).",
    ),
    tables(
        "api_key",
        "Keys with which programs make subscriptions (`/api/v1/subscriptions`), one table `[[api_key]]` each: \
         `name`, `key` (16 characters or more), and `mail`: `confirm` (people confirm by a link, the \
         default), `consent` (the holder has their consent) or `no` (docs/alerts.md).",
    ),
    setting("mastodon.instance", "Address of the Mastodon server that alerts are posted on."),
    secret("mastodon.token", "Access token of the account, with the right `write:statuses`."),
    setting(
        "mastodon.query",
        "The list that is posted: what stands behind `?` in the address of a search.",
    ),
    setting("mastodon.visibility", "`public`, `unlisted`, `private` or `direct`."),
    tables(
        "mastodon_account",
        "Further accounts, by theme and place, one table `[[mastodon_account]]` each: `name`, \
         `instance`, `token`, `query`, `visibility` (docs/alerts.md).",
    ),
    setting(
        "log.format",
        "`text`, or `json`: an object a line on stderr, with `time`, `level`, `message` and fields.",
    ),
];

/// `docs/config.md`.
#[must_use]
pub fn markdown() -> String {
    let defaults = toml::Table::try_from(Config::default()).unwrap_or_default();
    let mut out = String::from(
        "# Settings\n\n\
         Generated from `crates/guetteur/src/config/settings.rs` by `make golden`; do not edit.\n\n\
         Flags beat environment variables, these beat the file (`guetteur.toml`, or `--config FILE`), \
         the file beats the defaults. In the file, `fetch.delay_ms` is the key `delay_ms` of the table \
         `[fetch]`. An unknown key is an error.\n\n\
         | key | variable | default | what it is for |\n|---|---|---|---|\n",
    );
    for setting in SETTINGS {
        let variable = setting.variable().map(|name| format!("`{name}`"));
        let default = get(&defaults, setting.key).map(ToString::to_string).unwrap_or_default();
        out += &format!(
            "| `{}` | {} | `{default}` | {} |\n",
            setting.key,
            variable.as_deref().unwrap_or("in the file only"),
            setting.doc
        );
    }
    out
}

/// The value at `section.key`.
pub(super) fn get<'a>(table: &'a toml::Table, key: &str) -> Option<&'a toml::Value> {
    match key.split_once('.') {
        Some((section, key)) => table.get(section)?.as_table()?.get(key),
        None => table.get(key),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_setting_is_described_once_and_exists() {
        let defaults = toml::Table::try_from(Config::default()).expect("serialises");
        let mut real = BTreeSet::new();
        for (key, value) in &defaults {
            match value.as_table() {
                Some(section) => real.extend(section.keys().map(|k| format!("{key}.{k}"))),
                None => drop(real.insert(key.clone())),
            }
        }
        let described: BTreeSet<String> = SETTINGS.iter().map(|s| s.key.to_owned()).collect();
        assert_eq!(described, real);
        assert_eq!(SETTINGS.len(), described.len(), "described twice");
    }

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let names = ["GUETTEUR_FETCH_DELAI_MS", "GUETTEUR_FETCH_DELAY_MS", "GUETTEUR_LOG", "PATH"];
        let unknown = unknown_variables(names.into_iter().map(OsString::from));
        let meant = Some("GUETTEUR_FETCH_DELAY_MS".to_owned());
        assert_eq!(unknown, [("GUETTEUR_FETCH_DELAI_MS".to_owned(), meant)]);
    }

    #[test]
    fn the_documentation_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/config.md");
        if std::env::var_os("GUETTEUR_GOLDEN").is_some_and(|mode| mode == "write") {
            std::fs::write(path, markdown()).expect("write");
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(written, markdown(), "docs/config.md is stale: run `make golden`");
    }
}
