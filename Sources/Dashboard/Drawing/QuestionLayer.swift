import Terminal

/// The question before something is done: what it is about, the choices, the docker command.
enum QuestionLayer {
    private static let width = 64
    private static let mostDockerLines = 4

    static func draw(_ question: Question, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let width = width(state)
        let count = aboutCount(question, state)
        let (fixed, part) = layOut(question, count, state)
        let start = min(question.scroll, max(0, part.total - part.shown))
        let above = start..<start + part.shown
        let lines =
            part.isTight
            ? about(question, state, above.clamped(to: 0..<count))
                + fixed[(above.lowerBound - count..<above.upperBound - count).clamped(to: 0..<fixed.count)]
            : [[]] + about(question, state, above) + fixed
        let height = lines.count + 3
        let rect = Rect(
            x: (state.size.width - width) / 2, y: max(0, (state.size.height - height) / 2), width: width, height: height
        )
        LayerBox.clear(&frame, rect, theme, title: question.title)
        for (row, line) in lines.enumerated() {
            frame.put(
                spans: line, x: rect.x + 2, y: rect.y + 1 + row, width: rect.width - 4, theme: theme,
                base: theme[.layer], cut: .middle)
        }
        LayerBox.place(
            start..<start + part.shown, of: part.total, &frame, before: rect.maxX - 2,
            y: part.isTight ? rect.maxY - 1 : rect.y + 2 + part.shown, theme)
        let buttons = [
            Span(" y ", .choiceSelected), Span(" \(question.verb)   "), Span(" n ", .choiceSelected),
            Span(" leave it"),
        ]
        let used = buttons.reduce(0) { $0 + TextWidth.of($1.text) }
        let x = max(rect.x + 1, rect.maxX - used - 3)
        frame.put(
            spans: buttons, x: x, y: rect.maxY - 2, width: min(used, rect.maxX - 1 - x), theme: theme,
            base: theme[.layer])
        LayerBox.spots(&frame, of: buttons, .character("y"), .character("n"), x: x, y: rect.maxY - 2)
        // Its choices stand first among what is always there, below an empty line where there is room for one.
        let first = part.isTight ? rect.y + 1 + count - start : rect.y + 3 + part.shown
        for (index, option) in question.options.enumerated()
        where (rect.y + 1..<rect.y + 1 + lines.count).contains(first + index) {
            spots(&frame, option, index, Rect(x: rect.x + 2, y: first + index, width: width - 4, height: 1))
        }
    }

    private static func spots(_ frame: inout Frame, _ option: Question.Option, _ number: Int, _ line: Rect) {
        let spans = self.option(option, line.width)
        switch option.value {
        case .check:
            let used = spans.reduce(0) { $0 + TextWidth.of($1.text) }
            frame.spot(Rect(x: line.x, y: line.y, width: used, height: 1), .item(number))
        // Where there is no room for all of them a click takes the next one.
        case .choice(let choices, let index) where spans.count != choices.count + 1:
            frame.spot(line, .item(number, part: (index + 1) % choices.count + 1))
        case .choice:
            var x = line.x
            for (index, span) in spans.enumerated() {
                let used = TextWidth.of(span.text)
                if index > 0 { frame.spot(Rect(x: x, y: line.y, width: used, height: 1), .item(number, part: index)) }
                x += used
            }
        }
    }

    /// Whether there is more of it than has room.
    static func scrolls(_ question: Question, _ state: State) -> Bool {
        if question.targets.count > state.size.height { return true }
        let part = layOut(question, aboutCount(question, state), state).part
        return part.total > part.shown
    }

    /// Moves what is shown of a list that is too long.
    static func scrolled(_ question: Question, _ key: Key, _ state: State) -> Question {
        let part = layOut(question, aboutCount(question, state), state).part
        var question = question
        switch key {
        case .down: question.scroll += 1
        case .up: question.scroll -= 1
        case .pageDown: question.scroll += part.shown
        case .pageUp: question.scroll -= part.shown
        default: break
        }
        question.scroll = min(max(0, question.scroll), max(0, part.total - part.shown))
        return question
    }

    private static func width(_ state: State) -> Int { min(state.size.width - 2, width) }

    /// What stands in it besides what it is about: on a small screen without empty lines.
    private static func layOut(_ question: Question, _ about: Int, _ state: State) -> (fixed: [[Span]], part: Part) {
        let fixed = fixed(question, width(state) - 4)
        let part = Part(about, fixed.count, state)
        guard part.isTight else { return (fixed, part) }
        let lines = fixed.filter { !$0.isEmpty }
        return (lines, Part(tight: about + lines.count, state))
    }

