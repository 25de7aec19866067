import EngineAPI
import FoundationEssentials
import Terminal

extension State {
    // MARK: Prompts as they are opened

    var searchPrompt: Prompt {
        let log = engine.log
        var prompt = Prompt(purpose: .search(before: log?.search, hit: log?.hit, anchor: log?.anchor))
        prompt.isRegex = searchesRegex
        return prompt
    }

    var linesPrompt: Prompt {
        var prompt = Prompt(purpose: .lines(before: engine.log?.filter))
        if let filter = engine.log?.filter {
            prompt.text = filter.matches.pattern.text
            prompt.isRegex = filter.matches.pattern.isRegex
            prompt.isInverted = filter.matches.isInverted
            prompt.context = filter.context
        } else {
            prompt.isRegex = searchesRegex
        }
        return prompt
    }

    /// The file is named for what is saved and the moment.
    var savePrompt: Prompt {
        let log = engine.log
        var prompt = Prompt(purpose: .save(log?.selection == nil ? .held : .selection))
        let name = log?.subject.isMerged == true ? "logs" : Sanitiser.clean(log?.origins.last?.name ?? "log")
        let clock = Units.clock(now, secondsFromGMT: secondsFromGMT).replacing(":", with: "")
        prompt.text = "\(name.replacing("/", with: "_"))-\(clock).log"
        return prompt
    }

    // MARK: Typing

    /// A key while a line of text is being typed.
    mutating func handle(_ key: Key, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        prompt.remark = nil
        if case .rows = prompt.purpose, complete(&prompt, key) { return [] }
        prompt.cycle = nil
        switch key {
        case .enter: return accept(prompt)
        case .escape:
            layers.removeLast()
            restore(prompt)
            return []
        case .backspace:
            if prompt.text.isEmpty {
                layers.removeLast()
                restore(prompt)
                return []
            }
            prompt.text.removeLast()
        case .ctrl("u"): prompt.text = ""
        case .ctrl("w"):
            while prompt.text.last == " " { prompt.text.removeLast() }
            while let last = prompt.text.last, last != " " { prompt.text.removeLast() }
        case .character(let character):
            if prompt.text.count < Prompt.longest { prompt.text.append(character) }
        default: choose(key, &prompt)
        }
        // What a key has opened over it stays there.
        if case .prompt? = layers.last { replace(prompt) }
        return []
    }

    /// Keys that complete a filter.
    private mutating func complete(_ prompt: inout Prompt, _ key: Key) -> Bool {
        switch key {
        case .tab: prompt.complete(1)
        case .backTab: prompt.complete(-1)
        case .right:
            if prompt.suggestion.isEmpty { prompt.remark = "nothing completes that" }
            prompt.text += prompt.suggestion
            prompt.cycle = nil
        default: return false
        }
        let cycle = prompt.cycle
        replace(prompt)
        if case .prompt(var replaced)? = layers.last {
            // While one goes through them, they stay.
            replaced.cycle = cycle
            replaced.remark = prompt.remark
            layers[layers.count - 1] = .prompt(replaced)
        }
        return true
    }

    /// Text that was pasted into a prompt.
    mutating func paste(_ text: String, into prompt: Prompt) {
        var prompt = prompt
        prompt.text = String((prompt.text + Sanitiser.clean(text)).prefix(Prompt.longest))
        replace(prompt)
    }

