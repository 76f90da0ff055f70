//! A share to be made: what its owner asks for, checked and filled in.

use super::{
    link::Link,
    store::{Question, Share},
};
use crate::{
    auth::{
        Passwords,
        secret::{NoRandomness, Secret},
    },
    db::Coded,
    domain::{AccountId, FieldErrors, Invalid, Label, Moment, RecordId, ShareKind},
    http::{Code, Problem},
};
use deserr::Deserr;
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

/// How long a share may live, and how long it does unless its owner says, in seconds.
struct Life {
    shortest: i64,
    longest: i64,
    usual: i64,
}

/// Five minutes to an hour.
const VISIT: Life = Life { shortest: 300, longest: 3_600, usual: 900 };
/// An hour to thirty days.
const SENT: Life = Life { shortest: 3_600, longest: 30 * 24 * 3_600, usual: 7 * 24 * 3_600 };
/// The characters of a passcode of the owner's own.
const PASSCODE_LENGTH: std::ops::RangeInclusive<usize> = 6..=64;
/// The earliest day of birth that is taken.
const EARLIEST_BIRTH: i16 = 1900;

/// The patient's name and identity, for one share.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewShareIdentity {
    /// The name.
    #[deserr(default)]
    pub(super) name: Option<Label>,
    /// The day of birth, as `1981-05-23`.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<String>, format = Date, max_length = 10)]
    pub(super) birth_date: Option<BirthDate>,
}

/// A day of birth.
#[derive(Debug, Clone, Copy, Deserr)]
#[deserr(error = FieldErrors, try_from(&String) = BirthDate::read -> Invalid)]
pub(super) struct BirthDate(Date);

impl BirthDate {
    fn read(text: &String) -> Result<Self, Invalid> {
        let date = Date::strptime("%Y-%m-%d", text).ok().filter(|date| date.to_string() == *text);
        date.filter(|date| date.year() >= EARLIEST_BIRTH)
            .map(Self)
            .ok_or_else(|| Invalid::new("not_a_date", "Must be a date, as 1981-05-23."))
    }
}

/// A share to be made.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "label": "For the physiotherapist", "question": "Is it safe to lift again?" }))]
pub(crate) struct NewShare {
    /// Its purpose. The clinician sees it, too.
    #[deserr(default)]
    label: Option<Label>,
    /// Only what is at this time or later, and the episodes that it belongs to.
    #[deserr(default)]
    from: Option<Moment>,
    /// Only what is before this time. Without it the share goes on with the log.
    #[deserr(default)]
    to: Option<Moment>,
    /// Only this episode and what belongs to it. The share ends when the episode is deleted.
    #[deserr(default)]
    episode_id: Option<RecordId>,
    /// A question for the clinician, shown on the first page.
    #[deserr(default)]
    #[schema(required = false, max_length = 300, value_type = Option<String>)]
    question: Option<Question>,
    /// Whether the notes of the records are shown.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    notes: bool,
    /// The patient. Nothing of the account is shown in its place.
    #[deserr(default)]
    identity: Option<NewShareIdentity>,
    /// `visit`: to be scanned in the room, without a passcode, for an hour at most. `sent`: to be sent, for 30 days at
    /// most.
    #[deserr(default = ShareKind::Sent)]
    #[schema(required = false, default = "sent")]
    kind: ShareKind,
    /// How long it opens: of a visit 300 to 3,600, 900 unless given; of one that is sent 3,600 to 2,592,000, 604,800
    /// unless given.
    #[deserr(default)]
    #[schema(required = false, minimum = 300, maximum = 2_592_000)]
    expires_in_seconds: Option<i64>,
    /// `auto`: six digits, made here and shown once. `none`: the link alone opens it. Or 6 to 64 characters of
    /// your own. Unless given, `auto` for a share that is sent, and `none` for a visit, which takes no other.
    #[deserr(default)]
    #[schema(required = false, max_length = 64)]
    passcode: Option<String>,
    /// Whether the answer carries the report as a PDF whose first page has the QR code, to print and hand over.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    report_pdf: bool,
}

/// What a share asks for before it opens.
#[derive(Clone)]
enum Passcode {
    None,
    Given(String),
}

/// A share that was just made, with what is shown this once.
pub(crate) struct Made {
    pub(super) share: Share,
    pub(super) link: Link,
    /// Where it was made here, or its owner chose one.
    pub(super) passcode: Option<String>,
    /// Whether the report is asked for.
    pub(super) has_report: bool,
}

