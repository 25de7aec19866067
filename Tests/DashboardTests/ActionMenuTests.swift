import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct ActionMenuTests {
    private func menu(_ bench: Bench) -> ActionMenu? {
        if case .actions(let menu)? = bench.state.layers.last { return menu }
        return nil
    }

    private func type(_ text: String, _ bench: inout Bench) {
        for character in text { bench.send(.key(.character(character))) }
    }

    // MARK: One row

    @Test func everyCommandOfTheRowStandsInItOnceWithItsKeyWhatCanBeDoneFirst() {
        for pane in PaneKind.listed {
            var bench = Bench.related(width: 200, height: 60)
            bench.state.show(pane)
            bench.send(.resized(bench.state.size))
            bench.press("x")
            let items = menu(bench)?.list.items ?? []
            let ids = items.map(\.id)
            #expect(Set(ids).count == ids.count)
            let wanted = Command.all.filter { $0.scope == .pane(pane) }.map(\.id)
            #expect(Set(wanted).isSubset(of: ids), "\(pane)")
            let firstRefused = items.firstIndex { $0.refusal != nil } ?? items.count
            #expect(items[firstRefused...].allSatisfy { $0.refusal != nil })
            for item in items.prefix(20) {
                let key = item.key
                #expect(
                    bench.lines.contains { $0.contains(key) && $0.contains(item.title) }, "\(item.id)")
            }
        }
    }

    @Test func whatCannotBeDoneSaysWhy() {
        var bench = Bench.connected([.make("web", .exited, "Exited (0) 1 hour ago")], width: 120, height: 60)
        bench.press("x")
        let stop = menu(bench)?.list.items.first { $0.id == "container.stop" }
        #expect(stop?.refusal == "web is not running")
        #expect(bench.lines.contains { $0.contains("stop the container  web is not running") })
        type("container.stop", &bench)
        #expect(menu(bench)?.list.items.map(\.id) == ["container.stop"])
        #expect(bench.press("enter").isEmpty)
        #expect(bench.flash == "web is not running")
        #expect(menu(bench) != nil)
    }

    @Test func typingFindsAndEnterDoesIt() {
        var bench = Bench.related()
        bench.select("db")
        bench.press("x")
        type("restart", &bench)
        #expect(bench.screen.contains("/ restart"))
        #expect(bench.screen.contains("docker restart db"))
        #expect(bench.press("enter").labels(bench) == ["restart db"])
        #expect(bench.state.layers.isEmpty)
        bench.select("api")
        bench.press("x")
        type("remove", &bench)
        bench.press("enter")
        #expect(bench.question?.targets.map(\.name) == ["api"])
    }

    @Test func escEmptiesTheSearchThenLeaves() {
        var bench = Bench.related()
        bench.press("x")
        type("xyz", &bench)
        #expect(bench.screen.contains("Nothing has “xyz”. Esc shows all."))
        #expect(bench.press("enter").isEmpty)
        bench.press("esc")
        #expect(menu(bench)?.list.typed == "")
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
    }

    /// The docker command is found by running the command on a state that nobody keeps.
    @Test func lookingAtItChangesNothing() {
        var bench = Bench.related()
        bench.press("x")
        let before = (bench.state.journal.entries.count, bench.state.jobs.count, bench.state.nextAction)
        for _ in 0..<60 {
            #expect(bench.press("down").isEmpty)
            _ = bench.frame
        }
        #expect((bench.state.journal.entries.count, bench.state.jobs.count, bench.state.nextAction) == before)
        #expect(bench.state.engine.containers.values.allSatisfy { $0.action == nil })
        #expect(bench.state.layers.count == 1)
    }

    @Test func dockersWordsStandBelowWhatIsKnownOfThem() {
        var bench = Bench.related(width: 120)
        bench.select("db")
        bench.press("x")
        var said: [String: String] = [:]
        for _ in 0..<60 {
            if let list = menu(bench)?.list, let id = list.item?.id {
                said[id] = list.docker
                if let docker = list.docker { #expect(bench.screen.contains(docker.prefix(60))) }
            }
            bench.press("down")
        }
        #expect(said["container.stop"] == "docker stop db")
        #expect(said["container.remove"] == "docker rm --force db")
        #expect(said["view.logs"] == "docker logs --follow db")
        #expect(said["view.inspect"] == "docker inspect db")
        #expect(said["container.rename"] == "docker rename db db")
        #expect(said["go.events"] == "docker events --since 0 --filter container=db")
        #expect(said["container.exec"]?.hasPrefix("docker exec") == true)
    }

    @Test func theRowThatGoesUnderTheMenuIsNotReplacedByItsNeighbour() {
        var bench = Bench.related()
        bench.select("db")
        bench.press("x")
        type("restart", &bench)
        bench.events(("destroy", "db"))
        #expect(bench.press("enter").filter { $0.isAct }.isEmpty)
        #expect(bench.flash.contains("nothing was done"))
        #expect(bench.state.layers.isEmpty)
    }

    @Test func theMarkedRowsAreMeantAndThoseThatGoAreLeftOut() {
        var bench = Bench.related()
        bench.press("space", "space", "space", "x")
        #expect(bench.screen.contains("3 marked containers"))
        type("stop", &bench)
        bench.events(("destroy", "api"))
        bench.press("enter")
        #expect(bench.question?.targets.map(\.name) == ["alone", "db"])
    }

    @Test func aChangeUnderTheMenuIsSeenInIt() {
        var bench = Bench.related(width: 120, height: 60)
        bench.select("db")
        bench.press("x")
        #expect(menu(bench)?.list.items.first { $0.id == "container.stop" }?.refusal == nil)
        bench.engine(.containers([.make("db", .exited, "Exited (0) 1 second ago")], asked: [.named("db")]))
        // A storm of changes is not a storm of new lists: it is looked at with the next tick.
        _ = bench.tick()
        #expect(menu(bench)?.list.items.first { $0.id == "container.stop" }?.refusal == "db is not running")
    }

    @Test(arguments: [(40, 10), (40, 12), (80, 24), (200, 50)]) func itFitsAndWhatIsChosenIsOnTheScreen(
        _ width: Int, _ height: Int
    ) {
        for key in ["x", ","] {
            var bench = Bench.related(width: width, height: height)
            bench.press(key)
            for _ in 0..<50 {
                let chosen = menu(bench)?.list.item?.title ?? ""
                #expect(bench.lines.contains { $0.contains("▸") && $0.contains(chosen.prefix(20)) }, "\(chosen)")
                bench.press("down")
            }
            bench.press("home")
            #expect(menu(bench)?.list.index == 0)
        }
    }

    // MARK: Many rows

    @Test func theFilteredRowsAreAskedAboutAndNoOthers() {
        var bench = Bench.related()
        bench.press("/", "w", "e", "b", "enter", ",")
        #expect(bench.screen.contains("listed 2") && bench.screen.contains("all 5"))
        #expect(menu(bench)?.list.items.allSatisfy { $0.command?.takesSeveral == true } == true)
        type("stop", &bench)
        #expect(bench.screen.contains("docker stop web-1 web-2"))
        bench.press("enter")
        #expect(bench.question?.targets.map(\.name) == ["web-1", "web-2"])
        #expect(bench.state.marked.isEmpty)
        #expect(bench.press("y").labels(bench) == ["docker stop web-1 web-2"])
        #expect(bench.container("db")?.action == nil)
    }

    @Test func allMeansThoseThatTheFilterHidesToo() {
        var bench = Bench.related()
        bench.press("/", "w", "e", "b", "enter", ",", "right")
        type("kill", &bench)
        bench.press("enter")
        #expect(bench.question?.targets.map(\.name) == ["alone", "api", "db", "web-1", "web-2"])
        #expect(bench.state[list: .containers].filter == "web")
        bench.press("n")
        #expect(bench.state.rows(.containers).count == 2)
    }

    @Test func theMarkedOnesComeFirst() {
        var bench = Bench.related()
        bench.press("space", ",")
        #expect(menu(bench)?.reaches.map(\.reach) == [.marked, .all])
        type("restart", &bench)
        bench.press("enter")
        // What is done to one row at once is asked about here.
        #expect(bench.question?.targets.map(\.name) == ["alone"])
        bench.press("n")
        #expect(bench.state.marked == [.container(.named("alone"))])
        #expect(!bench.state.asksAlways)
        #expect(bench.press("r").labels(bench) == ["restart alone"])
    }

    @Test func severalImagesAreRemovedOrSaved() {
        var bench = Bench.related()
        bench.press("2", "/", "a", "p", "i", "enter", ",")
        #expect(Set(menu(bench)?.list.items.map(\.id) ?? []) == ["image.push", "image.remove", "image.save"])
        type("remove", &bench)
        bench.press("enter")
        #expect(bench.question?.targets.map(\.name) == ["api:1"])
    }

    @Test func whereNothingIsDoneToSeveralThatIsSaid() {
        var bench = Bench.connected([])
        bench.press(",")
        #expect(bench.flash == "there are no containers")
        bench.press("5", ",")
        #expect(bench.flash == "there is nothing that is done to several events at once")
    }

    @Test func tenThousandAreOneJob() {
        var bench = Bench.connected((0..<10_000).map { .make("c\(10_000 + $0)") }, details: false)
        bench.press(",")
        type("stop", &bench)
        bench.press("enter")
        #expect(bench.question?.targets.count == 10_000)
        let effects = bench.press("y")
        #expect(effects.count { if case .startJob = $0 { true } else { false } } == 1)
        #expect(effects.filter { $0.isAct }.isEmpty)
        #expect(bench.state.journal.entries.count == 1)
        bench.engine(.jobNews(1, .count(done: 2_500, of: 10_000)))
        #expect(bench.screen.contains("stop 10000"))
        bench.press("W")
        #expect(bench.screen.contains("2,500 of 10,000"))
        #expect(bench.press("c").labels(bench) == ["cancel 1"])
        bench.engine(.jobEnded(1, .failure(.cancelledLeaving("stopped 2500 of 10000 containers"))))
        #expect(bench.state.engine.containers.values.allSatisfy { $0.action == nil })
    }

    // MARK: The mouse

    @Test func clicksAndTheWheelWorkInMenus() throws {
        var bench = Bench.related()
        bench.select("db")
        bench.press("x")
        let opened = try #require(menu(bench))
        let rows = ChoiceLayer.rows(opened.list, bench.state.size)
        bench.send(.mouse(Mouse(kind: .wheelDown, x: rows.x + 3, y: rows.y)))
        #expect(menu(bench)?.list.index == 1)
        let restart = try #require(opened.list.items.firstIndex { $0.id == "container.restart" })
        let start = ChoiceLayer.start((menu(bench) ?? opened).list, bench.state.size)
        let y = rows.y + restart - start
        bench.send(.mouse(Mouse(kind: .press, x: rows.x + 3, y: y)))
        #expect(menu(bench)?.list.index == restart)
        let effects = bench.send(.mouse(Mouse(kind: .doubleClick, x: rows.x + 3, y: y)))
        #expect(effects.labels(bench) == ["restart db"])
        #expect(bench.state.layers.isEmpty)

        bench.press(".")
        guard case .menu(let related)? = bench.state.layers.last else {
            Issue.record("no menu of what is related")
            return
        }
        let items = MenuLayer.rect(related, bench.state.size).inset(by: 1)
        bench.send(.mouse(Mouse(kind: .press, x: items.x + 3, y: items.y)))
        #expect(bench.state.pane == .images && bench.selectedName == "pg:16")
        bench.press("backspace", ".")
        bench.send(.mouse(Mouse(kind: .press, x: 0, y: 0)))
        #expect(bench.state.layers.isEmpty && bench.state.pane == .containers)
    }
}
