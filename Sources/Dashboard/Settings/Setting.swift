/// One setting, as files, options and the palette know it.
struct Setting: Sendable {
    /// What may be written for it.
    enum Kind: Sendable, Equatable {
        /// `true` or `false`.
        case flag
        case number(ClosedRange<Int>)
        /// One of these.
        case choice([String])
        case text
        /// Texts by names.
        case pairs
        /// Some of these, in an order.
        case several([String])
    }

    enum Value: Sendable, Equatable {
        case flag(Bool)
        case number(Int)
        case text(String)
        case names([String])
        case pairs([String: String])
    }

    /// Where it stands in `config.yaml`: sections and name, with dots between: `log.lines`.
    let path: String
    /// What it does, in a line: the comment in the printed file.
    let title: String
    let kind: Kind
    let read: @Sendable (Settings) -> Value
    /// Takes a value that its kind allows.
    let write: @Sendable (inout Settings, Value) -> Void

    /// Every setting there is, in the order of the printed file.
    static let all: [Setting] =
        [
            Setting(
                path: "theme", title: "the colours: one of those that come with Gantry, or a file in the folder themes",
                kind: .text, read: { .text($0.theme) },
                write: { if case .text(let name) = $1 { $0.theme = name } }),
            Setting(
                path: "paint-background",
                title: "whether a theme may paint a background of its own; false keeps the terminal's", kind: .flag,
                read: { .flag($0.paintsBackground) },
                write: { if case .flag(let on) = $1 { $0.paintsBackground = on } }),
            Setting(
                path: "borders", title: "the lines around boxes", kind: .choice(Borders.allCases.map(\.rawValue)),
                read: { .text($0.borders.rawValue) },
                write: { settings, value in
                    if case .text(let name) = value, let borders = Borders(rawValue: name) {
                        settings.borders = borders
                    }
                }),
            Setting(
                path: "mouse", title: "whether the mouse is Gantry's from the start", kind: .flag,
                read: { .flag($0.mouse) }, write: { if case .flag(let on) = $1 { $0.mouse = on } }),
            Setting(
                path: "log.lines", title: "how many lines of a log are held at most", kind: .number(100...10_000_000),
                read: { .number($0.logLines) }, write: { if case .number(let lines) = $1 { $0.logLines = lines } }),
            Setting(
                path: "log.megabytes", title: "how many megabytes of a log are held at most", kind: .number(1...4_096),
                read: { .number($0.logMegabytes) },
                write: { if case .number(let megabytes) = $1 { $0.logMegabytes = megabytes } }),
            Setting(
                path: "cpu-of-host", title: "whether CPU is percent of the whole host instead of one core", kind: .flag,
                read: { .flag($0.cpuOfHost) },
                write: { if case .flag(let on) = $1 { $0.cpuOfHost = on } }),
            Setting(
                path: "layout",
                title:
                    "how lists and details share the screen: by its size (auto), side by side, stacked, or one at a time",
                kind: .choice(LayoutChoice.allCases.map(\.rawValue)), read: { .text($0.layout.rawValue) },
                write: { if case .text(let name) = $1 { $0.layout = LayoutChoice(rawValue: name) ?? .auto } }),
            Setting(
                path: "accordion",
                title: "whether the shown pane opens and the others beside the details fold; else each keeps its share",
                kind: .flag, read: { .flag($0.accordion) },
                write: { if case .flag(let on) = $1 { $0.accordion = on } }),
            Setting(
                path: "filters", title: "filters of lists by names, such as busy: cpu>50; Ctrl-r in a filter has them",
                kind: .pairs, read: { .pairs($0.filters) },
                write: { if case .pairs(let filters) = $1 { $0.filters = filters } }),
            Setting(
                path: "keys.preset", title: "whose keys to begin with", kind: .choice(KeyPreset.all.map(\.name)),
                read: { .text($0.keys.preset) },
                write: { if case .text(let name) = $1 { $0.keys.preset = name } }),
        ] + PaneKind.withColumns.map(columns)

    static func path(ofColumns kind: PaneKind) -> String { "columns.\(Pane.of(kind).title.lowercased())" }

    /// The columns of a pane.
    private static func columns(of kind: PaneKind) -> Setting {
        let pane = Pane.of(kind)
        return Setting(
            path: path(ofColumns: kind),
            title: "the columns of the \(pane.title.lowercased()), in their order",
            kind: .several(pane.columns.map(\.id)),
            read: { .names($0.columns[kind] ?? Pane.standardColumns[kind.rawValue].map(\.id)) },
            write: { settings, value in
                guard case .names(let names) = value else { return }
                let known = names.filter { name in pane.columns.contains { $0.id == name } }
                let isStandard = known == Pane.standardColumns[kind.rawValue].map(\.id)
                settings.columns[kind] = isStandard || known.isEmpty ? nil : known
            })
    }
}

extension Setting.Kind {
    /// What is allowed, as a sentence goes on after “takes”.
    var description: String {
        switch self {
        case .flag: "true or false"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): "one of " + names.enumerated(before: "and")
        case .text: "a text"
        case .pairs: "texts by names, in lines below it such as “busy: cpu>50”"
        case .several(let names): "a list of some of " + names.enumerated(before: "and")
        }
    }
}

extension Setting {
    /// The setting of a path.
    static func named(_ path: String) -> Setting? { all.first { $0.path == path } }
}
