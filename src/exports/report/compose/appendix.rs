//! The appendix: each episode, what the guide advised, the profile, how the numbers are made. The full log, with
//! which it ends, is in `listing.rs`.

use super::{
    View, charts, column, fact, numbers,
    page_one::{MEDICINES, TRIED, conditions, medicine_table, rows, tried_table},
    row, table, warning_signs, words,
};
use crate::{
    domain::{Label, Location},
    exports::{
        report::document::{Block, Fact, Level, Role, Row},
        summary::EpisodeSummary,
    },
};
use std::collections::BTreeMap;

/// How many triggers are named.
const NAMED: usize = 12;

/// The most episodes that have a row and a chart each, the latest: four years with one a week. A chart of a hundred
/// scores takes some 13 KiB of a pdf and six times that of memory.
const MAX_EPISODES: usize = 200;

/// The blocks of the appendix.
pub(super) fn blocks(view: &View<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::NewPage];
    each_episode(view, &mut blocks);
    places(view, &mut blocks);
    treatments(view, &mut blocks);
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
        column("Trigger", 20.0),
        numbers("Spasms", 8.0),
        numbers("Highest", 9.0),
        numbers("Median", 8.0),
    ];
    let older = episodes.len().saturating_sub(MAX_EPISODES);
    if older > 0 {
        let text = format!("The latest {MAX_EPISODES} of {} episodes.", episodes.len());
        blocks.push(Block::Paragraph(Role::Body, text));
    }
    let numbered = || (1..).zip(episodes).skip(older);
    let each = numbered().map(|(number, episode)| episode_row(view, number, episode)).collect();
    blocks.push(table("Each episode of the period.", columns, each));
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

/// Where and after what: of the episodes that were going on in the period.
fn places(view: &View<'_>, blocks: &mut Vec<Block>) {
    let episodes = &view.summary.each_episode;
    if episodes.is_empty() {
        return;
    }
    section("location and triggers", blocks);
    let place = |location: &Location| {
        let number = episodes.iter().filter(|episode| episode.location == *location).count();
        (number > 0).then(|| format!("{} ({number})", words::location(*location)))
    };
    let places: Vec<String> = Location::ALL.iter().filter_map(place).collect();
    let of_episodes = triggers(episodes.iter().filter_map(|episode| episode.trigger.as_deref()));
    let of_flares =
        triggers(view.log.flares.iter().filter_map(|flare| flare.trigger.as_ref()).map(Label::as_str));
    let mut facts = vec![fact("Location", places.join("; "))];
    facts.push(fact("Triggers of episodes", of_episodes.unwrap_or_else(|| "none recorded".to_owned())));
    facts.extend(of_flares.map(|of_flares| fact("Of further spasms", of_flares)));
    let pattern = &view.summary.pattern;
    for (name, named) in [("Eased by", &pattern.eases), ("Worse with", &pattern.worsens)] {
        let named: Vec<String> =
            named.iter().map(|one| format!("{} ({})", words::inline(&one.name), one.times)).collect();
        if !named.is_empty() {
            facts.push(fact(name, named.join("; ")));
        }
    }
    blocks.push(Block::Facts(facts));
}

/// The triggers in the patient's words, those named most often first; each on a line, for its own direction.
fn triggers<'a>(named: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for trigger in named {
        let trigger = words::inline(trigger);
        counts.entry(trigger.to_lowercase()).or_insert((0, trigger)).0 += 1;
    }
    let mut counts: Vec<(usize, String)> = counts.into_values().collect();
    counts.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let named: Vec<String> = counts
        .iter()
        .take(NAMED)
        .map(|(number, trigger)| if *number == 1 { trigger.clone() } else { format!("{trigger} ({number})") })
        .collect();
    let more = counts.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; {more} more in the log") };
    (!named.is_empty()).then(|| format!("{}{more}", named.join("; ")))
}

/// All medicines and treatments, where page one has not all.
fn treatments(view: &View<'_>, blocks: &mut Vec<Block>) {
    let (medicines, treatments) = (&view.summary.medicines, &view.summary.treatments);
    if medicines.len() > rows(view, MEDICINES) {
        section("medicines and creams", blocks);
        blocks.push(medicine_table(view, medicines));
    }
    if treatments.len() > rows(view, TRIED) {
        section("what was tried", blocks);
        blocks.push(tried_table(treatments));
    }
}

/// What somebody else had to look at. The guide's own steps are for the patient.
fn advice(view: &View<'_>, blocks: &mut Vec<Block>) {
    let advice = &view.summary.advice;
    let pressing: Vec<_> =
        advice.actions.iter().filter(|advised| warning_signs::is_pressing(advised)).collect();
    if pressing.is_empty() {
        return;
    }
    section("urgent advice of the guide", blocks);
    let pack = advice.rule_pack;
    let left_out = match advice.moments_left_out {
        0 => String::new(),
        older => format!(
            " {} of long episodes were not asked about.",
            words::count(older, "older record", "older records")
        ),
    };
    blocks.push(Block::Paragraph(
        Role::Body,
        format!(
            "Computed for this report with the rule pack {} {} at the time of each of {}.{left_out} What the patient was \
             told at the time may have differed.",
            pack.id,
            pack.version,
            words::count(advice.moments, "record", "records"),
        ),
    ));
    let columns = vec![
        column("Advice", 22.0),
        column("How soon", 13.0),
        numbers("Times", 9.0),
        column("First", 21.0),
        column("Last", 21.0),
        column("Rules", 26.0),
    ];
    let told = pressing.into_iter().map(|advised| {
        row([
            words::action(advised.action).to_owned(),
            words::urgency(advised.urgency).to_owned(),
            advised.moments.to_string(),
            view.clock.minute(advised.first_at),
            view.clock.minute(advised.last_at),
            advised.rules.iter().map(|rule| rule.as_str()).collect::<Vec<_>>().join(", "),
        ])
    });
    blocks.push(table("Urgent advice of the guide, emergencies first.", columns, told.collect()));
}

fn profile(view: &View<'_>) -> Vec<Fact> {
    let profile = &view.log.profile;
    let unknown = || "not said".to_owned();
    let born = profile.birth_year.map_or_else(unknown, |year| year.to_string());
    let born = view.is_named().then(|| fact("Year of birth", born));
    let achy = profile.achy_between_episodes.map(|achy| if achy { "yes" } else { "no" }.to_owned());
    let changed = profile.recorded_at.map_or_else(|| "never".to_owned(), |at| view.clock.minute(at));
    let others = [
        fact("Conditions", conditions(view, usize::MAX)),
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
