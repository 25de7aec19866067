import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct KeymapTests {
    private func bench(_ yaml: String, _ containers: [String] = ["api", "web"]) -> Bench {
        let file = SettingsFile(Array(yaml.utf8))
        #expect(file.problems.isEmpty, "\(file.problems)")
        var bench = Bench.connected(containers.map { .make($0) }, width: 120)
        bench.state.settings = file.settings
        return bench
    }

    private func keys(_ text: String) -> KeySequence { KeySequence(parsing: text)! }

    // MARK: Names

    @Test func everyKeysNameIsReadAsThatKey() {
        for key in CommandTests.keys {
            #expect(Key(parsing: key.name) == key)
            #expect(KeySequence(parsing: key.name) == KeySequence(key))
        }
        #expect(keys("g g").keys == [.character("g"), .character("g")])
        #expect(keys("Ctrl-x  K").name == "ctrl-x K" && keys("ctrl-x K").description == "Ctrl-x K")
        for none in ["", " ", "hyper-x", "g esc", "esc g", "a b c d e f"] {
            #expect(KeySequence(parsing: none) == nil, "\(none)")
        }
    }

    // MARK: The table's own

    @Test func withoutChangesTheTableHolds() {
        let keymap = Keymap()
        for command in Command.all { #expect(keymap.keys(of: command) == command.keys.map { KeySequence($0) }) }
        #expect(keymap.conflicts.isEmpty)
        #expect(Keymap(preset: "gantry", own: [:]) == keymap)
    }

    @Test func aKeyThatWasGivenBackIsAsBefore() {
        var keymap = Keymap()
        keymap.own = ["container.stop": [keys("r")]]
        #expect(keymap.keys(of: "container.restart").isEmpty && keymap.conflicts.count == 1)
        keymap.own = [:]
        keymap.preset = "vim"
        keymap.preset = "gantry"
        #expect(keymap.conflicts.isEmpty)
        for command in Command.all { #expect(keymap.keys(of: command) == command.keys.map { KeySequence($0) }) }
    }

    // MARK: Keys of one's own

    @Test func aCommandMayHaveSeveralKeysOrNone() {
        var bench = bench("keys:\n  view.pause: [F9, \"%\"]\n  list.cpu: none\n  view.journal: none")
        for key in ["f9", "%"] {
            bench.press(key)
            #expect(bench.flash.hasSuffix(bench.state.figuresPaused ? "F9 goes on" : "figures go on"), "\(key)")
        }
        bench.press("P")
        #expect(bench.flash == "P does nothing here: ? lists the keys")
        bench.press("J")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.key(of: "view.journal") == ":view.journal")
    }

    @Test func hintsHelpAndMenusShowTheKeysAsTheyAreBound() {
        var bench = bench(
            "keys:\n  container.stop: [F8, ctrl-x s]\n  pane.images: i\n  view.inspect: ctrl-x i\n  help: F2")
        #expect(bench.lines[23].contains("F8 stop") && bench.lines[23].contains("F2 help"))
        #expect(KeysLine.hints(bench.state).contains { $0.key == "Ctrl-x i" && $0.title == "inspect" })
        #expect(bench.screen.contains("i Images"))
        bench.press("f2")
        let stop = bench.list?.items.first { $0.id == "container.stop" }
        #expect(stop?.key == "F8  Ctrl-x s" && stop?.refusal == nil)
        bench.press("f2")
        #expect(bench.state.layers.isEmpty)
        bench.press("x")
        #expect(bench.lines.contains { $0.contains(" F8 ") && $0.contains("stop") })
        bench.press("esc", "i")
        #expect(bench.state.pane == .images)
        bench.press("f8")
        #expect(bench.flash == "F8 is for containers: 1 shows them")
    }

    // MARK: Sequences

    @Test func aSequenceWaitsForItsNextKeyAndSaysWhatMayFollow() {
        var bench = bench("keys:\n  move.first: g g\n  view.pause: g p\n  move.last: [G, end]")
        bench.press("G", "g")
        #expect(bench.selected == "web")
        let line = bench.lines[22]
        #expect(
            line.contains("g …") && line.contains("g to the first row, or line") && line.contains("p pause the figures")
        )
        #expect(bench.lines[23].contains("Esc leave") && !bench.lines[23].contains("stop"))
        bench.press("g")
        #expect(bench.selected == "api")
        bench.press("g", "p")
        #expect(bench.state.figuresPaused)
        #expect(bench.flash.contains("g p goes on"))
    }

    @Test func escLeavesASequenceAndAnotherKeySaysThatItIsNone() {
        var bench = bench("keys:\n  move.first: g g")
        bench.press("/", "w", "enter", "g")
        bench.press("esc")
        #expect(bench.state.pendingKeys.isEmpty)
        // It did nothing else.
        #expect(bench.state[list: .containers].filter == "w")
        bench.press("g", "x")
        #expect(bench.flash == "g x does nothing here: ? lists the keys")
        #expect(bench.state.layers.isEmpty && bench.state.pendingKeys.isEmpty)
        bench.press("g")
        bench.send(.paste("text"))
        #expect(bench.state.pendingKeys.isEmpty)
        bench.press("g", "ctrl-c")
        #expect(bench.state.quitting)
    }

    @Test func aNarrowKeyWinsOverASequenceAndASequenceOverAWideKey() {
        var bench = bench(
            "keys:\n  view.cost: t x\n  log.json: j x\n  view.top: none\n  image.tag: none\n  events.times: none\n  move.down: [j, down]"
        )
        bench.log(["one", "two"], of: "api")
        bench.press("t")
        #expect(bench.state.pendingKeys == [.character("t")])
        bench.press("x")
        #expect(bench.state.showsCost)
        bench.press("l", "t")
        #expect(bench.state.pendingKeys.isEmpty && bench.state.logView.times != .off)
        bench.press("j")
        #expect(bench.state.pendingKeys == [.character("j")])
        bench.press("esc", "esc", "j")
        #expect(bench.state.pendingKeys.isEmpty && bench.selected == "web")
    }

    /// Random keys, sequences and their breaking off: what is pending is always the beginning of something.
    @Test func whatIsPendingCanGoOn() {
        var random = SplitMix(seed: 3)
        for preset in KeyPreset.all {
            var bench = bench("keys:\n  preset: \(preset.name)\n  view.cost: ctrl-y a b\n  view.mouse: ctrl-x x x x x")
            for step in 0..<3_000 {
                let key = CommandTests.keys[random.below(CommandTests.keys.count)]
                if key == .ctrl("c") || key == .ctrl("z") { continue }
                bench.send(
                    .key(
                        random.below(4) == 0
                            ? [.ctrl("y"), .ctrl("x"), .ctrl("w"), .character("d")][random.below(4)] : key))
                bench.state.quitting = false
                let pending = bench.state.pendingKeys
                guard !pending.isEmpty else { continue }
                #expect(bench.state.layers.isEmpty)
                #expect(
                    !bench.state.keymap.continuations(of: pending, in: bench.state).isEmpty, "\(preset.name) \(pending)"
                )
                if step % 10 == 0 { #expect(bench.lines.joined().contains("…")) }
            }
        }
    }

    // MARK: Presets

    @Test(arguments: KeyPreset.all.map(\.name)) func aPresetGivesWhatItSaysAndLeavesNobodyWithoutAKey(_ name: String)
        throws
    {
        let preset = try #require(KeyPreset.named(name))
        let keymap = Keymap(preset: name, own: [:])
        #expect(keymap.conflicts.isEmpty)
        #expect(Set(preset.keys.map(\.command)).count == preset.keys.count)
        for (id, names) in preset.keys {
            let command = try #require(Command.all.first { $0.id == id }, "\(id)")
            #expect(keymap.keys(of: command) == names.compactMap { KeySequence(parsing: $0) }, "\(id)")
            #expect(keymap.keys(of: command).count == names.count, "\(id)")
        }
        for command in Command.all { #expect(!keymap.keys(of: command).isEmpty, "\(command.id)") }
    }

    @Test(arguments: KeyPreset.all.map(\.name)) func everyKeyOfAPresetWorksSomewhere(_ name: String) throws {
        let situations = CommandTests.situations.map { _, bench in
            var bench = bench
            bench.state.settings.keys.preset = name
            return bench.state
        }
        for command in Command.all {
            for keys in Keymap(preset: name, own: [:]).keys(of: command) where keys.first != .ctrl("c") {
                let works = situations.contains { state in
                    if case .command(let meant) = state.keymap.meaning(of: keys.keys, in: state) {
                        meant.id == command.id
                    } else {
                        false
                    }
                }
                #expect(works, "\(command.id): \(keys)")
            }
        }
    }

    @Test(arguments: KeyPreset.all.map(\.name)) func aPresetsHintsLeadToWhatTheySay(_ name: String) {
        for (situation, bench) in CommandTests.situations {
            var state = bench.state
            state.settings.keys.preset = name
            for (shown, title) in KeysLine.hints(state) {
                let pressed = shown.split(separator: " ").compactMap { Key(parsing: String($0)) }
                guard case .command(let command) = state.keymap.meaning(of: pressed, in: state) else {
                    Issue.record("\(situation): \(shown) \(title)")
                    continue
                }
                #expect(command.applies(state) == .yes, "\(situation): \(shown) \(title)")
                #expect(
                    command.hint == title || title == "unpause", "\(situation): \(shown) \(title) runs \(command.id)")
            }
        }
    }

    @Test func fingersFindWhatTheyKnow() {
        var lazydocker = bench("keys.preset: lazydocker")
        lazydocker.press("m")
        #expect(lazydocker.state.tab == .logs && lazydocker.state.focus == .detail)
        var ctop = bench("keys.preset: ctop")
        ctop.press("s")
        #expect(ctop.screen.contains("Sort by"))
        ctop.press("esc", "f", "w", "enter", "h")
        #expect(ctop.state[list: .containers].filter == "w")
        guard case .help? = ctop.state.layers.last else { Issue.record("no help"); return }
        var k9s = bench("keys.preset: k9s")
        k9s.press("ctrl-d")
        #expect(k9s.screen.contains("docker rm --force api"))
        k9s.press("n", "d")
        #expect(k9s.state.tab == .inspect)
        var vim = bench("keys.preset: vim")
        vim.press("G", "g", "g", "d", "d")
        #expect(vim.screen.contains("docker rm --force api"))
        vim.press("n", "g", "t", "Z", "Z")
        #expect(vim.state.quitting && vim.state.tab == .stats)
    }

    @Test func onesOwnKeysWinOverAPresetsAndBothOverTheTables() {
        let file = SettingsFile(Array("keys:\n  view.pause: d d\n  preset: vim".utf8))
        #expect(
            file.problems.map(\.description).allSatisfy { $0.hasPrefix("2:15: “d d” is for view.pause (") }
                && file.problems.count == 4)
        #expect(file.settings.keys.keys(of: "container.remove") == [keys("delete")])
    }
}
