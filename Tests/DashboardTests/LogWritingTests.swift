import EngineAPI
import Foundation
import Testing

@testable import Dashboard

/// Lines of a log in a file.
@Suite struct LogWritingTests {
    /// A folder of the test's own, which goes with it.
    private final class Folder {
        let path = NSTemporaryDirectory() + "/gantry-writing-\(UUID().uuidString)"
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func file(_ name: String) -> String { "\(path)/\(name)" }
        func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: file(name)) }
        func lines(_ name: String) -> [String] {
            var text = String(decoding: bytes(name) ?? Data(), as: UTF8.self)
            if text.last == "\n" { text.removeLast() } else if !text.isEmpty { text += " (no line end)" }
            return text.isEmpty ? [] : text.components(separatedBy: "\n")
        }
    }

    /// What is held is written without one.
    private let engine = Engine(address: .unix(path: "/nowhere/docker.sock"))

    private func bench(_ lines: [String]) -> Bench {
        var bench = Bench.connected([.make("web")])
        bench.log(lines, of: "web")
        bench.press("enter")
        return bench
    }

    private func write(
        _ bench: Bench, _ extract: LogExtract = .held, in folder: Folder, to name: String = "a.log"
    ) async throws -> LogWriting.Outcome {
        try await #require(bench.state.extract(extract)).write(to: folder.file(name), engine: engine)
    }

    @Test func whatIsHeldIsWrittenAsItIsSeen() async throws {
        let folder = try Folder()
        let bench = bench(["one", "\u{1B}[31mtwo\u{1B}[0m", "", "50 %\r100 %", "日本\tx", "\u{1B}]0;title\u{7}five"])
        let outcome = try await write(bench, in: folder)
        #expect(outcome.error == nil)
        #expect(outcome.lines == 6)
        #expect(outcome.path == folder.file("a.log"))
        #expect(!outcome.isForPager)
        #expect(folder.lines("a.log") == ["one", "two", "", "100 %", "日本\tx", "five"])
        #expect(folder.bytes("a.log")?.last == 10)
        // Nobody else may read it.
        let mode = try FileManager.default.attributesOfItem(atPath: outcome.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func nothingHeldIsAnEmptyFile() async throws {
        let folder = try Folder()
        let outcome = try await write(bench([]), in: folder)
        #expect(outcome.error == nil)
        #expect(outcome.lines == 0)
        #expect(folder.bytes("a.log") == Data())
    }

    @Test func aFileThatIsThereStays() async throws {
        let folder = try Folder()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file("a.log")))
        let outcome = try await write(bench(["x"]), in: folder)
        #expect(outcome.error == "there is such a file already")
        #expect(outcome.lines == 0)
        #expect(folder.bytes("a.log") == Data("mine".utf8))
        // A link to nowhere is one too.
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: folder.file("target"))
        #expect(try await write(bench(["x"]), in: folder, to: "link").error == "there is such a file already")
        #expect(folder.bytes("target") == nil)
    }

    @Test func whatCouldNotBeWrittenWholeIsNotLeftBehind() async throws {
        let folder = try Folder()
        // The Engine is asked for the lines after the file was made.
        let outcome = try await write(bench(["one", "two"]), .whole, in: folder)
        #expect(outcome.error != nil)
        #expect(folder.bytes("a.log") == nil)
    }

    @Test func aFolderThatIsNotThereIsNamed() async throws {
        let folder = try Folder()
        let bench = bench(["x"])
        #expect(try await write(bench, in: folder, to: "no/such/a.log").error == "No such file or directory")
        #expect(try await write(bench, in: folder, to: "").error == "Is a directory")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func whatIsHiddenIsLeftOut() async throws {
        let folder = try Folder()
        var bench = bench(["one", "two"])
        bench.press("C")
        bench.logNews("web", .lines(.lines(["three"], from: 50)))
        #expect(try await write(bench, in: folder).lines == 1)
        #expect(folder.lines("a.log") == ["three"])
    }

    @Test func aSelectionIsWritten() async throws {
        let folder = try Folder()
        var bench = bench((0..<10).map { "line \($0)" })
        bench.press("v", "k", "k", "k")
        let outcome = try await write(bench, .selection, in: folder)
        #expect(outcome.lines == 4)
        #expect(folder.lines("a.log") == ["line 6", "line 7", "line 8", "line 9"])
        // What is held is all of it, whatever is selected.
        #expect(try await write(bench, .held, in: folder, to: "b.log").lines == 10)
    }

    @Test(arguments: [(0, ["7", "17", "27"]), (1, ["6", "7", "8", "16", "17", "18", "26", "27", "28"])])
    func onlyLinesThatMatchAreWritten(context: Int, lines: [String]) async throws {
        let folder = try Folder()
        var bench = bench((0..<30).map { "\($0)" })
        bench.press("&", "7", "enter")
        bench.scan()
        bench.state.engine.log?.filter?.context = context
        let outcome = try await write(bench, in: folder)
        #expect(outcome.lines == lines.count)
        #expect(folder.lines("a.log") == lines)
        // And of the selected ones.
        bench.press("g", "v", "j")
        _ = try await write(bench, .selection, in: folder, to: "b.log")
        let range = try #require(bench.state.engine.log?.selection?.range)
        #expect(folder.lines("b.log") == lines.filter { range.contains(Int($0)!) })
        #expect(!folder.lines("b.log").isEmpty)
    }

    @Test(arguments: 0..<20) func whatTheFilterShowsIsWhatIsWritten(_ seed: Int) async throws {
        let folder = try Folder()
        var random = SplitMix(seed: UInt64(seed))
        var log = FollowedLog(id: 1, subject: .container(.named("web")), bounds: .init())
        func lines(_ count: Int, from time: Int) -> LogLines {
            LogLines(
                (0..<count).map {
                    .init(origin: 0, time: Int64(time + $0), text: Array("\(random.below(9)) at \(time + $0)".utf8))
                })
        }
        log.add(lines(60, from: 1_000))
        // Older lines have numbers below zero.
        if seed % 2 == 0 { _ = log.store.prepend(lines(80, from: 100)) }
        if seed % 5 == 4 { log.cleared = (log.store.first + 20, Bench.start) }
        var matches = LogMatches(LogPattern(text: "7"), isInverted: seed % 3 == 0, at: log.store.end)
        while let found = LogScan(matches, isFilter: true).run(over: log.store) {
            matches.take(found.lines, in: found.range)
        }
        log.filter = .init(matches: matches, context: [0, 1, 3, 10][random.below(4)])
        var bench = Bench.connected([.make("web")])
        bench.state.engine.log = log
        let shown = (log.store.first..<log.store.end).filter { log.line(atMost: $0) == $0 }
        let outcome = try await write(bench, in: folder)
        #expect(outcome.lines == shown.count)
        #expect(folder.lines("a.log") == shown.map { String(decoding: log.store[$0]!.text, as: UTF8.self) })
    }

    @Test func inAMergedLogEachLineSaysWhose() async throws {
        let folder = try Folder()
        var bench = Bench.connected(["api", "web"].map { .make($0) })
        bench.press("space", "space", "m")
        bench.log(["one", "three"], of: "api")
        var event = EngineEvent.container("start", "web")
        event.timeNano = Int64(Bench.start.timeIntervalSince1970) * 1_000_000_000 + 5_000_000
        bench.engine(.events([event]))
        bench.logNews("web", .tail(.lines(["two"]), isStart: true, history: []))
        #expect(try await write(bench, in: folder).lines == 4)
        #expect(folder.lines("a.log") == ["api | one", "web | ── started", "web | two", "api | three"])
        // In the log of one, names are left out.
        var single = self.bench(["x"])
        event.timeNano += 2_000_000_000
        single.engine(.events([event]))
        _ = try await write(single, in: folder, to: "b.log")
        #expect(folder.lines("b.log") == ["x", "── started"])
    }

    @Test func muchIsWrittenWhole() async throws {
        let folder = try Folder()
        let text = String(repeating: "0123456789", count: 20)
        let bench = bench((0..<5_000).map { "\($0) \(text)" })
        #expect(try await write(bench, in: folder).lines == 5_000)
        let lines = folder.lines("a.log")
        #expect(lines.count == 5_000)
        #expect(lines.enumerated().allSatisfy { $1 == "\($0) \(text)" })
    }

    @Test func aDiskThatIsFullIsSaid() async throws {
        let bench = bench([String(repeating: "x", count: 100)])
        let writing = try #require(bench.state.extract(.held))
        // It is there already, so it is opened by nobody; what is written to is checked all the same.
        #expect(await writing.write(to: "/dev/full", engine: engine).error == "there is such a file already")
    }

    @Test func theWholeLogNeedsTheEngine() async throws {
        let folder = try Folder()
        let outcome = try await write(bench(["x"]), .whole, in: folder)
        #expect(outcome.error?.isEmpty == false)
        #expect(outcome.lines == 0)
    }
}
