//! What single values cannot say of themselves: bounds, and settings that make sense together.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::{Config, Fault};

impl Config {
    /// Bounds, and settings that only make sense together.
    ///
    /// # Errors
    /// Names the setting, and what to write instead.
    pub fn validate(&self) -> Result<(), Fault> {
        if self.fetch.delay.is_zero() && self.mirror.is_none() {
            return Err(Fault::new(
                "fetch.delay_ms",
                "0 n'est accepté qu'avec --mirror : un site public ne se laisse pas interroger \
                 sans pause (par exemple 2000)",
            ));
        }
        for (key, value, bounds) in self.bounded() {
            if !bounds.contains(&value) {
                let (least, most) = (bounds.start(), bounds.end());
                return Err(Fault::new(key, format!("{value} : attendu de {least} à {most}")));
            }
        }
        let token = self.site.operator_token.as_ref();
        if token.is_some_and(|token| token.expose().chars().count() < 16) {
            return Err(Fault::new(
                "site.operator_token",
                "au moins 16 caractères (par exemple ce que donne « openssl rand -hex 16 »)",
            ));
        }
        // Links begin with `/` throughout: under a path every one of them would lead elsewhere.
        if let Some(base) = &self.site.base_url
            && (base.path() != "/" || base.query().is_some() || base.fragment().is_some())
        {
            return Err(Fault::new(
                "site.base_url",
                format!(
                    "« {base} » : le site ne marche pas sous un chemin ; donnez-lui un nom à lui, par \
                     exemple https://guetteur.exemple, et faites-y passer le mandataire"
                ),
            ));
        }
        crate::alerts::settings(self).map(drop)
    }

    /// Numbers outside of which nothing would ever be done, or time would overflow.
    fn bounded(&self) -> [(&'static str, u64, RangeInclusive<u64>); 15] {
        const DAY_S: u64 = 24 * 60 * 60;
        let millis = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
        let minutes = |d: Duration| d.as_secs() / 60;
        [
            ("fetch.delay_ms", millis(self.fetch.delay), 0..=DAY_S * 1000),
            ("fetch.timeout_s", self.fetch.timeout.as_secs(), 1..=DAY_S),
            ("fetch.max_pdf_mb", self.fetch.max_pdf_mb, 1..=1 << 20),
            ("fetch.concurrency", self.fetch.concurrency as u64, 1..=1024),
            ("read.page_timeout_s", self.read.page_timeout.as_secs(), 1..=DAY_S),
            ("watch.look_minutes", minutes(self.watch.look), 0..=DAY_S / 60),
            ("watch.jitter_minutes", minutes(self.watch.jitter), 0..=DAY_S / 60),
            ("watch.blind_after_hours", self.watch.blind_after.as_secs() / 3600, 1..=8760),
            ("work.keep_passes_days", self.work.keep_passes_days.into(), 0..=36_500),
            ("work.fetchers", self.work.fetchers as u64, 1..=1024),
            ("work.lease_s", self.work.lease.as_secs(), 5..=DAY_S),
            ("work.max_attempts", self.work.max_attempts.into(), 1..=1000),
            ("mail.digest_hour", self.mail.digest_hour.into(), 0..=23),
            ("mail.connections", self.mail.connections as u64, 1..=50),
            ("mail.per_provider", self.mail.per_provider.into(), 0..=1_000_000),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid() {
        Config::default().validate().expect("valid");
    }

    #[test]
    fn no_pause_only_with_a_mirror() {
        let mut config = Config::default();
        config.fetch.delay = Duration::ZERO;
        let error = config.validate().expect_err("no mirror").to_string();
        assert!(error.contains("fetch.delay_ms"), "{error}");
        config.mirror = Some("http://127.0.0.1:1".parse().expect("an address"));
        config.validate().expect("with a mirror");
    }

    #[test]
    fn bad_values_name_their_setting() {
        let bad = |adjust: fn(&mut Config)| {
            let mut config = Config::default();
            adjust(&mut config);
            config.validate().expect_err("bad").to_string()
        };
        assert!(bad(|c| c.fetch.concurrency = 0).contains("fetch.concurrency"));
        assert!(bad(|c| c.work.fetchers = 0).contains("work.fetchers"));
        assert!(bad(|c| c.work.lease = Duration::MAX).contains("work.lease_s"));
        assert!(bad(|c| c.watch.jitter = Duration::MAX).contains("watch.jitter_minutes"));
        assert!(bad(|c| c.mail.digest_hour = 24).contains("mail.digest_hour"));
        for address in
            ["https://asso.exemple/guetteur", "https://asso.exemple/?a", "https://a.ex/#b"]
        {
            let mut config = Config::default();
            config.site.base_url = Some(address.parse().expect("an address"));
            let told = config.validate().expect_err("a path").to_string();
            assert!(told.contains("site.base_url") && told.contains("sous un chemin"), "{told}");
        }
        let token = bad(|c| c.site.operator_token = Some("sésame".into()));
        assert!(token.contains("site.operator_token") && !token.contains("sésame"), "{token}");
    }
}
