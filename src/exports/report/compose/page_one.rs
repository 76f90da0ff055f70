//! Page one, in the order in which a clinician asks. It is one page: what could be long is cut here and whole in the
//! appendix.

use super::{View, charts, column, fact, numbers, row, table, warning_signs, words};
use crate::{
    domain::MeasureKind,
    exports::{
        report::document::{Block, Fact, Level, Role, Row},
        summary::{HalfPeriod, Intensity, MedicineUse, Named, TreatmentResponse},
    },
};

/// How many medicines are named on page one, and how many rows there are of what was tried.
pub(super) const MEDICINES: usize = 3;
pub(super) const TRIED: usize = 4;
/// The most characters of a name on page one.
const NAME: usize = 32;
/// The most conditions on page one.
const CONDITIONS: usize = 12;
/// The most things that ease or worsen it, and the most characters of each.
const EASES: usize = 1;
const EASING: usize = 18;
/// With more signs than this there is a row less of medicines and of what was tried.
const MANY_SIGNS: usize = 12;

/// The blocks of page one.
pub(super) fn blocks(view: &View<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Facts(about(view)), Block::Paragraph(Role::Notice, NOTICE.to_owned())];
    warning_signs::blocks(view, &mut blocks);
    now(view, &mut blocks);
    medicines(view, &mut blocks);
    episodes(view, &mut blocks);
    intensity(view, &mut blocks);
    tried(view, &mut blocks);
    blocks.extend(view.asked.code.map(|code| Block::Code(code.clone())));
    blocks
}

const NOTICE: &str =
    "Reported by the patient. Nobody monitors this log, and no clinician has checked what it says.";

/// How many rows a table of page one has.
pub(super) fn rows(view: &View<'_>, usual: usize) -> usize {
    let signs = view.summary.red_flags.iter().filter(|flag| !flag.present_at.is_empty()).count();
    if signs > MANY_SIGNS { usual.saturating_sub(1) } else { usual }
}

pub(super) fn section(name: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Level::Section, name.to_owned()));
}

pub(super) fn body(text: impl Into<String>, blocks: &mut Vec<Block>) {
    blocks.push(Block::Paragraph(Role::Body, text.into()));
}

fn about(view: &View<'_>) -> Vec<Fact> {
    let (log, summary) = (view.log, view.summary);
    let mut facts = Vec::new();
    facts.extend(view.who().map(|who| fact("Patient", words::inline(&who))));
    let days = words::count(summary.period.days, "day", "days");
    let only = if log.filter.episode_id.is_some() { "; one episode only" } else { "" };
    let made = view.clock.minute(log.taken_at);
    facts.push(fact(
        "Period",
        format!("{} ({days}{only}). As of {made}, {}.", view.period(), summary.period.time_zone),
    ));
    let question = view.asked.question.map(words::inline);
    let question = question
        .filter(|question| question.chars().any(|letter| !letter.is_whitespace() && !words::is_mark(letter)));
    facts.extend(question.map(|question| fact("Question", question)));
    facts.push(fact("Gaps", gaps(view)));
    facts
}

