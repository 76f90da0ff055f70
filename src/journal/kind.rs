//! The numbers of the kinds: part of four keys of the table of records, and so no texts.

use crate::domain::RecordKind;
use diesel::{QueryResult, result::Error::DeserializationError};

/// The number of a kind in its column.
pub(crate) fn number_of(kind: RecordKind) -> i16 {
    match kind {
        RecordKind::Episode => 1,
        RecordKind::Flare => 2,
        RecordKind::Application => 3,
        RecordKind::PainScore => 4,
        RecordKind::CheckIn => 5,
        RecordKind::Measure => 6,
        RecordKind::Profile => 7,
    }
}

/// The kind with this number.
///
/// # Errors
/// When there is none: the table's check excludes it.
pub(crate) fn kind_of(number: i16) -> QueryResult<RecordKind> {
    let mut kinds = RecordKind::ALL.iter().copied();
    kinds
        .find(|kind| number_of(*kind) == number)
        .ok_or_else(|| DeserializationError("a kind of record that does not exist".into()))
}
