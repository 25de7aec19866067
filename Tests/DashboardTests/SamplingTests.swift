import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct SamplingTests {
    /// What a minute of watching asks of the Engine.
    struct Minute {
        var samples: [ContainerID: Int] = [:]
        var lists = 0
        var streams = 0
        var total: Int { samples.values.reduce(0, +) }
    }

    /// A host with so many running containers, whose figures are asked for in one way.
    private func host(_ count: Int, _ way: Sampling.Way, width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench.connected(
            (0..<count).map { .make("c\(10_000 + $0)") }, width: width, height: height)
        var ignored = Minute()
        take(bench.engine(.measuredSampling(way)), &bench, &ignored)
        return bench
    }

    /// Lets a minute pass; every sample that is asked for is answered, unless the Engine hangs.
    private func minute(_ bench: inout Bench, seconds: Int = 60, answers: Bool = true) -> Minute {
        var minute = Minute()
        for _ in 0..<seconds {
            take(bench.tick(), &bench, &minute, answers: answers)
            let streamed = bench.state.subscriptions.filter {
                if case .stats = $0 { return true }
                return false
            }
            minute.streams = max(minute.streams, streamed.count)
        }
        return minute
    }

    private func take(_ effects: [Effect], _ bench: inout Bench, _ minute: inout Minute, answers: Bool = true) {
        for effect in effects {
            switch effect {
            case .sample(_, let ids, _):
                for id in ids {
                    minute.samples[id, default: 0] += 1
                    if answers { bench.stats(bench.state.engine.containers[id]?.name ?? "") }
                }
            case .list, .listContainers: minute.lists += 1
            default: break
            }
        }
    }

    private func onScreen(_ bench: Bench) -> [ContainerID] {
        bench.state.visibleRows(.containers).compactMap { row in
            if case .container(let id) = row { return id }
            return nil
        }
    }

    @Test func howFiguresAreAskedForIsFoundOutFirst() {
        var bench = Bench()
        bench.connect()
        bench.state.engine.sampling = Sampling()
        let effects = bench.engine(.containers([.make("a", .exited), .make("b")], asked: nil))
        let measured = effects.compactMap { effect -> ContainerID? in
            if case .measureSampling(_, let id) = effect { return id }
            return nil
        }
        #expect(measured == [.named("b")])
        // Once is enough, and meanwhile nothing else is asked for.
        let more = bench.tick() + bench.press("j", "k")
        #expect(!more.contains { if case .measureSampling = $0 { true } else { false } })
        #expect(!more.contains { if case .sample = $0 { true } else { false } })
        #expect(bench.state.streamed.isEmpty)
        bench.engine(.measuredSampling(.streams))
        #expect(bench.state.streamed == [.named("b")])
        // Another Engine may stand behind the same address when it is back.
        bench.lose()
        #expect(!bench.state.subscriptions.contains { if case .stats = $0 { true } else { false } })
        #expect(bench.engine(.connected).contains { if case .measureSampling = $0 { true } else { false } })
    }

    @Test(arguments: [10, 50, 200, 10_000]) func whatIsStreamedIsBoundedAndTheRestIsAskedInTurn(_ count: Int) {
        var bench = host(count, .streams)
        let visible = onScreen(bench)
        // Each has a stream until it has brought the two samples that a rate is made of.
        #expect(bench.state.streamed == Set(visible))
        for id in visible { bench.stats(bench.state.engine.containers[id]?.name ?? "", count: 2) }
        let seen = minute(&bench)
        let selected = bench.state.selectedContainer?.id
        #expect(seen.streams == 1)
        #expect(bench.state.streamed == Set([selected].compactMap { $0 }))
        for id in visible where id != selected { #expect(abs((seen.samples[id] ?? 0) - 30) <= 1) }
        let inTurn = seen.samples.filter { !visible.contains($0.key) }
        #expect(inTurn.values.reduce(0, +) <= 60 * Sampling.roundBound)
        let others = count - visible.count
        // Everyone has been asked about once in the time of a round, where that costs little.
        if others <= 120 { #expect(inTurn.count == others) }
        #expect(inTurn.values.allSatisfy { $0 <= 3 || others < 30 })
    }

    @Test func whoPassesByWithTheSelectionOpensNoStream() {
        var bench = host(10, .streams)
        for id in onScreen(bench) { bench.stats(bench.state.engine.containers[id]?.name ?? "", count: 2) }
        _ = minute(&bench, seconds: 2)
        let first = bench.state.streamed
        #expect(first.count == 1)
        bench.press("j", "j", "j")
        #expect(bench.state.streamed == first)
        _ = minute(&bench, seconds: 1)
        #expect(bench.state.streamed == Set([bench.state.selectedContainer?.id].compactMap { $0 }))
        #expect(bench.state.streamed != first)
    }

    @Test(arguments: [10, 50, 200, 10_000]) func anEngineThatAnswersAtOnceIsCalled(_ count: Int) {
        var bench = host(count, .calls)
        let visible = onScreen(bench)
        let seen = minute(&bench)
        #expect(seen.streams == 0)
        let selected = bench.state.selectedContainer?.id
        for id in visible {
            #expect(abs((seen.samples[id] ?? 0) - (id == selected ? 60 : 30)) <= 1)
        }
        #expect(seen.total <= 60 + 30 * (visible.count - 1) + 60 * Sampling.roundBound + 10)
    }

    @Test func whoIsScrolledToIsAskedAtOnce() {
        var bench = host(200, .calls)
        _ = minute(&bench, seconds: 3)
        var asked = Minute()
        take(bench.press("G"), &bench, &asked)
        #expect(Set(onScreen(bench)).isSubset(of: asked.samples.keys))
    }

    @Test(arguments: [Sampling.Way.streams, .calls]) func whereNobodyLooksLittleIsAskedFor(_ way: Sampling.Way) {
        var bench = host(200, way)
        let looking = minute(&bench)
        var away = Minute()
        take(bench.send(.looked(false)), &bench, &away)
        away = minute(&bench)
        #expect(away.streams == 0)
        let visible = onScreen(bench)
        for id in visible { #expect(abs((away.samples[id] ?? 0) - 12) <= 1) }
        #expect(away.total - visible.count * 12 <= looking.total / 2)
        bench.send(.looked(true))
        #expect(minute(&bench, seconds: 2).streams == (way == .streams ? 1 : 0))
    }

    @Test(arguments: [Sampling.Way.streams, .calls]) func whilePausedNothingIsAskedFor(_ way: Sampling.Way) {
        var bench = host(200, way)
        bench.press("P")
        #expect(bench.screen.contains("PAUSED"))
        let paused = minute(&bench)
        #expect(paused.total == 0)
        #expect(paused.streams == 0)
        bench.press("P")
        #expect(!bench.screen.contains("PAUSED"))
        let after = minute(&bench, seconds: 5)
        #expect(after.total > 0)
    }

    @Test func anotherPaneLeavesTheRoundOnly() {
        var bench = host(20, .calls)
        bench.press("2")
        let seen = minute(&bench)
        #expect(seen.samples.count == 20)
        #expect(seen.total <= 61)
    }

    @Test func anEngineThatHangsIsNotAskedTwice() {
        var bench = host(200, .calls)
        let seen = minute(&bench, answers: false)
        #expect(seen.samples.values.allSatisfy { $0 == 1 })
        #expect(seen.total <= Sampling.pendingBound)
        for id in seen.samples.keys { bench.engine(.sampleFailed(id)) }
        #expect(minute(&bench, seconds: 3).total > 0)
    }

    @Test func figuresOfARoundCountUntilTheNext() {
        var bench = host(200, .streams)
        _ = minute(&bench)
        #expect(bench.state.engine.sampling.freshness >= 90)
        #expect(bench.state.engine.sampling.freshness <= 600)
        var small = host(5, .streams)
        _ = minute(&small)
        #expect(small.state.engine.sampling.freshness == 30)
    }

    @Test func aFigureOfBeforeIsDimUntilANewOneComes() throws {
        var bench = Bench.connected([.make("a"), .make("b")])
        bench.stats("a", count: 3)
        // How the container's memory looks, by its last cell: M or G.
        func style() throws -> Style {
            let row = try #require(bench.lines.firstIndex { $0.contains("● a") })
            let cells = bench.frame.cells(row: row)
            let unit = try #require(cells.lastIndex { $0.scalar == "M" || $0.scalar == "G" })
            return cells[unit].style
        }
        let fresh = try style()
        bench.press("P")
        for _ in 0..<20 { _ = bench.tick() }
        #expect(try style() != fresh)
        bench.press("P")
        bench.stats("a", count: 22)
        #expect(try style() == fresh)
    }

    @Test func whatGantryCostsStandsInALine() {
        for (width, height) in [(80, 24), (200, 50)] {
            var bench = Bench.connected([.make("a")], width: width, height: height)
            let before = bench.lines
            bench.press("D")
            #expect(bench.screen.contains("measuring"))
            #expect(bench.state.subscriptions.contains(.cost(bench.id)))
            bench.send(
                .cost(
                    OwnCost(
                        cpu: 0.43, memory: 17_825_792, terminal: 173, answerTime: 0.0012, requests: 1.5, streams: 11)))
            let line = bench.lines[height - 3]
            #expect(line.contains("gantry 0.4 %"))
            #expect(line.contains("Engine 1.2 ms, 1.5 req/s, 11 streams"))
            #expect(bench.lines[height - 1] == before[height - 1])
            bench.press("D")
            #expect(bench.lines == before)
            #expect(!bench.state.subscriptions.contains(.cost(bench.id)))
        }
    }
}
