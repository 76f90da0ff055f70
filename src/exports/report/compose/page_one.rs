//! Page one, in the order in which a clinician asks. It is one page: what could be long is cut here and whole in the
//! appendix.

use super::{View, body, charts, row, warning_signs, words};
use crate::{
    domain::MeasureKind,
    exports::{
        report::document::{Block, Column, Fact, Role, Row},
        summary::{HalfPeriod, Intensity, MedicineUse, Named, TreatmentResponse},
    },
    rules::Language,
};
use std::fmt::Display;

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
/// With more signs than this there is a row less of medicines and of what was tried, and fewer conditions.
const MANY_SIGNS: usize = 12;
const FEWER_CONDITIONS: usize = 8;

/// The blocks of page one.
pub(super) fn blocks(view: &View<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Facts(about(view)), Block::Paragraph(Role::Notice, notice(view))];
    warning_signs::blocks(view, &mut blocks);
    now(view, &mut blocks);
    medicines(view, &mut blocks);
    episodes(view, &mut blocks);
    intensity(view, &mut blocks);
    tried(view, &mut blocks);
    blocks.extend(view.asked.code.map(|code| Block::Code(code.clone())));
    blocks
}

/// Who said all this, and who translated it.
fn notice(view: &View<'_>) -> String {
    let (notice, review) = (view.words.text("notice"), view.words.text("review"));
    if view.words.language == Language::English { notice.to_owned() } else { format!("{notice} {review}") }
}

/// How many rows a table of page one has.
pub(super) fn rows(view: &View<'_>, usual: usize) -> usize {
    if has_many_signs(view) { usual.saturating_sub(1) } else { usual }
}

fn has_many_signs(view: &View<'_>) -> bool {
    view.summary.red_flags.iter().filter(|flag| !flag.present_at.is_empty()).count() > MANY_SIGNS
}

fn about(view: &View<'_>) -> Vec<Fact> {
    let (log, summary) = (view.log, view.summary);
    let mut facts = Vec::new();
    facts.extend(view.who().map(|who| view.fact("fact-patient", words::inline(&who))));
    let period = view.words.say(
        if log.filter.episode_id.is_some() { "period-one-episode" } else { "period" },
        &[
            ("period", &view.period()),
            ("days", &view.words.say("days", &[("number", &summary.period.days)])),
            ("made", &view.clock.minute(log.taken_at)),
            ("zone", &summary.period.time_zone),
        ],
    );
    facts.push(view.fact("fact-period", period));
    let question = view.asked.question.map(words::inline);
    let question = question
        .filter(|question| question.chars().any(|letter| !letter.is_whitespace() && !words::is_mark(letter)));
    facts.extend(question.map(|question| view.fact("fact-question", question)));
    facts.push(view.fact("fact-gaps", gaps(view)));
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
        return view.words.text("gaps-empty").to_owned();
    }
    let mut said = Vec::new();
    if let Some(longest) = gaps.silences.iter().max_by_key(|silence| silence.minutes) {
        said.push(view.words.say(
            "gaps-silences",
            &[("number", &gaps.silences.len()), ("longest", &view.words.duration(longest.minutes))],
        ));
    }
    if gaps.entered_late > 0 {
        said.push(view.words.say("gaps-late", &[("late", &gaps.entered_late), ("all", &all)]));
    }
    let rest =
        [("gaps-no-score", gaps.episodes_without_score), ("gaps-no-end", gaps.applications_without_end)];
    let rest = rest.into_iter().filter(|(_, number)| *number > 0);
    said.extend(rest.map(|(id, number)| view.words.say(id, &[("number", &number)])));
    if said.is_empty() { view.words.text("gaps-none").to_owned() } else { format!("{}.", said.join("; ")) }
}

