import Terminal

/// The logs of several containers side by side, each with its name on top.
enum WallLayer {
    static func draw(_ wall: LogWall, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let layout = state.layout(of: wall)
        let area = Rect(x: 0, y: 1, width: state.size.width, height: state.layout.flash.y - 1)
        frame.fill(
            Rect(x: 0, y: 1, width: area.width, height: state.layout.cost.isEmpty ? area.height : area.height - 1), " ",
            style: theme[.text])
        frame.spot(area, .nothing)
        if wall.names.isEmpty {
            frame.put(
                "No container is part of \(Sanitiser.clean(wall.subject.title)) now. Esc leaves.", x: 2, y: 2,
                width: area.width - 4, style: theme[.dim])
        }
        for (place, rect) in layout.tiles.enumerated() {
            let tile = wall.isZoomed ? wall.focus : place
            guard let log = state.wallLog(wall, tile) else { continue }
            draw(log, rect, isFocused: tile == wall.focus, &frame, state)
            frame.spot(rect, .item(tile))
        }
        if layout.leftOut > 0 {
            let names = wall.names.suffix(layout.leftOut - wall.others).map { Sanitiser.clean($0) }
            frame.put(
                "no room for \(layout.leftOut) more: \(names.joined(separator: ", "))", x: 1, y: layout.foot.y,
                width: layout.foot.width - 2, style: theme[.note])
        }
    }

    private static func draw(
        _ log: FollowedLog, _ rect: Rect, isFocused: Bool, _ frame: inout Frame, _ state: State
    ) {
        let theme = state.theme
        let container = log.origins.last.flatMap { state.engine.containers[$0.container] }
        var title = [container?.mark ?? Span("·", .dim), Span(" ")]
        title.append(Span(Sanitiser.clean(log.subject.title), isFocused ? .titleFocused : .title))
        frame.box(rect, border: theme[isFocused ? .borderFocused : .border], title: title, theme: theme)
        let inside = rect.inset(by: 1)
        guard !inside.isEmpty else { return }
        let note = LogsDetail.draw(log, &frame, inside, state)
        // What stands still must say so; that a log follows goes without saying where there is no room for it.
        let width = TextWidth.of(note.text) + 2
        guard note.role != nil || width + 4 <= rect.width else { return }
        let x = max(rect.x + 1, rect.maxX - width - 1)
        frame.put(
            " \(note.text) ", x: x, y: rect.maxY - 1, width: rect.maxX - x - 1,
            style: note.role.map { theme[$0] } ?? theme[.dim])
    }
}
