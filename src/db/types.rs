//! How the words of the domain become columns. The domain itself knows no database.

use crate::domain::{
    AccountId, AuditAction, ClientId, Country, Inflammation, Location, MeasureKind, Modality, Moment,
    OpeningOutcome, RecordId, Revision, SessionId, ShareKind, Side, Skin, Text,
};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::{BigInt, Binary, Text as SqlText},
};
use std::str::FromStr;

/// A moment as two columns, read back.
///
/// # Errors
/// When they are no moment: the table's checks make that impossible.
pub fn moment(micros: i64, offset_minutes: i16) -> diesel::QueryResult<Moment> {
    Moment::from_parts(micros, offset_minutes)
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}

/// A moment that may be missing, as two columns, read back.
///
/// # Errors
/// When they are no moment.
pub fn optional_moment(
    micros: Option<i64>,
    offset_minutes: Option<i16>,
) -> diesel::QueryResult<Option<Moment>> {
    micros.zip(offset_minutes).map(|(micros, offset)| moment(micros, offset)).transpose()
}

/// An id is its 16 bytes.
macro_rules! id_column {
    ($proxy:ident, $id:ident) => {
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive, sql_type = Binary)]
        #[expect(dead_code, reason = "stands in for the domain's type in the derives")]
        struct $proxy($id);

        impl<DB: Backend> ToSql<Binary, DB> for $id
        where
            [u8]: ToSql<Binary, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_bytes().as_slice().to_sql(out)
            }
        }

        impl<DB: Backend> FromSql<Binary, DB> for $id
        where
            Vec<u8>: FromSql<Binary, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, DB>>::from_sql(bytes)?;
                Ok(uuid::Uuid::from_slice(&bytes)?.into())
            }
        }
    };
}

id_column!(AccountIdColumn, AccountId);
id_column!(SessionIdColumn, SessionId);
id_column!(ClientIdColumn, ClientId);
id_column!(RecordIdColumn, RecordId);

/// A word of the domain that a text column keeps.
pub trait Word: FromStr<Err: std::error::Error + Send + Sync + 'static> {
    /// The text of the column.
    fn text(&self) -> &str;
}

macro_rules! words {
    ($($word:ident),+ $(,)?) => {
        $(impl Word for $word {
            fn text(&self) -> &str {
                self.as_str()
            }
        })+
    };
}

words!(
    AuditAction,
    Country,
    Inflammation,
    Location,
    MeasureKind,
    Modality,
    OpeningOutcome,
    ShareKind,
    Side,
    Skin
);

/// A word as a column. A type of this crate, since the words of the domain know no database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = SqlText)]
pub struct Coded<W: Word>(pub W);

impl<W: Word + std::fmt::Debug, DB: Backend> ToSql<SqlText, DB> for Coded<W>
where
    str: ToSql<SqlText, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.text().to_sql(out)
    }
}

impl<W: Word, DB: Backend> FromSql<SqlText, DB> for Coded<W>
where
    String: FromSql<SqlText, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(<String as FromSql<SqlText, DB>>::from_sql(bytes)?.parse()?))
    }
}

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive, sql_type = BigInt)]
#[expect(dead_code, reason = "stands in for the domain's type in the derives")]
struct RevisionColumn(Revision);

impl<DB: Backend> ToSql<BigInt, DB> for Revision
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Revision
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(i64::from_sql(bytes)?))
    }
}

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive, sql_type = SqlText)]
#[expect(dead_code, reason = "stands in for the domain's type in the derives")]
struct TextColumn<const MAX: usize>(Text<MAX>);

impl<const MAX: usize, DB: Backend> ToSql<SqlText, DB> for Text<MAX>
where
    str: ToSql<SqlText, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}

impl<const MAX: usize, DB: Backend> FromSql<SqlText, DB> for Text<MAX>
where
    String: FromSql<SqlText, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(<String as FromSql<SqlText, DB>>::from_sql(bytes)?.parse()?)
    }
}
