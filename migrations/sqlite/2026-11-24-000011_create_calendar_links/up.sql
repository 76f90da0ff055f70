-- Secret links under which a calendar reads the schedule. A revoked one is gone.
CREATE TABLE calendar_links (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT,
    secret_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