/// Information that the record lacks.
fn gaps(view: &View<'_>) -> String {
    let (gaps, records) = (&view.summary.gaps, &view.summary.records);
    let all = records.episodes
        + records.flares
        + records.applications
        + records.pain_scores
        + records.check_ins
        + records.measures;
    if all == 0 {
        return "Nothing was recorded in this period. That does not mean that there was no pain.".to_owned();
    }
    let mut said = Vec::new();
    if let Some(longest) = gaps.silences.iter().max_by_key(|silence| silence.minutes) {
        said.push(format!(
            "{} of an episode with no record for over 24 h, the longest {}",
            words::count(count(gaps.silences.len()), "stretch", "stretches"),
            words::duration(longest.minutes),
        ));
    }
    if gaps.entered_late > 0 {
        said.push(format!("{} of {all} entries made more than a day afterwards", gaps.entered_late));
    }
    let rest = [
        (gaps.episodes_without_score, "episode without a score", "episodes without a score"),
        (
            gaps.applications_without_end,
            "use of ice or heat without an end",
            "uses of ice or heat without an end",
        ),
    ];
    said.extend(
        rest.into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, one, many)| words::count(number, one, many)),
    );
    if said.is_empty() {
        "No day of an episode is without a record; every entry was made within a day.".to_owned()
    } else {
        format!("{}.", said.join("; "))
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How things stand at the end of the period.
fn now(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Now", blocks);
    let standing = &view.summary.standing;
    let open = standing.open_episode.as_ref().map_or_else(
        || match view.summary.each_episode.last().and_then(|last| last.ended_at) {
            Some(ended) => format!("None open. The last one ended on {}.", view.clock.day(ended)),
            None => "None open.".to_owned(),
        },
        |open| {
            let score = match (open.last_score, open.last_score_at) {
                (Some(score), Some(at)) => format!("last score {score} on {}", view.clock.minute(at)),
                _ => "no score yet".to_owned(),
            };
            let trigger = open.trigger.as_deref().filter(|trigger| !trigger.trim().is_empty());
            let trigger = trigger
                .map_or_else(String::new, |trigger| format!(", after “{}”", words::brief(trigger, NAME)));
            format!(
                "Open, day {}: since {}{trigger}; {}; {score}.",
                open.day,
                view.clock.minute(open.started_at),
                words::location(open.location),
            )
        },
    );
    let lately = &standing.last_days;
    let used = |number: i64, what: &str| (number > 0).then(|| format!("{what} {}", times(number)));
    let medicine = (lately.medicine_days > 0)
        .then(|| format!("medicine on {}", words::count(lately.medicine_days, "day", "days")));
    let spasms = (lately.spasms > 0).then(|| words::count(lately.spasms, "spasm", "spasms"));
    let said = [
        Some(scores(&lately.intensity)),
        spasms,
        used(lately.ice, "ice"),
        used(lately.heat, "heat"),
        medicine,
    ];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let seen = standing.last_review_at.map_or_else(
        || "No visit to a clinician was recorded in this period.".to_owned(),
        |at| format!("Seen by a clinician on {}, as the patient recorded it.", view.clock.minute(at)),
    );
    let mut facts = vec![fact("Episode", open)];
    facts.extend(pattern(view).map(|pattern| fact("Pain", pattern)));
    facts.push(fact("Last 7 days", format!("{}.", words::sentence(&said))));
    facts.push(fact("Function", function(view)));
    facts.push(fact("Last contact", seen));
    blocks.push(Block::Facts(facts));
}

/// What it kept the patient from. The question is no validated scale; the PEG is one.
fn function(view: &View<'_>) -> String {
    let function = &view.summary.function;
    let mut said = Vec::new();
    let day = |at| view.clock.day(at);
    if let (Some(last), Some(at), Some(worst), Some(median)) =
        (function.last, function.last_at, function.worst, function.median)
    {
        let median = words::number(median);
        let answers = words::count(function.answers, "answer", "answers");
        said.push(format!(
            "kept from doing things {last} of 10 on {}, highest {worst}, median {median} ({answers}; not a validated scale)",
            day(at),
        ));
    }
    if let (Some(days), Some(at)) = (function.days_off, function.days_off_at) {
        let days = words::count(i64::from(days), "day", "days");
        said.push(format!("{days} off in the week before {}", day(at)));
    }
    if let Some(last) = function.peg.last() {
        let first = function.peg.first().filter(|first| first.at != last.at);
        let first = first.map(|first| format!(", first {}", words::number(first.score)));
        said.push(format!("PEG {} of 10{}", words::number(last.score), first.unwrap_or_default()));
    }
    if said.is_empty() { "Not asked.".to_owned() } else { format!("{}.", words::sentence(&said.join("; "))) }
}

/// Where it goes, and what eases or worsens it.
fn pattern(view: &View<'_>) -> Option<String> {
    let pattern = &view.summary.pattern;
    let below = pattern.below_knee.zip(pattern.below_knee_at).map(|(goes, at)| {
        let goes = if goes { "goes" } else { "does not go" };
        format!("{goes} below the knee ({})", view.clock.day(at))
    });
    let named = |what: &str, named: &[Named]| {
        let names: Vec<String> =
            named.iter().take(EASES).map(|one| words::brief(&one.name, EASING)).collect();
        (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
    };
    let said = [
        pattern.side.map(|side| words::side(side).to_owned()),
        below,
        named("eased by", &pattern.eases),
        named("worse with", &pattern.worsens),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("{}.", words::sentence(&said.join("; "))))
}

fn scores(intensity: &Intensity) -> String {
    match (intensity.peak, intensity.median) {
        (Some(peak), Some(median)) => format!(
            "{}, highest {peak}, median {}",
            words::count(intensity.scores, "score", "scores"),
            words::number(median),
        ),
        _ => "no score".to_owned(),
    }
}

pub(super) fn times(number: i64) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

fn medicines(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Medicines, and the conditions that matter for them", blocks);
    let medicines = &view.summary.medicines;
    if medicines.is_empty() {
        body("No medicine or cream was recorded in this period.", blocks);
    } else {
        blocks.push(medicine_table(view, medicines.get(..rows(view, MEDICINES)).unwrap_or(medicines)));
    }
    let more = medicines.len().saturating_sub(rows(view, MEDICINES));
    let mut facts = Vec::new();
    if more > 0 {
        facts.push(fact(
            "More",
            format!("{} used earlier: see the appendix.", words::count(count(more), "medicine", "medicines")),
        ));
    }
    facts.push(fact("Conditions", conditions(view, CONDITIONS)));
    blocks.push(Block::Facts(facts));
}

/// A medicine by its name, or what it is where it has none.
fn medicine_name(kind: MeasureKind, name: Option<&str>, longest: usize) -> String {
    name.map_or_else(
        || format!("{}, no name given", words::sentence(words::measure(kind))),
        |name| words::brief(name, longest),
    )
}

/// Medicines and creams.
pub(super) fn medicine_table(view: &View<'_>, medicines: &[MedicineUse]) -> Block {
    let columns = vec![
        column("Medicine", 34.0),
        column("Last dose", 20.0),
        numbers("Days used", 12.0),
        numbers("Times", 10.0),
        column("Last", 24.0),
    ];
    let rows = medicines.iter().map(|medicine| medicine_row(view, medicine)).collect();
    table("Medicines and creams, the one used last first.", columns, rows)
}

fn medicine_row(view: &View<'_>, medicine: &MedicineUse) -> Row {
    row([
        medicine_name(medicine.kind, medicine.name.as_deref(), NAME),
        medicine.dose.as_deref().map_or_else(|| "not said".to_owned(), |dose| words::brief(dose, 18)),
        medicine.days.to_string(),
        medicine.uses.to_string(),
        view.clock.minute(medicine.last_at),
    ])
}

/// Conditions by name. An empty list says that the patient was asked and has none.
pub(super) fn conditions(view: &View<'_>, longest: usize) -> String {
    let Some(conditions) = &view.log.profile.conditions else { return "Not asked.".to_owned() };
    if conditions.is_empty() {
        return "None, as the patient answered.".to_owned();
    }
    let named: Vec<&str> =
        conditions.iter().take(longest).map(|condition| words::condition(*condition)).collect();
    let more = conditions.len().saturating_sub(longest);
    let more = if more == 0 { String::new() } else { format!("; {more} more, see the appendix") };
    format!("{}{more}.", words::sentence(&named.join("; ")))
}

fn episodes(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Episodes", blocks);
    if let Some([first, second]) = view.summary.halves.as_deref() {
        let name =
            |half: &HalfPeriod| format!("{} to {}", view.clock.day(half.from), view.clock.day(half.to));
        let columns = vec![column("", 28.0), numbers(&name(first), 36.0), numbers(&name(second), 36.0)];
        let line = |name: &str, of: fn(&HalfPeriod) -> String| row([name.to_owned(), of(first), of(second)]);
        let rows = vec![
            line("Episodes that began", |half| half.episodes.to_string()),
            line("Days affected", |half| half.days_affected.to_string()),
            line("Score: median (highest)", |half| match (half.intensity.median, half.intensity.peak) {
                (Some(median), Some(peak)) => format!("{} ({peak})", words::number(median)),
                _ => "none".to_owned(),
            }),
        ];
        blocks.push(table("The first half of the period beside the second.", columns, rows));
    }
    body(in_all(view), blocks);
}

/// The whole period in a sentence or two.
fn in_all(view: &View<'_>) -> String {
    let (episodes, recurrence) = (&view.summary.episodes, &view.summary.recurrence);
    let mut said = vec![format!(
        "In all {} began, with {} affected",
        words::count(episodes.count, "episode", "episodes"),
        words::count(episodes.days_affected, "day", "days"),
    )];
    if let (Some(median), Some(longest)) =
        (episodes.median_duration_minutes, episodes.longest_duration_minutes)
    {
        said.push(format!("median length {}, longest {}", words::duration(median), words::duration(longest)));
    }
    if let Some(interval) = episodes.median_interval_minutes {
        said.push(format!("median time from start to start {}", words::duration(interval)));
    }
    let before = episodes.before.as_ref().map_or_else(String::new, |before| {
        format!(
            " In the period of the same length before: {}, {} affected.",
            words::count(before.count, "episode", "episodes"),
            words::count(before.days_affected, "day", "days"),
        )
    });
    let year = words::count(recurrence.within_a_year, "episode", "episodes");
    format!("{}.{before} In the last 365 days: {year}.", said.join("; "))
}

fn intensity(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Pain, 0 (none) to 10 (worst imaginable)", blocks);
    if view.summary.intensity.scores == 0 {
        return body("No pain score was recorded in this period.", blocks);
    }
    body(format!("{}.", words::sentence(&scores(&view.summary.intensity))), blocks);
    blocks.push(Block::Charts(vec![charts::overview(view)]));
}

fn tried(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("What was tried, and the score afterwards", blocks);
    let treatments = &view.summary.treatments;
    if treatments.is_empty() {
        return body("No ice, heat, cream or medicine was recorded in this period.", blocks);
    }
    blocks.push(tried_table(treatments.get(..rows(view, TRIED)).unwrap_or(treatments)));
    let more = treatments.len().saturating_sub(rows(view, TRIED));
    let more = if more == 0 { String::new() } else { format!(" {more} more in the appendix.") };
    blocks.push(Block::Paragraph(Role::Note, format!("{RESPONSE}{more}")));
}

const RESPONSE: &str = "Measured: a score in the 12 h before, and one 30 to 60 min after ice, heat or a cream, 1 to 3 h \
    after a medicine. It says what followed, not what caused it.";

/// What was tried.
pub(super) fn tried_table(treatments: &[TreatmentResponse]) -> Block {
    let columns = vec![
        column("Treatment", 26.0),
        numbers("Uses", 9.0),
        numbers("Measured", 12.0),
        numbers("With something else too", 16.0),
        numbers("Median change of score", 15.0),
        numbers("Score at least 2 lower afterwards", 22.0),
    ];
    let rows = treatments.iter().map(tried_row).collect();
    table("How often each treatment was used, and how the pain score changed.", columns, rows)
}

fn tried_row(response: &TreatmentResponse) -> Row {
    let (change, lower) = match (response.median_change, response.dropped_by_two) {
        (Some(change), Some(lower)) => {
            let share = response.share_dropped_by_two.map(|share| format!(" ({:.0} %)", share * 100.0));
            (words::signed(change), format!("{lower} of {}{}", response.n, share.unwrap_or_default()))
        }
        _ => ("too few to say".to_owned(), String::new()),
    };
    let name = response
        .name
        .as_deref()
        .map_or_else(|| words::treatment(response.treatment), |name| words::brief(name, 24));
    let with = if response.n == 0 { String::new() } else { response.with_others.to_string() };
    row([name, response.uses.to_string(), response.n.to_string(), with, change, lower])
}
