/// What is drawn where only ASCII can be: every state and every line of ours keeps a shape of its own.
enum ASCIIFallback {
    /// The stand-in for a scalar, always printable ASCII; "?" for what has none.
    static func scalar(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        switch value {
        case 0x20..<0x7F: return scalar
        case 0x2500...0x257F: return line(value)
        case 0x2800...0x28FF: return braille(value)
        default: return table[scalar] ?? "?"
        }
    }

    private static func line(_ value: UInt32) -> Unicode.Scalar {
        switch value {
        case 0x2500...0x2501, 0x2504...0x2505, 0x2508...0x2509, 0x254C...0x254D, 0x2550, 0x2574, 0x2576, 0x2578,
            0x257A, 0x257C, 0x257E:
            return "-"
        case 0x2502...0x2503, 0x2506...0x2507, 0x250A...0x250B, 0x254E...0x254F, 0x2551, 0x2575, 0x2577, 0x2579,
            0x257B, 0x257D, 0x257F:
            return "|"
        case 0x2571: return "/"
        case 0x2572: return "\\"
        case 0x2573: return "X"
        default: return "+"
        }
    }

    /// Graphs of braille dots: more dots, more ink.
    private static func braille(_ value: UInt32) -> Unicode.Scalar {
        switch (value & 0xFF).nonzeroBitCount {
        case 0: return " "
        case 1...2: return "."
        case 3...5: return ":"
        default: return "#"
        }
    }

    private static let table: [Unicode.Scalar: Unicode.Scalar] = [
        // The states of containers.
        "●": "R", "◐": "~", "‖": "P", "◌": "C", "○": "-", "✕": "X", "◔": "s",
        // Sparklines and bars.
        "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%", "█": "#",
        "░": ".", "▒": ":", "▓": "#", "▏": "|", "▎": "|", "▍": "|", "▌": ">", "▋": "#", "▊": "#", "▉": "#", "▐": "<",
        // Arrows and marks.
        "↑": "^", "↓": "v", "←": "<", "→": ">", "▴": "^", "▾": "v", "▲": "^", "▼": "v", "▸": ">", "◂": "<", "▶": ">",
        "◀": "<", "‹": "<", "›": ">", "«": "<", "»": ">", "↵": "<", "↪": ">", "⏎": "<", "✓": "+", "✔": "+", "✗": "x",
        "✘": "x",
        "×": "x", "★": "*", "☆": "*", "•": "*", "◆": "*", "◇": "o", "■": "#", "□": "o", "⚠": "!",
        // Punctuation.
        "…": "~", "·": ".", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": "\"", "”": "\"", "\u{A0}": " ",
        "µ": "u", "°": "o", "≥": ">", "≤": "<", "≈": "~",
    ]
}
