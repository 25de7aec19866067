import Terminal

/// What is shown of the selected resource: its name, the tabs, and the body of the shown one.
enum Detail {
    static func draw(_ frame: inout Frame, _ layout: Layout, _ state: State) {
        let theme = state.theme
        let focused = state.focus == .detail
        let border = theme[focused ? .borderFocused : .border]
        if layout.mode == .wide {
            frame.box(layout.detail, border: border, title: [], theme: theme)
        } else {
            frame.fill(layout.tabs, theme.borders.scalars.across, style: border)
        }
        guard state.selected != nil else {
            Strip.drawTabs(&frame, layout, state, before: layout.tabs.maxX - 2)
            frame.put(
                focused
                    ? "Nothing is selected. \(state.key(of: "view.back")) goes back to the list."
                    : "Nothing is selected.",
                x: layout.body.x + 1, y: layout.body.y, width: layout.body.width - 1, style: theme[.dim])
            return
        }
        let note: Span? =
            switch state.tab {
            case .logs: LogsDetail.draw(&frame, layout.body, state)
            case .stats: StatsDetail.draw(&frame, layout.body, state)
            case .inspect, .history, .changes, .members: InspectDetail.draw(&frame, layout.body, state)
            case .top: TopDetail.draw(&frame, layout.body, state)
            case .users: UsersDetail.draw(&frame, layout.body, state)
            }
        // The note stands in the border: below in a box, else at the right of the tabs, which give way to it.
        let width = note.map { TextWidth.of($0.text) + 2 } ?? 0
        let y = layout.mode == .wide ? layout.detail.maxY - 1 : layout.tabs.y
        let x = max(layout.detail.x + 1, layout.detail.maxX - width - 1)
        Strip.drawTabs(
            &frame, layout, state, before: note == nil || y != layout.tabs.y ? layout.tabs.maxX - 2 : x)
        guard let note else { return }
        frame.put(
            " \(note.text) ", x: x, y: y, width: layout.detail.maxX - x - 1,
            style: note.role.map { theme[$0] } ?? theme[.dim])
    }

    /// A sentence where there is nothing else to show.
    static func explain(_ frame: inout Frame, _ area: Rect, _ text: String, _ style: Style) {
        let inside = Rect(x: area.x + 1, y: area.y, width: area.width - 2, height: area.height)
        frame.put(wrapped: Sanitiser.clean(text), in: inside, style: style)
    }
}
