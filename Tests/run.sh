#!/usr/bin/env bash
# The one test command. On a Debian 12 with Swift, as root: installs what is missing, checks the format, builds,
# starts a private Engine, runs all tests, and ends what it started.
#
#   Tests/run.sh              everything
#   Tests/run.sh PART…        only these: format, unit, engine, sessions, benchmarks; or fuzz, which takes its time:
#                             two hundred thousand keys, clicks and resizes, half of them before the simulated Engine
#
# $DOCKERD names the Engine's program (default: dockerd): the same tests run against other versions.
# $GANTRY_BINARY names a program for the sessions instead of the release build; $FILTER narrows the tests of a part.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(format unit engine sessions benchmarks)
for part in "${parts[@]}"; do
    case $part in
    format | unit | engine | sessions | benchmarks | fuzz) ;;
    *) echo "unknown part: $part (format, unit, engine, sessions, benchmarks, fuzz)" >&2; exit 2 ;;
    esac
done
wants() { [[ " ${parts[*]} " == *" $1 "* ]]; }

export LANG=C.UTF-8
unset LC_ALL TMUX TMUX_PANE DOCKER_HOST DOCKER_CONTEXT NO_COLOR SWIFT_TESTING_ENABLED
passed=0
failed=0
problems=()
work=$(mktemp -d "${TMPDIR:-/tmp}/gantry-tests.XXXXXX")
engine=$work/engine
# Terminals that a test leaves behind are found here, and only those.
export TMUX_TMPDIR=$work/terminals
mkdir -p "$TMUX_TMPDIR"

say() { printf '\n== %s  (%s s)\n' "$*" "$SECONDS"; }

