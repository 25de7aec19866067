#!/usr/bin/env python3
"""Measures terminal dashboards against a private Engine; Tests/measure.sh starts it and says more."""

import argparse
import fcntl
import os
import pathlib
import platform
import pty
import random
import re
import select
import shlex
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time

import psutil
import pyte

IMAGE = "demo/busybox:1.35"
# The first of the list by name, and busy, so that its figures are on every screen and never zero.
BUSY = "aaa-busy"
# What every screen shows once the list is there; agents are what the simulated Engine has most of.
ROW = re.compile(r"aaa-busy|bbb-logger|idle-\d\d|flood|agent-\d+")
# In the row of the busy one: a size, which is there before any rate is; a decimal figure other than zero that is no
# size, which is its CPU. The version of its image is neither.
ANY_FIGURE = re.compile(r"(?:aaa-busy|agent-\d+).*(?<![\w.:/-])[1-9]\d*(?:\.\d+)? ?[kKMG](?:i?B)?(?!\w)")
CPU_FIGURE = re.compile(
    r"(?:aaa-busy|agent-\d+).*(?<![\w.:/-])(?:[1-9]\d*\.\d+|0\.\d*[1-9]\d*)(?![\d.]| ?[kKMG])")
END = "ZQENDQZ"
LINE = "the quick brown fox jumps over the lazy dog 0123456789 abcdefghij"
now = time.perf_counter


class Terminal:
    """A program in a terminal of its own. Bytes get their time when they are read; the screen is made of them later."""

    # Sequences that pyte takes for text: private modes with a prefix, requests, strings.
    UNKNOWN = re.compile(rb"\x1b\[[<=>][0-9;:]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^X][^\x1b]*\x1b\\")
    UNFINISHED = re.compile(rb"\x1b(?:[\[\]P_^X][^\x1b@-Z\\^-~]{0,200})?$")

    def __init__(self, command, size, environment):
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.rest = b""
        self.bytes = 0
        self.first = None
        self.ended = False
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.began = now()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, preexec_fn=own_terminal
        )
        os.close(slave)
        self.master = master
        self.screen.write_process_input = lambda text: os.write(master, text.encode())

    def read(self, timeout):
        """The next bytes and when they came, or None."""
        if self.ended or not select.select([self.master], [], [], max(0, timeout))[0]:
            return None
        try:
            data = os.read(self.master, 1 << 18)
        except OSError:
            data = b""
        at = now()
        if not data:
            self.ended = True
            return None
        if self.first is None:
            self.first = at - self.began
        self.bytes += len(data)
        return at, data

    def feed(self, data):
        data = self.UNKNOWN.sub(b"", self.rest + data)
        cut = self.UNFINISHED.search(data)
        self.rest = data[cut.start():] if cut else b""
        self.stream.feed(data[: cut.start()] if cut else data)

    def text(self):
        return "\n".join(self.screen.display)

    def until(self, expression, limit):
        """Seconds from the start to the bytes that put a text on the screen; None when they did not come."""
        end = now() + limit
        if expression.search(self.text()):
            return now() - self.began
        while now() < end and not self.ended:
            chunk = self.read(end - now())
            if chunk:
                self.feed(chunk[1])
                if expression.search(self.text()):
                    return chunk[0] - self.began
        return None

    def watch(self, seconds):
        end = now() + seconds
        while now() < end and not self.ended:
            chunk = self.read(end - now())
            if chunk:
                self.feed(chunk[1])

    def take(self, seconds):
        """What comes in so many seconds, unread: reading it would take time of the one processor or two."""
        end = now() + seconds
        chunks = []
        while now() < end and not self.ended:
            chunk = self.read(end - now())
            if chunk:
                chunks.append(chunk[1])
        return chunks

    def marks(self):
        """How each row stands out: what moves when the selection does."""
        marks = []
        for row in range(self.screen.lines):
            cells = self.screen.buffer[row]
            styles = [(cells[x].bg, cells[x].reverse) for x in range(self.screen.columns)]
            marks.append(styles)
        return marks

    def key(self, key, limit=2.0):
        """Milliseconds from a key to the bytes that change which row stands out; None when none did."""
        quiet = now() + 0.5
        while now() < quiet:
            chunk = self.read(0.06)
            if not chunk:
                break
            self.feed(chunk[1])
        before = self.marks()
        self.screen.dirty.clear()
        pressed = now()
        os.write(self.master, key.encode())
        while now() < pressed + limit and not self.ended:
            chunk = self.read(pressed + limit - now())
            if not chunk:
                continue
            self.feed(chunk[1])
            dirty = set(self.screen.dirty)
            self.screen.dirty.clear()
            if dirty:
                after = self.marks()
                if any(after[row] != before[row] for row in dirty if row < len(after)):
                    return (chunk[0] - pressed) * 1000
        return None

    def close(self):
        """Asks it to end as a person would, then as the system does."""
        for ask in (lambda: os.write(self.master, b"q"), lambda: os.write(self.master, b"\x03"),
                    lambda: self.process.terminate(), lambda: self.process.kill()):
            if self.process.poll() is None:
                try:
                    ask()
                except OSError:
                    pass
                end = now() + 1
                while now() < end and self.process.poll() is None:
                    self.read(0.05)
        self.process.wait()
        os.close(self.master)


