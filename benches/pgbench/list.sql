-- The newest 50 pain scores, as the service reads them: on one snapshot, behind the revision that is their tag.
\set account random(1, 700)
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT revision FROM revisions WHERE account_id = '01890000-0000-7000-8000-' || lpad(:account::text, 12, '0');
SELECT id, revision, recorded_at, episode_id, at, at_offset, score, note FROM pain_scores
WHERE account_id = '01890000-0000-7000-8000-' || lpad(:account::text, 12, '0') ORDER BY at DESC, id DESC LIMIT 51;
COMMIT;
