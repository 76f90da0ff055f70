DROP TABLE device_grants;
DROP TABLE authorization_codes;
ALTER TABLE sessions DROP COLUMN scopes;
ALTER TABLE sessions DROP COLUMN client_id;
DROP TABLE apps;
