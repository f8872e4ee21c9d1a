//! `guetteur notify`.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;
use guetteur_model::MessageId;
use guetteur_notify::{Notifier, Outcome, Settings};
use guetteur_store::{Channel, Trouble};

use super::{Context, Failure, output};
use crate::app::{App, Presence};
use crate::{alerts, site};

#[derive(Args)]
pub(super) struct Arguments {
    /// Lister les messages refusés, en attente après un échec, ou dont on ne sait s'ils sont partis
    #[arg(long)]
    list: bool,
    /// Renvoyer le message de ce numéro (voir --list), puis tout ce qui est dû
    #[arg(long, value_name = "N", conflicts_with = "list")]
    again: Option<MessageId>,
    /// Envoyer un message d'essai par chaque voie réglée, et rien d'autre ; les messages de Mastodon
    /// ne sont vus que du compte
    #[arg(long, conflicts_with_all = ["list", "again"])]
    test: bool,
    /// Avec --test : à qui envoyer la lettre (à défaut, à mail.from)
    #[arg(long, value_name = "ADRESSE", requires = "test")]
    to: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        if self.list {
            return list(&app, json).await;
        }
        let settings = Settings { law: Arc::clone(&app.law), ..alerts::settings(&app.config)? };
        if settings.channels().is_empty() {
            let error = anyhow::anyhow!(
                "rien à envoyer : ni mail.server, ni webhook, ni api_key, ni site.websub_hub, ni \
                 mastodon.instance, ni mastodon_account (docs/alerts.md)"
            );
            return Err(Failure::Usage(error));
        }
        if let Some(id) = self.again
            && !app.store.send_again(id, app.clock.now()).await.map_err(anyhow::Error::from)?
        {
            let error = anyhow::anyhow!("il n'y a pas de message {id} à renvoyer (voir --list)");
            return Err(Failure::Usage(error));
        }
        let presence = Presence::begin(&app.config.data, &app.store).await?;
        let index = super::crawl::index(&app).await?;
        let catalogue = site::catalogue(&app, Arc::clone(&index), &app.config.site_url());
        let notifier = Notifier::new(catalogue, settings, presence.name().to_owned()).await;
        let notifier = notifier.map_err(anyhow::Error::from)?;
        if self.test {
            return test(&notifier, self.to.as_deref(), json).await;
        }
        notifier.forget().await.map_err(anyhow::Error::from)?;
        let alarms = notifier.queue_alarms().await.map_err(anyhow::Error::from)?;
        let renewals = notifier.queue_renewals().await.map_err(anyhow::Error::from)?;
        let acts = notifier.queue().await.map_err(anyhow::Error::from)?;
        let quiet = notifier.queue_still_watching().await.map_err(anyhow::Error::from)?;
        let queued = alarms + renewals + acts + quiet;
        let sent = notifier.send().await.map_err(anyhow::Error::from)?;
        if json {
            output::json_line(&serde_json::json!({
                "queued": queued, "sent": sent.sent, "again": sent.again, "troubled": sent.troubled,
            }))?;
        }
        eprintln!(
            "{} envoyés, {} à retenter, {} en échec ou incertains (guetteur notify --list)",
            sent.sent, sent.again, sent.troubled
        );
        Ok(())
    }
}

/// Tells of each way what became of its test message; fails when one did not arrive.
async fn test(notifier: &Notifier, to: Option<&str>, json: bool) -> Result<(), Failure> {
    let mut failed = 0;
    for (way, outcome) in notifier.test(to).await.map_err(anyhow::Error::from)? {
        let error = match outcome {
            Outcome::Sent => None,
            Outcome::NotSent(error)
            | Outcome::Later(error, _)
            | Outcome::Refused(error)
            | Outcome::Gone(error) => Some(error),
            Outcome::Unheard(error) => Some(format!("peut-être arrivé, sans réponse : {error}")),
        };
        failed += usize::from(error.is_some());
        if json {
            output::json_line(&serde_json::json!({
                "way": way, "sent": error.is_none(), "error": error,
            }))?;
        } else {
            let said = error.as_deref().unwrap_or("envoyé");
            output::line(&format!("{way} : {said}"))?;
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(anyhow::anyhow!("{failed} message(s) d'essai non partis (docs/alerts.md)").into()),
    }
}

/// Providers that refuse, each with a reason and how many messages it holds up.
fn refusals(troubles: &[Trouble]) -> BTreeMap<(String, String), usize> {
    let mut refusals = BTreeMap::new();
    for trouble in troubles.iter().filter(|trouble| trouble.channel == Channel::Mail) {
        let provider = trouble.target.rsplit('@').next().unwrap_or_default().to_lowercase();
        let reason = trouble.error.split(" : ").next().unwrap_or_default().to_owned();
        *refusals.entry((provider, reason)).or_default() += 1;
    }
    refusals
}

async fn list(app: &App, json: bool) -> Result<(), Failure> {
    let troubles = app.store.troubled_messages().await.map_err(anyhow::Error::from)?;
    for trouble in &troubles {
        if json {
            output::json_line(trouble)?;
        } else {
            output::line(&format!(
                "{}  {}  {}  {}  essais : {}  {}",
                trouble.id,
                trouble.state.as_str(),
                trouble.channel.as_str(),
                trouble.target,
                trouble.attempts,
                trouble.error
            ))?;
        }
    }
    for ((provider, reason), messages) in refusals(&troubles) {
        eprintln!("{provider} : {messages} message(s), {reason}");
    }
    Ok(())
}
