//! JSON Web Encryption in its compact form, as SMART Health Links use it: `alg: dir`, `enc: A256GCM`.

use crate::auth::secret::NoRandomness;
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{AeadInOut, Nonce},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The media type of a file in this form.
pub(super) const MEDIA_TYPE: &str = "application/jose";
/// Never compressed: a length that depends on how alike texts are would tell something of them.
const HEADER: &str = r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json"}"#;

/// Encrypts a file. The nonce is fresh each time.
pub(super) fn encrypt(key: &[u8; 32], mut file: Vec<u8>) -> Result<String, NoRandomness> {
    let mut nonce = Nonce::<Aes256Gcm>::default();
    getrandom::fill(&mut nonce).map_err(|_cause| NoRandomness)?;
    let header = URL_SAFE_NO_PAD.encode(HEADER);
    // It refuses only what is longer than 64 GiB.
    let tag = Aes256Gcm::new(key.into())
        .encrypt_inout_detached(&nonce, header.as_bytes(), file.as_mut_slice().into())
        .map_err(|_too_long| NoRandomness)?;
    let mut out = String::with_capacity(file.len() / 3 * 4 + 200);
    out.push_str(&header);
    // No key of its own is sent: the part for one is empty.
    out.push_str("..");
    URL_SAFE_NO_PAD.encode_string(nonce, &mut out);
    out.push('.');
    URL_SAFE_NO_PAD.encode_string(&file, &mut out);
    out.push('.');
    URL_SAFE_NO_PAD.encode_string(tag, &mut out);
    Ok(out)
}

/// The length of a file once it is encrypted, in characters.
pub(super) fn length(file: usize) -> usize {
    let encoded = |bytes: usize| bytes.saturating_mul(4).div_ceil(3);
    // Four dots, the nonce of 12 bytes and the tag of 16.
    [HEADER.len(), 12, file, 16].map(encoded).iter().fold(4, |sum: usize, part| sum.saturating_add(*part))
}
