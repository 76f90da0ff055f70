//! How the words of the domain become columns. The domain itself knows no database.

use super::MultiBackend;
use crate::domain::{
    AccountId, AuditAction, Inflammation, Location, MeasureKind, Modality, Moment, OpeningOutcome, RecordId,
    RecordKind, Revision, SessionId, ShareKind, Skin, Text,
};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::Pg,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Text as SqlText},
    sqlite::Sqlite,
};
use std::io::Write;

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

/// An id is text in the database: readable in every shell, the same in both.
macro_rules! id_column {
    ($proxy:ident, $id:ident) => {
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive, sql_type = SqlText)]
        #[expect(dead_code, reason = "stands in for the domain's type in the derives")]
        struct $proxy($id);

        impl ToSql<SqlText, Pg> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                write!(out, "{self}")?;
                Ok(IsNull::No)
            }
        }

        impl ToSql<SqlText, Sqlite> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.to_string());
                Ok(IsNull::No)
            }
        }

        impl ToSql<SqlText, MultiBackend> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((SqlText, self));
                Ok(IsNull::No)
            }
        }

        impl<DB: Backend> FromSql<SqlText, DB> for $id
        where
            String: FromSql<SqlText, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let text = <String as FromSql<SqlText, DB>>::from_sql(bytes)?;
                Ok(uuid::Uuid::try_parse(&text)?.into())
            }
        }
    };
}

id_column!(AccountIdColumn, AccountId);
id_column!(SessionIdColumn, SessionId);
id_column!(RecordIdColumn, RecordId);

/// A code is its own text.
macro_rules! code_column {
    ($proxy:ident, $code:ident) => {
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive, sql_type = SqlText)]
        #[expect(dead_code, reason = "stands in for the domain's type in the derives")]
        struct $proxy($code);

        impl<DB: Backend> ToSql<SqlText, DB> for $code
        where
            str: ToSql<SqlText, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB: Backend> FromSql<SqlText, DB> for $code
        where
            String: FromSql<SqlText, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(<String as FromSql<SqlText, DB>>::from_sql(bytes)?.parse()?)
            }
        }
    };
}

code_column!(LocationColumn, Location);
code_column!(ModalityColumn, Modality);
code_column!(InflammationColumn, Inflammation);
code_column!(SkinColumn, Skin);
code_column!(MeasureKindColumn, MeasureKind);
code_column!(RecordKindColumn, RecordKind);
code_column!(AuditActionColumn, AuditAction);
code_column!(ShareKindColumn, ShareKind);
code_column!(OpeningOutcomeColumn, OpeningOutcome);

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
