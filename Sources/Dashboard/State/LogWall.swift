import EngineAPI
import Terminal

/// The followed logs of several containers, side by side.
struct LogWall: Sendable {
    /// Whose logs they are.
    let subject: LogSubject
    /// The containers' names, in the order they joined: who is gone keeps its tile, for one that gets its name, as long
    /// as no other needs the room.
    var names: [String] = []
    /// How many more there are than can be followed.
    var others = 0
    /// The list of containers, and the room, that they were last tied to.
    fileprivate var settled: Settled?

    fileprivate struct Settled: Hashable {
        let listVersion: Int
        let engine: EngineID
        let area: Rect
    }
    /// The tile that has the keyboard.
    var focus = 0
    /// Whether that one has all the room.
    var isZoomed = false
}

extension State {
    /// The wall, whatever lies over it.
    var wall: LogWall? {
        for case .wall(let wall) in layers { return wall }
        return nil
    }

    func layout(of wall: LogWall) -> WallLayout { WallLayout(wall, in: wallArea) }

    private var wallArea: Rect {
        let layout = layout
        let bottom = layout.cost.isEmpty ? layout.flash.y : layout.cost.y
        return Rect(x: 0, y: 1, width: size.width, height: bottom - 1)
    }

    /// Shows the logs of the marked containers, or of a project, side by side.
    mutating func openWall() {
        let choices = mergeChoices
        if let only = choices.first, choices.count == 1 || only.subject.isMarked { return showWall(only.subject) }
        let items = choices.map { subject, count in
            Menu.Item(title: subject.title, note: "\(count) container\(count == 1 ? "" : "s")", choice: .wall(subject))
        }
        layers.append(.menu(Menu(title: "A wall of the logs of", items: items)))
    }

    mutating func showWall(_ subject: LogSubject) { layers.append(.wall(LogWall(subject: subject))) }

    /// Ties the wall's logs to the containers there are, and to the room there is for them.
    mutating func settleWall() {
        guard var wall else {
            if !engine.wall.isEmpty { engine.wall = [] }
            return
        }
        let settled = LogWall.Settled(listVersion: engine.listVersion, engine: current, area: wallArea)
        guard wall.settled != settled || engine.wall.isEmpty else { return }
        wall.settled = settled
        join(&wall)
        var whole = wall
        whole.isZoomed = false
        let shown = wall.names.prefix(layout(of: whole).tiles.count)
        wall.focus = min(wall.focus, max(0, shown.count - 1))
        change(wall)
        engine.wall.removeAll { log in !shown.contains { log.subject == .named($0) } }
        // All of them together hold what one log may.
        let bounds = LogStore.Bounds(
            lines: max(2_000, logBounds.lines / max(1, shown.count)),
            bytes: max(1 << 19, logBounds.bytes / max(1, shown.count)))
        for name in shown where !engine.wall.contains(where: { $0.subject == .named(name) }) {
            engine.wall.append(FollowedLog(id: nextLog, subject: .named(name), bounds: bounds))
            nextLog += 1
        }
        for id in engine.wall.map(\.id) { joinOrigins(of: id) }
    }

    /// Takes in those who have come or have another name; who is gone makes room for them.
    private mutating func join(_ wall: inout LogWall) {
        // A container's log goes on under its new name.
        for index in engine.wall.indices {
            guard let id = engine.wall[index].origins.last?.container, let name = engine.containers[id]?.name,
                case .named(let old) = engine.wall[index].subject, old != name, !wall.names.contains(name),
                let place = wall.names.firstIndex(of: old)
            else { continue }
            wall.names[place] = name
            engine.wall[index].subject = .named(name)
        }
        let followed = Set(engine.wall.compactMap { $0.origins.last?.container })
        let present = engine.order.compactMap { id -> String? in
            guard let container = engine.containers[id] else { return nil }
            return wall.subject.covers(container) || followed.contains(id) ? container.name : nil
        }
        var known = Set(wall.names)
        let here = Set(present)
        var come = present.filter { known.insert($0).inserted }[...]
        let room = layout(of: wall).room
        while wall.names.count + come.count > room, let gone = wall.names.firstIndex(where: { !here.contains($0) }) {
            wall.names.remove(at: gone)
            if gone < wall.focus { wall.focus -= 1 }
            if let next = come.popFirst() { wall.names.append(next) }
        }
        let joined = come.prefix(max(0, FollowedLog.mostOrigins - wall.names.count))
        wall.names += joined
        wall.others = come.count - joined.count
    }

