DROP INDEX records_running;
ALTER TABLE revisions DROP COLUMN byte_count;
ALTER TABLE revisions DROP COLUMN record_count;
