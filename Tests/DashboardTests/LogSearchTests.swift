import EngineAPI
import Terminal
import Testing

@testable import Dashboard

/// Looking for a text in a log.
@Suite struct LogSearchTests {
    /// 200 lines; "alpha" is in line 20, 60 and 150, "alphabet" in 60.
    private func bench() -> Bench {
        .inLog(
            (0..<200).map { index in
                switch index {
                case 20, 150: "line \(index) alpha"
                case 60: "line \(index) alphabet"
                default: "line \(index)"
                }
            })
    }

    private func hit(_ bench: Bench) -> String? { bench.text(bench.shown?.hit) }

    @Test func theNearestHitUpwardsIsShownWhileOneTypes() {
        var bench = bench()
        bench.press("/")
        bench.type("alpha")
        #expect(hit(bench) == "line 150 alpha")
        #expect(bench.body.contains(" line 150 alpha"))
        #expect(bench.shown?.following == false)
        bench.type("b")
        #expect(hit(bench) == "line 60 alphabet")
        // Back to where the shorter text stands, seen from where one was.
        bench.press("backspace")
        bench.scan()
        #expect(hit(bench) == "line 150 alpha")
        bench.press("enter")
        #expect(bench.prompt == nil)
        #expect(hit(bench) == "line 150 alpha")
        #expect(bench.note.contains("/alpha hit 3 of 3"))
    }

    @Test func aHitInViewMovesNothing() {
        var bench = bench()
        let before = bench.body
        bench.press("/")
        bench.type("line 195")
        #expect(bench.body == before)
        #expect(hit(bench) == "line 195")
        // But one stays there while lines arrive.
        bench.lines("web", ["more"], from: 300)
        #expect(bench.body == before)
    }

    @Test func oneLooksUpwardsFromWhereOneIs() {
        var bench = bench()
        bench.press("g")
        bench.state.engine.log?.anchor = .init(line: 100, row: 0)
        bench.press("/")
        bench.type("alpha")
        #expect(hit(bench) == "line 60 alphabet")
    }

    @Test func withoutAHitAboveItIsTheFirstOneBelow() {
        var bench = bench()
        bench.state.engine.log?.anchor = .init(line: 15, row: 0)
        bench.press("/")
        bench.type("alpha")
        #expect(hit(bench) == "line 20 alpha")
        #expect(bench.body.contains(" line 20 alpha"))
    }

    @Test func nextAndPreviousWrapAroundAndSaySo() {
        var bench = bench()
        bench.press("/")
        bench.type("alpha")
        bench.press("enter")
        var seen: [String] = []
        for (key, expected, flash) in [
            ("N", "line 60 alphabet", ""), ("N", "line 20 alpha", ""),
            ("N", "line 150 alpha", "from the newest on again"), ("n", "line 20 alpha", "from the oldest on again"),
            ("n", "line 60 alphabet", ""), ("n", "line 150 alpha", ""),
        ] {
            bench.press(key)
            #expect(hit(bench) == expected)
            #expect(bench.flash == flash)
            #expect(bench.body.contains(" " + expected))
            seen.append(bench.note)
        }
        let places = seen.map { note in ["1", "2", "3"].filter { note.contains("hit \($0) of 3") } }
        #expect(places == [["2"], ["1"], ["3"], ["1"], ["2"], ["3"]])
    }

    @Test func escapeRestoresWhatWas() {
        var bench = bench()
        bench.press("/")
        bench.type("alphabet")
        bench.press("enter", "up", "up")
        let before = (bench.body, bench.shown?.anchor, bench.shown?.hit)
        bench.press("/")
        bench.type("line 3")
        #expect(bench.body != before.0)
        bench.press("esc")
        bench.scan()
        #expect(bench.shown?.search?.pattern.text == "alphabet")
        #expect(bench.shown?.hit == before.2)
        #expect(bench.shown?.anchor == before.1)
        #expect(bench.body == before.0)
        // The same with all letters taken back.
        bench.press("/", "x", "backspace", "backspace")
        #expect(bench.prompt == nil)
        #expect(bench.body == before.0)
    }

