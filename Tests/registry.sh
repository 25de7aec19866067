#!/usr/bin/env bash
# Two private registries on 127.0.0.1 for tests: one for everybody, one that asks for a password (gantry, open sesame).
#
#   Tests/registry.sh start DIR    starts them and waits until they listen; prints both addresses
#   Tests/registry.sh stop DIR     ends them by their pids, and removes the folder
set -euo pipefail

verb=${1:?start or stop}
dir=${2:?a directory}

start() {
    mkdir -p "$dir"
    # Made with crypt(3): the registry takes bcrypt only.
    echo 'gantry:$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW' >"$dir/htpasswd"
    local name auth end address
    for name in open closed; do
        auth=
        [ "$name" = open ] || auth="auth: {htpasswd: {realm: gantry, path: $dir/htpasswd}}"
        mkdir -p "$dir/$name"
        cat >"$dir/$name.yml" <<YAML
version: 0.1
log: {accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $dir/$name}, delete: {enabled: true}}
http: {addr: "127.0.0.1:0", secret: gantry}
$auth
YAML
        setsid docker-registry serve "$dir/$name.yml" >"$dir/$name.log" 2>&1 </dev/null &
        echo $! >"$dir/$name.pid"
        end=$((SECONDS + 20))
        # It chooses a free port, and says which.
        until address=$(grep -so 'listening on 127\.0\.0\.1:[0-9]*' "$dir/$name.log"); do
            [ $SECONDS -lt $end ] || { cat "$dir/$name.log" >&2; exit 1; }
            sleep 0.1
        done
        echo "${address##* }"
    done
}

stop() {
    local pid
    for pid in "$dir"/*.pid; do
        [ ! -s "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
    done
    rm -rf "$dir"
}

case $verb in
start | stop) "$verb" ;;
*) echo "unknown: $verb" >&2; exit 2 ;;
esac
