-- What an account stores, beside its counter: a quota is then checked by the statement that moves the counter on, and
-- no write counts rows. The numbers of bytes are those of src/db/sizes.rs.
ALTER TABLE revisions ADD COLUMN record_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN byte_count INTEGER NOT NULL DEFAULT 0;

UPDATE revisions SET
    record_count = (SELECT count(*) FROM records WHERE records.account_id = revisions.account_id),
    byte_count = (
        SELECT coalesce(sum(250 + coalesce(octet_length(note), 0) + coalesce(octet_length("trigger"), 0)
            + coalesce(octet_length(symptoms), 0) + coalesce(octet_length(name), 0)
            + coalesce(octet_length(dose), 0) + coalesce(octet_length(eases), 0)
            + coalesce(octet_length(worsens), 0) + coalesce(octet_length(peg), 0)), 0)
        FROM records WHERE records.account_id = revisions.account_id
    ) + (
        SELECT 100 * count(*) FROM tombstones WHERE tombstones.account_id = revisions.account_id
    ) + (
        SELECT 400 * count(*) FROM idempotency_keys WHERE idempotency_keys.account_id = revisions.account_id
    );

-- What is still on in an episode when that ends: found without going through all of its records.
CREATE INDEX records_running ON records (account_id, episode_id)
    WHERE ended_at IS NULL AND (kind = 3 OR measure IN ('rest', 'sleep'));
