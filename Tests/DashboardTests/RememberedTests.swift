import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct RememberedTests {
    /// A folder that goes with the test.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("gantry-\(UUID())").path
        var file: String { path + "/deeper/state.json" }
        func write(_ text: String) throws {
            try FileManager.default.createDirectory(atPath: path + "/deeper", withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path + "/deeper")) ?? [] }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private var another: Remembered {
        var remembered = Remembered()
        remembered.sort = .memory
        remembered.isReversed = true
        remembered.sorts = [.images: RowSort(column: "size", isReversed: true), .volumes: RowSort(column: "users")]
        remembered.splits = Splits(side: 421, panes: [.images: 250, .system: 4])
        remembered.columns = [.containers: ["name", "pids"], .networks: ["name"]]
        return remembered
    }

    @Test func whatIsWrittenIsReadAgain() {
        let folder = Folder()
        let file = StateFile(path: folder.file)
        #expect(file.read() == Remembered())
        file.write(Remembered())
        file.write(another)
        file.finish()
        #expect(StateFile(path: folder.file).read() == another)
        #expect(folder.names == ["state.json"])
    }

    @Test(
        arguments: [
            "", "{", "[]", "null", "3", "{}", "\u{0}", #"{"sort": 3}"#, #"{"sort": "no such"}"#,
            #"{"sort": null, "x": {}}"#,
            String(repeating: "[", count: 5_000),
        ])
    func whatMakesNoSenseWasNeverSeen(_ text: String) throws {
        let folder = Folder()
        try folder.write(text)
        #expect(StateFile(path: folder.file).read() == Remembered())
    }

    @Test func aBorderThatWasMovedStaysWhenAnotherMakesNoSense() throws {
        let folder = Folder()
        try folder.write(#"{"splits": {"side": 421, "stacked": "half", "of a newer one": 3}}"#)
        #expect(StateFile(path: folder.file).read().splits == Splits(side: 421))
    }

    @Test func whatIsKnownIsTakenFromWhatIsNot() throws {
        let folder = Folder()
        try folder.write(#"{"sort": "memory", "isReversed": "yes", "of a newer one": [1, {}]}"#)
        var expected = Remembered()
        expected.sort = .memory
        #expect(StateFile(path: folder.file).read() == expected)
    }

    @Test func aFolderInItsPlaceIsNoReasonNotToStart() throws {
        let folder = Folder()
        try FileManager.default.createDirectory(atPath: folder.file, withIntermediateDirectories: true)
        let file = StateFile(path: folder.file)
        #expect(file.read() == Remembered())
    }

    @Test func whyItCannotBeWrittenIsSaid() async throws {
        let folder = Folder()
        try folder.write("")
        let file = StateFile(path: folder.file + "/state.json")
        let reason = await withCheckedContinuation { done in file.write(another) { done.resume(returning: $0) } }
        #expect(reason.hasSuffix("cannot be written: not a directory"))
    }

    /// Two that write at the same time: whoever reads finds one of the two, whole.
    @Test func nobodyFindsHalfAFile() throws {
        let folder = Folder()
        let files = [StateFile(path: folder.file), StateFile(path: folder.file)]
        let values = [
            another,
            {
                var value = another; value.sort = .cpu; return value
            }(),
        ]
        files[0].write(values[0])
        files[0].finish()
        for _ in 0..<100 {
            files[0].write(values[0])
            files[1].write(values[1])
            #expect(values.contains(files[0].read()))
        }
        for file in files { file.finish() }
        #expect(values.contains(files[0].read()))
        #expect(folder.names == ["state.json"])
    }

    @Test func theSortIsRememberedAndComesBack() {
        var bench = Bench.connected([.make("a"), .make("b")])
        bench.press("O")
        #expect(bench.state.remembered.isReversed && bench.state.remembered.sort == .name)
        bench.press("o", "j", "enter", "O")
        #expect(bench.state.remembered.sort == .state && bench.state.remembered.isReversed)
        let state = State(
            address: .standard, size: Size(width: 80, height: 24), now: Bench.start, theme: bench.state.theme,
            remembered: bench.state.remembered)
        #expect(state.engine.sort.key == .state && state.engine.sort.isReversed)
    }
}