# What processes use


def family(pid):
    process = psutil.Process(pid)
    return [process] + process.children(recursive=True)


def busy_seconds(processes):
    """Processor time of all threads, by the scheduler's own account: finer than ticks."""
    total = 0
    for process in processes:
        try:
            for thread in os.listdir(f"/proc/{process.pid}/task"):
                total += int(open(f"/proc/{process.pid}/task/{thread}/schedstat").read().split()[0])
        except OSError:
            pass
    return total / 1e9


def memory(pid):
    """Proportional set size in megabytes."""
    total = 0
    for process in family(pid):
        try:
            text = open(f"/proc/{process.pid}/smaps_rollup").read()
            total += int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


def peak(pid):
    total = 0
    for process in family(pid):
        try:
            total += int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{process.pid}/status").read()).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


# The Engine and what runs on it


class Engine:
    def __init__(self, folder):
        self.folder = folder
        self.host = f"unix://{folder}/docker.sock"
        self.pid = int(open(f"{folder}/dockerd.pid").read())

    def docker(self, *arguments, check=True):
        command = [os.environ.get("DOCKER", "docker"), "-H", self.host, *arguments]
        return subprocess.run(command, check=check, capture_output=True, text=True).stdout.strip()

    def processes(self):
        server = psutil.Process(self.pid)
        return [server] + [child for child in server.children() if child.name() == "containerd"]

    def clear(self):
        ids = self.docker("ps", "-aq").split()
        for start in range(0, len(ids), 20):
            self.docker("rm", "-f", *ids[start : start + 20], check=False)

    def scene(self, count):
        """So many containers: one busy, one that writes ten lines a second, the others asleep."""
        self.clear()
        jobs = [
            (BUSY, "while :; do seq 1 20000 >/dev/null; sleep 0.2; done"),
            ("bbb-logger", f'while :; do echo "$(date) {LINE}"; sleep 0.1; done'),
        ] + [(f"idle-{number:03}", "exec sleep 1000000") for number in range(1, count - 1)]
        running = []
        for name, script in jobs[:count]:
            while len([process for process in running if process.poll() is None]) >= 3:
                time.sleep(0.02)
            command = [os.environ.get("DOCKER", "docker"), "-H", self.host, "run", "-d", "--name", name]
            command += ["--network", "none", IMAGE, "/bin/sh", "-c", script]
            running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for process in running:
            process.wait()
        up = len(self.docker("ps", "-q").split())
        if up != count:
            sys.exit(f"{up} of {count} containers run")
        time.sleep(5)

    def flood(self, lines):
        """A container that writes so many lines as soon as somebody writes to its pipe, which this returns."""
        self.clear()
        folder = f"{self.folder}/flood"
        os.makedirs(folder, exist_ok=True)
        pipe = f"{folder}/go"
        if not os.path.exists(pipe):
            os.mkfifo(pipe)
        script = f'echo READY-MARK; read go </flood/go; yes "{LINE}" | head -n {lines}; echo {END}; exec sleep 1000000'
        self.docker(
            "run", "-d", "--name", "flood", "--network", "none", "-v", f"{folder}:/flood", IMAGE, "/bin/sh", "-c", script
        )
        time.sleep(1)
        return pipe


