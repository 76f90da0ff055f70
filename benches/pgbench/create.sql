-- A pain score, as the service writes it: the account's counter is locked and moved on, and the record added. The
-- accounts are those that the load harness copied.
\set account random(1, 700)
BEGIN;
SELECT revision FROM revisions WHERE account_id = '01890000-0000-7000-8000-' || lpad(:account::text, 12, '0') FOR UPDATE;
SELECT id FROM episodes WHERE account_id = '01890000-0000-7000-8000-' || lpad(:account::text, 12, '0') AND ended_at IS NULL;
UPDATE revisions SET revision = revision + 1 WHERE account_id = '01890000-0000-7000-8000-' || lpad(:account::text, 12, '0') RETURNING revision \gset
INSERT INTO pain_scores (account_id, id, revision, recorded_at, at, at_offset, score)
VALUES ('01890000-0000-7000-8000-' || lpad(:account::text, 12, '0'), gen_random_uuid()::text, :revision, 1700000000000000, 1000000000000000, 0, 5);
COMMIT;
