#!/usr/bin/env bash
# The soak test of the logs: a private Engine, 20 noisy containers, their logs merged in one Gantry for MINUTES. Their
# containers are restarted and killed, the Engine goes away once, keys are pressed; at the end what Gantry holds is
# compared with what `docker logs` says, line by line, and its memory must not have grown but by what it holds: lines and
# figures, whose sizes are known.
#
#   Tests/soak.sh [MINUTES=20]
#
# $GANTRY_BINARY names the program (default: the release build, made when it is not there), $DOCKERD the Engine's.
# $SEED changes what is random (default 1), $LINES_EACH how many lines each container writes in all (default 3600).
# Of a run that failed, the folder with what was written and held stays.
set -euo pipefail

minutes=${1:-20}
[[ $minutes =~ ^[1-9][0-9]{0,2}$ ]] || { echo "usage: Tests/soak.sh [MINUTES=20]" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "a private Engine can only be started by root" >&2; exit 1; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
for program in tmux busybox "${DOCKERD:-dockerd}" docker ip; do
    command -v "$program" >/dev/null || { echo "$program is missing; Tests/run.sh installs it" >&2; exit 1; }
done

export LANG=C.UTF-8
unset LC_ALL TMUX TMUX_PANE DOCKER_HOST DOCKER_CONTEXT NO_COLOR COLORTERM
work=$(mktemp -d "${TMPDIR:-/tmp}/gantry-soak.XXXXXX")
engine=$work/engine
address=unix://$engine/docker.sock
export TMUX_TMPDIR=$work DOCKERD_FLAGS=--live-restore
mkdir -p "$work"/{count,written,times,held}
seed=${SEED:-1}
RANDOM=$seed
length=$((minutes * 60))
# All lines of a run can be held: below Gantry's 100,000, those that are written at every start not counted.
budget=${LINES_EACH:-3600}
[[ $budget =~ ^[1-9][0-9]{0,4}$ ]] || { echo "LINES_EACH is a number of lines, at most 99999" >&2; exit 2; }
pace=$((budget * 100 / length))  # lines in 100 seconds
[ "$pace" -lt 800 ] || pace=800
problems=()

say() { printf '== %s  (%s s)\n' "$*" "$SECONDS"; }
now() { date +%s.%3N; }
note() { echo "$(now) $*" >>"$work/moments"; }
docker() { command "${DOCKER:-docker}" -H "$address" "$@"; }
terminal() { tmux -u -L soak -f /dev/null "$@"; }
screen() { terminal capture-pane -p; }

sampler=
keep=
cleanup() {
    local status=$?
    trap '' INT TERM HUP
    set +e
    [ -z "$sampler" ] || kill "$sampler" 2>/dev/null
    terminal kill-server >/dev/null 2>&1
    bash Tests/engine.sh remove "$engine"
    if [ -n "$keep" ]; then echo "what was written and held: $work"; else rm -rf "$work"; fi
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
    echo "problem: $*" >&2
    screen >&2 || true
    keep=yes
    exit 1
}

wait_for() { # SECONDS WHAT COMMAND…
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt $end ] || fail "waited in vain for $what"
        sleep 0.3
    done
}

shows() { screen | grep -qF -- "$1"; }

# Keys one after the other, by their names in tmux; what begins with a quote is text.
press() {
    local key
    for key in "$@"; do
        case $key in
        \'*) terminal send-keys -l -- "${key#\'}" ;;
        *) terminal send-keys "$key" ;;
        esac
        # A key right after an Escape would mean Alt with that key, and a person needs a moment too.
        sleep 0.15
    done
}

# MARK: The containers

