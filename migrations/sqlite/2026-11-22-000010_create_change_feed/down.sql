ALTER TABLE revisions DROP COLUMN purged_through;
DROP INDEX measures_by_revision;
DROP INDEX check_ins_by_revision;
DROP INDEX pain_scores_by_revision;
DROP INDEX applications_by_revision;
DROP INDEX flares_by_revision;
DROP INDEX episodes_by_revision;
