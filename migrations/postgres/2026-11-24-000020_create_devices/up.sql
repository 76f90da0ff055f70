-- Devices that have signed in: their next attempt to sign in is counted apart from those of strangers.
CREATE TABLE devices (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    secret_hash TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