    /// Which of its lines are scrolled through: those that say what it is about, and where even the others have no room,
    /// all of them. The buttons always stand below.
    private struct Part {
        let isTight: Bool
        /// How many lines there are, and how many of them have room.
        let total: Int
        let shown: Int

        init(_ about: Int, _ fixed: Int, _ state: State) {
            // Besides the first line and the last two there are the border, the buttons, and an empty line on top.
            let room = state.size.height - 7
            isTight = fixed + min(1, about) > room
            total = about
            shown = min(total, room - fixed)
        }

        init(tight total: Int, _ state: State) {
            isTight = true
            self.total = total
            shown = min(total, max(1, state.size.height - 6))
        }
    }

    /// How many lines say what it is about.
    private static func aboutCount(_ question: Question, _ state: State) -> Int {
        guard question.targets.count == 1 else { return question.targets.count }
        return state.state(of: question.targets[0].id, on: question.engine) == nil ? 0 : 1
    }

    /// Some of these lines, as it is now: there may be thousands.
    private static func about(_ question: Question, _ state: State, _ range: Range<Int>) -> [[Span]] {
        guard question.targets.count > 1 else {
            return question.targets[range].compactMap { target in
                state.state(of: target.id, on: question.engine).map { [Span($0)] }
            }
        }
        return question.targets[range].map { target in
            let about = state.state(of: target.id, on: question.engine).map { "  \($0)" } ?? ""
            return [Span(Sanitiser.clean(target.name), .strong), Span(about, .choice)]
        }
    }

    private static func fixed(_ question: Question, _ width: Int) -> [[Span]] {
        var lines = question.options.isEmpty ? [] : [[]] + question.options.map { option($0, width) }
        let notes = question.notes + question.remarks(question)
        if !notes.isEmpty {
            lines.append([])
            for note in notes {
                lines += Sanitiser.clean(note).wrapped(width).prefix(4).map { [Span($0, .note)] }
            }
        }
        lines.append([])
        if let docker = question.docker(question) {
            // As a whole where that takes a few lines, else with its middle cut out.
            let wrapped = docker.wrapped(width)
            lines += (wrapped.count > mostDockerLines ? [docker] : wrapped).map { [Span($0, .docker)] } + [[]]
        }
        return lines
    }

    private static func option(_ option: Question.Option, _ width: Int) -> [Span] {
        switch option.value {
        case .check(let key, let isOn):
            return [
                Span(isOn ? "[x] " : "[ ] ", .choice), Span(String(key), .key),
                Span(" \(option.title)", isOn ? nil : .choice),
            ]
        case .choice(let choices, let index):
            var spans = [Span("\(option.id) ")]
            for (number, choice) in choices.enumerated() {
                spans.append(number == index ? Span("‹\(choice)›", .choiceSelected) : Span(" \(choice) ", .choice))
            }
            if spans.reduce(0, { $0 + TextWidth.of($1.text) }) > width {
                spans = [
                    Span("\(option.id) "), Span("‹\(choices[index])›", .choiceSelected),
                    Span("  ← → others", .choice),
                ]
            }
            return spans
        }
    }
}

extension State {
    /// A resource's state in half a line; nil when it is not there.
    func state(of id: ResourceID, on engineID: EngineID) -> String? {
        guard let engine = engines[engineID] else { return nil }
        switch id {
        case .container(let id):
            guard let container = engine.containers[id] else { return nil }
            return "\(container.status(at: engine.engineTime(now))) · \(Sanitiser.clean(container.summary.image))"
        case .image(let id):
            guard let image = engine.images[id] else { return nil }
            let users = engine.containersUsing(image: id)
            let used = users == 0 ? "unused" : "used by \(users) container\(users == 1 ? "" : "s")"
            return "\(shortID(id)) · \(Units.bytes(Double(image.size))) · \(used)"
        case .volume(let name):
            guard let volume = engine.volumes[name] else { return nil }
            let size =
                if case .bytes(let bytes) = engine.size(of: volume) { " · \(Units.bytes(Double(bytes)))" } else { "" }
            let users = engine.use(ofVolume: name).all.count
            let used = users == 0 ? "unused" : "used by \(users) container\(users == 1 ? "" : "s")"
            return "\(Sanitiser.clean(volume.driver))\(size) · \(used)"
        case .network(let id):
            guard let network = engine.networks[id] else { return nil }
            let members = engine.members(of: network)
            let running = members.count(where: \.isRunning)
            let stopped = members.count - running
            let parts = [
                Sanitiser.clean(network.inShort), running > 0 ? "\(running) running" : nil,
                stopped > 0 ? "\(stopped) stopped" : nil, members.isEmpty ? "unused" : nil,
            ]
            return parts.compactMap { $0 }.joined(separator: " · ")
        case .event, .system: return ""
        }
    }
}
