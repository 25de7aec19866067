import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// The logs of several containers side by side.
@Suite struct LogWallTests {
    private func bench(_ names: [String] = ["api", "db", "web"], _ width: Int = 120, _ height: Int = 40) -> Bench {
        Bench.connected(names.map { .make($0) }, width: width, height: height)
    }

    /// The wall of all containers.
    private func wall(_ names: [String] = ["api", "db", "web"], _ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = bench(names, width, height)
        bench.press("*", "ctrl-w")
        return bench
    }

    private func tiles(_ bench: Bench) -> [Rect] { bench.state.wall.map { bench.state.layout(of: $0).tiles } ?? [] }

    private func text(_ bench: Bench, _ tile: Int) -> String {
        let rect = tiles(bench)[tile]
        return bench.lines[rect.y..<rect.maxY].map { String($0.dropFirst(rect.x).prefix(rect.width)) }
            .joined(separator: "\n")
    }

    private func followed(_ bench: Bench) -> [ContainerID] {
        bench.state.subscriptions.compactMap { if case .log(_, _, let id, _) = $0 { id } else { nil } }
    }

    @Test func everyContainerHasATileOfItsOwn() {
        var bench = wall()
        #expect(tiles(bench).count == 3)
        #expect(Set(followed(bench)) == [.named("api"), .named("db"), .named("web")])
        // Each once: the log beneath is not read meanwhile.
        #expect(followed(bench).count == 3)
        bench.wallLog(["from api"], of: "api")
        bench.wallLog(["from db"], of: "db")
        bench.wallLog(["from web"], of: "web")
        for (index, name) in ["api", "db", "web"].enumerated() {
            #expect(text(bench, index).contains(" \(name) ") && text(bench, index).contains("from \(name)"))
            for other in ["api", "db", "web"] where other != name {
                #expect(!text(bench, index).contains("from \(other)"))
            }
        }
    }

