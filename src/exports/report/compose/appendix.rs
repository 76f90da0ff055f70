//! The appendix: each episode, what the guide advised, the profile, how the numbers are made. The full log, with
//! which it ends, is in `listing.rs`.

use super::{
    View, charts,
    page_one::{MEDICINES, TRIED, conditions, medicine_table, rows, tried_table},
    row, warning_signs, words,
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
    view.section("appendix-profile", &mut blocks);
    blocks.push(Block::Facts(profile(view)));
    view.section("appendix-about", &mut blocks);
    blocks.extend(about(view).into_iter().map(|text| Block::Paragraph(Role::Body, text)));
    blocks
}

fn each_episode(view: &View<'_>, blocks: &mut Vec<Block>) {
    let episodes = &view.summary.each_episode;
    if episodes.is_empty() {
        return;
    }
    view.section("appendix-episodes", blocks);
    let columns = vec![
        view.numbers("episode-number", 6.0),
        view.column("episode-began", 21.0),
        view.column("episode-lasted", 15.0),
        view.column("episode-location", 13.0),
        view.column("episode-trigger", 20.0),
        view.numbers("episode-spasms", 8.0),
        view.numbers("episode-highest", 9.0),
        view.numbers("episode-median", 8.0),
    ];
    let older = episodes.len().saturating_sub(MAX_EPISODES);
    if older > 0 {
        let text = view.words.say("appendix-latest", &[("number", &MAX_EPISODES), ("all", &episodes.len())]);
        blocks.push(Block::Paragraph(Role::Body, text));
    }
    let numbered = || (1..).zip(episodes).skip(older);
    let each = numbered().map(|(number, episode)| episode_row(view, number, episode)).collect();
    blocks.push(view.table("appendix-episodes-summary", columns, each));
    blocks.push(Block::Heading(Level::Subsection, view.words.text("appendix-charts").to_owned()));
    let charts: Vec<_> = numbered().map(|(number, episode)| charts::episode(view, number, episode)).collect();
    blocks.push(Block::Charts(charts));
}

fn episode_row(view: &View<'_>, number: usize, episode: &EpisodeSummary) -> Row {
    let words = view.words;
    let lasted = episode
        .duration_minutes
        .map_or_else(|| words.text("no-end").to_owned(), |minutes| words.duration(minutes));
    row([
        number.to_string(),
        view.clock.minute(episode.started_at),
        lasted,
        words::sentence(words.location(episode.location)),
        episode.trigger.as_deref().map_or_else(|| words.text("not-said").to_owned(), words::typed),
        (episode.flares + 1).to_string(),
        episode.intensity.peak.map_or_else(|| "–".to_owned(), |peak| peak.to_string()),
        episode.intensity.median.map_or_else(|| "–".to_owned(), |median| words.number(median)),
    ])
}

/// Where and after what: of the episodes that were going on in the period.
fn places(view: &View<'_>, blocks: &mut Vec<Block>) {
    let episodes = &view.summary.each_episode;
    if episodes.is_empty() {
        return;
    }
    view.section("appendix-places", blocks);
    let place = |location: &Location| {
        let number = episodes.iter().filter(|episode| episode.location == *location).count();
        (number > 0).then(|| format!("{} ({number})", view.words.location(*location)))
    };
    let places: Vec<String> = Location::ALL.iter().filter_map(place).collect();
    let of_episodes = triggers(view, episodes.iter().filter_map(|episode| episode.trigger.as_deref()));
    let of_flares =
        triggers(view, view.log.flares.iter().filter_map(|flare| flare.trigger.as_ref()).map(Label::as_str));
    let mut facts = vec![view.fact("episode-location", places.join("; "))];
    let none = || view.words.text("triggers-none").to_owned();
    facts.push(view.fact("triggers-episodes", of_episodes.unwrap_or_else(none)));
    facts.extend(of_flares.map(|of_flares| view.fact("triggers-flares", of_flares)));
    let pattern = &view.summary.pattern;
    for (name, named) in [("eased-by", &pattern.eases), ("worse-with", &pattern.worsens)] {
        let named: Vec<String> =
            named.iter().map(|one| format!("{} ({})", words::inline(&one.name), one.times)).collect();
        if !named.is_empty() {
            facts.push(view.fact(name, named.join("; ")));
        }
    }
    blocks.push(Block::Facts(facts));
}

