CREATE TABLE personal_tokens (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    -- With spaces between them, as in an access token.
    scopes TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- A token does not say whose it is: beside the e-mail address, the one look-up without an account.
CREATE INDEX personal_tokens_by_hash ON personal_tokens (secret_hash);