    /// Keys that change what the text is for.
    private mutating func choose(_ key: Key, _ prompt: inout Prompt) {
        switch (prompt.purpose, key) {
        case (.rows, .down), (.rows, .up): moveSelection(key == .down ? 1 : -1)
        case (.rows, .ctrl("s")):
            let isFilter = prompt.error == nil && !prompt.text.isEmpty
            let isSaved = isFilter && save(filter: prompt.text, in: pane)
            prompt.remark = !isFilter ? "nothing to save" : isSaved ? "saved: Ctrl-r has it" : "no longer saved"
        case (.rows, .ctrl("r")):
            let items = savedFilters(pane).map {
                Menu.Item(
                    title: $0.title, note: $0.title == $0.text ? "" : Sanitiser.clean($0.text), choice: .filter($0.text)
                )
            }
            if items.isEmpty {
                prompt.remark = "none saved: Ctrl-s saves this one"
            } else {
                layers.append(.menu(Menu(title: "Filters", items: items)))
            }
        case (.search, .ctrl("r")), (.lines, .ctrl("r")): prompt.isRegex.toggle()
        case (.lines, .ctrl("n")): prompt.isInverted.toggle()
        case (.lines, .ctrl("o")):
            let steps = [0, 1, 3, 10]
            prompt.context = steps[((steps.firstIndex(of: prompt.context) ?? 0) + 1) % steps.count]
        case (.save(let extract), .tab):
            let hasSelection = engine.log?.selection != nil
            prompt.purpose = .save(
                extract == .held ? .whole : extract == .whole ? (hasSelection ? .selection : .held) : .held)
        case (.ask(let ask), .tab):
            if let completed = ask.completed(prompt.text, self) { prompt.text = completed }
        default: break
        }
    }

    /// Shows at once what the text would do.
    mutating func replace(_ prompt: Prompt) {
        var prompt = prompt
        prompt.error = nil
        switch prompt.purpose {
        case .rows:
            prompt.error = take(filter: prompt.text)
            prompt.completions = completions(ofFilter: prompt.text)
        case .search(_, _, let anchor):
            searchesRegex = prompt.isRegex
            prompt.error = search(prompt, from: anchor)
        case .lines: prompt.error = filterLines(prompt)
        case .time, .save: break
        case .ask(let ask): prompt.error = prompt.text.isEmpty ? nil : ask.check(prompt.text, self)
        }
        if !layers.isEmpty { layers[layers.count - 1] = .prompt(prompt) }
    }

    /// Looks for a text from where one was when it began to be typed. What it returns is wrong with it.
    private mutating func search(_ prompt: Prompt, from anchor: FollowedLog.Position?) -> String? {
        guard var log = engine.log else { return nil }
        let pattern = LogPattern(text: prompt.text, isRegex: prompt.isRegex)
        if log.search?.pattern == pattern { return nil }
        if let error = problem(with: pattern) { return error }
        log.anchor = anchor
        log.hit = nil
        if prompt.text.isEmpty {
            log.search = nil
        } else {
            let bottom = LogWindow(log, logView, in: layout.body).bottom?.line ?? log.store.end
            log.search = LogMatches(pattern, at: log.store.end)
            log.seeking = bottom
        }
        log.forgetDropped()
        engine.log = log
        return nil
    }

    private mutating func filterLines(_ prompt: Prompt) -> String? {
        guard let log = engine.log else { return nil }
        let pattern = LogPattern(text: prompt.text, isRegex: prompt.isRegex)
        if let error = problem(with: pattern) { return error }
        if prompt.text.isEmpty {
            engine.log?.filter = nil
        } else if let known = log.filter?.matches, known.pattern == pattern, known.isInverted == prompt.isInverted {
            engine.log?.filter?.context = prompt.context
        } else {
            engine.log?.filter = FollowedLog.Filter(
                matches: LogMatches(pattern, isInverted: prompt.isInverted, at: log.store.end), context: prompt.context)
        }
        return nil
    }

    private func problem(with pattern: LogPattern) -> String? {
        guard pattern.isRegex, !pattern.text.isEmpty else { return nil }
        do throws(LogPatternError) {
            _ = try LogMatcher(pattern)
            return nil
        } catch { return error.message }
    }

    // MARK: Ending

