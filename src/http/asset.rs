//! Answers with an entity tag of their own bytes: files that are compressed once and served as long as the service
//! runs, and JSON that changes with the time.

use super::{Code, Problem};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::header::{
        self, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding, ContentType, ETag, Encoding,
        EntityTag, IfNoneMatch, VARY,
    },
    web::Bytes,
};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{io::Write, sync::OnceLock};

/// A text, a script or a picture with its entity tag.
pub struct Asset {
    content_type: String,
    plain: Bytes,
    /// Made when somebody asks for it; the plain bytes again where it is no smaller.
    zipped: OnceLock<Bytes>,
    tag: EntityTag,
}

impl Asset {
    /// Bytes of this media type.
    pub fn new(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let plain = bytes.into();
        let tag = tag_of(&plain);
        Self { content_type: content_type.into(), plain, zipped: OnceLock::new(), tag }
    }

    /// The answer to a GET: 304 if the client has it, gzip if the client accepts it, otherwise as it is.
    /// Asked for anew each time: the next release has other bytes at the same path.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let is_known = has(request, &self.tag);
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header(ETag(self.tag.clone()))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((VARY, header::ACCEPT_ENCODING.as_str()));
        if is_known {
            return answer.finish();
        }
        let zipped = if takes_gzip(request) { self.zipped() } else { &self.plain };
        let is_smaller = zipped.len() < self.plain.len();
        // Said of the plain bytes, too: what has no coding would be compressed on its way.
        let coding = if is_smaller { ContentEncoding::Gzip } else { ContentEncoding::Identity };
        answer
            .insert_header((CONTENT_ENCODING, coding.as_str()))
            .content_type(self.content_type.as_str())
            .body(zipped.clone())
    }

    fn zipped(&self) -> &Bytes {
        self.zipped.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            let zipped = encoder.write_all(&self.plain).and_then(|()| encoder.finish());
            zipped
                .ok()
                .filter(|zipped| zipped.len() < self.plain.len())
                .map_or(self.plain.clone(), Bytes::from)
        })
    }
}

/// Answers `body` as JSON with an entity tag of its own, or 304 if the client has it.
///
/// # Errors
/// 500 when the body cannot be written as JSON.
pub fn tagged_json(request: &HttpRequest, body: &impl Serialize) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(body).map_err(|_cause| Problem::new(Code::Internal))?;
    let tag = tag_of(&bytes);
    let is_known = has(request, &tag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header(ETag(tag));
    Ok(if is_known { answer.finish() } else { answer.content_type(ContentType::json()).body(bytes) })
}

/// Half of a hash is long enough to tell two versions apart.
fn tag_of(bytes: &[u8]) -> EntityTag {
    EntityTag::new_strong(Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// Whether the client already has the version of this tag.
fn has(request: &HttpRequest, tag: &EntityTag) -> bool {
    match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        None => false,
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let accepted = request.get_header::<AcceptEncoding>();
    let known = [Encoding::gzip(), Encoding::identity()];
    accepted.and_then(|accepted| accepted.negotiate(known.iter())) == Some(Encoding::gzip())
}
