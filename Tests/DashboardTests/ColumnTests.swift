import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct ColumnTests {
    /// Engines whose texts are short, and long.
    private let engines = [
        Bench.connected([]).state.engine, Bench.connected([.make("web")]).state.engine,
        Bench.connected([
            .make(String(repeating: "long_name_", count: 20), image: String(repeating: "registry/", count: 30))
        ]).state.engine,
    ]

    @Test(arguments: PaneKind.allCases) func columnsFitEveryWidth(_ kind: PaneKind) {
        let columns = Pane.of(kind).columns
        for engine in engines {
            var before = 0
            for width in 10...320 {
                let fitting = PaneList.fitting(columns, width, engine)
                let total = fitting.reduce(0) { $0 + $1.1 } + fitting.count - 1
                #expect(total <= width, "\(width)")
                #expect(!fitting.isEmpty)
                #expect(fitting.allSatisfy { $0.1 > 0 && $0.1 <= $0.0.maximum })
                for (column, have) in fitting where fitting.count > 1 {
                    // A column has what it needs; less only where its widest text is shorter.
                    let content = column.content(engine) ?? column.minimum
                    #expect(have >= min(column.minimum, max(content, column.title.count)))
                }
                // In the table's order, each once.
                let places = fitting.map { item in columns.firstIndex { $0.title == item.0.title } ?? -1 }
                #expect(places == places.sorted() && Set(places).count == places.count)
                // Those that stay are those that matter most, and none that was shown vanishes as the width grows.
                let kept = fitting.map { $0.0.keep }.sorted()
                #expect(kept == Array(columns.map(\.keep).sorted().prefix(kept.count)))
                #expect(fitting.count >= before)
                before = fitting.count
            }
            #expect(before == columns.count)
        }
    }

    @Test(arguments: PaneKind.allCases) func keepIsAnOrder(_ kind: PaneKind) {
        let keeps = Pane.of(kind).columns.map(\.keep)
        #expect(Set(keeps).count == keeps.count)
        // The first column is the name, which goes last; of what happened it is the time, and who it happened to stays.
        if kind != .events { #expect(Pane.of(kind).columns.first?.keep == 0) }
    }

    @Test(arguments: PaneKind.allCases) func noWidthAtAllIsBorne(_ kind: PaneKind) {
        for engine in engines {
            for width in -5..<4 { #expect(PaneList.fitting(Pane.of(kind).columns, width, engine).count == 1) }
        }
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)]) func widthsStayWhileValuesChange(_ width: Int, _ height: Int) {
        var bench = Bench.connected(["api", "web"].map { .make($0) }, width: width, height: height)
        // Where the titles stand, and where the figures end.
        func titles() -> String { bench.lines[bench.state.layout.area(of: .containers)!.columns.y] }
        let before = titles()
        for round in 0..<30 {
            bench.stats("api", count: 1 + round)
            bench.stats("web", limit: UInt64(1) << UInt64(20 + round % 20))
            _ = bench.tick()
            bench.engine(.containers([.make("api", .running, "Up \(round) hours"), .make("web")], asked: nil))
            #expect(titles() == before)
        }
    }

    @Test func figuresStandAtTheSameColumn() {
        var bench = Bench.connected(["a", "b"].map { .make($0) }, width: 200, height: 50)
        for column in ContainerColumns.all where column.alignment == .right {
            for width in column.minimum...column.maximum {
                for count in 0..<40 where count % 8 == 0 {
                    if count > 0 { bench.stats("a", count: 8) }
                    let spans = column.cell(.container(.named("a")), bench.state, width)
                    let used = spans.reduce(0) { $0 + TextWidth.of($1.text) }
                    #expect(used <= width, "\(column.title) at \(width)")
                }
            }
        }
    }

    @Test func whatIsCutSaysSo() {
        let long = "shop_checkout_background_worker_with_a_very_long_name_12"
        let bench = Bench.connected([.make(long)], width: 80, height: 24)
        let row = bench.lines[bench.state.layout.area(of: .containers)!.rows.y]
        #expect(row.contains("…"))
        // A name loses its middle: both its ends matter.
        #expect(row.contains("shop_"))
        #expect(row.contains("_12"))
    }

    @Test func noFigureIsADashAndNeverZero() {
        var bench = Bench.connected(
            [.make("off", .exited, "Exited (0) 1 hour ago"), .make("on")], width: 200, height: 50)
        let area = bench.state.layout.area(of: .containers)!
        func row(_ index: Int) -> String { bench.frame.text(row: area.rows.y + index) }
        #expect(row(0).contains("–"))
        #expect(!row(0).contains("0B"))
        #expect(!row(1).contains("0.0"))
        bench.stats("on", count: 1)
        // One sample: memory is known, the rates are not.
        #expect(row(1).contains("–"))
    }
}
