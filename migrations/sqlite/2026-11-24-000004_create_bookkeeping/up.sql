-- A deleted record, for devices that still have it.
CREATE TABLE tombstones (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    -- As in records.
    kind INTEGER NOT NULL CHECK (kind > 0),
    revision INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tombstones_by_revision ON tombstones (account_id, revision);

-- What an Idempotency-Key did, so that a retried POST is answered and not done again. The record itself is
-- not copied here: erasing it must erase it everywhere.
CREATE TABLE idempotency_keys (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- Invitations belong to nobody yet.
CREATE TABLE invites (
    id BLOB NOT NULL PRIMARY KEY,
    code_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