# What runs in them: lines `NAME N text`. The number stands in a file before the line is written, so that no number
# comes twice; a kill in between leaves one out.
cat >"$work/writer.sh" <<'WRITER'
name=$1 pace=$2 kind=$3 seed=$4
file=/count/$name
n=$(tail -n 1 "$file" 2>/dev/null)
n=${n:-0}
RANDOM=$((seed * 100 + n))
ending=
trap 'ending=yes' TERM
words='the quick brown fox jumps over the lazy dog and finds that nobody has counted all the dogs that lie there'
long=$words
while [ ${#long} -lt 20000 ]; do long="$long $long"; done

line() {
    n=$((n + 1))
    echo $n >>"$file"
    text=${words:0:$((RANDOM % ${#words}))}
    case $kind in
    long) [ $((n % 10)) -ne 0 ] || text=${long:0:$((RANDOM % 2000))} ;;
    huge) [ $((n % 300)) -ne 0 ] || text=${long:0:20000} ;;
    script) text="grüße 世界 👩‍🚀 $text" ;;
    errors) [ $((RANDOM % 3)) -ne 0 ] || { echo "$name $n error: $text" >&2; return; } ;;
    esac
    echo "$name $n $text"
}
lines() {
    left=$1
    while [ "$left" -gt 0 ]; do
        line
        left=$((left - 1))
    done
}

line
case $kind in
deep) [ "$n" -gt 1 ] || lines 1500 ;;
quiet) [ "$n" -gt 1 ] || lines 20 ;;
flood) lines 300 ;;
esac
owed=0 hold=0 ticks=0
while [ -z "$ending" ]; do
    tenths=$((RANDOM % 12 + 1))
    sleep $((tenths / 10)).$((tenths % 10))
    ticks=$((ticks + tenths))
    owed=$((owed + pace * tenths))
    if [ "$kind" = crash ] && [ $ticks -ge 300 ]; then
        n=$((n + 1))
        echo $n >>"$file"
        printf '%s %s last words' "$name" $n
        exit 3
    fi
    if [ $hold -gt 0 ]; then hold=$((hold - 1)); continue; fi
    if [ $((RANDOM % 50)) -eq 0 ]; then hold=20; continue; fi
    [ $((RANDOM % 2)) -eq 0 ] || continue
    lines $((owed / 1000))
    owed=$((owed % 1000))
done
WRITER

kinds=(deep deep deep quiet errors errors errors errors long huge script tty crash crash flood plain plain plain plain
    plain)
names=()
declare -A restarts kills
container() { # NUMBER
    local kind=${kinds[$1]} name options=() own=$pace
    name=$kind-$(printf '%02d' "$1")
    names+=("$name")
    restarts[$name]=0
    kills[$name]=0
    case $kind in
    tty) options=(-t) ;;
    crash) options=(--restart always) ;;
    quiet) own=4 ;;
    esac
    docker create --name "$name" --label soak=1 --label "kind=$kind" -v "$work/count:/count" \
        -v "$work/writer.sh:/writer.sh:ro" "${options[@]}" demo/busybox:1.35 \
        sh /writer.sh "$name" "$own" "$kind" "$((seed * 100 + $1))" >/dev/null
}

start_again() { # HOW
    local name=${names[RANDOM % ${#names[@]}]}
    case $1 in
    restart)
        note "restart $name"
        docker restart -t 10 "$name" >/dev/null
        ;;
    kill)
        note "kill and start $name"
        docker kill "$name" >/dev/null || return 0  # It may just have ended by itself.
        kills[$name]=$((kills[$name] + 1))
        docker start "$name" >/dev/null
        ;;
    stop)
        note "stop $name"
        docker stop -t 10 "$name" >/dev/null
        sleep 2
        note "start $name"
        docker start "$name" >/dev/null
        ;;
    pause)
        note "pause $name"
        docker pause "$name" >/dev/null || return 0
        sleep 2
        docker unpause "$name" >/dev/null
        ;;
    esac
    [ "$1" = pause ] || restarts[$name]=$((restarts[$name] + 1))
}

# MARK: Gantry

if [ -z "${GANTRY_BINARY:-}" ]; then
    say "building"
    swift build -c release --static-swift-stdlib --product gantry 2>&1 | tail -1
    GANTRY_BINARY=$(swift build -c release --static-swift-stdlib --show-bin-path 2>/dev/null)/gantry
fi
say "starting ${DOCKERD:-dockerd}"
bash Tests/engine.sh start "$engine" >/dev/null
bash Tests/engine.sh image "$engine"
say "starting ${#kinds[@]} containers"
for number in "${!kinds[@]}"; do container "$number"; done
docker start "${names[@]}" >/dev/null
deep_is_written() { [ "$(tail -n 1 "$work/count/deep-02" 2>/dev/null)" -gt 1500 ]; }
wait_for 60 "the first lines" deep_is_written

