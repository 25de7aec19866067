import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct RefreshTests {
    // MARK: Merging by identity

    @Test func askedContainersThatAreNotListedVanishAndTheOthersStay() {
        var bench = Bench.connected([.make("a"), .make("b"), .make("c")])
        bench.engine(.containers([.make("b")], asked: [.named("a"), .named("b")]))
        #expect(bench.names == ["b", "c"])
    }

    @Test func aFullListReplacesAll() {
        var bench = Bench.connected([.make("a"), .make("b")])
        bench.engine(.containers([.make("c"), .make("b")], asked: nil))
        #expect(bench.names == ["b", "c"])
    }

    @Test func whatIsKnownOfAContainerSurvivesAList() {
        var bench = Bench.connected([.make("a")])
        bench.stats("a", count: 3)
        bench.engine(.containers([.make("a", .running, "Up 4 hours")], asked: nil))
        #expect(bench.container("a")?.usage.points.count == 3)
        #expect(bench.container("a")?.details != nil)
        #expect(bench.container("a")?.summary.status == "Up 4 hours")
    }

    @Test func aRenamedContainerIsTheSameOneInANewPlace() {
        var bench = Bench.connected([.make("a"), .make("b"), .make("c")])
        bench.stats("a")
        bench.engine(.containers([.make("z", id: "a")], asked: [.named("a")]))
        #expect(bench.names == ["b", "c", "z"])
        #expect(bench.container("a")?.usage.points.count == 1)
    }

    @Test func aContainerListedTwiceIsShownOnce() {
        var bench = Bench.connected([])
        bench.engine(.containers([.make("a"), .make("a")], asked: nil))
        #expect(bench.names == ["a"])
    }

    // MARK: Deaths that the list does not know yet

    /// How often the list is asked again for a container that died and is listed in a state all the same.
    private func asksAgain(_ state: ContainerState, after event: String = "die", times: Int = 10) -> Int {
        var bench = Bench.connected([.make("web", event == "unpause" ? .paused : .running)])
        bench.engine(.events([.container(event, "web")]), after: 1)
        var asked = 0
        for _ in 0..<times {
            let effects = bench.engine(.containers([.make("web", state)], asked: [.named("web")]), after: 1)
            guard effects.contains(where: { if case .refreshLater = $0 { true } else { false } }) else { break }
            asked += bench.engine(.refreshDue, after: 1).count { $0.label(bench) == "list [web]" }
        }
        return asked
    }

    @Test func aDeathThatTheListDoesNotKnowIsAskedForAgainAFewTimes() {
        // For ten seconds, two of which pass here at each time.
        #expect(asksAgain(.running) == 5)
    }

    @Test(arguments: [ContainerState.exited, .restarting, .dead])
    func aDeathThatTheListKnowsIsNotAskedForAgain(_ state: ContainerState) {
        #expect(asksAgain(state) == 0)
    }

    @Test(arguments: [("pause", ContainerState.running), ("unpause", .paused)])
    func aPauseThatTheListDoesNotKnowIsAskedForAgain(_ event: String, _ old: ContainerState) {
        #expect(asksAgain(old, after: event) == 5)
        #expect(asksAgain(old == .running ? .paused : .running, after: event) == 0)
        #expect(asksAgain(.exited, after: event) == 0)
    }

    @Test func aContainerThatWasStartedAgainIsNotDead() {
        var bench = Bench.connected([.make("web")])
        bench.engine(.events([.container("die", "web"), .container("start", "web")]), after: 1)
        let effects = bench.engine(.containers([.make("web")], asked: [.named("web")]), after: 1)
        #expect(!effects.contains { if case .refreshLater = $0 { true } else { false } })
    }

    // MARK: Events

    @Test(
        arguments: [
            "exec_create: sh", "exec_start: sh", "exec_die", "top", "attach", "detach", "resize", "copy", "commit",
        ])
    func noiseRefreshesNothing(_ action: String) {
        var bench = Bench.connected([.make("web")])
        #expect(bench.engine(.events([.container(action, "web")]), after: 1).isEmpty)
        #expect(bench.engine(.refreshDue, after: 1).isEmpty)
    }

    @Test(
        arguments: [
            "create", "start", "die", "stop", "kill", "pause", "unpause", "rename", "oom", "update",
            "health_status: unhealthy",
        ])
    func anEventRefreshesItsContainerOnly(_ action: String) {
        var bench = Bench.connected([.make("web"), .make("api")])
        let effects = bench.engine(.events([.container(action, "web")]), after: 1)
        #expect(effects.filter { $0.isList }.labels(bench) == ["list [web]"])
    }

    @Test func aDestroyedContainerGoesAtOnce() {
        var bench = Bench.connected([.make("web"), .make("api")])
        let effects = bench.engine(.events([.container("destroy", "web")]), after: 1)
        #expect(effects.filter { $0.isList }.isEmpty)
        #expect(bench.names == ["api"])
    }

    @Test(
        arguments: [
            ("image", "pull", "list images"), ("image", "delete", "list images"),
            ("volume", "create", "list volumes"), ("volume", "destroy", "list volumes"),
            ("network", "create", "list networks"), ("network", "destroy", "list networks"),
        ])
    func otherResourcesRefreshTheirPane(_ type: String, _ action: String, _ expected: String) {
        var bench = Bench.connected([.make("web")])
        let event = EngineEvent(type: type, action: action, actorID: "x")
        #expect(bench.engine(.events([event]), after: 1).labels(bench) == [expected])
    }

    @Test func mountsAndUnknownTypesRefreshNothing() {
        var bench = Bench.connected([.make("web")])
        for (type, action) in [("volume", "mount"), ("volume", "unmount"), ("daemon", "reload"), ("plugin", "enable")] {
            let event = EngineEvent(type: type, action: action, actorID: "x")
            #expect(bench.engine(.events([event]), after: 1).isEmpty)
        }
    }

    @Test func aConnectedNetworkRefreshesTheContainer() {
        var bench = Bench.connected([.make("web")])
        var event = EngineEvent(type: "network", action: "connect", actorID: "n")
        event.attributes["container"] = ContainerID.named("web").rawValue
        #expect(bench.engine(.events([event]), after: 1).filter { $0.isList }.labels(bench) == ["list [web]"])
        event.attributes["container"] = ContainerID.named("unknown").rawValue
        #expect(bench.engine(.events([event]), after: 1).isEmpty)
    }

    // MARK: Coalescing

    /// Sends a thousand events evenly over one second, the timers firing as asked, and gives every effect with its time.
    private func storm(_ containers: [String], in bench: inout Bench) -> [(at: Double, effect: Effect)] {
        var seen: [(at: Double, effect: Effect)] = []
        var timers: [Double] = []
        let start = bench.now
        func note(_ effects: [Effect], _ at: Double) {
            for effect in effects {
                seen.append((at, effect))
                if let delay = effect.delay { timers.append(at + delay) }
            }
        }
        for step in 0..<1_000 {
            let at = Double(step) / 1_000
            while let due = timers.min(), due <= at {
                timers.removeAll { $0 == due }
                bench.now = start.addingTimeInterval(due)
                note(bench.engine(.refreshDue), due)
            }
            bench.now = start.addingTimeInterval(at)
            let action = step % 2 == 0 ? "die" : "start"
            note(bench.engine(.events([.container(action, containers[step % containers.count])])), at)
        }
        for due in timers {
            bench.now = start.addingTimeInterval(due)
            note(bench.engine(.refreshDue), due)
        }
        return seen
    }

    @Test func aThousandEventsInASecondGiveFiveListsAtMost() {
        let names = (0..<10).map { "c\($0)" }
        var bench = Bench.connected(names.map { .make($0) })
        bench.now = bench.now.addingTimeInterval(1)
        let seen = storm(names, in: &bench)
        let lists = seen.filter { $0.effect.isList }
        #expect(lists.filter { $0.at < 1 }.count <= 5)
        #expect(lists.count <= 6)
        // Never two timers at once, and nothing is left waiting.
        #expect(seen.count { $0.effect.delay != nil } <= 6)
        #expect(bench.state.engine.refresh.isEmpty)
        for (earlier, later) in zip(lists, lists.dropFirst()) { #expect(later.at - earlier.at >= 0.199) }
    }

    @Test func aThousandEventsInASecondGiveFewInspections() {
        let names = (0..<3).map { "c\($0)" }
        var bench = Bench.connected(names.map { .make($0) })
        bench.now = bench.now.addingTimeInterval(1)
        let details = storm(names, in: &bench).filter { $0.effect.isDetails }
        #expect(details.count <= 12)
    }

    @Test func manyContainersAtOnceGiveOneFullList() {
        let names = (0..<60).map { "c\($0)" }
        var bench = Bench.connected(names.map { .make($0) })
        var effects = bench.engine(.events(names.prefix(50).map { .container("start", $0) }), after: 1)
        #expect(effects.filter { $0.isList }.count == 1)
        #expect(!effects.labels(bench).contains("list containers"))
        effects = bench.engine(.events(names.prefix(51).map { .container("start", $0) }), after: 1)
        #expect(effects.filter { $0.isList }.labels(bench) == ["list containers"])
    }

    @Test func fewOfTenThousandAreAskedForOneByOneThoughTheyAreMany() {
        let all = (0..<10_000).map { ContainerSummary.make("c\($0)") }
        var bench = Bench.connected(all, details: false)
        let events = all.prefix(250).map { EngineEvent.container("start", $0.name) }
        var asked: [Int] = []
        var effects = bench.engine(.events(events), after: 1)
        for _ in 0..<5 {
            for case .listContainers(_, let ids) in effects { asked.append(ids.count) }
            #expect(!effects.labels(bench).contains("list containers"))
            effects = bench.engine(.refreshDue, after: RefreshQueue.interval)
        }
        // In requests whose first lines are not too long for what may stand between here and the Engine.
        #expect(asked == [100, 100, 50])
        let most = all.prefix(2_501).map { EngineEvent.container("start", $0.name) }
        effects = bench.engine(.events(most), after: 1)
        #expect(effects.filter { $0.isList }.labels(bench) == ["list containers"])
    }

    @Test func theListOfAllIsNotAskedForAgainBeforeItHasCome() {
        let names = (0..<60).map { "c\($0)" }
        var bench = Bench.connected(names.map { .make($0) })
        let all = names.map { EngineEvent.container("start", $0) }
        #expect(bench.engine(.events(all), after: 1).labels(bench).contains("list containers"))
        for _ in 0..<5 { #expect(bench.engine(.events(all), after: 1).filter { $0.isList }.isEmpty) }
        // What happened meanwhile is asked for when it has.
        let effects = bench.engine(.containers(names.map { .make($0) }, asked: nil), after: 1)
        #expect(effects.filter { $0.isList }.labels(bench) == ["list containers"])
    }

    @Test func fiftyEventsASecondOfAllKindsGiveFiveListsASecondAtMost() {
        let names = (0..<1_000).map { "c\($0)" }
        var bench = Bench.connected(names.map { .make($0) })
        let kinds = [("image", "pull"), ("volume", "create"), ("network", "destroy"), ("container", "pause")]
        var lists: [Double] = []
        var timers: [Double] = []
        let start = bench.now
        func take(_ effects: [Effect], _ at: Double) {
            for effect in effects {
                if effect.isList { lists.append(at) }
                if let delay = effect.delay { timers.append(at + delay) }
            }
        }
        for step in 0..<60 * 50 {
            let at = 1 + Double(step) / 50
            while let due = timers.min(), due <= at {
                timers.remove(at: timers.firstIndex(of: due)!)
                bench.now = start.addingTimeInterval(due)
                take(bench.engine(.refreshDue), due)
            }
            bench.now = start.addingTimeInterval(at)
            let (type, action) = kinds[step / 3 % kinds.count]
            let actor = type == "container" ? ContainerID.named(names[step % names.count]).rawValue : "x"
            take(bench.engine(.events([EngineEvent(type: type, action: action, actorID: actor)])), at)
            // Each key does what it does without a list.
            if step.isMultiple(of: 10) {
                let before = bench.selected
                #expect(bench.press(step % 20 == 0 ? "j" : "k").filter { $0.isList }.isEmpty)
                #expect(bench.selected != before)
            }
        }
        for (index, at) in lists.enumerated() {
            #expect(lists[index...].prefix { $0 < at + 0.999 }.count <= 5)
        }
        // And nothing waits for ever.
        #expect(lists.count > 200)
        #expect(timers.count <= 1)
    }

    // MARK: Details

    @Test func detailsAreAskedForOncePerRevision() {
        var bench = Bench.connected([.make("web")], details: false)
        // Asked for when the list came; nothing that follows asks again before something happened.
        #expect(bench.press("j").filter { $0.isDetails }.isEmpty)
        bench.stats("web")
        bench.engine(.details([.of(.make("web"))], missing: []))
        #expect(bench.press("k").filter { $0.isDetails }.isEmpty)
        var effects = bench.engine(.events([.container("health_status: healthy", "web")]), after: 1)
        effects += bench.engine(.containers([.make("web")], asked: [.named("web")]))
        effects += bench.engine(.refreshDue, after: 1)
        #expect(effects.filter { $0.isDetails }.labels(bench) == ["details [web]"])
    }

    @Test func detailsAreAskedForWhatIsOnTheScreen() {
        var bench = Bench(width: 80, height: 24)
        bench.connect()
        let all = (100..<200).map { ContainerSummary.make("c\($0)") }
        let effects = bench.engine(.containers(all, asked: nil))
        guard case .details(_, let ids)? = effects.first(where: { $0.isDetails }) else {
            Issue.record("no details were asked for")
            return
        }
        #expect(ids.count == bench.state.visibleRows(.containers).count)
        #expect(ids.first == .named("c100"))
    }

    @Test func containersMissingFromDetailsAreListedAgain() {
        var bench = Bench.connected([.make("web")])
        #expect(bench.engine(.details([], missing: [.named("web")]), after: 1).labels(bench) == ["list [web]"])
        bench.engine(.containers([], asked: [.named("web")]))
        #expect(bench.names.isEmpty)
    }

    @Test func anAnswerThatIsOlderThanTheLastEventDoesNotCountAsNew() {
        var bench = Bench.connected([.make("web")], details: false)
        // Asked at one revision, overtaken by an event, answered with what was before.
        bench.engine(.events([.container("die", "web")]), after: 1)
        bench.engine(.containers([.make("web", .exited, "Exited (3) Less than a second ago")], asked: [.named("web")]))
        bench.engine(.details([.of(.make("web"))], missing: []))
        #expect(bench.container("web")?.exitCode == 3)
    }
}
