import Foundation
import Testing

extension Session {
    /// Starts Gantry from the shell and waits for its containers; the shell tells the exit status afterwards.
    func startFromShell(
        _ environment: [String: String?] = [:], expecting row: String, at location: SourceLocation = #_sourceLocation
    ) async throws {
        try type("\(Session.line(nil, environment)); echo \"status=$?\"", enter: true)
        try await expect(row: row, at: location)
    }

    /// The process of Gantry under the shell of the terminal.
    func childOfShell() throws -> String {
        let shell = try processID()
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }.first {
            let stat = (try? String(contentsOfFile: "/proc/\($0)/stat", encoding: .utf8)) ?? ""
            // The name, in parentheses, may hold anything; after it come the state and the parent.
            return stat.split(separator: ")").last?.split(separator: " ").dropFirst().first.map(String.init) == shell
        } ?? ""
    }
}

extension Stories {
    /// What a program owes to the terminal that it was lent.
    @Suite struct Terminal {
        @Test("q gives the terminal back: the shell's screen, cursor, echo and settings", arguments: ["q", "ctrl-c"])
        func quit(key: String) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.openShell()
            try session.type("stty -g >/tmp/$$.before; echo was here before", enter: true)
            try await session.expectScreen(contains: "was here before")
            try await session.startFromShell(expecting: web)
            try await session.expectGone("was here before")
            try await session.press(key)
            try await session.expectScreen(contains: "status=0")
            try await session.expectScreen(contains: "was here before")
            try await session.expectTerminalGivenBack()
            try session.type("stty -g | cmp - /tmp/$$.before && echo same settings; rm /tmp/$$.before", enter: true)
            try await session.expect("the same settings") { $0.lines.contains("same settings") }
        }

