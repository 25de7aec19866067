import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct SortTests {
    /// Three that run, with memory in the order b, c, a, and one that does not.
    private func bench() -> Bench {
        var bench = Bench.connected([.make("a"), .make("b"), .make("c"), .make("z", .exited, "Exited (0) 1 hour ago")])
        for (name, memory) in [("a", 1), ("b", 3), ("c", 2)] { use(&bench, name, memory: memory) }
        return bench
    }

    private func use(_ bench: inout Bench, _ name: String, memory: Int, second: Double = 0) {
        var sample = StatsSample.zero(at: Bench.start.addingTimeInterval(second))
        sample.memoryUsage = UInt64(memory) << 20
        sample.memoryLimit = 1 << 30
        sample.systemCPU = 1_000_000_000 * UInt64(1 + second)
        bench.engine(.stats(.named(name), sample))
    }

    /// Chooses a key of the menu.
    private func sort(_ bench: inout Bench, by key: SortKey) {
        bench.press("o")
        guard case .menu(let menu)? = bench.state.layers.last else { return }
        let index = SortKey.allCases.firstIndex(of: key) ?? 0
        for _ in 0..<(index - menu.index + menu.items.count) % menu.items.count { bench.press("j") }
        bench.press("enter")
    }

    @Test func theLargestIsOnTopAndWhatHasNoFigureLast() {
        var bench = bench()
        sort(&bench, by: .memory)
        #expect(bench.names == ["b", "c", "a", "z"])
        #expect(bench.screen.contains("MEM▾"))
        bench.press("O")
        #expect(bench.names == ["a", "c", "b", "z"])
        #expect(bench.screen.contains("MEM▴"))
        sort(&bench, by: .name)
        #expect(bench.names == ["a", "b", "c", "z"])
    }

    @Test func rowsMoveAtMostEveryTwoSecondsAndTheSelectionStays() {
        var bench = bench()
        sort(&bench, by: .memory)
        bench.press("g", "j")
        #expect(bench.selected == "c")
        use(&bench, "a", memory: 9, second: 1)
        _ = bench.tick(1)
        #expect(bench.names == ["b", "c", "a", "z"])
        _ = bench.tick(1)
        #expect(bench.names == ["a", "b", "c", "z"])
        #expect(bench.selected == "c")
        #expect(bench.state[list: .containers].index == 2)
    }

    @Test func aContainerThatComesMovesNoOther() {
        var bench = bench()
        sort(&bench, by: .memory)
        use(&bench, "a", memory: 9, second: 1)
        bench.engine(.containers([.make("n")], asked: [.named("n")]))
        #expect(bench.names == ["b", "c", "a", "n", "z"])
    }

    @Test func aQuestionMeansItsContainerWhateverTheOrder() {
        var bench = bench()
        sort(&bench, by: .memory)
        bench.press("g", "K")
        use(&bench, "a", memory: 9, second: 1)
        _ = bench.tick(3)
        #expect(bench.names.first == "a")
        #expect(bench.press("y").map { $0.label(bench) }.contains { $0.hasSuffix(" b") })
    }
}

@Suite struct TroubleTests {
    private func troubles(_ summary: ContainerSummary, _ change: (inout ContainerDetails) -> Void = { _ in })
        -> [String]
    {
        var bench = Bench.connected([summary], details: false)
        bench.engine(.details([.of(summary, change)], missing: []))
        return bench.state.engine.containers[summary.id]?.troubles(at: bench.now).map(\.text) ?? []
    }

