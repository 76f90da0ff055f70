-- An app of somebody else that people may let in. Belongs to no account: everybody on the server may let it in.
CREATE TABLE apps (
    id BYTEA NOT NULL PRIMARY KEY,
    -- Who registered it by hand; nobody where the app did it by itself.
    owner_id BYTEA REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- One a line.
    redirect_uris TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When somebody last let it in, to the day.
    used_at BIGINT
);

-- The list of those that somebody registered, and their end with the account.
CREATE INDEX apps_by_owner ON apps (owner_id);

-- Whose session it is where an app has it, and what that is good for.
ALTER TABLE sessions ADD COLUMN client_id BYTEA;
ALTER TABLE sessions ADD COLUMN scopes TEXT;

-- What a person allowed an app that has not fetched its tokens yet; kept for a day, so that a second use is noticed.
CREATE TABLE authorization_codes (
    account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BYTEA NOT NULL,
    secret_hash TEXT NOT NULL,
    client_id BYTEA NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    -- With spaces between them, as in an access token.
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The session that it was spent for.
    session_id BYTEA,
    PRIMARY KEY (account_id, id)
);

-- A device without a browser that waits for somebody to let it in. Belongs to no account until then.
CREATE TABLE device_grants (
    id BYTEA NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    user_code_hash TEXT NOT NULL UNIQUE,
    client_id BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    interval_seconds BIGINT NOT NULL,
    polled_at BIGINT,
    decided_at BIGINT,
    -- Who let it in; nobody where it was turned away.
    account_id BYTEA REFERENCES accounts (id) ON DELETE CASCADE
);

-- Those that nobody decided on are forgotten, and those of an account go with it.
CREATE INDEX device_grants_by_time ON device_grants (created_at);
CREATE INDEX device_grants_by_account ON device_grants (account_id);
