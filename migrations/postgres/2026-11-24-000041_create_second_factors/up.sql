-- The second factor of an account: the secret that its authenticator app shares with the service.
CREATE TABLE second_factors (
    account_id BYTEA NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    -- In base32. Not hashed: codes are computed from it.
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Asked for from here on.
    confirmed_at BIGINT,
    -- The period of the last code that was taken: it and those before it are not taken again.
    last_step BIGINT NOT NULL
);
