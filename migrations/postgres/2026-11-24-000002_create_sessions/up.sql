CREATE TABLE sessions (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    device_name TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (account_id, id)
);

CREATE TABLE refresh_tokens (
    account_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    successor_id BYTEA,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, session_id) REFERENCES sessions (account_id, id) ON DELETE CASCADE
);

-- Ending a session and erasing it both look its tokens up.
CREATE INDEX refresh_tokens_session ON refresh_tokens (account_id, session_id);
