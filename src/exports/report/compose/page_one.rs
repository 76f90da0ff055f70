//! Page one, in the order in which a clinician asks.

use super::{Naming, View, charts, column, fact, numbers, row, table, words};
use crate::{
    domain::{Location, Moment, SymptomCode},
    exports::{
        report::document::{Block, Column, Fact, Level, Role, Row},
        summary::{EarlierPeriod, EpisodeNumbers, RedFlagAnswers, TreatmentResponse},
    },
};
use std::collections::BTreeMap;

/// How many dates or triggers are named on page one; the full log has all.
const NAMED: usize = 6;

/// The blocks of page one.
pub(super) fn blocks(view: &View<'_>, question: Option<&str>) -> Vec<Block> {
    let mut blocks = vec![Block::Facts(about(view)), Block::Paragraph(Role::Notice, NOTICE.to_owned())];
    red_flags(view, &mut blocks);
    episodes(view, &mut blocks);
    intensity(view, &mut blocks);
    treatments(view, &mut blocks);
    places(view, &mut blocks);
    if let Some(question) = question.map(words::typed).filter(|question| !question.trim().is_empty()) {
        section("The patient's own question", &mut blocks);
        blocks.push(Block::Paragraph(Role::Quote, question));
    }
    blocks
}

const NOTICE: &str =
    "Reported by the patient; nobody monitors this log. No clinician has checked what it says.";

fn section(name: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Level::Section, name.to_owned()));
}

fn body(text: String, blocks: &mut Vec<Block>) {
    blocks.push(Block::Paragraph(Role::Body, text));
}

fn about(view: &View<'_>) -> Vec<Fact> {
    let (log, summary) = (view.log, view.summary);
    let mut facts = Vec::new();
    let (name, born) = match &view.naming {
        Naming::Named => {
            (log.person.display_name.as_ref(), log.profile.birth_year.map(|year| year.to_string()))
        }
        Naming::As(identity) => {
            (identity.name.as_ref(), identity.birth_date.map(|date| date.strftime("%-d %b %Y").to_string()))
        }
        Naming::Anonymous => (None, None),
    };
    let name = name.filter(|name| !name.as_str().trim().is_empty());
    let name = name.map(|name| words::inline(name.as_str()));
    let born = born.map(|born| format!("born {born}"));
    let person = [name, born].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if !person.is_empty() {
        facts.push(fact("Patient", person));
    }
    let days = words::count(summary.period.days, "day", "days");
    let only = if log.filter.episode_id.is_some() { "; one episode only" } else { "" };
    facts.push(fact("Period", format!("{} ({days}{only})", view.period())));
    let made = view.clock.minute(log.taken_at);
    facts.push(fact("Made", format!("{made}. All times are in the time zone {}.", summary.period.time_zone)));
    facts.push(fact("Gaps", gaps(view)));
    facts
}

/// What the record does not say.
fn gaps(view: &View<'_>) -> String {
    let gaps = &view.summary.gaps;
    let records = &view.summary.records;
    if records.episodes == 0 && records.pain_scores == 0 && records.check_ins == 0 {
        return "Nothing was recorded in this period. That does not mean that there was no pain.".to_owned();
    }
    let mut said = Vec::new();
    match gaps.silences.iter().max_by_key(|silence| silence.minutes) {
        None => said.push("No stretch of more than 24 h of an episode is without a record.".to_owned()),
        Some(longest) => said.push(format!(
            "{} of more than 24 h of an episode without a record, the longest {} from {}.",
            words::count(count(gaps.silences.len()), "stretch", "stretches"),
            words::duration(longest.minutes),
            view.clock.minute(longest.from),
        )),
    }
    let rest = [
        (gaps.episodes_without_score, "episode without a score", "episodes without a score"),
        (gaps.applications_without_end, "ice or heat without an end", "times of ice or heat without an end"),
        (gaps.entered_late, "record written down over 24 h later", "records written down over 24 h later"),
    ];
    let rest: Vec<String> = rest
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| words::count(number, one, many))
        .collect();
    if !rest.is_empty() {
        said.push(format!("{}.", words::sentence(&rest.join("; "))));
    }
    said.join(" ")
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn red_flags(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Red-flag answers", blocks);
    let answers = &view.summary.red_flags;
    let (present, absent): (Vec<_>, Vec<_>) = answers.iter().partition(|flag| !flag.present_at.is_empty());
    if present.is_empty() {
        body(if answers.is_empty() { NONE_ASKED } else { NONE_PRESENT }.to_owned(), blocks);
    } else {
        let rows = present.iter().map(|flag| present_row(view, flag)).collect();
        let columns = vec![column("Sign answered with yes", 31.0), column("Yes", 41.0), column("No", 28.0)];
        blocks.push(table("Warning signs that were answered with yes, and when.", columns, rows));
    }
    let mut facts = Vec::new();
    if !absent.is_empty() {
        let named: Vec<String> = absent.iter().map(|flag| absent_text(view, flag)).collect();
        facts.push(fact("Only answered no", named.join("; ")));
    }
    let is_asked = |code: &&SymptomCode| !answers.iter().any(|flag| flag.code == **code);
    let unasked: Vec<&str> =
        SymptomCode::ALL.iter().filter(is_asked).map(|code| words::symptom(*code)).collect();
    if !view.summary.skin_reports.is_empty() {
        let reports = &view.summary.skin_reports;
        let named: Vec<String> = reports
            .iter()
            .rev()
            .take(NAMED)
            .map(|report| format!("{} on {}", words::skin(report.skin), view.clock.minute(report.at)))
            .collect();
        facts.push(fact("Skin after ice or heat", more(&named, reports.len())));
    }
    if !facts.is_empty() {
        blocks.push(Block::Facts(facts));
    }
    if !unasked.is_empty() && !answers.is_empty() {
        let unasked = format!("Not asked, which is not a no: {}.", unasked.join("; "));
        blocks.push(Block::Paragraph(Role::Note, unasked));
    }
}

