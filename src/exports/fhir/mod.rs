//! FHIR R4 (4.0.1): a log as a bundle. What each record becomes, by which codes, and what is not claimed, is in
//! docs/fhir.md.
//!
//! [`write()`] walks the records and writes each as it comes: memory does not grow with the log, but for an id for
//! each episode that is not in the back. A *collection*, for programs, takes one walk. A *document*, for people,
//! begins with a composition that names every record, and so takes a second walk in front: the ids of the
//! entries are made from those of the records, so that both walks agree without anything being remembered.
//! The provenance of what the patient said names its targets, and comes in parts of a thousand for the same
//! reason.

mod advice;
mod answers;
mod around;
mod codes;
mod composition;
mod datatypes;
mod ids;
mod measures;
mod narrative;
mod records;
mod resources;
mod snapshot;
mod text;
mod vocabularies;
mod writer;

pub use advice::Advice;
pub use around::{Given, MAX_REPORT_BYTES, Report, Shared};
pub use codes::Snomed;
pub use ids::Pseudonym;
pub use snapshot::{write_part, write_shared};
pub use writer::write;

use super::{Entry, Log, Period};
use crate::{
    domain::{FieldErrors, Moment, RecordKind},
    journal::profile::Profile,
    rules::RulePackRef,
};
use deserr::Deserr;
use std::io;
use utoipa::ToSchema;
use uuid::Uuid;

/// The kind of bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserr, ToSchema)]
#[deserr(error = FieldErrors, rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
pub enum Bundle {
    /// For people: a composition with sections in plain words, and the entries that it names.
    #[default]
    Document,
    /// For programs: the entries alone.
    Collection,
}

/// Whether a bundle names the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserr, ToSchema)]
#[deserr(error = FieldErrors, rename_all = lowercase)]
#[schema(as = FhirPatient, rename_all = "lowercase")]
pub enum Named {
    /// By a pseudonym, the same in every export.
    #[default]
    Pseudonymous,
    /// By the account's display name, the year of birth, and what `identity` says.
    Named,
}

/// What the person who exports may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// What kind of bundle.
    pub bundle: Bundle,
    /// Which codes of SNOMED CT.
    pub snomed: Snomed,
    /// Whether it names the patient.
    pub patient: Named,
}

/// What is the same for all the records of a bundle.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Whose log it is.
    pub who: Pseudonym,
    /// When the log was taken.
    pub taken_at: Moment,
    /// What was asked for.
    pub period: Period,
    /// The lasting facts.
    pub profile: &'a Profile,
    /// The rules in force.
    pub rule_pack: RulePackRef,
    /// Whether there was an episode before those of this log: an open one then is a recurrence.
    pub has_earlier_episodes: bool,
    /// The next step of the open episode, if one is open and part of the log.
    pub advice: Option<Advice<'a>>,
    /// The report, if the bundle is to name it.
    pub report: Option<Report<'a>>,
    /// What the patient is to be known by.
    pub given: Given<'a>,
    /// What the patient shares by a link, if the bundle goes there.
    pub shared: Option<Shared<'a>>,
}

impl About<'_> {
    /// The id of something that there is one of in this very bundle.
    fn named(&self, name: &str) -> Uuid {
        let (from, to) = (self.period.from.map(Moment::micros), self.period.to.map(Moment::micros));
        self.who.named(&format!("{name}/{}/{from:?}/{to:?}", self.taken_at.micros()))
    }
}

/// The records of one snapshot, to be walked as often as need be.
///
/// An episode that a record names is one of them, so that every reference of the bundle leads to an entry.
pub trait Records {
    /// What a walk may fail with, writing included.
    type Error: From<io::Error>;

    /// Hands over every record of a kind, oldest first.
    ///
    /// # Errors
    /// What `take` returns, or when the records cannot be read.
    fn each(
        &mut self,
        kind: RecordKind,
        take: &mut dyn FnMut(Entry<'_>) -> io::Result<()>,
    ) -> Result<(), Self::Error>;
}

impl Records for &Log {
    type Error = io::Error;

    fn each(
        &mut self,
        kind: RecordKind,
        take: &mut dyn FnMut(Entry<'_>) -> io::Result<()>,
    ) -> Result<(), Self::Error> {
        self.of_kind(kind).into_iter().try_for_each(take)
    }
}
