//! From a part of the log, as the database holds it, to the writer: page by page, on one snapshot.

use super::{About, Advice, Bundle, Options, Records, Report};
use crate::{
    db::Db,
    domain::{AccountId, RecordKind},
    exports::{
        Entry,
        read::Part,
        report::{Naming, snapshot as report},
    },
    http::{
        Problem,
        stream::{Interrupted, failed},
    },
    journal::{
        applications::Application,
        check_ins::CheckIn,
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        next_steps,
        pain_scores::PainScore,
        record::{Range, Stored},
    },
    rules::{Language, Protocol},
};
use std::io::{self, Write};

/// Writes a part of a log as a bundle, with what the rules say now if its open episode is in it. A document has the
/// report attached, which is made before the first byte leaves.
///
/// # Errors
/// When a query fails, or the client has failed.
pub fn write_part(
    db: &mut Db,
    owner: AccountId,
    part: &Part,
    protocol: &Protocol,
    options: Options,
    asked: &report::Options,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let (mut first, mut open) = (None, None);
    part.each_episode(db, |episode| {
        first.get_or_insert(episode.id);
        open = open.or(episode.ended_at.is_none().then_some(episode.id));
        Ok(())
    })?;
    let first_ever = Episode::later(db, owner, &Range::default(), None, 1)?.pop().map(|episode| episode.id);
    let now = part.head.taken_at.instant();
    let step = match open {
        Some(episode) => next_steps::of_episode(db, owner, episode, protocol, now)?
            .map(|advice| advice.in_words(Language::English)),
        None => None,
    };
    let pdf = match options.bundle {
        // A bundle names nobody, and neither does what it holds.
        Bundle::Document => {
            let asked = report::Options { naming: Naming::Anonymous, ..asked.clone() };
            Some(report::pdf(db, part, protocol, &asked)?)
        }
        Bundle::Collection => None,
    };
    let about = About {
        who: owner.into(),
        taken_at: part.head.taken_at,
        period: part.head.filter.period,
        profile: &part.head.profile,
        rule_pack: part.head.rule_pack,
        has_earlier_episodes: first.is_some() && first != first_ever,
        advice: open.zip(step.as_ref()).map(|(episode, step)| Advice { episode, step }),
        report: Some(Report { pdf: pdf.as_deref() }),
    };
    let mut snapshot = Snapshot { db, part };
    Ok(super::write(&about, options, &mut snapshot, out)?)
}

struct Snapshot<'a> {
    db: &'a mut Db,
    part: &'a Part,
}

impl Snapshot<'_> {
    fn walk<R: Stored>(
        &mut self,
        entry: impl Fn(&R) -> Entry<'_>,
        take: &mut dyn FnMut(Entry<'_>) -> io::Result<()>,
    ) -> Result<(), Problem> {
        self.part.each::<R>(self.db, |record| take(entry(&record)).map_err(failed))
    }
}

impl Records for Snapshot<'_> {
    type Error = Interrupted;

    fn each(
        &mut self,
        kind: RecordKind,
        take: &mut dyn FnMut(Entry<'_>) -> io::Result<()>,
    ) -> Result<(), Interrupted> {
        match kind {
            RecordKind::Episode => {
                self.part.each_episode(self.db, |record| take(Entry::Episode(&record)).map_err(failed))?;
            }
            RecordKind::Flare => self.walk::<Flare>(|record| Entry::Flare(record), take)?,
            RecordKind::Application => {
                self.walk::<Application>(|record| Entry::Application(record), take)?;
            }
            RecordKind::PainScore => self.walk::<PainScore>(|record| Entry::PainScore(record), take)?,
            RecordKind::CheckIn => self.walk::<CheckIn>(|record| Entry::CheckIn(record), take)?,
            RecordKind::Measure => self.walk::<Measure>(|record| Entry::Measure(record), take)?,
            // The one profile is not a list: it is in `About`.
            RecordKind::Profile => {}
        }
        Ok(())
    }
}
