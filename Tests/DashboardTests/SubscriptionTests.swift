import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct SubscriptionTests {
    private func stats(_ bench: Bench) -> Set<ContainerID> {
        Set(
            bench.state.subscriptions.compactMap {
                if case .stats(_, let id, _) = $0 { return id }
                return nil
            })
    }

    private func logs(_ bench: Bench) -> [ContainerID] {
        bench.state.subscriptions.compactMap {
            if case .log(_, _, let id, _) = $0 { return id }
            return nil
        }
    }

    @Test func beforeTheListsThereIsOnlyTheEngine() {
        var bench = Bench()
        #expect(bench.state.subscriptions == [.clock, .engine(bench.id)])
        bench.connect()
        #expect(bench.state.subscriptions == [.clock, .engine(bench.id)])
    }

    @Test func statsRunForTheRunningRowsOnTheScreen() {
        let all = (0..<200).map { ContainerSummary.make("c\(1_000 + $0)", $0 % 2 == 0 ? .running : .exited) }
        var bench = Bench.connected(all, width: 80, height: 24)
        for keys in [[], ["pgdn"], ["G"], ["g"]] {
            for key in keys { bench.press(key) }
            let visible = bench.state.visibleRows(.containers).compactMap { row -> ContainerID? in
                guard case .container(let id) = row, bench.state.engine.containers[id]?.isRunning == true else {
                    return nil
                }
                return id
            }
            #expect(stats(bench) == Set(visible))
            #expect(!visible.isEmpty)
        }
    }

    @Test func atMostFiftyAreStreamed() {
        let all = (0..<200).map { ContainerSummary.make("c\(1_000 + $0)") }
        var bench = Bench.connected(all, width: 120, height: 200)
        #expect(stats(bench).count == 50)
        bench.press("G")
        #expect(stats(bench).count <= 50)
        #expect(bench.state.subscriptions.count <= 54)
    }

    @Test func theBoundCountsThoseThatRun() {
        // Sixty rows that do not run stand before the ones that do.
        let all = (0..<80).map { ContainerSummary.make("c\(1_000 + $0)", $0 < 60 ? .exited : .running) }
        let bench = Bench.connected(all, width: 120, height: 200)
        #expect(stats(bench).count == 20)
    }

    @Test func theSelectedContainerIsStreamedWhereItsListIsHidden() {
        var bench = Bench.connected(["a", "b"].map { .make($0) }, width: 40, height: 12)
        bench.press("j", "c")
        #expect(bench.state.layout.panes.isEmpty)
        #expect(stats(bench) == [.named("b")])
    }

    @Test func otherPanesStreamNothing() {
        var bench = Bench.connected(["a", "b"].map { .make($0) })
        bench.press("2")
        #expect(stats(bench).isEmpty)
        #expect(logs(bench).isEmpty)
    }

    @Test func onlyTheSelectedContainersLogIsFollowed() {
        var bench = Bench.connected(["a", "b"].map { .make($0) })
        #expect(logs(bench) == [.named("a")])
        bench.press("j")
        #expect(logs(bench) == [.named("b")])
        for key in ["c", "i", "t"] {
            bench.press(key)
            #expect(logs(bench).isEmpty)
        }
        bench.press("esc", "l")
        #expect(logs(bench) == [.named("b")])
    }

    @Test func aStoppedContainersLogIsReadToo() {
        let bench = Bench.connected([.make("a", .exited, "Exited (1) 2 minutes ago")])
        #expect(logs(bench) == [.named("a")])
        #expect(stats(bench).isEmpty)
    }

    @Test func nothingIsStreamedWhileTheEngineIsAway() {
        var bench = Bench.connected(["a", "b"].map { .make($0) })
        for key in ["l", "c", "i", "t"] {
            bench.press(key)
            let before = bench.state.subscriptions
            bench.lose()
            #expect(bench.state.subscriptions == [.clock, .engine(bench.id)])
            bench.connect()
            #expect(before.subtracting(bench.state.subscriptions).allSatisfy { $0.isInspection })
            bench.press("esc")
        }
    }

    @Test func aRestartOpensLogAndStatsAnew() {
        var bench = Bench.connected([.make("a")])
        let before = bench.state.subscriptions
        bench.events(("die", "a"), ("start", "a"))
        bench.engine(.containers([.make("a", .running, "Up Less than a second")], asked: [.named("a")]))
        #expect(bench.container("a")?.starts == 1)
        let after = bench.state.subscriptions
        #expect(after.contains(.log(bench.id, 1, .named("a"), starts: 1)))
        #expect(after.contains(.stats(bench.id, .named("a"), starts: 1)))
        #expect(before.intersection(after) == [.clock, .engine(bench.id)])
        // A list that only confirms it counts no start.
        bench.engine(.containers([.make("a")], asked: nil))
        #expect(bench.container("a")?.starts == 1)
    }

    @Test func aStartThatNoEventToldOfIsCounted() {
        var bench = Bench.connected([.make("a", .exited, "Exited (0) 1 hour ago")])
        bench.engine(.containers([.make("a", .running, "Up 2 seconds")], asked: nil))
        #expect(bench.container("a")?.starts == 1)
        // And one that an event did tell of is not counted twice.
        bench.events(("die", "a"))
        bench.engine(.containers([.make("a", .exited, "Exited (0) 1 second ago")], asked: [.named("a")]))
        bench.events(("start", "a"))
        bench.engine(.containers([.make("a")], asked: [.named("a")]))
        #expect(bench.container("a")?.starts == 2)
    }

    @Test func inspectIsAskedAgainAfterAChange() {
        var bench = Bench.connected([.make("a")])
        bench.press("i")
        let before = bench.state.subscriptions.filter { $0.isInspection }
        #expect(before.count == 1)
        bench.stats("a")
        #expect(bench.state.subscriptions.filter { $0.isInspection } == before)
        bench.events(("health_status: healthy", "a"))
        #expect(bench.state.subscriptions.filter { $0.isInspection } != before)
    }

    @Test func topRunsWhileItIsLookedAtAndTheContainerRuns() {
        var bench = Bench.connected([.make("a")])
        #expect(!bench.state.subscriptions.contains(.top(bench.id, .named("a"), every: 2)))
        bench.press("t")
        #expect(bench.state.subscriptions.contains(.top(bench.id, .named("a"), every: 2)))
        bench.engine(.containers([.make("a", .exited, "Exited (0)")], asked: nil))
        #expect(!bench.state.subscriptions.contains(.top(bench.id, .named("a"), every: 2)))
    }

    @Test func aHiddenDetailIsNotAskedFor() {
        var bench = Bench.connected([.make("a")], width: 40, height: 12)
        #expect(logs(bench).isEmpty)
        bench.press("l")
        #expect(logs(bench) == [.named("a")])
        bench.send(.resized(Size(width: 10, height: 5)))
        #expect(logs(bench).isEmpty)
    }

    @Test func twoEnginesAreTwoSubscriptions() {
        var bench = Bench.connected([.make("a")])
        let other = EngineState(address: .tcp(host: "other", port: 2375), now: bench.now)
        bench.state.engines[other.id] = other
        #expect(bench.state.subscriptions.isSuperset(of: [.engine(bench.id), .engine(other.id)]))
        // What the one says stays with the one.
        _ = update(&bench.state, .engine(other.id, .containers([.make("z")], asked: nil)), now: bench.now)
        #expect(bench.names == ["a"])
        #expect(bench.state.engines[other.id]?.containers.count == 1)
    }
}

extension Subscription {
    fileprivate var isInspection: Bool {
        if case .inspect = self { return true }
        return false
    }
}
