#!/usr/bin/env python3
"""Pictures of the real program for the README, as small SVGs under Tests/Pictures.

usage: Tests/pictures.py [path of gantry]

It runs `gantry --demo` in tmux, presses some keys, takes what is on the screen with its colours, and draws that: text as
text, lines and blocks as shapes, so that they meet whatever the font. The demo shows the same host for the same seed; the
clock and the figures are those of the moment.
"""
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
SERVER = f"gantry-pictures-{os.getpid()}"
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8, 17, 13.2
# The terminal's own colours, where a theme leaves them.
OWN = {"dark": ("#d0d0d0", "#1c1c1c")}

# Name, size, theme, keys; a number among the keys is a pause in seconds.
PICTURES = [
    ("list-dark-80x24", (80, 24), "dark", ["j", "j"]),
    ("list-catppuccin-80x24", (80, 24), "catppuccin", ["j", "j"]),
    ("whole-dark-200x50", (200, 50), "dark", ["j", "j"]),
    ("charts-catppuccin-200x50", (200, 50), "catppuccin", ["j", "j", "j", "c", 100]),
]


def tmux(*words):
    return subprocess.run(["tmux", "-L", SERVER, *words], capture_output=True, text=True, check=True).stdout


def take(program, size, theme, keys):
    """The screen after the keys, as lines with escape sequences."""
    folder = tempfile.mkdtemp(prefix="gantry-pictures-")
    environment = f"XDG_CONFIG_HOME={folder} XDG_STATE_HOME={folder} TERM=tmux-256color LANG=C.UTF-8"
    state = Path(folder, "gantry")
    state.mkdir()
    # No tour: it is not the first time.
    (state / "state.json").write_text('{"hasSeenTour":true}')
    tmux("-f", "/dev/null", "new-session", "-d", "-s", theme, "-x", str(size[0]), "-y", str(size[1]),
         f"env -u NO_COLOR {environment} {program} --demo --theme {theme}")
    try:
        time.sleep(12)
        for key in keys:
            if isinstance(key, str):
                tmux("send-keys", "-t", theme, key)
                time.sleep(0.5)
            else:
                time.sleep(key)
        time.sleep(3)
        return tmux("capture-pane", "-t", theme, "-p", "-e").split("\n")[: size[1]]
    finally:
        tmux("kill-session", "-t", theme)
        subprocess.run(["rm", "-r", folder], check=False)