const NONE_ASKED: &str = "No warning sign was asked for in this period. That is not a no.";
const NONE_PRESENT: &str = "No warning sign was answered with yes.";

fn present_row(view: &View<'_>, flag: &RedFlagAnswers) -> Row {
    let dates: Vec<String> =
        flag.present_at.iter().rev().take(NAMED).map(|at| view.clock.minute(*at)).collect();
    let yes = format!("{}: {}", times(count(flag.present_at.len())), more(&dates, flag.present_at.len()));
    let no = match flag.last_absent_at {
        Some(last) => format!("{}, last {}", times(flag.absent), view.clock.day(last)),
        None => "never".to_owned(),
    };
    Row { cells: vec![words::sentence(words::symptom(flag.code)), yes, no], is_strong: true }
}

fn absent_text(view: &View<'_>, flag: &RedFlagAnswers) -> String {
    let last = flag.last_absent_at.map(|at: Moment| format!(", last {}", view.clock.day(at)));
    format!("{} ({}{})", words::symptom(flag.code), times(flag.absent), last.unwrap_or_default())
}

fn times(number: i64) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

/// The named ones, and how many there are besides.
fn more(named: &[String], all: usize) -> String {
    let rest = all.saturating_sub(named.len());
    let rest = if rest == 0 { String::new() } else { format!("; {rest} more, see the full log") };
    format!("{}{rest}", named.join("; "))
}

fn episodes(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Episodes and trend", blocks);
    let numbers_of = &view.summary.episodes;
    let before = numbers_of.before.as_ref();
    let mut columns = vec![column("Episodes", 44.0), numbers("This period", 18.0)];
    if let Some(before) = before {
        columns.push(numbers(&format!("Before, from {}", view.clock.day(before.from)), 26.0));
        columns.push(numbers("Change", 12.0));
    }
    let width = columns.len();
    let rows = episode_rows(numbers_of, before)
        .into_iter()
        .map(|cells| Row { cells: cells.into_iter().take(width).collect(), is_strong: false })
        .collect();
    blocks.push(table(
        "Episodes of this period, beside the period of equal length before it.",
        columns,
        rows,
    ));
    body(standing(view), blocks);
}

fn episode_rows(now: &EpisodeNumbers, before: Option<&EarlierPeriod>) -> Vec<[String; 4]> {
    let days = |minutes: Option<i64>| minutes.map_or_else(|| "–".to_owned(), words::duration);
    let then = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let change = |number: i64| match number {
        0 => "0".to_owned(),
        1.. => format!("+{number}"),
        _ => format!("−{}", number.unsigned_abs()),
    };
    vec![
        [
            "Began".to_owned(),
            now.count.to_string(),
            then(before.map(|before| before.count.to_string())),
            then(before.map(|before| change(before.count_change))),
        ],
        [
            "Days affected".to_owned(),
            now.days_affected.to_string(),
            then(before.map(|before| before.days_affected.to_string())),
            then(before.map(|before| change(before.days_affected_change))),
        ],
        [
            "Median duration of those that ended (longest)".to_owned(),
            match now.longest_duration_minutes {
                Some(longest) => {
                    format!("{} ({})", days(now.median_duration_minutes), words::duration(longest))
                }
                None => "–".to_owned(),
            },
            days(before.and_then(|before| before.median_duration_minutes)),
            String::new(),
        ],
        [
            "Median time from one start to the next".to_owned(),
            days(now.median_interval_minutes),
            String::new(),
            String::new(),
        ],
    ]
}

