//! An answer, and what a test asks of it.

use super::client::Client;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::io::{Cursor, Read};
use std::{fmt, ops::Index};

/// An answer, read to its end.
#[derive(Clone)]
pub(crate) struct Answer {
    /// What was asked, for whoever reads a failure.
    request: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The body as it came.
    pub(crate) text: String,
    /// The body as JSON; null where it is something else.
    pub(crate) body: Value,
}

/// The files of a zip with their names, one after the other: a word in a compressed file is not found.
fn unpacked(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for number in 0..zip.len() {
        let mut file = zip.by_index(number).unwrap();
        text.push_str(&file.name().unwrap());
        file.read_to_string(&mut text).unwrap();
    }
    text
}

impl Answer {
    /// Nothing when the connection broke on the way.
    pub(super) fn read(request: String, response: reqwest::blocking::Response) -> Option<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let is_zip = headers.get("content-type").is_some_and(|kind| kind == "application/zip");
        let text = if is_zip { unpacked(&response.bytes().ok()?) } else { response.text().ok()? };
        Some(Self::of(request, status, headers, text))
    }

    /// An answer of these parts.
    pub(crate) fn of(request: String, status: u16, headers: HeaderMap, text: String) -> Self {
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { request, status, headers, text, body }
    }

    /// Goes on when the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Goes on when it is this problem.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self["code"].as_str()), (status, Some(code)), "{self}");
        self
    }

    /// Goes on when it is a 422 with these errors and no others, each as its pointer and its code, in any
    /// order.
    #[track_caller]
    pub(crate) fn expect_invalid(self, errors: &[(&str, &str)]) -> Self {
        let answer = self.expect_problem(422, "invalid");
        let (mut found, mut expected) = (answer.errors("pointer"), errors.to_vec());
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{answer}");
        answer
    }

    /// Goes on when it is a 400 about this parameter and nothing else.
    #[track_caller]
    pub(crate) fn expect_bad_parameter(self, name: &str, code: &str) -> Self {
        let answer = self.expect_problem(400, "invalid_parameter");
        assert_eq!(answer.errors("parameter"), [(name, code)], "{answer}");
        answer
    }

    /// Where each error of the problem is, and its code.
    pub(crate) fn errors(&self, place: &str) -> Vec<(&str, &str)> {
        let errors = self["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors
            .iter()
            .map(|error| {
                (error[place].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default())
            })
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    #[track_caller]
    pub(crate) fn etag(&self) -> &str {
        self.header("etag").unwrap_or_else(|| panic!("no entity tag: {self}"))
    }

    #[track_caller]
    pub(crate) fn id(&self) -> &str {
        self["id"].as_str().unwrap_or_else(|| panic!("no id: {self}"))
    }

    #[track_caller]
    pub(crate) fn revision(&self) -> i64 {
        self["revision"].as_i64().unwrap_or_else(|| panic!("no revision: {self}"))
    }

    /// The items of a list or a timeline.
    #[track_caller]
    pub(crate) fn items(&self) -> &[Value] {
        self["items"].as_array().unwrap_or_else(|| panic!("no list: {self}"))
    }

    /// The client that these tokens are for.
    pub(crate) fn signed_in(self, client: &Client) -> Client {
        client.clone().signed_in(self.body)
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.body[member]
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.request, self.status, self.text)
    }
}
