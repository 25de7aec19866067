import Foundation
import Testing

@testable import Dashboard
@testable import Terminal

/// What each theme makes of the roles, and where on a screen which style stands: compared with the files under
/// `GoldenThemes`, which are recorded as the golden screens are.
@Suite struct ThemeGoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("GoldenThemes")
    private static let recording = ProcessInfo.processInfo.environment["GANTRY_RECORD_GOLDEN"] == "1"
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

    @Test func everyThemeHasItsFile() throws {
        #expect(
            try Set(FileManager.default.contentsOfDirectory(atPath: Self.folder.path))
                == Set(Theme.builtIn.map { "\($0).txt" }))
    }

    @Test(arguments: Theme.builtIn) func theStylesAreAsTheyWere(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        var lines = ["ground \(theme.ground.isPainted ? "painted" : "taken to be"): \(Self.words(theme.ground))", ""]
        lines.append(Self.row("role", ["screen", "selected row", "layer"]))
        for role in Role.allCases where role != .screen {
            let styles = [theme[role], theme[role, over: theme[.selected]], theme[role, over: theme[.layer]]]
            lines.append(Self.row("\(role.stringValue)", styles.map(Self.words)))
        }
        for screen in ["states", "actions", "stats", "logs-back", "form", "cleanup", "search"] {
            var bench = GoldenTests.bench(screen, 80, 24)
            bench.state.settings.theme = name
            _ = bench.tick()
            lines += ["", "\(screen), each style a letter:"] + Self.map(of: draw(bench.state))
        }
        let text = lines.joined(separator: "\n") + "\n"
        let file = Self.folder.appendingPathComponent("\(name).txt")
        if Self.recording {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        guard text != golden else { return }
        let before = Set(golden.components(separatedBy: "\n"))
        let now = Set(lines)
        Issue.record(
            """
            \(file.lastPathComponent) is another: - as it was, + as it is
            \(before.subtracting(now).sorted().map { "- " + $0 }.joined(separator: "\n"))
            \(now.subtracting(before).sorted().map { "+ " + $0 }.joined(separator: "\n"))
            """)
    }

    private static func row(_ name: String, _ styles: [String]) -> String {
        let cells = [name.padded(18)] + styles.dropLast().map { $0.padded(26) } + styles.suffix(1)
        return cells.joined(separator: " ")
    }

    private static func words(_ ground: Ground) -> String {
        words(Style(foreground: ground.foreground, background: ground.background))
    }

    /// As a theme's file would have it, with numbers for colours.
    private static func words(_ style: Style) -> String {
        let attributes: [(Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
        ]
        var words = attributes.filter { style.attributes.contains($0.0) }.map(\.1)
        if let index = style.foreground.index { words.append("\(index)") }
        if let index = style.background.index { words.append("on \(index)") }
        return words.isEmpty ? "plain" : words.joined(separator: " ")
    }

    /// A frame's styles as letters, `.` for plain, and what each letter means.
    private static func map(of frame: Frame) -> [String] {
        var known: [Style] = []
        let rows = (0..<frame.size.height).map { y in
            var row = ""
            for cell in frame.cells(row: y) {
                if cell.style == .plain {
                    row.append(".")
                    continue
                }
                let index = known.firstIndex(of: cell.style) ?? known.count
                if index == known.count { known.append(cell.style) }
                row.append(index < letters.count ? letters[index] : "?")
            }
            while row.last == "." { row.removeLast() }
            return row
        }
        return rows
            + known.enumerated().map { index, style in
                "\(index < letters.count ? letters[index] : "?") \(words(style))"
            }
    }
}
