/// Keys as the fingers know them from another tool: what differs from Gantry's own.
///
/// What loses its key to one of these has another in the table.
struct KeyPreset: Sendable {
    let name: String
    /// Ids of commands, and the names of their keys.
    let keys: [(command: String, keys: [String])]

    static func named(_ name: String) -> KeyPreset? { all.first { $0.name == name } }

    static let all: [KeyPreset] = [
        KeyPreset(name: "gantry", keys: []),
        // m logs, E shell, w browser, b bulk.
        KeyPreset(
            name: "lazydocker",
            keys: [
                ("view.logs", ["m"]), ("log.merge", ["l"]), ("container.exec", ["E"]),
                ("container.execCommand", ["e"]), ("view.open", ["w"]), ("view.wait", ["B"]),
                ("actions.bulk", ["b"]), ("build.form", [","]),
            ]),
        // Enter menu, o one container, f filter, h help, s and r sort, w browser.
        KeyPreset(
            name: "ctop",
            keys: [
                ("actions.row", ["enter", "x"]), ("view.enter", ["o"]), ("events.go", ["o"]),
                ("view.filter", ["f", "/"]), ("image.search", ["F"]), ("events.type", ["F"]),
                ("help", ["h", "?", "f1"]), ("view.leftTab", ["left"]), ("move.left", ["left"]),
                ("list.sort", ["s"]), ("image.save", ["S"]), ("container.stop", ["ctrl-t"]),
                ("list.reverse", ["r"]), ("container.restart", ["ctrl-r"]), ("system.refresh", ["ctrl-r"]),
                ("view.open", ["w"]), ("view.wait", ["B"]),
            ]),
        // d and y describe, s shell, ctrl-d remove, c copy, ctrl-r again, in a log s follow.
        KeyPreset(
            name: "k9s",
            keys: [
                ("view.inspect", ["d", "y", "i"]), ("container.remove", ["ctrl-d", "delete"]),
                ("image.remove", ["ctrl-d", "delete"]), ("volume.remove", ["ctrl-d", "delete"]),
                ("network.remove", ["ctrl-d", "delete"]), ("move.halfDown", ["ctrl-n"]),
                ("move.halfUp", ["ctrl-p", "ctrl-u"]), ("container.exec", ["s", "e"]),
                ("container.stop", ["ctrl-t"]), ("container.kill", ["ctrl-k", "K"]), ("view.copy", ["c"]),
                ("view.stats", ["ctrl-g"]), ("engine.reconnect", ["ctrl-r", "R"]), ("log.follow", ["s", "f"]),
            ]),
        // gg and G, dd, yy, gt and gT, Ctrl-w, ZZ.
        KeyPreset(
            name: "vim",
            keys: [
                ("move.first", ["g g", "home"]), ("container.remove", ["d d", "delete"]),
                ("image.remove", ["d d", "delete"]), ("volume.remove", ["d d", "delete"]),
                ("network.remove", ["d d", "delete"]), ("view.copy", ["y y"]), ("quit", ["q", "Z Z", "Z Q", "ctrl-c"]),
                ("view.nextTab", ["]", "g t"]), ("view.previousTab", ["[", "g T"]),
                ("view.nextPane", ["tab", "ctrl-w w"]), ("view.previousPane", ["shift-tab", "ctrl-w p"]),
                ("view.enter", ["enter", "ctrl-w l"]), ("view.back", ["esc", "ctrl-w h"]), ("log.wall", ["ctrl-w v"]),
                ("view.layout", ["ctrl-w r"]), ("view.resplit", ["~", "ctrl-w ="]),
                ("view.zoom", ["z", "+", "_", "ctrl-w o"]),
            ]),
    ]
}
