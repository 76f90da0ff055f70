-- How often somebody tried in vain, for an e-mail address or a network address. Belongs to no account: an
-- address without one is counted too, or the count would tell which have one. The id is a keyed hash.
CREATE TABLE sign_in_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    tried_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);

-- What is a day old is forgotten.
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (tried_at);
