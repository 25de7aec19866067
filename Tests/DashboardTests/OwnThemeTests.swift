import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Themes of a person's own, and the menu of themes.
@Suite final class OwnThemeTests {
    private let folder: ThemeFolder

    init() throws {
        let path = FileManager.default.temporaryDirectory.path + "/gantry-themes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = ThemeFolder(path: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.path) }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name).yaml"))
    }

    private func theme(_ name: String) -> LoadedTheme? { ThemeFolder.theme(name, in: folder) }

    @Test func someRolesAreEnough() throws {
        try write("mine", "dim: 226\n")
        let mine = try #require(theme("mine"))
        #expect(mine.isOwn)
        #expect(mine.mistakes.isEmpty)
        #expect(mine.theme[.dim].foreground == .indexed(226))
        #expect(mine.theme[.key] == Theme.named("dark")?[.key])
        #expect(!mine.theme.ground.isPainted)
    }

    @Test func oneStartsFromAnother() throws {
        try write("mine", "base: nord\ndim: 226\n")
        try write("other", "base: mine\nkey: \"#ff00ff\"\n")
        let other = try #require(theme("other"))
        #expect(other.mistakes.isEmpty)
        #expect(other.theme[.dim].foreground == .indexed(226))
        #expect(other.theme.ground == Theme.named("nord")?.ground)
        #expect(other.theme[.running] == Theme.named("nord")?[.running])
    }

    @Test func oneOfOurNameStandsInForOurs() throws {
        try write("nord", "base: nord\ndim: 226\n")
        let nord = try #require(theme("nord"))
        #expect(nord.isOwn)
        #expect(nord.mistakes.isEmpty)
        #expect(nord.theme[.dim].foreground == .indexed(226))
        #expect(nord.theme[.running] == Theme.named("nord")?[.running])
    }

    @Test func mistakesNameFileAndLineAndTheRestHolds() throws {
        try write("mine", "# mine\ndim: 226\nkey: loud\nbase: nowhere\n")
        let mine = try #require(theme("mine"))
        #expect(
            mine.mistakes == [
                "\(folder.path)/mine.yaml, line 3: “loud” is no style",
                "\(folder.path)/mine.yaml, line 4: there is no theme “nowhere” to start from",
            ])
        #expect(mine.theme[.dim].foreground == .indexed(226))
    }

    @Test func circlesEnd() throws {
        try write("a", "base: b\n")
        try write("b", "base: a\ndim: 226\n")
        try write("self", "base: self\n")
        let a = try #require(theme("a"))
        #expect(a.mistakes.count == 1)
        #expect(a.theme[.dim].foreground == .indexed(226))
        #expect(theme("self")?.mistakes == ["\(folder.path)/self.yaml, line 1: it cannot start from itself"])
    }

    @Test func whatIsNoFileIsNoTheme() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/dir.yaml", withIntermediateDirectories: true)
        for name in ["../mine", "dir", "", ".", "mine\0x"] { #expect(theme(name) == nil, "\(name)") }
        try write("large", String(repeating: "# and so on\n", count: 10_000))
        #expect(theme("large")?.mistakes.count == 1)
        try write("bytes", "dim: \u{FFFD}\u{1B}[31m\n")
        #expect(theme("bytes")?.mistakes.count == 1)
    }

    @Test func allAreFoundInOrder() throws {
        try write("b", "dim: 226\n")
        try write("a", "dim: oops\n")
        try write(".hidden", "dim: 226\n")
        try Data().write(to: URL(fileURLWithPath: folder.path + "/notes.txt"))
        let all = folder.all()
        #expect(all.map(\.theme.name) == ["a", "b"])
        #expect(all.map(\.mistakes.count) == [1, 0])
        #expect(ThemeFolder(path: folder.path + "/none").all().isEmpty)
    }

    // MARK: The menu

    private func chosen(_ bench: Bench) -> String? {
        guard case .menu(let menu)? = bench.state.layers.last else { return nil }
        return menu.items[menu.index].title
    }

    @Test func movingShowsATheme() {
        var bench = Bench.connected([.make("web")])
        bench.press("Y")
        #expect(chosen(bench) == "dark")
        bench.press("down")
        #expect(bench.state.theme.name == "light")
        #expect(draw(bench.state).ground.isPainted)
        bench.press("esc")
        #expect(bench.state.theme.name == "dark")
        #expect(bench.state.settings.theme == "dark")
        #expect(!draw(bench.state).ground.isPainted)
    }

    @Test func enterKeepsIt() {
        var bench = Bench.connected([.make("web")])
        bench.press("Y", "up", "enter")
        #expect(bench.state.theme.name == "catppuccin")
        #expect(bench.state.settings.theme == "catppuccin")
        bench.press("Y")
        #expect(chosen(bench) == "catppuccin")
    }

    @Test func oneOfOnesOwnComesWhileTheMenuIsOpen() throws {
        try write("mine", "base: gruvbox\ndim: loud\n")
        var bench = Bench.connected([.make("web")])
        bench.press("Y", "down")
        #expect(bench.state.subscriptions.contains(.themes))
        bench.send(.themes(folder.all()))
        #expect(!bench.state.subscriptions.contains(.themes))
        #expect(chosen(bench) == "light")
        bench.press("up", "up")
        #expect(chosen(bench) == "mine")
        #expect(bench.state.theme.name == "mine")
        #expect(bench.screen.contains("1 mistake"))
        bench.press("enter")
        #expect(bench.state.flash?.text == "\(folder.path)/mine.yaml, line 2: “loud” is no style")
        // It is read anew each time that the menu is opened.
        try write("mine", "base: gruvbox\ndim: 226\n")
        bench.press("Y")
        #expect(bench.state.subscriptions.contains(.themes))
        bench.send(.themes(folder.all()))
        #expect(bench.state.theme[.dim].foreground == .indexed(226))
    }

    @Test func aSettingThatNamesOneOfOnesOwnIsFollowed() throws {
        try write("mine", "dim: 226\n")
        var bench = Bench.connected([.make("web")])
        bench.state.settings.theme = "mine"
        _ = bench.tick()
        #expect(bench.state.theme.name == "dark")
        #expect(bench.state.subscriptions.contains(.themes))
        bench.send(.themes(folder.all()))
        #expect(bench.state.theme.name == "mine")
    }

    @Test func whatWasChosenIsWornAtTheNextStartUntilTheSettingsHaveAnother() {
        var bench = Bench.connected([.make("web")])
        bench.state.choose(theme: "nord")
        var settings = Settings()
        #expect(bench.state.remembered.theme(over: settings) == "nord")
        settings.theme = "light"
        #expect(bench.state.remembered.theme(over: settings) == nil)
        bench.state.choose(theme: "dark")
        #expect(bench.state.remembered.theme == nil)
    }

    @Test func aTerminalWithoutColoursSaysThatNoThemeIsWorn() throws {
        var bench = Bench.connected([.make("web")])
        bench.state.isColourless = true
        let setting = try #require(Setting.named("theme"))
        #expect(bench.state.set(setting, .text("nord")).isEmpty)
        #expect(bench.flash.contains("no colours"))
    }

    @Test func oneThatWasMadeSinceTheyWereReadIsFound() throws {
        var bench = Bench.connected([.make("web")])
        (bench.state.themesAsked, bench.state.themesKnown) = (true, true)
        let setting = try #require(Setting.named("theme"))
        _ = bench.state.set(setting, .text("mine"))
        _ = bench.tick()
        #expect(bench.state.subscriptions.contains(.themes) && bench.state.settings.theme == "mine")
    }

    @Test func aSettingThatNamesNoneIsToldAndPutBack() {
        var bench = Bench.connected([.make("web")])
        bench.state.settings.theme = "plaid"
        _ = bench.tick()
        bench.send(.themes([]))
        #expect(bench.state.settings.theme == "dark")
        #expect(bench.state.flash?.text == "there is no theme “plaid”")
        #expect(!bench.state.subscriptions.contains(.themes))
    }

    @Test func whereThereAreNoColoursThereAreNoThemes() throws {
        var bench = Bench.connected([.make("web")])
        bench.state.begin(with: try #require(ThemeFolder.theme("nord", in: nil)), isColourless: true)
        #expect(bench.state.theme.name == "mono")
        bench.press("Y")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.flash?.text == "this terminal shows no colours")
    }

    @Test func theTerminalsOwnBackgroundCanBeKept() {
        var bench = Bench.connected([.make("web")])
        bench.state.settings.theme = "dracula"
        _ = bench.tick()
        #expect(draw(bench.state).ground.isPainted)
        bench.state.settings.paintsBackground = false
        _ = bench.tick()
        #expect(bench.state.theme.name == "dracula")
        #expect(!draw(bench.state).ground.isPainted)
    }

    // MARK: Borders

    @Test func bordersAreChosen() {
        var bench = Bench.connected([.make("web")], width: 120, height: 40)
        #expect(bench.screen.contains("╭"))
        bench.press("U")
        #expect(bench.state.settings.borders == .plain)
        #expect(bench.screen.contains("┌") && !bench.screen.contains("╭"))
        bench.press("U")
        #expect(bench.state.settings.borders == .heavy)
        #expect(bench.screen.contains("┏") && bench.screen.contains("━") && !bench.screen.contains("┌"))
        bench.state.settings.borders = .ascii
        _ = bench.tick()
        #expect(bench.screen.contains("+ ") && !bench.screen.contains("┌") && !bench.screen.contains("─"))
        bench.press("U")
        #expect(bench.state.settings.borders == .rounded)
    }
}
