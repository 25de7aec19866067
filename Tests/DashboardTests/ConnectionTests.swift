import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct ConnectionTests {
    @Test func connectingAsksForEverythingOnce() {
        var bench = Bench()
        #expect(!bench.state.engine.isConnected)
        let effects = bench.connect(after: 0.01)
        #expect(bench.state.engine.isConnected)
        #expect(
            Set(effects.labels(bench)) == [
                "list containers", "list images", "list volumes", "list networks", "describe",
            ])
        #expect(effects.count == 5)
    }

    @Test func theDemoIsOfferedWhenThereIsNoEngineAndNoneWasNamed() {
        var bench = Bench()
        bench.lose(after: 1)
        func isOffered() -> Bool {
            let frame = bench.frame
            return (0..<bench.state.size.height).contains {
                frame.text(row: $0).contains("gantry --demo shows a simulated one")
            }
        }
        #expect(!isOffered())
        bench.state.offersDemo = true
        #expect(isOffered())
        bench.connect(after: 2)
        #expect(!isOffered())
    }

    @Test func listsFillThePanes() {
        var bench = Bench.connected([.make("web"), .make("api")])
        bench.engine(.images([ImageSummary(id: "sha256:1")]))
        bench.engine(.volumes([VolumeSummary(name: "b"), VolumeSummary(name: "a")]))
        bench.engine(.networks([NetworkSummary(id: "1", name: "bridge")]))
        #expect(bench.names == ["api", "web"])
        #expect(bench.state.engine.images.loaded)
        #expect(bench.state.engine.volumes.items.map(\.name) == ["a", "b"])
        #expect(bench.state.engine.networks.items.map(\.name) == ["bridge"])
    }

    @Test func anEngineThatGoesAwayLeavesThePanesStaleAndComesBack() {
        var bench = Bench.connected([.make("web"), .make("api")])
        bench.lose(after: 5)
        #expect(!bench.state.engine.isConnected)
        #expect(bench.names == ["api", "web"])
        #expect(bench.flash.contains("went away"))
        let since = bench.state.engine.staleSince
        // Each failed try moves the next one, not the age.
        bench.lose(after: 7, attempt: 2)
        #expect(bench.state.engine.staleSince == since)
        #expect(bench.screen.contains("STALE 7s"))

        let effects = bench.connect(after: 3)
        #expect(bench.state.engine.staleSince == nil)
        #expect(bench.flash == "the Engine is back")
        #expect(effects.labels(bench).contains("list containers"))
        bench.engine(.containers([.make("web", .exited, "Exited (0) 1 second ago")], asked: nil))
        #expect(bench.names == ["web"])
        #expect(bench.container("web")?.state == .exited)
        #expect(!bench.screen.contains("STALE"))
    }

    @Test func whatWasKnownBeforeIsInspectedAgainAfterReconnecting() {
        var bench = Bench.connected([.make("web")])
        bench.lose(after: 1)
        let effects = bench.connect(after: 1)
        #expect(effects.contains { $0.isDetails })
    }

    @Test func anEngineNeverReachedTellsWhatWasTried() {
        var bench = Bench(width: 100, height: 30)
        bench.engine(.lost(.unreachable(.standard, reason: .noPermission), retryIn: 2, attempt: 3), after: 1)
        // The sentence may be broken anywhere between two words.
        let screen = bench.screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(screen.contains("unix:///var/run/docker.sock"))
        #expect(screen.contains("add yourself to the group docker"))
        #expect(screen.contains("attempt 3, again in 2 s"))
        #expect(bench.press("R").labels(bench) == ["reconnect"])
    }

    @Test func theFirstBlinkShowsNoSentence() {
        var bench = Bench()
        _ = bench.tick(0.1)
        #expect(!bench.screen.contains("Connecting"))
        _ = bench.tick(1)
        #expect(bench.screen.contains("Connecting to unix:///var/run/docker.sock"))
    }

    @Test func theEnginesClockIsTakenOnWhereItDiffers() {
        var bench = Bench.connected([])
        var info = SystemInfo()
        info.systemTime = bench.now.addingTimeInterval(1.5)
        bench.engine(.described(info, roundTrip: 0))
        #expect(bench.state.engine.clockSkew == 0)
        info.systemTime = bench.now.addingTimeInterval(3_600)
        bench.engine(.described(info, roundTrip: 2))
        #expect(abs(bench.state.engine.clockSkew - 3_601) < 0.001)
    }

    @Test func timeNeverGoesBack() {
        var bench = Bench.connected([])
        let before = bench.state.now
        _ = bench.tick(-100)
        #expect(bench.state.now == before)
    }

    @Test func eventsOfAnUnknownEngineAreIgnored() {
        var bench = Bench.connected([.make("web")])
        let other = EngineID(.tcp(host: "elsewhere", port: 2375))
        #expect(update(&bench.state, .engine(other, .containers([], asked: nil)), now: bench.now).isEmpty)
        #expect(bench.names == ["web"])
    }

    // MARK: Silence

    @Test func anEngineIsPingedOnlyAfterFifteenSecondsOfSilence() {
        var bench = Bench.connected([.make("web")])
        for _ in 0..<14 { #expect(bench.tick().isEmpty) }
        #expect(bench.tick().labels(bench) == ["ping"])
        // One question at a time.
        #expect(bench.tick().isEmpty)
        bench.engine(.answered)
        for _ in 0..<14 { #expect(bench.tick().isEmpty) }
        #expect(bench.tick().labels(bench) == ["ping"])
    }

    @Test func whateverAnEngineSaysIsALifeSign() {
        var bench = Bench.connected([.make("web")])
        for second in 0..<50 {
            if second % 10 == 0 { bench.stats("web") }
            #expect(bench.tick().isEmpty)
        }
    }

    @Test func anUnansweredPingMakesTheEngineStaleAndTriesAgain() {
        var bench = Bench.connected([.make("web")])
        let heard = bench.now
        for _ in 0..<15 { _ = bench.tick() }
        let effects = bench.engine(.silent(.timedOut("the Engine's answer")), after: 5)
        #expect(effects.labels(bench) == ["reconnect"])
        #expect(bench.state.engine.staleSince == heard)
        #expect(bench.flash.contains("does not answer"))
    }

    // MARK: The net

    @Test func theListsAreAskedForOnceAMinute() {
        var bench = Bench.connected([.make("web")])
        var lists = 0
        for _ in 0..<180 {
            let effects = bench.tick()
            lists += effects.count { $0.isList }
            if effects.contains(where: { $0.isList }) {
                #expect(effects.count { $0.isList } == 4)
                bench.engine(.containers([.make("web")], asked: nil))
            }
            bench.engine(.answered)
        }
        #expect(lists == 12)
    }

    @Test func nothingIsAskedWhileTheEngineIsAway() {
        var bench = Bench.connected([.make("web")])
        bench.lose()
        for _ in 0..<200 { #expect(bench.tick().isEmpty) }
        #expect(bench.events(("start", "web")).isEmpty)
    }

    @Test(arguments: PaneKind.listed) func aFailedListIsToldAndTriedAgain(_ kind: PaneKind) {
        var bench = Bench.connected([.make("web")])
        let effects = bench.engine(.listFailed(kind, .server(status: 500, message: "no\u{1B}[2J luck")), after: 1)
        #expect(effects.labels(bench) == ["refresh later"])
        #expect(bench.flash.contains("could not be listed"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
        #expect(bench.engine(.refreshDue, after: 2).labels(bench) == ["list \(kind)"])
        #expect(bench.engine(.refreshDue, after: 2).isEmpty)
    }
}
