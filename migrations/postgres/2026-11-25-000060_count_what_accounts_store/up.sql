-- What an account stores, beside its counter: a quota is then checked by the statement that moves the counter on, and
-- no write counts rows. The numbers of bytes are those of src/db/sizes.rs.
ALTER TABLE revisions ADD COLUMN record_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN byte_count BIGINT NOT NULL DEFAULT 0;

UPDATE revisions SET
    record_count = (SELECT count(*) FROM records WHERE records.account_id = revisions.account_id),
    byte_count = (
        SELECT coalesce(sum(250 + coalesce(octet_length(note), 0) + coalesce(octet_length("trigger"), 0)
            + coalesce(octet_length(symptoms), 0) + coalesce(octet_length(name), 0)
            + coalesce(octet_length(dose), 0)), 0)
        FROM records WHERE records.account_id = revisions.account_id
    ) + (
        SELECT 100 * count(*) FROM tombstones WHERE tombstones.account_id = revisions.account_id
    ) + (
        SELECT 400 * count(*) FROM idempotency_keys WHERE idempotency_keys.account_id = revisions.account_id
    );
