#!/usr/bin/env bash
# Measures the whole program from outside, in a terminal of its own against a private Engine: first byte, first rows,
# first live figures, key to changed screen, what it costs while nobody touches it, what it costs the Engine, and a
# flood of log lines. Prints Markdown tables; with --readme they replace those in README.md.
#
#   Tests/measure.sh [--readme] [--program NAME=COMMAND]… [--containers 10,50,200] [--demo 1000,10000] [--runs 5] …
#
# Other programs are measured in the same run, in turn with Gantry, so that a machine that drifts drifts for all. They
# get DOCKER_HOST; --follower names one that only follows the log of the container `flood`, as `docker logs -f flood`
# does. Tests/measure.py -h lists the options.
# $GANTRY_BINARY names the program (default: the release build, made when it is not there), $DOCKERD the Engine's.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
[ "$(id -u)" -eq 0 ] || { echo "a private Engine can only be started by root" >&2; exit 1; }
for program in busybox "${DOCKERD:-dockerd}" "${DOCKER:-docker}" ip python3; do
    command -v "$program" >/dev/null || { echo "$program is missing; Tests/run.sh installs it" >&2; exit 1; }
done

export LANG=C.UTF-8
unset LC_ALL TMUX TMUX_PANE DOCKER_HOST DOCKER_CONTEXT NO_COLOR
work=$(mktemp -d "${TMPDIR:-/tmp}/gantry-measure.XXXXXX")
cleanup() {
    local status=$?
    trap '' INT TERM HUP
    bash Tests/engine.sh remove "$work/engine" || true
    rm -rf "$work"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

venv=$root/.build/measure-venv
"$venv/bin/python" -c 'import psutil, pyte' 2>/dev/null || {
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check 'pyte==0.8.*' psutil >&2
}
if [ -z "${GANTRY_BINARY:-}" ]; then
    build=(swift build -c release --static-swift-stdlib --product gantry)
    "${build[@]}" >&2
    GANTRY_BINARY=$("${build[@]}" --show-bin-path 2>/dev/null)/gantry
fi
bash Tests/engine.sh start "$work/engine" >&2
bash Tests/engine.sh image "$work/engine" >&2
"$venv/bin/python" Tests/measure.py --engine "$work/engine" --gantry "$GANTRY_BINARY" "$@"
