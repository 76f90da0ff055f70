//! `spasmlog demo`: a throw-away account with a year of log, the same every time, ending today.

use crate::{
    account::register,
    auth::Passwords,
    db::{Db, Pool},
    domain::{AccountId, FieldErrors},
    http::{Code, Preconditions, Problem, extract},
    journal::{
        applications::Application,
        check_ins::CheckIn,
        episodes::Episode,
        flares::Flare,
        given::Sent,
        measures::Measure,
        pain_scores::PainScore,
        profile,
        quota::Quota,
        record::{Record, Stored, WriteContext},
        write,
    },
    shares,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The address of the account.
pub const EMAIL: &str = "demo@example.org";
/// Its password: the server is throw-away, listens on this machine alone, and holds nobody's record.
pub const PASSWORD: &str = "only for looking round";

/// Makes the account and writes its year. Returns whose it is.
///
/// # Errors
/// When the database refuses, which it does when the account is already there.
pub async fn seed(pool: &Pool, password_hash: String, now: Timestamp) -> Result<AccountId, Problem> {
    pool.write(move |db| {
        let account = read(json!({
            "email": EMAIL, "password": PASSWORD, "display_name": "Demo", "time_zone": "Europe/London",
        }))?;
        let owner = register::insert(db, &account, &password_hash, now)?.id;
        Year { db, owner, now, random: fastrand::Rng::with_seed(5) }.write()?;
        Ok(owner)
    })
    .await
}

/// A link for a clinician, with its passcode.
pub struct DemoShare {
    /// The address to open.
    pub url: String,
    /// What it asks for.
    pub passcode: String,
}

/// Makes a share of the year, on the server whose address begins so.
///
/// # Errors
/// When the database refuses.
pub async fn share(
    pool: &Pool,
    passwords: &Passwords,
    owner: AccountId,
    base: &str,
    now: Timestamp,
) -> Result<DemoShare, Problem> {
    let new = read(json!({
        "label": "For the physiotherapist",
        "question": "Is it safe to lift again?",
        "identity": { "name": "Demo Person", "birth_date": "1981-05-23" },
    }))?;
    let made = shares::make(pool, passwords, owner, new, base, now).await?;
    Ok(DemoShare { url: made.url, passcode: made.passcode.unwrap_or_default() })
}

/// One episode of the year.
struct Plot {
    /// How many days ago it began.
    days_ago: i64,
    /// How many hours it lasted; `None` while it is open.
    hours: Option<i64>,
    /// The first score.
    peak: i64,
    trigger: &'static str,
    /// After how many hours a further spasm came.
    flare_after: Option<i64>,
    /// Whether it ends in the clinic.
    is_reviewed: bool,
}

const PLOTS: &[Plot] = &[
    Plot {
        days_ago: 341,
        hours: Some(96),
        peak: 7,
        trigger: "Lifted a box",
        flare_after: None,
        is_reviewed: false,
    },
    Plot {
        days_ago: 262,
        hours: Some(150),
        peak: 8,
        trigger: "Long drive",
        flare_after: Some(41),
        is_reviewed: false,
    },
    Plot {
        days_ago: 190,
        hours: Some(74),
        peak: 6,
        trigger: "Gardening",
        flare_after: None,
        is_reviewed: false,
    },
    Plot {
        days_ago: 118,
        hours: Some(390),
        peak: 8,
        trigger: "Slipped on ice",
        flare_after: Some(70),
        is_reviewed: true,
    },
    Plot {
        days_ago: 47,
        hours: Some(88),
        peak: 6,
        trigger: "Moved a sofa",
        flare_after: None,
        is_reviewed: false,
    },
    Plot {
        days_ago: 1,
        hours: None,
        peak: 7,
        trigger: "Bent to tie a shoe",
        flare_after: None,
        is_reviewed: false,
    },
];

/// The writing of one year.
struct Year<'a> {
    db: &'a mut Db,
    owner: AccountId,
    now: Timestamp,
    random: fastrand::Rng,
}

