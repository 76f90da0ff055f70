CREATE TABLE personal_tokens (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    -- With spaces between them, as in an access token.
    scopes TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (account_id, id)
);

-- A token does not say whose it is: beside the e-mail address, the one look-up without an account.
CREATE INDEX personal_tokens_by_hash ON personal_tokens (secret_hash);