/// What is going on, and how often it comes back.
fn standing(view: &View<'_>) -> String {
    let (episodes, recurrence) = (&view.summary.episodes, &view.summary.recurrence);
    let mut said = Vec::new();
    if episodes.open > 0 {
        said.push(format!(
            "{} without an end at the end of the period.",
            words::count(episodes.open, "episode is", "episodes are")
        ));
    }
    if episodes.carried_over > 0 {
        let began = words::count(episodes.carried_over, "episode", "episodes");
        said.push(format!("{began} began before the period and went on in it."));
    }
    said.push(format!(
        "{} began in the 365 days before its end; one that begins within a day of the last one's end continues it.",
        words::count(recurrence.within_a_year, "episode", "episodes"),
    ));
    said.join(" ")
}

fn intensity(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Intensity", blocks);
    let intensity = &view.summary.intensity;
    let (Some(peak), Some(median)) = (intensity.peak, intensity.median) else {
        return body("No pain score was recorded in this period.".to_owned(), blocks);
    };
    let scores = words::count(intensity.scores, "score", "scores");
    let median = words::number(median);
    body(
        format!("{scores} from 0 (no pain) to 10 (worst imaginable): highest {peak}, median {median}."),
        blocks,
    );
    blocks.push(Block::Charts(vec![charts::overview(view)]));
}

fn treatments(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("What was tried, and the score after it", blocks);
    let treatments = &view.summary.treatments;
    if treatments.is_empty() {
        return body(
            "Neither ice nor heat nor anything else was recorded in this period.".to_owned(),
            blocks,
        );
    }
    let columns: Vec<Column> = vec![
        column("Treatment", 28.0),
        numbers("Uses", 12.0),
        numbers("Measured", 14.0),
        numbers("Median change of score", 22.0),
        numbers("Fell by 2 or more", 24.0),
    ];
    let rows = treatments.iter().map(treatment_row).collect();
    blocks.push(table(
        "For each treatment how often it was used and how the pain score changed.",
        columns,
        rows,
    ));
    blocks.push(Block::Paragraph(Role::Note, RESPONSE.to_owned()));
}

const RESPONSE: &str = "Measured: a score in the 12 h before the start, and one 30 to 60 minutes after it; the last \
    before and the first after are compared. Below zero is better. It says what followed, not what caused it.";

fn treatment_row(response: &TreatmentResponse) -> Row {
    let (change, fell) = match (response.median_change, response.dropped_by_two) {
        (Some(change), Some(fell)) if !response.too_few => {
            let share = response.share_dropped_by_two.unwrap_or_default() * 100.0;
            (words::signed(change), format!("{fell} of {} ({share:.0} %)", response.n))
        }
        _ => ("too few to say".to_owned(), String::new()),
    };
    let name = words::treatment(response.treatment).to_owned();
    row([name, response.uses.to_string(), response.n.to_string(), change, fell])
}

fn places(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Location and triggers", blocks);
    let episodes = &view.log.episodes;
    if episodes.is_empty() {
        return body("No episode was recorded in this period.".to_owned(), blocks);
    }
    let place = |location: &Location| {
        let number = episodes.iter().filter(|episode| episode.location == *location).count();
        (number > 0).then(|| format!("{} ({number})", words::location(*location)))
    };
    let places: Vec<String> = Location::ALL.iter().filter_map(place).collect();
    let of_episodes = triggers(episodes.iter().filter_map(|episode| episode.trigger.as_ref()));
    let of_flares = triggers(view.log.flares.iter().filter_map(|flare| flare.trigger.as_ref()));
    let mut facts = vec![fact("Location", places.join("; "))];
    facts.push(fact("Triggers of episodes", of_episodes.unwrap_or_else(|| "none recorded".to_owned())));
    if let Some(of_flares) = of_flares {
        facts.push(fact("Of further spasms", of_flares));
    }
    blocks.push(Block::Facts(facts));
}

/// The triggers in the patient's words, those named most often first; each on a line, for its own direction.
fn triggers<'a>(named: impl Iterator<Item = &'a crate::domain::Label>) -> Option<String> {
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for trigger in named {
        let trigger = words::inline(trigger.as_str());
        counts.entry(trigger.to_lowercase()).or_insert((0, trigger)).0 += 1;
    }
    let mut counts: Vec<(usize, String)> = counts.into_values().collect();
    counts.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let named: Vec<String> = counts
        .iter()
        .take(NAMED)
        .map(|(number, trigger)| if *number == 1 { trigger.clone() } else { format!("{trigger} ({number})") })
        .collect();
    (!named.is_empty()).then(|| more(&named, counts.len()))
}
