@preconcurrency import Benchmark

@testable import DemoEngine
@testable import EngineAPI

/// From bytes of the Engine to values.
func decoding() -> BenchmarkSuite {
    BenchmarkSuite(name: "decode") { suite in
        for count in [10, 1_000, 10_000] {
            let json = DemoHost.list(of: count)
            suite.benchmark("container list of \(count)") { state in
                try state.measuring(json.count) { try Engine.decode([ContainerSummary].self, from: json) }
            }
        }

        var host = DemoHost.make(containers: 15)
        host.advance(to: host.now + 600 * .second)
        // The first of a stream has no sample before it.
        let sample = host.answer("/containers/shop-db-1/stats?stream=0")
        suite.benchmark("stats message") { state in
            var decoder = StatsDecoder()
            try state.measuring(sample.count) { try sample.withUnsafeBytes { try decoder.decode($0) } }
        }

        let events = host.answer("/events?since=1&until=\(host.now / .second)")
        suite.benchmark("events, all that an Engine remembers") { state in
            var decoder = EventDecoder()
            try state.measuring(events.count) { try events.withUnsafeBytes { try decoder.decode($0) } }
        }

        let inspected = host.answer("/containers/shop-db-1/json")
        suite.benchmark("container details") { state in
            try state.measuring(inspected.count) { try Engine.decode(ContainerDetails.self, from: inspected) }
        }

        let log = Array(LogBytes.frames(lines: 200_000))
        suite.benchmark("log of 200,000 lines, 64 KB at a time") { state in
            try state.measuring(log.count) {
                var decoder = LogDecoder(tty: false)
                try log.withUnsafeBytes { bytes in
                    for start in stride(from: 0, to: bytes.count, by: 64 << 10) {
                        let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 64 << 10, bytes.count)])
                        keep(try decoder.decode(part))
                    }
                }
                return try decoder.finish()
            }
        }
    }
}

extension BenchmarkState {
    /// Measures only this, and notes how many bytes it takes.
    mutating func measuring<Result>(_ bytes: Int, _ body: () throws -> Result) throws {
        counters["bytes"] = Double(bytes)
        start()
        let result = try body()
        try end()
        keep(result)
    }
}

/// Lets the compiler believe that somebody wants it.
@inline(never)
func keep<Value>(_ value: Value) {}

extension DemoHost {
    /// The same one in every run.
    static func make(containers: Int) -> DemoHost {
        DemoHost(seed: 1, containers: containers, epoch: 1_795_492_800 * .second)
    }

    /// Its list of all containers.
    static func list(of count: Int) -> [UInt8] {
        var host = make(containers: count)
        return host.answer("/containers/json?all=1")
    }

    /// What it answers.
    mutating func answer(_ uri: String) -> [UInt8] {
        switch Router.answer(DemoRequest(method: "GET", uri: uri), &self, DemoFaults()) {
        case .json(let json): return json.bytes
        case .written(let bytes): return bytes
        case .stream(var stream, _): return stream.next(&self).bytes
        default: fatalError("\(uri) has another answer")
        }
    }
}

/// A container's log as the Engine sends it.
enum LogBytes {
    static let text = "the quick brown fox jumps over the lazy dog 0123456789 abcdefghij"

    static func frames(lines: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines * 120)
        for line in 0..<lines {
            let nanoseconds = String(1_000_000_000 + line * 1_000 % 1_000_000_000).dropFirst()
            let message = Array("2026-11-24T04:14:\(10 + line / 5_000).\(nanoseconds)Z \(text) \(line)\n".utf8)
            bytes += [1, 0, 0, 0, 0, 0, UInt8(message.count >> 8), UInt8(message.count & 0xFF)]
            bytes += message
        }
        return bytes
    }
}
