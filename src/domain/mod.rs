//! The words of the field: those of the engine, from its crate, and beside them ids, texts and the service's own codes.
//!
//! Invariant: pure. Nothing here knows a database, a socket, the environment or what time it is.

mod codes;
mod ids;
mod text;

pub use codes::{AuditAction, ChangeOp, OpeningOutcome, Scope, ShareKind, ShareState};
pub use ids::{AccountId, ClientId, RecordId, Revision, SessionId};
pub use spasmlog_rules::domain::{
    Condition, Country, DaysOff, FieldError, FieldErrors, Inflammation, Invalid, Location, MeasureKind,
    Modality, Moment, MomentError, PainScore, Place, RecordKind, Side, Skin, SymptomCode, UnknownCode, Zone,
};
pub use text::{Label, Note, Text};

use spasmlog_rules::domain::read_str;
