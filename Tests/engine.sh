#!/usr/bin/env bash
# A private Docker Engine for tests and measurements: own socket, own data, own bridge.
#
#   Tests/engine.sh start DIR     starts it (or starts it again with the same data) and waits until it answers;
#                                 prints the address, unix://DIR/docker.sock
#   Tests/engine.sh stop DIR      ends it by its pid and waits until it is gone
#   Tests/engine.sh image DIR     makes demo/busybox:1.35 from busybox-static
#   Tests/engine.sh remove DIR    ends it, and removes its containers, data and bridge
#
# $DOCKERD names the Engine's program (default: dockerd); $DOCKER the client used to make images.
set -euo pipefail

verb=${1:?start, stop, image or remove}
dir=${2:?a directory}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
sock=$dir/docker.sock
pidfile=$dir/dockerd.pid
log=$dir/dockerd.log
# Interface names are at most 15 bytes; the directory decides both name and address.
hash=$(printf '%s' "$dir" | cksum | cut -d' ' -f1)
bridge=gt$((hash % 1000000000))
subnet=10.$((200 + hash % 50)).$((hash / 50 % 250))

docker() { command "${DOCKER:-docker}" -H "unix://$sock" "$@"; }

running() { [ -s "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null; }

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

wait_until() { # SECONDS COMMAND…
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

start() {
    if ! ip link show "$bridge" >/dev/null 2>&1; then
        ip link add "$bridge" type bridge
        ip addr add "$subnet.1/24" dev "$bridge"
        ip link set "$bridge" up
    fi
    if ! running; then
        rm -f "$pidfile" "$sock"
        # shellcheck disable=SC2086  # DOCKERD_FLAGS is a list of words
        setsid "${DOCKERD:-dockerd}" --data-root "$dir/data" --exec-root "$dir/exec" -H "unix://$sock" \
            --pidfile "$pidfile" --bridge "$bridge" --userland-proxy=false ${DOCKERD_FLAGS:-} \
            >>"$log" 2>&1 </dev/null &
    fi
    wait_until 60 answers || { tail -20 "$log" >&2; echo "the Engine did not answer; see $log" >&2; exit 1; }
    echo "unix://$sock"
}

gone() { ! running; }

stop() {
    running || return 0
    kill "$(cat "$pidfile")"
    wait_until 60 gone || kill -9 "$(cat "$pidfile")"
    rm -f "$pidfile"
}

image() {
    docker image inspect demo/busybox:1.35 >/dev/null 2>&1 && return 0
    local root
    root=$(mktemp -d)
    mkdir -p "$root/bin" "$root/tmp" "$root/etc" "$root/root"
    cp "$(command -v busybox)" "$root/bin/busybox"
    local name
    for name in $("$root/bin/busybox" --list); do
        [ "$name" = busybox ] || ln -s busybox "$root/bin/$name"
    done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    tar -C "$root" -c . | docker import - demo/busybox:1.35 >/dev/null
    rm -rf "$root"
}

remove() {
    if running; then
        docker ps -aq | xargs -r "${DOCKER:-docker}" -H "unix://$sock" rm -f -v >/dev/null || true
    fi
    stop
    ip link del "$bridge" 2>/dev/null || true
    # What the Engine left mounted (overlay, namespaces) goes before its folder does.
    awk -v d="$dir/" 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r | xargs -r -n1 umount 2>/dev/null || true
    rm -rf "$dir"
}

case $verb in
start | stop | image | remove) "$verb" ;;
*) echo "unknown: $verb" >&2; exit 2 ;;
esac
