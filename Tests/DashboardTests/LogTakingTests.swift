import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Selecting lines, copying them, saving them, and giving them to the pager.
@Suite struct LogTakingTests {
    private func bench(_ count: Int = 100) -> Bench { .inLog((0..<count).map { "line \($0)" }) }

    private func copied(_ effects: [Effect]) -> String? {
        for case .copy(let text) in effects { return text }
        return nil
    }

    private func saved(_ effects: [Effect]) -> (writing: LogWriting, path: String)? {
        for case .save(_, let writing, let path) in effects { return (writing, path) }
        return nil
    }

    // MARK: Selecting

    @Test func linesAreSelectedUpwardsAndDownwards() {
        var bench = bench()
        bench.press("v")
        #expect(bench.note.contains("1 line selected · y copies"))
        #expect(bench.shown?.following == false)
        bench.press("k", "k")
        #expect(bench.note.contains("3 lines selected"))
        #expect(bench.shown?.selection?.range == 97...99)
        bench.press("j")
        #expect(bench.shown?.selection?.range == 98...99)
        // The other way, over where it began.
        bench.press("v", "pgup", "v", "j", "j", "k", "k", "k")
        #expect(bench.shown?.selection.map { $0.anchor - $0.head } == 1)
        bench.press("G")
        #expect(bench.shown?.selection?.head == 99)
        bench.press("g")
        #expect(bench.shown?.selection?.range.lowerBound == 0)
        #expect(bench.body.contains { $0.hasSuffix("line 0") })
        bench.press("esc")
        #expect(bench.shown?.selection == nil)
        #expect(bench.state.focus == .detail)
    }

    @Test func theEndThatMovesStaysOnTheScreen() {
        var bench = bench()
        bench.press("v")
        for step in 1...60 {
            bench.press("k")
            #expect(bench.body.contains { $0.hasSuffix(" line \(99 - step)") || $0.hasSuffix("line \(99 - step)") })
        }
        for step in 1...60 {
            bench.press("j")
            #expect(bench.body.contains { $0.hasSuffix("line \(39 + step)") })
        }
        #expect(bench.shown?.selection?.range == 99...99)
    }

    @Test func whatIsSelectedIsMarkedAndStays() {
        var bench = bench()
        bench.press("v", "k")
        #expect(bench.body.suffix(2) == ["▌line 98", "▌line 99"])
        bench.lines("web", ["more"], from: 300)
        #expect(bench.body.suffix(2) == ["▌line 98", "▌line 99"])
        #expect(bench.shown?.selection?.range == 98...99)
    }

    @Test func nothingIsSelectedWhereNothingIs() {
        var bench = bench(0)
        bench.press("v")
        #expect(bench.flash == "there are no lines to select")
        #expect(bench.shown?.selection == nil)
    }

    // MARK: Copying

    @Test func theSelectedLinesAreCopied() {
        var bench = Bench.inLog(["one", "\u{1B}[31mtwo\u{1B}[0m", "thr\u{7}ee", "four"])
        bench.press("v", "k", "k", "k", "j")
        let text = copied(bench.press("y"))
        // As they are seen.
        #expect(text == "two\nthree\nfour")
        #expect(bench.flash == "3 lines sent to the terminal's clipboard")
        #expect(bench.shown?.selection == nil)
    }

    @Test func withoutASelectionTheScreenIsCopied() {
        var bench = bench()
        let height = bench.state.layout.body.height
        #expect(copied(bench.press("y")) == (100 - height..<100).map { "line \($0)" }.joined(separator: "\n"))
        #expect(bench.flash == "\(height) lines sent to the terminal's clipboard")
        var one = Bench.inLog(["only"])
        #expect(copied(one.press("y")) == "only")
        #expect(one.flash == "1 line sent to the terminal's clipboard")
        var none = Bench.inLog([])
        #expect(copied(none.press("y")) == nil)
        #expect(none.flash == "there is nothing to copy")
    }

    @Test func onlyShownLinesAreCopied() {
        var bench = bench()
        bench.press("&")
        bench.type("7")
        bench.press("enter", "v", "k", "k")
        #expect(copied(bench.press("y")) == "line 79\nline 87\nline 97")
    }

