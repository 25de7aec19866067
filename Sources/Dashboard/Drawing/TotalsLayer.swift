import EngineAPI
import FoundationEssentials
import Terminal

/// What the marked containers, the project and the host use, and who uses most of it.
enum TotalsLayer {
    /// Text at a place in a line.
    private struct Piece {
        let x: Int
        let width: Int
        let spans: [Span]
        var cut = Cut.end
    }

    private struct Line {
        var pieces: [Piece] = []
        /// The row that has the selection, in cells from the left.
        var chosen: Range<Int>?
        /// The consumers in it, by their numbers.
        var items: [(place: Range<Int>, number: Int)] = []
    }

    static func draw(_ view: TotalsView, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let width = LayerBox.boxWidth(state.size)
        let lines = lines(view, state, width: width - 4)
        let height = LayerBox.textHeight(state.size, lines: lines.count)
        let rect = Rect(
            x: (state.size.width - width) / 2, y: max(0, (state.size.height - height - 2) / 2), width: width,
            height: height + 2)
        LayerBox.clear(&frame, rect, theme, title: "Totals and top consumers")
        // The selection stays in view; where there is room for it, so do the totals.
        let chosen = lines.firstIndex { $0.chosen != nil } ?? 0
        let start = max(0, chosen - height + 1)
        for row in 0..<height {
            let line = lines[start + row]
            let y = rect.y + 1 + row
            if let range = line.chosen {
                frame.fill(
                    Rect(x: rect.x + 2 + range.lowerBound, y: y, width: range.count, height: 1), " ",
                    style: theme[.choiceSelected])
            }
            for item in line.items {
                let place = Rect(x: rect.x + 2 + item.place.lowerBound, y: y, width: item.place.count, height: 1)
                frame.spot(place, .item(item.number))
            }
            for piece in line.pieces {
                let base = line.chosen.map { $0.contains(piece.x) } ?? false ? Role.choiceSelected : .layer
                frame.put(
                    spans: piece.spans, x: rect.x + 2 + piece.x, y: y, width: piece.width, theme: theme,
                    base: theme[base], cut: piece.cut)
            }
        }
        LayerBox.place(start..<start + height, of: lines.count, &frame, before: rect.maxX - 2, y: rect.maxY - 1, theme)
    }

    private static func lines(_ view: TotalsView, _ state: State, width: Int) -> [Line] {
        totals(view, state, width) + [Line()] + consumers(view, state, width)
    }

    // MARK: Totals

    private static func totals(_ view: TotalsView, _ state: State, _ width: Int) -> [Line] {
        let figures: [(title: String, text: (Totals) -> String)] = [
            (state.settings.cpuOfHost ? "HOST %" : "CPU %", { Units.percent(state.cpuShown($0.cpu)) }),
            ("MEM", { Units.bytes($0.memory) }), ("NET ↓", { Units.rate($0.received) }),
            ("NET ↑", { Units.rate($0.sent) }), ("DISK R", { Units.rate($0.read) }),
            ("DISK W", { Units.rate($0.written) }), ("PIDS", { $0.pids.map { Units.fixed($0, 0) } ?? Units.none }),
        ]
        let column = 7
        let label = min(24, max(10, width - figures.count * column - 12))
        let count = min(12, max(0, width - label - column))
        func line(_ name: Span, _ of: Span, _ cells: [Span]) -> Line {
            var line = Line()
            line.pieces.append(Piece(x: 0, width: label - 1, spans: [name], cut: .middle))
            line.pieces.append(Piece(x: label, width: count, spans: [Span(of.text.leftPadded(count - 1), of.role)]))
            for (index, cell) in cells.enumerated() {
                let x = label + count + index * column
                // Whole columns only, from the left.
                guard x + column <= width else { break }
                line.pieces.append(
                    Piece(x: x, width: column, spans: [Span(cell.text.leftPadded(column - 1), cell.role)]))
            }
            return line
        }
        func row(_ name: String, _ totals: Totals) -> Line {
            let isWhole = totals.fresh == totals.containers
            let of = isWhole ? Units.count(totals.containers) : "\(totals.fresh) of \(totals.containers)"
            return line(
                Span(name, .strong), Span(of, isWhole ? .dim : .note),
                figures.map { figure in
                    let text = figure.text(totals)
                    return Span(text, text == Units.none ? .dim : nil)
                })
        }
        var lines = [
            line(Span(""), Span("SUM OF", .column), figures.map { Span($0.title, .column) })
        ]
        if let marked = view.marked { lines.append(row("marked", marked)) }
        if let project = view.project { lines.append(row("project " + Sanitiser.clean(project.name), project.totals)) }
        lines.append(row("all on " + Sanitiser.clean(state.engine.info?.name ?? "the host"), state.engine.totals))
        return lines
    }

