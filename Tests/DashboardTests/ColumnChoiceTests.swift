import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Columns chosen, put into order and kept; rows sorted by them.
@Suite struct ColumnChoiceTests {
    private func bench(_ width: Int = 160, _ height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        GoldenTests.fill(&bench, GoldenTests.shop)
        return bench
    }

    private func titles(_ bench: Bench) -> String {
        let area = bench.state.layout.area(of: bench.state.pane)!.columns
        return String(bench.lines[area.y].dropFirst(area.x).prefix(area.width))
    }

    private func words(_ bench: Bench) -> [Substring] { titles(bench).split(separator: " ") }

    @Test func everyColumnHasANameOfItsOwn() {
        for pane in Pane.all {
            let ids = pane.columns.map(\.id)
            #expect(Set(ids).count == ids.count, "\(pane.title)")
            #expect(!pane.columns[0].isExtra && !ids.contains { $0.contains(" ") || $0 != $0.lowercased() })
        }
    }

    @Test func columnsAreTurnedOffAndOnAgain() {
        var bench = bench()
        bench.press("V")
        #expect(bench.screen.contains("Columns of containers"))
        bench.press("space")
        #expect(bench.flash == "NAME is always there")
        bench.press("j", "space")
        #expect(bench.state.remembered.columns[.containers]?.contains("status") == false)
        bench.press("esc")
        #expect(bench.state.layers.isEmpty && !titles(bench).contains("STATUS"))
        bench.press("V", "G", "space", "esc")
        #expect(bench.state.remembered.columns[.containers]?.last == "id")
        bench.press("V", "r")
        #expect(bench.state.remembered.columns[.containers] == nil)
        #expect(titles(bench).contains("STATUS"))
    }

    @Test func columnsMoveAndTheFirstHaveTheRoom() {
        var bench = bench()
        bench.press("V", "j", "right", "esc")
        #expect(words(bench).prefix(4) == ["NAME", "CPU", "%", "STATUS"])
        bench.press("V", "j", "j", "left", "esc")
        #expect(bench.state.remembered.columns[.containers] == nil)
        // One that has no room says so, until it stands further to the front.
        bench.send(.resized(Size(width: 80, height: 24)))
        bench.press("V", "G", "space")
        #expect(bench.lines.contains { $0.contains("[x] ID") && $0.contains("no room") })
        for _ in 0..<20 { bench.press("left") }
        #expect(bench.lines.contains { $0.contains("[x] ID") && !$0.contains("no room") })
        bench.press("esc")
        #expect(words(bench).prefix(2) == ["ID", "NAME"])
    }

    @Test func whatIsInTheSettingsIsTheBeginning() {
        var bench = bench()
        let setting = Setting.all.first { $0.path == "columns.containers" }!
        #expect(setting.read(bench.state.settings) == .names(Pane.standardColumns[0].map(\.id)))
        setting.write(&bench.state.settings, .names(["image", "nonsense", "cpu"]))
        #expect(setting.read(bench.state.settings) == .names(["image", "cpu"]))
        // What it is called is never left out.
        #expect(words(bench) == ["NAME", "IMAGE", "CPU", "%"])
        bench.press("V", "j", "space", "esc")
        #expect(words(bench) == ["NAME", "CPU", "%"])
        bench.press("V", "r", "esc")
        #expect(words(bench) == ["NAME", "IMAGE", "CPU", "%"])
        setting.write(&bench.state.settings, .names(Pane.standardColumns[0].map(\.id)))
        #expect(bench.state.settings == Settings())
    }

    @Test func everyExtraColumnShowsSomething() {
        var summary = ContainerSummary.make("api")
        summary.command = "node server.js"
        summary.labels = [LogSubject.projectLabel: "shop", "com.docker.compose.service": "api"]
        var bench = Bench.connected([summary], width: 200, height: 50)
        bench.stats("api", count: 3)
        for kind in PaneKind.withColumns where kind != .events {
            for column in Pane.of(kind).columns where column.isExtra { #expect(column.keep > 0) }
        }
        let row = ResourceID.container(.named("api"))
        for column in ContainerColumns.all where column.isExtra {
            let text = column.cell(row, bench.state, column.maximum).map(\.text).joined()
            #expect(!text.isEmpty && text != Units.none, "\(column.id)")
        }
        let share = ContainerColumns.share.cell(row, bench.state, 24).map(\.text).joined()
        #expect(TextWidth.of(share) <= 24)
    }

    @Test func aListThatHasTheScreenHasAllFigures() {
        var bench = bench(300, 80)
        bench.press("z")
        for column in ContainerColumns.all { #expect(titles(bench).contains(column.title), "\(column.id)") }
        // What is left when all have what they ask for makes the meters longer.
        let widths = PaneList.fitting(bench.state.tableColumns(of: .containers, 600), 600, bench.state.engine)
        #expect(widths.first { $0.0.id == "cpu" }!.1 > ContainerColumns.cpu.maximum)
        // None is there at the cost of what can be read.
        bench.send(.resized(Size(width: 200, height: 50)))
        #expect(titles(bench).contains("PIDS") && !titles(bench).contains("NETWORKS"))
        bench.press("z")
        #expect(!titles(bench).contains("PIDS"))
    }

    // MARK: Order

    private func names(_ bench: Bench) -> [String] {
        bench.state.rows(bench.state.pane).map { bench.state.name(of: $0) }
    }

    @Test func theRowsOfOtherPanesAreSortedToo() {
        var bench = bench()
        bench.press("2", "o")
        #expect(bench.screen.contains("Sort by"))
        bench.press("j", "enter")
        #expect(bench.flash == "sorted by size; O reverses")
        #expect(names(bench) == ["postgres:16", "shop/web:2.4", "shop/api:2.4"])
        #expect(titles(bench).contains("SIZE▾"))
        bench.press("O")
        #expect(names(bench) == ["shop/api:2.4", "shop/web:2.4", "postgres:16"])
        // The selection stays on its row.
        let selected = bench.state.selected
        bench.press("O")
        #expect(bench.state.selected == selected)
        // New rows come to where they belong.
        var big = ImageSummary(id: "sha256:big")
        (big.tags, big.size) = (["big:1"], 9 << 30)
        bench.engine(.images(bench.state.engine.images.items + [big]))
        #expect(names(bench).first == "big:1")
        bench.press("5", "o")
        #expect(bench.flash == "events stand in the order they happened")
    }

    @Test func whatIsNotKnownStandsLastEitherWay() {
        var bench = bench()
        bench.press("3")
        var odd = VolumeSummary(name: "a-odd")
        odd.driver = "local"
        bench.engine(.volumes(bench.state.engine.volumes.items + [odd]))
        for reversed in [false, true] {
            bench.state.remembered.sorts[.volumes] = RowSort(column: "created", isReversed: reversed)
            bench.send(.key(.escape))
            #expect(names(bench).last == "a-odd")
        }
        // A column that is no more sorts nothing.
        bench.state.remembered.sorts[.volumes] = RowSort(column: "gone")
        bench.send(.key(.escape))
        #expect(names(bench) == ["a-odd", "pgdata", "uploads"])
    }
}