def palette(index):
    first = ["#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5", "#7f7f7f",
             "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"]
    if index < 16:
        return first[index]
    if index < 232:
        levels = [0, 95, 135, 175, 215, 255]
        step = index - 16
        return "#%02x%02x%02x" % (levels[step // 36], levels[step // 6 % 6], levels[step % 6])
    return "#%02x%02x%02x" % ((8 + 10 * (index - 232),) * 3)


def cells(line, own, style):
    """Letters with foreground, background and attributes; tmux goes on with the style of the line before."""
    result = []
    for part in re.split(r"(\x1b\[[0-9;:]*m)", line):
        sequence = re.fullmatch(r"\x1b\[([0-9;:]*)m", part)
        if not sequence:
            for letter in part:
                if unicodedata.combining(letter) and result:
                    result[-1] = (result[-1][0] + letter, *result[-1][1:])
                    continue
                fg, bg = style["fg"] or own[0], style["bg"] or own[1]
                if style["reverse"]:
                    fg, bg = bg, fg
                looks = (fg, style["bold"], style["italic"], style["underline"])
                result.append((letter, looks, bg))
                if unicodedata.east_asian_width(letter) in "WF":
                    result.append(("", looks, bg))
            continue
        numbers = [int(number or 0) for number in re.split("[;:]", sequence.group(1))]
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                style.update(dict.fromkeys(style))
            elif number in (1, 3, 4, 7):
                style[{1: "bold", 3: "italic", 4: "underline", 7: "reverse"}[number]] = True
            elif number in (22, 23, 24, 27):
                style[{22: "bold", 23: "italic", 24: "underline", 27: "reverse"}[number]] = False
            elif number in (38, 48):
                if numbers.pop(0) == 5:
                    style["fg" if number == 38 else "bg"] = palette(numbers.pop(0))
                else:
                    red, green, blue = numbers[:3]
                    del numbers[:3]
                    style["fg" if number == 38 else "bg"] = "#%02x%02x%02x" % (red, green, blue)
            elif number in (39, 49):
                style["fg" if number == 39 else "bg"] = None
            elif 30 <= number <= 37 or 90 <= number <= 97:
                style["fg"] = palette(number - 30 if number < 90 else number - 82)
            elif 40 <= number <= 47 or 100 <= number <= 107:
                style["bg"] = palette(number - 40 if number < 100 else number - 92)
    return result


def shape(letter, x, y):
    """What is drawn as a shape: its kind, and the path."""
    w, h = CELL_WIDTH, CELL_HEIGHT
    cx, cy = x + w / 2, y + h / 2
    lines = {
        "─": f"M{x} {cy}h{w}", "━": f"M{x} {cy}h{w}", "│": f"M{cx} {y}v{h}",
        "╭": f"M{cx} {y + h}V{cy + 4}q0-4 4-4H{x + w}", "╮": f"M{x} {cy}H{cx - 4}q4 0 4 4V{y + h}",
        "╰": f"M{cx} {y}V{cy - 4}q0 4 4 4H{x + w}", "╯": f"M{x} {cy}H{cx - 4}q4 0 4-4V{y}",
    }
    if letter in lines:
        return "stroke", lines[letter]
    if letter in "▁▂▃▄▅▆▇█":
        height = h * ("▁▂▃▄▅▆▇█".index(letter) + 1) / 8
        return "fill", f"M{x} {y + h - height:g}h{w}v{height:g}h-{w}z"
    if letter in "▏▎▍▌▋▊▉":
        width = "▏▎▍▌▋▊▉".index(letter) + 1
        return "fill", f"M{x} {y}h{width}v{h}h-{width}z"
    if 0x2801 <= ord(letter[0]) <= 0x28FF:
        dots, path = ord(letter[0]) - 0x2800, ""
        for bit, (column, row) in enumerate([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]):
            if dots >> bit & 1:
                path += f"M{x + 1 + column * 4:g} {y + 1.5 + row * 4.2:g}h2v2h-2z"
        return "fill", path
    return None, ""


def draw(lines, size, own):
    style = dict.fromkeys(["fg", "bg", "bold", "italic", "underline", "reverse"])
    grid = [cells(line, own, style) for line in lines]
    width, height = size[0] * CELL_WIDTH, size[1] * CELL_HEIGHT
    # What most cells stand on is the picture's own colour.
    counts = {}
    for row in grid:
        for _, _, background in row:
            counts[background] = counts.get(background, 0) + 1
    page = max(counts, key=counts.get)
    boxes, shapes, texts = {}, {}, []
    for y, row in enumerate(grid):
        top = y * CELL_HEIGHT
        start = 0
        while start < len(row):
            background = row[start][2]
            end = start
            while end < len(row) and row[end][2] == background:
                end += 1
            if background != page:
                boxes.setdefault(background, []).append(
                    f"M{start * CELL_WIDTH} {top}h{(end - start) * CELL_WIDTH}v{CELL_HEIGHT}H{start * CELL_WIDTH}z")
            start = end
        start = 0
        while start < len(row):
            letter, looks, _ = row[start]
            kind, path = shape(letter, start * CELL_WIDTH, top) if letter.strip() else (None, "")
            if kind:
                shapes.setdefault((kind, looks[0]), []).append(path)
                start += 1
                continue
            end, text = start, ""
            while end < len(row) and row[end][1] == looks and not (
                    row[end][0].strip() and shape(row[end][0], 0, 0)[0]) and not text.endswith("  "):
                text += row[end][0]
                end += 1
            left = len(text) - len(text.lstrip())
            text_width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
                             for c in text.strip())
            if text.strip():
                texts.append((looks, (start + left) * CELL_WIDTH, top, text.strip(), text_width * CELL_WIDTH))
            start = max(end, start + 1)
    classes = {}
    out = []
    for background, paths in boxes.items():
        out.append(f'<path fill="{background}" d="{"".join(paths)}"/>')
    for (kind, colour), paths in shapes.items():
        fill = f'fill="{colour}"' if kind == "fill" else f'fill="none" stroke="{colour}"'
        out.append(f'<path {fill} d="{"".join(paths)}"/>')
    for looks, x, y, text, length in texts:
        name = classes.setdefault(looks, f"s{len(classes)}")
        out.append(f'<text class="{name}" x="{x}" y="{y + 13}" textLength="{length}">{escape(text)}</text>')
    rules = []
    for (colour, bold, italic, underline), name in classes.items():
        rules.append(f".{name}{{fill:{colour}" + (";font-weight:bold" if bold else "")
                     + (";font-style:italic" if italic else "") + (";text-decoration:underline" if underline else "")
                     + "}")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 {width + 16} {height + 16}">\n'
            f"<style>text{{font:{FONT_SIZE}px 'DejaVu Sans Mono',Menlo,Consolas,monospace;white-space:pre}}"
            + "".join(rules) + "</style>\n"
            f'<rect x="-8" y="-8" width="{width + 16}" height="{height + 16}" rx="8" fill="{page}"/>\n'
            + "\n".join(out) + "\n</svg>\n")


def main():
    program = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / ".build/release/gantry").resolve()
    if not program.exists():
        sys.exit(f"{program} is not there: build it first")
    folder = HERE / "Pictures"
    folder.mkdir(exist_ok=True)
    try:
        for name, size, theme, keys in PICTURES:
            lines = take(program, size, theme, keys)
            file = folder / f"{name}.svg"
            file.write_text(draw(lines, size, OWN.get(theme, OWN["dark"])))
            print(file, file.stat().st_size, "bytes")
    finally:
        subprocess.run(["tmux", "-L", SERVER, "kill-server"], capture_output=True, check=False)


if __name__ == "__main__":
    main()
