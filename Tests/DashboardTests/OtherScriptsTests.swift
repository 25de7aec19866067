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
            container.networks = [name]
            container.imageID = "sha256:\(ContainerID.named(name))"
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
                    image.digests = ["\(name)@\(name)"]
                    return image
                }))
        bench.engine(
            .volumes(
                Self.names.map { name in
                    var volume = VolumeSummary(name: name)
                    (volume.driver, volume.mountpoint, volume.scope) = (name, "/\(name)/\(name)", name)
                    volume.labels[LogSubject.projectLabel] = name
                    return volume
                }))
        bench.engine(
            .networks(
                Self.names.map { name in
                    var network = NetworkSummary(id: ContainerID.named(name).rawValue, name: name)
                    (network.driver, network.scope) = (name, name)
                    network.pools = [NetworkPool(subnet: name, gateway: name)]
                    network.labels[LogSubject.projectLabel] = name
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
        expectNothingShifted(&bench)
    }

    /// The columns that a text of somebody's own can stand in.
    private static let written: [(pane: PaneKind, columns: [String])] = [
        (.containers, ["name", "status", "image", "project", "command", "networks"]),
        (.images, ["name", "users", "tags", "digest"]),
        (.volumes, ["name", "driver", "users", "mountpoint", "scope", "project"]),
        (.networks, ["name", "driver", "subnet", "users", "gateway", "scope", "project"]),
        (.events, ["action", "who", "details"]),
    ]

    /// Each column beside another one, also those that are shown when somebody asks for them only.
    @Test(arguments: written) func noColumnShiftsTheNext(_ pane: PaneKind, _ columns: [String]) throws {
        let all = Pane.of(pane).columns
        for size in [(80, 24), (200, 50)] {
            for id in columns {
                var bench = bench(size.0, size.1)
                for _ in 0..<pane.rawValue { bench.press("tab") }
                let other = try #require(all.last { $0.id != id })
                bench.state.remembered.columns[pane] = [id, other.id]
                let column = try #require(all.first { $0.id == id })
                let texts = bench.state.rows(pane).map { row in
                    column.cell(row, bench.state, 60).map(\.text).joined()
                }
                #expect(texts.contains { $0.contains("数据库") } && texts.contains { $0.contains("한국어") }, "\(id)")
                expectNothingShifted(&bench)
            }
        }
    }

    private func expectNothingShifted(_ bench: inout Bench) {
        for _ in Self.names {
            bench.press("j")
            let frame = draw(bench.state)
            for y in 0..<frame.size.height {
                // Each row takes just the columns there are: wide letters two, marks none.
                let cells = Array(frame.cells(row: y))
                // Expecting something of each cell takes a thousand times as long as looking at it.
                for (x, cell) in cells.enumerated() where cell.isContinuation != (x > 0 && cells[x - 1].isWide) {
                    Issue.record("column \(x) of line \(y): \(frame.text(row: y))")
                }
                if cells.last?.isWide != false { Issue.record("a wide letter at the edge of line \(y)") }
            }
            // What is right of a list is where it was: no name spills over its column.
            let layout = bench.state.layout
            guard layout.mode == .wide else { continue }
            for area in layout.panes {
                for y in area.rows.y..<area.rows.maxY {
                    let row = Array(frame.cells(row: y))
                    if row[area.frame.x].scalar != "│" || row[area.frame.maxX - 1].scalar != "│" {
                        Issue.record("the frame of \(area.kind) is broken in line \(y)")
                    }
                }
            }
        }
    }
}
