import Foundation
import Testing

/// One person at one terminal with one Gantry in it, and the containers that the person's story is about.
///
/// Every `expect` waits until what is expected is on the screen, and fails with the whole screen when it does not
/// come. The terminal and the containers go when the session does.
final class Session: Sendable {
    static let limit = Duration.seconds(15)
    static let poll = Duration.milliseconds(50)

    let terminal = Tmux()
    private let suffix = String.suffix()

    /// The names of containers, volumes and networks that this story made, to be removed at its end.
    private let made = Made()

    deinit {
        terminal.close()
        made.remove()
    }

    // MARK: The Engine's side

    /// A name that no other story has: `web` is `web-x4k` here.
    func name(_ name: String) -> String { "\(name)-\(suffix)" }

    /// Makes a container and starts it, unless told not to.
    ///
    /// It ends at once when it is stopped, other than busybox would by itself.
    @discardableResult
    func container(
        _ name: String, runs script: String = "while :; do sleep 1; done", _ options: [String] = [],
        start: Bool = true
    ) throws -> String {
        let name = self.name(name)
        made.note(["rm", "-f", "-v", name])
        let verb = start ? ["run", "-d"] : ["create"]
        try docker(
            verb + ["--name", name, "--stop-signal", "KILL"] + options + ["demo/busybox:1.35", "sh", "-c", script])
        return name
    }

    /// Makes a container of a command of its own, without a shell, and does not start it.
    func container(_ name: String, command: [String]) throws -> String {
        let name = self.name(name)
        made.note(["rm", "-f", "-v", name])
        try docker(["create", "--name", name, "demo/busybox:1.35"] + command)
        return name
    }

    /// The name of a container that Gantry is going to make, so that it goes with the story.
    func planned(_ name: String, _ behind: String = "") -> String {
        let name = self.name(name) + behind
        made.note(["rm", "-f", "-v", name])
        return name
    }

    /// A docker command that takes away at the end what Gantry is going to make.
    func note(_ command: [String]) { made.note(command) }

    /// The command that removes what a story makes.
    func planned(removal words: [String]) { made.note(words) }

    /// The name of an image that is going to be made, so that it goes with the story.
    func planned(image name: String) { made.note(["rmi", "-f", name]) }

    /// The name of a volume that is going to come with a container.
    func plannedVolume(_ name: String) -> String {
        let name = self.name(name)
        made.note(["volume", "rm", "-f", name])
        return name
    }

    func volume(_ name: String) throws -> String {
        let name = self.name(name)
        made.note(["volume", "rm", "-f", name])
        try docker(["volume", "create", name])
        return name
    }

    func network(_ name: String) throws -> String {
        let name = self.name(name)
        made.note(["network", "rm", name])
        try docker(["network", "create", name])
        return name
    }

    /// Has the docker client do something behind Gantry's back.
    @discardableResult
    func docker(_ words: [String], expecting status: Int32? = 0) throws -> String {
        try TestEngine.docker(words, expecting: status)
    }

    /// What the Engine says of a container, for example `{{.State.Status}}`.
    func engineSays(_ format: String, of container: String) throws -> String {
        try docker(["inspect", "--format", format, container])
    }

    // MARK: The person's side

    /// Opens Gantry on the test's Engine and waits until the containers are there.
    func open(
        _ size: Tmux.Size = .small, _ arguments: [String] = [], _ environment: [String: String?] = [:],
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        try launch(size, ["-H", TestEngine.address ?? ""] + arguments, environment)
        try await expectScreen(contains: "1 Containers", at: location)
        try await expect("the list of containers", at: location) {
            !$0.containers.isEmpty || $0.text.contains("No containers.")
        }
    }

    /// Starts the program in a terminal of its own and waits for nothing. A variable that is nil is not set.
    func launch(_ size: Tmux.Size = .small, _ arguments: [String], _ environment: [String: String?] = [:]) throws {
        try terminal.open(size, Self.words(arguments, environment))
    }

    /// Opens a shell, as a person has before and after Gantry.
    func openShell(_ size: Tmux.Size = .small, at location: SourceLocation = #_sourceLocation) async throws {
        try terminal.open(size, ["env", "PS1=prompt> ", "ENV=", "LANG=C.UTF-8", "sh", "-i"])
        try await expectScreen(contains: "prompt>", at: location)
    }

    /// The line that starts Gantry from a shell.
    static func line(_ arguments: [String]? = nil, _ environment: [String: String?] = [:]) -> String {
        words(arguments ?? ["-H", TestEngine.address ?? ""], environment).map(\.quoted).joined(separator: " ")
    }

