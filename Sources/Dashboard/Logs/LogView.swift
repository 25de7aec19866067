/// How logs are shown, whichever it is.
struct LogView: Hashable, Sendable {
    /// How lines that are JSON objects are shown.
    enum JSON: Int, CaseIterable, Sendable {
        case raw, summary, folded

        var title: String {
            switch self {
            case .raw: "JSON as it was written"
            case .summary: "JSON in one row: level, message, values"
            case .folded: "JSON folded out"
            }
        }
    }

    var times = LogTimes.off
    /// Whether long lines go on in the next row.
    var wraps = false
    /// Whether lines are numbered.
    var numbers = false
    var json = JSON.raw
}

/// How the Engine's timestamps are shown in front of log lines.
enum LogTimes: Int, CaseIterable, Sendable {
    case off, local, utc, relative

    var title: String {
        switch self {
        case .off: "no timestamps"
        case .local: "timestamps in local time"
        case .utc: "timestamps in UTC"
        case .relative: "timestamps as ages"
        }
    }

    /// Columns, without the space behind.
    var width: Int {
        switch self {
        case .off: 0
        case .local: 12
        case .utc: 13
        case .relative: 5
        }
    }
}