    @Test func aLoudOnePushesOutNobodysLines() {
        var bench = wall()
        bench.wallLog(["the only line"], of: "db")
        for part in 0..<20 {
            bench.wallNews("api", .lines(.lines((0..<1_000).map { "loud \($0)" }, from: Int64(1_000 + part * 1_000))))
        }
        #expect(text(bench, 1).contains("the only line"))
        #expect(text(bench, 0).contains("loud 999"))
        for log in bench.state.engine.wall { #expect(log.store.count <= log.store.bounds.lines) }
        // All together hold what one log may.
        let lines = bench.state.engine.wall.reduce(0) { $0 + $1.store.bounds.lines }
        #expect(lines <= bench.state.logBounds.lines)
    }

    @Test func whatHasNoRoomIsNamed() {
        let names = (0..<30).map { "c\(10 + $0)" }
        var bench = wall(names, 80, 24)
        let shown = tiles(bench).count
        #expect(shown > 2 && shown < 30)
        #expect(followed(bench).count == shown)
        #expect(bench.screen.contains("no room for \(30 - shown) more: c\(10 + shown)"))
        bench.send(.resized(Size(width: 300, height: 80)))
        #expect(tiles(bench).count == 30)
        #expect(!bench.screen.contains("no room"))
        bench.send(.resized(Size(width: 40, height: 10)))
        #expect(tiles(bench).count == 1 && bench.state.engine.wall.count == 1)
        #expect(bench.state.wall?.focus == 0)
    }

    @Test func tilesFillTheScreenAtAnySize() throws {
        for count in [1, 2, 3, 4, 5, 7, 12] {
            for (width, height) in [(40, 10), (80, 24), (120, 40), (200, 50), (300, 80)] {
                let bench = wall((0..<count).map { "c\(10 + $0)" }, width, height)
                let wall = try #require(bench.state.wall)
                let layout = bench.state.layout(of: wall)
                let cells =
                    layout.tiles.reduce(0) { $0 + $1.width * $1.height } + layout.foot.width * layout.foot.height
                #expect(cells == width * (height - 3), "\(count) at \(width)x\(height)")
                #expect(layout.tiles.allSatisfy { $0.height >= 5 && $0.width >= 36 })
                for (index, tile) in layout.tiles.enumerated() {
                    for other in layout.tiles[(index + 1)...] { #expect(tile.intersection(other).isEmpty) }
                }
            }
        }
    }

    @Test func onesKeysAreForOneTile() {
        var bench = wall(["api", "db", "web", "zoo"], 120, 40)
        for name in ["api", "db"] { bench.wallLog((0..<200).map { "\(name) \($0)" }, of: name) }
        bench.press("right")
        #expect(bench.state.wall?.focus == 1)
        bench.press("down")
        #expect(bench.state.wall?.focus == 3)
        bench.press("left", "up")
        #expect(bench.state.wall?.focus == 0)
        bench.press("tab", "pgup")
        #expect(bench.state.engine.wall[1].following == false)
        #expect(bench.state.engine.wall[0].following)
        #expect(!text(bench, 1).contains("db 199") && text(bench, 0).contains("api 199"))
        bench.press("f")
        #expect(bench.state.engine.wall.allSatisfy { $0.following })
        // One has all the room, and again they have all.
        bench.press("enter")
        #expect(tiles(bench).count == 1 && bench.screen.contains("db 170"))
        bench.press("esc")
        #expect(tiles(bench).count == 4)
        bench.press("l")
        #expect(bench.state.wall == nil && bench.selected == "db" && bench.state.tab == .logs)
        #expect(bench.state.engine.wall.isEmpty)
        #expect(followed(bench) == [.named("db")])
    }

    @Test func theMouseWorksOnTheTileUnderIt() {
        var bench = wall(["api", "db"], 120, 40)
        for name in ["api", "db"] { bench.wallLog((0..<200).map { "\(name) \($0)" }, of: name) }
        let tile = tiles(bench)[1]
        bench.send(.mouse(Mouse(kind: .wheelUp, x: tile.x + 5, y: tile.y + 2)))
        #expect(bench.state.engine.wall.map(\.following) == [true, false])
        #expect(bench.state.wall?.focus == 0)
        bench.send(.mouse(Mouse(kind: .press, x: tile.x + 5, y: tile.y + 2)))
        #expect(bench.state.wall?.focus == 1)
        bench.send(.mouse(Mouse(kind: .doubleClick, x: tile.x + 5, y: tile.y + 2)))
        #expect(bench.state.wall?.isZoomed == true)
        bench.click("leave", inKeys: true)
        bench.click("leave", inKeys: true)
        #expect(bench.state.wall == nil)
    }

    @Test func aContainerThatIsMadeAnewGoesOnInItsTile() {
        var bench = wall()
        bench.wallLog(["before"], of: "db")
        bench.engine(.containers([.make("api"), .make("web")], asked: nil))
        #expect(tiles(bench).count == 3)
        #expect(text(bench, 1).contains("before") && text(bench, 1).contains("was removed"))
        bench.engine(.containers([.make("api"), .make("db", id: "db2"), .make("web")], asked: nil))
        bench.wallLog(["after"], of: "db2", tile: "db")
        #expect(text(bench, 1).contains("before") && text(bench, 1).contains("after"))
        // What happens to it stands in its log.
        var event = EngineEvent.container("die", "web")
        event.timeNano = Int64(Bench.start.timeIntervalSince1970) * 1_000_000_000
        event.attributes["exitCode"] = "3"
        bench.engine(.events([event]))
        #expect(text(bench, 2).contains("3"))
    }

    @Test func aContainerThatIsRenamedKeepsItsTile() {
        var bench = wall()
        bench.wallLog(["before"], of: "db")
        bench.engine(.containers([.make("api"), .make("new", id: "db"), .make("web")], asked: nil))
        #expect(tiles(bench).count == 3)
        #expect(bench.state.wall?.names == ["api", "new", "web"])
        #expect(text(bench, 1).contains("before") && !text(bench, 1).contains("removed"))
    }

    @Test func whoIsGoneMakesRoomForWhoComes() {
        let names = (0..<40).map { "c\(10 + $0)" }
        func ofShop(_ names: some Sequence<String>) -> [ContainerSummary] {
            names.map { name in
                var summary = ContainerSummary.make(name)
                summary.labels[LogSubject.projectLabel] = "shop"
                return summary
            }
        }
        var bench = Bench.connected(ofShop(names))
        bench.press("ctrl-w")
        let room = tiles(bench).count
        #expect(0 < room && room < names.count)
        bench.engine(.containers(ofShop(names.dropFirst() + ["new"]), asked: nil))
        #expect(tiles(bench).count == room)
        #expect(bench.state.wall?.names.first == "c11")
        #expect(bench.state.wall?.names.contains("c10") == false)
        #expect(bench.state.wall?.names.last == "new")
    }

    @Test func allThatHaveNoRoomAreCounted() {
        let bench = wall((0..<90).map { "c\(10 + $0)" }, 80, 24)
        #expect(bench.screen.contains("no room for \(90 - tiles(bench).count) more"))
    }

    @Test func olderLinesOfATileThatIsScrolledAreFetchedWhereverTheKeyboardIs() {
        var bench = wall(["api", "db"])
        bench.wallNews("api", .opened(driver: "json-file"))
        bench.wallNews("api", .tail(.lines((0..<100).map { "line \($0)" }, from: 5_000), isStart: false, history: []))
        bench.press("home", "tab")
        #expect(bench.state.wall?.focus == 1)
        let log = bench.state.engine.wall[0]
        #expect(
            bench.state.subscriptions.contains {
                if case .olderLog(_, log.id, _) = $0 { true } else { false }
            })
        // That they cannot be had is said, and not asked for again and again.
        bench.engine(.olderLog(log.id, .failure(.server(status: 500, message: "no such thing"))))
        #expect(text(bench, 0).contains("could not be fetched"))
        #expect(
            !bench.state.subscriptions.contains {
                if case .olderLog = $0 { true } else { false }
            })
    }

