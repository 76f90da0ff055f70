//! What the engine answers to facts, one JSON document a line: for whoever carries the rules elsewhere and compares.
//!
//! `answers pack [LANGUAGE]` writes the pack. `answers [LANGUAGE]` reads facts as `POST /v1/rules/evaluate` takes them
//! and writes `{"step", "alarms"}` for each line.

use serde_json::{Value, json};
use spasmlog_rules::{
    Evaluation, Facts, Language, Protocol, advise, domain::FieldErrors, domain::Moment, pack, schedule,
};
use std::{
    env,
    error::Error,
    io::{BufRead, Write, stdin, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1).peekable();
    let wants_pack = words.next_if(|word| word == "pack").is_some();
    let language = words.next().and_then(|tag| Language::of_tag(&tag)).unwrap_or(Language::English);
    let protocol = Protocol::default();
    let mut out = stdout().lock();
    if wants_pack {
        writeln!(out, "{}", serde_json::to_string(&pack(&protocol, language))?)?;
        return Ok(());
    }
    for line in stdin().lock().lines() {
        let given: Value = serde_json::from_str(&line?)?;
        let asked: Evaluation =
            deserr::deserialize::<_, _, FieldErrors>(given).map_err(|errors| format!("{errors:?}"))?;
        let (facts, now): (Facts, Moment) = asked.into();
        let step = advise(&facts, &protocol, now).in_words(language);
        let alarms = schedule(&facts, &protocol, now, language);
        writeln!(out, "{}", json!({ "step": step, "alarms": alarms }))?;
    }
    Ok(())
}
