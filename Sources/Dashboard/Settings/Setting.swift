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
        /// Several names in an order.
        case names
    }

    enum Value: Sendable, Equatable {
        case flag(Bool)
        case number(Int)
        case text(String)
        case names([String])
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
    static let all: [Setting] = [
        Setting(
            path: "theme", title: "the colours: one of those that come with Gantry, or a file in the folder themes",
            kind: .text, read: { .text($0.theme) },
            write: { if case .text(let name) = $1 { $0.theme = name } }),
        Setting(
            path: "paint-background",
            title: "whether a theme may paint a background of its own; false keeps the terminal's", kind: .flag,
            read: { .flag($0.paintsBackground) }, write: { if case .flag(let on) = $1 { $0.paintsBackground = on } }),
        Setting(
            path: "borders", title: "the lines around boxes", kind: .choice(Borders.allCases.map(\.rawValue)),
            read: { .text($0.borders.rawValue) },
            write: { settings, value in
                if case .text(let name) = value, let borders = Borders(rawValue: name) { settings.borders = borders }
            }),
        Setting(
            path: "mouse", title: "whether the mouse is Gantry's from the start; M changes it", kind: .flag,
            read: { .flag($0.mouse) }, write: { if case .flag(let on) = $1 { $0.mouse = on } }),
        Setting(
            path: "log.lines", title: "how many lines of a log are held at most", kind: .number(100...10_000_000),
            read: { .number($0.logLines) }, write: { if case .number(let lines) = $1 { $0.logLines = lines } }),
        Setting(
            path: "log.megabytes", title: "how many megabytes of a log are held at most", kind: .number(1...4_096),
            read: { .number($0.logMegabytes) },
            write: { if case .number(let megabytes) = $1 { $0.logMegabytes = megabytes } }),
        Setting(
            path: "cpu-of-host", title: "whether CPU is percent of the whole host instead of one core; % changes it",
            kind: .flag, read: { .flag($0.cpuOfHost) },
            write: { if case .flag(let on) = $1 { $0.cpuOfHost = on } }),
    ]
}
