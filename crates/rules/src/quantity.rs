//! Numbers that carry their unit in their type.

use jiff::SignedDuration;
use serde::Serialize;

/// A number with a unit.
pub trait Quantity: Copy {
    /// The unit, as the rule pack prints it.
    const UNIT: &'static str;
    /// The number alone.
    fn number(self) -> i64;
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $unit:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
            pub struct $name(pub $inner);

            impl Quantity for $name {
                const UNIT: &'static str = $unit;

                fn number(self) -> i64 {
                    i64::from(self.0)
                }
            }
        )+
    };
}

quantities! {
    /// Minutes.
    Minutes(u32) = "minutes";
    /// Hours that passed, whatever the clock on the wall did.
    Hours(u32) = "hours";
    /// Days of 24 hours.
    Days(u32) = "days";
    /// Whole years of age.
    Years(u8) = "years";
    /// Points of the 0-10 pain scale.
    Points(u8) = "points of 10";
    /// A count.
    Times(u32) = "times";
    /// An hour on the person's own clock, 0 to 23.
    HourOfDay(i8) = "o'clock";
}

impl Minutes {
    /// As a length of time.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_mins(self.number())
    }
}

impl Hours {
    /// As a length of time.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(self.number())
    }
}

impl Days {
    /// As a length of time.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(self.number().saturating_mul(24))
    }
}