impl Year<'_> {
    fn write(mut self) -> Result<(), Problem> {
        let about = read(json!({ "birth_year": 1981, "conditions": [], "achy_between_episodes": true }))?;
        let writing = self.writing(self.ago(360 * 24 * 60));
        profile::put(self.db, writing, &about, &Preconditions::default())?;
        for plot in PLOTS {
            self.ache_before(plot)?;
            self.episode(plot)?;
        }
        Ok(())
    }

    /// A few scores between two episodes.
    fn ache_before(&mut self, plot: &Plot) -> Result<(), Problem> {
        for days in [21, 12, 5] {
            let minutes = self.random.i64(0..300);
            let at = self.ago((plot.days_ago + days) * 24 * 60 + minutes);
            let score = self.random.u8(1..3);
            self.add::<PainScore>(at, json!({ "at": at, "score": score }))?;
        }
        Ok(())
    }

    fn episode(&mut self, plot: &Plot) -> Result<(), Problem> {
        let start = self.ago(plot.days_ago * 24 * 60 + 6 * 60);
        let began = json!({ "started_at": start, "trigger": plot.trigger });
        let episode = self.add::<Episode>(after(start, 4)?, began)?;
        let hours_so_far = self.now.duration_since(start).as_hours();
        let hours = plot.hours.unwrap_or(hours_so_far);
        if let Some(flare) = plot.flare_after {
            let at = after(start, flare * 60)?;
            self.add::<Flare>(at, json!({ "at": at, "trigger": "Turned in bed" }))?;
        }
        for hour in (1..hours).step_by(6) {
            self.quarter_day(plot, start, hour, hours)?;
        }
        if plot.is_reviewed {
            let at = after(start, 15 * 24 * 60)?;
            let end = after(at, 20)?;
            let review = json!({ "kind": "clinician_review", "started_at": at, "ended_at": end,
                "note": "Strain. Keep moving, stretches twice a day." });
            self.add::<Measure>(end, review)?;
        }
        if plot.hours.is_some() {
            let end = after(start, hours * 60)?;
            let end_it = read::<crate::http::Patch<_>>(json!({ "ended_at": end }))?;
            write::patch::<Episode>(
                self.db,
                self.writing(end),
                episode.meta().id,
                &end_it,
                &Preconditions::default(),
            )?;
        }
        Ok(())
    }

    /// Six hours of an episode: a score, ice or heat by day, sleep by night, questions answered once a day.
    fn quarter_day(&mut self, plot: &Plot, start: Timestamp, hour: i64, hours: i64) -> Result<(), Problem> {
        let at = after(start, hour * 60 + self.random.i64(0..40))?;
        let left = plot.peak * (hours.max(60) - hour) / hours.max(60);
        let score = (left + self.random.i64(-1..2)).clamp(0, 10);
        self.add_if_past::<PainScore>(at, json!({ "at": at, "score": score }))?;
        match hour % 24 {
            1 => self.answers(at, hour)?,
            13 => {
                let sleep =
                    json!({ "kind": "sleep", "started_at": after(at, 60)?, "ended_at": after(at, 8 * 60)? });
                return self.add_if_past::<Measure>(after(at, 8 * 60)?, sleep);
            }
            19 => {
                let medicine =
                    json!({ "kind": "medication", "started_at": at, "ended_at": at, "name": "Ibuprofen" });
                self.add_if_past::<Measure>(at, medicine)?;
            }
            _ => {}
        }
        let modality = if hour < 60 { "ice" } else { "heat" };
        for round in 0..(if modality == "ice" { 2 } else { 1 }) {
            let on = after(at, 10 + round * 40)?;
            let off = after(on, 18 + self.random.i64(0..3))?;
            let barrier = self.random.u8(0..10) > 0;
            let application =
                json!({ "modality": modality, "started_at": on, "ended_at": off, "barrier": barrier });
            self.add_if_past::<Application>(off, application)?;
            // Two times of three the person says what it came to.
            if self.random.u8(0..3) > 0 {
                let relieved = (score - self.random.i64(0..=3)).max(0);
                let later = after(on, 35)?;
                self.add_if_past::<PainScore>(later, json!({ "at": later, "score": relieved }))?;
            }
        }
        Ok(())
    }

    fn answers(&mut self, at: Timestamp, hour: i64) -> Result<(), Problem> {
        let inflammation = match hour {
            ..40 => "present",
            40..90 => "reduced",
            _ => "none",
        };
        let asked = ["saddle_numbness", "bladder_change", "leg_weakness_progressive", "fever"];
        let symptoms: Vec<Value> =
            asked.iter().map(|code| json!({ "code": code, "present": false })).collect();
        let answers =
            json!({ "at": at, "inflammation": inflammation, "skin": "normal", "symptoms": symptoms });
        self.add_if_past::<CheckIn>(at, answers)
    }

    /// Adds a record unless its time is still to come.
    fn add_if_past<R: Stored>(&mut self, at: Timestamp, new: Value) -> Result<(), Problem>
    where
        R::New: deserr::Deserr<FieldErrors>,
    {
        if at < self.now { self.add::<R>(at, new).map(drop) } else { Ok(()) }
    }

    fn add<R: Stored>(&mut self, at: Timestamp, new: Value) -> Result<R, Problem> {
        let writing = self.writing(at);
        let written =
            write::create::<R>(self.db, writing, &read::<Sent<_>>(new)?, None, &Preconditions::default())?;
        Ok(written.record)
    }

    fn writing(&self, now: Timestamp) -> WriteContext {
        WriteContext { owner: self.owner, now, quota: Quota::default() }
    }

    fn ago(&self, minutes: i64) -> Timestamp {
        self.now.saturating_sub(SignedDuration::from_mins(minutes)).unwrap_or(self.now)
    }
}

fn after(time: Timestamp, minutes: i64) -> Result<Timestamp, Problem> {
    time.checked_add(SignedDuration::from_mins(minutes)).map_err(|_range| Problem::new(Code::Internal))
}

fn read<T: deserr::Deserr<FieldErrors>>(value: Value) -> Result<T, Problem> {
    Ok(extract::read(value)?)
}
