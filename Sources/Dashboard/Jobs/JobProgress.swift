import Collections
import EngineAPI

/// How far a job is.
struct JobProgress: Sendable {
    /// A layer of an image, on its way.
    struct Layer: Sendable {
        var status: String
        var amount: ProgressMessage.Amount?

        var isDone: Bool {
            ["Pull complete", "Already exists", "Pushed", "Layer already exists", "Loaded"].contains(status)
                || status.hasPrefix("Mounted from")
        }
    }

    static let mostLayers = 256
    /// Lines of output that are kept,
    static let mostLines = 5_000
    /// and how long each may be, in characters.
    static let longestLine = 2_000

    private(set) var layers: OrderedDictionary<String, Layer> = [:]
    /// What is going on with the whole.
    private(set) var status = ""
    /// Bytes of the whole.
    private(set) var amount: ProgressMessage.Amount?
    /// How many of several things are done.
    private(set) var count: (done: Int, of: Int)?
    /// The step of a build.
    private(set) var step: (number: Int, of: Int)?
    /// What was printed, the last line perhaps unfinished.
    private(set) var output: Deque<String> = []
    /// How many lines made room for newer ones.
    private(set) var droppedLines = 0
    private var isLineOpen = false

    /// Takes in what is new.
    mutating func take(_ news: JobNews) {
        switch news {
        case .progress(let messages): for message in messages { take(message) }
        case .amount(let done, let total): amount = .init(current: done, total: total)
        case .status(let text): status = text
        case .count(let done, let all): count = (done, all)
        case .began, .ended: break
        }
    }

    private mutating func take(_ message: ProgressMessage) {
        if let (number, of, _) = message.step { step = (number, of) }
        if !message.output.isEmpty { print(message.output) }
        guard !message.status.isEmpty else { return }
        guard let id = message.layer, Self.isLayer(id) else {
            status = message.status
            if let amount = message.amount { self.amount = amount }
            return
        }
        guard layers[id] != nil || layers.count < Self.mostLayers else { return }
        var layer = layers[id] ?? Layer(status: "")
        // A layer that is done has no bytes to tell of any more, but they count.
        layer.amount = message.amount ?? layer.amount
        layer.status = message.status
        layers[id] = layer
    }

    /// A tag stands where a layer's id does when a pull begins: `Pulling from library/nginx`.
    private static func isLayer(_ id: String) -> Bool { id.utf8.count == 12 && id.allSatisfy(\.isHexDigit) }

    private mutating func print(_ text: String) {
        for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { isLineOpen = false }
            guard !part.isEmpty else { continue }
            if isLineOpen, let last = output.popLast() {
                append(last + part)
            } else {
                append(String(part))
            }
            isLineOpen = true
        }
        if text.hasSuffix("\n") { isLineOpen = false }
    }

    private mutating func append(_ line: String) {
        // Of a line that returns to its beginning what was written last is what one sees.
        let shown = line.split(separator: "\r").last.map(String.init) ?? ""
        output.append(String(shown.prefix(Self.longestLine)))
        if output.count > Self.mostLines {
            output.removeFirst()
            droppedLines += 1
        }
    }

    /// How far it is, from 0 to 1; nil when nobody knows.
    var fraction: Double? {
        if let step { return Double(step.number - 1) / Double(max(1, step.of)) }
        if let count { return Double(count.done) / Double(max(1, count.of)) }
        if let amount, let total = amount.total { return min(1, Double(amount.current) / Double(total)) }
        guard !layers.isEmpty else { return nil }
        let parts = layers.values.map { layer -> Double in
            if layer.isDone { return 1 }
            guard let amount = layer.amount, let total = amount.total else { return 0 }
            // What was fetched is unpacked afterwards.
            let part = min(1, Double(amount.current) / Double(total))
            return layer.status == "Downloading" ? part * 0.7 : layer.status == "Extracting" ? 0.7 + part * 0.3 : part
        }
        return parts.reduce(0, +) / Double(parts.count)
    }

    /// How far it is, in words: `3 of 7 layers`, `step 2 of 5`, `120 of 4,000`, `1.20M of 4.00M`.
    var summary: String {
        if let step { return "step \(step.number) of \(step.of)" }
        if !layers.isEmpty {
            let done = layers.values.count(where: \.isDone)
            return "\(done) of \(layers.count) layer\(layers.count == 1 ? "" : "s")"
        }
        if let count {
            let words = "\(Units.count(count.done)) of \(Units.count(count.of))"
            return status.isEmpty ? words : "\(words) · \(status)"
        }
        guard let amount else { return status }
        let total = amount.total.map { " of \(Units.bytes(Double($0)))" } ?? ""
        return Units.bytes(Double(amount.current)) + total
    }
}