impl NewShare {
    /// Checks what is asked for, and makes a share of it.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub(super) async fn settle(
        self,
        owner: AccountId,
        passwords: &Passwords,
        now: Timestamp,
    ) -> Result<Made, Problem> {
        let seconds = self.check(now)?;
        let link = Link::random().map_err(no_randomness)?;
        let passcode = match self.chosen_passcode()? {
            Passcode::None => None,
            Passcode::Given(passcode) => Some(passcode),
        };
        let passcode_hash = match &passcode {
            Some(passcode) => Some(passwords.hash(passcode.clone().into()).await?),
            None => None,
        };
        let (secret_hash, key_salt) = link.kept();
        let expires_at = now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
        let identity = self.identity;
        let share = Share {
            account_id: owner,
            id: RecordId::new(),
            label: self.label,
            kind: Coded(self.kind),
            from_at: self.from.map(Moment::micros),
            from_offset: self.from.map(Moment::offset_minutes),
            to_at: self.to.map(Moment::micros),
            to_offset: self.to.map(Moment::offset_minutes),
            episode_id: self.episode_id,
            question: self.question,
            notes: self.notes,
            identity_name: identity.as_ref().and_then(|identity| identity.name.clone()),
            identity_birth_date: identity
                .and_then(|identity| identity.birth_date)
                .map(|date| date.0.to_string()),
            secret_hash,
            key_salt,
            passcode_hash,
            created_at: now.as_microsecond(),
            expires_at: expires_at.as_microsecond(),
            revoked_at: None,
            attempts: 0,
            wrong: 0,
            opened_count: 0,
            last_opened_at: None,
        };
        Ok(Made { share, link, passcode, has_report: self.report_pdf })
    }

    /// Returns how long the share lives, in seconds.
    fn check(&self, now: Timestamp) -> Result<i64, FieldErrors> {
        let mut errors = FieldErrors::default();
        let Life { shortest, longest, usual } = match self.kind {
            ShareKind::Visit => VISIT,
            ShareKind::Sent => SENT,
        };
        let seconds = self.expires_in_seconds.unwrap_or(usual);
        if !(shortest..=longest).contains(&seconds) {
            let detail = format!("Must be {shortest} to {longest} for this kind of share.");
            errors.push("expires_in_seconds", Invalid::new("out_of_range", detail));
        }
        if self.from.zip(self.to).is_some_and(|(from, to)| to <= from) {
            errors.push("to", Invalid::new("out_of_range", "Must be after `from`."));
        }
        let birth_date = self.identity.as_ref().and_then(|identity| identity.birth_date);
        if birth_date.is_some_and(|date| date.0 > now.to_zoned(jiff::tz::TimeZone::UTC).date()) {
            errors.push("identity/birth_date", Invalid::new("in_future", "Must not be in the future."));
        }
        if let Some(passcode) = self.passcode.as_deref()
            && !matches!(passcode, "auto" | "none")
            && !PASSCODE_LENGTH.contains(&passcode.chars().count())
        {
            let detail = "Must be auto, none, or 6 to 64 characters.";
            errors.push("passcode", Invalid::new("wrong_length", detail));
        } else if self.kind == ShareKind::Visit && !matches!(self.passcode.as_deref(), None | Some("none")) {
            let detail = "A visit is opened without a passcode: leave it out, or make a share that is sent.";
            errors.push("passcode", Invalid::new("not_with_visit", detail));
        }
        errors.into_result().map(|()| seconds)
    }

    fn chosen_passcode(&self) -> Result<Passcode, Problem> {
        Ok(match (self.passcode.as_deref(), self.kind) {
            (Some("none"), _) | (None, ShareKind::Visit) => Passcode::None,
            (Some("auto") | None, _) => Passcode::Given(six_digits().map_err(no_randomness)?),
            (Some(own), _) => Passcode::Given(own.to_owned()),
        })
    }
}

fn no_randomness(_: NoRandomness) -> Problem {
    Problem::new(Code::Internal)
}

/// Six digits, each number as likely as any other.
fn six_digits() -> Result<String, NoRandomness> {
    /// The largest multiple of a million that four bytes hold.
    const FAIR: u32 = 4_294_000_000;
    loop {
        let secret = Secret::random()?;
        let (numbers, _) = secret.as_bytes().as_chunks::<4>();
        if let Some(number) =
            numbers.iter().map(|bytes| u32::from_be_bytes(*bytes)).find(|number| *number < FAIR)
        {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}

/// The patient's name and identity, as the owner of the share reads them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareIdentity {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Label>,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date, max_length = 10)]
    pub(crate) birth_date: Option<String>,
}
