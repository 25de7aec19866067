import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct DrawingTests {
    /// States that look different, at a size.
    static let names = [
        "connecting", "away", "none", "one", "many", "stale", "question", "remove", "help", "journal", "filter",
        "stats", "inspect", "top", "back", "images", "hostile", "totals",
    ]

    static func bench(_ name: String) -> Bench {
        switch name {
        case "connecting":
            var bench = Bench()
            _ = bench.tick(3)
            return bench
        case "away":
            var bench = Bench()
            bench.engine(.lost(.unreachable(.standard, reason: .noSocket), retryIn: 5, attempt: 4), after: 2)
            return bench
        case "none": return .connected([])
        case "hostile": return hostile()
        default: break
        }
        var bench = Bench.connected(name == "one" ? [.make("web")] : (0..<70).map { .make("c\(1_000 + $0)") })
        bench.engine(.images((0..<30).map { ImageSummary(id: "sha256:\($0)") }))
        bench.engine(.volumes((0..<12).map { VolumeSummary(name: "volume-\($0)") }))
        bench.engine(.networks((0..<4).map { NetworkSummary(id: "\($0)", name: "net-\($0)") }))
        let first = bench.selected ?? ""
        bench.log((0..<200).map { "line \($0) " + String(repeating: "x", count: $0 % 90) }, of: first)
        bench.stats(first, count: 200)
        switch name {
        case "stale": bench.lose(after: 90)
        case "question": bench.press("K")
        case "remove": bench.press("d", "v")
        case "help": bench.press("?", "j")
        case "journal":
            bench.press("r")
            bench.engine(.actionFinished(1, .named(first), .conflict(String(repeating: "no luck ", count: 40))))
            bench.press("J")
        case "filter": bench.press("/", "c", "1", "4")
        case "stats": bench.press("c")
        case "totals": bench.press("space", "T", "down")
        case "inspect":
            bench.press("i")
            let json = #"{"Id":"x","Deep":"# + String(repeating: "[", count: 300) + "1]}"
            bench.engine(
                .inspected(.container(.named(first)), .success(InspectLine.lines(of: Array(json.utf8)))))
        case "top":
            bench.press("t")
            bench.engine(
                .processes(
                    .named(first),
                    .success(ProcessList(titles: ["UID", "PID", "CMD"], processes: [["root", "1", "sh -c 漢字"]]))))
        case "back": bench.press("enter", "pgup", "pgup", "t", "right")
        case "images": bench.press("2", "j", "enter")
        default: break
        }
        return bench
    }

    static let evil =
        "a\u{1B}[31;1mred\u{1B}]0;title\u{7}\u{9B}2J\r\n\t\u{8}\u{0}\u{202E}rtl\u{2066}\u{200F}\u{85}é漢👩‍👩‍👧\u{301}"

    /// Whatever an Engine sends as text is full of controls.
    private static func hostile() -> Bench {
        var bench = Bench()
        bench.connect()
        var info = SystemInfo()
        info.name = evil
        bench.engine(.described(info, roundTrip: 0))
        var version = EngineVersion(api: APIVersion(1, 45), engineAPI: APIVersion(1, 45))
        version.name = evil
        version.version = evil
        bench.engine(.version(version))
        var summary = ContainerSummary.make(evil, .running, evil, image: evil)
        summary.labels = [evil: evil]
        summary.networks = [evil]
        summary.mounts = [ContainerMount(name: evil, destination: evil)]
        summary.ports = [PortMapping(privatePort: 1, proto: evil)]
        bench.engine(.containers([summary, .make("z" + evil, .unknown(evil), evil)], asked: nil))
        var image = ImageSummary(id: evil)
        image.tags = [evil]
        bench.engine(.images([image]))
        var volume = VolumeSummary(name: evil)
        volume.driver = evil
        volume.mountpoint = evil
        bench.engine(.volumes([volume]))
        var network = NetworkSummary(id: evil, name: evil)
        network.subnets = [evil]
        network.driver = evil
        network.scope = evil
        bench.engine(.networks([network]))
        bench.log([evil, String(repeating: evil, count: 30)], of: evil)
        return bench
    }

    private func check(_ bench: Bench, _ name: String) {
        let frame = bench.frame
        let size = bench.state.size
        #expect(frame.size == size)
        for row in 0..<size.height {
            let width = TextWidth.of(frame.text(row: row))
            if width > size.width { Issue.record("\(name) at \(size): row \(row) takes \(width)") }
        }
        let bad = frame.forbiddenScalars()
        if !bad.isEmpty { Issue.record("\(name) at \(size): \(bad)") }
    }

    /// Every size there is, the states taking turns.
    @Test(arguments: [0, 1, 2, 3]) func everySizeIsDrawn(_ part: Int) {
        var benches = Self.names.map { Self.bench($0) }
        for height in stride(from: 1 + part, through: 60, by: 4) {
            for width in 1...220 {
                let index = (width * 7 + height) % benches.count
                benches[index].state.size = Size(width: width, height: height)
                // Looking at every cell takes longer than drawing it: every seventh size will do.
                if (width + height) % 7 == 0 {
                    check(benches[index], Self.names[index])
                } else {
                    #expect(benches[index].frame.size == benches[index].state.size)
                }
            }
        }
    }

    /// Every state at the sizes where the layout changes.
    @Test(arguments: names) func everyStateIsDrawnWhereTheLayoutChanges(_ name: String) {
        var bench = Self.bench(name)
        for width in [1, 39, 40, 41, 59, 60, 64, 80, 119, 120, 150, 220] {
            for height in [1, 9, 10, 11, 15, 16, 18, 24, 37, 60] {
                bench.send(.resized(Size(width: width, height: height)))
                check(bench, name)
            }
        }
    }

    @Test func noTextOfAnEngineReachesACellAsAControl() {
        var bench = Self.hostile()
        func look(_ name: String) {
            for (width, height) in [(40, 12), (80, 24), (200, 50)] {
                bench.send(.resized(Size(width: width, height: height)))
                check(bench, name)
            }
        }
        look("list")
        for key in ["l", "c", "i", "t"] {
            bench.press(key)
            look(key)
        }
        bench.engine(
            .inspected(
                .container(.named(Self.evil)), .success(InspectLine.lines(of: Array("{\"\(Self.evil)\":1}".utf8)))))
        bench.press("i")
        look("inspected")
        bench.engine(
            .processes(.named(Self.evil), .success(ProcessList(titles: [Self.evil], processes: [[Self.evil]]))))
        bench.press("t")
        look("processes")
        bench.press("esc")
        for pane in ["2", "3", "4", "1"] {
            bench.press(pane)
            look("pane \(pane)")
            bench.press("i")
            look("pane \(pane), inspect")
            bench.press("esc")
        }
        for key in ["K", "d", "s"] {
            bench.press(key)
            look("question \(key)")
            bench.press("n")
            look("flash")
        }
        bench.press("r")
        bench.engine(.actionFinished(1, .named(Self.evil), .server(status: 500, message: Self.evil)))
        look("failure")
        bench.press("J")
        look("journal")
        bench.press("esc")
        bench.stats(Self.evil, count: 3)
        bench.press("T")
        look("totals")
        bench.press("esc", "/")
        bench.send(.paste(Self.evil))
        look("filter")
        bench.press("enter")
        look("filtered")
        bench.send(.notice(Self.evil))
        look("notice")
        bench.engine(.listFailed(.images, .server(status: 500, message: Self.evil)))
        bench.press("esc", "2")
        bench.engine(.images([]))
        bench.engine(.listFailed(.images, .malformed(Self.evil)))
        look("list failed")
        bench.engine(.lost(.unreachable(.unix(path: Self.evil), reason: .other(Self.evil)), retryIn: 1, attempt: 1))
        look("lost")
        var start = Bench(address: .unix(path: Self.evil))
        start.engine(.lost(.server(status: 500, message: Self.evil), retryIn: 1, attempt: 1), after: 1)
        check(start, "start")
    }

    @Test func drawingIsAFunctionOfTheState() {
        for name in Self.names {
            let bench = Self.bench(name)
            #expect(draw(bench.state) == draw(bench.state))
        }
    }

    @Test func aTickChangesNothingButTheAges() {
        var bench = Self.bench("many")
        // The first finds the scale of the sparklines.
        _ = bench.tick()
        let before = bench.frame
        _ = bench.tick()
        #expect(bench.frame.changedRows(since: before).isEmpty)
    }

    @Test(arguments: [(40, 10), (40, 12), (60, 18), (80, 24), (120, 16), (200, 50)])
    func aStaleScreenSaysSo(_ width: Int, _ height: Int) {
        var bench = Self.bench("stale")
        bench.press("j")
        bench.send(.resized(Size(width: width, height: height)))
        let shown = bench.lines[0].contains("STALE")
        #expect(shown, "\(width)x\(height)")
    }

    @Test func aLongHostNameDoesNotHideTheStaleAge() {
        var bench = Bench.connected([.make("web")])
        var info = SystemInfo()
        info.name = "ip-10-0-17-231.eu-central-1.compute.internal"
        bench.engine(.described(info, roundTrip: 0))
        bench.lose()
        let shown = bench.lines[0].contains("STALE")
        #expect(shown)
    }

    @Test func staleRowsHaveNoColoursOfTheirOwn() {
        var bench = Bench.connected(["a", "b"].map { .make($0, .exited, "Exited (1)") }, width: 120, height: 40)
        bench.lose()
        let area = bench.state.layout.area(of: .containers)!
        let stale = bench.state.theme[.stale].foreground
        let frame = bench.frame
        for (x, cell) in frame.cells(row: area.rows.y + 1).enumerated() where area.rows.contains(x: x, y: area.rows.y) {
            if cell.scalar != " " { #expect(cell.style.foreground == stale) }
        }
    }
}
