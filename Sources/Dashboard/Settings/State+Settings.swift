import Terminal

extension Setting.Value: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag(let isOn): isOn ? "on" : "off"
        case .number(let number): "\(number)"
        case .text(let text): text
        case .names(let names): names.joined(separator: " ")
        case .pairs(let pairs): "\(pairs.count)"
        }
    }
}

extension Setting.Kind {
    /// The value that a text means; nil when it means none.
    func value(_ text: String) -> Setting.Value? {
        switch self {
        case .flag:
            switch text.lowercased() {
            case "on", "true", "yes": .flag(true)
            case "off", "false", "no": .flag(false)
            default: nil
            }
        case .number(let range): Int(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .choice(let names): names.contains(text) ? .text(text) : nil
        case .text: text.isEmpty ? nil : .text(text)
        case .several(let names):
            text.split(separator: " ").allSatisfy { names.contains(String($0)) }
                ? .names(text.split(separator: " ").map(String.init)) : nil
        case .pairs: nil
        }
    }
}

// What a person changes while Gantry runs.
extension State {
    /// Changes a setting at once where there is nothing to say, or asks for its value.
    mutating func change(_ setting: Setting) -> [Effect] {
        switch (setting.kind, setting.read(settings)) {
        case (.flag, .flag(let isOn)): return set(setting, .flag(!isOn))
        case (.choice(let names), let now):
            let items = names.map { Menu.Item(title: $0, choice: .set(setting, .text($0))) }
            let index = names.firstIndex { .text($0) == now } ?? 0
            layers.append(.menu(Menu(title: setting.path, items: items, index: index)))
        // They are seen as one goes through them.
        case (.text, _) where setting.path == "theme": openThemes()
        case (.pairs, _): tell(.note, "\(setting.path) is written in config.yaml")
        case (_, let now):
            ask(
                Ask(
                    label: "\(setting.path) = ", hint: setting.kind.description, verb: "set",
                    check: { text, _ in setting.kind.value(text) == nil ? "it takes \(setting.kind.description)" : nil
                    },
                    accept: { text, state in setting.kind.value(text).map { state.set(setting, $0) } ?? [] }),
                text: "\(now)")
        }
        return []
    }

    /// Gives a setting a value until Gantry ends, and has it followed.
    mutating func set(_ setting: Setting, _ value: Setting.Value) -> [Effect] {
        let before = settings
        setting.write(&settings, value)
        var effects: [Effect] = []
        if settings.mouse != before.mouse { effects.append(.setMouse(settings.mouse)) }
        if (settings.logLines, settings.logMegabytes) != (before.logLines, before.logMegabytes) { takeLogBounds() }
        if setting.path == "theme" {
            // One of the person's own may have been made since they were read.
            (themesAsked, themesKnown) = (false, false)
            guard !isColourless else {
                tell(.note, "this terminal shows no colours: the theme is mono whatever is chosen")
                return effects
            }
        }
        // What was chosen by hand before is not what is wanted now.
        for kind in PaneKind.withColumns where setting.path == Setting.path(ofColumns: kind) {
            remembered.columns[kind] = nil
        }
        let conflicts = settings.keys == before.keys ? [] : settings.keys.conflicts
        if let first = conflicts.first {
            let more = conflicts.count > 1 ? " (and \(conflicts.count - 1) more)" : ""
            tell(.failure, "\(first.lostKeys) is for \(first.kept.id), not for \(first.lost.id) any more\(more)")
        } else {
            let now = Sanitiser.clean("\(setting.read(settings))")
            tell(.note, "\(setting.path) is \(now) until Gantry ends: written in config.yaml it stays")
        }
        return effects
    }

    /// Has the logs that are read hold as much as the settings say.
    private mutating func takeLogBounds() {
        logBounds.lines = settings.logLines
        logBounds.bytes = settings.logMegabytes << 20
        let bounds = logBounds
        if engine.log != nil {
            engine.log?.store.bounds = bounds
            engine.log?.forgetDropped(atOnce: true)
            // There may be room for older ones now.
            if engine.log?.older == .full, engine.log?.past == nil { engine.log?.older = .unknown }
        }
        // A tile begins anew when its share is another.
        engine.wall = []
    }
}
