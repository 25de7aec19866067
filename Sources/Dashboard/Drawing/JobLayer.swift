import Terminal

/// A job that is watched: its layers or what it prints, how far it is, and what came of it.
enum JobLayer {
    static func draw(_ number: Int, _ frame: inout Frame, _ state: State) {
        guard let job = state.jobs.last(where: { $0.id == number }) else { return }
        let theme = state.theme
        let lines = Lines(job, state)
        let rect = rect(lines.count, state)
        LayerBox.clear(&frame, rect, theme, title: Sanitiser.clean(job.job.title))
        let inside = Rect(x: rect.x + 2, y: rect.y + 1, width: rect.width - 4, height: rect.height - 2)
        let height = bodyHeight(state, lines.count)
        let start = start(job, lines.count, height)
        for (row, number) in (start..<min(lines.count, start + height)).enumerated() {
            frame.put(
                spans: lines[number], x: inside.x, y: inside.y + row, width: inside.width, theme: theme,
                base: theme[.layer])
        }
        LayerBox.place(start..<start + height, of: lines.count, &frame, before: rect.maxX - 2, y: rect.maxY - 1, theme)
        let area = Rect(x: inside.x, y: inside.maxY - 2, width: inside.width, height: 2)
        if height > 0 {
            let rule = Rect(x: rect.x + 1, y: area.y - 1, width: rect.width - 2, height: 1)
            frame.fill(rule, theme.borders.scalars.across, style: theme[.layerBorder])
        }
        foot(job, &frame, area, state)
    }

    /// The first line that is shown after a key; nil follows the last.
    static func scrolled(_ job: RunningJob, _ key: Key, _ state: State) -> Int? {
        let count = Lines(job, state).count
        let height = bodyHeight(state, count)
        var top = start(job, count, height)
        switch key {
        case .down, .character("j"): top += 1
        case .up, .character("k"): top -= 1
        case .pageDown, .character(" "), .ctrl("d"): top += height
        case .pageUp, .ctrl("u"): top -= height
        case .home, .character("g"): top = 0
        case .end, .character("G"), .character("f"): top = count
        default: return job.scroll
        }
        return top >= count - height ? nil : max(0, top)
    }

    private static func rect(_ lines: Int, _ state: State) -> Rect {
        let width = LayerBox.boxWidth(state.size)
        let body = bodyHeight(state, lines)
        let height = body + (body > 0 ? 5 : 4)
        return Rect(
            x: (state.size.width - width) / 2, y: max(0, (state.size.height - height) / 2), width: width,
            height: height)
    }

    /// A box that grows with what there is to say, and does not jump with every line.
    private static func bodyHeight(_ state: State, _ lines: Int) -> Int {
        let room = max(1, state.size.height - 9)
        return lines == 0 ? 0 : lines <= 5 ? min(5, room) : lines <= 10 ? min(10, room) : room
    }

    private static func start(_ job: RunningJob, _ count: Int, _ height: Int) -> Int {
        let last = max(0, count - height)
        return min(job.scroll ?? last, last)
    }

    /// What there is to read. Only what is on the screen is laid out: a build prints thousands of lines.
    private struct Lines {
        private let progress: JobProgress
        /// The line about those that are no longer kept.
        private let dropped: [[Span]]
        /// The step that failed.
        private let failing: Int?
        /// The whole reason: the line below has no room for it.
        private let reason: [[Span]]

        init(_ job: RunningJob, _ state: State) {
            progress = job.progress
            dropped =
                progress.droppedLines > 0
                ? [[Span("\(Units.count(progress.droppedLines)) older lines are no longer kept", .note)]] : []
            guard case .failed(let reason) = job.phase else {
                (failing, self.reason) = (nil, [])
                return
            }
            failing = progress.output.lastIndex { $0.hasPrefix("Step ") }
            let text = Sanitiser.clean(reason).wrapped(LayerBox.boxWidth(state.size) - 4)
            let isAlone = progress.output.isEmpty && progress.layers.isEmpty
            self.reason = (isAlone ? [] : [[]]) + text.map { [Span($0, .failure)] }
        }

        private var bodyCount: Int { progress.output.isEmpty ? progress.layers.count : progress.output.count }

        var count: Int { dropped.count + bodyCount + reason.count }

        subscript(number: Int) -> [Span] {
            if number < dropped.count { return dropped[number] }
            let index = number - dropped.count
            if index >= bodyCount { return reason[index - bodyCount] }
            return progress.output.isEmpty ? layer(progress.layers.elements[index]) : output(index)
        }

        private func layer(_ element: (key: String, value: JobProgress.Layer)) -> [Span] {
            let layer = element.value
            let status = layer.status.prefix(20)
            var spans = [
                Span(Sanitiser.clean(element.key), .dim), Span("  "),
                Span(Sanitiser.clean(String(status)).padded(20), layer.isDone ? .success : nil),
            ]
            if let amount = layer.amount, !layer.isDone {
                let total = amount.total.map { " of \(Units.bytes(Double($0)))" } ?? ""
                if let total = amount.total { spans += JobLayer.bar(Double(amount.current) / Double(total), 20) }
                spans.append(Span("  \(Units.bytes(Double(amount.current)))\(total)", .choice))
            }
            return spans
        }

        private func output(_ index: Int) -> [Span] {
            let text = Sanitiser.clean(progress.output[index])
            if index == failing { return [Span("✕ \(text)", .failure)] }
            return [Span(text, text.hasPrefix("Step ") ? .strong : text.hasPrefix(" --->") ? .dim : nil)]
        }
    }

    /// A bar of so many columns.
    static func bar(_ fraction: Double, _ width: Int) -> [Span] {
        let full = Int((min(1, max(0, fraction)) * Double(width)).rounded(.down))
        return [
            Span(String(repeating: "━", count: full), .borderFocused),
            Span(String(repeating: "─", count: width - full), .axis),
        ]
    }

    private static func foot(_ job: RunningJob, _ frame: inout Frame, _ area: Rect, _ state: State) {
        let theme = state.theme
        let base = theme[.layer]
        frame.put(
            Sanitiser.clean(job.job.docker), x: area.x, y: area.y, width: area.width,
            style: theme[.docker, over: base], cut: .middle)
        let seconds = Units.shortDuration((job.ended ?? state.now).timeIntervalSince(job.since))
        let spans: [Span]
        switch job.phase {
        case .running, .cancelling:
            let words = job.phase == .cancelling ? "cancelling …" : job.progress.summary
            var line = [Span("\(seconds)  ", .acting)]
            if let fraction = job.progress.fraction {
                line += bar(fraction, min(24, area.width / 4))
                line.append(Span(" \(Units.fixed(fraction * 100, 0)) %  "))
            }
            spans = line + [Span(Sanitiser.clean(words))]
        case .done(let text): spans = [Span("✓ \(Sanitiser.clean(text))", .success)]
        case .failed: spans = [Span("✕ failed after \(seconds)", .failure)]
        case .cancelled: spans = [Span("· cancelled after \(seconds)", .note)]
        }
        frame.put(spans: spans, x: area.x, y: area.y + 1, width: area.width, theme: theme, base: base)
    }
}
