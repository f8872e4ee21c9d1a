//! `guetteur mask`.

use clap::Args;
use guetteur_model::{ActId, MaskId};
use guetteur_store::{Laid, NewMask};

use super::{Context, Failure, output};
use crate::app::App;

#[derive(Args)]
pub(super) struct Arguments {
    /// Numéro de l'acte (celui de son adresse, /acte/NUMÉRO)
    #[arg(required_unless_present_any = ["list", "remove"])]
    act: Option<ActId>,
    /// Passage à masquer ; la casse, les accents et les fins de ligne ne comptent pas
    #[arg(required_unless_present_any = ["list", "remove"])]
    passage: Option<String>,
    /// Pourquoi, pour mémoire
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Continuer de servir le PDF, où le passage se lit
    #[arg(long)]
    keep_pdf: bool,
    /// Lister les passages masqués
    #[arg(long, conflicts_with_all = ["act", "remove"])]
    list: bool,
    /// Démasquer le passage de ce numéro (voir --list)
    #[arg(long, value_name = "N", conflicts_with = "act")]
    remove: Option<MaskId>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        if let Some(id) = self.remove {
            return unmask(&app, id).await;
        }
        let (Some(act), Some(passage)) = (self.act, &self.passage) else {
            return list(&app, json).await;
        };
        let reason = self.reason.as_deref();
        let new = NewMask { act, passage, reason, keeps_pdf: self.keep_pdf };
        let laid = app.store.lay_mask(new, app.clock.now()).await.map_err(anyhow::Error::from)?;
        let id = match laid {
            Laid::Mask(id) => id,
            Laid::NoAct => {
                return Err(Failure::Usage(anyhow::anyhow!("il n'y a pas d'acte {act}")));
            }
            Laid::NotRead => {
                let error = anyhow::anyhow!("« {passage} » ne se lit pas dans l'acte {act}");
                return Err(Failure::Work(error));
            }
        };
        if json {
            output::json_line(&serde_json::json!({ "id": id, "act": act }))?;
        }
        let pdf =
            if self.keep_pdf { "" } else { " ; son PDF n'est plus servi (--keep-pdf le garde)" };
        eprintln!("masqué dans l'acte {act} (masque {id}){pdf}. L'archive garde l'original.");
        Ok(())
    }
}

async fn unmask(app: &App, id: MaskId) -> Result<(), Failure> {
    let now = app.clock.now();
    if !app.store.remove_mask(id, now).await.map_err(anyhow::Error::from)? {
        return Err(Failure::Usage(anyhow::anyhow!("il n'y a pas de masque {id} (voir --list)")));
    }
    eprintln!("masque {id} retiré");
    Ok(())
}

async fn list(app: &App, json: bool) -> Result<(), Failure> {
    for mask in app.store.masks().await.map_err(anyhow::Error::from)? {
        if json {
            output::json_line(&mask)?;
        } else {
            let pdf = if mask.keeps_pdf { "PDF servi" } else { "PDF retenu" };
            let reason = mask.reason.as_deref().unwrap_or_default();
            output::line(&format!(
                "{}  acte {}  « {} »  {pdf}  {}  {reason}",
                mask.id,
                mask.act,
                mask.passage,
                mask.created_at.format("%Y-%m-%d")
            ))?;
        }
    }
    Ok(())
}
