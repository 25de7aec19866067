import Testing

@testable import Dashboard
@testable import Terminal

/// What each theme makes of the roles, and where on a screen which style stands: compared with the files under
/// `GoldenThemes`.
@Suite struct ThemeGoldenTests {
    private static let folder = "GoldenThemes"

    @Test func everyThemeHasItsFile() throws {
        #expect(try GoldenFile.names(in: Self.folder) == Set(Theme.builtIn.map { "\($0).txt" }))
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
            lines += ["", "\(screen), each style a letter:"] + draw(bench.state).map(of: Self.words)
        }
        try GoldenFile(folder: Self.folder, name: "\(name).txt").compare(lines.joined(separator: "\n") + "\n")
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
}
