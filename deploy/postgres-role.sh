#!/bin/sh
# Run once by the image of PostgreSQL, in an empty database and as its superuser: makes a role that owns its database and
# nothing else, and the database.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres <<'SQL'
\set password `cat /run/secrets/postgres-password`
CREATE ROLE spasmlog LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE spasmlog OWNER spasmlog;
REVOKE CONNECT ON DATABASE spasmlog FROM PUBLIC;
-- The service tells some errors by their English text.
GRANT SET ON PARAMETER lc_messages TO spasmlog;
SQL
