//! The language of an answer: which one a request asks for, and how the answer says so.

use crate::{http::Problem, rules::Language};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, HeaderValue, VARY},
};
use std::future::{Ready, ready};

/// The best match of `Accept-Language`: English where the rules speak none of the languages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spoken(pub Language);

impl FromRequest for Spoken {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        ready(Ok(Self(header.and_then(best_language).unwrap_or_default())))
    }
}

impl Spoken {
    /// Says which language an answer is in, and that it depends on the one asked for.
    pub fn say(self, mut answer: HttpResponse) -> HttpResponse {
        let headers = answer.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.0.as_str()));
        headers.append(VARY, HeaderValue::from_static("Accept-Language"));
        answer
    }
}

/// The first of the most wanted languages that the rules speak (RFC 9110, 12.5.4).
fn best_language(header: &str) -> Option<Language> {
    let mut wanted: Vec<(f32, Language)> = header
        .split(',')
        .filter_map(|range| {
            let (tag, weight) =
                range.split_once(';').map_or((range, None), |(tag, weight)| (tag, Some(weight)));
            let weight = weight.and_then(|weight| weight.trim().strip_prefix("q="));
            let weight: f32 = weight.map_or(Ok(1.0), str::parse).ok()?;
            Some((weight, Language::of_tag(tag.trim())?))
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    // Stable: of two that are wanted alike the first.
    wanted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wanted.first().map(|(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_that_the_rules_speak_is_taken() {
        for (header, best) in [
            ("de", Some(Language::German)),
            ("de-AT, en;q=0.5", Some(Language::German)),
            ("fr, es;q=0.3, de;q=0.8", Some(Language::German)),
            ("es;q=0, en", Some(Language::English)),
            ("fr", None),
            ("es;q=x, *", None),
            ("", None),
        ] {
            assert_eq!(best_language(header), best, "{header}");
        }
    }
}