    @Test func escapeWhileFollowingFollowsOn() {
        var bench = bench()
        let before = bench.body
        bench.press("/")
        bench.type("alpha")
        #expect(bench.body != before)
        bench.press("esc")
        #expect(bench.shown?.following == true)
        #expect(bench.shown?.search == nil)
        #expect(bench.shown?.hit == nil)
        #expect(bench.body == before)
    }

    @Test func escapeRestoresNothingThatHasGone() {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 100, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.log((0..<100).map { "line \($0)" }, of: "web")
        bench.press("enter", "g", "/")
        bench.type("line 5")
        bench.press("enter", "/")
        bench.type("line 9")
        bench.lines("web", (100..<180).map { "line \($0)" }, from: 200)
        bench.press("esc")
        bench.scan()
        #expect(bench.shown?.hit == nil)
        #expect(bench.shown?.anchor?.line == 80)
        #expect(bench.body.contains(" line 80"))
    }

    @Test func escapeInTheLogEndsTheSearchBeforeItLeaves() {
        var bench = bench()
        bench.press("/")
        bench.type("alpha")
        bench.press("enter", "esc")
        #expect(bench.shown?.search == nil)
        #expect(bench.state.focus == .detail)
        #expect(!bench.note.contains("/alpha"))
        bench.press("esc")
        #expect(bench.state.focus == .list)
    }

    @Test func whatIsNotThereIsSaid() {
        var bench = bench()
        bench.press("n")
        #expect(bench.flash == "nothing was searched for: / does")
        bench.press("/")
        bench.type("nowhere")
        #expect(hit(bench) == nil)
        #expect(bench.shown?.following == true)
        bench.press("enter")
        #expect(bench.flash == "“nowhere” is not among the held lines")
        bench.press("n")
        #expect(bench.flash == "“nowhere” is not among the held lines")
        #expect(bench.note.contains("/nowhere 0"))
    }

    @Test func whileItIsLookedForNothingIsSaidToBeMissing() {
        var bench = bench()
        bench.press("/", "a", "l", "p", "enter")
        // Nothing has been looked at yet.
        #expect(bench.flash == "")
        bench.press("n")
        #expect(!bench.flash.contains("is not among"))
        #expect(bench.note.contains("/alp 0…"))
        bench.scan()
        #expect(hit(bench) == "line 150 alpha")
    }

    @Test func smartCase() {
        var bench = Bench.inLog(["ERROR one", "error two", "Error three"])
        bench.press("/")
        for (text, count) in [("error", 3), ("Error", 1), ("ERROR", 1)] {
            bench.press("ctrl-u")
            bench.type(text)
            #expect(bench.shown?.search?.lines.count == count)
        }
    }

    @Test func aWrongExpressionIsNamedAndNotTaken() {
        var bench = bench()
        bench.press("/")
        bench.type("alpha")
        bench.press("ctrl-r")
        #expect(bench.lines.contains { $0.hasPrefix(" / regex: alpha") })
        bench.type("(")
        #expect(bench.prompt?.error == "Unmatched ( or \\(")
        #expect(bench.screen.contains("Unmatched ( or \\("))
        // What was found before stays in view, and Enter keeps the prompt.
        #expect(bench.body.contains(" line 150 alpha"))
        bench.press("enter")
        #expect(bench.prompt?.text == "alpha(")
        bench.type("b)")
        #expect(bench.prompt?.error == nil)
        #expect(hit(bench) == "line 60 alphabet")
        bench.press("enter")
        #expect(bench.prompt == nil)
        #expect(bench.shown?.search?.pattern == LogPattern(text: "alpha(b)", isRegex: true))
        // The next one is an expression again.
        bench.press("/")
        #expect(bench.prompt?.isRegex == true)
    }

