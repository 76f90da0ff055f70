//! The address that an account is found by.

use crate::domain::{FieldErrors, Invalid};
use deserr::Deserr;
use icu_normalizer::ComposingNormalizerBorrowed;
use std::fmt;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// The longest address (RFC 5321 §4.5.3.1.3, less the angle brackets).
const MAX_LENGTH: usize = 254;

/// An e-mail address. No mail is ever sent to it, so its shape alone is checked. `Debug` does not print it.
#[derive(Clone, Deserr)]
#[deserr(error = FieldErrors, try_from(String) = Email::read -> Invalid)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// When it has no such shape.
    pub fn read(text: String) -> Result<Self, Invalid> {
        let has_shape = text
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
        // One spelling: the same letters may be written with combining marks, and are the same address.
        let text = ComposingNormalizerBorrowed::new_nfc().normalize(&text).into_owned();
        let is_plain =
            !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || is_invisible(letter));
        if has_shape && is_plain && text.chars().count() <= MAX_LENGTH {
            Ok(Self(text))
        } else {
            Err(Invalid::new("not_an_email", "Must be an e-mail address of at most 254 characters."))
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared: the same person writes it with other capitals on another day.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Whether a character has no width or turns the direction of what follows: two addresses that look the same must be
/// the same.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email")
    }
}

impl PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("email".to_owned())))
            .max_length(Some(MAX_LENGTH))
            .into()
    }
}

impl ToSchema for Email {}
