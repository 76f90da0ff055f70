-- What happened to an account, for its owner to read. No text that anybody wrote, no address, no token.
CREATE TABLE audit_events (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    -- No CHECK: the list grows with every release, and an older process must be able to read on.
    action TEXT NOT NULL,
    session_id BYTEA,
    token_id BYTEA,
    subject_id BYTEA,
    reason TEXT,
    PRIMARY KEY (account_id, id)
);

-- The list, the search for a refusal of the last minute, and the end of what is kept.
CREATE INDEX audit_events_by_time ON audit_events (account_id, at, id);
