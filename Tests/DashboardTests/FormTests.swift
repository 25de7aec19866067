import EngineAPI
import Terminal
import Testing

@testable import Dashboard

@Suite struct TextLineTests {
    private func typed(_ text: String, _ keys: Key...) -> TextLine {
        var line = TextLine(text)
        for key in keys { _ = line.handle(key) }
        return line
    }

    @Test func editsInTheMiddle() {
        #expect(typed("abc", .left, .character("X")).text == "abXc")
        #expect(typed("abc", .home, .character("X"), .end, .character("Y")).text == "XabcY")
        #expect(typed("abc", .left, .left, .backspace).text == "bc")
        #expect(typed("abc", .home, .delete).text == "bc")
        #expect(typed("abc", .home, .backspace, .end, .delete).text == "abc")
        #expect(typed("one two  ", .ctrl("w")).text == "one ")
        #expect(typed("one two", .left, .left, .left, .ctrl("u")).text == "two")
        #expect(typed("one two", .home, .ctrl("k")).text.isEmpty)
        #expect(typed("a", .left, .left, .right, .right, .right, .character("b")).text == "ab")
    }

    @Test func aMarkJoinsTheLetterBeforeIt() {
        let line = typed("", .character("e"), .character("\u{301}"), .character("x"))
        #expect(line.text == "e\u{301}x")
        #expect(line.cursor == 2)
        #expect(typed("e\u{301}", .backspace).text.isEmpty)
    }

    @Test func whatIsPastedHasNoControls() {
        var line = TextLine()
        line.insert("a\u{1B}[31mb\nc\u{9B}d")
        #expect(line.text == "a[31mbcd")
    }

    @Test func aLineEndsSomewhere() {
        var line = TextLine(String(repeating: "x", count: TextLine.longest - 1))
        line.insert("yz")
        #expect(line.characters.count == TextLine.longest)
        #expect(line.text.hasSuffix("xy"))
        line.insert("y")
        #expect(line.characters.count == TextLine.longest)
    }

    @Test func theCursorIsAlwaysInTheWindow() {
        var random = SplitMix(seed: 3)
        let letters = Array("ab漢字🎉é\u{0}")
        for _ in 0..<2_000 {
            var line = TextLine(String((0..<random.below(30)).map { _ in letters[random.below(letters.count)] }))
            for _ in 0..<random.below(30) { _ = line.handle(.left) }
            let width = 3 + random.below(20)
            let (text, cursor) = line.window(width)
            #expect((0..<width).contains(cursor))
            #expect(line.text.isEmpty || !text.isEmpty)
        }
    }

    @Test func wideCharactersTakeTwoColumns() {
        #expect(TextLine("漢字").window(10).cursor == 4)
        let long = TextLine("漢字漢字漢字").window(7)
        #expect(long.text == "…漢字" && long.cursor == 5)
    }
}

@Suite struct FormTests {
    /// A form of every kind of field.
    private func bench(width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench.connected([.make("web"), .make("api")], width: width, height: height)
        bench.engine(.networks([NetworkSummary(id: "n1", name: "back"), NetworkSummary(id: "n2", name: "bridge")]))
        bench.state.open(
            Form(
                id: "test", title: "Test",
                fields: [
                    .init(id: "text", label: "text", hint: "nothing yet"),
                    .init(id: "lines", label: "lines", kind: .lines),
                    .init(id: "choice", label: "choice", kind: .choice(["a", "b", "c"])),
                    .init(id: "check", label: "check", kind: .check),
                    .init(id: "network", label: "network", completes: .networks),
                ], buttons: [.init(id: "ok", title: "do it", key: .ctrl("r"))],
                behaviour: .init(
                    check: { form, _ in
                        form.clearProblems()
                        if form["text"] == ["bad"] { form.say("that is bad", at: "text") }
                    }, command: { "docker test \($0["text"].joined())" },
                    press: { button, state in
                        state.tell(.note, "pressed \(button)")
                        return []
                    })))
        return bench
    }

    private func type(_ text: String, _ bench: inout Bench) {
        for character in text { bench.send(.key(.character(character))) }
    }

    @Test func typingMovingAndTheCommandThatGrows() {
        var bench = bench()
        type("ab c", &bench)
        #expect(bench.state.form?["text"] == ["ab c"])
        #expect(bench.screen.contains("docker test ab c"))
        bench.press("tab")
        type("1", &bench)
        bench.press("enter")
        type("2", &bench)
        bench.press("up", "end")
        type("x", &bench)
        #expect(bench.state.form?["lines"] == ["1x", "2"])
        bench.press("down", "down", "right", "right", "left")
        #expect(bench.state.form?["choice"] == ["b"])
        bench.press("down", "space")
        #expect(bench.state.form?["check"] == ["true"])
        bench.press("shift-tab", "shift-tab")
        #expect(bench.state.form?.focused?.id == "lines")
        bench.press("tab", "tab", "tab", "tab", "enter")
        #expect(bench.flash == "pressed ok")
        bench.press("tab")
        #expect(bench.state.form?.focused?.id == "text")
    }

    @Test func anErrorStandsAtTheFieldWhileTyping() {
        var bench = bench()
        type("bad", &bench)
        #expect(bench.screen.contains("✕ that is bad"))
        type("x", &bench)
        #expect(!bench.screen.contains("that is bad"))
    }