    @Test func aProjectsLogsAreAWallToo() {
        let names = ["a-1", "b-1", "c-1"]
        var bench = Bench.connected(
            names.map { name in
                var summary = ContainerSummary.make(name)
                if name != "b-1" { summary.labels[LogSubject.projectLabel] = "shop" }
                return summary
            }, width: 120, height: 40)
        bench.press("ctrl-w")
        #expect(bench.state.wall?.names == ["a-1", "c-1"])
        // One that joins the project joins the wall.
        var late = ContainerSummary.make("d-1")
        late.labels[LogSubject.projectLabel] = "shop"
        bench.engine(.containers(names.map { .make($0) } + [late], asked: nil))
        #expect(bench.state.wall?.names == ["a-1", "c-1", "d-1"])
        bench.press("esc")
        #expect(bench.state.layers.isEmpty && bench.state.merged == nil)
        bench.press("2", "ctrl-w")
        #expect(bench.state.wall == nil && !bench.flash.isEmpty)
    }

    @Test func olderLinesAreFetchedForTheTileOneScrollsIn() {
        var bench = wall(["api", "db"])
        bench.wallNews("api", .opened(driver: "json-file"))
        bench.wallNews("api", .tail(.lines((0..<100).map { "line \($0)" }, from: 5_000), isStart: false, history: []))
        bench.press("g")
        let wanted = bench.state.subscriptions.compactMap { if case .olderLog(_, let id, _) = $0 { id } else { nil } }
        #expect(wanted == [bench.state.engine.wall[0].id])
        var page = OlderPage(lines: LogLines(.lines(["the first"], from: 1), origin: 0))
        page.isStart = true
        bench.engine(.olderLog(wanted[0], .success(page)))
        bench.press("g")
        #expect(text(bench, 0).contains("the first"))
        #expect(!bench.state.subscriptions.contains { if case .olderLog = $0 { true } else { false } })
    }
}

extension Bench {
    /// What a task has read of a container's log for its tile of the wall.
    mutating func wallNews(_ container: String, _ news: LogNews, tile: String? = nil) {
        let log = state.engine.wall.first { $0.subject == .named(tile ?? container) }
        engine(.log(log?.id ?? 0, .named(container), news))
    }

    /// A tile's log that has been opened, with these lines.
    mutating func wallLog(_ lines: [String], of container: String, tile: String? = nil) {
        wallNews(container, .opened(driver: "json-file"), tile: tile)
        wallNews(container, .tail(.lines(lines), isStart: true, history: []), tile: tile)
    }
}
