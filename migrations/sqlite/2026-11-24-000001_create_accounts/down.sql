DROP TABLE recovery_codes;
DROP TABLE revisions;
DROP TABLE accounts;
