import Testing

@testable import Dashboard
@testable import Terminal

/// Which role each cell of every pane and layer has, compared with the files under `GoldenRoles`: with `GoldenThemes`,
/// where each theme's styles of all roles stand, that is how each of them looks in each theme.
@Suite struct RoleGoldenTests {
    private static let folder = "GoldenRoles"
    private static let sizes = [(80, 24), (200, 50)]

    /// The roles that have a background of their own.
    private static let grounds: [Role] = [
        .header, .headerStrong, .selected, .selectedUnfocused, .layer, .layerBorder, .layerTitle, .choice,
        .choiceSelected, .hit,
    ]

    /// A theme that nobody would want: no two roles have the same colours, so that a cell tells what it is for.
    private static let probe: Theme = {
        var source = Theme.Source()
        source.contrast = 0
        for role in Role.named where role != .screen && role != .text {
            var style = Style.plain
            // Colours that nothing is mixed of: the steps between the graphs' are the graphs' own.
            let isGraph = [.graphLow, .graphMiddle, .graphHigh].contains(role)
            style.foreground = .indexed(
                UInt8(isGraph ? role.rawValue - Role.graphLow.rawValue + 1 : 20 + role.rawValue))
            if role == .selected || role == .selectedUnfocused { style.foreground = .standard }
            let ground = role.backdrop ?? role
            if let index = grounds.firstIndex(of: ground) { style.background = .indexed(UInt8(200 + index)) }
            source.styles[role.rawValue] = style
        }
        return Theme(name: "probe", source)
    }()

    /// `running on selected`.
    private static func words(_ style: Style) -> String {
        let text = style.foreground.index.map { index in
            Role.named.first { probe[$0].foreground.index == index }?.stringValue ?? "colour \(index)"
        }
        let ground = style.background.index.map { index in
            grounds.first { probe[$0].background.index == index }?.stringValue ?? "colour \(index)"
        }
        return [text ?? "text", ground].compactMap { $0 }.joined(separator: " on ")
    }

    @Test func noTwoRolesLookTheSame() {
        let styles = Role.named.filter { $0 != .screen && $0 != .text }.map { Self.probe[$0] }
        #expect(Set(styles).count == styles.count)
    }

    @Test func everyFileIsComparedWithAScreen() throws {
        let compared = GoldenTests.states.flatMap { state in Self.sizes.map { "\(state)-\($0.0)x\($0.1).txt" } }
        #expect(try GoldenFile.names(in: Self.folder) == Set(compared))
    }

    @Test(arguments: GoldenTests.states, [0, 1]) func eachCellHasTheRoleThatItHad(_ name: String, _ index: Int) throws {
        let (width, height) = Self.sizes[index]
        var bench = GoldenTests.bench(name, width, height)
        _ = bench.tick()
        bench.state.theme = Self.probe
        let map = draw(bench.state).map(of: Self.words)
        try GoldenFile(folder: Self.folder, name: "\(name)-\(width)x\(height).txt").compare(
            map.joined(separator: "\n") + "\n")
    }
}