    @Test func whatIsTooMuchForATerminalIsCutAndSaid() {
        var bench = Bench.inLog((0..<200).map { "\($0) " + String(repeating: "x", count: 1_000) })
        bench.press("v", "g")
        let text = copied(bench.press("y")) ?? ""
        #expect(text.utf8.count <= 74_000)
        #expect(text.hasPrefix("0 x"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count >= 1_000 })
        #expect(
            bench.flash.hasSuffix("lines sent to the terminal's clipboard; the rest is too long for it, Ctrl-s saves"))
    }

    // MARK: Saving

    @Test func theLogIsSavedUnderItsName() {
        var bench = bench()
        bench.press("ctrl-s")
        #expect(bench.prompt?.text == "web-140207.log")
        #expect(bench.prompt?.label == "save the held lines to: ")
        let saved = saved(bench.press("enter"))
        #expect(saved?.path == "web-140207.log")
        #expect(saved?.writing.isWhole == false)
        #expect(saved?.writing.open == 0..<100)
        #expect(saved?.writing.matching == nil)
        #expect(bench.flash == "saving to web-140207.log …")
        bench.engine(.logWritten(.init(path: "web-140207.log", lines: 1_234)))
        #expect(bench.flash == "1,234 lines saved to web-140207.log")
        bench.engine(.logWritten(.init(path: "web-140207.log", lines: 0, error: "there is such a file already")))
        #expect(bench.flash == "web-140207.log could not be written: there is such a file already")
    }

    @Test func tabChoosesHowMuch() {
        var bench = bench()
        bench.press("ctrl-s", "tab")
        #expect(bench.prompt?.label == "save the whole log to: ")
        bench.press("tab")
        #expect(bench.prompt?.label == "save the held lines to: ")
        bench.press("tab")
        #expect(saved(bench.press("enter"))?.writing.isWhole == true)
        bench.press("v", "k", "ctrl-s")
        #expect(bench.prompt?.label == "save the selected lines to: ")
        bench.press("tab", "tab", "tab")
        #expect(bench.prompt?.label == "save the selected lines to: ")
        #expect(saved(bench.press("enter"))?.writing.open == 98..<100)
    }

    @Test func anotherPathIsTyped() {
        var bench = bench()
        bench.press("ctrl-s", "ctrl-u")
        for character in "/tmp/x.log" { bench.send(.key(.character(character))) }
        #expect(saved(bench.press("enter"))?.path == "/tmp/x.log")
        // Without one nothing is done.
        bench.press("ctrl-s", "ctrl-u")
        let nothing = bench.press("enter")
        #expect(nothing.isEmpty)
        #expect(bench.prompt != nil)
        bench.press("esc")
        #expect(bench.prompt == nil)
    }

    @Test func theFilterGoesAlong() {
        var bench = bench()
        bench.press("&")
        bench.type("7")
        bench.press("ctrl-o", "enter", "ctrl-s")
        let writing = saved(bench.press("enter"))?.writing
        #expect(writing?.matching?.count == 19)
        #expect(writing?.context == 1)
        #expect(writing?.filter?.pattern.text == "7")
    }

    @Test func aNameIsNoPathAndHasNoControls() {
        var bench = Bench.connected([.make("a/../b\u{1B}[2J")])
        bench.press("enter", "ctrl-s")
        #expect(bench.prompt?.text.contains("/") == false)
        #expect(bench.prompt?.text.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        var merged = Bench.connected(["api", "web"].map { .make($0) })
        merged.press("space", "space", "m", "ctrl-s")
        #expect(merged.prompt?.text == "logs-140207.log")
    }

    // MARK: The pager

    @Test func thePagerGetsTheHeldLines() {
        var bench = bench()
        let effects = bench.press("|")
        #expect(effects.labels(bench) == ["page"])
        #expect(bench.flash == "writing the lines for the pager …")
        var outcome = LogWriting.Outcome(path: "/tmp/gantry-1.log", lines: 100)
        outcome.isForPager = true
        let opened = bench.engine(.logWritten(outcome))
        #expect(opened.labels(bench) == ["open pager"])
        outcome.error = "No space left on device"
        let failed = bench.engine(.logWritten(outcome))
        #expect(failed.isEmpty)
        #expect(bench.flash == "/tmp/gantry-1.log could not be written: No space left on device")
        var none = self.bench(0)
        let nothing = none.press("|")
        #expect(nothing.isEmpty)
        #expect(none.flash == "there are no lines to show")
    }
}
