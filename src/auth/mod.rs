//! Who is asking: tokens, passwords, sessions, and the one extractor that turns a token into an account.
//!
//! Invariant: [`Caller`] is the only way to an account's id.

pub mod audit;
pub mod breached;
pub mod caller;
pub mod device;
pub mod disabled;
pub mod guard;
pub mod keys;
pub mod links;
pub mod password;
pub mod personal_token;
pub mod scopes;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod token;

pub use caller::Caller;
pub use keys::Keys;
pub use password::Passwords;
pub use session::Sessions;
pub use token::Tokens;