/// The triggers in the patient's words, those named most often first; each on a line, for its own direction.
fn triggers<'a>(view: &View<'_>, named: impl Iterator<Item = &'a str>) -> Option<String> {
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
    let said = named.join("; ");
    let said = match counts.len().saturating_sub(NAMED) {
        0 => said,
        more => view.words.say("more-in-log", &[("said", &said), ("number", &more)]),
    };
    (!said.is_empty()).then_some(said)
}

/// All medicines and treatments, where page one has not all.
fn treatments(view: &View<'_>, blocks: &mut Vec<Block>) {
    let (medicines, treatments) = (&view.summary.medicines, &view.summary.treatments);
    if medicines.len() > rows(view, MEDICINES) {
        view.section("appendix-medicines", blocks);
        blocks.push(medicine_table(view, medicines));
    }
    if treatments.len() > rows(view, TRIED) {
        view.section("appendix-tried", blocks);
        blocks.push(tried_table(view, treatments));
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
    view.section("appendix-advice", blocks);
    let pack = format!("{} {}", advice.rule_pack.id, advice.rule_pack.version);
    let records = view.words.say("records", &[("number", &advice.moments)]);
    let how = match advice.moments_left_out {
        0 => view.words.say("advice-how", &[("pack", &pack), ("records", &records)]),
        older => {
            view.words.say("advice-how-cut", &[("pack", &pack), ("records", &records), ("older", &older)])
        }
    };
    blocks.push(Block::Paragraph(Role::Body, how));
    let columns = vec![
        view.column("advice-advice", 22.0),
        view.column("advice-urgency", 13.0),
        view.numbers("advice-times", 9.0),
        view.column("advice-first", 21.0),
        view.column("advice-last", 21.0),
        view.column("advice-rules", 26.0),
    ];
    let told = pressing.into_iter().map(|advised| {
        row([
            view.words.action(advised.action).to_owned(),
            view.words.urgency(advised.urgency).to_owned(),
            advised.moments.to_string(),
            view.clock.minute(advised.first_at),
            view.clock.minute(advised.last_at),
            advised.rules.iter().map(|rule| rule.as_str()).collect::<Vec<_>>().join(", "),
        ])
    });
    blocks.push(view.table("advice-summary", columns, told.collect()));
}

fn profile(view: &View<'_>) -> Vec<Fact> {
    let profile = &view.log.profile;
    let words = view.words;
    let unknown = || words.text("not-said").to_owned();
    let born = profile.birth_year.map_or_else(unknown, |year| year.to_string());
    let born = view.is_named().then(|| view.fact("profile-born", born));
    let achy =
        profile.achy_between_episodes.map(|achy| words.text(if achy { "yes" } else { "no" }).to_owned());
    let changed =
        profile.recorded_at.map_or_else(|| words.text("never").to_owned(), |at| view.clock.minute(at));
    let others = [
        view.fact("conditions", conditions(view, usize::MAX)),
        view.fact("profile-aches", achy.unwrap_or_else(unknown)),
        view.fact("profile-changed", changed),
    ];
    born.into_iter().chain(others).collect()
}

fn about(view: &View<'_>) -> [String; 3] {
    let pack = format!("{} {}", view.log.rule_pack.id, view.log.rule_pack.version);
    [
        view.words.text("about-source").to_owned(),
        view.words.text("review").to_owned(),
        view.words.say("about-numbers", &[("zone", &view.summary.period.time_zone), ("pack", &pack)]),
    ]
}
