//! The words of the field: ids, codes, scores, moments, and how each is read from JSON and refused.
//!
//! Invariant: pure. Nothing here knows a database, a socket, the environment or what time it is.

mod codes;
mod country;
mod ids;
mod invalid;
mod moment;
mod score;
mod text;
mod zone;

pub use codes::{
    AuditAction, ChangeOp, Condition, Inflammation, Location, MeasureKind, Modality, OpeningOutcome,
    RecordKind, Scope, ShareKind, ShareState, Skin, SymptomCode, UnknownCode,
};
pub use country::Country;
pub use ids::{AccountId, RecordId, Revision, SessionId};
pub use invalid::{FieldError, FieldErrors, Invalid, Place};
pub use moment::{Moment, MomentError};
pub use score::PainScore;
pub use text::{Label, Note, Text};
pub use zone::Zone;
