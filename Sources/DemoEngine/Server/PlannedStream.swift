/// Progress that is known beforehand: messages at their times, and what comes of it with the last.
///
/// Whoever stops reading before has it given up: nothing comes of it.
struct PlannedStream: DemoStream {
    struct Message: Sendable {
        /// After the beginning.
        let at: Nanoseconds
        let json: JSON
    }

    private var messages: ArraySlice<Message>
    private let start: Nanoseconds
    /// Done before the last messages, which it gives.
    private var outcome: (@Sendable (inout DemoHost) -> [JSON])?

    init(_ messages: [Message], start: Nanoseconds, outcome: @escaping @Sendable (inout DemoHost) -> [JSON]) {
        self.messages = messages[...]
        self.start = start
        self.outcome = outcome
    }

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        var piece = DemoPiece()
        while let first = messages.first, start + first.at <= host.now {
            first.json.write(&piece.bytes)
            piece.bytes += "\r\n".utf8
            messages.removeFirst()
        }
        if let first = messages.first {
            piece.again = start + first.at
        } else if let outcome {
            self.outcome = nil
            for json in outcome(&host) {
                json.write(&piece.bytes)
                piece.bytes += "\r\n".utf8
            }
        }
        return piece
    }
}

/// The forms of progress messages.
enum ProgressJSON {
    static func status(_ text: String, id: String? = nil) -> JSON {
        .object([("status", .string(text))] + (id.map { [("id", JSON.string($0))] } ?? []))
    }

    static func layer(_ text: String, _ id: String, _ done: Int? = nil, of total: Int = 0) -> JSON {
        guard let done else { return ["status": .string(text), "progressDetail": [:], "id": .string(id)] }
        return [
            "status": .string(text), "progressDetail": ["current": .int(done), "total": .int(total)],
            "progress": .string(bar(done, total)), "id": .string(id),
        ]
    }

    static func output(_ text: String) -> JSON { ["stream": .string(text)] }

    static func error(_ text: String, code: Int? = nil) -> JSON {
        [
            "errorDetail": .object((code.map { [("code", JSON.int($0))] } ?? []) + [("message", .string(text))]),
            "error": .string(text),
        ]
    }

    /// `[====>     ]  3.4MB/8.1MB`, as Engines write it.
    private static func bar(_ done: Int, _ total: Int) -> String {
        let filled = total > 0 ? min(50, done * 50 / total) : 0
        let bar = String(repeating: "=", count: filled) + (filled < 50 ? ">" : "")
        return "[\(bar)\(String(repeating: " ", count: max(0, 50 - bar.count)))]  \(size(done))/\(size(total))"
    }

    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1000: "\(bytes)B"
        case ..<1_000_000: "\(bytes / 1000)kB"
        default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10)MB"
        }
    }
}
