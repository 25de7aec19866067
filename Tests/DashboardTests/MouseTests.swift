import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Clicks and the wheel on what is drawn: places are found on the screen, as a person finds them.
@Suite struct MouseTests {
    private func bench(_ width: Int = 80, _ height: Int = 24) -> Bench {
        var bench = Bench(width: width, height: height)
        GoldenTests.fill(&bench, GoldenTests.shop)
        return bench
    }

    // MARK: Lists

    @Test(arguments: [(80, 24), (160, 40), (40, 12)]) func aClickOnATitleSortsAndAnotherReverses(_ w: Int, _ h: Int) {
        var bench = bench(w, h)
        bench.click("STATUS")
        #expect(bench.state.engine.sort.key == .state && !bench.state.engine.sort.isReversed)
        bench.click("STATUS▾")
        #expect(bench.state.engine.sort.isReversed)
        #expect(bench.screen.contains("STATUS▴"))
        bench.click("NAME")
        #expect(bench.state.engine.sort.key == .name)
    }

    @Test func titlesOfOtherListsSortThem() {
        var bench = bench()
        bench.press("2")
        bench.click("SIZE")
        #expect(bench.state.remembered.sorts[.images] == RowSort(column: "size"))
        bench.click("SIZE▾")
        #expect(bench.state.remembered.sorts[.images] == RowSort(column: "size", isReversed: true))
        bench.press("4")
        bench.click("FLAGS")
        #expect(bench.flash == "networks are not sorted by flags")
        bench.press("5")
        bench.click("TIME")
        #expect(bench.flash == "events are not sorted by time")
    }

    @Test func theWheelMovesTheListUnderIt() {
        var bench = bench(200, 50)
        let images = bench.state.layout.area(of: .images)!
        #expect(images.rows.height > 0)
        bench.send(.mouse(Mouse(kind: .wheelDown, x: images.rows.x + 3, y: images.rows.y)))
        #expect(bench.state[list: .images].index == 1)
        #expect(bench.state.pane == .containers && bench.state[list: .containers].index == 0)
        bench.send(.mouse(Mouse(kind: .wheelUp, x: images.rows.x + 3, y: images.rows.y)))
        #expect(bench.state[list: .images].index == 0)
    }

    @Test func paneNamesTabsAndHintsAreClicked() {
        var bench = bench()
        bench.click("Images 3")
        #expect(bench.state.pane == .images)
        bench.click("Layers")
        #expect(bench.state.tab == .history && bench.state.focus == .detail)
        bench.click("Containers 4")
        bench.click("d remove")
        #expect(bench.state.layers.count == 1)
        bench.click("Esc", inKeys: true)
        #expect(bench.state.layers.isEmpty)
        bench.click("? help")
        #expect(bench.screen.contains("Keys"))
        // Beside it is a click that leaves it.
        bench.send(.mouse(Mouse(kind: .press, x: 0, y: 12)))
        #expect(bench.state.layers.isEmpty)
        bench.click("q quit")
        #expect(bench.state.quitting)
    }

    @Test func beforeTheFirstListOnlyTheKeysAreClicked() {
        var bench = Bench()
        for y in 0..<23 {
            for x in stride(from: 0, to: 80, by: 2) { bench.send(.mouse(Mouse(kind: .press, x: x, y: y))) }
        }
        #expect(bench.state.pane == .containers && bench.state.layers.isEmpty && bench.state.focus == .list)
        bench.click("q quit")
        #expect(bench.state.quitting)
    }

    // MARK: Questions and menus

    @Test func questionsAreAnsweredByClicks() {
        var bench = bench()
        bench.press("d")
        #expect(bench.question != nil)
        // Only the buttons answer.
        bench.send(.mouse(Mouse(kind: .press, x: 0, y: 0)))
        bench.click("Remove api?")
        #expect(bench.question != nil)
        bench.click("[x] f")
        #expect(bench.screen.contains("[ ] f"))
        #expect(bench.question?.isOn("force") == false)
        bench.click("leave it")
        #expect(bench.question == nil && bench.flash.contains("nothing was done"))
        bench.press("K")
        bench.click(" HUP")
        #expect(bench.screen.contains("‹HUP›"))
        #expect(bench.asked == "docker kill --signal=HUP api")
        let effects = bench.click(" y ")
        #expect(bench.question == nil && effects.contains { $0.isAct })
    }

