import Foundation
import Testing

/// A home for the runs of Gantry of one story, with a file of settings and what was remembered before, if anything.
final class Home: Sendable {
    let path = Session.home()

    init(settings: String? = nil, state: String? = Session.seenTour) throws {
        for (folder, name, text) in [("config", "config.yaml", settings), ("state", "state.json", state)] {
            guard let text else { continue }
            let folder = "\(path)/\(folder)/gantry"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
    }

    var settings: String { "\(path)/config/gantry/config.yaml" }
    var state: String { "\(path)/state/gantry/state.json" }
    var variables: [String: String] { ["XDG_CONFIG_HOME": path + "/config", "XDG_STATE_HOME": path + "/state"] }
}

extension Stories {
    /// What is chosen in a file, and what is there again at the next start.
    @Suite struct SettingsAndState {
        private func open(
            _ home: Home, _ arguments: [String] = [], size: Tmux.Size = .large, _ variables: [String: String] = [:]
        ) async throws -> Session {
            let session = Session()
            let environment = home.variables.merging(variables) { $1 }
            try session.launch(size, ["--demo"] + arguments, environment.mapValues { $0 })
            try await session.expect(row: "shop-db-1", contains: "Up ")
            return session
        }

        private func gantry(_ arguments: String..., home: Home) throws -> Outcome {
            try run([TestEngine.program ?? "gantry"] + arguments, environment: home.variables, expecting: nil)
        }

        @Test("Keys of one's own work, are shown, and the old ones say that they are none")
        func ownKeys() async throws {
            let home = try Home(
                settings: """
                    mouse: false
                    keys:
                      container.stop: [F8, ctrl-x s]
                      move.first: g g
                      view.journal: F9
                    """)
            let session = try await open(home)
            #expect(try session.terminal.value("#{mouse_any_flag}") == "0")
            try await session.select("shop-db-1")
            try await session.expect("F8 among the keys") { $0.keys.contains("F8 stop") }
            for keys in [["F8"], ["ctrl-x", "s"]] {
                for key in keys { try await session.press(key) }
                try await session.expectQuestion(containing: "docker stop shop-db-1")
                try await session.press("n")
                try await session.expectNoQuestion()
            }
            try await session.press("s")
            try await session.expectFlash(containing: "s is for images: 2 shows them")
            try await session.press("J")
            try await session.expectFlash(containing: "J does nothing here: ? lists the keys")
            try await session.press("F9")
            try await session.expectScreen(contains: "Nothing was asked of the Engine yet")
        }

        @Test("A sequence waits, says what may follow, and Esc leaves it", arguments: Tmux.Size.both)
        func sequence(size: Tmux.Size) async throws {
            let home = try Home(settings: "keys:\n  move.first: g g\n  view.pause: g p\n")
            let session = try await open(home, size: size)
            let first = try #require(try session.screen().containers.first?.name)
            try await session.press("j", "j", "g")
            try await session.expectFlash(containing: "g to the first row")
            try await session.expect("Esc among the keys") { $0.keys == "Esc leave" }
            try await session.press("esc")
            try await session.expect("the keys again") { $0.keys.contains("? help") && !$0.flash.contains("…") }
            #expect(try session.screen().containers.first?.isSelected == false)
            try await session.press("g", "g")
            try await session.expect(selected: first)
            try await session.press("g", "p")
            try await session.expectFlash(containing: "g p goes on")
        }

        @Test("The keys of another tool: gg, dd and ZZ as in vim")
        func preset() async throws {
            let session = try await open(try Home(settings: "keys: {preset: vim}"))
            let first = try #require(try session.screen().containers.first?.name)
            try await session.press("G", "g", "g")
            try await session.expect(selected: first)
            try await session.press("d", "d")
            try await session.expectQuestion(containing: "docker rm \(first)")
            try await session.press("n", "Z", "Z")
            try await session.expectEnded(status: 0)
        }

