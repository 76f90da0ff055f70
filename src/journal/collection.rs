//! The six operations of a collection, written once: their routes, their handlers, and how the document describes
//! them.

/// Makes the six operations of a collection: their handlers, and how the document describes them.
macro_rules! collection {
    (
        $Kind:ident, $New:ident, $Patch:ident at $path:literal, $item:literal;
        $list:ident, $create:ident, $get:ident, $put:ident, $update:ident, $delete:ident;
        tag: $tag:literal, a: $a:literal, plural: $plural:literal, patch: $patch:tt,
        conflict: $conflict:literal $(, patch_conflict: $patch_conflict:literal)? $(,)?
    ) => {
        /// A merge patch of it.
        pub type $Patch = $crate::http::Patch<$New>;

        /// The operations of this collection.
        pub fn routes() -> Vec<$crate::http::Route> {
            $crate::http::routes::routes![
                $list: Scope(LogRead),
                $create: Scope(LogWrite),
                $get: Scope(LogRead),
                $put: Scope(LogWrite),
                $update: Scope(LogWrite),
                $delete: Scope(LogWrite),
            ]
        }

        #[utoipa::path(
            get, path = $path, tag = $tag,
            summary = concat!("List ", $plural),
            description = "Newest first, by the time at which they happened. The ETag changes whenever anything in \
                the log changes.",
            params($crate::http::paging::ListQuery, $crate::http::conditional::IfNoneMatch),
            responses(
                (status = 200, description = "A page of the list.", body = $crate::http::paging::List<$Kind>),
                (status = 304, description = "The log has not changed."),
                $crate::http::Problems,
            ),
        )]
        async fn $list(
            journal: $crate::journal::Journal,
            query: $crate::http::Query<$crate::http::paging::ListQuery>,
            preconditions: $crate::http::Preconditions,
        ) -> Result<actix_web::HttpResponse, $crate::http::Problem> {
            journal.list::<$Kind>(query.0, preconditions).await
        }

        #[utoipa::path(
            post, path = $path, tag = $tag,
            summary = concat!("Record ", $a),
            description = "The response includes the recommended next step. A retry with the same `id` or the same \
                `Idempotency-Key` does not record it twice.",
            params($crate::http::idempotency::IdempotencyHeader, $crate::http::prefer::Prefer),
            request_body = $New,
            responses(
                (status = 201, description = "The record, and what to do next.", body = $crate::journal::handlers::Saved<$Kind>),
                (status = 200, description = "The record already exists and is identical.", body = $crate::journal::handlers::Saved<$Kind>),
                (status = 204, description = "Done, with `Prefer: return=minimal`."),
                (status = 409, description = $conflict),
                $crate::http::Problems,
            ),
        )]
        async fn $create(
            journal: $crate::journal::Journal,
            body: $crate::http::Body<$crate::journal::given::Sent<$New>>,
            preconditions: $crate::http::Preconditions,
        ) -> Result<actix_web::HttpResponse, $crate::http::Problem> {
            journal.create::<$Kind>(body, preconditions).await
        }

        #[utoipa::path(
            get, path = $item, tag = $tag,
            summary = concat!("Get ", $a),
            description = "With `If-None-Match`, the response is 304 while the record has not changed.",
            params(("id" = $crate::domain::RecordId, Path, description = "The record's id."), $crate::http::conditional::IfNoneMatch),
            responses(
                (status = 200, description = "The record.", body = $Kind),
                (status = 304, description = "The record has not changed."),
                $crate::http::Problems,
            ),
        )]
        async fn $get(
            journal: $crate::journal::Journal,
            id: $crate::http::PathId,
            preconditions: $crate::http::Preconditions,
        ) -> Result<actix_web::HttpResponse, $crate::http::Problem> {
            journal.get::<$Kind>(id.0, preconditions).await
        }

        #[utoipa::path(
            put, path = $item, tag = $tag,
            summary = concat!("Create or replace ", $a),
            description = "Creates the record under an id that the client chose. Idempotent. To replace a different \
                record, send `If-Match` with its current ETag.",
            params(("id" = $crate::domain::RecordId, Path, description = "The record's id."), $crate::http::conditional::IfMatch, $crate::http::prefer::Prefer),
            request_body = $New,
            responses(
                (status = 201, description = "The record was created.", body = $crate::journal::handlers::Saved<$Kind>),
                (status = 200, description = "The record was replaced, or is identical.", body = $crate::journal::handlers::Saved<$Kind>),
                (status = 204, description = "Done, with `Prefer: return=minimal`."),
                (status = 409, description = $conflict),
                $crate::http::Problems,
            ),
        )]
        async fn $put(
            journal: $crate::journal::Journal,
            id: $crate::http::PathId,
            body: $crate::http::Body<$crate::journal::given::Sent<$New>>,
            preconditions: $crate::http::Preconditions,
        ) -> Result<actix_web::HttpResponse, $crate::http::Problem> {
            journal.put::<$Kind>(id.0, body, preconditions).await
        }

        #[utoipa::path(
            patch, path = $item, tag = $tag,
            summary = concat!("Update ", $a),
            description = "A JSON merge patch: an absent member stays, `null` removes an optional member, a value \
                replaces.",
            params(("id" = $crate::domain::RecordId, Path, description = "The record's id."), $crate::http::conditional::IfMatch, $crate::http::prefer::Prefer),
            request_body(content = $Patch, content_type = "application/merge-patch+json", example = json!($patch)),
            responses(
                (status = 200, description = "The updated record.", body = $crate::journal::handlers::Saved<$Kind>),
                (status = 204, description = "Done, with `Prefer: return=minimal`."),
                $((status = 409, description = $patch_conflict),)?
                $crate::http::Problems,
            ),
        )]
        async fn $update(
            journal: $crate::journal::Journal,
            id: $crate::http::PathId,
            body: $crate::http::Body<$Patch>,
            preconditions: $crate::http::Preconditions,
        ) -> Result<actix_web::HttpResponse, $crate::http::Problem> {
            journal.update::<$Kind>(id.0, body, preconditions).await
        }

        #[utoipa::path(
            delete, path = $item, tag = $tag,
            summary = concat!("Delete ", $a),
            description = "Erases the content. The id is kept for 180 days, so that the account's other devices \
                learn of the deletion. Idempotent.",
            params(("id" = $crate::domain::RecordId, Path, description = "The record's id."), $crate::http::conditional::IfMatch, $crate::http::prefer::Prefer),
            responses(
                (status = 200, description = "The record is deleted, and what to do next.", body = $crate::journal::handlers::Deleted),
                (status = 204, description = "Done, with `Prefer: return=minimal`."),
                $crate::http::Problems,
            ),
        )]
        async fn $delete(
            journal: $crate::journal::Journal,
            id: $crate::http::PathId,
            preconditions: $crate::http::Preconditions,
        ) -> Result<actix_web::HttpResponse, $crate::http::Problem> {
            journal.delete::<$Kind>(id.0, preconditions).await
        }
    };
}
pub(super) use collection;