    @Test func aDoubleClickAnswersNoQuestionThatItHasAsked() throws {
        var bench = bench(200, 50)
        for text in ["d remove", "s stop", "R run"] {
            let place = try #require(bench.lines[49].range(of: text), "\(text)")
            let x = TextWidth.of(String(bench.lines[49][..<place.lowerBound]))
            bench.send(.mouse(Mouse(kind: .press, x: x, y: 49)))
            let layers = bench.state.layers.count
            #expect(layers == 1)
            for place in 0..<60 {
                #expect(bench.send(.mouse(Mouse(kind: .doubleClick, x: place, y: 49))).isEmpty)
            }
            #expect(bench.state.layers.count == layers)
            bench.press("esc")
        }
    }

    @Test func whatLiesUnderALayerIsNotClicked() {
        var bench = bench(160, 40)
        bench.press("R")
        #expect(bench.state.form != nil)
        bench.state.layers.append(.menu(Menu(title: "over it", items: [Menu.Item(title: "one", choice: .typePS)])))
        bench.click("leave", inKeys: true)
        #expect(bench.state.layers.count == 1)
    }

    // MARK: Forms

    @Test func formsAreFilledByClicks() throws {
        var bench = bench(120, 40)
        bench.press("R")
        let form = try #require(bench.state.form)
        let check = try #require(form.fields.firstIndex { $0.kind == .check })
        let wasOn = form.fields[check].isOn
        bench.click(form.fields[check].label)
        #expect(bench.state.form?.fields[check].isOn == !wasOn)
        #expect(bench.state.form?.focus == check)
        // The cursor goes to where one clicks.
        let text = try #require(form.fields.firstIndex { $0.kind == .text })
        bench.click(form.fields[text].label)
        bench.send(.paste("abcdef"))
        let rows = FormLayer.rows(bench.state.form!, suggestions: bench.state.form!.suggestions(bench.state))
        let area = FormLayer.Place(bench.state.form!, rows: rows.count, bench.state.size).fields
        let row = rows.firstIndex(of: .value(field: text, line: 0))! - bench.state.form!.scroll
        bench.send(.mouse(Mouse(kind: .press, x: area.x + FormLayer.labelWidth + 2, y: area.y + row)))
        bench.press("X")
        #expect(bench.state.form?.fields[text].lines[0].text == "abXcdef")
        bench.click("leave", inKeys: true)
        #expect(bench.state.form == nil)
    }

    @Test func theWheelScrollsAFormAndNotItsCursor() {
        var bench = bench(80, 16)
        bench.press("R")
        let focus = bench.state.form?.focus
        bench.send(.mouse(Mouse(kind: .wheelDown, x: 40, y: 8)))
        #expect(bench.state.form?.scroll == 3)
        #expect(bench.state.form?.focus == focus)
        for _ in 0..<50 { bench.send(.mouse(Mouse(kind: .wheelDown, x: 40, y: 8))) }
        let last = bench.state.form?.scroll
        for _ in 0..<50 { bench.send(.mouse(Mouse(kind: .wheelUp, x: 40, y: 8))) }
        #expect(bench.state.form?.scroll == 0 && (last ?? 0) > 3)
        // A key comes back to where the cursor is.
        for _ in 0..<50 { bench.send(.mouse(Mouse(kind: .wheelDown, x: 40, y: 8))) }
        bench.press("a")
        #expect(bench.state.form?.scroll ?? 99 < last ?? 0)
    }

    @Test func theCursorFindsItsPlaceInATextOfWideLetters() {
        var line = TextLine("日本ab")
        for (column, place) in [(0, 0), (1, 0), (2, 1), (4, 2), (5, 3), (6, 4), (90, 4), (-3, 0)] {
            line.moveCursor(to: column, in: 20)
            #expect(line.cursor == place, "\(column)")
        }
        var long = TextLine(String(repeating: "x", count: 50))
        // Its beginning is hidden: the mark is no letter.
        long.moveCursor(to: 1, in: 10)
        #expect(long.cursor > 30 && long.cursor < 50)
    }

    // MARK: What is not meant

