import EngineAPI
import Terminal

/// What the Engine knows of a resource, as it sent it.
enum InspectDetail {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        guard let inspected = state.engine.inspected, inspected.tab == state.tab else { return nil }
        let theme = state.theme
        guard !inspected.lines.isEmpty else {
            if let error = inspected.error {
                Detail.explain(&frame, area, "It could not be inspected: \(error.message)", theme[.failure])
            } else {
                let text = state.engine.isConnected ? "Inspecting …" : "The Engine is away."
                Detail.explain(&frame, area, text, theme[.dim])
            }
            return nil
        }
        let scroll = state.inspectScroll
        let start = min(scroll.row, max(0, inspected.lines.count - area.height))
        for (row, line) in inspected.lines[start...].prefix(area.height).enumerated() {
            var shown = inspected.showsSecrets ? line : line.masked ?? line
            if let find = inspected.find { shown = find.marked(shown, isHere: find.line == start + row) }
            draw(shown, &frame, area, area.y + row, scroll.column, theme)
        }
        let count = inspected.lines.count
        let place = count > area.height ? "\(start + 1)–\(start + area.height) of \(Units.count(count))" : ""
        let verb = inspected.showsSecrets ? "hides" : "shows"
        let hidden = inspected.secrets == 0 ? "" : "\(state.key(of: "inspect.secrets")) \(verb) secrets"
        let hits = inspected.find.map { find in
            let lines = inspected.hits(find.text)
            let here =
                find.line.flatMap { lines.firstIndex(of: $0) }.map { "hit \(Units.count($0 + 1)) of " } ?? "hits: "
            return here + Units.count(lines.count)
        }
        // In the place of where one is: there is not much room.
        let note = [hidden, hits ?? place].filter { !$0.isEmpty }.joined(separator: " · ")
        return note.isEmpty ? nil : Span(note)
    }

    private static func draw(
        _ line: InspectLine, _ frame: inout Frame, _ area: Rect, _ y: Int, _ skip: Int, _ theme: Theme
    ) {
        var x = area.x + line.indent - skip
        for (index, part) in line.spans.enumerated() {
            var text = Substring(part.text)
            if x < area.x {
                // Scrolled to the right: what is left of the edge is passed over.
                let hidden = min(area.x - x, text.count)
                text = text.dropFirst(hidden)
                x += hidden
            }
            guard x < area.maxX, x >= area.x else { continue }
            let style = theme[part.role, over: theme[.text]]
            x += frame.put(text, x: x, y: y, width: area.maxX - x, style: style)
            if x >= area.maxX, line.spans[(index + 1)...].contains(where: { !$0.text.isEmpty }) {
                frame.put("…", x: area.maxX - 1, y: y, width: 1, style: style)
            }
        }
    }
}
