-- A deleted record, for devices that still have it.
CREATE TABLE tombstones (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    -- As in records.
    kind SMALLINT NOT NULL CHECK (kind > 0),
    revision BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX tombstones_by_revision ON tombstones (account_id, revision);

-- What an Idempotency-Key did, so that a retried POST is answered and not done again. The record itself is
-- not copied here: erasing it must erase it everywhere.
CREATE TABLE idempotency_keys (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record_id BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Invitations belong to nobody yet.
CREATE TABLE invites (
    id BYTEA NOT NULL PRIMARY KEY,
    code_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