    @Test func whatIsWrongIsSaid() {
        #expect(troubles(.make("a")) == [])
        #expect(
            troubles(.make("a", .running, "Up 1 hour (unhealthy)")) {
                $0.state.health = .init()
                $0.state.health?.status = .unhealthy
                $0.state.health?.failingStreak = 3
            } == ["unhealthy, 3 checks failed"])
        #expect(
            troubles(.make("a", .exited, "Exited (127) 1 hour ago")) { $0.state.exitCode = 127 }
                == ["exited (127: the command was not found)"])
        #expect(
            troubles(.make("a", .exited, "Exited (137) 1 hour ago")) {
                $0.state.exitCode = 137
                $0.state.oomKilled = true
            } == ["out of memory"])
        #expect(troubles(.make("a", .created, "Created")) { $0.state.error = "no such file" } == ["no such file"])
        #expect(
            troubles(.make("a", .restarting, "Restarting (1)")) { $0.restartCount = 5 }.first?.hasPrefix(
                "restarting, 5×") == true)
    }

    @Test(arguments: ["Exited (0) 1 hour ago", "Exited (143) 1 hour ago", "Exited (130) 1 hour ago"])
    func whatEndedWellOrWasStoppedIsNoTrouble(_ status: String) {
        let code = Int(status.split(whereSeparator: { "()".contains($0) })[1]) ?? -1
        #expect(troubles(.make("a", .exited, status)) { $0.state.exitCode = code } == [])
    }

    @Test func aLoopIsSeenByItsStarts() {
        var bench = Bench.connected([.make("a")])
        for _ in 0..<3 {
            bench.now = bench.now.addingTimeInterval(5)
            var event = EngineEvent.container("start", "a")
            event.timeNano = Int64(bench.now.timeIntervalSince1970 * 1e9)
            bench.engine(.events([event]))
        }
        bench.engine(.details([.of(.make("a")) { $0.restartCount = 3 }], missing: []))
        #expect(bench.container("a")?.troubles(at: bench.now) == [.crashLoop(restarts: 3, lately: 3)])
        // Ten minutes without a start, and it is none.
        #expect(bench.container("a")?.troubles(at: bench.now.addingTimeInterval(700)) == [])
    }

    @Test func memoryNearItsLimitAndThrottlingAreTrouble() {
        var bench = Bench.connected([.make("a")])
        bench.engine(.details([.of(.make("a")) { $0.memoryLimit = 100 << 20 }], missing: []))
        var sample = StatsSample.zero(at: bench.now.addingTimeInterval(-2))
        sample.systemCPU = 1_000
        sample.memoryUsage = 95 << 20
        sample.memoryLimit = 100 << 20
        sample.periods = 100
        bench.engine(.stats(.named("a"), sample))
        sample.read = sample.read.addingTimeInterval(1)
        sample.systemCPU = 2_000
        sample.periods = 110
        sample.throttledPeriods = 5
        bench.engine(.stats(.named("a"), sample))
        #expect(bench.container("a")?.troubles(at: bench.now) == [.nearMemoryLimit(95), .throttled(50)])
        // Without a limit of its own, the host's memory is none.
        bench.events(("update", "a"))
        bench.engine(.details([.of(.make("a"))], missing: []))
        #expect(bench.container("a")?.troubles(at: bench.now) == [.throttled(50)])
    }

    @Test func onlyTroubleIsShownOnAKeyAndTheHeaderCountsIt() {
        var bench = Bench.connected(
            [.make("a"), .make("b", .exited, "Exited (1) 1 hour ago"), .make("c")], width: 120, height: 40)
        bench.engine(.details([.of(.make("b", .exited, "Exited (1)")) { $0.state.exitCode = 1 }], missing: []))
        _ = bench.tick()
        #expect(bench.lines[0].contains("! 1"))
        bench.press("!")
        #expect(bench.state.rows(.containers) == [.container(.named("b"))])
        #expect(bench.selected == "b")
        #expect(bench.screen.contains("exited (1)"))
        bench.press("!")
        #expect(bench.state.rows(.containers).count == 3)
    }

    @Test func nothingInTroubleSaysSo() {
        var bench = Bench.connected([.make("a")])
        bench.engine(.containers([.make("a"), .make("b")], asked: nil))
        bench.press("j", "!")
        #expect(bench.screen.contains("Nothing is in trouble. ! shows all 2."))
        #expect(bench.selected == nil)
        bench.press("!")
        #expect(bench.selected == "b")
    }

    @Test func theLastHealthChecksAreOneKeyAway() {
        var bench = Bench.connected([.make("a", .running, "Up 1 hour (unhealthy)")])
        bench.engine(
            .details(
                [
                    .of(.make("a")) {
                        var probe = ContainerDetails.Health.Probe()
                        probe.exitCode = 1
                        probe.output = "connection refused\u{1B}[2J\n"
                        $0.state.health = .init()
                        $0.state.health?.status = .unhealthy
                        $0.state.health?.log = [probe]
                    }
                ], missing: []))
        bench.press("H")
        #expect(bench.screen.contains("failed (1)"))
        #expect(bench.screen.contains("connection refused"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
    }
}
