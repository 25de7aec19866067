import DemoEngine
import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Keys, clicks, drags, resizes and news in any order, everywhere: nothing falls over, and what the state says of itself
/// stays true.
///
/// `GANTRY_FUZZ=1` takes a hundred thousand steps instead of some.
@Suite struct MonkeyTests {
    private static let long = ProcessInfo.processInfo.environment["GANTRY_FUZZ"] == "1"
    private static let seeds = Array(0..<(long ? 40 : 8))
    private static let steps = long ? 2_500 : 250

    private static let keys: [Key] = {
        var keys: [Key] = (0x20..<0x7F).map { Key.character(Character(Unicode.Scalar($0))) }
        keys += [.enter, .enter, .escape, .escape, .escape, .tab, .tab, .backTab, .backspace, .delete, .insert, .up]
        keys += [.up, .down, .down, .down, .left, .right, .home, .end, .pageUp, .pageDown, .function(1), .function(5)]
        keys += "abdefgklnopruwxz[]\\".map { Key.ctrl($0) }
        keys += "12345".map { Key.alt($0) }
        // What opens things comes more often than one key in a hundred.
        keys += "123456VZTCRFxo,.m*".map { Key.character($0) }
        keys += [.ctrl("w"), .ctrl("w")]
        return keys
    }()

    private func summaries(_ random: inout SplitMix) -> [ContainerSummary] {
        let states: [ContainerState] = [.running, .running, .running, .exited, .paused, .created, .restarting]
        return (0..<random.below(30)).map { index in
            var summary = ContainerSummary.make("c\(index)", states[random.below(states.count)])
            if index % 3 == 0 { summary.labels[LogSubject.projectLabel] = "shop" }
            if index % 4 == 0 { summary.mounts = [ContainerMount(name: "pgdata", destination: "/data")] }
            return summary
        }
    }

    private func mouse(_ random: inout SplitMix, _ size: Size) -> Mouse {
        let kinds: [Mouse.Kind] = [.press, .press, .press, .doubleClick, .drag, .drag, .release, .wheelUp, .wheelDown]
        return Mouse(
            kind: kinds[random.below(kinds.count)], x: random.below(size.width + 2), y: random.below(size.height + 2))
    }

    private func resize(_ random: inout SplitMix) -> Size {
        switch random.below(6) {
        case 0: Size(width: random.below(50), height: random.below(14))
        case 1: Size(width: 40, height: 10)
        case 2: Size(width: 300, height: 80)
        default: Size(width: 40 + random.below(180), height: 10 + random.below(50))
        }
    }

