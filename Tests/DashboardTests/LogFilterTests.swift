import EngineAPI
import Terminal
import Testing

@testable import Dashboard

/// Showing only some lines of a log.
@Suite struct LogFilterTests {
    private func bench() -> Bench { .inLog((0..<100).map { "line \($0)" }) }

    @Test func onlyLinesThatMatchAreShownWhileOneTypes() {
        var bench = bench()
        bench.press("&")
        bench.type("7")
        #expect(bench.prompt?.label == "&")
        #expect(bench.body.suffix(3) == [" line 79", " line 87", " line 97"])
        #expect(bench.screen.contains("19 of 100 lines"))
        bench.type("7")
        #expect(bench.body == [" line 77"])
        #expect(bench.screen.contains("1 of 100 lines"))
        bench.press("enter")
        #expect(bench.prompt == nil)
        #expect(bench.note.contains("&77 1 of 100"))
        bench.press("esc")
        #expect(bench.body.last == " line 99")
        #expect(bench.note.contains("100 lines"))
    }

    @Test func aFilterThatHidesAllSaysSo() {
        var bench = bench()
        bench.press("&")
        bench.press("n", "o", "p")
        #expect(bench.body.first?.hasSuffix("Looking …") == true)
        bench.scan()
        #expect(bench.body.joined(separator: " ").contains("The filter “nop” hides all 100 lines."))
        #expect(bench.body.joined(separator: " ").contains("Esc shows them, & changes it."))
        bench.press("enter")
        #expect(bench.note.contains("&nop 0 of 100"))
        bench.press("esc")
        #expect(bench.body.last == " line 99")
    }

    @Test func invertedAndWithContext() {
        var bench = bench()
        bench.press("&")
        bench.type("line 5")
        bench.press("ctrl-n")
        bench.scan()
        #expect(bench.prompt?.label == "& without: ")
        #expect(bench.shown?.shownCount == 89)
        #expect(!bench.held.enumerated().contains { $1.hasPrefix("line 5") && bench.shown?.line(atMost: $0) == $0 })
        bench.press("ctrl-n", "ctrl-u")
        bench.type("line 50")
        #expect(bench.body == [" line 50"])
        for (context, lines) in [(1, 49...51), (3, 47...53), (10, 40...60), (0, 50...50)] {
            bench.press("ctrl-o")
            #expect(bench.prompt?.context == context)
            #expect(bench.screen.contains("context \(context)"))
            let expected = lines.map { " line \($0)" }
            #expect(bench.body == Array(expected.suffix(bench.state.layout.body.height)))
            // Those around are not counted.
            #expect(bench.shown?.shownCount == 1)
        }
    }

    @Test func theFilterIsChangedFromWhatItIs() {
        var bench = bench()
        bench.press("&", "ctrl-r")
        bench.type("^line [0-9]$")
        bench.press("ctrl-n", "ctrl-o", "enter", "&")
        #expect(bench.prompt?.text == "^line [0-9]$")
        #expect(bench.prompt?.isRegex == true)
        #expect(bench.prompt?.isInverted == true)
        #expect(bench.prompt?.context == 1)
        #expect(bench.prompt?.label == "& without regex: ")
        bench.press("ctrl-n", "ctrl-o", "ctrl-o", "ctrl-o")
        bench.scan()
        #expect(bench.body == (0...9).map { " line \($0)" })
        // Esc: as it was before.
        bench.press("esc")
        bench.scan()
        #expect(bench.shown?.filter?.matches.isInverted == true)
        #expect(bench.shown?.filter?.context == 1)
        #expect(bench.shown?.shownCount == 90)
        bench.press("&", "ctrl-u", "enter")
        #expect(bench.shown?.filter == nil)
    }

    @Test func aWrongExpressionIsNamedAndNotTaken() {
        var bench = bench()
        bench.press("&", "ctrl-r")
        bench.type("line 9[")
        #expect(bench.prompt?.error == "Invalid regular expression")
        bench.press("enter")
        #expect(bench.prompt != nil)
        // What was right last is what is shown.
        #expect(bench.shown?.filter?.matches.pattern.text == "line 9")
        bench.type("78]")
        bench.press("enter")
        #expect(bench.body == [" line 97", " line 98"])
    }

    @Test func linesThatArriveAreFiltered() {
        var bench = bench()
        bench.press("&")
        bench.type("99")
        bench.press("enter")
        bench.lines("web", ["no", "line 199"], from: 200)
        // Not before it has been looked at.
        #expect(bench.body == [" line 99"])
        bench.scan()
        #expect(bench.body == [" line 99", " line 199"])
        #expect(bench.note.contains("&99 2 of 102"))
    }

    @Test func oneMovesAmongTheShownLinesOnly() {
        var bench = bench()
        bench.press("&")
        bench.type("7")
        bench.press("enter", "k", "k")
        #expect(bench.body.last == " line 79")
        bench.press("j")
        #expect(bench.body.last == " line 87")
        bench.press("j")
        #expect(bench.shown?.following == true)
        bench.press("g")
        #expect(bench.body[1] == " line 7")
        #expect(bench.body[2] == " line 17")
    }

    @Test func anEscapeInTheLogEndsOneModeAtATime() {
        var bench = bench()
        bench.press("&")
        bench.type("7")
        bench.press("enter", "/")
        bench.type("1")
        bench.press("enter", "v")
        #expect(bench.shown?.selection != nil)
        bench.press("esc")
        #expect(bench.shown?.selection == nil)
        #expect(bench.shown?.filter != nil)
        bench.press("esc")
        #expect(bench.shown?.filter == nil)
        #expect(bench.shown?.search != nil)
        bench.press("esc")
        #expect(bench.shown?.search == nil)
        #expect(bench.state.focus == .detail)
    }

    @Test func whatIsNotSeenIsNotFound() {
        var bench = Bench.inLog(["\u{1B}[31mred\u{1B}[0m", "plain", "31m"])
        bench.press("&")
        bench.type("31m")
        #expect(bench.body == [" 31m"])
        bench.press("ctrl-u")
        bench.type("red")
        #expect(bench.body == [" red"])
    }

    @Test func aPatternWithSequencesDoesNoHarm() {
        var bench = bench()
        bench.press("&")
        bench.send(.paste("\u{1B}[2J\u{202E}x"))
        bench.scan()
        #expect(bench.frame.forbiddenScalars().isEmpty)
        #expect(bench.body.joined(separator: " ").contains("hides all 100 lines"))
    }
}
