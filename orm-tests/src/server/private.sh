# Runs a PostgreSQL server in a temporary folder for as long as standard input is open at its other end.
# $1 is the folder of the PostgreSQL programs, $2 the folder in which to make the temporary one; $3 is `standby` for a
# second server on the next port, which replays what the first one writes, and `alone` for none. Behind that are names and
# contents of files in the server's folder. SETTINGS, HBA and ROLES are lines more of postgresql.conf, of pg_hba.conf, whose
# first line that fits counts, and of SQL.
# Says "ready FOLDER" on standard output once the server answers, or else why it does not.

folder=$(mktemp -d "$2/orm-test-$PPID-XXXXXX" 2>&1) || { echo "$folder"; exit 1; }
data=$folder/data
standby=$folder/standby

remove() {
    test "$2" != standby || "$1/pg_ctl" stop -D "$standby" -m immediate
    "$1/pg_ctl" stop -D "$data" -m immediate
    rm -rf "$folder"
}
trap 'remove "$1" "$3" >/dev/null 2>&1' EXIT
# PIPE: the other process may be gone before it can be told that the server is ready.
trap exit HUP INT TERM PIPE

make() {
    "$1/initdb" -D "$data" --auth=trust -U postgres -E UTF8 --locale=C --no-sync || return
    # Nothing of this server outlives its process, so nothing waits for the disk. An autovacuum worker is a
    # superuser's process, which a plain user may not end in order to drop a database.
    cat >>"$data/postgresql.conf" <<END || return
listen_addresses = ''
port = 5432
unix_socket_directories = '$folder'
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = '128MB'
autovacuum = off
max_connections = 200
$SETTINGS
END
    # One role has to give a password.
    { echo 'local all guarded password'; echo "$HBA"; cat "$data/pg_hba.conf"; } >"$data/hba" || return
    mv "$data/hba" "$data/pg_hba.conf" || return
    printf '%s\n' 'CREATE ROLE app LOGIN CREATEDB;' 'CREATE DATABASE app OWNER app;' \
        "CREATE ROLE guarded LOGIN PASSWORD 'right';" "$ROLES" \
        'CREATE ROLE orm_tests_member; CREATE ROLE orm_tests_stranger; GRANT orm_tests_member TO app;' |
        "$1/postgres" --single -D "$data" postgres || return
    write_files "$@" || return
    test "$3" != standby || copy || return
    "$1/pg_ctl" start -w -D "$data" || return
    test "$3" != standby || "$1/pg_ctl" start -w -D "$standby"
}

write_files() {
    while [ $# -gt 4 ]; do
        # The server refuses a private key that others may read.
        (umask 077 && printf '%s' "$5" >"$data/$4") || return
        shift 2
    done
}

# Makes the standby of a server that has not been started yet.
copy() {
    # A standby gets what is safe on the primary's disk.
    echo 'synchronous_commit = on' >>"$data/postgresql.conf" || return
    cp -pR "$data" "$standby" || return
    : >"$standby/standby.signal" || return
    cat >>"$standby/postgresql.conf" <<END
port = 5433
primary_conninfo = 'host=$folder port=5432 user=postgres'
END
}

if make "$@" >"$folder/log" 2>&1 </dev/null; then
    echo "ready $folder"
    # Nothing is ever written to this pipe: it ends when the process that holds the other end does.
    read -r _
else
    cat "$folder/log"
fi
