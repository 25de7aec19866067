import EngineAPI
import Terminal

/// The containers that mount a volume: where, and whether they can write there.
enum UsersDetail {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        let lines = lines(state)
        let start = min(state.inspectScroll.row, max(0, lines.count - area.height))
        for (row, line) in lines[start...].prefix(area.height).enumerated() {
            // Scrolled to the right: what is left of the edge is passed over.
            var skip = state.inspectScroll.column
            let shown = line.map { span in
                let hidden = min(skip, span.text.count)
                skip -= hidden
                return Span(String(span.text.dropFirst(hidden)), span.role)
            }
            frame.put(
                spans: shown, x: area.x + 1, y: area.y + row, width: area.width - 1, theme: state.theme,
                base: state.theme[.text])
        }
        guard lines.count > area.height else { return nil }
        return Span("\(start + 1)–\(start + area.height) of \(Units.count(lines.count))")
    }

    static func lines(_ state: State) -> [[Span]] {
        guard let id = state.selected, let volume = state.engine.volume(id) else { return [] }
        let use = state.engine.use(ofVolume: volume.name)
        let containers = use.all.compactMap { state.engine.containers[$0] }
        guard !containers.isEmpty else {
            return [
                [
                    Span(
                        "No container mounts it, neither running nor stopped. \(state.key(of: "volume.remove")) removes it.",
                        .dim)
                ]
            ]
        }
        let running = use.running.count
        let head =
            "\(containers.count) container\(containers.count == 1 ? " mounts" : "s mount") it, "
            + (running == 0 ? "none runs" : "\(running) run\(running == 1 ? "s" : "")")
        let width = min(40, containers.reduce(9) { max($0, TextWidth.of(Sanitiser.clean($1.name))) })
        var lines = [
            [Span(head, .dim)], [],
            [Span("  \("CONTAINER".padded(width))  \("AT, READ OR WRITTEN".padded(27))STATUS", .column)],
        ]
        for container in containers {
            let status = container.status(at: state.engine.engineTime(state.now))
            let mounts = container.summary.mounts.filter { $0.name == volume.name }
            for (index, mount) in mounts.enumerated() {
                let name = index == 0 ? Sanitiser.clean(container.name) : ""
                let place = Sanitiser.clean(mount.destination) + (mount.writable ? " (rw)" : " (ro)")
                lines.append([
                    index == 0 ? container.mark : Span(" "), Span(" \(name.padded(width))  "),
                    Span(place.padded(27), mount.writable ? nil : .note),
                    Span(index == 0 ? status : "", container.statusRole ?? .dim),
                ])
            }
        }
        return lines
    }
}