class DemoEngine:
    """Gantry's simulated Engine, in a Gantry of its own, so that its cost is nobody's."""

    def __init__(self, gantry, count, folder, environment):
        self.folder = f"{folder}/demo-{count}"
        os.makedirs(self.folder, exist_ok=True)
        environment = dict(environment, TMPDIR=self.folder)
        self.terminal = Terminal([gantry, "--demo", "--demo-containers", str(count)], (80, 24), environment)
        if self.terminal.until(ROW, 60) is None:
            self.terminal.close()
            sys.exit("the simulated Engine shows no rows")
        # It goes on writing its screen, which somebody has to read.
        self.socket = next(pathlib.Path(self.folder).glob("gantry-demo.*/docker.sock"))
        self.host = f"unix://{self.socket}"
        self.reader = os.fork()
        if self.reader == 0:
            while not self.terminal.ended:
                self.terminal.read(3600)
            os._exit(0)

    def processes(self):
        return []

    def close(self):
        os.kill(self.reader, signal.SIGKILL)
        os.waitpid(self.reader, 0)
        self.terminal.close()


# Measuring


def look(program, engine, options, size, window):
    """One start of a program, a while of watching it, some keys."""
    # Machines give back the memory of files that nobody has read for a while: each begins with its own in memory.
    file = shutil.which(shlex.split(program.command)[0])
    with open(file, "rb") as pages:
        while pages.read(1 << 20):
            pass
    terminal = Terminal(shlex.split(program.command), size, options.environment(engine))
    result = {}
    try:
        result["rows"] = milliseconds(terminal.until(ROW, 30))
        result["first"] = milliseconds(terminal.first)
        result["figures"] = milliseconds(terminal.until(ANY_FIGURE, 15))
        result["rates"] = milliseconds(terminal.until(CPU_FIGURE, 15))
        terminal.watch(3)
        own, theirs, wrote, began = family(terminal.process.pid), engine.processes(), terminal.bytes, now()
        own_before, theirs_before = busy_seconds(own), busy_seconds(theirs)
        chunks = terminal.take(window)
        took = now() - began
        result["cpu"] = 100 * (busy_seconds(family(terminal.process.pid)) - own_before) / took
        result["engine"] = 100 * (busy_seconds(theirs) - theirs_before) / took
        result["written"] = (terminal.bytes - wrote) / took
        result["pss"] = memory(terminal.process.pid)
        for chunk in chunks:
            terminal.feed(chunk)
        keys, missed = [], 0
        for number in range(options.keys):
            terminal.watch(random.uniform(0.05, 0.2))
            took = terminal.key("jk"[number % 2])
            if took is not None:
                keys.append(took)
            else:
                missed += 1
                if missed > 2 and not keys:
                    break
        result["keys"] = keys
        result["missed"] = missed if keys else 0
        if options.screens:
            print("\n".join(terminal.screen.display), file=sys.stderr)
    finally:
        terminal.close()
    return result


