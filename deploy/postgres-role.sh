#!/bin/sh
# Makes a role that owns its database and nothing else, and the database. Run by the image of PostgreSQL on its first
# start, as its superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
  --set=password="$(cat /run/secrets/postgres-password)" <<'SQL'
CREATE ROLE spasmlog LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE spasmlog OWNER spasmlog;
REVOKE CONNECT ON DATABASE spasmlog FROM PUBLIC;
-- The service tells some errors by their English text.
GRANT SET ON PARAMETER lc_messages TO spasmlog;
SQL
