-- Links under which a clinician reads a part of the log. The link's secret is kept as a hash, and the key that
-- encrypts what it answers is kept nowhere: it is derived from the secret, which every request brings, and the salt.
CREATE TABLE shares (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    label TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'sent')),
    from_at BIGINT,
    from_offset SMALLINT,
    to_at BIGINT,
    to_offset SMALLINT,
    -- No foreign key: a deleted episode ends the share, and its owner still sees who opened it.
    episode_id BYTEA,
    question TEXT,
    notes BOOLEAN NOT NULL,
    identity_name TEXT,
    identity_birth_date TEXT,
    secret_hash TEXT NOT NULL,
    key_salt TEXT NOT NULL,
    passcode_hash TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    -- Passcodes that were given, less those that were right: counted before they are judged.
    attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND 10),
    -- Passcodes that were judged wrong.
    wrong BIGINT NOT NULL CHECK (wrong BETWEEN 0 AND 10),
    opened_count BIGINT NOT NULL,
    last_opened_at BIGINT,
    PRIMARY KEY (account_id, id),
    CHECK ((from_at IS NULL) = (from_offset IS NULL)),
    CHECK ((to_at IS NULL) = (to_offset IS NULL))
);

-- A link does not say whose it is.
CREATE INDEX shares_by_hash ON shares (secret_hash);

-- Who opened a share, or gave a wrong passcode, by the name that they gave.
CREATE TABLE share_openings (
    account_id BYTEA NOT NULL,
    share_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('opened', 'wrong_passcode')),
    PRIMARY KEY (account_id, share_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, share_id) REFERENCES shares (account_id, id) ON DELETE CASCADE
);

CREATE INDEX share_openings_by_time ON share_openings (account_id, share_id, at, id);
