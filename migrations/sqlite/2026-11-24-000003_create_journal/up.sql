-- Everything that a person records, of every kind. Columns that a kind does not have are NULL. What a kind must
-- have, the service checks, and the CHECKs below repeat what would make a row unreadable.
-- kind: 1 episode, 2 flare, 3 application, 4 pain score, 5 check-in, 6 measure. A number, since it is part of four
-- keys.
CREATE TABLE records (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind INTEGER NOT NULL CHECK (kind > 0),
    -- The record's own time: when it happened or began, not when it was written.
    at INTEGER NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    at_offset INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    -- An episode belongs to itself.
    episode_id BLOB,
    ended_at INTEGER CHECK (ended_at >= at),
    ended_offset INTEGER,
    -- False where the end was set because the episode was closed.
    end_recorded INTEGER,
    note TEXT,
    location TEXT CHECK (location IN ('back', 'leg', 'back_and_leg', 'front_thigh')),
    "trigger" TEXT,
    modality TEXT CHECK (modality IN ('ice', 'heat')),
    barrier INTEGER,
    score INTEGER CHECK (score BETWEEN 0 AND 10),
    inflammation TEXT CHECK (inflammation IN ('present', 'reduced', 'none')),
    skin TEXT CHECK (skin IN ('normal', 'red', 'numb', 'hives', 'blister', 'white_hard')),
    -- A JSON array of code and presence, checked by the service: answers are read and written together.
    symptoms TEXT,
    -- How much it kept the person from doing things, and the days off in the week before.
    function INTEGER CHECK (function BETWEEN 0 AND 10),
    days_off INTEGER CHECK (days_off BETWEEN 0 AND 7),
    side TEXT CHECK (side IN ('left', 'right', 'both', 'middle')),
    below_knee INTEGER,
    eases TEXT,
    worsens TEXT,
    -- The three answers of a PEG as a JSON object, checked by the service: none of them stands alone.
    peg TEXT,
    measure TEXT CHECK (measure IN ('rest', 'sleep', 'medication', 'topical', 'stretching', 'clinician_review')),
    name TEXT,
    dose TEXT,
    -- True where the record can count for the next step however old it is: a warning sign, hives, a review.
    lasting INTEGER,
    -- In this order the rows of a list, and of a range of time, lie side by side.
    PRIMARY KEY (account_id, kind, at, id),
    CHECK ((ended_at IS NULL) = (ended_offset IS NULL)),
    CHECK (CASE kind
        WHEN 1 THEN episode_id = id AND location IS NOT NULL
        WHEN 2 THEN episode_id IS NOT NULL
        WHEN 3 THEN modality IS NOT NULL AND end_recorded IS NOT NULL
        WHEN 4 THEN score IS NOT NULL
        WHEN 5 THEN symptoms IS NOT NULL
        WHEN 6 THEN measure IS NOT NULL AND end_recorded IS NOT NULL
        -- A later kind adds its columns: a table of SQLite cannot change its checks.
        ELSE TRUE
    END)
) STRICT, WITHOUT ROWID;

-- One record, by its id: an id is used once in an account. The id comes first, so that ids made one after another
-- are written to one page whoever they belong to.
CREATE UNIQUE INDEX records_by_id ON records (id, account_id);
-- What the change feed reads.
CREATE INDEX records_by_revision ON records (account_id, revision);
-- The timeline of an episode, and what is deleted with it.
CREATE INDEX records_by_episode ON records (account_id, episode_id, at) WHERE episode_id IS NOT NULL;
-- Only one episode of an account is open at a time.
CREATE UNIQUE INDEX records_open_episode ON records (account_id) WHERE kind = 1 AND ended_at IS NULL;
-- The few records that count for the next step however old they are.
CREATE INDEX records_lasting ON records (account_id, at) WHERE lasting;

-- At most one row an account.
CREATE TABLE profiles (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    birth_year INTEGER CHECK (birth_year BETWEEN 1900 AND 2200),
    -- A JSON array of codes, checked by the service. NULL: the question was never answered.
    conditions TEXT,
    achy_between_episodes INTEGER
) STRICT, WITHOUT ROWID;
