//! `guetteur notify`.

use std::sync::Arc;

use clap::Args;
use guetteur_model::MessageId;
use guetteur_notify::Notifier;

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
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        if self.list {
            return list(&app, json).await;
        }
        let settings = alerts::settings(&app.config)?;
        if settings.channels().is_empty() {
            let error = anyhow::anyhow!(
                "rien à envoyer : ni mail.server, ni webhook, ni mastodon.instance (docs/alerts.md)"
            );
            return Err(Failure::Usage(error));
        }
        if let Some(id) = self.again
            && !app.store.send_again(id, app.clock.now()).await.map_err(anyhow::Error::from)?
        {
            let error = anyhow::anyhow!("il n'y a pas de message {id} à renvoyer (voir --list)");
            return Err(Failure::Usage(error));
        }
        let presence = Presence::announce(&app.config.data, &app.store).await?;
        let index = super::crawl::index(&app).await?;
        let catalogue = site::catalogue(&app, Arc::clone(&index), &app.config.site_url());
        let notifier = Notifier::new(catalogue, settings, presence.name().to_owned()).await;
        let notifier = notifier.map_err(anyhow::Error::from)?;
        notifier.forget().await.map_err(anyhow::Error::from)?;
        let alarms = notifier.queue_alarms().await.map_err(anyhow::Error::from)?;
        let queued = alarms + notifier.queue().await.map_err(anyhow::Error::from)?;
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

async fn list(app: &App, json: bool) -> Result<(), Failure> {
    for trouble in app.store.troubled_messages().await.map_err(anyhow::Error::from)? {
        if json {
            output::json_line(&trouble)?;
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
    Ok(())
}
