import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Where everything stands: which layout, how the room is shared, and that nothing lies over anything else.
@Suite struct LayoutTests {
    private func bench(_ width: Int, _ height: Int, _ choice: LayoutChoice = .auto) -> Bench {
        var bench = Bench(width: width, height: height)
        GoldenTests.fill(&bench, GoldenTests.shop)
        bench.state.settings.layout = choice
        return bench
    }

    private func mode(_ width: Int, _ height: Int, _ choice: LayoutChoice) -> Layout.Mode {
        bench(width, height, choice).state.layout.mode
    }

    @Test func theSizeDecidesUnlessSomebodyDoes() {
        #expect(mode(200, 50, .auto) == .wide)
        #expect(mode(80, 24, .auto) == .stacked)
        #expect(mode(40, 10, .auto) == .single)
        #expect(mode(80, 24, .side) == .wide)
        #expect(mode(200, 50, .stacked) == .stacked)
        #expect(mode(200, 50, .single) == .single)
        // Without the room for it, it is as the size says.
        #expect(mode(79, 24, .side) == .stacked)
        #expect(mode(50, 13, .side) == .single)
        #expect(mode(200, 13, .stacked) == .single)
        #expect(mode(30, 24, .single) == .tooSmall)
    }

    @Test func aKeyTakesTheNextLayout() {
        var bench = bench(80, 24)
        bench.press("Z")
        #expect(bench.state.layout.mode == .wide && bench.flash == "layout: side by side")
        bench.press("Z")
        #expect(bench.state.layout.mode == .stacked && bench.flash == "layout: stacked")
        bench.press("Z")
        #expect(bench.state.layout.mode == .single && bench.flash == "layout: one thing at a time")
        bench.press("Z")
        #expect(bench.state.settings.layout == .auto)
        bench.send(.resized(Size(width: 60, height: 20)))
        bench.press("Z")
        #expect(bench.flash == "layout: side by side, once there is room for it: 80x14")
        #expect(bench.state.layout.mode == .stacked)
        bench.send(.resized(Size(width: 100, height: 20)))
        #expect(bench.state.layout.mode == .wide)
    }

    // MARK: Shares

    @Test func keysMoveTheBorder() {
        var bench = bench(160, 40)
        let before = bench.state.layout.detail.x
        bench.press(">")
        #expect(bench.state.layout.detail.x == before + 4)
        bench.press("<", "<")
        #expect(bench.state.layout.detail.x == before - 4)
        // The share is kept, not the column.
        bench.send(.resized(Size(width: 320, height: 40)))
        #expect(abs(bench.state.layout.detail.x - 2 * (before - 4)) <= 1)
        bench.press("~")
        #expect(bench.state.remembered.splits == Splits())
        bench.press("~")
        #expect(bench.flash == "lists and details have the room that Gantry finds best")
    }

    @Test func stackedTheBorderMovesByRows() {
        var bench = bench(80, 24)
        let before = bench.state.layout.tabs.y
        bench.press(">", ">")
        #expect(bench.state.layout.tabs.y == before + 2)
        for _ in 0..<40 { bench.press("<") }
        #expect(bench.flash == "there is no more room to give")
        #expect(bench.state.layout.area(of: .containers)?.rows.height == 2)
        for _ in 0..<40 { bench.press(">") }
        #expect(bench.state.layout.body.height == 3)
        bench.press("z", "<")
        #expect(bench.flash == "there is but one thing on the screen: z shows the others")
    }

    @Test(arguments: [(160, 40), (120, 16), (80, 24), (97, 31)]) func theBorderIsDragged(_ width: Int, _ height: Int) {
        var bench = bench(width, height)
        func split() -> Rect { bench.state.layout.split }
        let isWide = bench.state.layout.mode == .wide
        let (x, y) = (split().x + (isWide ? 1 : 60), split().y)
        bench.send(.mouse(Mouse(kind: .press, x: x, y: y)))
        for step in 1...3 {
            bench.send(.mouse(Mouse(kind: .drag, x: x + step, y: y + step)))
            let layout = bench.state.layout
            // Where the pointer is, there is the border.
            #expect(isWide ? layout.detail.x == x + step : layout.tabs.y == y + step)
        }
        bench.send(.mouse(Mouse(kind: .release, x: x + 3, y: y + 3)))
        let after = bench.state.remembered
        bench.send(.mouse(Mouse(kind: .drag, x: 30, y: 6)))
        #expect(bench.state.remembered == after)
        // Far beyond the edge there is still something of both.
        bench.send(.mouse(Mouse(kind: .press, x: split().x + (isWide ? 1 : 60), y: split().y)))
        for place in [-5, 9_000] {
            bench.send(.mouse(Mouse(kind: .drag, x: place, y: place)))
            #expect(bench.state.layout.body.height > 0 && bench.state.layout.body.width > 20)
            #expect(bench.state.layout.panes.contains { $0.rows.height > 0 && $0.rows.width > 20 })
        }
    }