    // MARK: Top consumers

    private static func consumers(_ view: TotalsView, _ state: State, _ width: Int) -> [Line] {
        let blocks = Consumption.allCases.map { of in
            block(of, view, state, width: width >= 60 ? (width - 2) / 2 : width)
        }
        guard width >= 60 else { return Array(blocks.map { $0 }.joined(separator: [Line()])) }
        var lines: [Line] = []
        for pair in stride(from: 0, to: blocks.count, by: 2) {
            if pair > 0 { lines.append(Line()) }
            let (left, right) = (blocks[pair], blocks[pair + 1])
            let shift = (width - 2) / 2 + 2
            for row in 0..<max(left.count, right.count) {
                var line = row < left.count ? left[row] : Line()
                if row < right.count {
                    line.pieces += right[row].pieces.map {
                        Piece(x: $0.x + shift, width: $0.width, spans: $0.spans, cut: $0.cut)
                    }
                    line.items += right[row].items.map {
                        ($0.place.lowerBound + shift..<$0.place.upperBound + shift, $0.number)
                    }
                    if let range = right[row].chosen {
                        line.chosen = range.lowerBound + shift..<range.upperBound + shift
                    }
                }
                lines.append(line)
            }
        }
        return lines
    }

    private static func block(_ of: Consumption, _ view: TotalsView, _ state: State, width: Int) -> [Line] {
        let engine = state.engine
        let unit =
            of == .cpu
            ? (state.settings.cpuOfHost ? " % of the host" : " % of a core") : of == .memory ? "" : ", a second"
        var lines = [Line(pieces: [Piece(x: 0, width: width, spans: [Span(of.title + unit, .layerTitle)])])]
        let rows = view.rows.filter { $0.of == of }
        if rows.isEmpty {
            let text = engine.totals.fresh == 0 ? "no figures yet" : "nobody uses any"
            lines.append(Line(pieces: [Piece(x: 2, width: width - 2, spans: [Span(text, .dim)])]))
        }
        let (figure, share) = (7, 4)
        let bar = min(24, max(0, (width - figure - share) / 3))
        let whole = of.value(engine.totals) ?? 0
        for row in rows {
            let container = engine.containers[row.container]
            let isChosen = row == view.chosen
            let value = container?.usage.latest.flatMap { of.value($0) }
            let text =
                switch of {
                case .cpu: Units.percent(state.cpuShown(value))
                case .memory: Units.bytes(value)
                case .network, .disk: Units.rate(value)
                }
            // A bar is the share of what all use: it is no trouble to be the first of five.
            let part = whole > 0 ? min(1, (value ?? 0) / whole) : 0
            let bars = Bar.spans(part, width: bar).map { Span($0.text, $0.role == .axis ? .axis : .graphLow) }
            let end = width - figure - bar - share
            var line = Line(pieces: [
                Piece(x: 0, width: 2, spans: [Span(isChosen ? "▸" : " ")]),
                Piece(
                    x: 2, width: end - 2, spans: [Span(container.map { Sanitiser.clean($0.name) } ?? "")], cut: .middle),
                Piece(x: end, width: figure, spans: [Span(text.leftPadded(figure - 1))]),
                Piece(x: end + figure, width: bar, spans: bars),
                Piece(
                    x: end + figure + bar, width: share,
                    spans: [Span("\(Int((part * 100).rounded()))%".leftPadded(share))]),
            ])
            if isChosen { line.chosen = 0..<width }
            line.items = view.rows.firstIndex(of: row).map { [(0..<width, $0)] } ?? []
            lines.append(line)
        }
        return lines
    }
}
