import Collections
import FoundationEssentials

/// A container's figures over time, the oldest first, so many at most.
///
/// They are what Gantry holds most of after log lines: twenty containers have 18,000 in a quarter of an hour. So each
/// figure takes four bytes (seven digits, more than is ever shown), and is no number where it is nil.
struct UsagePoints: Sendable, RandomAccessCollection {
    private struct Point {
        let at: Date
        private let cpu: Float
        private let memory: Float
        private let memoryLimit: Float
        private let received: Float
        private let sent: Float
        private let read: Float
        private let written: Float
        private let pids: Float
        private let throttled: Float

        init(_ usage: Usage) {
            func short(_ figure: Double?) -> Float { figure.map { Float($0) } ?? .nan }
            at = usage.at
            cpu = short(usage.cpu)
            memory = Float(usage.memory)
            memoryLimit = Float(usage.memoryLimit)
            received = short(usage.received)
            sent = short(usage.sent)
            read = short(usage.read)
            written = short(usage.written)
            pids = Float(usage.pids)
            throttled = short(usage.throttled)
        }

        var usage: Usage {
            func long(_ figure: Float) -> Double? { figure.isNaN ? nil : Double(figure) }
            return Usage(
                at: at, cpu: long(cpu), memory: Double(memory), memoryLimit: Double(memoryLimit),
                received: long(received), sent: long(sent), read: long(read), written: long(written),
                pids: Double(pids), throttled: long(throttled))
        }
    }

    /// The bytes of one.
    static var stride: Int { MemoryLayout<Point>.stride }

    private let bound: Int
    private var points: Deque<Point> = []

    init(bound: Int) { self.bound = bound }

    var startIndex: Int { 0 }
    var endIndex: Int { points.count }
    subscript(index: Int) -> Usage { points[index].usage }

    /// Adds the newest; the oldest goes when there is no room.
    mutating func append(_ usage: Usage) {
        if points.count == bound { points.removeFirst() }
        points.append(Point(usage))
    }

    /// Gives the newest the larger of each figure.
    mutating func raiseLast(_ other: Usage) {
        guard var usage = last else { return }
        usage.raise(other)
        points[points.count - 1] = Point(usage)
    }
}
