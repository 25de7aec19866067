import Terminal

/// A row of block characters, one a value, the newest at the right.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The newest values that there is room for, the highest block at the maximum; what is close to `hot`, which is the
    /// maximum when nothing is said, in the colours of what is much.
    static func spans(_ values: [Double], width: Int, maximum: Double, hot: Double? = nil) -> [Span] {
        guard width > 0 else { return [] }
        var spans: [Span] = []
        if values.count < width { spans.append(Span(String(repeating: " ", count: width - values.count))) }
        for value in values.suffix(width) {
            let share = maximum > 0 ? min(max(value / maximum, 0), 1) : 0
            let block = String(blocks[min(blocks.count - 1, Int(share * Double(blocks.count)))])
            let role = Role.graph(hot.map { $0 > 0 ? value / $0 : 0 } ?? share)
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
        return meter(text, width, share) + [Span(String(repeating: "·", count: max(0, rest)), .axis)]
    }

    /// The filled part, each piece in the colour of its place; a short one in that of its end.
    private static func meter(_ text: String, _ width: Int, _ share: Double) -> [Span] {
        guard width >= 8 else { return [Span(text, .graph(share))] }
        var spans: [Span] = []
        for (place, character) in text.enumerated() {
            let role = Role.gradient((Double(place) + 0.5) / Double(width))
            if spans.last?.role == role {
                spans[spans.count - 1].text.append(character)
            } else {
                spans.append(Span(String(character), role))
            }
        }
        return spans
    }
}

/// A line of a chart: what was measured when.
struct Series {
    let name: String
    /// Seconds before now, and the value then; the oldest first.
    let points: [(age: Double, value: Double?)]
    /// The colour, where several lines are drawn; else the value decides.
    var role: Role?

    /// The values of so many equal stretches of time, the newest last: the mean of each, nil where nothing was measured.
    func resampled(_ count: Int, over seconds: Double) -> [Double?] {
        var sums = [Double](repeating: 0, count: count)
        var counts = [Int](repeating: 0, count: count)
        let width = seconds / Double(count)
        for (age, value) in points {
            guard let value, age >= 0, age < seconds else { continue }
            let index = count - 1 - Int(age / width)
            sums[index] += value
            counts[index] += 1
        }
        var result = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil as Double? }
        // Where there is less than a sample a stretch, what was measured holds until the next.
        let step = zip(points, points.dropFirst()).suffix(50).map { $0.age - $1.age }.filter { $0 > 0 }.min() ?? 1
        var gap = 0
        var before: Double?
        for index in result.indices {
            if let value = result[index] {
                before = value
                gap = 0
            } else if let before, Double(gap + 1) * width <= step * 2 {
                result[index] = before
                gap += 1
            }
        }
        return result
    }
}

/// A chart of braille dots, two columns and four rows a cell; filled below where it has one line only.
struct Chart {
    let title: String
    /// What is said behind the reading.
    var extra = ""
    let series: [Series]
    /// How many seconds it goes back.
    let seconds: Double
    /// The top of the axis; at least this, more when a value is larger.
    let atLeast: Double
    /// A value that is drawn as a line across.
    var limit: Double?
    /// The moment that one reads, in seconds before now.
    var cursor: Double?
    /// The least and the mean, where the points do not tell them: those of long ago are peaks.
    var whole: (least: Double, mean: Double)?
    /// Whether the axis counts in powers of two, as bytes do.
    var binary = false
    let format: (Double) -> String

    private static let label = 6

    /// The values that are in the picture.
    private var known: [Double] {
        series.flatMap { $0.points.compactMap { $0.age < seconds ? $0.value : nil } }
    }

    /// The newest value, or that of the moment that one reads.
    func reading(of line: Series) -> String {
        if let cursor {
            let nearest = line.points.min { abs($0.age - cursor) < abs($1.age - cursor) }
            return nearest?.value.map(format) ?? Units.none
        }
        return line.points.last.flatMap { $0.value }.map(format) ?? Units.none
    }

