# Runs PgBouncer in a temporary folder for as long as standard input is open at its other end.
# $1 is the program, $2 the folder in which to make the temporary one, $3 its settings, $4 its users.
# Says "ready FOLDER" on standard output once it listens, or else why it does not.

folder=$(mktemp -d "$2/orm-pooler-$PPID-XXXXXX" 2>&1) || { echo "$folder"; exit 1; }
pid=

remove() {
    [ -z "$pid" ] || kill -9 "$pid"
    rm -rf "$folder"
}
trap 'remove >/dev/null 2>&1' EXIT
# PIPE: the other process may be gone before it can be told that the pooler is ready.
trap exit HUP INT TERM PIPE

printf '%s\nunix_socket_dir = %s\nauth_file = %s\n' "$3" "$folder" "$folder/users" >"$folder/settings"
printf '%s\n' "$4" >"$folder/users"
"$1" "$folder/settings" >"$folder/log" 2>&1 </dev/null &
pid=$!
while [ ! -S "$folder/.s.PGSQL.6432" ]; do
    kill -0 "$pid" 2>/dev/null || { cat "$folder/log"; pid=; exit 1; }
    sleep 0.01
done
echo "ready $folder"
# Nothing is ever written to this pipe: it ends when the process that holds the other end does.
read -r _