    @Test func whatStoodBelowALayerIsNotHitBesideIt() {
        var bench = bench()
        bench.press("t")
        let processes = (1...5).map { ["\($0)00", "worker \($0)"] }
        bench.engine(.processes(.named("api"), .success(ProcessList(titles: ["PID", "CMD"], processes: processes))))
        for key in ["x", "V"] {
            for y in 0..<23 {
                for x in stride(from: 0, to: 80, by: 3) {
                    bench.press(key)
                    let effects = bench.send(.mouse(Mouse(kind: .press, x: x, y: y)))
                    #expect(!effects.contains { $0.isAct }, "\(key) \(x) \(y)")
                    while !bench.state.layers.isEmpty { bench.press("esc") }
                }
            }
        }
    }

    @Test func theFirstActionOfAMenuIsNotDoneByOneClick() {
        var bench = bench()
        bench.press("x")
        let title = bench.list?.item?.title ?? ""
        #expect(bench.click(String(title.prefix(12))).isEmpty)
        #expect(bench.list != nil)
        // It was chosen by hand: the second click does it, quick or slow.
        let effects = bench.click(String(title.prefix(12)))
        #expect(effects.contains { $0.isAct } && bench.state.layers.isEmpty)
    }

    @Test func aClickOnTheKeysLeavesASequence() throws {
        var bench = bench()
        let keys = try #require(KeySequence(parsing: "ctrl-b r"))
        bench.state.settings.keys.own = ["container.restart": [keys]]
        bench.press("ctrl-b")
        try #require(!bench.state.pendingKeys.isEmpty)
        for x in 0..<80 {
            #expect(bench.send(.mouse(Mouse(kind: .press, x: x, y: 23))).isEmpty)
            #expect(bench.state.pendingKeys.isEmpty && bench.state.layers.isEmpty)
            bench.press("ctrl-b")
        }
    }

    @Test func aDoubleClickOnAFoldedPaneChoosesNothingInAnother() {
        var bench = bench(160, 30)
        for y in 1..<28 {
            bench.press("1")
            bench.send(.mouse(Mouse(kind: .press, x: 5, y: y)))
            let before = (bench.state.pane, bench.selected)
            bench.send(.mouse(Mouse(kind: .doubleClick, x: 5, y: y)))
            #expect(bench.state.pane == before.0 && bench.selected == before.1, "\(y)")
        }
    }

    @Test func aSecondClickIsNotForWhatTheFirstOneOpened() {
        var bench = bench()
        for x in 0..<80 {
            bench.send(.mouse(Mouse(kind: .press, x: x, y: 23)))
            let layers = bench.state.layers.count
            for y in 0..<24 where layers > 0 {
                #expect(bench.send(.mouse(Mouse(kind: .doubleClick, x: x, y: y))).isEmpty)
            }
            #expect(bench.state.layers.count == layers)
            while !bench.state.layers.isEmpty { bench.press("esc") }
            bench.state.quitting = false
        }
    }

    @Test func aClickHasReadWhatWasSaid() {
        var bench = bench()
        bench.state.tell(.note, "something was done")
        bench.send(.mouse(Mouse(kind: .wheelDown, x: 5, y: 5)))
        #expect(bench.flash.isEmpty)
    }

    // MARK: Other layers

    @Test func everyLayerScrollsUnderTheWheel() {
        var bench = bench()
        func wheel(_ kind: Mouse.Kind) { bench.send(.mouse(Mouse(kind: kind, x: 40, y: 12))) }
        bench.press("?")
        let top = bench.lines[4]
        wheel(.wheelDown)
        #expect(bench.lines[4] != top)
        wheel(.wheelUp)
        #expect(bench.lines[4] == top)
        bench.press("esc", "V")
        wheel(.wheelDown)
        #expect(bench.screen.contains("▸[x] STATUS"))
        bench.click("[x] CPU %")
        #expect(bench.screen.contains("[ ] CPU %"))
        bench.press("r", "esc")
        // Cleaning up: a click on a kind chooses it.
        bench.press("6", "C")
        bench.engine(.cleanup(bench.state.cleanupsAsked, .success(CleanupPlanTests.listing)))
        let chosen = bench.state.cleanup?.chosen
        bench.click("Networks", fallback: "networks")
        #expect(bench.state.cleanup?.chosen != chosen)
        wheel(.wheelDown)
        bench.click("leave it")
        #expect(bench.state.layers.isEmpty)
    }