    /// Draws title and reading in the first row and the chart below it.
    func draw(_ frame: inout Frame, _ area: Rect, theme: Theme) {
        guard area.height >= 2, area.width >= 16 else { return }
        let known = known
        drawTitle(&frame, area, known, theme)
        var top = Self.step(above: max(known.max() ?? 0, atLeast), binary: binary)
        // A limit that is near is worth seeing; one far away would flatten the line.
        if let limit, limit <= top * 2 { top = max(top, Self.step(above: limit, binary: binary)) }
        let plot = Rect(
            x: area.x + Self.label + 1, y: area.y + 1, width: area.width - Self.label - 1, height: area.height - 1)
        for row in 0..<plot.height {
            let text = row == 0 ? format(top) : row == plot.height - 1 ? "0" : ""
            frame.put(text.leftPadded(Self.label), x: area.x, y: plot.y + row, width: Self.label, style: theme[.axis])
            frame.put("│", x: area.x + Self.label, y: plot.y + row, width: 1, style: theme[.axis])
        }
        if let limit, limit <= top, plot.height > 1 {
            let row = plot.height - 1 - Int((limit / top * Double(plot.height - 1)).rounded())
            frame.fill(Rect(x: plot.x, y: plot.y + row, width: plot.width, height: 1), "╌", style: theme[.graphHigh])
        }
        for line in series { drawLine(line, &frame, plot, top, theme) }
        if let cursor, cursor < seconds {
            let column = plot.width - 1 - Int(cursor / seconds * Double(plot.width))
            frame.restyle(Rect(x: plot.x + max(0, column), y: plot.y, width: 1, height: plot.height)) {
                theme[.selected, over: $0]
            }
        }
    }

    private func drawTitle(_ frame: inout Frame, _ area: Rect, _ known: [Double], _ theme: Theme) {
        var x = area.x
        x += frame.put(title, x: x, y: area.y, width: area.width, style: theme[.strong])
        if series.count > 1 {
            for line in series where x < area.maxX - 3 {
                let role = line.role ?? .text
                x += frame.put(
                    "  \(line.name) \(reading(of: line))", x: x, y: area.y, width: area.maxX - x, style: theme[role],
                    cut: .middle)
            }
            return
        }
        let reading = series.first.map { self.reading(of: $0) } ?? ""
        x += frame.put("  \(reading)\(extra)", x: x, y: area.y, width: area.maxX - x, style: theme[.text])
        guard let lowest = known.min(), let most = known.max() else { return }
        let least = min(whole?.least ?? lowest, lowest)
        let average = whole?.mean ?? known.reduce(0, +) / Double(known.count)
        // As many as there is room for, the peak first.
        var texts = ["  min \(format(least))", "  avg \(format(average))", "  peak \(format(most))"]
        while texts.reduce(0, { $0 + $1.count }) > area.maxX - x { texts.removeFirst() }
        frame.put(texts.joined(), x: x, y: area.y, width: area.maxX - x, style: theme[.dim])
    }

    private func drawLine(_ line: Series, _ frame: inout Frame, _ plot: Rect, _ top: Double, _ theme: Theme) {
        let shown = line.resampled(plot.width * 2, over: seconds)
        let isFilled = series.count == 1
        // Each row has the colour of its height: of the limit, where there is one. Else nothing is too much.
        let styles = (0..<plot.height).map { row in
            let height = (Double(plot.height - row) - 0.5) / Double(plot.height)
            return theme[line.role ?? .gradient(limit.map { height * top / $0 } ?? height * 0.5)]
        }
        for column in 0..<plot.width {
            var cells = [UInt32](repeating: 0, count: plot.height)
            for half in 0..<2 {
                guard let value = shown[column * 2 + half] else { continue }
                let part = top > 0 ? min(max(value / top, 0), 1) : 0
                // The lowest dot is always set: a sample of zero is a sample.
                let dots = max(1, Int((part * Double(plot.height * 4)).rounded()))
                for dot in (isFilled ? 0 : dots - 1)..<dots {
                    cells[plot.height - 1 - dot / 4] |= Self.bit(half, 3 - dot % 4)
                }
            }
            for (row, bits) in cells.enumerated() where bits != 0 {
                let y = plot.y + row
                let there = frame.cells(row: y)
                let old = there[there.startIndex + plot.x + column].scalar.value
                // Lines that cross share a cell: the dots of both, in the colour of the later one.
                let both = (0x2800...0x28FF).contains(old) ? bits | (old - 0x2800) : bits
                // Bits are at most 0xff, so the scalar is in the braille block.
                frame.fill(
                    Rect(x: plot.x + column, y: y, width: 1, height: 1), Unicode.Scalar(0x2800 + both) ?? " ",
                    style: styles[row])
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
