import EngineAPI
import FoundationEssentials
import Terminal

/// Boxes over the panes: questions, help, journal.
enum LayerBox {
    static func draw(_ layer: Layer, _ frame: inout Frame, _ state: State) {
        switch layer {
        case .question(let question): QuestionLayer.draw(question, &frame, state)
        case .help, .palette, .actions: ChoiceLayer.draw(layer, &frame, state)
        case .keys(let keys, let scroll):
            let lines = keys.lines(width: boxWidth(state.size) - 4)
            text(&frame, state, title: "Keys of \(keys.title)", lines: lines, scroll: scroll)
        case .tour: TourLayer.draw(&frame, state)
        case .journal(let scroll):
            let width = boxWidth(state.size) - 4
            text(&frame, state, title: "Journal", lines: JournalLayer.lines(state, width: width), scroll: scroll)
        case .prompt: break
        case .form(let form): FormLayer.draw(form, &frame, state)
        case .menu(let menu): MenuLayer.draw(menu, &frame, state)
        case .health(let container, let scroll):
            let name = state.engine.containers[container].map { Sanitiser.clean($0.name) } ?? "a container that is gone"
            let lines = HealthLayer.lines(container, state, width: boxWidth(state.size) - 4)
            text(&frame, state, title: "Health of \(name)", lines: lines, scroll: scroll)
        case .files(let browser): FilesLayer.draw(browser, &frame, state)
        case .cleanup(let view): CleanupLayer.draw(view, &frame, state)
        case .job(let number): JobLayer.draw(number, &frame, state)
        case .totals(let view): TotalsLayer.draw(view, &frame, state)
        case .columns(let view): ColumnsLayer.draw(view, &frame, state)
        case .wall(let wall): WallLayer.draw(wall, &frame, state)
        }
    }

    static func boxWidth(_ size: Size) -> Int { min(size.width - 2, 110) }

    /// How many lines of a text a box shows: what happens meanwhile is said in the line below.
    static func textHeight(_ size: Size, lines: Int) -> Int { min(lines, size.height - 5) }

    /// A box with text that can be scrolled.
    static func text(_ frame: inout Frame, _ state: State, title: String, lines: [[Span]], scroll: Scroll) {
        let theme = state.theme
        let height = textHeight(state.size, lines: lines.count)
        let width = boxWidth(state.size)
        let rect = Rect(
            x: (state.size.width - width) / 2, y: max(0, (state.size.height - height - 2) / 2), width: width,
            height: height + 2)
        clear(&frame, rect, theme, title: title)
        let start = min(scroll.row, max(0, lines.count - height))
        for row in 0..<height {
            frame.put(
                spans: lines[start + row], x: rect.x + 2, y: rect.y + 1 + row, width: rect.width - 4, theme: theme,
                base: theme[.layer])
        }
        place(start..<start + height, of: lines.count, &frame, before: rect.maxX - 2, y: rect.maxY - 1, theme)
    }

    /// Which of so many lines are shown, where that is not all, ending before a column.
    static func place(
        _ shown: Range<Int>, of count: Int, _ frame: inout Frame, before end: Int, y: Int, _ theme: Theme
    ) {
        guard shown.count < count else { return }
        let text = " \(Units.count(shown.lowerBound + 1))–\(Units.count(shown.upperBound)) of \(Units.count(count)) "
        frame.put(text, x: end - text.count, y: y, width: text.count, style: theme[.layerBorder])
    }

    static func clear(_ frame: inout Frame, _ rect: Rect, _ theme: Theme, title: String) {
        // What the box cuts off is not to be read together with it.
        let around = Rect(x: rect.x - 1, y: rect.y, width: rect.width + 2, height: rect.height)
        frame.fill(around, " ", style: theme[.text])
        frame.fill(rect, " ", style: theme[.layer])
        frame.spot(rect, .nothing)
        frame.box(rect, border: theme[.layerBorder], title: [], theme: theme)
        frame.put(" \(title) ", x: rect.x + 2, y: rect.y, width: rect.width - 4, style: theme[.layerTitle])
    }

    /// Makes buttons clickable, each of them two of the spans: its key, and what it does.
    static func spots(_ frame: inout Frame, of buttons: [Span], _ keys: Key..., x: Int, y: Int) {
        var x = x
        for (index, key) in keys.enumerated() {
            let title = buttons[2 * index].text + buttons[2 * index + 1].text
            let shown = TextWidth.of(title) - title.reversed().prefix { $0 == " " }.count
            frame.spot(Rect(x: x, y: y, width: shown, height: 1), .key(key))
            x += TextWidth.of(title)
        }
    }
}