        @Test("A signal that ends it gives the terminal back", arguments: ["TERM", "INT", "HUP", "SEGV", "ABRT"])
        func endingSignals(signal: String) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.openShell()
            try session.type("echo was here before", enter: true)
            try await session.expectScreen(contains: "was here before")
            try await session.startFromShell(expecting: web)
            try send(signal: signal, to: session.childOfShell())
            try await session.expectScreen(contains: "status=")
            try await session.expectScreen(contains: "was here before")
            try await session.expectTerminalGivenBack()
            if ["SEGV", "ABRT"].contains(signal) {
                try await session.expectScreen(contains: "gantry crashed")
            }
        }

        @Test("Ctrl-Z stops it with the terminal given back; fg goes on where it was", arguments: ["ctrl-z", "TSTP"])
        func stopAndContinue(how: String) async throws {
            let session = Session()
            let web = try session.container("web")
            let other = try session.container("other")
            try await session.openShell()
            try session.type("echo was here before", enter: true)
            try await session.startFromShell(expecting: web)
            try await session.select(web)
            if how == "ctrl-z" {
                try await session.press("ctrl-z")
            } else {
                try send(signal: "TSTP", to: session.childOfShell())
            }
            try await session.expectScreen(contains: "was here before")
            try await session.expectTerminalGivenBack()
            try session.docker(["kill", other])
            try session.type("fg", enter: true)
            try await session.expect(row: other, contains: "Exited (137)")
            try await session.expect(selected: web)
            try await session.press("k")
            try await session.expect(selected: other)
            try await session.press("q")
            try await session.expectScreen(contains: "prompt>")
            try await session.expectTerminalGivenBack()
        }

        @Test("When the terminal is gone the program ends, and does not spin")
        func terminalGone() async throws {
            let session = Session()
            try session.container("web")
            try await session.open()
            let process = try session.processID()
            session.terminal.close()
            try await session.expectEnded(process: process)
        }

        @Test("Code that only the start needed leaves the memory again, and all still works")
        func unusedCode() async throws {
            let session = Session()
            try session.launch(.small, ["--demo"])
            try await session.expect(row: "shop-db-1", contains: "Up ")
            let process = try session.processID()
            /// Kilobytes of code that are mapped.
            func code() throws -> Int {
                var (isCode, sum) = (false, 0)
                for line in try String(contentsOfFile: "/proc/\(process)/smaps", encoding: .utf8).split(separator: "\n")
                {
                    let words = line.split(separator: " ")
                    if words.count > 1, words[1].count == 4, words[1].hasSuffix("p") { isCode = words[1] == "r-xp" }
                    if isCode, words.first == "Rss:" { sum += Int(words[1]) ?? 0 }
                }
                return sum
            }
            var most = 0
            try await session.expectEngine("less code than at first") {
                let now = try code()
                most = max(most, now)
                return now > 0 && now < most * 9 / 10
            }
            try await session.press("?")
            try await session.expectScreen(contains: "Here and now: Containers")
            try await session.press("esc", "q")
            try await session.expectEnded(status: 0)
        }

        @Test("When the shell is gone that had it stopped in the background, it ends too")
        func shellGone() async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.openShell()
            try await session.startFromShell(expecting: web)
            let process = try session.childOfShell()
            try send(signal: "KILL", to: session.processID())
            try await session.expectEnded(process: process)
        }

        @Test("The terminal is resized, to nearly nothing and back, and the selection stays")
        func resize() async throws {
            let session = Session()
            try session.container("api")
            let web = try session.container("web", runs: "echo hello; while :; do sleep 1; done")
            try session.container("worker")
            try await session.open()
            try await session.select(web)
            try await session.expect(line: "hello")
            try session.resize(200, 50)
            try await session.expectScreen(contains: "DISK R W")
            try await session.expect(selected: web)
            try await session.expect(line: "hello")
            try session.resize(40, 10)
            try await session.expectGone("DISK R W")
            try await session.expect(selected: web)
            try session.resize(30, 8)
            try await session.expectScreen(contains: "needs 40x10")
            try session.resize(80, 24)
            try await session.expect(selected: web)
            try await session.expect(line: "hello")
            try await session.expect("nothing wider than the screen, and keys in its last line") { screen in
                screen.lines.count == 24 && screen.keys.contains("? help")
            }
        }

        @Test("A terminal that nobody knows is used like an xterm, and one is told", arguments: ["foo-bar", nil])
        func unknownTerminal(type: String?) async throws {
            let session = Session()
            let web = try session.container("web")
            try await session.open(.small, [], ["TERM": type])
            try await session.expect(row: web, contains: "Up ")
            try await session.expectScreen(contains: type.map { "TERM=\($0) is not known here" } ?? "TERM is not set")
            try await session.press("q")
            try await session.expectEnded(status: 0)
        }

        @Test("A terminal that cannot place its cursor is refused in plain words")
        func dumbTerminal() async throws {
            let session = Session()
            try await session.openShell()
            try session.type(Session.line(nil, ["TERM": "dumb"]) + "; echo \"status=$?\"", enter: true)
            try await session.expectScreen(saying: "cannot draw a full screen")
            try await session.expectScreen(contains: "status=1")
        }

        @Test("NO_COLOR: not one colour, and still every state and the selection can be told")
        func noColour() async throws {
            let session = Session()
            let ended = try session.container("ended", runs: "exit 3")
            let web = try session.container("web", runs: #"printf '\033[31mred\033[0m\n'; while :; do sleep 1; done"#)
            try await session.open(.small, [], ["NO_COLOR": "1"])
            try await session.select(web)
            try await session.expect(row: ended, contains: "Exited (3)", mark: "✕")
            try await session.expect(line: "red")
            let colours = try session.terminal.capture(styles: true).joined(separator: "\n").colours
            #expect(colours.isEmpty)
        }

        @Test(
            "Whatever terminal it is, all can be read and told apart, with the colours that it has",
            arguments: [
                ("xterm-256color", 256), ("screen-256color", 256), ("tmux-256color", 256), ("linux", 8), ("vt100", 0),
                ("xterm-mono", 0),
            ])
        func terminals(type: String, colours: Int) async throws {
            let session = Session()
            let ended = try session.container("ended", runs: "exit 3")
            let web = try session.container("web")
            try await session.open(.small, [], ["TERM": type])
            try await session.select(web)
            try await session.expect(row: web, contains: "Up ", mark: "●")
            try await session.expect(row: ended, contains: "Exited (3)", mark: "✕")
            let shown = try session.terminal.capture(styles: true).joined(separator: "\n").colours
            switch colours {
            case 0: #expect(shown.isEmpty)
            case 8: #expect(!shown.isEmpty && shown.allSatisfy { $0 % 10 < 8 })
            default: #expect(shown.contains(38))
            }
            try await session.press("K")
            try await session.expectQuestion(containing: "Kill \(web)?", "docker kill")
            try await session.press("esc")
            try await session.expectNoQuestion()
            try await session.press("Y")
            if colours == 0 {
                try await session.expectFlash(containing: "this terminal shows no colours")
            } else {
                try await session.expectScreen(contains: "solarized-dark")
                try await session.press("esc")
            }
            try await session.press("q")
            try await session.expectEnded(status: 0)
        }

        @Test("With sixteen colours it is drawn with those, and not with eight", arguments: ["dark", "nord", "light"])
        func sixteenColours(theme: String) async throws {
            let session = Session()
            let folder = FileManager.default.temporaryDirectory.path + "/" + session.name("gantry-terminfo")
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // Not every machine knows such a terminal.
            let entry = #"""
                gantry-16|a terminal with sixteen colours,
                  colors#16, pairs#256,
                  setaf=\E[%?%p1%{8}%<%t%p1%{30}%+%e%p1%{82}%+%;%dm,
                  setab=\E[%?%p1%{8}%<%t%p1%{40}%+%e%p1%{92}%+%;%dm,
                  use=xterm-256color,
                """#
            try Data("\(entry)\n".utf8)
                .write(to: URL(fileURLWithPath: folder + "/entry"))
            _ = try run(["tic", "-o", folder, folder + "/entry"])
            try session.launch(.small, ["--demo", "--theme", theme], ["TERM": "gantry-16", "TERMINFO": folder])
            try await session.expect(row: "shop-gateway-1", contains: "Up ", mark: "●")
            let shown = Set(try session.terminal.capture(styles: true).joined(separator: "\n").colours)
            #expect(shown.contains { $0 >= 90 } && shown.contains { $0 < 90 })
            #expect(shown.isDisjoint(with: [38, 48]))
        }

        @Test("A theme of one's own is found, its mistakes are named, and the menu shows others as one moves")
        func ownTheme() async throws {
            let session = Session()
            let folder = FileManager.default.temporaryDirectory.path + "/" + session.name("gantry-themes")
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(
                atPath: folder + "/gantry/themes", withIntermediateDirectories: true)
            try Data("base: nord\nscreen: \"on #00005f\"\nkey: loud\n".utf8)
                .write(to: URL(fileURLWithPath: folder + "/gantry/themes/mine.yaml"))
            func isPainted(_ index: Int) throws -> Bool {
                try session.terminal.capture(styles: true).joined().contains("48;5;\(index)m")
            }
            let web = try session.container("web")
            try await session.open(.large, ["--theme", "mine"], ["XDG_CONFIG_HOME": folder])
            try await session.expect(row: web, contains: "Up ")
            try await session.expectFlash(containing: "mine.yaml, line 3: “loud” is no style")
            #expect(try isPainted(17))
            try await session.press("Y")
            try await session.expectScreen(contains: "1 mistake")
            try await session.press("up", "up")
            try await session.expect("Solarized's light background") { _ in try isPainted(230) }
            try await session.press("esc")
            try await session.expect("my own background again") { _ in try isPainted(17) }
            try await session.press("q")
            try await session.expectEnded(status: 0)
        }

        @Test("Names in other scripts, of emoji and with combining marks, do not shift what stands beside them")
        func namesInOtherScripts() async throws {
            let session = Session()
            // The Engine takes only ASCII for the names of containers; not so for networks, labels and what is run.
            let network = try session.network("网络-شبكة-👩‍🚀-e\u{301}")
            let web = try session.container(
                "web", runs: "echo '数据库 ready'; while :; do sleep 1; done",
                ["--network", network, "--label", "com.docker.compose.project=世界-проект", "-e", "名前=値"])
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.expect(line: "数据库 ready")
            for pane in ["4", "5", "1"] {
                try await session.press(pane)
                if pane == "4" { try await session.expectScreen(contains: "网络-") }
                try await session.expect("an unbroken right edge") { screen in
                    screen.lines[2..<44].allSatisfy { $0.hasSuffix("│") || $0.hasSuffix("╯") || $0.hasSuffix("╮") }
                }
            }
        }

        @Test("With colours there are some")
        func colour() async throws {
            let session = Session()
            let web = try session.container("web", runs: #"printf '\033[31mred\033[0m\n'; while :; do sleep 1; done"#)
            try await session.open()
            try await session.expect(row: web, contains: "Up ")
            try await session.expect(line: "red")
            let colours = try session.terminal.capture(styles: true).joined(separator: "\n").colours
            #expect(!colours.isEmpty)
        }

        @Test("LANG=C: nothing but ASCII is drawn, and a log in another script does no harm", arguments: Tmux.Size.both)
        func ascii(size: Tmux.Size) async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "echo 'grüße 世界 👩‍🚀'; echo after; while :; do sleep 1; done")
            try await session.open(size, [], ["LANG": "C"])
            try await session.expect(row: web, contains: "Up ")
            try await session.expectScreen(contains: "after")
            try await session.press("K")
            try await session.expectScreen(contains: "docker kill \(web)")
            #expect(try session.screen().text.unicodeScalars.allSatisfy(\.isASCII))
            try await session.press("esc", "c")
            try await session.expectScreen(contains: "CPU")
            #expect(try session.screen().text.unicodeScalars.allSatisfy(\.isASCII))
        }

        @Test("Wide letters and combined ones do not shift what stands beside them")
        func wideText() async throws {
            let session = Session()
            let web = try session.container(
                "web", runs: "for i in 1 2 3; do echo '世界 👩‍🚀 e\u{301} grüße ｗｉｄｅ'; done; while :; do sleep 1; done")
            try await session.open(.large)
            try await session.expect(row: web, contains: "Up ")
            try await session.expectScreen(contains: "grüße")
            // tmux pads a wide letter's second column with nothing: the box's right edge is where columns end.
            try await session.expect("an unbroken right edge") { screen in
                screen.lines[2..<46].allSatisfy { $0.hasSuffix("│") }
            }
        }

        @Test("Labels and logs with escape sequences: nothing of them acts, all of them can be read")
        func hostileText() async throws {
            let session = Session()
            let evil = #"\033]0;TITLE-TAKEN\007\033]2;TITLE-TAKEN\033\\\033[2J\033[H\033[5;5HMOVED\033[?1049l\033[?25h"#
            let more = #"\007\007\033c\033(0\033[?1000l\033]52;c;ZXZpbA==\007 end\nover\r\b\b\b\x9b2J\302\2332J\n"#
            let web = try session.container(
                "web",
                runs: "echo first; printf 'begin \(evil)\(more)'; printf '\\033[7mreverse\\033[0m\\n'; echo last; "
                    + "while :; do sleep 1; done",
                ["--label", "evil=\u{1B}]0;TITLE-TAKEN\u{7}\u{1B}[2J\u{1B}[HLABEL\u{7}"])
            try await session.open(.large)
            let title = try session.terminal.value("#{pane_title}")
            let flags = "#{alternate_on} #{cursor_flag} #{mouse_any_flag}"
            let state = try session.terminal.value(flags)
            try await session.expect(row: web, contains: "Up ")
            try await session.expect(line: "first")
            try await session.expect(line: "last")
            try await session.expect(line: "begin MOVED␇␇ end")
            try await session.press("i")
            try await session.expectScreen(contains: "\"Id\":")
            try await session.press("G", "ctrl-u")
            try await session.expectScreen(contains: "\"evil\":")
            try await session.press("2", "4", "1")
            try await session.expect(selected: web)
            // The frame is whole: it begins with the header, and no line of it was cleared or moved.
            try await session.expect("a whole screen") { screen in
                screen.header.contains("API") && screen.lines[1].hasPrefix("╭") && screen.keys.contains("? help")
            }
            #expect(try session.terminal.value("#{pane_title}") == title)
            #expect(try session.terminal.value(flags) == state)
            #expect(try session.terminal.value("#{window_bell_flag}") == "0")
            let sequences = try session.terminal.capture(styles: true).joined(separator: "\n").sequences
            // Styles, and tmux's own way to draw lines; nothing else can be on a screen.
            #expect(sequences.allSatisfy { $0.hasSuffix("m") && $0.hasPrefix("\u{1B}[") })
        }
    }
}

extension String {
    /// All escape sequences, as far as their final letter.
    fileprivate var sequences: [String] {
        matches(of: /\u{1B}(\[[0-9;:?]*.|.)/).map { String($0.output.0) }
    }

    /// The numbers of all styles that are colours.
    fileprivate var colours: [Int] {
        sequences.flatMap { $0.dropFirst(2).dropLast().split { ";:".contains($0) }.compactMap { Int($0) } }
            .filter { (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0) }
    }
}