    @Test func linesAreMadeAndRemoved() {
        var bench = bench()
        bench.press("tab")
        type("1", &bench)
        bench.press("enter", "enter")
        // Enter in an empty line goes on to the next field.
        #expect(bench.state.form?.focused?.id == "choice")
        bench.press("up")
        #expect(bench.state.form?.line == 1)
        bench.press("backspace")
        #expect(bench.state.form?.lines(of: "lines") == ["1"])
        #expect(bench.state.form?.line == 0)
        bench.send(.paste("2\n3\t4\r\n5"))
        #expect(bench.state.form?["lines"] == ["12", "3 4", "5"])
    }

    @Test func aMegabyteCanBePasted() {
        var bench = Bench.connected([.make("web")])
        bench.press("R")
        let much = String(repeating: "docker run x\n", count: 1 << 16)
        bench.send(.paste(much))
        bench.press("ctrl-x")
        bench.state.replace(RunForm.focused(on: "ports"))
        for _ in 0..<2 { bench.send(.paste(String(repeating: "漢\n", count: 600))) }
        #expect(bench.state.form?["ports"].count == Form.mostLines)
        for field in bench.state.form?.fields ?? [] {
            #expect(field.lines.count <= Form.mostLines)
            #expect(field.lines.allSatisfy { $0.characters.count <= TextLine.longest })
        }
        _ = bench.frame
    }

    @Test func whatIsPastedIntoOneLineIsOneLine() {
        var bench = bench()
        bench.send(.paste("a\nb\u{1B}c"))
        #expect(bench.state.form?["text"] == ["a bc"])
    }

    @Test func whatThereIsCompletes() {
        var bench = bench()
        bench.press("tab", "tab", "tab", "tab")
        #expect(bench.screen.contains("back"))
        type("ba", &bench)
        bench.press("right")
        #expect(bench.state.form?["network"] == ["back"])
        bench.press("ctrl-u", "ctrl-n", "ctrl-n", "enter")
        #expect(bench.state.form?["network"] == ["bridge"])
        // In the middle of a text the arrow is only an arrow.
        bench.press("ctrl-u")
        type("ba", &bench)
        bench.press("left", "right")
        #expect(bench.state.form?["network"] == ["ba"])
        bench.press("ctrl-p", "right")
        #expect(bench.state.form?["network"] == ["back"])
    }

    @Test func escLeavesAndKeepsAndCtrlXEmpties() {
        var bench = bench()
        type("kept", &bench)
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.keptForms["test"]?["text"] == ["kept"])
        let kept = bench.state.keptForms["test"]!
        bench.state.open(kept)
        bench.press("ctrl-x")
        #expect(bench.state.form?["text"] == [])
    }

    @Test func wideCharactersAndTheCursor() {
        var bench = bench()
        type("漢字", &bench)
        bench.press("left")
        type("x", &bench)
        #expect(bench.state.form?["text"] == ["漢x字"])
        #expect(bench.screen.contains("漢x字"))
    }

    @Test(arguments: [(40, 10), (40, 12), (80, 24), (200, 50)])
    func theLineWithTheCursorIsOnTheScreen(_ width: Int, _ height: Int) {
        var bench = Bench.connected([.make("web")], width: width, height: height)
        bench.press("R")
        for _ in 0..<60 {
            let form = bench.state.form!
            let rows = FormLayer.rows(form, suggestions: form.suggestions(bench.state))
            let place = FormLayer.Place(form, rows: rows.count, bench.state.size)
            if form.focus < form.fields.count {
                let row = rows.firstIndex(of: .value(field: form.focus, line: form.line))!
                #expect((form.scroll..<form.scroll + place.fields.height).contains(row))
                #expect(bench.screen.contains(form.fields[form.focus].label.prefix(8)))
            }
            #expect(place.box.maxY <= height - 1)
            bench.press("down")
        }
    }

    @Test func anyKeysInAnyOrder() {
        var random = SplitMix(seed: 60)
        let pastes = [
            "docker run --name x -p 80:80 busybox", "docker run --foo x", "a\nb\nc", "\u{1B}[201~", "漢字🎉", "docker run",
        ]
        for _ in 0..<4 {
            var bench = Bench.connected([.make("web"), .make("api")])
            bench.press("R")
            for _ in 0..<400 {
                switch random.below(14) {
                case 0: bench.send(.paste(pastes[random.below(pastes.count)]))
                case 1: bench.send(.resized(Size(width: 30 + random.below(150), height: 8 + random.below(50))))
                case 2: bench.engine(.containers([.make("web"), .make("c\(random.below(9))")], asked: nil))
                default:
                    let effects = bench.send(.key(CommandTests.keys[random.below(CommandTests.keys.count)]))
                    for case .run(_, let number, let order) in effects {
                        #expect(!order.spec.image.isEmpty)
                        bench.engine(.ran(number, .init(failure: .creating(.badRequest("no")))))
                    }
                }
                bench.state.quitting = false
                if bench.state.layers.isEmpty { bench.press("R") }
                #expect(bench.frame.forbiddenScalars().isEmpty)
            }
        }
    }
}

extension RunForm {
    /// An empty one with the cursor in a field.
    fileprivate static func focused(on field: String) -> Form {
        var form = make()
        form.move(to: field)
        return form
    }
}