/// How things stand at the end of the period.
fn now(view: &View<'_>, blocks: &mut Vec<Block>) {
    view.section("now", blocks);
    let lately = &view.summary.standing.last_days;
    let used = |id, number: i64| (number > 0).then(|| view.words.say(id, &[("number", &number)]));
    let said = [
        Some(scores(view, &lately.intensity)),
        used("week-spasms", lately.spasms),
        used("week-ice", lately.ice),
        used("week-heat", lately.heat),
        used("week-medicine", lately.medicine_days),
    ];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let seen = view.summary.standing.last_review_at.map_or_else(
        || view.words.text("never-seen").to_owned(),
        |at| view.words.say("seen-recorded", &[("time", &view.clock.minute(at))]),
    );
    let mut facts = vec![view.fact("now-episode", open_episode(view))];
    facts.extend(pattern(view).map(|pattern| view.fact("now-pain", pattern)));
    facts.push(view.fact("now-week", format!("{}.", words::sentence(&said))));
    facts.push(view.fact("now-function", function(view)));
    facts.push(view.fact("now-contact", seen));
    blocks.push(Block::Facts(facts));
}

/// The open episode, or when the last one ended.
fn open_episode(view: &View<'_>) -> String {
    let Some(open) = &view.summary.standing.open_episode else {
        return match view.summary.each_episode.last().and_then(|last| last.ended_at) {
            Some(ended) => view.words.say("none-open-since", &[("day", &view.clock.day(ended))]),
            None => view.words.text("none-open").to_owned(),
        };
    };
    let score = match (open.last_score, open.last_score_at) {
        (Some(score), Some(at)) => {
            view.words.say("last-score", &[("score", &score), ("time", &view.clock.minute(at))])
        }
        _ => view.words.text("no-score-yet").to_owned(),
    };
    let since = view.clock.minute(open.started_at);
    let location = view.words.location(open.location);
    let mut values: Vec<(&str, &dyn Display)> =
        vec![("day", &open.day), ("since", &since), ("location", &location), ("score", &score)];
    match open.trigger.as_deref().filter(|trigger| !trigger.trim().is_empty()) {
        None => view.words.say("open", &values),
        Some(trigger) => {
            let trigger = words::brief(trigger, NAME);
            values.push(("trigger", &trigger));
            view.words.say("open-after", &values)
        }
    }
}

/// What it kept the patient from. The question is no validated scale; the PEG is one.
fn function(view: &View<'_>) -> String {
    let function = &view.summary.function;
    let mut said = Vec::new();
    if let (Some(last), Some(at), Some(worst), Some(median)) =
        (function.last, function.last_at, function.worst, function.median)
    {
        said.push(view.words.say(
            "function-last",
            &[
                ("last", &last),
                ("day", &view.clock.day(at)),
                ("worst", &worst),
                ("median", &view.words.number(median)),
                ("number", &function.answers),
            ],
        ));
    }
    if let (Some(days), Some(at)) = (function.days_off, function.days_off_at) {
        said.push(view.words.say("function-days-off", &[("number", &days), ("day", &view.clock.day(at))]));
    }
    if let Some(last) = function.peg.last() {
        let score = view.words.number(last.score);
        said.push(match function.peg.first().filter(|first| first.at != last.at) {
            None => view.words.say("function-peg", &[("last", &score)]),
            Some(first) => view
                .words
                .say("function-peg-first", &[("last", &score), ("first", &view.words.number(first.score))]),
        });
    }
    if said.is_empty() {
        view.words.text("not-asked").to_owned()
    } else {
        format!("{}.", words::sentence(&said.join("; ")))
    }
}

/// Where it goes, and what eases or worsens it.
fn pattern(view: &View<'_>) -> Option<String> {
    let pattern = &view.summary.pattern;
    let below = pattern.below_knee.zip(pattern.below_knee_at).map(|(goes, at)| {
        let id = if goes { "below-knee-yes" } else { "below-knee-no" };
        view.words.say(id, &[("day", &view.clock.day(at))])
    });
    let named = |id, named: &[Named]| {
        let names: Vec<String> =
            named.iter().take(EASES).map(|one| words::brief(&one.name, EASING)).collect();
        (!names.is_empty()).then(|| view.words.say(id, &[("what", &names.join(", "))]))
    };
    let said = [
        pattern.side.map(|side| view.words.side(side).to_owned()),
        below,
        named("eased-by-what", &pattern.eases),
        named("worse-with-what", &pattern.worsens),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("{}.", words::sentence(&said.join("; "))))
}