    @Test func aTextIsPasted() {
        var bench = bench()
        bench.press("/")
        bench.send(.paste("alpha\u{1B}[2J\nbet"))
        bench.press("ctrl-w", "ctrl-w")
        bench.send(.paste("alphabet"))
        bench.scan()
        #expect(hit(bench) == "line 60 alphabet")
    }

    @Test func hitsAreMarkedOnTheScreen() throws {
        var bench = Bench.inLog(["no", "an \u{1B}[31merr\u{1B}[0mor and an Error", "日本error"])
        bench.press("/")
        bench.type("error")
        let body = bench.state.layout.body
        let hit = bench.state.theme[.hit].background
        func marked(_ row: Int) -> [Int] {
            (0..<body.width).filter { bench.frame.style(x: body.x + $0, y: body.y + row).background == hit }
        }
        // What stands above the oldest line has moved them by one row.
        #expect(bench.body.map { $0.prefix(3) } == ["── ", " no", " an", " 日本"])
        #expect(marked(1).isEmpty)
        #expect(marked(2) == Array(4..<9) + Array(17..<22))
        #expect(marked(3) == Array(5..<10))
    }

    @Test func aHitFarToTheRightIsScrolledTo() {
        var bench = Bench.inLog([
            "short", String(repeating: "x", count: 300) + " needle " + String(repeating: "y", count: 300),
        ])
        bench.press("/")
        bench.type("needle")
        #expect(bench.body.contains { $0.contains("needle") })
        #expect((bench.shown?.column ?? 0) > 200)
        // And back to the left where a hit is there.
        bench.press("ctrl-u")
        bench.type("short")
        #expect(bench.body.contains(" short"))
    }

    @Test func linesThatArriveAreLookedAt() {
        var bench = bench()
        bench.press("/")
        bench.type("alpha")
        bench.press("enter")
        bench.lines("web", ["new alpha", "none"], from: 300)
        bench.scan()
        #expect(bench.note.contains("hit 3 of 4"))
        #expect(bench.note.contains("2 new"))
        bench.press("n")
        #expect(hit(bench) == "new alpha")
        #expect(bench.body.contains(" new alpha"))
    }

    @Test func hitsThatAreHiddenArePassedOver() {
        var bench = bench()
        bench.press("&")
        bench.type("bet")
        bench.press("enter", "/")
        bench.type("alpha")
        bench.press("enter")
        #expect(hit(bench) == "line 60 alphabet")
        bench.press("n")
        #expect(hit(bench) == "line 60 alphabet")
        #expect(bench.flash == "from the oldest on again")
        bench.press("esc")
        bench.press("&")
        bench.type("nothing")
        bench.press("enter", "n")
        #expect(bench.flash == "no hit among the shown lines")
    }

    @Test func hitsAmongDroppedLinesAreNotCounted() {
        var bench = Bench.connected([.make("web")])
        bench.state.logBounds = .init(lines: 100, bytes: 1 << 20)
        bench.state.engine.log = nil
        bench.send(.resized(bench.state.size))
        bench.log((0..<100).map { "hit \($0)" }, of: "web")
        bench.press("enter", "/")
        bench.type("hit")
        bench.press("enter", "N")
        #expect(bench.note.contains("hit 99 of 100"))
        bench.lines("web", (0..<30).map { "none \($0)" }, from: 200)
        bench.scan()
        #expect(bench.shown?.store.first == 30)
        #expect(bench.note.contains("hit 69 of 70"))
        #expect(hit(bench) == "hit 98")
    }

    @Test func anEventIsFoundToo() {
        var bench = bench()
        bench.event("die", "web", ["exitCode": "137"], at: 5_000)
        bench.press("/")
        bench.type("SIGKILL")
        #expect(hit(bench) == "exited (137: SIGKILL)")
    }
}