say "opening $GANTRY_BINARY"
terminal start-server \; set -g status off \; set -g remain-on-exit on \; set -g escape-time 0 \; \
    set -g default-terminal tmux-256color \; new-session -d -x 200 -y 50 -- env XDG_STATE_HOME=/dev/null "$GANTRY_BINARY" -H "$address" \
    --log-file "$work/requests"
wait_for 20 "the list of containers" shows "deep-00"
gantry=$(terminal display-message -p '#{pane_pid}')
note "opened"
press l m
wait_for 10 "the choice of what is merged" shows "soak=1"
press j Enter
wait_for 20 "the merged log" shows "soak=1"
note "merged"
# What was written before the last 1,000 lines of each is fetched when one scrolls up to it.
begins() { press g; shows "start of the log"; }
wait_for 60 "the start of the log" begins
press f
wait_for 10 "the newest lines" shows "following"

while kill -0 "$gantry" 2>/dev/null; do
    resident=$(awk '/^VmRSS/ { print $2 }' "/proc/$gantry/status")
    echo "$(now) $resident" >>"$work/memory"
    sleep 4
done &
sampler=$!

# What a person does meanwhile, one part every few seconds. Each scene begins and ends with the whole log followed.
scenes=(
    "k k k|PPage PPage|f"
    "/ 'lazy Enter|n n|N|Escape f"
    "& 'fox Enter|k PPage|& C-n Enter|Escape f"
    "resize 120 40|PPage k|resize 200 50|f"
    "t t|w|PPage|w t t f"
    "{ {|}|g|NPage NPage|G"
    "z|resize 90 30|resize 200 50|z f"
    "o o o|# #|C|C f"
    "v k k k|Escape f|@ '-1m Enter|f"
    "Escape c|i|t|Escape l f"
)
scene=0 rest=
act() {
    local words
    if [ -z "$rest" ]; then
        rest=${scenes[scene % ${#scenes[@]}]}
        scene=$((scene + 1))
    fi
    words=${rest%%|*}
    if [[ $rest == *"|"* ]]; then rest=${rest#*|}; else rest=; fi
    # Keys, and not names of files.
    set -f
    # shellcheck disable=SC2086
    set -- $words
    set +f
    if [ "$1" = resize ]; then terminal resize-window -x "$2" -y "$3"; else press "$@"; fi
}

say "$minutes min"
begin=$SECONDS
every=$((length / 40 > 8 ? length / 40 : 8))
next_start=$every next_act=3 turn=0 engine_at=$((length / 2))
ways=(restart kill stop restart pause kill)
while passed=$((SECONDS - begin)) && [ $passed -lt $length ]; do
    kill -0 "$gantry" 2>/dev/null || fail "gantry has ended"
    if [ "$engine_at" -gt 0 ] && [ $passed -ge $engine_at ]; then
        engine_at=0
        note "Engine stops"
        bash Tests/engine.sh stop "$engine"
        note "Engine is gone"
        wait_for 20 "Gantry to notice" shows STALE
        press k k PPage f
        sleep 5
        note "Engine starts"
        bash Tests/engine.sh start "$engine" >/dev/null
        note "Engine is back"
        say "the Engine was away"
    elif [ $passed -ge $next_start ] && [ $passed -lt $((length - 10)) ]; then
        start_again "${ways[turn % ${#ways[@]}]}"
        turn=$((turn + 1))
        next_start=$((SECONDS - begin + every))
    elif [ $passed -ge $next_act ]; then
        act
        next_act=$((SECONDS - begin + 4))
    fi
    sleep 0.5
done

# MARK: The end

kill "$sampler"
sampler=
say "the writers end"
note "the end"
# One that is waiting for its next start is not running, and is not started again either.
docker update --restart no "${names[@]}" >/dev/null
docker kill "${names[@]}" >/dev/null 2>&1 || true
for name in "${names[@]}"; do
    docker wait "$name" >/dev/null
    # What a run wrote last has no line end, and docker has the next run's first line right behind it.
    docker logs "$name" 2>&1 | tr -d '\r' | sed "s/last words$name /last words\n$name /; \$a\\" >"$work/written/$name"
    docker logs -t "$name" 2>&1 | sed 's/last words20/last words\n20/' | cut -c1-100 |
        awk -v name="$name" '$2 == name { print $1, $3 }' >"$work/times/$name"
done
total=$(cat "$work"/written/* | wc -l)
while [ -n "$rest" ]; do act; done
shown() { screen | grep -oE '(following|ended) · [0-9,]+ lines' | grep -oE '[0-9,]+' | tr -d ,; }
all_shown() { [ "$(shown)" = "$total" ]; }
end=$((SECONDS + 30))
until all_shown || [ $SECONDS -ge $end ]; do sleep 0.5; done
all_shown || problems+=("Gantry says $(shown) lines, docker logs $total")
screen >"$work/screen"
press C-s C-u "'$work/saved" Enter
wait_for 30 "the saved lines" shows "lines saved to"
press q

for name in "${names[@]}"; do
    LC_ALL=C awk -v name="$name" '
        index($0, name " | ") == 1 { text = substr($0, length(name) + 4); if (index(text, "── ") != 1) print text }
    ' "$work/saved" >"$work/held/$name"
done

# Every line there once, and in the same order. What is wrong goes into a file, with its number.
printf '\n%-12s %9s %9s %9s %6s %6s %8s %9s\n' container restarts written held lost twice foreign disorder
for name in "${names[@]}"; do
    result=$(LC_ALL=C awk -v wrong="$work/wrong" -v name="$name" '
        FNR == NR { place[$0] = FNR; text[FNR] = $0; written++; next }
        !($0 in place) { foreign++; print name, $2, "foreign" >>wrong; next }
        $0 in seen { twice++; print name, $2, "twice" >>wrong; next }
        { seen[$0] = 1; if (place[$0] < last) { disorder++; print name, $2, "disorder" >>wrong } last = place[$0] }
        END {
            for (i = 1; i <= written; i++)
                if (!(text[i] in seen)) { lost++; print name, (split(text[i], word, " ") ? word[2] : ""), "lost" >>wrong }
            print written + 0, FNR + 0, lost + 0, twice + 0, foreign + 0, disorder + 0
        }' "$work/written/$name" "$work/held/$name")
    # shellcheck disable=SC2086
    printf '%-12s %9s %9s %9s %6s %6s %8s %9s\n' "$name" "${restarts[$name]}" $result
    [[ $result == *" 0 0 0 0" ]] || problems+=("$name: not all lines once and in order")
    # The test itself: numbers that are unique, and no hole but where a kill came between number and line.
    holes=$(awk -v kills="${kills[$name]}" '
        { if ($2 in seen) twice++; seen[$2] = 1; if ($2 > most) most = $2; count++ }
        END { if (twice || most - count > kills) print "the log of the Engine has " twice + 0 " numbers twice, " \
            most - count " of " most " missing after " kills " kills" }' "$work/times/$name")
    [ -z "$holes" ] || problems+=("$name: $holes")
done
printf '%-12s %9s %9s %9s\n\n' all "" "$total" "$(cat "$work"/held/* | wc -l)"

# Each wrong line with its time and what had happened last before it.
if [ -s "$work/wrong" ]; then
    echo "wrong lines, the first 40 of $(wc -l <"$work/wrong"):"
    head -40 "$work/wrong" | while read -r name number what; do
        time=$(awk -v number="$number" '$2 == number { print $1; exit }' "$work/times/$name")
        at=$([ -z "$time" ] || date -d "$time" +%s.%3N)
        before=$(awk -v at="${at:-0}" '$1 <= at { line = $0 } END { print line }' "$work/moments")
        printf '  %-12s %6s %-9s %s' "$name" "$number" "$what" "${time:-not in docker logs}"
        [ -z "$before" ] || printf ', %.1f s after: %s' "$(echo "$at ${before%% *}" | awk '{ print $1 - $2 }')" "${before#* }"
        echo
    done
    echo
fi

# The lines of all containers in the order of the Engine's times. The two streams of one may be a little out of order.
for name in "${names[@]}"; do sed "s/\$/ $name/" "$work/times/$name"; done |
    LC_ALL=C awk '
        function seconds(time) { return substr(time, 12, 2) * 3600 + substr(time, 15, 2) * 60 + substr(time, 18, 12) }
        FNR == NR { at[$3 " " $2] = $1; next }
        $2 == "|" && ($3 " " $4) in at {
            time = at[$3 " " $4]
            if (time < latest) { late++; gap = seconds(latest) - seconds(time); if (gap > most) most = gap } else latest = time
        }
        END { printf "%d %.3f\n", late, most }' - "$work/saved" >"$work/order"
read -r late most <"$work/order"
echo "merged: $late lines stand behind a later one, by $most s at most"
awk -v most="$most" 'BEGIN { exit !(most > 0.5) }' && problems+=("the merged log is not in the order of times")

# Memory, also without the lines that are held (16 bytes and its text for each).
for name in "${names[@]}"; do paste -d' ' "$work/times/$name" <(LC_ALL=C awk '{ print length($0) + 16 }' "$work/written/$name"); done |
    sort | awk '{ print $1, $3 }' >"$work/sizes"
midnight=$(date -u -d "$(head -1 "$work/sizes" | cut -c1-10)" +%s)
LC_ALL=C awk -v midnight="$midnight" '
    function seconds(time) { return substr(time, 12, 2) * 3600 + substr(time, 15, 2) * 60 + substr(time, 18, 12) }
    FNR == NR {
        at = midnight + seconds($1); if (at < last - 43200) { midnight += 86400; at += 86400 }
        last = at; time[++lines] = at; held[lines] = held[lines - 1] + $2; next
    }
    { while (next_line < lines && time[next_line + 1] <= $1) next_line++
      printf "%s %d %d\n", $1, $2, $2 - held[next_line] / 1024 }' "$work/sizes" "$work/memory" >"$work/curve"

echo
printf '%-28s %8s %8s %8s %8s %12s %8s\n' "memory in KB" "quarter1" 2 3 4 "KB a minute" max-min
memory() { # TITLE COLUMN
    local samples quarter medians=() part
    samples=$(wc -l <"$work/curve")
    quarter=$((samples / 4))
    for part in 0 1 2 3; do
        medians+=("$(awk -v column="$2" -v first=$((part * quarter)) -v last=$(((part + 1) * quarter)) \
            'NR > first && NR <= last { print $column }' "$work/curve" | sort -n |
            awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }')")
    done
    # shellcheck disable=SC2183
    printf '%-28s %8s %8s %8s %8s %12s %8s\n' "$1" "${medians[@]}" $(awk -v column="$2" -v first=$((2 * quarter)) '
        NR > first {
            if (!n) start = $1
            x = ($1 - start) / 60; y = $column; n++; sx += x; sy += y; sxx += x * x; sxy += x * y
            if (n == 1 || y > most) most = y
            if (n == 1 || y < least) least = y
        }
        END { d = n * sxx - sx * sx; printf "%.1f %d", d ? (n * sxy - sx * sy) / d : 0, most - least }' "$work/curve")
    grown=$((medians[3] - medians[2]))
}
memory "resident, less held lines" 3
memory "resident" 2
# What may have come between the middles of the last two quarters: lines, which may take 1.3 times their bytes (the bound
# that the program promises for them); the figures of each container, 48 bytes a second until there are 900; and what
# the allocator and the pages of the program vary by.
held_at() { awk -v part="$1" 'NR == FNR { n++; next } FNR > (part - 0.5) * int(n / 4) { print $2 - $3; exit }' "$work"/curve{,}; }
lines_grown=$(($(held_at 4) - $(held_at 3)))
open_for=$(awk 'NR == 1 { first = $1 } { last = $1 } END { print int(last - first) }' "$work/curve")
points() { echo $((open_for * $1 / 8 < 900 ? open_for * $1 / 8 : 900)); }
figures_grown=$(((($(points 7) - $(points 5)) * 48 * ${#names[@]}) / 1024))
noise=1024
allowed=$((lines_grown * 13 / 10 + figures_grown + noise))
echo "(quarters: medians; slope and range: second half)"
echo "rule, quarter 3 to 4: resident grew by $grown KB of at most $allowed: 1.3 x $lines_grown of lines, $figures_grown of" \
    "figures, $noise of chance"
[ "$grown" -le "$allowed" ] || problems+=("memory grew by $grown KB, and may by $allowed")

echo
if [ ${#problems[@]} -gt 0 ]; then
    printf 'problem: %s\n' "${problems[@]}"
    keep=yes
    exit 1
fi
echo "$total lines of ${#names[@]} containers: every one held once and in order, memory within its rule"