    @Test func aProcessIsChosenByAClick() {
        var bench = bench()
        bench.press("t")
        let processes = (1...5).map { ["\($0)00", "worker \($0)"] }
        bench.engine(.processes(.named("api"), .success(ProcessList(titles: ["PID", "CMD"], processes: processes))))
        bench.click("worker 4")
        #expect(bench.state.engine.top?.index == 3)
        bench.send(.mouse(Mouse(kind: .wheelDown, x: 20, y: bench.state.layout.body.y + 1)))
        #expect(bench.state.engine.top?.index == 4)
    }

    @Test func aConsumerIsGoneToByTwoClicks() {
        var bench = bench(120, 40)
        for name in ["api", "db"] { bench.stats(name, count: 3) }
        _ = bench.tick()
        bench.press("T")
        bench.click(" db", skipping: 1)
        bench.click(" db", skipping: 1, kind: .doubleClick)
        #expect(bench.state.layers.isEmpty)
        #expect(bench.selected == "db")
    }

    @Test func filesAreChosenByClicks() {
        var bench = bench()
        bench.press("F")
        guard let browser = bench.state.browser else {
            Issue.record("no browser")
            return
        }
        let names = ["etc", "srv", "var"].map { name in
            ContainerFile(name: name, kind: .folder, mode: 0o755)
        }
        bench.engine(.files(browser.revision, .success(FileListing(names, way: .exec))))
        bench.click("srv/")
        #expect(bench.state.browser?.selected?.name == "srv")
        bench.click("srv/", kind: .doubleClick)
        #expect(bench.state.browser?.path == "/srv")
    }

    // MARK: While one types

    @Test func theWheelMovesInTheListThatIsFiltered() throws {
        var bench = bench()
        bench.press("/", "w", "e", "b")
        #expect(bench.selected == "web-1")
        let rows = try #require(bench.state.layout.area(of: .containers)).rows
        bench.send(.mouse(Mouse(kind: .wheelDown, x: 20, y: rows.y)))
        #expect(bench.selected == "web-2" && bench.screen.contains("/web"))
    }

    @Test(arguments: ["/", "&", "@", "ctrl-s"]) func theWheelChangesNotWhatATypedTextIsAbout(_ key: String) throws {
        var bench = bench()
        bench.log((0..<200).map { "line \($0)" }, of: "api")
        bench.press("l", key)
        guard case .prompt? = bench.state.layers.last else {
            Issue.record("\(key) opens no prompt")
            return
        }
        let rows = try #require(bench.state.layout.area(of: .containers)).rows
        bench.send(.mouse(Mouse(kind: .wheelDown, x: 20, y: rows.y)))
        #expect(bench.selected == "api")
        #expect(bench.screen.contains("line 199"))
        bench.send(.mouse(Mouse(kind: .wheelUp, x: 20, y: bench.state.layout.body.y + 2)))
        #expect(!bench.screen.contains("line 199") && bench.screen.contains("line 19"))
        guard case .prompt? = bench.state.layers.last else {
            Issue.record("the prompt is gone")
            return
        }
    }
}

extension Bench {
    /// Clicks on a text on the screen, the first there is of it, or a later one; in the line of keys only if that is said.
    @discardableResult
    mutating func click(
        _ text: String, fallback: String? = nil, inKeys: Bool = false, skipping: Int = 0, kind: Mouse.Kind = .press
    ) -> [Effect] {
        let lines = lines
        var skipped = 0
        for y in lines.indices where !inKeys || y == lines.count - 1 {
            guard let range = lines[y].range(of: text) else { continue }
            guard skipped == skipping else {
                skipped += 1
                continue
            }
            let x = TextWidth.of(String(lines[y][..<range.lowerBound]))
            let inside = text.prefix { $0 == " " }.count
            return send(.mouse(Mouse(kind: kind, x: x + inside, y: y)))
        }
        if let fallback { return click(fallback, inKeys: inKeys, skipping: skipping, kind: kind) }
        Issue.record("“\(text)” is not on the screen:\n\(screen)")
        return []
    }
}