def flood(program, engine, options, size):
    """How long until the last line of a flood is on the screen."""
    pipe = engine.flood(options.lines)
    terminal = Terminal(shlex.split(program.command), size, options.environment(engine))
    result = {}
    plain = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b\([A-Z0-9]")
    try:
        if terminal.until(re.compile("READY-MARK"), 10) is None:
            print(f"{program.name} does not show the log", file=sys.stderr)
            return result
        terminal.watch(1)
        own, before = family(terminal.process.pid), 0
        before = busy_seconds(own)
        began = now()
        with open(pipe, "w") as trigger:
            trigger.write("go\n")
        unread, tail, looked = [], b"", began
        while now() < began + options.limit and not terminal.ended and "last" not in result:
            chunk = terminal.read(0.02)
            if chunk:
                unread.append(chunk[1])
                text = plain.sub(b"", tail + chunk[1])
                tail = chunk[1][-64:]
                if END.encode() in text:
                    result["last"] = chunk[0] - began
            # What draws only cells that change may never write the word in one piece: then the screen tells.
            elif unread and sum(map(len, unread)) < 1 << 18 and now() > looked + 0.1:
                looked = now()
                for part in unread:
                    terminal.feed(part)
                unread = []
                if END in terminal.text():
                    result["last"] = looked - began
        result["cpu"] = busy_seconds(family(terminal.process.pid)) - before
        result["peak"] = peak(terminal.process.pid)
    finally:
        terminal.close()
    return result


def milliseconds(seconds):
    return None if seconds is None else seconds * 1000


# Tables


def median(results, name, digits=0):
    values = [result[name] for result in results if result.get(name) is not None]
    return f"{statistics.median(values):,.{digits}f}" if values else "–"


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, round(share * (len(values) - 1)))]


def key_times(results):
    runs = [result["keys"] for result in results if result.get("keys")]
    if not runs:
        return "–"
    middle = statistics.median(statistics.median(keys) for keys in runs)
    late = statistics.median(percentile(keys, 0.95) for keys in runs)
    missed = sum(result.get("missed", 0) for result in results)
    return f"{middle:.1f} / {late:.1f}" + (f" ({missed} missed)" if missed else "")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def machine(engine):
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    engine_version = engine.docker("version", "--format", "{{.Server.Version}} (API {{.Server.APIVersion}})")
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors ({model.group(1).strip() if model else 'unknown'}), "
        f"{platform.system()} {platform.release()}, Engine {engine_version}"
    )


class Program:
    def __init__(self, text):
        self.name, _, self.command = text.partition("=")
        if not self.command:
            raise argparse.ArgumentTypeError("NAME=COMMAND")


class Options(argparse.Namespace):
    def environment(self, engine):
        home = f"{self.engine}/home"
        os.makedirs(home, exist_ok=True)
        # Where nothing can be remembered no start is the first: there is no tour in the way of what is measured.
        return dict(
            os.environ, TERM="xterm-256color", COLORTERM="truecolor", DOCKER_HOST=engine.host, HOME=home, TMPDIR=home,
            XDG_STATE_HOME="/dev/null",
        )


def numbers(text):
    return [int(part) for part in text.split(",") if part]


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", required=True, help="the folder of a private Engine (Tests/engine.sh)")
    parser.add_argument("--gantry", required=True, help="the program")
    parser.add_argument("--program", type=Program, action="append", default=[], metavar="NAME=COMMAND",
                        help="measure this one as well")
    parser.add_argument("--follower", type=Program, action="append", default=[], metavar="NAME=COMMAND",
                        help="measure this one in the flood only: `docker logs -f flood`")
    parser.add_argument("--containers", type=numbers, default=[10, 50, 200], help="scenes on the Engine")
    parser.add_argument("--demo", type=numbers, default=[1000, 10000], help="sizes of the simulated Engine")
    parser.add_argument("--size", default="80x24", help="of the terminal")
    parser.add_argument("--runs", type=int, default=5, help="of which medians are taken")
    parser.add_argument("--window", type=float, default=30, help="seconds for which each is watched")
    parser.add_argument("--keys", type=int, default=40, help="keys that are pressed in each run")
    parser.add_argument("--lines", type=int, default=200_000, help="of the flood; 0 for none")
    parser.add_argument("--limit", type=float, default=60, help="seconds that the flood may take")
    parser.add_argument("--screens", action="store_true", help="show what each had on its screen, on stderr")
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    return parser.parse_args(namespace=Options())


