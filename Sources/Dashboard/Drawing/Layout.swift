import Terminal

/// Where everything stands on a screen of one size: the one source for drawing, scrolling and the mouse.
struct Layout: Sendable {
    enum Mode: Sendable {
        /// Lists on the left, details on the right, in boxes.
        case wide
        /// The list above, the details below.
        case stacked
        /// Either the list or the details.
        case single
        /// Only a line that says how large the terminal has to be.
        case tooSmall
    }

    /// Where a pane's list stands.
    struct PaneArea: Sendable {
        let kind: PaneKind
        /// The box, in the wide layout; its top line carries the title.
        let frame: Rect
        /// The column titles; empty when there is no room for rows.
        let columns: Rect
        let rows: Rect
    }

    /// A border that can be taken hold of.
    enum Border: Sendable, Equatable {
        /// Between lists and details.
        case details
        /// Above a pane's box, so many lines below the place where it is held.
        case pane(PaneKind, below: Int)
    }

    let mode: Mode
    let header: Rect
    /// The strip with the panes' names, where they have no boxes.
    let paneStrip: Rect
    let panes: [PaneArea]
    /// The box of the details in the wide layout, else their area.
    let detail: Rect
    /// The line with the tabs.
    let tabs: Rect
    let body: Rect
    /// The line that says what Gantry costs; empty when nobody wants to know.
    let cost: Rect
    let flash: Rect
    let keys: Rect
    /// The border between lists and details, which can be moved; empty when there is but one of them.
    let split: Rect
    /// Whether boxes that share a column keep their shares, so that the borders between them can be moved.
    let keepsShares: Bool

    static let minimum = Size(width: 40, height: 10)

    init(_ state: State) {
        let size = state.size
        let none = Rect(x: 0, y: 0, width: 0, height: 0)
        func line(_ y: Int, x: Int = 0, width: Int? = nil) -> Rect {
            Rect(x: x, y: y, width: width ?? size.width, height: 1)
        }
        header = line(0)
        let below = state.showsCost ? 3 : 2
        cost = state.showsCost ? line(size.height - 3) : none
        flash = line(size.height - 2)
        keys = line(size.height - 1)
        guard size.width >= Self.minimum.width, size.height >= Self.minimum.height else {
            (mode, paneStrip, panes, detail, tabs, body) = (.tooSmall, none, [], none, none, none)
            (split, keepsShares) = (none, false)
            return
        }
        let wanted = Self.mode(state.settings.layout, size)
        let middle = Rect(x: 0, y: 1, width: size.width, height: size.height - 1 - below)
        keepsShares = wanted == .wide && Self.keepsShares(state, middle.height)
        if wanted == .wide {
            mode = .wide
            paneStrip = none
            let showList = !(state.zoomed && state.focus == .detail)
            let showDetail = !(state.zoomed && state.focus == .list)
            let left = !showList ? 0 : !showDetail ? size.width : Self.left(state.remembered.splits, size.width)
            split =
                showList && showDetail ? Rect(x: left - 1, y: 1, width: 2, height: middle.height) : none
            panes = showList ? Self.boxes(state, Rect(x: 0, y: 1, width: left, height: middle.height)) : []
            if showDetail {
                detail = Rect(x: left, y: 1, width: size.width - left, height: middle.height)
                tabs = line(1, x: left, width: size.width - left)
                body = detail.inset(by: 1)
            } else {
                (detail, tabs, body) = (none, none, none)
            }
            return
        }
        let single = wanted == .single || state.zoomed
        mode = single ? .single : .stacked
        let showList = !single || state.focus == .list
        let showDetail = !single || state.focus == .detail
        paneStrip = line(1)
        let bottom = middle.maxY
        var top = 2
        if showList {
            let room = bottom - top - 1
            let height = single ? room : Self.listHeight(state, room)
            panes = [
                PaneArea(
                    kind: state.pane, frame: Rect(x: 0, y: top, width: size.width, height: height + 1),
                    columns: line(top), rows: Rect(x: 0, y: top + 1, width: size.width, height: height))
            ]
            top += height + 1
        } else {
            panes = []
        }
        if showDetail {
            detail = Rect(x: 0, y: top, width: size.width, height: bottom - top)
            tabs = line(top)
            body = Rect(x: 0, y: top + 1, width: size.width, height: bottom - top - 1)
        } else {
            (detail, tabs, body) = (none, none, none)
        }
        split = single ? none : tabs
    }

