//! Every English word that a person reads. Short, calm, plain; no product, no dose, no claim beyond the source.
//!
//! A client that speaks another language translates by the codes: of the action, the rule and the notes.

mod codes;
mod evidence;
mod steps;

pub(super) use codes::{companion, location, precaution, rest_after_long_rest};
pub use codes::{condition, question, symptom, title, warning};
pub use evidence::Evidence;
pub(super) use steps::*;

use crate::domain::Moment;
use jiff::{Timestamp, tz::Offset};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// What the engine is not; goes with every answer.
pub const DISCLAIMER: &str = "This is a self-care guide, not a medical device, and no substitute for a clinician. \
    Call 999 or your local emergency number if you think it is an emergency.";

/// What a person reads when a rule decides. `{what}` and `{until}` are filled in with what decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleWords)]
pub struct Words {
    /// What to do.
    pub instruction: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// Fills in what decided.
pub(super) fn fill(
    template: &'static str,
    what: &str,
    until: Option<Timestamp>,
    now: Moment,
) -> Cow<'static, str> {
    if !template.contains('{') {
        return Cow::Borrowed(template);
    }
    let until = until.map_or_else(String::new, |until| clock(until, now));
    Cow::Owned(template.replace("{what}", what).replace("{until}", &until))
}

/// The time on the person's own clock: "10:20", "10:20 tomorrow", "10:20 on 4 March".
fn clock(at: Timestamp, now: Moment) -> String {
    let offset =
        Offset::from_seconds(i32::from(now.offset_minutes()).saturating_mul(60)).unwrap_or(Offset::UTC);
    let (today, then) = (offset.to_datetime(now.instant()), offset.to_datetime(at));
    let day = if then.date() == today.date() {
        ""
    } else if today.date().tomorrow().is_ok_and(|tomorrow| tomorrow == then.date()) {
        " tomorrow"
    } else {
        return then.strftime("%H:%M on %-d %B").to_string();
    };
    format!("{}{day}", then.strftime("%H:%M"))
}
