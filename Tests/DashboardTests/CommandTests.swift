import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct CommandTests {
    /// States in which keys mean something else: every pane, focus, tab and state of the selected container.
    static let situations: [(name: String, bench: Bench)] = {
        var result: [(String, Bench)] = []
        for (name, containers) in [
            ("none", []), ("running", [ContainerSummary.make("web"), .make("api")]),
            ("exited", [.make("web", .exited, "Exited (0) 1 hour ago")]), ("paused", [.make("web", .paused, "Up")]),
        ] as [(String, [ContainerSummary])] {
            for away in [false, true] {
                var bench = Bench.connected(containers)
                var image = ImageSummary(id: "sha256:1")
                image.tags = ["shop/api:2.4"]
                bench.engine(.images([image, ImageSummary(id: "sha256:2")]))
                bench.engine(.volumes([VolumeSummary(name: "v")]))
                bench.engine(.networks([NetworkSummary(id: "n", name: "bridge")]))
                bench.log((0..<40).map { "line \($0)" }, of: "web")
                if away { bench.lose() }
                for pane in PaneKind.allCases {
                    for focus in [Focus.list, .detail] {
                        for tab in Pane.of(pane).tabs {
                            var copy = bench
                            copy.state.pane = pane
                            copy.state.focus = focus
                            copy.state.tab = tab
                            // An event that changes nothing settles what belongs to the selection.
                            copy.send(.resized(copy.state.size))
                            result.append(("\(name)\(away ? " away" : "") \(pane) \(focus) \(tab)", copy))
                        }
                    }
                }
            }
        }
        var filtered = Bench.connected([.make("web"), .make("api")])
        filtered.press("/", "w", "enter")
        result.append(("filtered", filtered))
        var resized = Bench.connected([.make("web"), .make("api")], width: 120, height: 40)
        resized.press(">")
        result.append(("resized", resized))
        resized.state.settings.accordion = false
        resized.send(.resized(resized.state.size))
        result.append(("shared", resized))
        var searched = Bench.connected([.make("web"), .make("api")])
        searched.log((0..<40).map { "line \($0)" }, of: "api")
        searched.press("l", "/", "7", "enter")
        result.append(("searched", searched))
        searched.press("esc", "esc", "space")
        result.append(("marked", searched))
        var inspected = Bench.connected([.make("web"), .make("api")])
        inspected.press("i")
        let json = Array(#"{"Env":["API_KEY=1"]}"#.utf8)
        inspected.engine(.inspected(.container(.named("api")), .success(InspectLine.lines(of: json))))
        result.append(("inspected", inspected))
        inspected.press("/", "K", "enter")
        result.append(("found", inspected))
        var listed = Bench.connected([.make("web"), .make("api")])
        listed.press("t")
        let processes = [["7", "1", "nginx"], ["8", "7", "nginx: worker"]]
        let list = ProcessList(titles: ["PID", "PPID", "CMD"], processes: processes)
        listed.engine(.processes(.named("api"), .success(list)))
        result.append(("processes", listed))
        var networks = Bench.connected([.make("web")])
        networks.engine(.networks([NetworkSummary(id: "n", name: "back")]))
        networks.press("4")
        result.append(("a network of one's own", networks))
        var related = Bench.related()
        related.engine(.events([.container("start", "db")]))
        related.press("j", "j")
        result.append(("related", related))
        related.press("alt-2")
        result.append(("come from", related))
        related.press("5")
        result.append(("events of what is there", related))
        var system = Bench.connected([.make("web")])
        system.press("6")
        system.engine(.diskUse(.success(DiskUse())))
        result.append(("the system", system))
        result.append(("never connected", Bench()))
        var lost = Bench()
        lost.lose()
        result.append(("never reached", lost))
        return result
    }()

    static let keys: [Key] = {
        var keys: [Key] = (0x20..<0x7F).map { .character(Character(Unicode.Scalar(UInt8($0)))) }
        keys += (UInt8(ascii: "a")...UInt8(ascii: "z")).map { .ctrl(Character(Unicode.Scalar($0))) }
        keys += [
            .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end,
            .pageUp, .pageDown, .ctrl(" "), .character("é"), .character("漢"),
        ]
        keys += (1...12).map { .function($0) }
        keys += "0123456789".map { .alt($0) }
        return keys
    }()

    // MARK: The table

    @Test func idsAreUnique() {
        let ids = Command.all.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func everyCommandHasATitleAndKeys() {
        for command in Command.all {
            #expect(!command.title.isEmpty, "\(command.id)")
            #expect(!command.keys.isEmpty, "\(command.id)")
            #expect(command.title.first?.isUppercase == false, "\(command.id)")
            #expect(command.hint.map { !$0.isEmpty && $0.count <= 10 } ?? true, "\(command.id)")
        }
    }

    /// `Key.named` leaves out a name that is none: so the names are counted in the source.
    @Test func everyKeyNameIsAKey() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Dashboard/Commands").standardized
        var seen = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: sources.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            for call in text.components(separatedBy: ".named(").dropFirst() {
                let names = call.prefix { $0 != ")" }.components(separatedBy: "\"")
                for (index, name) in names.enumerated() where index % 2 == 1 {
                    #expect(Key(parsing: name) != nil, "\(file): \(name)")
                    seen += 1
                }
            }
        }
        let inTable = Command.all.reduce(0) { $0 + $1.keys.count }
        // The four panes' keys come from the panes.
        #expect(seen + PaneKind.allCases.count == inTable)
    }

    /// Whether two commands' keys can both be meant in one place.
    private func overlap(_ a: Command.Scope, _ b: Command.Scope) -> Bool {
        switch (a, b) {
        case (.list, .detail), (.detail, .list), (.list, .tab), (.tab, .list): false
        case (.tab(let x), .tab(let y)): x == y
        default: true
        }
    }

    private func isNarrow(_ scope: Command.Scope) -> Bool {
        switch scope {
        case .detail, .tab: true
        default: false
        }
    }

    @Test func noKeyMeansTwoThings() {
        for (index, a) in Command.all.enumerated() {
            for b in Command.all[(index + 1)...] where overlap(a.scope, b.scope) {
                guard !Set(a.keys).isDisjoint(with: b.keys) else { continue }
                // The narrower one wins by rule.
                if isNarrow(a.scope) != isNarrow(b.scope) { continue }
                for (name, bench) in Self.situations {
                    let both = [a, b].allSatisfy { $0.scope.covers(bench.state) && $0.applies(bench.state) == .yes }
                    #expect(!both, "\(a.id) and \(b.id) both apply: \(name)")
                }
            }
        }
    }

    @Test func everyCommandCanBeReachedSomewhere() {
        for command in Command.all {
            let reached = Self.situations.contains { _, bench in
                command.keys.contains { Command.of($0, in: bench.state)?.id == command.id }
                    && command.applies(bench.state) == .yes
            }
            #expect(reached, "\(command.id)")
        }
    }

    @Test func everyKeyOfACommandWorksSomewhere() {
        for command in Command.all {
            for key in command.keys where key != .ctrl("c") {
                let reached = Self.situations.contains { _, bench in
                    Command.of(key, in: bench.state)?.id == command.id
                }
                #expect(reached, "\(command.id): \(key)")
            }
        }
    }

    @Test func theHelpNamesEveryCommandOnce() {
        let bench = Bench.connected([.make("web")])
        let items = bench.state.settledHelp(ChoiceList()).items
        for command in Command.all { #expect(items.filter { $0.id == command.id }.count == 1, "\(command.id)") }
    }

    @Test func whatDestroysIsMarkedSo() {
        for command in Command.all where command.id.hasPrefix("container.") {
            #expect(command.kind == .changes || command.kind == .destroys)
            #expect(command.scope == .containers)
        }
        #expect(
            Command.all.filter { $0.kind == .destroys }.map(\.id) == [
                "container.kill", "container.remove", "top.signal", "image.remove", "volume.remove", "network.remove",
                "system.cleanup",
            ])
    }

    // MARK: The line of keys

    @Test func everyHintLeadsToACommandThatApplies() {
        for (name, bench) in Self.situations {
            for (shown, title) in KeysLine.hints(bench.state) {
                let key = Self.keys.first { $0.description == shown }
                let command = key.flatMap { Command.of($0, in: bench.state) }
                #expect(command != nil, "\(name): \(shown) \(title)")
                #expect(command?.applies(bench.state) == .yes, "\(name): \(shown) \(title)")
                let titles = [command?.hint, command?.id == "container.pause" ? "unpause" : nil]
                #expect(titles.contains(title), "\(name): \(shown) \(title) runs \(command?.id ?? "nothing")")
            }
        }
    }

    @Test func aRunningContainerIsStoppedAndAnEndedOneStarted() {
        func hints(_ state: ContainerState) -> [String] {
            KeysLine.hints(Bench.connected([.make("web", state, "x")]).state).map(\.title)
        }
        #expect(hints(.running).contains("stop") && !hints(.running).contains("start"))
        #expect(hints(.exited).contains("start") && !hints(.exited).contains("stop"))
        #expect(hints(.paused).contains("unpause") && !hints(.paused).contains("pause"))
        #expect(!hints(.created).contains("pause"))
    }

    @Test(arguments: [40, 60, 80, 120, 200]) func theLineOfKeysFitsAndKeepsHelpAndQuit(_ width: Int) {
        for (name, bench) in Self.situations {
            var bench = bench
            bench.send(.resized(Size(width: width, height: 24)))
            let line = bench.lines[23]
            #expect(line.contains("? help"), "\(name)")
            #expect(line.contains("q quit"), "\(name)")
            // No hint is cut.
            let words = Set(KeysLine.hints(bench.state).map { "\($0.key) \($0.title)" })
            var rest = line.trimmingCharacters(in: .whitespaces)[...]
            while !rest.isEmpty {
                let hint = rest.range(of: "  ").map { rest[..<$0.lowerBound] } ?? rest
                #expect(words.contains(String(hint)), "\(name): \(hint)")
                rest = rest.dropFirst(hint.count).drop { $0 == " " }
            }
        }
    }

    // MARK: Every key everywhere

    /// What a person would notice of a state.
    private func noticed(_ state: State) -> String {
        "\(state.pane) \(state.focus) \(state.zoomed) \(state.lists) \(state.tabs) \(state.inspectScroll) "
            + "\(state.topScroll) \(state.layers) \(state.flash?.text ?? "") \(state.logView) \(state.marked) \(state.merged.debugDescription) \(state.countsLogLines) \(state.settings.mouse) \(state.showsCost) "
            + "\(state.eventTimes) \(state.showsChatter) \(state.places.count) \(state.quitting) \(String(describing: state.engine.log?.anchor)) \(state.engine.log?.column ?? 0) "
            + "\(String(describing: state.engine.log?.selection)) \(state.engine.log?.cleared?.before ?? -1) "
            + "\(state.settings.layout) \(state.remembered)"
    }

    /// Commands that do nothing, silently, where what they are for is so already.
    private func mayBeSilent(_ command: Command?, _ state: State) -> Bool {
        guard let command else { return false }
        // At the end of a list one cannot go further, and who follows already is not told.
        if command.id.hasPrefix("move.") || command.id == "log.follow" { return true }
        // The pane, or the tab, that is shown already.
        let here: [String: Bool] = [
            "view.logs": state.tab == .logs, "view.inspect": state.tab == .inspect, "view.top": state.tab == .top,
            "view.stats": state.tab == .stats, "view.changes": state.tab == .changes,
        ]
        if here[command.id] == true, state.focus == .detail { return true }
        if command.id == "pane.\(Pane.of(state.pane).title.lowercased())", state.focus == .list { return true }
        // Esc where there is nothing to leave.
        return command.keys.contains(.escape)
    }

    @Test func noKeyIsSilent() {
        for (name, bench) in Self.situations {
            for key in Self.keys {
                var after = bench
                after.state.flash = nil
                let before = noticed(after.state)
                let effects = after.send(.key(key))
                let heard = !effects.isEmpty || noticed(after.state) != before
                if !heard {
                    let command = Command.of(key, in: bench.state)
                    #expect(
                        mayBeSilent(command, bench.state) || key == .escape, "\(name): \(key) \(command?.id ?? "-")")
                }
            }
        }
    }

    @Test func everyKeyIsDrawnAfterwards() {
        for (index, situation) in Self.situations.enumerated() {
            var bench = situation.bench
            // One long session in each situation: keys pile up layers, scrolls and filters.
            for key in Self.keys where key != .ctrl("c") {
                bench.send(.key(key))
                if index % 4 == 0 { _ = bench.frame }
            }
            #expect(bench.frame.forbiddenScalars().isEmpty)
        }
    }

    @Test func aRandomWalkNeitherCrashesNorSendsWhatWasNotAsked() {
        for seed in 0..<6 {
            var random = SplitMix(seed: UInt64(seed))
            var bench = Bench.connected((0..<8).map { .make("c\($0)") })
            var acts = 0
            for _ in 0..<600 {
                let effects = bench.send(.key(Self.keys[random.below(Self.keys.count)]))
                for case .run(_, let number, _) in effects {
                    acts += 1
                    bench.engine(.ran(number, .init(failure: .creating(.badRequest("no")))))
                }
                for case .handOver(_, let number, _, _, _) in effects {
                    acts += 1
                    bench.engine(
                        .handedBack(
                            number, [.left(mayHaveBegun: false), .ended(code: 1), .failed(.closed)][random.below(3)]))
                }
                for case .startJob(_, let number, _) in effects where number > 0 { acts += 1 }
                for case .act(_, let number, let id, _) in effects {
                    acts += 1
                    if random.below(2) == 0 {
                        let error: EngineError? = random.below(3) == 0 ? .conflict("no") : nil
                        bench.engine(.actionFinished(number, id, error))
                    }
                }
                switch random.below(12) {
                case 0: bench.events(("die", "c\(random.below(8))"))
                case 1: bench.events(("destroy", "c\(random.below(8))"))
                case 2: bench.engine(.containers((0..<8).map { .make("c\($0)") }, asked: nil))
                case 3: bench.send(.resized(Size(width: 1 + random.below(150), height: 1 + random.below(50))))
                case 4: _ = bench.state.engine.isConnected ? bench.lose() : bench.connect()
                default: break
                }
                _ = bench.tick(0.1)
                if bench.state.size.width * bench.state.size.height < 2_000 { _ = bench.frame }
            }
            #expect(bench.state.journal.entries.count + bench.state.journal.dropped == acts)
        }
    }
}

extension Command {
    /// The command a key means now.
    static func of(_ key: Key, in state: State) -> Command? {
        if case .command(let command) = state.keymap.meaning(of: [key], in: state) { command } else { nil }
    }
}
