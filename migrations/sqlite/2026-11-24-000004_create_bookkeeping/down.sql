DROP TABLE invites;
DROP TABLE idempotency_keys;
DROP TABLE tombstones;
