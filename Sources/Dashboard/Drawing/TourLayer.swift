import Terminal

/// What somebody who starts Gantry for the first time is told, in a few lines: at the bottom, so that the list and what
/// is in trouble stay in view.
enum TourLayer {
    private static let height = 6

    private static func lines(_ state: State) -> [(keys: String, meaning: String)] {
        let panes = "\(state.key(of: Pane.containers.command)) … \(state.key(of: Pane.system.command))"
        return [
            ("↑ ↓  \(state.key(of: "view.enter"))", "choose a container; into its log, charts, details"),
            ("\(panes)  \(state.key(of: "view.nextPane"))", "containers, images, volumes, networks, events, system"),
            (state.key(of: "actions.row"), "all that can be done to the row, with the docker command"),
            (state.key(of: "palette"), "find any command, container or setting by typing"),
            (state.key(of: "view.filter"), "filter: words, state:running, cpu>50"),
            (state.key(of: "help"), "the keys that work here and now; \(state.key(of: "quit")) quits"),
        ]
    }

    static func rect(_ size: Size) -> Rect {
        let width = min(size.width - 2, 76)
        let height = min(size.height - 4, self.height + 3)
        return Rect(x: (size.width - width) / 2, y: size.height - 2 - height, width: width, height: height)
    }

    static func draw(_ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let box = rect(state.size)
        LayerBox.clear(&frame, box, theme, title: "Welcome to Gantry")
        let inside = box.inset(by: 1)
        for (row, line) in lines(state).prefix(max(0, inside.height - 1)).enumerated() {
            frame.put(
                spans: [Span(line.keys.padded(12), .key), Span(line.meaning)], x: inside.x + 1, y: inside.y + row,
                width: inside.width - 2, theme: theme, base: theme[.layer])
        }
        frame.put(
            "Any key leaves this: it comes once.", x: inside.x + 1, y: inside.maxY - 1, width: inside.width - 2,
            style: theme[.dim, over: theme[.layer]])
    }
}

extension State {
    /// Shows the tour when there is something to be shown around in: not before, and never over anything else.
    mutating func offerTour() {
        guard offersTour, engine.containersLoaded, engine.isConnected, layers.isEmpty else { return }
        offersTour = false
        layers.append(.tour)
    }

    /// Any key leaves it; those that it names, and that do nothing to a container, are followed as well.
    mutating func leaveTour(by key: Key) -> [Effect] {
        layers.removeLast()
        remembered.hasSeenTour = true
        let followed = ["palette", "view.filter", "help", "actions.row", "quit"] + Pane.all.map(\.command)
        let isFollowed = followed.contains { keymap.keys(of: $0).contains(KeySequence(key)) }
        return isFollowed ? handle(key) : []
    }
}
