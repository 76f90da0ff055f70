//! The words of the field: codes, scores, moments, places, and how each is read from JSON and refused.

mod codes;
mod country;
mod invalid;
mod moment;
mod score;
mod zone;

pub use codes::{
    Condition, Inflammation, Location, MeasureKind, Modality, RecordKind, Side, Skin, SymptomCode,
    UnknownCode,
};
pub use country::Country;
pub use invalid::{FieldError, FieldErrors, Invalid, Place, read_str};
pub use moment::{Moment, MomentError};
pub use score::{DaysOff, PainScore, UpTo};
pub use zone::Zone;
