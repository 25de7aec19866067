import Foundation
import Testing

@testable import Dashboard

/// README's tables of keys are made of the table of commands, and of the layers' keys.
///
/// After a change that was meant: `GANTRY_RECORD_GOLDEN=1 swift test --filter ReadmeTests`, then read the difference.
@Suite struct ReadmeTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../README.md").standardized

    private func code(_ keys: String) -> String {
        keys.split(separator: " ").map { "`\($0.replacingOccurrences(of: "|", with: "\\|"))`" }.joined(separator: " ")
    }

    /// A row for each group: the keys of a command, and what it does.
    private var commands: String {
        let rows = Command.Group.allCases.compactMap { group -> String? in
            let commands = Command.all.filter { $0.group == group }
            guard !commands.isEmpty else { return nil }
            let entries = commands.map { "\(code($0.keys.map(\.description).joined(separator: " "))) \($0.title)" }
            return "| **\(group.rawValue)** | \(entries.joined(separator: " · ")) |"
        }
        return "| | |\n|---|---|\n" + rows.joined(separator: "\n")
    }

    private var layers: String {
        let rows = LayerKeys.all.map { layer in
            let entries = layer.keys.map { keys, meaning in
                // Words are no keys.
                let isWords = keys.hasPrefix("its ") || ["letters", "words"].contains(keys)
                return "\(isWords ? keys : code(keys)): \(meaning)"
            }
            return
                "| **\(layer.title)** | \(entries.joined(separator: " · ").replacingOccurrences(of: "`…`", with: "…").replacingOccurrences(of: "`or`", with: "or")) |"
        }
        return "| in | |\n|---|---|\n" + rows.joined(separator: "\n")
    }

    @Test(arguments: ["keys", "layers"]) func theTablesAreMadeOfTheCommands(_ name: String) throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let (start, end) = ("<!-- \(name) -->\n", "\n<!-- /\(name) -->")
        let first = try #require(text.range(of: start), "README has no \(start)")
        let last = try #require(text.range(of: end), "README has no \(end)")
        let made = name == "keys" ? commands : layers
        let isSame = text[first.upperBound..<last.lowerBound] == made
        guard ProcessInfo.processInfo.environment["GANTRY_RECORD_GOLDEN"] == "1" else {
            #expect(isSame, "README is not as the commands are: GANTRY_RECORD_GOLDEN=1 writes it")
            return
        }
        if !isSame {
            let new = text[..<first.upperBound] + made + text[last.lowerBound...]
            try Data(new.utf8).write(to: Self.file)
        }
    }

    @Test func everyFieldOfFiltersStandsThere() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        for kind in PaneKind.allCases where kind != .system {
            let names = FilterField.all(kind).map(\.name).filter { $0 != "event" }
            #expect(
                text.contains("| \(Pane.of(kind).title.lowercased()) | \(names.joined(separator: " ")) |"), "\(kind)")
        }
    }

    @Test func everyCommandStandsThereOnce() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        for command in Command.all {
            let keys = code(command.keys.map(\.description).joined(separator: " "))
            #expect(text.components(separatedBy: "\(keys) \(command.title)").count == 2, "\(command.id)")
        }
    }
}