# A process and all that it started, by their ids; the youngest last.
family() {
    echo "$1"
    local stat fields
    for stat in /proc/[0-9]*/stat; do
        { read -r fields <"$stat"; } 2>/dev/null || continue
        # The name, in parentheses, may hold anything; after it come the state and the parent.
        # shellcheck disable=SC2086
        set -- "$1" ${fields##*) }
        if [ "${3:-}" = "$1" ]; then
            stat=${stat#/proc/}
            family "${stat%/stat}"
        fi
    done
}

end_family() {
    local members
    members=$(family "$1")
    # shellcheck disable=SC2086
    kill $members 2>/dev/null || true
    sleep 1
    # shellcheck disable=SC2086
    kill -9 $members 2>/dev/null || true
}

child=
cleanup() {
    local status=$?
    trap '' INT TERM HUP
    set +e
    [ -z "$child" ] || end_family "$child"
    local socket
    for socket in "$TMUX_TMPDIR"/tmux-*/*; do
        [ -S "$socket" ] && tmux -S "$socket" kill-server >/dev/null 2>&1
    done
    [ ! -d "$work/registry" ] || bash Tests/registry.sh stop "$work/registry"
    [ ! -d "$engine" ] || bash Tests/engine.sh remove "$engine"
    rm -rf "$work"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs a command with an upper limit of its time, its output in a file; --show lets it be seen meanwhile.
limited() { # [--show] SECONDS LOG COMMAND…
    local show=
    [ "$1" != --show ] || { show=yes; shift; }
    local limit=$1 log=$2 end
    shift 2
    end=$((SECONDS + limit))
    : >"$log"
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    [ -z "$show" ] || tail -n +1 -f --pid="$child" "$log" 2>/dev/null &
    local tail=${show:+$!} status=0
    while kill -0 "$child" 2>/dev/null; do
        if [ $SECONDS -ge $end ]; then
            echo "no end after $limit s: $*" >&2
            end_family "$child"
            wait "$child" 2>/dev/null || true
            child=
            return 124
        fi
        sleep 0.2
    done
    wait "$child" || status=$?
    child=
    [ -z "$tail" ] || wait "$tail" || true
    return $status
}

install_missing() {
    local missing=()
    [ -e /usr/include/ncurses.h ] && [ -n "$(find /usr/lib -name libncursesw.so 2>/dev/null)" ] ||
        missing+=(libncursesw5-dev)
    command -v tmux >/dev/null || missing+=(tmux)
    command -v less >/dev/null || missing+=(less)
    command -v ip >/dev/null || missing+=(iproute2)
    command -v iptables >/dev/null || missing+=(iptables)
    dpkg -s busybox-static 2>/dev/null | grep -q '^Status: install ok installed' || missing+=(busybox-static)
    { command -v dockerd && command -v docker; } >/dev/null || missing+=(docker.io)
    command -v docker-registry >/dev/null || missing+=(docker-registry)
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # Debian starts what it installs where it can; the Engine of these tests is their own.
    local install=(apt-get install -y -q --no-install-recommends "${missing[@]}")
    limited 600 "$work/apt.log" "${install[@]}" ||
        { limited 300 "$work/apt.log" apt-get update -q && limited 600 "$work/apt.log" "${install[@]}"; } ||
        { cat "$work/apt.log"; exit 1; }
}

# A warning in our own sources fails the run, also when it is printed only once because the file is not built again.
build() { # NAME ARGUMENTS…
    local name=$1 log=$work/build-$1.log
    shift
    say "building: $name"
    limited 1500 "$log" swift build "$@" || { tail -60 "$log"; exit 1; }
    if grep -E "^$root/(Sources|Tests|Themes|Package\.swift).*: warning: " "$log" | sort -u; then
        problems+=("warnings in the $name build")
    fi
}

# Runs the tests of some targets; none that runs is a failure, and so is one that was passed over.
tests() { # NAME REGULAR-EXPRESSION ARGUMENTS…
    local name=$1 filter=$2 log=$work/tests-$1.log status=0
    shift 2
    say "tests: $name"
    limited --show 1200 "$log" swift test --skip-build --filter "^($filter)\\..*${FILTER:-}" "$@" || status=$?
    local good bad skipped
    good=$(grep -cE '^[^ ]+ Test .* passed after ' "$log" || true)
    good=$((good - $(grep -cE '^[^ ]+ Test run with .* passed after ' "$log" || true)))
    bad=$(grep -cE '^[^ ]+ Test .* failed after ' "$log" || true)
    bad=$((bad - $(grep -cE '^[^ ]+ Test run with .* failed after ' "$log" || true)))
    skipped=$(grep -cE '^[^ ]+ (Test|Suite) .* skipped' "$log" || true)
    passed=$((passed + good))
    failed=$((failed + bad))
    [ "$status" -eq 0 ] || problems+=("$name: status $status, $bad failed")
    [ $((good + bad)) -gt 0 ] || problems+=("$name: no test ran")
    [ "$skipped" -eq 0 ] || problems+=("$name: $skipped skipped")
}

install_missing

if wants format; then
    say "format"
    limited 300 "$work/format.log" swift format lint --strict -r Sources Tests Themes Package.swift ||
        { cat "$work/format.log"; problems+=("format"); }
fi

if wants unit || wants engine || wants sessions || wants fuzz; then build debug --build-tests; fi
if wants sessions && [ -z "${GANTRY_BINARY:-}" ]; then
    build release -c release --static-swift-stdlib --product gantry
    GANTRY_BINARY=$(swift build -c release --static-swift-stdlib --show-bin-path 2>/dev/null)/gantry
    export GANTRY_BINARY
fi

if wants unit; then
    for target in TerminalTests ArchivesTests EngineAPITests DashboardTests DemoEngineTests; do tests "$target" "$target"; done
fi

if wants fuzz; then GANTRY_FUZZ=1 FILTER=nothingFallsOver tests fuzz DashboardTests; fi

if wants engine || wants sessions; then
    [ "$(id -u)" -eq 0 ] || { echo "a private Engine can only be started by root" >&2; exit 1; }
    say "starting ${DOCKERD:-dockerd}"
    limited 120 "$work/engine.log" bash Tests/engine.sh start "$engine" &&
        limited 60 "$work/image.log" bash Tests/engine.sh image "$engine" ||
        { cat "$work"/engine.log "$work"/image.log 2>/dev/null; exit 1; }
    export GANTRY_TEST_ENGINE=unix://$engine/docker.sock GANTRY_TEST_ENGINE_DIR=$engine
    if wants engine; then
        limited 60 "$work/registry.log" bash Tests/registry.sh start "$work/registry" ||
            { cat "$work/registry.log"; exit 1; }
        GANTRY_TEST_REGISTRIES=$(cat "$work/registry.log")
        export GANTRY_TEST_REGISTRIES
        # One after the other: Engine 20.10 removes no image while a container's files are read, and two tests that wait
        # for it hold both of the threads that the reader needs.
        tests RealEngineTests RealEngineTests --no-parallel
    fi
    if wants sessions; then
        tests TerminalSessionTests TerminalSessionTests --no-parallel
    fi
fi

# Every benchmark once: that they build and run. Their times are no test's business.
if wants benchmarks; then
    package=(-c release -Xswiftc -enable-testing --package-path Tests/Benchmarks --scratch-path .build/benchmarks)
    # Without this, files that are new in the package it measures are not seen by an earlier build.
    touch Tests/Benchmarks/Package.swift
    build benchmarks "${package[@]}"
    say "benchmarks, once"
    limited 120 "$work/benchmarks.log" "$(swift build "${package[@]}" --show-bin-path 2>/dev/null)/Benchmarks" \
        --iterations 1 --quiet || { tail -20 "$work/benchmarks.log"; problems+=("benchmarks"); }
fi

say "done"
[ ${#problems[@]} -eq 0 ] || printf 'problem: %s\n' "${problems[@]}"
echo "$passed passed, $failed failed"
[ ${#problems[@]} -eq 0 ]
