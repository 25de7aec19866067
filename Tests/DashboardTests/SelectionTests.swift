import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct SelectionTests {
    @Test func theFirstRowIsSelectedWhenTheListComes() {
        #expect(Bench.connected([.make("b"), .make("a")]).selected == "a")
    }

    @Test func theSelectionStaysOnItsContainerWhenOthersComeAndGo() {
        var bench = Bench.connected([.make("b"), .make("d"), .make("f")])
        bench.press("j")
        #expect(bench.selected == "d")
        bench.engine(.containers([.make("a")], asked: [.named("a")]))
        #expect(bench.selected == "d")
        bench.events(("destroy", "b"))
        #expect(bench.selected == "d")
        bench.engine(.containers(["z", "y", "d", "a"].map { .make($0) }, asked: nil))
        #expect(bench.selected == "d")
    }

    @Test func theSelectionFollowsARename() {
        var bench = Bench.connected([.make("b"), .make("d"), .make("f")])
        bench.engine(.containers([.make("zz", id: "b")], asked: [.named("b")]))
        #expect(bench.selected == "zz")
        #expect(bench.state[list: .containers].index == 2)
    }

    @Test func aRemovedSelectionHandsOverToItsNeighbour() {
        var bench = Bench.connected(["a", "b", "c"].map { .make($0) })
        bench.press("j")
        bench.events(("destroy", "b"))
        #expect(bench.selected == "c")
        bench.events(("destroy", "c"))
        #expect(bench.selected == "a")
        bench.events(("destroy", "a"))
        #expect(bench.selected == nil)
        #expect(bench.state.selected == nil)
        bench.engine(.containers([.make("n")], asked: [.named("n")]))
        #expect(bench.selected == "n")
    }

    @Test func aFilterShowsWhatMatchesAndKeepsTheSelectionWhereItCan() {
        var bench = Bench.connected(["api", "db", "web-1", "web-2"].map { .make($0) })
        bench.press("G", "/", "w", "e", "b")
        #expect(bench.state.rows(.containers).count == 2)
        #expect(bench.selected == "web-2")
        bench.press("enter", "esc")
        #expect(bench.state.rows(.containers).count == 4)
        #expect(bench.selected == "web-2")
        bench.press("/", "D", "B")
        #expect(bench.selected == "db")
        // Esc goes back to the filter before, which was none.
        bench.press("esc")
        #expect(bench.state[list: .containers].filter == "")
        #expect(bench.selected == "db")
    }

    @Test func whatAFilterHidesCompletelyIsNotActedOn() {
        var bench = Bench.connected([.make("api")], width: 40, height: 12)
        bench.press("/", "z", "z", "enter")
        #expect(bench.state.rows(.containers).isEmpty)
        #expect(bench.press("r").isEmpty)
    }

    @Test func filtersAreTyped() {
        var bench = Bench.connected([.make("api")])
        bench.press("/", "a", "b", "backspace")
        #expect(bench.state[list: .containers].filter == "a")
        bench.press("ctrl-u")
        #expect(bench.state[list: .containers].filter == "")
        bench.press("backspace")
        #expect(bench.state.layers.isEmpty)
        bench.press("/")
        bench.send(.paste("pi\u{1B}[31m\nx"))
        let filter = bench.state[list: .containers].filter
        #expect(filter.hasPrefix("pi"))
        #expect(filter.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        bench.send(.paste(String(repeating: "long", count: 1_000)))
        #expect(bench.state[list: .containers].filter.count == Prompt.longest)
    }

    @Test func aPasteOutsideOfAFilterDoesNothingAndSaysSo() {
        var bench = Bench.connected([.make("api")])
        bench.send(.paste("y\nKy\n"))
        #expect(bench.state.layers.isEmpty)
        #expect(bench.flash.contains("pasted"))
    }

    @Test(arguments: [0, 1, 500]) func theSelectedRowIsAlwaysVisible(_ count: Int) {
        var bench = Bench.connected((0..<count).map { .make("c\(1_000 + $0)") })
        var random = SplitMix(seed: UInt64(count))
        let keys = ["j", "k", "pgdn", "pgup", "ctrl-d", "ctrl-u", "g", "G", "down", "up", "home", "end"]
        for step in 0..<400 {
            bench.press(keys[random.below(keys.count)])
            if step % 9 == 0 {
                bench.send(.resized(Size(width: 40 + random.below(180), height: 10 + random.below(50))))
            }
            if count > 0, step % 17 == 0 {
                bench.events(("destroy", "c\(1_000 + random.below(count))"))
            }
            let rows = bench.state.visibleRows(.containers)
            guard !bench.state.rows(.containers).isEmpty else {
                #expect(bench.selected == nil)
                continue
            }
            #expect(bench.state.selected.map { rows.contains($0) } == true)
            #expect(bench.frame.lines.contains { $0.contains("▌") })
        }
    }

    @Test func pagesAndEndsMoveByWhatIsVisible() {
        var bench = Bench.connected((0..<500).map { .make("c\(1_000 + $0)") })
        let height = bench.state.visibleRows(.containers).count
        #expect(height > 3)
        bench.press("pgdn")
        #expect(bench.state[list: .containers].index == height - 1)
        bench.press("pgup")
        #expect(bench.state[list: .containers].index == 0)
        bench.press("G")
        #expect(bench.selected == "c1499")
        bench.press("j")
        #expect(bench.selected == "c1499")
        bench.press("g", "k")
        #expect(bench.selected == "c1000")
    }

    @Test func eachPaneKeepsItsOwnSelection() {
        var bench = Bench.connected(["a", "b", "c"].map { .make($0) })
        bench.engine(.volumes((0..<5).map { VolumeSummary(name: "v\($0)") }))
        bench.press("j", "3", "j", "j")
        #expect(bench.state.selected == .volume("v2"))
        bench.press("1")
        #expect(bench.selected == "b")
        bench.press("3")
        #expect(bench.state.selected == .volume("v2"))
    }

    @Test func anotherSelectionForgetsWhatWasShownOfTheOne() {
        var bench = Bench.connected(["a", "b"].map { .make($0) })
        bench.log(["one", "two"], of: "a")
        #expect(bench.state.engine.log?.store.count == 2)
        bench.press("j")
        #expect(bench.state.engine.log?.subject == .container(.named("b")))
        #expect(bench.state.engine.log?.store.isEmpty == true)
        // What still comes for the one before is not shown as this one's.
        bench.log(["late"], of: "a")
        bench.engine(.inspected(.container(.named("a")), .success(InspectLine.lines(of: Array("{}".utf8)))))
        bench.engine(.processes(.named("a"), .success(ProcessList(titles: ["PID"], processes: []))))
        #expect(bench.state.engine.log?.store.isEmpty == true)
        #expect(bench.state.engine.inspected?.loaded != true)
        #expect(bench.state.engine.top?.list == nil)
    }

    @Test func clicksAndWheelWorkWhereTheyAre() {
        for (width, height) in [(80, 24), (200, 50), (40, 12)] {
            var bench = Bench.connected((0..<20).map { .make("c\(10 + $0)") }, width: width, height: height)
            let area = bench.state.layout.area(of: .containers)!
            bench.send(.mouse(Mouse(kind: .press, x: area.rows.x + 5, y: area.rows.y + 2)))
            #expect(bench.selected == "c12")
            bench.send(.mouse(Mouse(kind: .wheelDown, x: area.rows.x + 5, y: area.rows.y)))
            #expect(bench.selected == "c13")
            bench.send(.mouse(Mouse(kind: .doubleClick, x: area.rows.x + 5, y: area.rows.y)))
            #expect(bench.state.focus == .detail)
        }
    }

    @Test func clicksAnywhereNeitherCrashNorLoseTheSelection() {
        for (width, height) in [(40, 10), (80, 24), (120, 16), (200, 50)] {
            var bench = Bench.connected((0..<9).map { .make("c\(10 + $0)") }, width: width, height: height)
            bench.log((0..<50).map { "line \($0)" }, of: "c10")
            // The line of keys does what its keys do: it may well hide all rows.
            for y in 0..<height - 1 {
                for x in stride(from: 0, to: width, by: 3) {
                    for kind in [Mouse.Kind.press, .wheelUp, .wheelDown, .doubleClick] {
                        bench.send(.mouse(Mouse(kind: kind, x: x, y: y)))
                        bench.state.show(.containers)
                    }
                }
            }
            #expect(bench.selected != nil)
        }
    }
}