    /// How a screen is laid out: as it is wanted, where there is room for that.
    static func mode(_ choice: LayoutChoice, _ size: Size) -> Mode {
        switch choice {
        case .side where choice.fits(size): return .wide
        case .stacked where choice.fits(size): return .stacked
        case .single: return .single
        default:
            if size.width >= 120 && size.height >= 16 { return .wide }
            return size.width >= 60 && size.height >= 18 ? .stacked : .single
        }
    }

    // MARK: Shares

    /// How many columns the lists have, side by side.
    private static func left(_ splits: Splits, _ width: Int) -> Int {
        let columns =
            splits.side.map { (min(max($0, 0), 1_000) * width + 500) / 1_000 } ?? min(max(width * 12 / 20, 66), 130)
        return min(max(columns, 30), width - 28)
    }

    /// How many rows a list has above the details, of so many.
    private static func listHeight(_ state: State, _ room: Int) -> Int {
        if let share = state.remembered.splits.stacked {
            return min(max((min(max(share, 0), 1_000) * room + 500) / 1_000, 2), room - 4)
        }
        // Half the screen for the list, less when there is little in it, so that the log gets the rest.
        return min(room / 2, max(Pane.of(state.pane).count(state.engine), 4))
    }

    /// The shares with which the border stands at a column, or at a row, of the screen.
    func splits(movedTo x: Int, _ y: Int, _ splits: Splits) -> Splits {
        var splits = splits
        switch mode {
        case .wide where !split.isEmpty:
            let width = header.width
            splits.side = (min(max(x, 30), width - 28) * 1_000 + width / 2) / width
        case .stacked where !split.isEmpty:
            let room = max(1, tabs.y + detail.height - 3)
            splits.stacked = (min(max(y - 3, 2), room - 4) * 1_000 + room / 2) / room
        default: break
        }
        return splits
    }

    /// The border at a place of the screen.
    func border(at x: Int, _ y: Int) -> Border? {
        if split.contains(x: x, y: y) { return .details }
        guard mode == .wide else { return nil }
        // The line that ends the box above is the border as well.
        for (above, area) in zip(panes, panes.dropFirst()) where area.frame.y == y || above.frame.maxY - 1 == y {
            guard area.frame.contains(x: x, y: area.frame.y), !area.rows.isEmpty, openPane(above: area.kind) != nil
            else { continue }
            return .pane(area.kind, below: area.frame.y - y)
        }
        return nil
    }

    /// The shares with which a pane's box begins at a line of the screen. The box that is moved towards gives its rows,
    /// and when it has but one left, those behind it do.
    func splits(withTopOf kind: PaneKind, at y: Int, _ splits: Splits) -> Splits {
        guard keepsShares, let area = area(of: kind), let above = openPane(above: kind) else { return splits }
        let (step, least) = (y - area.frame.y, Self.frame + 1)
        let open = panes.filter { !$0.rows.isEmpty }
        let behind =
            step < 0 ? open.reversed().drop { $0.kind.rawValue >= kind.rawValue } : open.drop { $0.kind != kind }
        let taker = step < 0 ? area : above
        var heights = [taker.kind: taker.frame.height]
        var left = abs(step)
        for box in behind {
            let given = min(left, box.frame.height - least)
            guard given > 0 else { continue }
            heights[box.kind] = box.frame.height - given
            heights[taker.kind, default: 0] += given
            left -= given
        }
        guard left < abs(step) else { return splits }
        var splits = splits
        let whole = panes.reduce(0) { $0 + $1.frame.height }
        for (kind, height) in heights where kind != .containers {
            splits.panes[kind] = (height * 1_000 + whole / 2) / whole
        }
        return splits
    }

