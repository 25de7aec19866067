import EngineAPI

@testable import Dashboard

/// Lines of several containers, and what happens to them, with texts that no two share: a line is known by its text
/// wherever it is put.
struct LogHistory {
    /// A line as a reference keeps it.
    struct Line: Equatable, CustomStringConvertible {
        var origin: Int
        var time: Int64
        var text: [UInt8]
        var isError = false
        var isEvent = false
        var description: String {
            "\(isEvent ? "event" : isError ? "err" : "out") \(origin) \(time) \(String(decoding: text, as: UTF8.self))"
        }
    }

    private var random: SplitMix
    private var made = 0
    /// The newest time of each container.
    private var clocks: [Int64]

    init(seed: UInt64, origins: Int) {
        random = SplitMix(seed: seed)
        clocks = (0..<origins).map { _ in 1_000_000 }
    }

    mutating func below(_ bound: Int) -> Int { random.below(bound) }

    /// The next lines of a container, in the order of their times; some share theirs with the line before, or with
    /// lines of other containers.
    mutating func next(_ count: Int, of origin: Int, step: Int = 5, longest: Int = 20) -> [Line] {
        (0..<count).map { _ in
            clocks[origin] += Int64(random.below(step))
            made += 1
            let text = "\(origin)-\(made) " + String(repeating: "x", count: random.below(longest + 1))
            return Line(origin: origin, time: clocks[origin], text: Array(text.utf8), isError: random.below(4) == 0)
        }
    }

    /// Lines that are older than all that `next` has given and will give.
    mutating func older(_ count: Int, before time: Int64, of origin: Int) -> [Line] {
        let times = (0..<count).map { _ in time - 1 - Int64(random.below(100)) }.sorted()
        return times.map { time in
            made += 1
            return Line(origin: origin, time: time, text: Array("\(origin)-\(made) older".utf8))
        }
    }

    /// Something that happened to a container around its newest line.
    mutating func event(of origin: Int, spread: Int = 40) -> Line {
        made += 1
        let time = clocks[origin] - Int64(random.below(spread)) + Int64(random.below(10))
        return Line(origin: origin, time: time, text: Array("event \(made)".utf8), isEvent: true)
    }

    /// No line that is still to come has an earlier time.
    var earliest: Int64 { clocks.min() ?? 0 }

    /// Time passes for a container that says nothing.
    mutating func advance(_ origin: Int, by time: Int64) { clocks[origin] += time }
}

extension LogLines {
    /// Lines of one origin as they come from the Engine, or one event.
    init(_ lines: [LogHistory.Line]) {
        guard let first = lines.first else {
            self.init()
            return
        }
        guard !first.isEvent else {
            self.init(event: String(decoding: first.text, as: UTF8.self), time: first.time, origin: first.origin)
            return
        }
        var batch = LogBatch()
        for line in lines { batch.add(line.text, time: line.time, source: line.isError ? .stderr : .stdout) }
        self.init(batch, origin: first.origin)
    }

    /// What is in them, as a reference keeps it.
    var all: [LogHistory.Line] {
        records.indices.map { index in
            LogHistory.Line(
                origin: records[index].origin, time: records[index].time, text: Array(bytes[range(index)]),
                isError: records[index].kind == .stderr, isEvent: records[index].kind == .event)
        }
    }
}

extension LogStore {
    /// The held lines, as a reference keeps them.
    var all: [LogHistory.Line] { lines(first..<end) }

    func lines(_ numbers: Range<Int>) -> [LogHistory.Line] { numbers.compactMap { line($0) } }

    func line(_ number: Int) -> LogHistory.Line? {
        self[number].map {
            LogHistory.Line(
                origin: $0.origin, time: $0.time, text: Array($0.text), isError: $0.kind == .stderr,
                isEvent: $0.isEvent)
        }
    }
}

extension [LogHistory.Line] {
    /// By time; lines of one time stay in their order.
    var byTime: [LogHistory.Line] {
        enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// What a container wrote, in its order.
    func written(by origin: Int) -> [LogHistory.Line] { filter { $0.origin == origin && !$0.isEvent } }
}