def say(text):
    print(f"{time.strftime('%T')} {text}", file=sys.stderr, flush=True)


def watched(options, engine, size, programs, label):
    """Rows of the table for one scene; every program once, then again."""
    results = {program.name: [] for program in programs}
    idle = []
    for run in range(1, options.runs + 1):
        began, before, processes = now(), 0, engine.processes()
        before = busy_seconds(processes)
        time.sleep(options.window / 2)
        idle.append(100 * (busy_seconds(processes) - before) / (now() - began))
        for program in programs:
            result = look(program, engine, options, size, options.window)
            results[program.name].append(result)
            keys = key_times([result])
            say(f"{label} run {run} {program.name} "
                + " ".join(f"{k}={v:.1f}" for k, v in result.items() if isinstance(v, float)) + f" keys={keys}")
    base = statistics.median(idle)
    rows = []
    for program in programs:
        given = results[program.name]
        for result in given:
            result["above"] = result["engine"] - base if processes else None
        rows.append([
            program.name, label,
            " / ".join(median(given, name) for name in ("first", "rows", "figures", "rates")),
            key_times(given), median(given, "cpu", 2), median(given, "pss", 1), median(given, "written"),
            median(given, "above", 1),
        ])
    return rows


def main():
    # So that what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    size = tuple(map(int, options.size.split("x")))
    engine = Engine(options.engine)
    gantry = Program(f"gantry={shlex.quote(options.gantry)}")
    programs = [gantry] + options.program
    load = os.getloadavg()[0]
    rows = []
    for count in options.containers:
        say(f"{count} containers")
        engine.scene(count)
        rows += watched(options, engine, size, programs, f"{count:,}")
    engine.clear()
    for count in options.demo:
        say(f"{count} simulated containers")
        demo = DemoEngine(options.gantry, count, options.engine, options.environment(engine))
        try:
            rows += watched(options, demo, size, [gantry], f"{count:,} simulated")
        finally:
            demo.close()
    note = f"{machine(engine)}; release build, {options.size}, medians of {options.runs}."
    if load > 0.5:
        note += f" Other work was going on (load {load:.1f} at the start): read the rows against each other."
    out = [note, ""]
    out += table(
        ["program", "containers", "first byte / rows / memory / CPU ms", "key to screen ms, median / p95", "CPU %",
         "PSS MB", "bytes/s to the terminal", "Engine's CPU % above idle"], rows)
    if options.lines:
        floods = {}
        for run in range(1, options.runs + 1):
            for program in programs + options.follower:
                result = flood(program, engine, options, size)
                floods.setdefault(program.name, []).append(result)
                say(f"flood run {run} {program.name} " + " ".join(f"{k}={v:.2f}" for k, v in result.items()))
        engine.clear()
        out += ["", f"{options.lines:,} lines written at once to a log that is followed:", ""]
        out += table(
            ["program", "last line on the screen after s", "own CPU s", "peak MB"],
            [[name, median(given, "last", 2), median(given, "cpu", 2), median(given, "peak")]
             for name, given in floods.items() if any(given)])
    text = "\n".join(out)
    print(text)
    if options.readme:
        readme = pathlib.Path(__file__).parent.parent / "README.md"
        old = readme.read_text()
        new = re.sub(r"(<!-- measured -->\n).*?(<!-- /measured -->)", lambda m: m[1] + text + "\n" + m[2], old, flags=re.S)
        if new == old:
            sys.exit("README.md has no place for it: <!-- measured -->")
        readme.write_text(new)


if __name__ == "__main__":
    main()