    /// A home that no other run of Gantry has; it goes when the tests end.
    static func home() -> String { "\(homes)/\(UUID().uuidString)" }

    /// What is remembered by somebody for whom it is not the first start.
    static let seenTour = #"{"hasSeenTour": true}"#

    /// Writes what Gantry remembers into a home.
    static func remember(_ text: String, at home: String) {
        try? FileManager.default.createDirectory(atPath: home + "/state/gantry", withIntermediateDirectories: true)
        try? text.write(toFile: home + "/state/gantry/state.json", atomically: true, encoding: .utf8)
    }

    private static let homes: String = {
        atexit { try? FileManager.default.removeItem(atPath: Session.homesPath) }
        return homesPath
    }()

    /// As long in every run, unlike the id of a process: what is broken into lines breaks at the same places.
    private static let homesPath = "\(NSTemporaryDirectory())gantry-homes-\(UUID().uuidString.prefix(8))"

    private static func words(_ arguments: [String], _ environment: [String: String?]) -> [String] {
        var variables: [String: String?] = ["LANG": "C.UTF-8"]
        for name in ["LC_ALL", "LC_CTYPE", "NO_COLOR", "DOCKER_HOST", "COLORTERM"] { variables[name] = .some(nil) }
        // Nothing of the person's own, and nothing that another story has left.
        let home = home()
        variables["XDG_CONFIG_HOME"] = home + "/config"
        variables["XDG_STATE_HOME"] = home + "/state"
        remember(seenTour, at: home)
        variables.merge(environment) { $1 }
        let unset = variables.filter { $0.value == nil }.keys.sorted().flatMap { ["-u", $0] }
        let set = variables.compactMap { name, value in value.map { "\(name)=\($0)" } }.sorted()
        return ["env"] + unset + set + [TestEngine.program ?? "gantry"] + arguments
    }

    /// Presses keys one after the other: `j`, `ctrl-k`, `right`, `esc`, `pgup` …
    func press(_ keys: String...) async throws {
        for key in keys {
            if key.count == 1 {
                try terminal.type(key)
                continue
            }
            let names = [
                "esc": "Escape", "enter": "Enter", "left": "Left", "right": "Right", "up": "Up", "down": "Down",
                "pgup": "PPage", "pgdn": "NPage", "tab": "Tab", "shift-tab": "BTab", "space": "Space",
                "home": "Home", "end": "End", "backspace": "BSpace",
            ]
            try terminal.send(keys: [names[key] ?? key.replacingOccurrences(of: "ctrl-", with: "C-")])
            // A key right after it would mean Alt with that key, as for a person.
            if key == "esc" { try await Task.sleep(for: .milliseconds(80)) }
        }
    }

    /// Types text, and Enter after it when it is a command for a shell.
    func type(_ text: String, enter: Bool = false) throws {
        try terminal.type(text)
        if enter { try terminal.send(keys: ["Enter"]) }
    }

    func resize(_ width: Int, _ height: Int) throws { try terminal.resize(.init(width: width, height: height)) }

    /// Moves the selection to a container.
    func select(_ name: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect(row: name, at: location)
        for _ in 0..<50 {
            let rows = try screen().containers
            guard let here = rows.firstIndex(where: \.isSelected),
                let there = rows.firstIndex(where: { $0.name == name })
            else { break }
            if here == there { break }
            let before = rows[here].name
            try await press(here < there ? "j" : "k")
            try await expect("the selection to leave \(before)", at: location) {
                $0.containers.first(where: \.isSelected)?.name != before
            }
        }
        try await expect(selected: name, at: location)
    }

    /// The process that the terminal runs.
    func processID() throws -> String { try terminal.value("#{pane_pid}") }

    func screen() throws -> Screen { Screen(lines: try terminal.capture()) }

    // MARK: What is to be seen

