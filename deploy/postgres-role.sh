#!/bin/sh
# Run once by the image of PostgreSQL, in an empty database: makes the role and the database of spasmlog.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres <<'SQL'
\set password `cat /run/secrets/postgres-password`
CREATE ROLE spasmlog LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE spasmlog OWNER spasmlog;
REVOKE CONNECT ON DATABASE spasmlog FROM PUBLIC;
SQL
