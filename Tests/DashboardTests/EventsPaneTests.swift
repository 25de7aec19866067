import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct EventsPaneTests {
    private func event(
        _ type: String, _ action: String, _ actor: String, _ attributes: [String: String] = [:], at second: Int = 0
    ) -> EngineEvent {
        var event = EngineEvent(type: type, action: action, actorID: actor)
        event.attributes = attributes
        event.timeNano = (Int64(Bench.start.timeIntervalSince1970) + Int64(second)) * 1_000_000_000
        return event
    }

    private func container(
        _ action: String, _ name: String, _ more: [String: String] = [:], at second: Int = 0
    ) -> EngineEvent {
        let attributes = ["name": name, "image": "shop/\(name):1"].merging(more) { $1 }
        return event("container", action, ContainerID.named(name).rawValue, attributes, at: second)
    }

    private func shown(_ bench: Bench) -> [String] {
        bench.state.rows(.events).map { Pane.events.name($0, bench.state.engine) }
    }

    @Test func theyComeAndTheNewestIsFollowedUntilOneMovesAway() {
        var bench = Bench.connected([.make("web")])
        bench.press("5")
        bench.engine(.events([container("start", "web"), container("pause", "web", at: 1)]))
        #expect(bench.selectedName == "pause web")
        bench.engine(.events([container("unpause", "web", at: 2)]))
        #expect(bench.selectedName == "unpause web")
        bench.press("k")
        bench.engine(.events([container("stop", "web", at: 3)]))
        #expect(bench.selectedName == "pause web" || bench.selectedName == "unpause web")
        let standing = bench.selectedName
        bench.engine(.events((4..<60).map { container("start", "web", at: $0) }))
        #expect(bench.selectedName == standing)
        bench.press("G")
        bench.engine(.events([container("die", "web", ["exitCode": "137"], at: 61)]))
        #expect(bench.selectedName == "die web")
        #expect(bench.screen.contains("137: SIGKILL"))
    }

    @Test func whatMattersOfEachIsSaid() {
        let web = ContainerID.named("web").rawValue
        let cases: [(EngineEvent, String)] = [
            (container("die", "web", ["exitCode": "0", "execDuration": "12"]), "exit 0, ran 12s"),
            (container("die", "web", ["exitCode": "127"]), "127: the command was not found"),
            (container("kill", "web", ["signal": "15"]), "SIGTERM"),
            (container("kill", "web", ["signal": "37"]), "signal 37"),
            (container("rename", "web", ["oldName": "/old"]), "from old"),
            (container("health_status: unhealthy", "web"), "unhealthy"),
            (container("exec_create: sh -c 'echo hi'", "web"), "sh -c 'echo hi'"),
            (container("create", "web"), "shop/web:1"), (container("oom", "web"), "out of memory"),
            (event("network", "connect", "n", ["container": web, "name": "front", "type": "bridge"]), "web"),
            (event("network", "create", "n", ["name": "front", "type": "macvlan"]), "macvlan"),
            (
                event("volume", "mount", "v", ["container": web, "destination": "/data", "read/write": "false"]),
                "web at /data, read only"
            ),
            (event("image", "prune", "", ["reclaimed": "3145728"]), "reclaimed 3.00M"),
            (event("plugin", "enable", "p", ["name": "x", "a": "1", "b": "2"]), "a=1 b=2"),
        ]
        for (event, words) in cases {
            var history = EventHistory()
            history.add(event) { $0 == web ? "web" : nil }
            #expect(EventWords.details(of: history.entries[0]) == words, "\(event.action)")
        }
    }

    @Test func aContainerThatIsNotListedYetIsKnownByTheEventsBefore() {
        var bench = Bench.connected([])
        bench.press("5")
        let new = ContainerID.named("new").rawValue
        bench.engine(
            .events([
                container("create", "new"),
                event("network", "connect", "n", ["container": new, "name": "front"], at: 1),
            ]))
        #expect(bench.screen.contains("front"))
        bench.press("/")
        bench.send(.paste("type:network name:new"))
        #expect(shown(bench) == ["connect front"])
    }

    @Test func wordsAndTypesAndNamesFilterAlsoWhatComes() {
        var bench = Bench.connected([.make("web"), .make("db")])
        bench.press("5")
        bench.engine(
            .events([
                container("start", "web"), container("start", "db"), event("volume", "create", "web-data"),
                event("network", "create", "n", ["name": "front"]),
            ]))
        func filter(_ text: String) -> [String] {
            bench.press("/", "ctrl-u")
            bench.send(.paste(text))
            bench.press("enter")
            return shown(bench)
        }
        #expect(filter("web") == ["start web", "create web-data"])
        #expect(filter("type:container") == ["start web", "start db"])
        #expect(filter("TYPE:cont name:WEB") == ["start web"])
        #expect(filter("-type:container") == ["create web-data", "create front"])
        #expect(filter("create -web") == ["create front"])
        #expect(filter("action:start web") == ["start web"])
        #expect(filter("nobody").isEmpty)
        #expect(bench.screen.contains("The filter “nobody” hides all 4. Esc shows them."))
        #expect(filter("type:").count == 4)
        #expect(filter("type:network") == ["create front"])
        bench.engine(
            .events([container("die", "web", at: 1), event("network", "destroy", "n", ["name": "front"], at: 2)]))
        #expect(shown(bench) == ["create front", "destroy front"])
        bench.press("f")
        #expect(bench.screen.contains("Events of"))
        bench.press("down", "enter")
        #expect(bench.state[list: .events].filter == "type:container")
        #expect(shown(bench) == ["start web", "start db", "die web"])
        bench.press("esc")
        #expect(shown(bench).count == 6)
    }

    @Test func whatSaysLittleIsHiddenAndCounted() {
        var bench = Bench.connected([.make("web")])
        bench.press("5")
        #expect(bench.screen.contains("Nothing has happened yet"))
        bench.engine(
            .events(
                ["exec_create: curl", "exec_start: curl", "exec_die", "top"].map { container($0, "web") }))
        #expect(bench.screen.contains("Nothing but exec, top and health checks has happened: a shows them."))
        #expect(bench.screen.contains("4 of exec and checks hidden (a)"))
        bench.engine(.events([container("health_status: healthy", "web", at: 1)]))
        #expect(shown(bench) == ["health web"])
        bench.press("a")
        #expect(shown(bench).count == 5)
        bench.press("a")
        #expect(shown(bench).count == 1)
    }

    @Test func enterGoesToWhatItHappenedToOrSaysThatItIsGone() {
        var bench = Bench.related()
        bench.press("5")
        let web = ContainerID.named("web-1").rawValue
        bench.engine(
            .events([
                event("container", "start", web, ["name": "web-1", "image": "web:1"]),
                event("network", "connect", "id-front", ["container": web, "name": "front"]),
                event("image", "tag", "sha256:web:1", ["name": "web:1"]), event("volume", "create", "lost"),
                event("daemon", "reload", "host", ["name": "host"]),
            ]))
        bench.press("enter")
        #expect(bench.flash == "there is no list of what is a daemon")
        bench.press("k", "enter")
        #expect(bench.flash == "lost is gone")
        bench.press(".")
        #expect(bench.flash.contains("nothing here has to do with"))
        bench.press("k", "enter")
        #expect(bench.state.pane == .images && bench.selectedName == "web:1")
        bench.press("backspace", "k", "enter")
        #expect(bench.state.pane == .networks && bench.selectedName == "front")
        bench.press("backspace")
        #expect(bench.state.pane == .events && bench.selectedName == "connect front")
        bench.press("alt-1")
        #expect(bench.state.pane == .containers && bench.selectedName == "web-1")
        bench.press("backspace", "g", ".")
        #expect(bench.screen.contains("c  container"))
        #expect(bench.screen.contains("i  image, also"))
        bench.press("i")
        #expect(bench.state.pane == .images && bench.selectedName == "web:1")
    }

    @Test func theEventsOfARowAreGoneToAndGoOn() {
        var bench = Bench.related()
        bench.engine(.events([container("start", "web-1"), container("start", "db")]))
        bench.select("db")
        bench.press("alt-5")
        #expect(shown(bench) == ["start db"])
        bench.engine(.events([container("die", "db", at: 1), container("die", "web-1", at: 1)]))
        #expect(shown(bench) == ["start db", "die db"])
        #expect(bench.selectedName == "die db")
        bench.press("backspace")
        #expect(bench.state.pane == .containers && bench.selectedName == "db")
        bench.press("alt-5")
        bench.engine(.events([container("destroy", "db", at: 2)]))
        // Its name is known although it is gone.
        #expect(shown(bench) == ["start db", "die db", "destroy db"])
        #expect(bench.screen.contains("of db   "))
        bench.press("esc")
        #expect(shown(bench).count == 5)
    }

    @Test func whatTheEngineRemembersComesFirstAndNothingTwice() {
        var bench = Bench.connected([.make("web")])
        bench.engine(.events([container("pause", "web", at: 10)]))
        func asks() -> Bool {
            bench.state.subscriptions.contains { if case .eventMemory = $0 { true } else { false } }
        }
        #expect(!asks())
        bench.press("5")
        #expect(asks())
        let old = (0..<10).map { container("start", "web", at: $0) } + [container("pause", "web", at: 10)]
        // One of those that it remembers is only heard of afterwards.
        let late = container("unpause", "web", at: 11)
        bench.engine(.remembered(.success(old)))
        bench.engine(.events([old[9], late]))
        #expect(!asks())
        #expect(shown(bench).suffix(3) == ["start web", "pause web", "unpause web"])
        #expect(shown(bench).count == 12)
        bench.press("g")
        #expect(bench.state.selected == .event(-10))
        bench.press("i")
        #expect(bench.screen.contains("docker events --since 0 --filter container=web"))
        #expect(bench.screen.contains("\"image\": \"shop/web:1\""))
    }

    @Test func aMemoryThatCannotBeReadIsSaid() {
        var bench = Bench.connected([.make("web")])
        bench.press("5")
        bench.engine(.remembered(.failure(.server(status: 500, message: "no\u{1B}[31m"))))
        #expect(bench.screen.contains("no memory: no"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
    }

    @Test func theTimeOfWhichNothingIsKnownIsMarked() {
        var bench = Bench.connected([.make("web")])
        bench.press("5")
        bench.engine(.events([container("start", "web")]))
        bench.lose(after: 5)
        bench.connect(after: 24)
        bench.engine(.events([container("die", "web", at: 12)]))
        #expect(bench.screen.contains("24s: may miss some"))
        bench.press("k", "enter")
        #expect(bench.flash.contains("the Engine was away"))
        bench.press("i")
        #expect(bench.screen.contains("The Engine was away for 24s."))
        // It is there whatever is filtered.
        bench.press("esc", "/")
        bench.send(.paste("name:nobody"))
        #expect(bench.state.rows(.events).count == 1)
    }

    @Test func theyAreBoundedByNumberAndBytesAndWhatWentIsTold() {
        var bench = Bench.connected([.make("web")])
        bench.press("5")
        bench.engine(.events((0..<12_000).map { container($0 % 3 == 0 ? "exec_die" : "start", "web", at: $0) }))
        #expect(bench.state.engine.events.entries.count == EventHistory.bound)
        #expect(bench.state.engine.events.dropped == 12_000 - EventHistory.bound)
        let chatter = bench.state.engine.events.entries.filter(\.isChatter).count
        #expect(bench.state.engine.events.chatter == chatter)
        #expect(shown(bench).count == EventHistory.bound - chatter)
        #expect(bench.screen.contains("7,000 older ones dropped"))
        var history = EventHistory()
        let label = String(repeating: "x", count: 100_000)
        for second in 0..<200 { history.add(container("start", "web", ["label": label], at: second)) }
        #expect(history.entries.count < 100)
        #expect(history.entries.count + history.dropped == 200)
    }

    /// What is found step by step, as events come, go and change their filter, is what is found at once.
    @Test func rowsThatGrowAreTheRowsThatThereAre() {
        var random = SplitMix(seed: 7)
        var bench = Bench.related()
        bench.press("5")
        let actions = ["start", "die", "exec_die", "pause", "kill"]
        var second = 0
        for step in 0..<400 {
            let events = (0..<random.below(step % 50 == 0 ? 3_000 : 20)).map { _ -> EngineEvent in
                second += random.below(2)
                let name = ["web-1", "db", "api"][random.below(3)]
                return random.below(4) == 0
                    ? event(
                        "network", "connect", "id-back", ["container": ContainerID.named(name).rawValue], at: second)
                    : container(actions[random.below(actions.count)], name, at: second)
            }
            switch random.below(12) {
            case 0: bench.press("a")
            case 1: bench.state[list: .events].filter = ["", "web", "type:network", "-web", "die"][random.below(5)]
            case 2: bench.state[list: .events].relation = [nil, .of(.container(.named("db")))][random.below(2)]
            case 3: bench.press(random.below(2) == 0 ? "1" : "5")
            case 4: if random.below(4) == 0 { bench.lose(); bench.connect(after: 1) }
            case 5: if step < 100 { bench.engine(.remembered(.success([container("create", "db", at: -step)]))) }
            default: bench.engine(.events(events))
            }
            bench.send(.resized(bench.state.size))
            guard bench.state.pane == .events else { continue }
            let history = bench.state.engine.events
            let whole = bench.state.eventRows(
                from: history.first, history, bench.state.source(of: .events))
            #expect(bench.state.foundRows[PaneKind.events.rawValue]?.rows == whole, "step \(step)")
            #expect(history.chatter == history.entries.filter(\.isChatter).count)
            for (index, entry) in history.entries.enumerated() where entry.id != history.first + index {
                Issue.record("the numbers have a hole at \(index)")
            }
        }
    }

    @Test func nothingIsFoundWhileNobodyLooks() {
        var bench = Bench.connected([.make("web")])
        bench.engine(.events([container("start", "web")]))
        #expect(bench.state.foundRows[PaneKind.events.rawValue] == nil)
        bench.press("5")
        #expect(bench.state.foundRows[PaneKind.events.rawValue]?.rows.count == 1)
        bench.press("1")
        bench.engine(.events([container("die", "web", at: 1)]))
        #expect(bench.state.foundRows[PaneKind.events.rawValue]?.rows.count == 1)
    }

    @Test func timesAreLocalOrUTCOrAges() {
        var bench = Bench.connected([.make("web")])
        bench.state.secondsFromGMT = 3_600
        bench.press("5")
        bench.engine(.events([container("start", "web", at: 3)]), after: 10)
        #expect(bench.screen.contains("15:02:10"))
        bench.press("t")
        #expect(bench.screen.contains("14:02:10"))
        bench.press("t")
        #expect(bench.screen.contains("-7s"))
        bench.press("t")
        #expect(bench.screen.contains("15:02:10"))
    }

    @Test func whatTheEngineSaysIsCleanedWhereverItStands() {
        var bench = Bench.connected([.make("web")], width: 200, height: 50)
        let evil = "x\u{1B}[31m\u{202E}\u{7}\r\ny"
        bench.press("5")
        bench.engine(
            .events([
                event(evil, evil, evil, [evil: evil]),
                event("container", "die", evil, ["name": evil, "exitCode": evil]),
                event("network", "connect", evil, ["name": evil, "container": evil]),
            ]))
        for keys in [["k"], ["enter"], ["."], ["x"], ["esc"], ["f"], ["esc"], ["i"], ["esc"], ["k", "enter"]] {
            for key in keys { bench.press(key) }
            #expect(bench.frame.forbiddenScalars().isEmpty, "\(keys)")
        }
    }
}
