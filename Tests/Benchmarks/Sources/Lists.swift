@preconcurrency import Benchmark
import Terminal

@testable import Dashboard
@testable import DemoEngine
@testable import EngineAPI

/// What keys, events and figures cost, and the drawing of what they change.
func lists() -> BenchmarkSuite {
    BenchmarkSuite(name: "list") { suite in
        for count in [10, 1_000, 10_000] {
            let containers = try! Engine.decode([ContainerSummary].self, from: DemoHost.list(of: count))
            for (width, height) in [(80, 24), (200, 50)] {
                let bench = Bench.watching(containers, width: width, height: height)
                suite.benchmark("draw, \(count) rows, \(width)x\(height)") { state in
                    try state.measuring { draw(bench.state) }
                }
            }

            // The last of them is what the eye is on: all others are marked and out of sight, or all are.
            var marked = Bench.watching(containers)
            marked.press("*")
            let all = marked
            suite.benchmark("draw, \(count) rows, all marked") { state in
                try state.measuring { draw(all.state) }
            }
            marked.press("*", "G", "space")
            let last = marked
            suite.benchmark("draw, \(count) rows, the last one marked") { state in
                try state.measuring { draw(last.state) }
            }

            let running = containers.first { $0.state.isAlive } ?? containers[0]
            let sample = StatsSample.zero(at: Bench.start)
            let bench = Bench.watching(containers)
            suite.benchmark("key down, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                try state.measuring { bench.press("j") }
            }
            suite.benchmark("to the last row, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                try state.measuring { bench.press("G") }
            }
            suite.benchmark("a sample, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                try state.measuring { bench.engine(.stats(running.id, sample), after: 1) }
            }
            suite.benchmark("a second passes, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                try state.measuring { bench.tick() }
            }
            let event = EngineEvent(type: "container", action: "die", actorID: running.id.rawValue)
            suite.benchmark("an event, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                try state.measuring { bench.engine(.events([event])) }
            }
            suite.benchmark("a whole list, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                try state.measuring { bench.engine(.containers(containers, asked: nil)) }
            }
            suite.benchmark("what to watch, \(count) rows") { state in
                try state.measuring { bench.state.subscriptions }
            }
            for key in [SortKey.name, .cpu, .state] {
                suite.benchmark("sort by \(key.rawValue), \(count) rows") { state in
                    var bench = bench.unshared(running.id)
                    bench.state.engine.sort.key = key
                    try state.measuring { bench.state.engine.resort(bench.now) }
                }
            }
            suite.benchmark("filter, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                bench.press("/")
                try state.measuring { bench.press("e") }
            }
            suite.benchmark("a key of a filter with fields, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                bench.press("/")
                for letter in "state:running -image:nosuch cpu>" { bench.send(.key(.character(letter))) }
                try state.measuring { bench.press("0") }
            }
            suite.benchmark("a key in the palette, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                bench.press(":", "e")
                try state.measuring { bench.press("r") }
            }
            suite.benchmark("a key in the help, \(count) rows") { state in
                var bench = bench.unshared(running.id)
                bench.press("?", "r")
                try state.measuring { bench.press("e") }
            }
        }

        events(suite)

        let bench = Bench.watching([.make("web")])
        let before = draw(bench.state)
        var moved = bench
        _ = moved.tick()
        let after = draw(moved.state)
        suite.benchmark("which rows of a frame changed, 80x24") { state in
            try state.measuring { after.changedRows(since: before) }
        }
    }
}

/// A storm of events, looked at or not.
private func events(_ suite: BenchmarkSuite) {
    let containers = try! Engine.decode([ContainerSummary].self, from: DemoHost.list(of: 1_000))
    let actions = ["exec_create: curl -f localhost", "exec_die", "start", "die", "pause"]
    let storm = (0..<10_000).map { number in
        let container = containers[number % containers.count]
        var event = EngineEvent(
            type: "container", action: actions[number % actions.count], actorID: container.id.rawValue)
        event.attributes = container.labels.merging(["name": container.name, "image": container.image]) { $1 }
        event.timeNano = Int64(number)
        return event
    }
    let bench = Bench.watching(containers)
    for (how, keys) in [("", []), (", looked at", ["5"]), (", filtered", ["5", "/", "d", "i", "e", "enter"])] {
        var looking = bench
        for key in keys { looking.press(key) }
        let ready = looking
        suite.benchmark("10,000 events\(how), 1,000 rows") { state in
            var bench = ready.unshared(containers[0].id)
            try state.measuring { bench.engine(.events(storm)) }
        }
        suite.benchmark("an event after 10,000\(how), 1,000 rows") { state in
            var bench = ready.unshared(containers[0].id)
            bench.engine(.events(storm))
            try state.measuring { bench.engine(.events([storm[2]])) }
        }
    }
}

extension BenchmarkState {
    /// Measures only this.
    mutating func measuring<Result>(_ body: () throws -> Result) throws {
        start()
        let result = try body()
        try end()
        keep(result)
    }
}

extension Bench {
    /// A copy that shares nothing large with this one any more: what is measured is not the copying.
    func unshared(_ container: ContainerID) -> Bench {
        var copy = self
        copy.state.engine.containers[container]?.revision += 1
        if !copy.state.engine.order.isEmpty { copy.state.engine.order.swapAt(0, 0) }
        copy.engine(.stats(container, .zero(at: now)))
        return copy
    }

    /// One with figures of the last minutes for what is on the screen.
    static func watching(_ containers: [ContainerSummary], width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench.connected(containers, width: width, height: height)
        let shown = bench.names.prefix(height)
        for id in bench.state.engine.order.prefix(shown.count) {
            var sample = StatsSample.zero(at: bench.now)
            for second in 1...300 {
                sample.previousCPUTotal = sample.cpuTotal
                sample.previousSystemCPU = sample.systemCPU
                sample.read = bench.now.addingTimeInterval(Double(second - 300))
                sample.systemCPU += 8_000_000_000
                sample.cpuTotal += UInt64(second % 7) * 100_000_000
                sample.memoryUsage = UInt64(second) << 20
                sample.networkReceived += 1_000
                bench.engine(.stats(id, sample))
            }
        }
        return bench
    }
}