    private mutating func accept(_ prompt: Prompt) -> [Effect] {
        if prompt.error != nil { return [] }
        switch prompt.purpose {
        case .rows, .lines: layers.removeLast()
        case .search:
            layers.removeLast()
            if let log = engine.log, let search = log.search, search.lines.isEmpty,
                search.next(of: log.store.first..<log.store.end) == nil
            {
                tell(.note, "“\(search.pattern.text)” is not among the held lines")
            }
        case .time:
            if let error = goToTime(prompt.text) {
                var prompt = prompt
                prompt.error = error
                layers[layers.count - 1] = .prompt(prompt)
            } else {
                layers.removeLast()
            }
        case .ask(let ask):
            guard !prompt.text.isEmpty || ask.takesNothing else { return [] }
            // What is listed may be another thing than when the last letter was typed.
            if !prompt.text.isEmpty, let error = ask.check(prompt.text, self) {
                var prompt = prompt
                prompt.error = error
                layers[layers.count - 1] = .prompt(prompt)
                return []
            }
            layers.removeLast()
            return ask.accept(prompt.text, &self)
        case .save(let extract):
            guard !prompt.text.isEmpty, let writing = self.extract(extract) else { return [] }
            layers.removeLast()
            tell(.note, "saving to \(prompt.text) …")
            return [.save(current, writing, path: prompt.text)]
        }
        return []
    }

    private mutating func restore(_ prompt: Prompt) {
        switch prompt.purpose {
        case .rows(let before): self[list: pane].filter = before
        case .search(let before, let hit, let anchor):
            let end = engine.log?.store.end ?? 0
            engine.log?.search = before.map { LogMatches($0.pattern, at: end) }
            engine.log?.hit = hit
            engine.log?.anchor = anchor
            engine.log?.seeking = nil
            // The lines may have gone while the text was typed.
            engine.log?.forgetDropped()
        case .lines(let before):
            // Lines may have been numbered anew meanwhile: it is looked through again.
            let end = engine.log?.store.end ?? 0
            engine.log?.filter = before.map { filter in
                FollowedLog.Filter(
                    matches: LogMatches(filter.matches.pattern, isInverted: filter.matches.isInverted, at: end),
                    context: filter.context)
            }
        case .time, .save, .ask: break
        }
    }

    /// Asks for a line of text.
    mutating func ask(_ ask: Ask, text: String = "") {
        layers.append(.prompt(Prompt(purpose: .ask(ask), text: text)))
    }
}

extension Prompt {
    /// What stands in front of the text.
    var label: String {
        switch purpose {
        case .rows: "/"
        case .search: isRegex ? "/ regex: " : "/"
        case .lines: (isInverted ? "& without" : "&") + (isRegex ? " regex: " : isInverted ? ": " : "")
        case .time: "@"
        case .ask(let ask): ask.label
        case .save(.selection): "save the selected lines to: "
        case .save(.held): "save the held lines to: "
        case .save(.whole): "save the whole log to: "
        }
    }

    /// The keys that work in it besides the text's.
    var hints: [(key: String, title: String)] {
        switch purpose {
        case .rows:
            (choices.isEmpty ? [] : [("Tab", choices)])
                + [("Ctrl-s", "save"), ("Ctrl-r", "saved"), ("F1", "keys"), ("Enter", "keep"), ("Esc", "as before")]
        case .search: [("Ctrl-r", isRegex ? "literal" : "regex"), ("Enter", "keep"), ("Esc", "as before")]
        case .lines:
            [
                ("Ctrl-r", isRegex ? "literal" : "regex"), ("Ctrl-n", isInverted ? "with" : "without"),
                ("Ctrl-o", "context \(context)"), ("Enter", "keep"), ("Esc", "as before"),
            ]
        case .time: [("", "14:05 · 14:05:30 · -10m · 2026-11-24 14:05"), ("Enter", "go"), ("Esc", "leave")]
        case .ask(let ask): [("", ask.hint), ("Ctrl-u", "empty"), ("Enter", ask.verb), ("Esc", "leave")]
        case .save: [("Tab", "selected, held or whole"), ("Enter", "save"), ("Esc", "leave")]
        }
    }
}
