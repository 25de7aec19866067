import Terminal

/// A row of block characters, one a value, the newest at the right.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    static func spans(_ values: [Double], width: Int, maximum: Double) -> [Span] {
        guard width > 0 else { return [] }
        var spans: [Span] = []
        if values.count < width { spans.append(Span(String(repeating: " ", count: width - values.count))) }
        for value in values.suffix(width) {
            let share = maximum > 0 ? min(max(value / maximum, 0), 1) : 0
            let block = String(blocks[min(blocks.count - 1, Int(share * Double(blocks.count)))])
            let role = Role.graph(share)
            if spans.last?.role == role {
                spans[spans.count - 1].text += block
            } else {
                spans.append(Span(block, role))
            }
        }
        return spans
    }
}

/// A share as a horizontal bar.
enum Bar {
    private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    static func spans(_ share: Double, width: Int) -> [Span] {
        let share = share.isFinite ? min(max(share, 0), 1) : 0
        let parts = Int((share * Double(width * 8)).rounded())
        // A bar that is not empty shows: a sliver is not nothing.
        let filled = share > 0 ? max(1, parts) : 0
        var text = String(repeating: "█", count: filled / 8)
        if filled % 8 > 0 { text.append(eighths[filled % 8]) }
        let rest = width - text.count
        return [Span(text, .graph(share)), Span(String(repeating: "·", count: max(0, rest)), .axis)]
    }
}

extension Role {
    /// The colour of a share of the whole.
    static func graph(_ share: Double) -> Role { share < 0.6 ? .graphLow : share < 0.85 ? .graphMiddle : .graphHigh }
}

/// A line chart of braille dots, two columns and four rows a cell, filled below the line.
struct Chart {
    let title: String
    let values: [Double?]
    /// The top of the axis; at least this, more when a value is larger.
    let atLeast: Double
    /// Whether the axis counts in powers of two, as bytes do.
    var binary = false
    let format: (Double) -> String

    /// Draws title and newest value in the first row and the chart below it.
    func draw(_ frame: inout Frame, _ area: Rect, theme: Theme) {
        guard area.height >= 2, area.width >= 16 else { return }
        let known = values.compactMap { $0 }
        let peak = known.max()
        let top = Self.step(above: max(peak ?? 0, atLeast), binary: binary)
        var x = area.x
        x += frame.put(title, x: x, y: area.y, width: area.width, style: theme[.strong])
        let latest = values.last.flatMap { $0 }.map(format) ?? Units.none
        x += frame.put("  \(latest)", x: x, y: area.y, width: area.maxX - x, style: theme[.text])
        if let peak {
            let average = known.reduce(0, +) / Double(known.count)
            frame.put(
                "  avg \(format(average))  peak \(format(peak))", x: x, y: area.y, width: area.maxX - x,
                style: theme[.dim])
        }
        let label = 6
        let plot = Rect(x: area.x + label + 1, y: area.y + 1, width: area.width - label - 1, height: area.height - 1)
        for row in 0..<plot.height {
            let text = row == 0 ? format(top) : row == plot.height - 1 ? "0" : ""
            frame.put(text.leftPadded(label), x: area.x, y: plot.y + row, width: label, style: theme[.axis])
            frame.put("│", x: area.x + label, y: plot.y + row, width: 1, style: theme[.axis])
        }
        let shown = Array(values.suffix(plot.width * 2))
        // A whole cell holds two samples: keep pairs together as samples arrive, the newest at the right edge.
        let start = plot.width * 2 - shown.count
        for column in 0..<plot.width {
            var cells = [UInt32](repeating: 0, count: plot.height)
            var share = 0.0
            for half in 0..<2 {
                let index = column * 2 + half - start
                guard index >= 0, index < shown.count, let value = shown[index] else { continue }
                let part = top > 0 ? min(max(value / top, 0), 1) : 0
                share = max(share, part)
                // The lowest dot is always set: a sample of zero is a sample.
                let dots = max(1, Int((part * Double(plot.height * 4)).rounded()))
                for dot in 0..<dots {
                    let row = plot.height - 1 - dot / 4
                    cells[row] |= Self.bit(half, 3 - dot % 4)
                }
            }
            let style = theme[.graph(share)]
            for (row, bits) in cells.enumerated() where bits != 0 {
                // Bits are at most 0xff, so the scalar is in the braille block.
                let scalar = Unicode.Scalar(0x2800 + bits) ?? " "
                frame.fill(Rect(x: plot.x + column, y: plot.y + row, width: 1, height: 1), scalar, style: style)
            }
        }
    }

    /// The braille bit of a dot: column 0 or 1, row 0 (top) to 3.
    private static func bit(_ column: Int, _ row: Int) -> UInt32 {
        let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        return bits[column][row]
    }

    /// The next round number at or above a value, so that the axis moves seldom.
    private static func step(above value: Double, binary: Bool) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var step = 1.0
        if binary {
            while step < value { step *= 2 }
            return step
        }
        while step * 10 <= value { step *= 10 }
        return [1, 1.5, 2, 3, 5, 7.5, 10].map { $0 * step }.first { $0 >= value } ?? value
    }
}