        @Test(
            "What is wrong in the file is said at the start, listed above the journal, and by gantry config; the rest holds"
        )
        func mistakes() async throws {
            let home = try Home(
                settings: """
                    theme: plaid
                    log:
                      lines: many
                    keys:
                      container.stop: r
                      help: F2
                      view.pause: "open
                    """)
            let session = try await open(home)
            try await session.expectFlash(
                containing: "4 mistakes in the settings, J lists them: config.yaml:1:8: there is no theme “plaid”")
            try await session.expect("F2 among the keys") { $0.keys.contains("F2 help") }
            try await session.press("J")
            let problems = [
                "3:10: “log.lines” takes a number from 100 to 10000000",
                "5:19: “r” is for container.stop (stop the container) and for container.restart (restart the container): the first holds",
                "7:15: this quote does not end on its line",
            ]
            for problem in problems {
                try await session.expect("“\(problem)” in the journal") { screen in
                    screen.layer("Journal")?.contains("config.yaml:\(problem)") ?? false
                }
            }
            try await session.press("esc")
            try await session.select("shop-db-1")
            try await session.press("r")
            try await session.expectQuestion(containing: "docker stop")

            let said = try gantry("config", home: home)
            #expect(said.status == 1)
            for problem in problems { #expect(said.output.contains("\(home.settings):\(problem)\n"), "\(said.output)") }
        }

        @Test("gantry config names its file and prints one with all settings, in which nothing is wrong")
        func configCommand() throws {
            let home = try Home()
            let none = try gantry("config", home: home)
            #expect(none.status == 0 && none.output.hasPrefix("\(home.settings) is not there"))
            let printed = try gantry("config", "--print-default", home: home)
            #expect(printed.status == 0 && printed.output.contains("\n  #container.kill: [K, ctrl-k] "))
            let own = try Home(settings: printed.output)
            let good = try gantry("config", home: own)
            #expect(good.status == 0 && good.output == "\(own.settings)\nnothing is wrong in it\n")
            for arguments in [["--config", own.settings, "config"], ["config", "--config", own.settings]] {
                let named = try run(
                    [TestEngine.program ?? "gantry"] + arguments, environment: home.variables, expecting: nil)
                #expect(named.status == 0 && named.output == good.output, "\(arguments)")
            }
            let missing = try gantry("--config", home.path + "/no-such-file", home: home)
            #expect(missing.status == 1 && missing.errors.contains("no-such-file cannot be read: no such file"))
        }

        @Test("Options win over the file")
        func options() async throws {
            let home = try Home(settings: "theme: plaid\nkeys: {help: F2}\n")
            let session = try await open(home, ["--theme", "mono"])
            try await session.expect("F2 among the keys") { $0.keys.contains("F2 help") }
            #expect(try !session.screen().text.contains("plaid"))
        }

        @Test("The sort is there again at the next start")
        func sortIsRemembered() async throws {
            let home = try Home()
            let first = try await open(home)
            try await first.press("o", "j", "j", "j", "enter", "O")
            try await first.expectScreen(contains: "MEM▴")
            try await first.press("q")
            try await first.expectEnded(status: 0)
            #expect(try String(contentsOfFile: home.state, encoding: .utf8).contains("memory"))
            let second = try await open(home)
            try await second.expectScreen(contains: "MEM▴")
            // Nobody has to end it for that.
            try await second.press("O")
            try await second.expectEngine("it to be written") {
                try String(contentsOfFile: home.state, encoding: .utf8).contains("false")
            }
        }

        @Test("Columns, theme and split are there again at the next start, until the file has another theme")
        func looksAreRemembered() async throws {
            let home = try Home(settings: "theme: light\n")
            let first = try await open(home)
            try await first.press("V")
            try await first.expectScreen(contains: "Columns of containers")
            try first.click("[x] CPU %")
            try await first.expectScreen(contains: "[ ] CPU %")
            try await first.press("esc", "Y")
            try await first.expectScreen(contains: "▸ light")
            try await first.press("j", "enter")
            try await first.expectGone("▸ high-contrast")
            try await first.press(">", ">")
            try await first.press("q")
            try await first.expectEnded(status: 0)
            func remembered() throws -> String { try String(contentsOfFile: home.state, encoding: .utf8) }
            #expect(try remembered().contains("\"over\" : \"light\"") && remembered().contains("\"splits\" : {"))
            let second = try await open(home)
            try await second.press("Y")
            try await second.expectScreen(contains: "▸ high-contrast")
            try await second.press("esc")
            #expect(try !second.screen().text.contains("CPU %"))
            try await second.press("q")
            try await second.expectEnded(status: 0)
            try "theme: nord\n".write(toFile: home.settings, atomically: true, encoding: .utf8)
            let third = try await open(home)
            try await third.press("Y")
            try await third.expectScreen(contains: "▸ nord")
        }

        @Test("Nonsense in the place of what was remembered, or no place for it, keeps nobody from starting")
        func noState() async throws {
            let nonsense = try await open(try Home(state: "{\"sort\": [}"))
            // Nor is it known that the tour was seen.
            try await nonsense.expectScreen(contains: "Welcome to Gantry")
            try await nonsense.press("esc", "o", "j", "j", "j", "enter")
            try await nonsense.expectScreen(contains: "MEM▾")
            let nowhere = try await open(try Home(), [], ["XDG_STATE_HOME": "/dev/null"])
            try await nowhere.press("O")
            try await nowhere.expectFlash(
                containing: "will not be remembered: /dev/null/gantry/state.json cannot be written: not a directory")
        }
    }
}
