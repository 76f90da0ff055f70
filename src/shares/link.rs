//! A share's link: the secret in its address, the key that it carries, and how both are written.
//!
//! The key never reaches the disk. It is derived from the secret, which every request brings, and a salt, which only
//! the database has: neither a copy of the database nor a log with addresses in it opens anything.

use crate::{
    auth::secret::{NoRandomness, Secret},
    exports::report::QrPicture,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use qrcode::{Color, EcLevel, QrCode, render::svg};
use serde::Serialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The path under which a link's secret stands. Short: the whole address has to fit into 128 characters.
const PATH: &str = "/shl/";
/// How long a location lives. The standard allows an hour.
const LOCATION_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// What the derived values are for, so that none can stand for another.
const CONTENT: &[u8] = b"spasmlog share content";
const LOCATION: &[u8] = b"spasmlog share location";

/// The secret of a link, with the salt of its row.
pub(super) struct Link {
    secret: Secret,
    salt: Secret,
}

/// What a SMART Health Link says, in the order of its specification.
#[derive(Serialize)]
struct Payload<'a> {
    url: &'a str,
    key: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    v: u8,
}

/// How a client opens a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    /// With a passcode, by a manifest.
    Passcode,
    /// With one GET, without a manifest.
    Direct,
}

impl Flag {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Passcode => "P",
            Self::Direct => "U",
        }
    }
}

impl Link {
    /// A new link.
    pub(super) fn random() -> Result<Self, NoRandomness> {
        Ok(Self { secret: Secret::random()?, salt: Secret::random()? })
    }

    /// The link of this secret, whose row has this salt.
    pub(super) fn new(secret: Secret, salt: &str) -> Option<Self> {
        Some(Self { secret, salt: read_secret(salt)? })
    }

    /// What the row keeps: the hash of the secret, and the salt.
    pub(super) fn kept(&self) -> (String, String) {
        (self.secret.hash(), URL_SAFE_NO_PAD.encode(self.salt.as_bytes()))
    }

    /// The key that encrypts what the link answers.
    pub(super) fn key(&self) -> [u8; 32] {
        self.derive(CONTENT, &[])
    }

    /// The address of the manifest, or of the file itself.
    pub(super) fn url(&self, base: &str) -> String {
        format!("{base}{PATH}{}", URL_SAFE_NO_PAD.encode(self.secret.as_bytes()))
    }

    /// The link as clients of the standard take it: `shlink:/…`.
    pub(super) fn shlink(
        &self,
        base: &str,
        expires_at: Timestamp,
        flag: Option<Flag>,
        label: Option<&str>,
    ) -> serde_json::Result<String> {
        let payload = Payload {
            url: &self.url(base),
            key: &URL_SAFE_NO_PAD.encode(self.key()),
            exp: expires_at.as_second(),
            flag: flag.map(Flag::as_str),
            label,
            v: 1,
        };
        Ok(format!("shlink:/{}", URL_SAFE_NO_PAD.encode(serde_json::to_vec(&payload)?)))
    }

    /// An address that answers the file for half an hour, without a token.
    pub(super) fn location(&self, base: &str, now: Timestamp) -> String {
        let until = now.as_second().saturating_add(LOCATION_LIFE.as_secs());
        let mut ticket = until.to_be_bytes().to_vec();
        ticket.extend(self.derive(LOCATION, &until.to_be_bytes()));
        format!("{}/files/{}", self.url(base), URL_SAFE_NO_PAD.encode(ticket))
    }

    /// Whether a location's ticket was made for this link, and still holds.
    pub(super) fn admits(&self, ticket: &str, now: Timestamp) -> bool {
        let Ok(ticket) = URL_SAFE_NO_PAD.decode(ticket) else { return false };
        let Some((until, mark)) = ticket.split_first_chunk::<8>() else { return false };
        let is_ours: bool = self.derive(LOCATION, until).as_slice().ct_eq(mark).into();
        is_ours && now.as_second() < i64::from_be_bytes(*until)
    }

    fn derive(&self, purpose: &[u8], about: &[u8]) -> [u8; 32] {
        // A key of any length is taken; the type of the error has no other way to say so.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.salt.as_bytes()) else { return [0; 32] };
        mac.update(purpose);
        mac.update(self.secret.as_bytes());
        mac.update(about);
        mac.finalize().into_bytes().into()
    }
}

/// Reads the secret of a path, or a salt.
pub(super) fn read_secret(text: &str) -> Option<Secret> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    <[u8; 32]>::try_from(bytes).ok().map(Secret::from)
}

/// The address of the page that shows a link to a person. What stands after `#` stays in the browser.
pub(super) fn page(base: &str, shlink: &str) -> String {
    format!("{base}/view#{shlink}")
}

/// A QR code of this text; `None` when the text is too long for one.
fn qr(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::M).ok()
}

/// A QR code of this text as a picture in SVG; `None` when the text is too long for one.
pub(super) fn qr_svg(text: &str) -> Option<String> {
    Some(qr(text)?.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build())
}

/// The same for the report.
pub(super) fn qr_picture(text: &str, name: String, caption: String) -> Option<QrPicture> {
    let code = qr(text)?;
    let width = u16::try_from(code.width()).ok()?;
    let places = (0..width).flat_map(|row| (0..width).map(move |column| (column, row)));
    let dark = places.zip(code.to_colors()).filter(|(_, colour)| *colour == Color::Dark);
    Some(QrPicture { name, width, dark: dark.map(|(place, _)| place).collect(), caption })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link::random().unwrap()
    }

    #[test]
    fn a_link_is_the_same_again_from_what_its_request_brings_and_its_row_keeps() {
        let made = link();
        let (hash, salt) = made.kept();
        let url = made.url("https://log.example.org");
        let secret = read_secret(url.rsplit('/').next().unwrap()).unwrap();
        assert_eq!(secret.hash(), hash);
        let again = Link::new(secret, &salt).unwrap();
        assert_eq!(again.key(), made.key());
        assert_eq!(again.url("https://log.example.org"), url);
    }

    #[test]
    fn the_address_and_the_key_are_different_secrets() {
        let made = link();
        let url = made.url("");
        let other =
            Link::new(read_secret(url.rsplit('/').next().unwrap()).unwrap(), &link().kept().1).unwrap();
        assert_ne!(made.key(), other.key(), "whoever has the address alone must not have the key");
    }

    #[test]
    fn a_location_opens_its_own_link_for_half_an_hour() {
        let now = Timestamp::UNIX_EPOCH;
        let (made, other) = (link(), link());
        let location = made.location("", now);
        let ticket = location.rsplit('/').next().unwrap();
        let later = |minutes| now + SignedDuration::from_mins(minutes);
        assert!(made.admits(ticket, later(29)) && !made.admits(ticket, later(30)));
        assert!(!other.admits(ticket, now));
        for place in 0..ticket.len() {
            let mut wrong = ticket.to_owned();
            let flipped = if wrong.remove(place) == 'A' { 'B' } else { 'A' };
            wrong.insert(place, flipped);
            assert!(wrong == ticket || !made.admits(&wrong, now), "{place}");
        }
        assert!(!made.admits("", now));
    }
}