fn scores(view: &View<'_>, intensity: &Intensity) -> String {
    match (intensity.peak, intensity.median) {
        (Some(peak), Some(median)) => view.words.say(
            "scores",
            &[("number", &intensity.scores), ("highest", &peak), ("median", &view.words.number(median))],
        ),
        _ => view.words.text("no-score").to_owned(),
    }
}

fn medicines(view: &View<'_>, blocks: &mut Vec<Block>) {
    view.section("medicines", blocks);
    let medicines = &view.summary.medicines;
    if medicines.is_empty() {
        body(view.words.text("medicines-none"), blocks);
    } else {
        blocks.push(medicine_table(view, medicines.get(..rows(view, MEDICINES)).unwrap_or(medicines)));
    }
    let more = medicines.len().saturating_sub(rows(view, MEDICINES));
    let mut facts = Vec::new();
    if more > 0 {
        facts.push(view.fact("medicines-more", view.words.say("medicines-earlier", &[("number", &more)])));
    }
    let longest = if has_many_signs(view) { FEWER_CONDITIONS } else { CONDITIONS };
    facts.push(view.fact("conditions", conditions(view, longest)));
    blocks.push(Block::Facts(facts));
}

/// A medicine by its name, or what it is where it has none.
fn medicine_name(view: &View<'_>, kind: MeasureKind, name: Option<&str>, longest: usize) -> String {
    name.map_or_else(
        || view.words.say("medicines-unnamed", &[("kind", &words::sentence(view.words.measure(kind)))]),
        |name| words::brief(name, longest),
    )
}

/// Medicines and creams.
pub(super) fn medicine_table(view: &View<'_>, medicines: &[MedicineUse]) -> Block {
    let columns = vec![
        view.column("medicines-name", 34.0),
        view.column("medicines-dose", 20.0),
        view.numbers("medicines-days", 12.0),
        view.numbers("medicines-times", 10.0),
        view.column("medicines-last", 24.0),
    ];
    let rows = medicines.iter().map(|medicine| medicine_row(view, medicine)).collect();
    view.table("medicines-summary", columns, rows)
}

fn medicine_row(view: &View<'_>, medicine: &MedicineUse) -> Row {
    let unsaid = || view.words.text("not-said").to_owned();
    row([
        medicine_name(view, medicine.kind, medicine.name.as_deref(), NAME),
        medicine.dose.as_deref().map_or_else(unsaid, |dose| words::brief(dose, 18)),
        medicine.days.to_string(),
        medicine.uses.to_string(),
        view.clock.minute(medicine.last_at),
    ])
}

/// Conditions by name. An empty list says that the patient was asked and has none.
pub(super) fn conditions(view: &View<'_>, longest: usize) -> String {
    let Some(conditions) = &view.log.profile.conditions else {
        return view.words.text("not-asked").to_owned();
    };
    if conditions.is_empty() {
        return view.words.text("conditions-none").to_owned();
    }
    let named: Vec<&str> =
        conditions.iter().take(longest).map(|condition| view.words.condition(*condition)).collect();
    let said = words::sentence(&named.join("; "));
    match conditions.len().saturating_sub(longest) {
        0 => format!("{said}."),
        more => view.words.say("conditions-more", &[("said", &said), ("number", &more)]),
    }
}

fn episodes(view: &View<'_>, blocks: &mut Vec<Block>) {
    view.section("halves", blocks);
    if let Some([first, second]) = view.summary.halves.as_deref() {
        let name = |half: &HalfPeriod| Column {
            name: view
                .words
                .say("from-to", &[("from", &view.clock.day(half.from)), ("to", &view.clock.day(half.to))]),
            weight: 36.0,
            is_numeric: true,
        };
        let columns =
            vec![Column { name: String::new(), weight: 28.0, is_numeric: false }, name(first), name(second)];
        let line = |id: &str, of: &dyn Fn(&HalfPeriod) -> String| {
            row([view.words.text(id).to_owned(), of(first), of(second)])
        };
        let rows = vec![
            line("halves-began", &|half| half.episodes.to_string()),
            line("halves-days", &|half| half.days_affected.to_string()),
            line("halves-score", &|half| match (half.intensity.median, half.intensity.peak) {
                (Some(median), Some(peak)) => format!("{} ({peak})", view.words.number(median)),
                _ => view.words.text("none").to_owned(),
            }),
        ];
        blocks.push(view.table("halves-summary", columns, rows));
    }
    body(in_all(view), blocks);
}

