-- Set while the operator keeps the account closed: nothing that opens it works, and nothing is deleted.
ALTER TABLE accounts ADD COLUMN disabled_at INTEGER;
