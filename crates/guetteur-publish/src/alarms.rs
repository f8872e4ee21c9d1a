//! Alarms as readers and the operator hear of them: whom one concerns, and what it says.

use crate::boxed;
use std::collections::HashMap;

use guetteur_model::{AlarmId, BulletinId, Source};
use guetteur_store::{Alarm, AlarmKind, AlarmTold};

use crate::address::Filters;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::cover::Cover;
use crate::told_alarm::ToldAlarm;

impl Catalogue {
    /// Whether those who follow a list are told of an alarm: a source that it covers could not be
    /// read.
    #[must_use]
    pub fn concerns(&self, alarm: &Alarm, filters: &Filters) -> bool {
        let source = || self.source(&alarm.subject);
        alarm.kind == AlarmKind::Blind
            && source().is_some_and(|source| Cover::of(filters, &self.registry).holds(source))
    }

    /// The sources whose acts may belong to a list.
    pub fn covered<'a>(&'a self, filters: &Filters) -> Vec<&'a Source> {
        let cover = Cover::of(filters, &self.registry);
        self.registry.iter().filter(|source| cover.holds(source)).collect()
    }

    /// What is said of these alarms, in the order of the sources. Bulletins that were given up are
    /// told together, by source.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn alarms_as_told(
        &self,
        told: &[(AlarmId, AlarmTold)],
    ) -> Result<Vec<ToldAlarm>, CatalogueError> {
        let ids: Vec<AlarmId> = told.iter().map(|(id, _)| *id).collect();
        let alarms = self.store.alarms_by_ids(&ids).await?;
        let by_id: HashMap<AlarmId, &Alarm> =
            alarms.iter().map(|alarm| (alarm.id, alarm)).collect();
        let states = match alarms.is_empty() {
            true => Vec::new(),
            false => self.store.source_health().await?,
        };
        let (mut said, mut bulletins) = (Vec::new(), HashMap::new());
        let mut archive: HashMap<AlarmTold, Vec<&Alarm>> = HashMap::new();
        for (id, what) in told {
            let Some(alarm) = by_id.get(id) else { continue };
            if alarm.kind == AlarmKind::GivenUp {
                let Ok(bulletin) = alarm.subject.parse::<BulletinId>() else { continue };
                let Some(row) = self.store.bulletin(bulletin).await? else { continue };
                bulletins.entry((row.source.clone(), *what)).or_insert_with(Vec::new).push(row);
                continue;
            }
            if alarm.kind == AlarmKind::Damaged {
                archive.entry(*what).or_default().push(alarm);
                continue;
            }
            let state = states.iter().find(|state| state.code == alarm.subject);
            let publisher = self.publisher(&alarm.subject);
            said.push(ToldAlarm::of_source(
                alarm,
                *what,
                &publisher,
                state,
                self.now(),
                &self.site,
            ));
        }
        for ((source, what), rows) in bulletins {
            let publisher = self.publisher(&source);
            said.push(ToldAlarm::of_bulletins(&rows, what, &publisher, self.now(), &self.site));
        }
        said.extend(
            archive.iter().map(|(what, alarms)| ToldAlarm::of_archive(alarms, *what, &self.site)),
        );
        let place = |code: &str| self.registry.iter().position(|source| source.code == code);
        let source = |told: &ToldAlarm| told.source.as_ref().and_then(|source| place(&source.code));
        said.sort_by_key(|told| (source(told), told.title.clone()));
        Ok(said)
    }
}
