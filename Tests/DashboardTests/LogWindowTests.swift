import EngineAPI
import Terminal
import Testing

@testable import Dashboard

/// Which rows are on the screen, against a list of all rows there are.
@Suite struct LogWindowTests {
    /// A log and a screen for it.
    private struct Scene {
        var log: FollowedLog
        var view: LogView
        var area: Rect
        var window: LogWindow { LogWindow(log, view, in: area) }

        /// All rows, the oldest first.
        var rows: [FollowedLog.Position] {
            (log.store.first..<log.store.end).filter { log.line(atMost: $0) == $0 }.flatMap { line in
                (0..<window.rows(of: line)).map { .init(line: line, row: $0) }
            }
        }

        mutating func stand(_ position: FollowedLog.Position?) {
            if let position { log.stand(at: position) } else { log.follow() }
        }
    }

    private static let json = [
        #"{"level":"info","msg":"one","a":1,"b":[1,2,{"c":3}]}"#, #"{"msg":"first\nsecond\nthird","stack":"x\ny"}"#,
        #"{"a":{"b":{"c":{}}}}"#, #"{"level":30,"time":1}"#, "{not json}", "{}",
    ]

    private func text(_ random: inout SplitMix) -> String {
        let pieces = [
            "abc", "word ", "\t", "日本", "é", "e\u{301}", "\u{1B}[31m", "\u{7}", "x", "\u{8}", "a\t\u{301}",
            "0123456789 ",
        ]
        switch random.below(8) {
        case 0: return ""
        case 1: return Self.json[random.below(Self.json.count)]
        case 2: return String(repeating: "long ", count: random.below(60))
        case 3: return String(repeating: "\t", count: random.below(9)) + "end"
        default: return (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
        }
    }

    private func scene(_ random: inout SplitMix, gaps: Bool = true, count: Int = 40) -> Scene {
        TextWidth.prepareLocale("C.UTF-8")
        let subject = random.below(2) == 0 ? LogSubject.container(.named("a")) : .marked(["a", "other-one"])
        var log = FollowedLog(id: 1, subject: subject, bounds: .init(lines: 200, bytes: 1 << 20))
        log.origins = ["a", "other-one"].map { .init(name: $0, container: .named($0), colour: 0) }
        for index in 0..<count {
            let line = LogHistory.Line(origin: index % 2, time: Int64(index), text: Array(text(&random).utf8))
            log.add(LogLines([line]))
            if random.below(8) == 0 { log.add(LogLines(event: "started", time: Int64(index), origin: 0)) }
            if gaps, random.below(6) == 0 { log.gaps.append(log.store.end) }
        }
        var view = LogView()
        view.wraps = random.below(2) == 0
        view.json = [.raw, .summary, .folded][random.below(3)]
        view.numbers = random.below(2) == 0
        view.times = [.off, .local, .relative][random.below(3)]
        let area = Rect(x: 0, y: 0, width: 4 + random.below(90), height: 1 + random.below(14))
        if random.below(3) == 0 {
            var matches = LogMatches(LogPattern(text: ["o", "a", "7", "nowhere"][random.below(4)]), at: log.store.end)
            while let found = LogScan(matches, isFilter: true).run(over: log.store) {
                matches.take(found.lines, in: found.range)
            }
            log.filter = .init(matches: matches, context: random.below(3))
        }
        if random.below(5) == 0 { log.cleared = (random.below(count), Bench.start) }
        return Scene(log: log, view: view, area: area)
    }

    @Test(arguments: 0..<30) func theRowBeforeAndTheRowAfterAreInverse(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let scene = scene(&random)
        let rows = scene.rows
        let window = scene.window
        #expect(window.last == rows.last)
        for (index, row) in rows.enumerated() {
            #expect(window.row(before: row) == (index > 0 ? rows[index - 1] : nil))
            #expect(window.row(after: row) == (index + 1 < rows.count ? rows[index + 1] : nil))
        }
    }

    @Test(arguments: 0..<40) func aLineTakesTheRowsThatItIsDrawnIn(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 100)
        let scene = scene(&random)
        let window = scene.window
        for (number, line) in (scene.log.store.first..<scene.log.store.end).map({ ($0, scene.log.store[$0]!) }) {
            let rows = window.rows(of: number)
            let json = LogJSON(line.text)
            if !line.isEvent, scene.view.json == .folded, let json {
                #expect(rows == min(LogWindow.mostRows, max(1, json.folded.count)))
            } else if !line.isEvent, scene.view.wraps {
                let isSummary = scene.view.json == .summary && json != nil
                let text = isSummary ? Array((json?.line ?? "").utf8)[...] : line.text
                expect(window.starts(of: text), wrap: text, window.width)
                #expect(rows == window.starts(of: text).count)
            } else {
                #expect(rows == 1)
            }
        }
    }

