//! Keyset paging: newest first, by time and then by id. The order is total, and every page costs the same.

use super::{Code, Problem};
use crate::domain::{FieldErrors, Invalid, Moment, RecordId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deserr::Deserr;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::str::FromStr;
use utoipa::{IntoParams, ToSchema};

/// How a list is filtered and paged.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only records of this episode.
    #[deserr(default)]
    #[param(required = false)]
    pub episode_id: Option<RecordId>,
    /// Only records at or after this time.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub from: Option<QueryTime>,
    /// Only records before this time.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub to: Option<QueryTime>,
    /// Page size.
    #[deserr(default)]
    #[param(required = false, value_type = i64, minimum = 1, maximum = 200, default = 50)]
    pub limit: Limit,
    /// The `next_cursor` of the previous page, with the same filters.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    pub cursor: Option<String>,
}

impl ListQuery {
    /// The query of the page that begins at `cursor`.
    pub fn next(&self, cursor: &str) -> String {
        // A plus sign of an offset must be escaped; the other characters of a time, an id and a cursor stand.
        let time = |name: &str, time: Option<QueryTime>| {
            time.map(|time| format!("{name}={}&", time.0.to_string().replace('+', "%2B"))).unwrap_or_default()
        };
        let episode = self.episode_id.map(|id| format!("episode_id={id}&")).unwrap_or_default();
        let (from, to) = (time("from", self.from), time("to", self.to));
        format!("{episode}{from}{to}limit={}&cursor={cursor}", self.limit.0)
    }
}

/// A time in a query. A plus sign that nobody escaped arrives as a space.
#[derive(Debug, Clone, Copy, Deserr)]
#[deserr(error = FieldErrors, try_from(&String) = QueryTime::read -> Invalid)]
pub struct QueryTime(pub Moment);

impl QueryTime {
    #[expect(clippy::ptr_arg, reason = "the derive hands over a reference to the string itself")]
    fn read(text: &String) -> Result<Self, Invalid> {
        text.replace(' ', "+").parse().map(Self)
    }
}

/// The most items of a page.
pub const MAX_LIMIT: u8 = 200;

/// The size of a page: 1 to 200, 50 unless asked otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr)]
#[deserr(error = FieldErrors, try_from(&String) = Limit::read -> Invalid)]
pub struct Limit(pub u8);

impl Limit {
    #[expect(clippy::ptr_arg, reason = "the derive hands over a reference to the string itself")]
    fn read(text: &String) -> Result<Self, Invalid> {
        u8::from_str(text)
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .map(Self)
            .ok_or_else(|| Invalid::new("out_of_range", "Must be a whole number from 1 to 200."))
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// One page to fetch, its cursor read.
#[derive(Debug, Clone)]
pub struct Page {
    /// Only what belongs to this episode.
    pub episode_id: Option<RecordId>,
    /// From this instant on, in microseconds.
    pub from: Option<i64>,
    /// Before this instant, in microseconds.
    pub to: Option<i64>,
    /// What the page before ended with.
    pub after: Option<(i64, RecordId)>,
    /// How many items.
    pub limit: Limit,
    filters: [u8; 8],
}

impl Page {
    /// Reads the query of one collection.
    ///
    /// # Errors
    /// 400 when the cursor was made for another collection or other filters.
    pub fn read(collection: &str, query: &ListQuery) -> Result<Self, Problem> {
        let from = query.from.map(|time| time.0.micros());
        let to = query.to.map(|time| time.0.micros());
        let filters = fingerprint(collection, query.episode_id, from, to);
        let after = query.cursor.as_deref().map(|cursor| read_cursor(cursor, filters)).transpose()?;
        Ok(Self { episode_id: query.episode_id, from, to, after, limit: query.limit, filters })
    }

    /// A page of a walk from the newest record back, which needs no cursor.
    pub fn back(
        episode_id: Option<RecordId>,
        (from, to): (Option<i64>, Option<i64>),
        after: Option<(i64, RecordId)>,
    ) -> Self {
        Self { episode_id, from, to, after, limit: Limit(200), filters: [0; 8] }
    }

    /// How many rows to ask for: one more than the page has, to learn whether there is a next one.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit.0) + 1
    }

    /// Makes the page of the rows that [`rows`](Self::rows) asked for. `key` gives what a row is ordered by.
    pub fn items<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> (i64, RecordId)) -> List<T> {
        let limit = usize::from(self.limit.0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|last| self.cursor(key(last)));
        List { items: rows, next_cursor }
    }

    fn cursor(&self, (micros, id): (i64, RecordId)) -> String {
        let mut bytes = Vec::with_capacity(CURSOR_BYTES);
        bytes.extend(self.filters);
        bytes.extend(micros.to_be_bytes());
        bytes.extend(id.uuid().as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

const CURSOR_BYTES: usize = 8 + 8 + 16;

fn read_cursor(text: &str, filters: [u8; 8]) -> Result<(i64, RecordId), Problem> {
    let refused = || Problem::new(Code::InvalidCursor).detail("Start again without a cursor.");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_not_base64| refused())?;
    let (made_for, place) = bytes.split_first_chunk::<8>().ok_or_else(refused)?;
    let (micros, id) = place.split_first_chunk::<8>().ok_or_else(refused)?;
    let id = <[u8; 16]>::try_from(id).map_err(|_length| refused())?;
    if *made_for != filters {
        return Err(refused());
    }
    Ok((i64::from_be_bytes(*micros), uuid::Uuid::from_bytes(id).into()))
}

/// A short hash of what a cursor is good for.
fn fingerprint(collection: &str, episode: Option<RecordId>, from: Option<i64>, to: Option<i64>) -> [u8; 8] {
    let text = format!("{collection}|{episode:?}|{from:?}|{to:?}");
    let hash = Sha256::digest(text.as_bytes());
    hash.first_chunk::<8>().copied().unwrap_or_default()
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The page's items, newest first.
    pub items: Vec<T>,
    /// The cursor of the next page. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