    private mutating func change(_ wall: LogWall) {
        guard let index = layers.firstIndex(where: { if case .wall = $0 { true } else { false } }) else { return }
        layers[index] = .wall(wall)
    }

    /// The number of the log in a tile, counted as the names are.
    func wallLog(_ wall: LogWall, _ tile: Int) -> FollowedLog? {
        guard wall.names.indices.contains(tile) else { return nil }
        return engine.wall.first { $0.subject == .named(wall.names[tile]) }
    }

    // MARK: Keys and wheel

    mutating func handle(_ key: Key, on wall: LogWall) -> [Effect] {
        var wall = wall
        let count = engine.wall.count
        let page = max(1, textArea(of: wall, tile: wall.focus).height - 1)
        switch key {
        case .escape, .character("q"):
            if wall.isZoomed, key == .escape { wall.isZoomed = false } else { return closeWall() }
        case .tab where count > 0: wall.focus = (wall.focus + 1) % count
        case .backTab where count > 0: wall.focus = (wall.focus + count - 1) % count
        case .left, .right, .up, .down:
            guard !wall.isZoomed else {
                if key == .up || key == .down { scroll(wall, tile: wall.focus, key == .up ? -1 : 1) }
                return []
            }
            wall.focus = layout(of: wall).tile(beside: wall.focus, key) ?? wall.focus
        case .enter, .character("z"): wall.isZoomed.toggle()
        case .character("j"): scroll(wall, tile: wall.focus, 1)
        case .character("k"): scroll(wall, tile: wall.focus, -1)
        case .pageDown, .character(" "): scroll(wall, tile: wall.focus, page)
        case .pageUp: scroll(wall, tile: wall.focus, -page)
        case .home, .character("g"): scroll(wall, tile: wall.focus, -1_000_000_000)
        case .end, .character("G"): scroll(wall, tile: wall.focus, 1_000_000_000)
        case .character("f"):
            for index in engine.wall.indices { engine.wall[index].follow() }
            tell(.note, "all of them follow their newest lines")
        case .character("w"): logView.wraps.toggle()
        case .character("t"): logView.times = logView.times.next
        case .character("l"):
            guard let id = wallLog(wall, wall.focus)?.origins.last?.container, engine.containers[id] != nil else {
                tell(.note, "that container is gone")
                return []
            }
            _ = closeWall()
            merged = nil
            go(to: id)
            return show(.logs)
        default: return []
        }
        change(wall)
        return []
    }

    private mutating func closeWall() -> [Effect] {
        layers.removeAll { if case .wall = $0 { true } else { false } }
        return []
    }

    /// Where the lines of a tile stand.
    func textArea(of wall: LogWall, tile: Int) -> Rect {
        let tiles = layout(of: wall).tiles
        let place = wall.isZoomed ? 0 : tile
        return tiles.indices.contains(place) ? tiles[place].inset(by: 1) : Rect(x: 0, y: 0, width: 0, height: 0)
    }

    mutating func scroll(_ wall: LogWall, tile: Int, _ rows: Int) {
        guard let log = wallLog(wall, tile), !log.store.isEmpty,
            let index = engine.wall.firstIndex(where: { $0.id == log.id })
        else { return }
        if let position = LogWindow(log, logView, in: textArea(of: wall, tile: tile)).scrolled(by: rows) {
            engine.wall[index].stand(at: position)
        } else {
            engine.wall[index].follow()
        }
    }
}
