import Terminal

/// What the screen looks like follows the settings, wherever they were changed: by a key, in a menu, in a file.
extension State {
    /// The theme that is to be seen now: the one under the bar of the menu of themes, so that moving shows it.
    private var wantedTheme: String {
        if isColourless { return "mono" }
        for layer in layers.reversed() {
            if case .menu(let menu) = layer, menu.items.indices.contains(menu.index),
                case .theme(let name) = menu.items[menu.index].choice
            {
                return name
            }
        }
        return settings.theme
    }

    /// Puts on what the settings say.
    mutating func settleLooks() {
        if theme.borders != settings.borders { theme.borders = settings.borders }
        if theme.paintsBackground != settings.paintsBackground { theme.paintsBackground = settings.paintsBackground }
        let wanted = wantedTheme
        guard wanted != theme.name else { return }
        if let found = ownThemes[wanted]?.theme ?? Theme.named(wanted) {
            wear(found)
        } else if ownThemes[wanted] == nil, !themesAsked {
            // It may be one of the person's own: see `looksForThemes`.
            themesAsked = true
        } else if !looksForThemes {
            tell(.failure, "there is no theme “\(wanted)”")
            settings.theme = theme.name
        }
    }

    private mutating func wear(_ theme: Theme) {
        self.theme = theme
        self.theme.borders = settings.borders
        self.theme.paintsBackground = settings.paintsBackground
    }

    /// Whether the person's own themes are to be read.
    var looksForThemes: Bool { themesAsked && !themesKnown }

    /// Takes the person's own themes, as they are in their folder now.
    mutating func take(themes: [LoadedTheme]) {
        themesKnown = true
        let before = ownThemes
        for loaded in themes { ownThemes[loaded.theme.name] = loaded }
        let names = Set(themes.map(\.theme.name))
        // The one that is worn stays, whatever has become of its file.
        for name in before.keys where !names.contains(name) && name != settings.theme { ownThemes[name] = nil }
        // What is worn may be another now.
        if let worn = ownThemes[theme.name]?.theme, worn.name == theme.name { wear(worn) }
        for index in layers.indices {
            guard case .menu(var menu) = layers[index], menu.showsThemes else { continue }
            let chosen = menu.items[menu.index].choice
            menu.items = themeItems
            menu.index = menu.items.firstIndex { $0.choice.themeName == chosen.themeName } ?? 0
            layers[index] = .menu(menu)
        }
    }

    /// Opens the menu of themes; the person's own are read meanwhile, anew each time.
    mutating func openThemes() {
        (themesAsked, themesKnown) = (true, false)
        let items = themeItems
        let index = items.firstIndex { $0.choice.themeName == settings.theme } ?? 0
        var menu = Menu(title: "Theme", items: items, index: index)
        menu.isAside = true
        layers.append(.menu(menu))
    }

    private var themeItems: [Menu.Item] {
        let own = ownThemes.values.filter(\.isOwn).map(\.theme.name).sorted()
        let names = Theme.builtIn.filter { !own.contains($0) } + own
        return names.map { name in
            let mistakes = ownThemes[name]?.mistakes.count ?? 0
            let note =
                mistakes > 0 ? "\(mistakes) mistake\(mistakes == 1 ? "" : "s")" : own.contains(name) ? "yours" : ""
            return Menu.Item(title: name, note: note, choice: .theme(name))
        }
    }

    /// Keeps the theme that was chosen.
    mutating func choose(theme name: String) {
        settings.theme = name
        remembered.theme = name == configuredTheme ? nil : .init(name: name, over: configuredTheme)
        tell(mistakes: ownThemes[name]?.mistakes ?? [])
    }

    /// Says what is wrong in the file of a theme.
    private mutating func tell(mistakes: [String]) {
        guard let first = mistakes.first else { return }
        tell(.failure, mistakes.count == 1 ? first : "\(first) (and \(mistakes.count - 1) more)")
    }

    /// The lines after, or the first again.
    mutating func turnBorders() {
        let all = Borders.allCases
        let index = all.firstIndex(of: settings.borders) ?? 0
        settings.borders = all[(index + 1) % all.count]
        tell(.note, "borders: \(settings.borders.rawValue)")
    }

    /// Begins with a theme that was read already, or with none of its colours where the terminal has none.
    public mutating func begin(with loaded: LoadedTheme, isColourless: Bool) {
        self.isColourless = isColourless
        configuredTheme = settings.theme
        // What was chosen over another theme of the file is over.
        if remembered.theme?.over != configuredTheme { remembered.theme = nil }
        settings.theme = loaded.theme.name
        if loaded.isOwn { ownThemes[loaded.theme.name] = loaded }
        wear(loaded.theme)
        settleLooks()
        tell(mistakes: loaded.mistakes)
    }
}

extension Menu.Choice {
    /// The theme that it stands for.
    var themeName: String? { if case .theme(let name) = self { name } else { nil } }
}

extension Menu {
    /// Whether it is the one of themes.
    var showsThemes: Bool { items.first?.choice.themeName != nil }
}