    @Test func whoTakesHoldOfTheBorderChoosesNothing() {
        var bench = bench(160, 40)
        let pane = bench.state.pane
        let split = bench.state.layout.split
        for y in split.y..<split.maxY { bench.send(.mouse(Mouse(kind: .press, x: split.x, y: y))) }
        #expect(bench.state.pane == pane && bench.state.focus == .list)
        // A drag that began in a list moves nothing.
        bench.send(.mouse(Mouse(kind: .press, x: 10, y: 4)))
        bench.send(.mouse(Mouse(kind: .drag, x: 60, y: 4)))
        #expect(bench.state.remembered.splits == Splits())
    }

    @Test func paneKeepTheirSharesWithoutTheAccordion() {
        var bench = bench(160, 40)
        bench.state.settings.accordion = false
        func heights() -> [PaneKind: Int] {
            Dictionary(uniqueKeysWithValues: bench.state.layout.panes.map { ($0.kind, $0.frame.height) })
        }
        let before = heights()
        for key in ["2", "3", "4", "1"] {
            bench.press(key)
            #expect(heights() == before)
            #expect(bench.state.layout.area(of: bench.state.pane)?.rows.isEmpty == false)
        }
        for key in ["5", "6"] {
            bench.press(key)
            #expect(bench.state.layout.area(of: bench.state.pane)?.rows.isEmpty == false)
        }
        // With it the shown one opens.
        bench.state.settings.accordion = true
        bench.press("3")
        let folded = heights()
        #expect((folded[.volumes] ?? 0) > (before[.volumes] ?? 0))
    }

    /// The heights of the boxes under one another.
    private func heights(_ bench: Bench) -> [PaneKind: Int] {
        Dictionary(uniqueKeysWithValues: bench.state.layout.panes.map { ($0.kind, $0.frame.height) })
    }

    private func sharing() -> Bench {
        var bench = bench(160, 50)
        bench.state.settings.accordion = false
        return bench
    }