    private func openPane(above kind: PaneKind) -> PaneArea? {
        panes.last { $0.kind.rawValue < kind.rawValue && !$0.rows.isEmpty }
    }

    // MARK: Boxes

    /// Boxes one under the other: the shown pane takes what the others leave.
    private static func boxes(_ state: State, _ area: Rect) -> [PaneArea] {
        let heights = keepsShares(state, area.height) ? shared(state, area) : folded(state, area)
        var y = area.y
        return PaneKind.allCases.compactMap { kind in
            let height = heights[kind] ?? 0
            guard height > 0 else { return nil }
            defer { y += height }
            let box = Rect(x: area.x, y: y, width: area.width, height: height)
            let inside = Rect(x: area.x + 1, y: y + 2, width: area.width - 2, height: max(0, height - frame))
            return PaneArea(
                kind: kind, frame: box,
                columns: Rect(x: area.x + 1, y: y + 1, width: area.width - 2, height: min(1, max(0, height - frame))),
                rows: inside)
        }
    }

    /// Lines of a box that are no rows.
    private static let frame = 3

    private static func keepsShares(_ state: State, _ height: Int) -> Bool {
        !state.settings.accordion && !state.zoomed && height >= 20
    }

    /// Each pane keeps its share, whichever is shown: the containers what the others leave. Events and the system have
    /// but their title lines until they are shown, which is at the cost of the containers.
    private static func shared(_ state: State, _ area: Rect) -> [PaneKind: Int] {
        var heights: [PaneKind: Int] = [:]
        let (share, least) = (max(4, (area.height - 2) / 6), frame + 1)
        let chosen = state.remembered.splits.panes.mapValues { share in
            max((min(max(share, 0), 1_000) * area.height + 500) / 1_000, least)
        }
        for kind in PaneKind.allCases where kind != .containers {
            heights[kind] =
                PaneKind.listed.contains(kind)
                ? chosen[kind] ?? min(share, max(Pane.of(kind).count(state.engine), 1) + frame) : 1
        }
        var left: Int { area.height - heights.values.reduce(0, +) }
        if !PaneKind.listed.contains(state.pane) {
            heights[state.pane] = chosen[state.pane] ?? 1 + (left >= 12 ? left / 2 : left - 1)
        }
        // The containers keep a row, at the cost of who has most.
        while left < least, let most = heights.max(by: { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }),
            most.value > least
        {
            heights[most.key] = most.value - 1
        }
        heights[.containers] = left
        return heights
    }

    /// The shown pane opens, and the others fold.
    private static func folded(_ state: State, _ area: Rect) -> [PaneKind: Int] {
        // A pane that is not shown keeps its title line, and where the screen is high a few rows: what the shown one
        // does not need, shared evenly.
        let others = PaneKind.allCases.filter { $0 != state.pane }
        let need = min(Pane.of(state.pane).count(state.engine), area.height / 2) + frame
        let listed = others.filter { PaneKind.listed.contains($0) }
        let share = max(4, (area.height - need - (others.count - listed.count)) / max(1, listed.count) - frame)
        var heights: [PaneKind: Int] = [:]
        for kind in others {
            let rows =
                area.height < 34 || !listed.contains(kind) ? 0 : min(share, max(Pane.of(kind).count(state.engine), 1))
            heights[kind] = state.zoomed ? 0 : rows == 0 ? 1 : rows + frame
        }
        heights[state.pane] = area.height - heights.values.reduce(0, +)
        return heights
    }

    func area(of kind: PaneKind) -> PaneArea? { panes.first { $0.kind == kind } }
}

extension State {
    var layout: Layout { Layout(self) }

    /// The rows of a pane that are on the screen.
    func visibleRows(_ kind: PaneKind) -> ArraySlice<ResourceID> {
        guard let area = layout.area(of: kind), area.rows.height > 0 else { return [] }
        let rows = rows(kind)
        let offset = min(max(self[list: kind].offset, 0), max(0, rows.count - area.rows.height))
        return rows[offset..<min(rows.count, offset + area.rows.height)]
    }
}