    @Test(arguments: seeds) func nothingFallsOver(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &* 7_919)
        var bench = Bench(width: 120, height: 40)
        GoldenTests.fill(&bench, summaries(&random))
        bench.state.settings.accordion = seed % 2 == 0
        for step in 0..<Self.steps {
            let before = "seed \(seed), step \(step)"
            switch random.below(24) {
            case 0..<12: bench.send(.key(Self.keys[random.below(Self.keys.count)]))
            case 12..<19: bench.send(.mouse(mouse(&random, bench.state.size)))
            case 19: bench.send(.resized(resize(&random)))
            case 20: bench.send(.paste("pasted\ntext \(step) ü日"))
            case 21: news(&bench, &random)
            case 22: _ = bench.tick()
            default:
                // Somebody who knows where things are: on what can be clicked.
                let frame = bench.frame
                let size = bench.state.size
                for _ in 0..<40 {
                    let (x, y) = (random.below(max(1, size.width)), random.below(max(1, size.height)))
                    if let click = frame.click(x: x, y: y), click != .nothing {
                        bench.send(.mouse(Mouse(kind: .press, x: x, y: y)))
                        break
                    }
                }
            }
            expectSound(bench.state, before)
            // Each step is drawn, but not the most expensive ones each time.
            if step % 5 == 0 || bench.state.size.width < 120 {
                let frame = bench.frame
                if frame.size != bench.state.size { Issue.record("a frame of another size: \(before)") }
                if !frame.forbiddenScalars().isEmpty { Issue.record("harmful: \(before)") }
            }
            bench.state.quitting = false
            bench.state.quitsWhenDone = false
        }
    }

    /// The same before the simulated Engine, with all that is asked of it and all that it answers; with changes that
    /// nobody has asked for.
    @MainActor
    @Test(arguments: seeds.prefix(long ? 40 : 2)) func nothingFallsOverBeforeAnEngine(_ seed: Int) async throws {
        var options = DemoOptions()
        options.seed = UInt64(seed + 1)
        options.eventsPerSecond = 20
        let demo = try DemoEngine(options)
        let player = Player(demo.address)
        var random = SplitMix(seed: UInt64(seed) &* 104_729)
        try await eventually { player.state.engine.containersLoaded }
        for step in 0..<Self.steps {
            let size = player.state.size
            switch random.below(20) {
            case 0..<11: player.send(.key(Self.keys[random.below(Self.keys.count)]))
            case 11..<17: player.send(.mouse(mouse(&random, size)))
            case 17: player.send(.resized(resize(&random)))
            case 18: player.send(.paste("pasted\ntext \(step) ü日"))
            default:
                let frame = draw(player.state)
                #expect(frame.forbiddenScalars().isEmpty)
            }
            expectSound(player.state, "seed \(seed), step \(step) before an Engine")
            player.state.quitting = false
            player.state.quitsWhenDone = false
            // What was asked for is answered meanwhile.
            if step % 5 == 0 { try await Task.sleep(for: .milliseconds(2)) }
        }
        // It is still told what happens, if there is still anybody whom something can happen to.
        try await eventually { player.state.engine.isConnected }
        let seen = player.state.engine.events.next
        try await eventually { player.state.engine.events.next > seen || player.state.engine.tally.running == 0 }
        await player.stop()
        await demo.stop()
    }

    private func eventually(
        at location: SourceLocation = #_sourceLocation, _ holds: @MainActor () -> Bool
    ) async throws {
        // All seeds share one thread.
        let end = ContinuousClock.now + .seconds(Self.long ? 120 : 20)
        while await !holds() {
            try #require(ContinuousClock.now < end, sourceLocation: location)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func news(_ bench: inout Bench, _ random: inout SplitMix) {
        switch random.below(7) {
        case 0: bench.engine(.containers(summaries(&random), asked: nil))
        case 1: for name in ["c0", "c1", "c2"] where bench.container(name) != nil { bench.stats(name, count: 2) }
        case 2: bench.lose()
        case 3: bench.connect()
        case 4:
            if let log = bench.state.engine.log, let origin = log.origins.first {
                bench.engine(.log(log.id, origin.container, .lines(.lines((0..<30).map { "line \($0)" }))))
            }
        case 5:
            for log in bench.state.engine.wall {
                guard let origin = log.origins.last else { continue }
                bench.engine(.log(log.id, origin.container, .lines(.lines((0..<30).map { "line \($0)" }))))
            }
        default:
            bench.engine(.images(Array(bench.state.engine.images.items.dropFirst(random.below(2)))))
            bench.engine(.diskUse(.success(CleanupPlanTests.use)))
            bench.engine(.cleanup(bench.state.cleanupsAsked, .success(CleanupPlanTests.listing)))
        }
    }

    private func expectSound(_ state: State, _ when: String) {
        func expect(_ holds: Bool, _ what: String) { if !holds { Issue.record("\(what): \(when)") } }
        for kind in PaneKind.allCases where kind != .events || state.pane == .events {
            let list = state[list: kind]
            let rows = state.rows(kind)
            expect(list.offset >= 0 && list.offset <= max(0, rows.count - 1), "offset of \(kind)")
            if let selected = list.selected, !list.hidesRows, list.awaited == nil {
                expect(rows.contains(selected), "the selection of \(kind) is not listed")
            }
        }
        expect(Pane.of(state.pane).tabs.contains(state.tab) || state.tabs[state.pane] == nil, "tab of \(state.pane)")
        let splits =
            [state.remembered.splits.side, state.remembered.splits.stacked].compactMap { $0 }
            + state.remembered.splits.panes.values
        expect(splits.allSatisfy { (0...1_000).contains($0) }, "splits \(splits)")
        for (kind, ids) in state.remembered.columns {
            let known = Pane.of(kind).columns.map(\.id)
            expect(Set(ids).count == ids.count && ids.allSatisfy { known.contains($0) }, "columns of \(kind)")
        }
        expect(state.layers.count < 12, "\(state.layers.count) layers")
        expect(state.wall != nil || state.engine.wall.isEmpty, "logs of a wall that is not there")
        for layer in state.layers {
            switch layer {
            case .menu(let menu): expect(menu.items.indices.contains(menu.index), "menu")
            case .form(let form):
                expect((0...form.fields.count).contains(form.focus) && form.scroll >= 0, "form")
                if form.focus < form.fields.count {
                    expect(form.fields[form.focus].lines.indices.contains(form.line), "a form's line")
                }
                for field in form.fields {
                    if case .choice(let choices) = field.kind {
                        expect(choices.indices.contains(field.choice), "a form's choice")
                    }
                }
            case .files(let browser):
                expect(browser.index >= 0 && browser.index <= max(0, browser.files.count - 1), "files")
            case .cleanup(let view): expect(view.rows.indices.contains(view.cursor) && view.offset >= 0, "cleanup")
            case .columns(let view): expect(view.items(state).indices.contains(view.index), "columns")
            case .wall(let wall): expect(wall.focus >= 0 && wall.focus < max(1, wall.names.count), "wall")
            case .question(let question): expect(question.scroll >= 0, "question")
            case .journal(let scroll), .health(_, let scroll), .keys(_, let scroll): expect(scroll.row >= 0, "scroll")
            case .actions, .palette, .help:
                let list = layer.list
                expect(list?.chosen == nil || list?.item != nil, "what is chosen is not listed")
            case .prompt, .totals, .job, .tour: break
            }
        }
    }
}

/// A dashboard without a terminal. What would change files here, or lend the terminal, is left undone.
@MainActor
private final class Player {
    var state: State
    private var runner: Runner?

    init(_ address: EngineAddress) {
        state = State(
            address: address, size: Size(width: 120, height: 40), now: Date(),
            theme: Bench(width: 9, height: 9).state.theme)
        runner = Runner(
            engines: [EngineID(address): Engine(address: address)], send: { [weak self] in self?.send($0) },
            heldLog: { [weak self] in self?.state.engines[$0]?[log: $1] },
            lastEvent: { [weak self] in self?.state.engines[$0]?.events.last }, terminalBytes: { 0 })
        runner?.reconcile(state.subscriptions)
    }

    func send(_ event: Event) {
        for effect in update(&state, event, now: Date()) {
            switch effect {
            case .setMouse, .suspend, .copy, .openPager, .redraw, .open, .save, .page: break
            case .handOver(let engine, let number, _, _, _): send(.engine(engine, .handedBack(number, .detached)))
            case .startJob(_, _, let job) where job is any FileJob || job is CopyOutJob || job is BuildJob: break
            default: runner?.run(effect)
            }
        }
        runner?.reconcile(state.subscriptions)
    }

    func stop() async {
        for task in runner?.stop() ?? [] { await task.value }
    }
}