    /// Rows that together show all of a line: each next to the one before, none wider than the screen.
    private func expect(_ starts: [Int], wrap text: ArraySlice<UInt8>, _ width: Int) {
        var whole = Frame(size: Size(width: 8_000, height: 1))
        let columns = whole.put(log: text, x: 0, y: 0, style: .plain).columns
        #expect(starts.first == 0)
        let ends = starts.dropFirst() + [max(columns, (starts.last ?? 0) + 1)]
        var shown = ""
        for (start, end) in zip(starts, ends) {
            // Where even one letter is too wide, half of it is seen.
            #expect(end > start && (end - start <= width || width == 1 || starts.count == LogWindow.mostRows))
            var row = Frame(size: Size(width: end - start, height: 1))
            row.put(log: text, x: 0, y: 0, skip: start, style: .plain, showsCuts: false)
            let line = row.lines[0]
            shown += line + String(repeating: " ", count: max(0, end - start - TextWidth.of(line)))
        }
        guard width > 1, starts.count < LogWindow.mostRows else { return }
        let line = whole.lines[0]
        #expect(shown == line + String(repeating: " ", count: max(0, max(columns, 1) - TextWidth.of(line))))
    }

    @Test(arguments: 0..<20) func oneNeverScrollsBeyondTheEnds(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 200)
        var scene = scene(&random)
        let rows = scene.rows
        guard let last = rows.last, let highest = scene.window.highest, let top = rows.firstIndex(of: highest) else {
            #expect(rows.isEmpty)
            #expect(scene.window.highest == nil)
            #expect(scene.window.scrolled(by: -1) == nil)
            #expect(scene.window.scrolled(by: 1) == nil)
            return
        }
        for start in [nil] + rows.map(Optional.some) {
            scene.stand(start)
            guard let here = scene.window.bottom.flatMap({ rows.firstIndex(of: $0) }) else {
                Issue.record("the bottom is no row")
                return
            }
            #expect(here == (start.flatMap { rows.firstIndex(of: $0) } ?? rows.count - 1))
            for step in [-1, 1, -3, 7, -12, 40, -1_000_000_000, 1_000_000_000] {
                let position = scene.window.scrolled(by: step)
                let expected = rows[min(max(here + step, top), rows.count - 1)]
                let follows = expected == last && (step > 0 || highest == last)
                #expect(position == (follows ? nil : expected), "by \(step)")
            }
        }
    }

    @Test(arguments: 0..<60) func theOldestLineCanBeReached(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 300)
        var scene = scene(&random)
        guard let first = scene.rows.first else { return }
        scene.stand(scene.window.scrolled(by: -1_000_000_000))
        let height = scene.area.height
        let visible = scene.window.visible(rows: height, above: true)
        guard height > 1 else { return }
        #expect(visible.contains(.line(first.line, row: 0)))
        // And what stands above it, but not further down than at the top.
        if visible.count == height { #expect(visible.first == .above || scene.log.following) }
        // Where lines are missing takes a row that may not fit any more.
        if !scene.log.following { #expect(visible.count >= height - 1) }
    }

    @Test(arguments: 0..<60) func theScreenIsFilledFromTheBottom(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 400)
        var scene = scene(&random)
        let rows = scene.rows
        var all: [LogWindow.Row] = [.above]
        for row in rows {
            if row.row == 0, scene.log.gaps.contains(row.line) { all.append(.gap) }
            all.append(.line(row.line, row: row.row))
        }
        for bottom in rows {
            scene.stand(bottom)
            let end = (all.firstIndex(of: .line(bottom.line, row: bottom.row)) ?? 0) + 1
            for limit in [0, 1, scene.area.height] {
                let window = scene.window
                #expect(window.visible(rows: limit, above: true) == Array(all[..<end].suffix(limit)))
                #expect(window.visible(rows: limit, above: false) == Array(all[1..<max(1, end)].suffix(limit)))
            }
            var seen: [Int] = []
            for case .line(let number, _) in all[..<end].suffix(scene.area.height) where seen.last != number {
                seen.append(number)
            }
            #expect(scene.window.lines == seen)
        }
    }

    @Test(arguments: 0..<60) func aLineThatIsGoneToIsSeen(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 500)
        var scene = scene(&random)
        for line in Set(scene.rows.map(\.line)).sorted() {
            for share in [0, 0.4, 1] {
                scene.stand(scene.window.position(showing: line, at: share))
                #expect(scene.window.lines.contains(line), "line \(line) at \(share)")
            }
        }
    }

    @Test(arguments: 0..<40) func aRowThatIsNoLongerThereIsNotStoodAt(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 600)
        var scene = scene(&random)
        let rows = scene.rows
        for _ in 0..<30 {
            // From before the screen was made wider, or before a filter.
            let line = scene.log.store.first - 3 + random.below(scene.log.store.count + 6)
            scene.stand(.init(line: line, row: random.below(30)))
            let bottom = scene.window.bottom
            if rows.isEmpty { #expect(bottom == nil) } else { #expect(bottom.map { rows.contains($0) } == true) }
        }
    }

    @Test func whatStandsInFrontTakesItsColumns() {
        var log = FollowedLog(id: 1, subject: .container(.named("a")), bounds: .init())
        log.origins = [.init(name: "a", container: .named("a"), colour: 0)]
        log.add(LogLines((0..<1_500).map { .init(origin: 0, time: Int64($0), text: [65]) }))
        var view = LogView()
        #expect(LogWindow.prefix(log, view).total == 1)
        view.numbers = true
        #expect(LogWindow.prefix(log, view).number == 5)
        view.times = .local
        #expect(LogWindow.prefix(log, view).time == 13)
        log.subject = .marked(["a"])
        #expect(LogWindow.prefix(log, view).name == 2)
        log.origins = ["日本語", String(repeating: "n", count: 50)].map {
            .init(name: $0, container: .named($0), colour: 0)
        }
        #expect(LogWindow.prefix(log, view).name == 21)
        // Whatever is in front, a column is left for the text.
        #expect(LogWindow(log, view, in: Rect(x: 0, y: 0, width: 10, height: 0)).width == 1)
        #expect(LogWindow(log, view, in: Rect(x: 0, y: 0, width: 10, height: 0)).height == 1)
    }

    // MARK: On the screen

    private func body(_ bench: Bench) -> [String] {
        let body = bench.state.layout.body
        return Array(bench.lines[body.y..<body.maxY])
    }

    @Test func aWrappedLineGoesOnInTheNextRow() {
        var bench = Bench.connected([.make("web")])
        let long = (0..<20).map { "word\($0)" }.joined(separator: " ")
        bench.log(["first", long, "last"], of: "web")
        bench.press("enter", "w")
        #expect(bench.flash == "long lines are wrapped")
        let rows = body(bench)
        #expect(rows[0].hasPrefix(" first"))
        #expect((rows[1].dropFirst() + rows[2].dropFirst()).filter { $0 != " " } == long.filter { $0 != " " })
        #expect(rows[3].hasPrefix(" last"))
        bench.press("w")
        #expect(body(bench)[1].hasSuffix("…"))
    }

    @Test func aWideLetterIsNotTornInTwo() {
        // A row has 79 columns: the fortieth letter has but half of its place.
        var bench = Bench.connected([.make("web")])
        let text = String(repeating: "日本語で", count: 30)
        bench.log([text, #"{"msg":"\#(text)"}"#, "last"], of: "web")
        bench.press("enter", "w", "o")
        let rows = body(bench)
        for rows in [rows[0..<4], rows[4..<8]] {
            #expect(rows.map { $0.dropFirst() }.joined() == text)
            #expect(rows.allSatisfy { TextWidth.of($0) <= 79 })
        }
        #expect(rows[8].hasPrefix(" last"))
    }

    @Test func tabsInAWrappedLinePushItIntoTheNextRow() {
        var bench = Bench.connected([.make("web")])
        let tabs = String(repeating: "\t", count: 12)
        bench.log(["\(tabs)end", "last"], of: "web")
        bench.press("enter", "w")
        #expect(body(bench)[1].contains("end"))
        #expect(body(bench)[2].hasPrefix(" last"))
    }

    @Test func jsonInOneRowIsWrappedLikeAnyLine() {
        var bench = Bench.connected([.make("web")])
        let words = (0..<24).map { "word\($0)" }.joined(separator: " ")
        bench.log([#"{"level":"warn","msg":"\#(words)","a":1}"#, "last"], of: "web")
        bench.press("enter", "o", "w")
        let rows = body(bench)
        #expect(rows[0].hasPrefix(" WARN  word0 word1"))
        #expect(!rows[1].contains("WARN"))
        let text = rows[...2].map { $0.dropFirst() }.joined().filter { $0 != " " }
        #expect(text == "WARN" + words.filter { $0 != " " } + "a=1")
        #expect(rows[3].hasPrefix(" last"))
    }

    @Test func jsonIsFoldedOut() {
        var bench = Bench.connected([.make("web")])
        bench.log([#"{"level":"error","msg":"no\nway","trace":"one\ntwo","n":{"a":1}}"#, "last"], of: "web")
        bench.press("enter", "o", "o")
        #expect(bench.flash == "JSON folded out")
        let rows = body(bench)
        #expect(
            Array(rows[..<10]) == [
                " ERROR no", "       way", "       trace:", "         one", "         two", "       n: {",
                "         \"a\": 1", "       }", " last", "",
            ])
    }

    @Test func aScreenWithoutRoomForTheTextIsDrawn() {
        let name = String(repeating: "n", count: 30)
        var bench = Bench.connected([.make(name)], width: 40, height: 10)
        bench.press("space", "m")
        bench.log((0..<1_000).map { "line \($0)" }, of: name)
        bench.press("t", "t", "#", "/", "9", "enter")
        bench.scan()
        let log = bench.state.engine.log
        #expect(log.map { LogWindow.prefix($0, bench.state.logView).total } == 41)
        #expect(bench.lines.count == 10)
        bench.press("w", "k", "k")
        #expect(bench.lines.count == 10)
    }

    @Test func gapsDoNotKeepOneFromTheOldestLine() {
        var bench = Bench.connected([.make("web")])
        bench.log(["line 0"], of: "web")
        for index in 1..<40 {
            if index < 6 { bench.logNews("web", .gap) }
            bench.logNews("web", .lines(.lines(["line \(index)"], from: Int64(index))))
        }
        bench.press("enter", "g")
        #expect(body(bench)[0].contains("fetching older lines"))
        #expect(body(bench)[1].hasPrefix(" line 0"))
        #expect(body(bench)[2].contains("lines are missing here"))
    }

    @Test func foldedJSONScrollsSidewaysWhileOtherLinesWrap() {
        let long = String(repeating: "0123456789", count: 20)
        var bench = Bench.inLog([#"{"msg":"hello","long":"\#(long)"}"#, long])
        bench.press("w", "o", "o")
        let before = bench.body
        bench.press("right")
        #expect(bench.shown?.column == 8)
        #expect(bench.body.first { $0.contains("long:") } != before.first { $0.contains("long:") })
        // What wraps stays.
        #expect(bench.body.suffix(2) == before.suffix(2))
        // In one row it wraps too, and begins at its beginning.
        bench.press("o")
        #expect(bench.shown?.column == 0)
    }
}