    /// Waits until the screen is as described.
    func expect(
        _ what: String, within limit: Duration = Session.limit, at location: SourceLocation = #_sourceLocation,
        _ holds: (Screen) throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        var screen = try screen()
        while try !holds(screen) {
            guard ContinuousClock.now < end else {
                try #require(
                    Bool(false), "expected \(what), but the screen was:\n\(screen.text)", sourceLocation: location)
                return
            }
            try await Task.sleep(for: Self.poll)
            screen = try self.screen()
        }
    }

    /// A container's row, with a text in it, with a mark before it.
    func expect(
        row name: String, contains text: String = "", mark: String? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let what = [mark, "a row \(name)", text.isEmpty ? nil : "with “\(text)”"].compactMap { $0 }
        try await expect(what.joined(separator: " "), at: location) { screen in
            screen.containers.contains {
                $0.name == name && $0.says(text) && (mark == nil || $0.mark == mark)
            }
        }
    }

    /// No container of that name in the list any more.
    func expectNoRow(_ name: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("no row \(name)", at: location) { screen in !screen.containers.contains { $0.name == name } }
    }

    /// The selected container.
    func expect(selected name: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("\(name) to be selected", at: location) {
            $0.containers.first(where: \.isSelected)?.name == name
        }
    }

    /// A row of a list other than the containers'.
    func expect(
        row name: String, under titles: [String], contains text: String = "",
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        try await expect("a row \(name) with “\(text)” under \(titles)", at: location) { screen in
            screen.rows(titles).contains { $0.name == name && $0.says(text) }
        }
    }

    func expectScreen(contains text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("“\(text)”", at: location) { $0.text.contains(text) }
    }

    /// A text on the screen, whatever line breaks and frames are in it.
    func expectScreen(saying text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("“\(text)”", at: location) { screen in
            let words = screen.text.split { " \n│|".contains($0) }.joined(separator: " ")
            return words.contains(text)
        }
    }

    /// A text that was there goes away.
    func expectGone(_ text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("“\(text)” to be gone", at: location) { !$0.text.contains(text) }
    }

    /// A question is asked that says all of this.
    func expectQuestion(containing texts: String..., at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("a question with \(texts)", at: location) { screen in
            guard let question = screen.question else { return false }
            return texts.allSatisfy { question.contains($0) }
        }
    }

    func expectNoQuestion(at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("no question", at: location) { $0.question == nil }
    }

    func expectFlash(containing text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("the flash line to say “\(text)”", at: location) { $0.flash.contains(text) }
    }

    /// What the Engine says becomes true: the outcome, not only its picture.
    func expectEngine(
        says value: String, for format: String, of container: String, at location: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectEngine("\(value) for \(format)", at: location) {
            try engineSays(format, of: container) == value
        }
    }

    /// Something becomes true at the Engine, before Gantry is opened or beside it.
    func expectEngine(
        _ what: String, at location: SourceLocation = #_sourceLocation, _ holds: () throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + Self.limit
        while try !holds() {
            try #require(ContinuousClock.now < end, "expected at the Engine: \(what)", sourceLocation: location)
            try await Task.sleep(for: Self.poll)
        }
    }

    /// The program has ended although its terminal is gone.
    func expectEnded(process: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expectEngine("process \(process) to have ended", at: location) {
            !FileManager.default.fileExists(atPath: "/proc/\(process)")
        }
    }

    /// The program that was opened without a shell ends, with an exit status or by a signal.
    func expectEnded(
        status: Int? = nil, signal: Int? = nil, at location: SourceLocation = #_sourceLocation
    ) async throws {
        var ending = ""
        try await expect("the program to end", at: location) { _ in
            ending = try terminal.value("#{pane_dead} #{pane_dead_status} #{pane_dead_signal}")
            if ending.hasPrefix("1 "), ending.trimmed == "1" {
                // The terminal is closed, but tmux does not know how the program ended: 3.3 now and then sleeps over
                // the signal that its child is a zombie, until somebody wakes it.
                try send(signal: "CHLD", to: terminal.value("#{pid}"))
                return false
            }
            return ending.hasPrefix("1 ")
        }
        let expected = "1 \(status.map(String.init) ?? "") \(signal.map(String.init) ?? "")"
        #expect(ending == expected, sourceLocation: location)
    }

    /// The terminal is the shell's again: what was there before, the cursor, the echo, no mouse, no leftovers.
    func expectTerminalGivenBack(at location: SourceLocation = #_sourceLocation) async throws {
        let word = String.suffix()
        try type("echo \"given\"-\"\(word)\"", enter: true)
        try await expectScreen(contains: "given-\(word)", at: location)
        try await expectScreen(contains: "echo \"given\"-\"\(word)\"", at: location)
        let flags = "#{alternate_on}#{mouse_any_flag}#{keypad_cursor_flag}#{keypad_flag} #{cursor_flag}#{wrap_flag}"
        #expect(try terminal.value(flags) == "0000 11", sourceLocation: location)
    }
}

/// What is to be removed from the Engine, newest first.
private final class Made: @unchecked Sendable {
    private let lock = NSLock()
    private var commands: [[String]] = []

    func note(_ command: [String]) { lock.withLock { commands.append(command) } }

    func remove() {
        for command in lock.withLock({ commands }).reversed() {
            _ = try? TestEngine.docker(command, expecting: nil)
        }
    }
}
