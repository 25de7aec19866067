import Foundation
import Testing

extension Stories {
    /// The mouse, as the terminal reports it, and what the screen is arranged with.
    @Suite struct MouseAndLayout {
        private func open(_ size: Tmux.Size = .large) async throws -> Session {
            let session = Session()
            try session.launch(size, ["--demo"])
            try await session.expectScreen(contains: "shop-gateway-1")
            return session
        }

        @Test("The border between lists and details is dragged, and a key puts it back")
        func drag() async throws {
            let session = try await open()
            func border() throws -> Int? { try session.place(of: "╮╭")?.x }
            let before = try #require(try border())
            try session.mouse(0, before + 1, 5)
            for step in [3, 7, 12] { try session.mouse(32, before + 1 - step, 5 + step) }
            try session.mouse(0, before - 11, 17, released: true)
            try await session.expect("the border to have moved") { _ in try border() == before - 12 }
            // Where nothing is held, nothing moves.
            try session.mouse(32, before, 5)
            try await session.press("~")
            try await session.expect("the border to be back") { _ in try border() == before }
        }

        @Test("Lists that share a column are given more of it by the mouse and by a key")
        func shares() async throws {
            let session = Session()
            let home = try Home(settings: "accordion: false\n")
            try session.launch(.large, ["--demo"], home.variables.mapValues { $0 })
            try await session.expectScreen(contains: "shop-gateway-1")
            func top() throws -> Int? { try session.place(of: "╭ 3 Volumes")?.y }
            let before = try #require(try top())
            try session.mouse(0, 20, before)
            for step in 1...2 { try session.mouse(32, 20, before - step) }
            try session.mouse(0, 20, before - 2, released: true)
            try await session.expect("the border to have moved") { _ in try top() == before - 2 }
            try await session.press("{")
            try await session.expect("the border to have moved back by one") { _ in try top() == before - 1 }
            try await session.press("~")
            try await session.expect("the border to be back") { _ in try top() == before }
        }

        @Test(
            "The wheel moves in what is under it, and the second of two quick clicks opens", arguments: Tmux.Size.both)
        func wheelAndDoubleClick(size: Tmux.Size) async throws {
            let session = try await open(size)
            try await session.expect(selected: "shop-backup-1")
            let row = try #require(try session.place(of: "shop-db-1"))
            try session.mouse(65, row.x, row.y)
            try await session.expect(selected: "shop-cache-1")
            try session.mouse(64, row.x, row.y)
            try await session.expect(selected: "shop-backup-1")
            for _ in 1...2 { try session.click("shop-gateway-1") }
            try await session.expect(selected: "shop-gateway-1")
            try await session.expect("the keys of the log") { $0.keys.contains("/ search") }
            try await session.expect("a log that follows, and has more than is seen") {
                $0.logNote.contains(/following · [0-9,]{3,} lines/)
            }
            let tabs = try #require(try session.place(of: "Inspect"))
            try session.mouse(64, tabs.x, tabs.y + 4)
            try await session.expect("a log that does not follow") { !$0.logNote.contains("following") }
            try await session.expect(selected: "shop-gateway-1")
        }

        @Test("M leaves the mouse to the terminal, to select text, and takes it back")
        func released() async throws {
            let session = try await open()
            #expect(try session.terminal.value("#{mouse_any_flag}") == "1")
            try await session.press("M")
            try await session.expectFlash(containing: "M takes it back")
            #expect(try session.terminal.value("#{mouse_any_flag}") == "0")
            try await session.press("M")
            try await session.expectFlash(containing: "the mouse works in Gantry")
            #expect(try session.terminal.value("#{mouse_any_flag}") == "1")
        }

        @Test("A click on the title of a column sorts by it, and the next one the other way round")
        func titles() async throws {
            let session = try await open()
            try session.click("STATUS")
            try await session.expectScreen(contains: "STATUS▾")
            // Elsewhere in between: two clicks at one place are a double click.
            try session.click("shop-db-1")
            try await session.expectScreen(contains: "▌ ● shop-db-1")
            try session.click("STATUS▾")
            try await session.expectScreen(contains: "STATUS▴")
        }

        @Test("Tabs, hints and buttons are clicked, and the wheel scrolls a form")
        func buttons() async throws {
            let session = try await open(.small)
            try session.click("Inspect")
            try await session.expectScreen(contains: "\"Id\"")
            try await session.press("esc", "R")
            try await session.expectScreen(contains: "Run a container")
            try await session.expectScreen(contains: " 1–")
            try session.mouse(65, 40, 10)
            try await session.expectScreen(contains: " 4–")
            try await session.press("esc", "g", "d")
            try await session.expectQuestion(containing: "docker rm")
            try session.click("leave it")
            try await session.expectNoQuestion()
        }

        @Test("The layout changes by a key, and says when there is no room for it")
        func layouts() async throws {
            let session = try await open(.small)
            try await session.press("Z")
            try await session.expectScreen(contains: "╮╭")
            try session.resize(70, 24)
            try await session.expectGone("╮╭")
            try session.resize(100, 24)
            try await session.expectScreen(contains: "╮╭")
        }

        @Test("Columns are chosen, and stay when the screen changes")
        func columns() async throws {
            let session = try await open()
            try await session.press("V")
            try await session.expectScreen(contains: "Columns of containers")
            try session.click("[x] STATUS")
            try await session.expectScreen(contains: "[ ] STATUS")
            try await session.press("esc")
            try await session.expectGone("STATUS")
            try session.resize(80, 24)
            try await session.expectScreen(contains: "CPU %")
            let screen = try session.screen()
            #expect(!screen.text.contains("STATUS"))
        }

        @Test("The logs of several containers stand side by side, and one is zoomed")
        func wall() async throws {
            let session = try await open()
            try await session.select("shop-db-1")
            try await session.press("space", "space", "space", "ctrl-w")
            try await session.expectScreen(contains: "its own log")
            try await session.expect("three tiles") { screen in
                screen.lines.reduce(0) { $0 + $1.filter { $0 == "╭" }.count } == 3
            }
            try await session.expectScreen(contains: "following")
            try await session.press("tab", "enter")
            try await session.expect("one tile") { screen in
                screen.lines.reduce(0) { $0 + $1.filter { $0 == "╭" }.count } == 1
            }
            try await session.press("esc", "esc")
            try await session.expectScreen(contains: "Containers")
        }
    }
}

extension Session {
    /// A report of the mouse as terminals send it; places count from 0.
    fileprivate func mouse(_ button: Int, _ x: Int, _ y: Int, released: Bool = false) throws {
        try type("\u{1B}[<\(button);\(x + 1);\(y + 1)\(released ? "m" : "M")")
    }

    /// Where a text stands on the screen.
    fileprivate func place(of text: String) throws -> (x: Int, y: Int)? {
        for (y, line) in try screen().lines.enumerated() {
            if let range = line.range(of: text) { return (line[..<range.lowerBound].count, y) }
        }
        return nil
    }

    func click(_ text: String) throws {
        let place = try #require(try place(of: text), "“\(text)” is not on the screen")
        try mouse(0, place.x, place.y)
        try mouse(0, place.x, place.y, released: true)
    }
}
