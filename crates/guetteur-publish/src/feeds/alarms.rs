//! A source that could not be read, as entries of the feeds of lists that it belongs to.

use guetteur_store::{Alarm, AlarmTold};
use serde_json::json;

use super::Entry;
use crate::catalogue::Catalogue;
use crate::told_alarm::words;

impl Catalogue {
    /// One when it was noticed, one more when it is over.
    pub(crate) fn entries_of_alarm(&self, alarm: &Alarm) -> Vec<Entry> {
        let publisher = self.publisher(&alarm.subject);
        let (site, kind) = (&self.site, alarm.kind.as_str());
        let page = site.absolute(&format!("/prefecture/{}", publisher.code));
        let since = alarm.since.timestamp();
        let first = site.tag("source", format!("{}:{kind}:{since}", publisher.code));
        // Each with a link of its own, as what became of an act.
        let page = |end: &str| format!("{page}#{kind}-{since}{end}");
        let entry = |told: AlarmTold, id, page, at| {
            let (title, text) = words(alarm, told, &publisher);
            Entry {
                author: Some(site.title.clone()),
                data: Some(json!({
                    "alarm": kind, "told": told, "source": publisher.code, "since": alarm.since,
                })),
                ..Entry::of_text(id, title, text, page, at)
            }
        };
        let raised = entry(AlarmTold::Raised, first.clone(), page(""), alarm.raised_at);
        let over = alarm.over_at.map(|at| Entry {
            follows_up: Some(first.clone()),
            ..entry(AlarmTold::Over, format!("{first}:fin"), page("-fin"), at)
        });
        std::iter::once(raised).chain(over).collect()
    }
}
