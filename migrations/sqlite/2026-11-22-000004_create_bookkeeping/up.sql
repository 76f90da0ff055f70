-- What is left of a deleted record: that it was there, for devices that still have it. Two collections may
-- have records of one id, for clients choose the ids.
CREATE TABLE tombstones (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('episode', 'flare', 'application', 'pain_score', 'check_in', 'measure', 'profile')),
    revision INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    -- With the kind: ids are unique inside a collection, and a client makes them.
    PRIMARY KEY (account_id, kind, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tombstones_by_revision ON tombstones (account_id, revision);

-- What an Idempotency-Key did, so that a retried POST is answered and not done again. The record itself is
-- not copied here: erasing it must erase it everywhere.
CREATE TABLE idempotency_keys (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- Invitations belong to nobody yet.
CREATE TABLE invites (
    id TEXT NOT NULL PRIMARY KEY,
    code_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