    @Test(arguments: [0, 1]) func bordersBetweenListsAreDragged(_ above: Int) throws {
        var bench = sharing()
        let before = heights(bench)
        func top(_ kind: PaneKind) throws -> Int { try #require(bench.state.layout.area(of: kind)).frame.y }
        // By the title line of the lower box as well as by the last line of the upper one.
        let start = try top(.volumes)
        bench.send(.mouse(Mouse(kind: .press, x: 20, y: start - above)))
        for step in [-1, -2, 1, 0] {
            bench.send(.mouse(Mouse(kind: .drag, x: 20 + step, y: start - above + step)))
            let now = heights(bench)
            #expect(try top(.volumes) == start + step)
            #expect(now[.images] == (before[.images] ?? 0) + step && now[.volumes] == (before[.volumes] ?? 0) - step)
            #expect(now[.containers] == before[.containers] && now[.networks] == before[.networks])
        }
        // Far beyond the edge each still has a row.
        for place in [-5, 9_000] {
            bench.send(.mouse(Mouse(kind: .drag, x: 20, y: place)))
            #expect(bench.state.layout.panes.prefix(4).allSatisfy { $0.rows.height > 0 })
        }
        bench.send(.mouse(Mouse(kind: .release, x: 20, y: 20)))
        let after = bench.state.remembered
        bench.send(.mouse(Mouse(kind: .drag, x: 20, y: 20)))
        #expect(bench.state.remembered == after)
        bench.press("~")
        #expect(heights(bench) == before)
    }

    @Test func aPaneThatIsNotListedSharesWhileItIsShown() throws {
        var bench = sharing()
        let before = heights(bench)
        bench.press("5")
        let area = try #require(bench.state.layout.area(of: .events))
        bench.send(.mouse(Mouse(kind: .press, x: 20, y: area.frame.y)))
        bench.send(.mouse(Mouse(kind: .drag, x: 20, y: area.frame.y - 1)))
        #expect(bench.state.layout.area(of: .events)?.frame.y == area.frame.y - 1)
        bench.press("4")
        #expect(bench.state.layout.area(of: .events)?.frame.height == 1)
        #expect(heights(bench)[.networks] == (before[.networks] ?? 0) - 1)
        // The title line of one that has no rows is no border.
        let closed = try #require(bench.state.layout.area(of: .system))
        #expect(bench.state.layout.border(at: 20, closed.frame.y) == nil)
    }

    @Test func keysGiveAPaneMoreOfTheColumn() {
        var bench = sharing()
        let before = heights(bench)
        // The images, which lie below, have two rows to give, then the volumes have one, and then the networks two.
        bench.press("}", "}", "}", "}", "}")
        #expect(heights(bench)[.containers] == (before[.containers] ?? 0) + 5)
        #expect([PaneKind.images, .volumes, .networks].allSatisfy { heights(bench)[$0] == 4 })
        bench.press("}")
        #expect(bench.flash == "there is no more room to give")
        bench.press("~")
        #expect(heights(bench) == before)
        // And beyond the images the containers give.
        bench.press("3", "}", "}", "}", "}")
        #expect(heights(bench)[.volumes] == (before[.volumes] ?? 0) + 4 && heights(bench)[.images] == 4)
        #expect(heights(bench)[.containers] == (before[.containers] ?? 0) - 2)
        bench.press("~", "1")
        bench.press("3", "}")
        #expect(heights(bench)[.volumes] == (before[.volumes] ?? 0) + 1)
        bench.press("{", "{")
        #expect(heights(bench)[.volumes] == (before[.volumes] ?? 0) - 1)
    }

    @Test func whereListsOpenByThemselvesItIsSaid() throws {
        var bench = bench(160, 50)
        bench.press("}")
        #expect(bench.flash.hasPrefix("the shown pane opens by itself: the setting “accordion” off (: finds it)"))
        bench.state.flash = nil
        let area = try #require(bench.state.layout.area(of: .images))
        bench.send(.mouse(Mouse(kind: .press, x: 20, y: area.frame.y)))
        #expect(bench.flash == "")
        let splits = bench.state.remembered.splits
        bench.send(.mouse(Mouse(kind: .drag, x: 20, y: area.frame.y + 1)))
        #expect(bench.flash.hasPrefix("the shown pane opens by itself") && bench.state.remembered.splits == splits)
        bench.press("z", "}")
        #expect(bench.flash == "there are no lists under one another")
    }

    // MARK: Any size

    @Test(arguments: LayoutChoice.allCases, [true, false])
    func nothingLiesOverAnythingElse(_ choice: LayoutChoice, _ accordion: Bool) {
        var bench = bench(80, 24, choice)
        bench.state.settings.accordion = accordion
        for (width, height) in [
            (40, 10), (40, 14), (59, 18), (60, 18), (79, 14), (80, 14), (80, 24), (119, 16), (120, 16), (120, 23),
            (120, 40), (200, 50), (300, 80), (41, 60), (250, 11),
        ] {
            bench.state.size = Size(width: width, height: height)
            for share in [nil, 0, 1_000, 500, -7, 5_000] as [Int?] {
                bench.state.remembered.splits = Splits(side: share, stacked: share)
                if let share {
                    for kind in PaneKind.allCases { bench.state.remembered.splits.panes[kind] = share }
                }
                for pane in PaneKind.allCases {
                    bench.state.pane = pane
                    for flags in 0..<8 {
                        bench.state.zoomed = flags & 1 > 0
                        bench.state.focus = flags & 2 > 0 ? .list : .detail
                        bench.state.showsCost = flags & 4 > 0
                        expectSound(bench.state, "\(width)x\(height) \(pane) \(flags) \(String(describing: share))")
                    }
                }
            }
        }
    }

    private func expectSound(_ state: State, _ when: String) {
        let layout = state.layout
        var taken = [layout.header, layout.flash, layout.keys, layout.cost, layout.paneStrip, layout.detail]
        taken += layout.panes.map(\.frame)
        taken = taken.filter { !$0.isEmpty }
        let screen = Rect(state.size)
        for (index, rect) in taken.enumerated() {
            if rect.intersection(screen) != rect { Issue.record("\(rect) is off the screen: \(when)") }
            for other in taken[(index + 1)...] where !rect.intersection(other).isEmpty {
                Issue.record("\(rect) lies over \(other): \(when)")
            }
        }
        let cells = taken.reduce(0) { $0 + $1.width * $1.height }
        if cells != state.size.width * state.size.height { Issue.record("\(cells) cells are used: \(when)") }
        for area in layout.panes where area.rows.intersection(area.frame) != area.rows {
            Issue.record("rows beyond their box: \(when)")
        }
        let hasList = layout.area(of: state.pane)?.rows.isEmpty == false
        if state.focus == .list ? !hasList : layout.body.isEmpty {
            Issue.record("what has the focus is not there: \(when)")
        }
    }
}
