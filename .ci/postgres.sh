# A PostgreSQL that lives as long as the script that sources this: in a folder of its own, gone afterwards.

# The programs of the newest PostgreSQL here; empty if there is none.
postgres_folder() {
  find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2>/dev/null | sort -Vr | head -n 1
}

# PostgreSQL refuses to run as root; Debian's package has made a user for it.
as_postgres() {
  # Not from here: it may not be allowed to enter this folder.
  if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# Sets `database_url`. The server listens on a socket in its folder, so that no port can be taken, and never waits
# for the disk, since it is thrown away.
start_postgres() {
  postgres=$(postgres_folder)
  cluster=$(mktemp -d)
  trap stop_postgres EXIT
  ((EUID != 0)) || chown postgres "$cluster"
  as_postgres "$postgres/initdb" --pgdata="$cluster/data" --username=ci --auth=trust --encoding=UTF8 >/dev/null
  as_postgres "$postgres/pg_ctl" start --wait --silent --pgdata="$cluster/data" --log="$cluster/log" \
    --options="-c listen_addresses='' -c unix_socket_directories='$cluster' -c fsync=off -c max_connections=300"
  database_url="postgres://ci@/postgres?host=$cluster"
}

stop_postgres() {
  if [[ -e $cluster/data/postmaster.pid ]]; then
    as_postgres "$postgres/pg_ctl" stop --mode=immediate --silent --pgdata="$cluster/data" || true
  fi
  rm -rf "$cluster"
}
