//! What the service gives a record. A client may send it back as it came, so that what it read can be sent as it is.

use super::record::Meta;
use crate::{
    domain::{FieldErrors, Invalid, Moment, Revision},
    http::{Problem, extract::Object},
};
use deserr::{Deserr, IntoValue, MergeWithError, ValuePointerRef, take_cf_content};
use serde_json::Value;

/// The names of what the service gives, beside the id.
const NAMES: [&str; 2] = ["revision", "recorded_at"];

/// What a client sent of it.
#[derive(Debug, Clone, Copy, Default, Deserr)]
#[deserr(error = FieldErrors)]
pub struct Given {
    #[deserr(default)]
    revision: Option<Revision>,
    #[deserr(default)]
    recorded_at: Option<Moment>,
}

/// A record to write, with what the client sent of what the service gives.
#[derive(Debug, Clone)]
pub struct Sent<N> {
    /// The client's own members.
    pub new: N,
    /// The service's.
    pub given: Given,
}

impl<N: Deserr<FieldErrors>> Deserr<FieldErrors> for Sent<N> {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        let Object(mut members) = Object::deserialize_from_value(value, location)?;
        let given = NAMES.iter().filter_map(|name| members.remove_entry(*name)).collect();
        let given = Given::deserialize_from_value(Value::Object(given).into_value(), location);
        let new = N::deserialize_from_value(Value::Object(members).into_value(), location);
        match (new, given) {
            (Ok(new), Ok(given)) => Ok(Self { new, given }),
            (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
            (Err(errors), Err(more)) => {
                Err(take_cf_content(FieldErrors::merge(Some(errors), more, location)))
            }
        }
    }
}

/// What a write meets.
#[derive(Debug, Clone, Copy)]
pub enum Meets {
    /// No record.
    Nothing,
    /// A record that it leaves as it is.
    Same(Revision, Option<Moment>),
    /// A record that it changes.
    Other(Revision, Option<Moment>),
}

impl Meets {
    /// A record that a write leaves as it is.
    pub fn same(meta: Meta) -> Self {
        Self::Same(meta.revision, Some(meta.recorded_at))
    }

    /// A record that a write changes.
    pub fn other(meta: Meta) -> Self {
        Self::Other(meta.revision, Some(meta.recorded_at))
    }
}

impl Given {
    /// Refuses what is not as the service gave it.
    ///
    /// # Errors
    /// 422 with all of it.
    pub fn check(self, meets: Meets) -> Result<(), Problem> {
        let (is_revision, recorded_at) = match meets {
            Meets::Nothing => (self.revision.is_none(), None),
            // A repeated write has the revision that it was once made from.
            Meets::Same(current, at) => (self.revision.is_none_or(|sent| sent <= current), at),
            Meets::Other(current, at) => (self.revision.is_none_or(|sent| sent == current), at),
        };
        let is_time = self.recorded_at.is_none_or(|sent| {
            recorded_at.is_some_and(|current| milliseconds(sent) == milliseconds(current))
        });
        let mut errors = FieldErrors::default();
        for (name, is_right) in NAMES.into_iter().zip([is_revision, is_time]) {
            if !is_right {
                let detail = "The service gives this member. Leave it out, or send it as it came.";
                errors.push(name, Invalid::new("read_only", detail));
            }
        }
        errors.into_result().map_err(Problem::from)
    }
}

/// As exact as a time of JavaScript.
fn milliseconds(time: Moment) -> i64 {
    time.micros().div_euclid(1000)
}
