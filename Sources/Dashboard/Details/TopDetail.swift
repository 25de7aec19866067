import EngineAPI
import Terminal

/// The processes of a container.
enum TopDetail {
    static func draw(_ frame: inout Frame, _ area: Rect, _ state: State) -> Span? {
        guard let container = state.selectedContainer, let top = state.engine.top else { return nil }
        let theme = state.theme
        guard container.isRunning else {
            Detail.explain(
                &frame, area,
                "No processes: it does not run (\(container.status(at: state.engine.engineTime(state.now)))). \(state.key(of: "container.start")) starts it.",
                theme[.dim])
            return nil
        }
        if let error = top.error {
            Detail.explain(&frame, area, "The processes could not be listed: \(error.message)", theme[.failure])
            return nil
        }
        guard let list = top.list else {
            let text = state.engine.isConnected ? "Listing processes …" : "The Engine is away."
            Detail.explain(&frame, area, text, theme[.dim])
            return nil
        }
        let rows = [list.titles] + list.processes
        let count = list.titles.count
        // Each column as wide as its widest cell, the last as wide as it is.
        let widths = (0..<count).map { column in
            rows.map { $0.count > column ? TextWidth.of($0[column]) : 0 }.max() ?? 0
        }
        let start = min(state.topScroll.row, max(0, list.processes.count - area.height + 1))
        let shown = [list.titles] + list.processes[start...].prefix(max(0, area.height - 1))
        for (row, cells) in shown.enumerated() {
            let text = cells.enumerated().map { column, cell in
                column < count - 1 ? Sanitiser.clean(cell).padded(widths[column]) : cell
            }.joined(separator: "  ")
            var style = theme[row == 0 ? .column : .text]
            let y = area.y + row
            if row > 0 { frame.spot(Rect(x: area.x, y: y, width: area.width, height: 1), .item(start + row - 1)) }
            if row > 0, state.focus == .detail, start + row - 1 == top.index {
                style = theme[.selected, over: style]
                frame.fill(Rect(x: area.x, y: y, width: area.width, height: 1), " ", style: style)
                frame.put("▌", x: area.x, y: y, width: 1, style: theme[.selectionBar, over: style])
            }
            frame.put(
                text.dropFirst(state.topScroll.column), x: area.x + 1, y: y, width: area.width - 1, style: style)
        }
        return Span("\(list.processes.count) process\(list.processes.count == 1 ? "" : "es")")
    }
}
