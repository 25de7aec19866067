import Terminal

/// Draws the whole screen: a pure function of the state.
func draw(_ state: State) -> Frame {
    var frame = Frame(size: state.size, style: state.theme[.text])
    frame.ground = state.theme.ground
    let layout = state.layout
    guard layout.mode != .tooSmall else {
        let need = "gantry needs \(Layout.minimum.width)x\(Layout.minimum.height), this is "
        frame.put(
            "\(need)\(state.size.width)x\(state.size.height)", x: 0, y: 0, width: state.size.width,
            style: state.theme[.note])
        return frame
    }
    Header.draw(&frame, layout.header, state)
    if !state.engine.isConnected, !state.engine.containersLoaded {
        StartScreen.draw(&frame, Rect(x: 0, y: 1, width: state.size.width, height: layout.flash.y - 1), state)
    } else if state.wall == nil {
        Strip.drawPanes(&frame, layout, state)
        for area in layout.panes { PaneList.draw(&frame, area, layout, state) }
        if !layout.detail.isEmpty { Detail.draw(&frame, layout, state) }
    }
    // What lies below a layer is not to be clicked; the line of keys is the topmost one's.
    if !state.layers.isEmpty { frame.forgetSpots(after: 0) }
    CostLine.draw(&frame, layout.cost, state)
    FlashLine.draw(&frame, layout.flash, state)
    KeysLine.draw(&frame, layout.keys, state)
    let spots = frame.spotCount
    for layer in state.layers {
        frame.forgetSpots(after: spots)
        LayerBox.draw(layer, &frame, state)
    }
    return frame
}

extension Frame {
    /// Puts spans one after the other, over the style that is there.
    @discardableResult
    mutating func put(
        spans: [Span], x: Int, y: Int, width: Int, theme: Theme, base: Style, cut: Cut = .end
    ) -> Int {
        var used = 0
        for (index, span) in spans.enumerated() {
            let style = span.role.map { theme[$0, over: base] } ?? base
            used += put(span.text, x: x + used, y: y, width: width - used, style: style, cut: cut)
            guard used >= width else { continue }
            // The next one begins where there is no room left: what was drawn last gives way to the sign of it.
            let isWhole = spans[(index + 1)...].allSatisfy { $0.text.allSatisfy { $0 == " " } }
            if cut != .none, !isWhole, width > 0 { put("…", x: x + width - 1, y: y, width: 1, style: style) }
            break
        }
        return used
    }

    /// A box with a title in its top line.
    mutating func box(_ rect: Rect, border: Style, title: [Span], theme: Theme) {
        guard rect.width >= 2, rect.height >= 1 else { return }
        let lines = theme.borders.scalars
        let (left, right, bottom) = (rect.x, rect.maxX - 1, rect.maxY - 1)
        func draw(_ scalar: Unicode.Scalar, _ x: Int, _ y: Int, width: Int = 1, height: Int = 1) {
            fill(Rect(x: x, y: y, width: width, height: height), scalar, style: border)
        }
        draw(lines.across, left, rect.y, width: rect.width)
        draw(lines.corners[0], left, rect.y)
        draw(lines.corners[1], right, rect.y)
        if rect.height > 1 {
            draw(lines.across, left, bottom, width: rect.width)
            draw(lines.corners[2], left, bottom)
            draw(lines.corners[3], right, bottom)
            draw(lines.down, left, rect.y + 1, height: rect.height - 2)
            draw(lines.down, right, rect.y + 1, height: rect.height - 2)
        }
        guard !title.isEmpty else { return }
        put(
            spans: [Span(" ")] + title + [Span(" ")], x: rect.x + 1, y: rect.y, width: rect.width - 2, theme: theme,
            base: theme[.title])
    }

    /// Text broken at spaces into the lines of an area; what does not fit ends in `…`.
    mutating func put(wrapped text: String, in area: Rect, style: Style) {
        for (row, line) in text.wrapped(area.width).prefix(area.height).enumerated() {
            put(line, x: area.x, y: area.y + row, width: area.width, style: style)
        }
    }
}

extension String {
    /// The text in lines of at most so many columns, broken at spaces where there are any.
    func wrapped(_ width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                var word = word
                if !line.isEmpty, TextWidth.of(line) + 1 + TextWidth.of(word) > width {
                    lines.append(line)
                    line = ""
                }
                while TextWidth.of(word) > width {
                    let head = word.prefix(max(1, width / 2))
                    lines.append(String(head))
                    word = word.dropFirst(head.count)
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            lines.append(line)
        }
        return lines
    }
}
