//! `spasmlog licences`: what the licences of everything in the program ask to be passed on with it.

/// The licences of this program and of all that is compiled into it. `deploy/licences/update` makes the file.
pub const TEXT: &str = include_str!("../../THIRD-PARTY-LICENCES.txt");