/// The whole period in a sentence or two.
fn in_all(view: &View<'_>) -> String {
    let (episodes, recurrence, words) = (&view.summary.episodes, &view.summary.recurrence, view.words);
    let number_of = |number: i64| words.say("episodes", &[("number", &number)]);
    let mut said = vec![
        words.say("in-all", &[("episodes", &number_of(episodes.count)), ("number", &episodes.days_affected)]),
    ];
    if let (Some(median), Some(longest)) =
        (episodes.median_duration_minutes, episodes.longest_duration_minutes)
    {
        said.push(words.say(
            "in-all-length",
            &[("median", &words.duration(median)), ("longest", &words.duration(longest))],
        ));
    }
    if let Some(interval) = episodes.median_interval_minutes {
        said.push(words.say("in-all-interval", &[("interval", &words.duration(interval))]));
    }
    let mut sentences = vec![format!("{}.", said.join("; "))];
    sentences.extend(episodes.before.as_ref().map(|before| {
        words.say(
            "in-all-before",
            &[("episodes", &number_of(before.count)), ("number", &before.days_affected)],
        )
    }));
    sentences.push(words.say("in-all-year", &[("episodes", &number_of(recurrence.within_a_year))]));
    sentences.join(" ")
}

fn intensity(view: &View<'_>, blocks: &mut Vec<Block>) {
    view.section("pain", blocks);
    if view.summary.intensity.scores == 0 {
        return body(view.words.text("pain-none"), blocks);
    }
    body(format!("{}.", words::sentence(&scores(view, &view.summary.intensity))), blocks);
    blocks.push(Block::Charts(vec![charts::overview(view)]));
}

fn tried(view: &View<'_>, blocks: &mut Vec<Block>) {
    view.section("tried", blocks);
    let treatments = &view.summary.treatments;
    if treatments.is_empty() {
        return body(view.words.text("tried-none"), blocks);
    }
    blocks.push(tried_table(view, treatments.get(..rows(view, TRIED)).unwrap_or(treatments)));
    let how = view.words.text("tried-how");
    let said = match treatments.len().saturating_sub(rows(view, TRIED)) {
        0 => how.to_owned(),
        more => view.words.say("tried-more", &[("how", &how), ("number", &more)]),
    };
    blocks.push(Block::Paragraph(Role::Note, said));
}

/// What was tried.
pub(super) fn tried_table(view: &View<'_>, treatments: &[TreatmentResponse]) -> Block {
    let columns = vec![
        view.column("tried-treatment", 26.0),
        view.numbers("tried-uses", 9.0),
        view.numbers("tried-measured", 13.0),
        view.numbers("tried-with", 16.0),
        view.numbers("tried-change", 15.0),
        view.numbers("tried-lower", 21.0),
    ];
    let rows = treatments.iter().map(|response| tried_row(view, response)).collect();
    view.table("tried-summary", columns, rows)
}

fn tried_row(view: &View<'_>, response: &TreatmentResponse) -> Row {
    let (change, lower) = match (response.median_change, response.dropped_by_two) {
        (Some(change), Some(lower)) => (view.words.signed(change), share(view, response, lower)),
        _ => (view.words.text("tried-too-few").to_owned(), String::new()),
    };
    let name = response
        .name
        .as_deref()
        .map_or_else(|| words::treatment(view.words, response.treatment), |name| words::brief(name, 24));
    let with = if response.n == 0 { String::new() } else { response.with_others.to_string() };
    row([name, response.uses.to_string(), response.n.to_string(), with, change, lower])
}

/// "12 of 30 (40 %)".
fn share(view: &View<'_>, response: &TreatmentResponse, lower: i64) -> String {
    match response.share_dropped_by_two {
        Some(share) => {
            let percent = format!("{:.0}", share * 100.0);
            view.words.say("share", &[("part", &lower), ("all", &response.n), ("percent", &percent)])
        }
        None => view.words.say("share-of-few", &[("part", &lower), ("all", &response.n)]),
    }
}
