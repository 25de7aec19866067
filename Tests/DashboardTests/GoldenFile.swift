import Foundation
import Testing

@testable import Terminal

/// A text that was once seen to be right, in a folder beside the tests.
///
/// After a change that was meant: `GANTRY_RECORD_GOLDEN=1 swift test --filter Golden`, then read the difference.
struct GoldenFile {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let recording = ProcessInfo.processInfo.environment["GANTRY_RECORD_GOLDEN"] == "1"

    let folder: String
    let name: String

    /// The files there are. One that nothing is compared with would look like a test.
    static func names(in folder: String) throws -> Set<String> {
        try Set(FileManager.default.contentsOfDirectory(atPath: tests.appendingPathComponent(folder).path))
    }

    /// Records an issue that shows which lines are others, or writes the file when they are to be recorded.
    func compare(_ text: String) throws {
        let folder = Self.tests.appendingPathComponent(folder)
        let file = folder.appendingPathComponent(name)
        if Self.recording {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let golden = try? String(contentsOf: file, encoding: .utf8)
        guard text != golden else { return }
        let expected = (golden ?? "").components(separatedBy: "\n")
        let actual = text.components(separatedBy: "\n")
        let marked = (0..<max(expected.count, actual.count)).map { row -> String in
            let before = row < expected.count ? expected[row] : ""
            let now = row < actual.count ? actual[row] : ""
            return before == now ? "  \(now)" : "- \(before)\n+ \(now)"
        }
        Issue.record("\(self.folder)/\(name): - as it was, + as it is\n\(marked.joined(separator: "\n"))")
    }
}

extension Frame {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

    /// The styles as letters, `.` for plain, and below them what each letter means.
    func map(of words: (Style) -> String) -> [String] {
        var known: [Style] = []
        func letter(_ index: Int) -> Character { index < Self.letters.count ? Self.letters[index] : "?" }
        let rows = (0..<size.height).map { y in
            var row = ""
            for cell in cells(row: y) {
                if cell.style == .plain {
                    row.append(".")
                    continue
                }
                let index = known.firstIndex(of: cell.style) ?? known.count
                if index == known.count { known.append(cell.style) }
                row.append(letter(index))
            }
            while row.last == "." { row.removeLast() }
            return row
        }
        return rows + known.enumerated().map { index, style in "\(letter(index)) \(words(style))" }
    }
}
