-- What the change feed walks: every record of an account in the order of its last change. One more index on
-- each table is what keeps a page of the feed as cheap at the end of a long log as at its start.
CREATE INDEX episodes_by_revision ON episodes (account_id, revision);
CREATE INDEX flares_by_revision ON flares (account_id, revision);
CREATE INDEX applications_by_revision ON applications (account_id, revision);
CREATE INDEX pain_scores_by_revision ON pain_scores (account_id, revision);
CREATE INDEX check_ins_by_revision ON check_ins (account_id, revision);
CREATE INDEX measures_by_revision ON measures (account_id, revision);

-- The revision of the latest tombstone that is no longer kept: a device that has not read so far has missed
-- a deletion, and has to begin again.
ALTER TABLE revisions ADD COLUMN purged_through INTEGER NOT NULL DEFAULT 0;
