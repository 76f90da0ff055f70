CREATE TABLE episodes (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    started_offset SMALLINT NOT NULL,
    ended_at BIGINT,
    ended_offset SMALLINT,
    location TEXT NOT NULL CHECK (location IN ('back', 'leg', 'back_and_leg', 'front_thigh')),
    "trigger" TEXT,
    note TEXT,
    PRIMARY KEY (account_id, id),
    CHECK (ended_at >= started_at),
    CHECK ((ended_at IS NULL) = (ended_offset IS NULL)),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE INDEX episodes_by_time ON episodes (account_id, started_at, id);
-- Only one episode of an account is open at a time.
CREATE UNIQUE INDEX episodes_open ON episodes (account_id) WHERE ended_at IS NULL;

CREATE TABLE flares (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    episode_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    at_offset SMALLINT NOT NULL,
    "trigger" TEXT,
    note TEXT,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, episode_id) REFERENCES episodes (account_id, id) ON DELETE CASCADE
);

CREATE INDEX flares_by_time ON flares (account_id, at, id);
CREATE INDEX flares_of_episode ON flares (account_id, episode_id, at, id);

CREATE TABLE applications (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    episode_id TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    started_offset SMALLINT NOT NULL,
    ended_at BIGINT,
    ended_offset SMALLINT,
    modality TEXT NOT NULL CHECK (modality IN ('ice', 'heat')),
    barrier BOOLEAN,
    note TEXT,
    PRIMARY KEY (account_id, id),
    CHECK (ended_at >= started_at),
    CHECK ((ended_at IS NULL) = (ended_offset IS NULL)),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, episode_id) REFERENCES episodes (account_id, id) ON DELETE CASCADE
);

CREATE INDEX applications_by_time ON applications (account_id, started_at, id);
CREATE INDEX applications_of_episode ON applications (account_id, episode_id, started_at, id);

CREATE TABLE pain_scores (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    episode_id TEXT,
    at BIGINT NOT NULL,
    at_offset SMALLINT NOT NULL,
    score SMALLINT NOT NULL CHECK (score BETWEEN 0 AND 10),
    note TEXT,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, episode_id) REFERENCES episodes (account_id, id) ON DELETE CASCADE
);

CREATE INDEX pain_scores_by_time ON pain_scores (account_id, at, id);
CREATE INDEX pain_scores_of_episode ON pain_scores (account_id, episode_id, at, id);

CREATE TABLE check_ins (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    episode_id TEXT,
    at BIGINT NOT NULL,
    at_offset SMALLINT NOT NULL,
    inflammation TEXT CHECK (inflammation IN ('present', 'reduced', 'none')),
    skin TEXT CHECK (skin IN ('normal', 'red', 'numb', 'hives', 'blister', 'white_hard')),
    -- A JSON array of code and presence, checked by the service: answers are read and written together.
    symptoms TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, episode_id) REFERENCES episodes (account_id, id) ON DELETE CASCADE
);

CREATE INDEX check_ins_by_time ON check_ins (account_id, at, id);
CREATE INDEX check_ins_of_episode ON check_ins (account_id, episode_id, at, id);

CREATE TABLE measures (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    episode_id TEXT,
    started_at BIGINT NOT NULL,
    started_offset SMALLINT NOT NULL,
    ended_at BIGINT,
    ended_offset SMALLINT,
    kind TEXT NOT NULL CHECK (kind IN ('rest', 'sleep', 'medication', 'topical', 'stretching', 'clinician_review')),
    name TEXT,
    dose TEXT,
    note TEXT,
    PRIMARY KEY (account_id, id),
    CHECK (ended_at >= started_at),
    CHECK ((ended_at IS NULL) = (ended_offset IS NULL)),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, episode_id) REFERENCES episodes (account_id, id) ON DELETE CASCADE
);

CREATE INDEX measures_by_time ON measures (account_id, started_at, id);
CREATE INDEX measures_of_episode ON measures (account_id, episode_id, started_at, id);

-- At most one row an account.
CREATE TABLE profiles (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    birth_year SMALLINT CHECK (birth_year BETWEEN 1900 AND 2200),
    -- A JSON array of codes, checked by the service.
    conditions TEXT NOT NULL,
    achy_between_episodes BOOLEAN
);
