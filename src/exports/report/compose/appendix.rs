//! The appendix: each episode, what the guide advised, the profile, how the numbers are made. The full log, with
//! which it ends, is in `listing.rs`.

use super::{Naming, View, charts, column, fact, numbers, row, table, words};
use crate::exports::{
    report::document::{Block, Fact, Level, Role, Row},
    summary::EpisodeSummary,
};

/// The most episodes that have a row and a chart each, the latest: four years with one a week. A chart of a hundred
/// scores takes some 13 KiB of a pdf and six times that of memory.
const MAX_EPISODES: usize = 200;

/// The blocks of the appendix.
pub(super) fn blocks(view: &View<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::NewPage];
    each_episode(view, &mut blocks);
    advice(view, &mut blocks);
    section("profile", &mut blocks);
    blocks.push(Block::Facts(profile(view)));
    section("about this report", &mut blocks);
    blocks.extend(about(view).map(|text| Block::Paragraph(Role::Body, text)));
    blocks
}

fn section(name: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Level::Section, format!("Appendix: {name}")));
}

fn each_episode(view: &View<'_>, blocks: &mut Vec<Block>) {
    let episodes = &view.summary.each_episode;
    if episodes.is_empty() {
        return;
    }
    section("each episode", blocks);
    let columns = vec![
        numbers("No.", 6.0),
        column("Began", 21.0),
        column("Lasted", 15.0),
        column("Location", 13.0),
        column("Trigger", 21.0),
        numbers("Spasms", 8.0),
        numbers("Highest", 8.0),
        numbers("Median", 8.0),
    ];
    let older = episodes.len().saturating_sub(MAX_EPISODES);
    if older > 0 {
        let text = format!("The latest {MAX_EPISODES} of {} episodes.", episodes.len());
        blocks.push(Block::Paragraph(Role::Body, text));
    }
    let numbered = || (1..).zip(episodes).skip(older);
    let rows = numbered().map(|(number, episode)| episode_row(view, number, episode)).collect();
    blocks.push(table("Each episode of the period.", columns, rows));
    blocks.push(Block::Heading(Level::Subsection, "Score over time, with ice and heat".to_owned()));
    let charts: Vec<_> = numbered().map(|(number, episode)| charts::episode(view, number, episode)).collect();
    blocks.push(Block::Charts(charts));
}

fn episode_row(view: &View<'_>, number: usize, episode: &EpisodeSummary) -> Row {
    let lasted = episode.duration_minutes.map_or_else(|| "no end recorded".to_owned(), words::duration);
    row([
        number.to_string(),
        view.clock.minute(episode.started_at),
        lasted,
        words::sentence(words::location(episode.location)),
        episode.trigger.as_deref().map_or_else(|| "not said".to_owned(), words::typed),
        (episode.flares + 1).to_string(),
        episode.intensity.peak.map_or_else(|| "–".to_owned(), |peak| peak.to_string()),
        episode.intensity.median.map_or_else(|| "–".to_owned(), words::number),
    ])
}

fn advice(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("what the guide advises", blocks);
    let advice = &view.summary.advice;
    let pack = advice.rule_pack;
    blocks.push(Block::Paragraph(
        Role::Body,
        format!(
            "Computed for this report with the rule pack {} {} at the time of each of {}. What the patient was \
             told at the time may have differed.",
            pack.id,
            pack.version,
            words::count(advice.moments, "record", "records"),
        ),
    ));
    if advice.actions.is_empty() {
        return;
    }
    let columns = vec![
        column("Advice", 26.0),
        column("How soon", 18.0),
        numbers("Times", 8.0),
        column("First", 20.0),
        column("Last", 18.0),
        column("Rules", 20.0),
    ];
    let rows = advice.actions.iter().map(|advised| {
        row([
            words::action(advised.action).to_owned(),
            words::urgency(advised.urgency).to_owned(),
            advised.moments.to_string(),
            view.clock.minute(advised.first_at),
            view.clock.minute(advised.last_at),
            advised.rules.join(", "),
        ])
    });
    blocks.push(table("What the guide advises, the most urgent first.", columns, rows.collect()));
}

fn profile(view: &View<'_>) -> Vec<Fact> {
    let profile = &view.log.profile;
    let unknown = || "not said".to_owned();
    let conditions: Vec<&str> =
        profile.conditions.iter().flatten().map(|condition| words::condition(*condition)).collect();
    let conditions = if conditions.is_empty() { "none named".to_owned() } else { conditions.join("; ") };
    let born = profile.birth_year.map_or_else(unknown, |year| year.to_string());
    let born = (view.naming == Naming::Named).then(|| fact("Year of birth", born));
    let achy = profile.achy_between_episodes.map(|achy| if achy { "yes" } else { "no" }.to_owned());
    let changed = profile.recorded_at.map_or_else(|| "never".to_owned(), |at| view.clock.minute(at));
    let others = [
        fact("Conditions", conditions),
        fact("Aches in between", achy.unwrap_or_else(unknown)),
        fact("Last changed", changed),
    ];
    born.into_iter().chain(others).collect()
}

fn about(view: &View<'_>) -> impl Iterator<Item = String> {
    let pack = view.log.rule_pack;
    [
        "Everything here was entered by the patient and is unconfirmed. Nobody monitors the log, and nobody was \
         alerted by it. The program that made this report is not a medical device."
            .to_owned(),
        format!(
            "Days are days of the time zone {}. A median of an even number is the mean of the middle two. A day \
             counts as affected when an episode was going on at any time of it; an episode without an end goes on. \
             Spasms of an episode are its first and the further ones. Rule pack: {} {}.",
            view.summary.period.time_zone, pack.id, pack.version,
        ),
    ]
    .into_iter()
}
