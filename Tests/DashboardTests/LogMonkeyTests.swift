import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Keys and news in any order: nothing falls over, nothing harmful is drawn, and what is known by numbers is held.
@Suite struct LogMonkeyTests {
    private static let keys = [
        "j", "k", "g", "G", "pgup", "pgdn", "ctrl-u", "ctrl-d", "up", "down", "left", "right", "f", "/", "&", "n", "N",
        "t",
        "w", "o", "#", "@", "{", "}", "C", "v", "y", "ctrl-s", "|", "esc", "enter", "m", "tab", "ctrl-r", "ctrl-n",
        "ctrl-o",
        "ctrl-w", "backspace", "e", "r", "1", "7", "(", "[", ".", "a", "space", "l", "enter", "esc", "z", "L", "*", "]",
        "k",
    ]

    private func text(_ random: inout SplitMix) -> String {
        switch random.below(10) {
        case 0: return #"{"level":"warn","msg":"a\nb","n":{"x":[1,2,\#(random.below(99))]}}"#
        case 1: return String(repeating: "long error ", count: random.below(400))
        case 2: return String(repeating: "日本\t", count: random.below(40))
        case 3: return "\u{1B}[31mred\u{1B}[0m \u{1B}]0;t\u{7}\u{7}\u{202E}e\u{301}"
        case 4: return ""
        default: return "[error] line \(random.below(1_000))"
        }
    }

    private func batch(_ random: inout SplitMix, _ clock: inout Int64) -> LogBatch {
        var batch = LogBatch()
        for _ in 0..<random.below(30) {
            clock += Int64(random.below(5_000_000))
            batch.add(Array(text(&random).utf8), time: clock, source: random.below(3) == 0 ? .stderr : .stdout)
        }
        return batch
    }

    private func summaries(_ random: inout SplitMix, _ generation: [Int]) -> [ContainerSummary] {
        ["api", "db", "web"].enumerated().compactMap { index, name in
            guard generation[index] >= 0 else { return nil }
            var summary = ContainerSummary.make(name, id: "\(name)\(generation[index])")
            summary.labels[LogSubject.projectLabel] = "shop"
            return summary
        }
    }

    @Test(arguments: Array(0..<8) + [215, 313, 365]) func anythingMayComeInAnyOrder(_ seed: Int) {
        TextWidth.prepareLocale("C.UTF-8")
        var random = SplitMix(seed: UInt64(seed))
        var generation = [0, 0, 0]
        var bench = Bench.connected(summaries(&random, generation), width: 100, height: 30)
        bench.state.logBounds = .init(lines: 300 + random.below(3_000), bytes: 100_000 + random.below(1 << 20))
        bench.state.engine.log = nil
        bench.press("enter")
        let start = Int64(Bench.start.timeIntervalSince1970) * 1_000_000_000
        var clocks: [ContainerID: Int64] = [:]
        var looking: (log: Int, found: ScannedLog)?
        for step in 0..<260 {
            let container = bench.shown?.origins.map(\.container).randomElement(using: &random)
            switch random.below(16) {
            case 0..<7:
                bench.press(Self.keys[random.below(Self.keys.count)])
            case 7..<10:
                guard let container, let log = bench.shown?.id else { continue }
                var clock = clocks[container] ?? start + Int64(random.below(9)) * 100_000_000
                let new = batch(&random, &clock)
                clocks[container] = clock
                let isOpened = bench.shown?.origin(of: container).flatMap { bench.shown?.origins[$0].reach } != nil
                bench.engine(
                    .log(
                        log, container,
                        isOpened
                            ? .lines(new) : .tail(new, isStart: random.below(2) == 0, history: [(start, "started")])))
            case 10:
                guard let container, let log = bench.shown?.id else { continue }
                let news: [LogNews] = [
                    .gap, .ended, .opened(driver: "local"), .failed(.closed, retrying: true),
                    .failed(.badRequest("no\u{1B}[2J"), retrying: false),
                ]
                bench.engine(.log(log, container, news[random.below(news.count)]))
            case 11:
                let name = ["api", "db", "web"][random.below(3)]
                let verb = ["start", "die", "oom", "kill", "health_status: healthy", "pause"][random.below(6)]
                var event = EngineEvent.container(verb, "\(name)\(max(0, generation[random.below(3)]))")
                event.timeNano = start + Int64(random.below(3_000)) * 1_000_000
                bench.engine(.events([event]))
            case 12:
                let index = random.below(3)
                generation[index] = generation[index] < 0 ? step : random.below(2) == 0 ? -1 : step
                bench.engine(.containers(summaries(&random, generation), asked: nil))
            case 13:
                // A look through the log begins, or what one has found comes, perhaps late.
                if let held = looking {
                    bench.engine(.scannedLog(held.log, held.found))
                    looking = nil
                } else if let log = bench.shown {
                    for case .scanLog(_, _, let scan) in bench.state.subscriptions {
                        looking = scan.run(over: log.store).map { (log.id, $0) }
                    }
                }
            case 14:
                guard let log = bench.shown else { continue }
                answer(&bench, log, &random)
            default:
                bench.send(.resized(Size(width: 38 + random.below(110), height: 9 + random.below(34))))
            }
            expectSound(bench, "seed \(seed), step \(step)")
            if bench.state.quitting { return }
        }
        bench.scan()
        expectSound(bench, "seed \(seed), at the end")
    }

    /// Older lines that were asked for come, or do not.
    private func answer(_ bench: inout Bench, _ log: FollowedLog, _ random: inout SplitMix) {
        var clock = (log.store.record(log.store.first)?.time ?? 0) - 500_000_000
        let lines = LogLines(batch(&random, &clock), origin: 0)
        for subscription in bench.state.subscriptions {
            switch subscription {
            case .olderLog(_, let id, _):
                let isStart = random.below(3) == 0
                let reach = Dictionary(uniqueKeysWithValues: log.origins.indices.map { ($0, LogOrigin.start) })
                bench.engine(
                    .olderLog(
                        id,
                        random.below(4) == 0
                            ? .failure(.closed)
                            : .success(OlderPage(lines: lines, reach: isStart ? reach : [:], isStart: isStart))))
            case .logJump(_, let id, let jump):
                bench.engine(
                    random.below(2) == 0 ? .pastLog(id, lines, jump) : .olderLog(id, .success(OlderPage(lines: lines))))
            default: break
            }
        }
    }

    private func expectSound(_ bench: Bench, _ when: String) {
        let frame = bench.frame
        if !frame.forbiddenScalars().isEmpty { Issue.record("harmful: \(when)") }
        if frame.size != bench.state.size { Issue.record("\(frame.size): \(when)") }
        guard let log = bench.shown else { return }
        let held = log.store.first..<max(log.store.end, log.store.first + 1)
        for number in [log.anchor?.line, log.hit, log.selection?.anchor, log.selection?.head] {
            if let number, !held.contains(number) { Issue.record("\(number) is not in \(held): \(when)") }
        }
        if log.store.count > log.store.bounds.lines { Issue.record("too many lines: \(when)") }
        if log.lineCount < 0 || log.unseen < 0 { Issue.record("less than nothing: \(when)") }
        if let hits = log.search.map({ _ in log.hits }), let place = hits.place,
            !(1...max(1, hits.count)).contains(place)
        {
            Issue.record("hit \(place) of \(hits.count): \(when)")
        }
    }
}
