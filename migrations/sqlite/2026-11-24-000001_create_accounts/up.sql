CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- The address folded for comparison. The one unique key without an account: it is how an account is found.
    email_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    display_name TEXT,
    -- An IANA name; NULL while nobody has said.
    time_zone TEXT,
    -- ISO 3166-1 alpha-2.
    country TEXT CHECK (length(country) = 2),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A table of its own, not a column of accounts: every write of a record updates it.
CREATE TABLE revisions (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    -- The revision of the latest tombstone that is no longer kept. A device that has not read so far has missed a
    -- deletion, and starts again.
    purged_through INTEGER NOT NULL DEFAULT 0,
    -- The revision at which the database was last restored from a backup. A device that has read less may hold
    -- records that the backup lacks, and sends them again.
    restored_through INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    code_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
