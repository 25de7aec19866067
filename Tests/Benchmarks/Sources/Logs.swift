@preconcurrency import Benchmark
import EngineAPI
import Terminal

@testable import Dashboard

/// A log of 100,000 lines: taking lines in, looking through them, drawing.
func logs() -> BenchmarkSuite {
    BenchmarkSuite(name: "log") { suite in
        let lines = (0..<100_000).map { line in
            line % 1_000 == 7
                ? "2026-11-24 04:14:02 ERROR request \(line) failed: connection reset by peer"
                : "2026-11-24 04:14:02 INFO request \(line) \(LogBytes.text)"
        }
        let batch = LogBatch.lines(lines)
        suite.benchmark("take in 100,000 lines at once") { state in
            var store = LogStore()
            let new = LogLines(batch)
            try state.measuring(batch.bytes.count) { store.append(new) }
        }
        let bench = Bench.reading(lines)
        let more = LogBatch.lines(Array(lines.prefix(1_000)), from: 200_000)
        suite.benchmark("take in 1,000 lines more, following") { state in
            var bench = bench
            try state.measuring(more.bytes.count) { bench.logNews("web", .lines(more)) }
        }
        let searches = [
            ("a text", "request 7 ", false), ("a text that is not there", "zebra", false),
            ("a regular expression", "request [0-9]+ failed", true),
        ]
        for (name, text, isRegex) in searches {
            suite.benchmark("search 100,000 lines for \(name)") { state in
                var bench = bench
                bench.press("/")
                if isRegex { bench.press("ctrl-r") }
                for character in text { bench.send(.key(.character(character))) }
                try state.measuring(batch.bytes.count) { bench.scan() }
            }
            suite.benchmark("filter 100,000 lines by \(name)") { state in
                var bench = bench
                bench.press("&")
                if isRegex { bench.press("ctrl-r") }
                for character in text { bench.send(.key(.character(character))) }
                try state.measuring(batch.bytes.count) { bench.scan() }
            }
        }
        for (width, height) in [(80, 24), (200, 50)] {
            let bench = Bench.reading(lines, width: width, height: height)
            suite.benchmark("draw, following, \(width)x\(height)") { state in
                try state.measuring { draw(bench.state) }
            }
        }
        suite.benchmark("page up") { state in
            var bench = bench
            try state.measuring { bench.press("pgup") }
        }
    }
}

extension Bench {
    /// One container's log with these lines, with the keyboard in it.
    static func reading(_ lines: [String], width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench.connected([.make("web")], width: width, height: height)
        bench.log(lines, of: "web")
        bench.press("enter")
        return bench
    }
}
