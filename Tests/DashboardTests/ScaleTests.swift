import EngineAPI
import Foundation
import Testing

@testable import Dashboard

/// What is worked out once for a change must not be worked out for what changes nothing of it: told by where it is held.
@Suite struct ScaleTests {
    private static let many = (0..<2_000).map { ContainerSummary.make("c\($0)") }

    /// Where the rows of a pane are held: rows that were found anew are held elsewhere.
    private func place(_ bench: Bench, _ pane: PaneKind = .containers) -> UnsafeRawPointer? {
        bench.state.rows(pane).withUnsafeBytes { $0.baseAddress }
    }

    @Test func rowsAreFoundOnceHoweverMuchHappens() {
        var bench = Bench.connected(Self.many)
        bench.press("/", "1", "enter")
        let before = place(bench)
        for _ in 0..<50 {
            bench.stats("c1")
            bench.press("j")
            _ = bench.tick()
            bench.engine(.events([.container("pause", "c7")]))
            _ = draw(bench.state)
        }
        #expect(place(bench) == before)
        bench.engine(.containers([.make("c1", .paused)], asked: [.named("c1")]))
        #expect(place(bench) != before)
    }

    @Test func figuresAndKeysCopyNoContainers() {
        var bench = Bench.connected(Self.many)
        // A table of containers is one reference: a copy, made because somebody else held it, would be another one.
        func table() -> Int { unsafeBitCast(bench.state.engine.containers, to: Int.self) }
        let before = table()
        for _ in 0..<10 {
            bench.stats("c5")
            bench.press("j")
            bench.engine(.events([.container("start", "c5")]))
            _ = bench.tick()
        }
        #expect(table() == before)
        #expect(bench.container("c5")?.starts == 10)
    }

    // MARK: What is kept up to date must be what would be found anew

    /// The counts, widths and order as they are when everything is listed anew.
    private func expectStock(_ bench: Bench, _ comment: Comment) {
        var anew = bench.state.engine
        anew.takeStock()
        #expect(anew.tally == bench.state.engine.tally, comment)
        #expect(anew.widths.name == bench.state.engine.widths.name, comment)
        anew.reorder()
        #expect(anew.order == bench.state.engine.order, comment)
        for pane in PaneKind.allCases {
            var unsettled = bench.state
            unsettled.foundRows = unsettled.foundRows.map { _ in nil }
            #expect(unsettled.rows(pane) == bench.state.rows(pane), comment)
        }
    }

    @Test(arguments: 1...6)
    func whateverIsListedCountsAndOrderAreRight(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        var bench = Bench.connected((0..<30).map { .make("n\($0)") })
        let states: [(ContainerState, String)] = [
            (.running, "Up 1 hour"), (.exited, "Exited (0) 1 hour ago"), (.exited, "Exited (3) 1 hour ago"),
            (.paused, "Up 1 hour (Paused)"), (.created, "Created"), (.restarting, "Restarting (1) 1 second ago"),
        ]
        for step in 0..<150 {
            let name = "n\(random.next() % 60)"
            let (state, status) = states[Int(random.next() % UInt64(states.count))]
            let summary = ContainerSummary.make(
                random.next() % 8 == 0 ? "renamed-\(name)" : name, state, status, image: "i\(random.next() % 3)",
                id: name)
            switch random.next() % 6 {
            case 0: bench.engine(.containers([], asked: [summary.id]), after: 0.1)
            case 1: bench.engine(.events([.container("destroy", name)]), after: 0.1)
            case 2: bench.engine(.details([.of(summary) { $0.state.exitCode = 0 }], missing: []), after: 0.1)
            case 3: bench.press(["O", "!", "/", "j"][Int(random.next() % 4)], "1", "enter")
            default: bench.engine(.containers([summary], asked: [summary.id]), after: 0.1)
            }
            expectStock(bench, "seed \(seed), step \(step)")
        }
    }

    // MARK: Finding

    @Test(
        arguments: [
            ("web", "My-WEB-1", true), ("WEB", "web", true), ("", "", true), ("x", "", false), ("ab", "aab", true),
            ("grün", "GRÜN 1", true), ("ß", "straße", true), ("web-12", "web-1", false), ("b", "a b", true),
        ])
    func textsAreFoundInAnyCase(_ wanted: String, _ text: String, _ isFound: Bool) {
        var finder = TextFinder(wanted)
        #expect(finder.finds(in: text) == isFound)
        #expect(finder.finds(in: text) == isFound)
    }
}
