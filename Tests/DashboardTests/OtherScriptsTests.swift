import Foundation
import Terminal
import Testing

@testable import Dashboard
@testable import EngineAPI

/// Names in Chinese, Arabic, emoji and with combining marks, in every column of every list.
@Suite struct OtherScriptsTests {
    static let names = [
        "数据库", "قاعدة-بيانات", "👩\u{200D}🚀-team", "e\u{301}a\u{308}o\u{303}", "ｗｉｄｅ", "한국어", "שלום", "नमस्ते",
        "🇩🇪🇫🇷", "z\u{335}\u{321}\u{30A}algo", "\u{202E}rtl", "plain",
    ]

    private func bench(_ width: Int, _ height: Int) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.connect()
        let containers = Self.names.map { name in
            var container = ContainerSummary.make(name, .running, "Up \(name)", image: "\(name)/\(name):\(name)")
            container.labels[LogSubject.projectLabel] = name
            container.command = name
            container.mounts = [ContainerMount(name: name, destination: "/\(name)")]
            return container
        }
        bench.engine(.containers(containers, asked: nil))
        bench.engine(.details(containers.map { .of($0) }, missing: []))
        bench.engine(
            .images(
                Self.names.map { name in
                    var image = ImageSummary(id: "sha256:\(ContainerID.named(name))")
                    image.tags = ["\(name):\(name)"]
                    return image
                }))
        bench.engine(
            .volumes(
                Self.names.map { name in
                    var volume = VolumeSummary(name: name)
                    (volume.driver, volume.mountpoint) = (name, "/\(name)/\(name)")
                    return volume
                }))
        bench.engine(
            .networks(
                Self.names.map { name in
                    var network = NetworkSummary(id: ContainerID.named(name).rawValue, name: name)
                    (network.driver, network.scope, network.subnets) = (name, name, [name])
                    return network
                }))
        bench.engine(
            .events(
                Self.names.map { name in
                    var event = EngineEvent(type: "container", action: name, actorID: ContainerID.named(name).rawValue)
                    event.attributes = ["name": name, "image": name]
                    event.timeNano = Int64(Bench.start.timeIntervalSince1970) * 1_000_000_000
                    return event
                }))
        bench.log(Self.names, of: Self.names[0])
        return bench
    }

    @Test(arguments: [(40, 10), (80, 24), (120, 40), (200, 50), (300, 80)], PaneKind.allCases)
    func nothingIsShifted(_ size: (Int, Int), _ pane: PaneKind) {
        var bench = bench(size.0, size.1)
        for _ in 0..<pane.rawValue { bench.press("tab") }
        for _ in Self.names {
            bench.press("j")
            let frame = draw(bench.state)
            for y in 0..<frame.size.height {
                // Each row takes just the columns there are: wide letters two, marks none.
                let cells = Array(frame.cells(row: y))
                for (x, cell) in cells.enumerated() {
                    let isBehindWide = x > 0 && cells[x - 1].isWide
                    #expect(cell.isContinuation == isBehindWide)
                }
                #expect(cells.last?.isWide == false)
            }
            // What is right of a list is where it was: no name spills over its column.
            let layout = bench.state.layout
            guard layout.mode == .wide else { continue }
            for area in layout.panes {
                for y in area.rows.y..<area.rows.maxY {
                    let row = Array(frame.cells(row: y))
                    #expect(row[area.frame.x].scalar == "│" && row[area.frame.maxX - 1].scalar == "│")
                }
            }
        }
    }
}
