-- Secret links under which a calendar reads the schedule. A revoked one is gone.
CREATE TABLE calendar_links (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    name TEXT,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_id, id)
);
