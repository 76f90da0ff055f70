//! The appendix: each episode, what the guide advised, the profile, how the numbers are made, and the full log.

use super::{View, charts, column, fact, numbers, row, table, words};
use crate::{
    domain::{Label, Moment, Note},
    exports::{
        Entry,
        report::document::{Block, Fact, Level, Role, Row},
        summary::EpisodeSummary,
    },
    journal::{
        applications::Application, check_ins::CheckIn, episodes::Episode, flares::Flare, measures::Measure,
        pain_scores::PainScore,
    },
};
use jiff::SignedDuration;

/// After this a record counts as written down late, as the summary's gaps do.
const LATE: SignedDuration = SignedDuration::from_hours(24);

/// The blocks of the appendix.
pub(super) fn blocks(view: &View<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::NewPage];
    each_episode(view, &mut blocks);
    advice(view, &mut blocks);
    section("profile", &mut blocks);
    blocks.push(Block::Facts(profile(view)));
    section("about this report", &mut blocks);
    blocks.extend(about(view).map(|text| Block::Paragraph(Role::Body, text)));
    full_log(view, &mut blocks);
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
    let numbered = || (1..).zip(episodes);
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
        profile.conditions.iter().map(|condition| words::condition(*condition)).collect();
    let conditions = if conditions.is_empty() { "none named".to_owned() } else { conditions.join("; ") };
    let achy = profile.achy_between_episodes.map(|achy| if achy { "yes" } else { "no" }.to_owned());
    vec![
        fact("Year of birth", profile.birth_year.map_or_else(unknown, |year| year.to_string())),
        fact("Conditions", conditions),
        fact("Aches in between", achy.unwrap_or_else(unknown)),
        fact(
            "Last changed",
            profile.recorded_at.map_or_else(|| "never".to_owned(), |at| view.clock.minute(at)),
        ),
    ]
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

fn full_log(view: &View<'_>, blocks: &mut Vec<Block>) {
    let entries = view.log.timeline();
    section("the full log", blocks);
    if entries.is_empty() {
        return blocks.push(Block::Paragraph(Role::Body, "Nothing was recorded in this period.".to_owned()));
    }
    let columns = vec![column("When", 23.0), column("What", 15.0), column("As recorded", 62.0)];
    let rows = entries.iter().map(|entry| entry_row(view, entry)).collect();
    blocks.push(table("Every record in the order of time.", columns, rows));
}

fn entry_row(view: &View<'_>, entry: &Entry<'_>) -> Row {
    let (what, mut details, note, recorded_at) = match entry {
        Entry::Episode(record) => ("Episode", episode(view, record), &record.note, record.recorded_at),
        Entry::Flare(record) => ("Further spasm", flare(record), &record.note, record.recorded_at),
        Entry::Application(record) => {
            (words::modality(record.modality), application(view, record), &record.note, record.recorded_at)
        }
        Entry::PainScore(record) => ("Pain score", score(record), &record.note, record.recorded_at),
        Entry::CheckIn(record) => ("Answers", check_in(record), &record.note, record.recorded_at),
        Entry::Measure(record) => {
            (words::measure(record.kind), measure(view, record), &record.note, record.recorded_at)
        }
    };
    details.extend(note.as_ref().map(note_text));
    if recorded_at.since(entry.time()) > LATE {
        details.push(format!("Written down {}.", view.clock.minute(recorded_at)));
    }
    let is_strong =
        matches!(entry, Entry::CheckIn(record) if record.symptoms.iter().any(|sign| sign.present));
    let cells = vec![view.clock.weekday(entry.time()), what.to_owned(), details.join("\n")];
    Row { cells, is_strong }
}

/// On lines of its own, so that it has its own direction.
fn note_text(note: &Note) -> String {
    format!("Note:\n{}", words::typed(note.as_str()))
}

fn label_text(name: &str, label: Option<&Label>) -> Option<String> {
    label.map(|label| format!("{name}: {}", words::typed(label.as_str()).replace('\n', " ")))
}

fn episode(view: &View<'_>, record: &Episode) -> Vec<String> {
    let end = record.ended_at.map_or_else(
        || "no end recorded".to_owned(),
        |end| format!("until {}, {}", view.clock.end(record.started_at, end), lasted(record.started_at, end)),
    );
    let place = words::sentence(words::location(record.location));
    let mut details = vec![format!("{place}; {end}")];
    details.extend(label_text("Trigger", record.trigger.as_ref()));
    details
}

fn flare(record: &Flare) -> Vec<String> {
    label_text("Trigger", record.trigger.as_ref()).into_iter().collect()
}

fn application(view: &View<'_>, record: &Application) -> Vec<String> {
    let barrier = match record.barrier {
        Some(true) => "with a cloth between",
        Some(false) => "straight on the skin",
        None => "cloth between: not said",
    };
    vec![format!("{}; {barrier}", span(view, record.started_at, record.ended_at))]
}

fn score(record: &PainScore) -> Vec<String> {
    vec![format!("{} of 10", record.score.get())]
}

fn check_in(record: &CheckIn) -> Vec<String> {
    let named = |present: bool| {
        let signs = record.symptoms.iter().filter(|sign| sign.present == present);
        signs.map(|sign| words::symptom(sign.code)).collect::<Vec<_>>().join("; ")
    };
    let line = |name: &str, text: String| (!text.is_empty()).then(|| format!("{name}: {text}"));
    let inflammation = record.inflammation.map(|answer| words::sentence(words::inflammation(answer)));
    let skin = record.skin.map(|answer| format!("Skin: {}", words::skin(answer)));
    let state: Vec<String> = [inflammation, skin].into_iter().flatten().collect();
    let state = (!state.is_empty()).then(|| state.join(". "));
    [line("Yes", named(true)), line("No", named(false)), state].into_iter().flatten().collect()
}

fn measure(view: &View<'_>, record: &Measure) -> Vec<String> {
    let mut details = Vec::new();
    details.extend(label_text("Name", record.name.as_ref()));
    details.extend(label_text("Dose", record.dose.as_ref()));
    if record.ended_at != Some(record.started_at) {
        details.push(span(view, record.started_at, record.ended_at));
    }
    details
}

fn span(view: &View<'_>, start: Moment, end: Option<Moment>) -> String {
    match end {
        Some(end) => format!("Until {}, {}", view.clock.end(start, end), lasted(start, end)),
        None => "No end recorded".to_owned(),
    }
}

fn lasted(start: Moment, end: Moment) -> String {
    words::duration(end.since(start).as_mins())
}
