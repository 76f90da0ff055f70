//! How things stand at the end of the period.

use super::{
    LastDays, OpenEpisode, Standing,
    episodes::{Stretch, intensity},
    numbers::{count, days_touched},
};
use crate::{
    domain::{MeasureKind, Modality, Moment},
    exports::log::Log,
    journal::episodes::Episode,
};
use jiff::{SignedDuration, tz::TimeZone};

/// What "lately" is.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// `within` are the episodes that were going on in the period.
pub(super) fn standing(
    log: &Log,
    within: &[&Episode],
    stretch: Stretch,
    written: Moment,
    zone: &TimeZone,
) -> Standing {
    let is_open = |episode: &&&Episode| episode.ended_at.is_none_or(|end| end.instant() > stretch.until);
    let is_review = |kind| kind == MeasureKind::ClinicianReview;
    let reviews = log.measures.iter().filter(|measure| is_review(measure.kind));
    Standing {
        open_episode: within.iter().rfind(is_open).map(|episode| open(log, episode, stretch, zone)),
        last_days: last_days(log, stretch.last(LATELY), written, zone),
        last_review_at: reviews.map(|review| review.started_at).next_back(),
    }
}

fn open(log: &Log, episode: &Episode, stretch: Stretch, zone: &TimeZone) -> OpenEpisode {
    let last = log.pain_scores.iter().rfind(|score| score.episode_id == Some(episode.id));
    let start = episode.started_at.instant();
    OpenEpisode {
        id: episode.id,
        started_at: episode.started_at,
        day: days_touched([(start, stretch.until.max(start))].into_iter(), zone),
        location: episode.location,
        trigger: episode.trigger.as_ref().map(|trigger| trigger.as_str().to_owned()),
        last_score: last.map(|score| score.score.get()),
        last_score_at: last.map(|score| score.at),
    }
}

fn last_days(log: &Log, lately: Stretch, written: Moment, zone: &TimeZone) -> LastDays {
    let used = |modality| {
        let uses = log.applications.iter().filter(|used| used.modality == modality);
        count(uses.filter(|used| lately.contains(used.started_at)).count())
    };
    let spasms = log.episodes.iter().map(|episode| episode.started_at);
    let spasms = spasms.chain(log.flares.iter().map(|flare| flare.at));
    let medicines = log.measures.iter().filter(|measure| measure.kind == MeasureKind::Medication);
    let taken = medicines.map(|medicine| medicine.started_at).filter(|at| lately.contains(*at));
    LastDays {
        from: lately.begins(written),
        intensity: intensity(log.pain_scores.iter().filter(|score| lately.contains(score.at))),
        spasms: count(spasms.filter(|at| lately.contains(*at)).count()),
        ice: used(Modality::Ice),
        heat: used(Modality::Heat),
        medicine_days: days_touched(taken.map(|at| (at.instant(), at.instant())), zone),
    }
}
