import Terminal

/// The files of a container.
enum FilesLayer {
    /// How many rows of files there is room for.
    static func height(_ size: Size) -> Int { max(1, size.height - 8) }

    static func draw(_ browser: FileBrowser, _ frame: inout Frame, _ state: State) {
        let theme = state.theme
        let height = height(state.size)
        let width = LayerBox.boxWidth(state.size)
        let rect = Rect(
            x: (state.size.width - width) / 2, y: max(0, (state.size.height - height - 4) / 2), width: width,
            height: height + 4)
        let title = browser.volume.map { "What is in \($0.name)" } ?? "Files of \(browser.name)"
        LayerBox.clear(&frame, rect, theme, title: Sanitiser.clean(title))
        let inside = Rect(x: rect.x + 2, y: rect.y + 1, width: rect.width - 4, height: height)
        frame.put(
            Sanitiser.clean(browser.shownPath), x: inside.x, y: inside.y, width: inside.width,
            style: theme[.strong, over: theme[.layer]], cut: .middle)
        // The way up.
        frame.spot(Rect(x: inside.x, y: inside.y, width: inside.width, height: 1), .key(.left))
        let rows = Rect(x: inside.x, y: inside.y + 1, width: inside.width, height: height)
        switch browser.content {
        case .loading(let bytes):
            let read = bytes > 0 ? " \(Units.bytes(Double(bytes))) of its archive" : ""
            frame.put(
                browser.isReady ? "reading\(read) …" : "making a container that mounts it …", x: rows.x, y: rows.y,
                width: rows.width, style: theme[.acting, over: theme[.layer]])
        case .failed(let reason):
            frame.put(
                wrapped: "✕ \(Sanitiser.clean(reason))", in: rows, style: theme[.failure, over: theme[.layer]])
        case .listed(let listing):
            if listing.files.isEmpty {
                frame.put(
                    "nothing is in it: i copies something in, ← goes up", x: rows.x, y: rows.y, width: rows.width,
                    style: theme[.dim, over: theme[.layer]])
            }
            for (row, file) in listing.files.dropFirst(browser.offset).prefix(height).enumerated() {
                let line = Rect(x: rows.x - 1, y: rows.y + row, width: rows.width + 2, height: 1)
                draw(file, isSelected: browser.offset + row == browser.index, &frame, line, state)
                frame.spot(line, .item(browser.offset + row))
            }
            foot(listing, browser, &frame, Rect(x: inside.x, y: rows.maxY, width: inside.width, height: 1), theme)
        }
    }

    private static func draw(
        _ file: ContainerFile, isSelected: Bool, _ frame: inout Frame, _ line: Rect, _ state: State
    ) {
        let theme = state.theme
        let base = theme[isSelected ? .choiceSelected : .layer]
        frame.fill(line, " ", style: base)
        if isSelected { frame.put("▸", x: line.x, y: line.y, width: 1, style: base) }
        // Bits, size and time are first to go where there is no room.
        var x = line.x + 1
        if line.width >= 70 {
            let role: Role = isSelected ? .choiceSelected : .dim
            x += frame.put(bits(file), x: x, y: line.y, width: 10, style: theme[role, over: base]) + 1
        }
        let size = file.kind == .file ? Units.bytes(Double(file.size)) : ""
        let sizeWidth = TextWidth.of(size)
        frame.put(size, x: x + max(0, 6 - sizeWidth), y: line.y, width: 6, style: base)
        x += 8
        if line.width >= 60, file.modified > 0 {
            let seconds = state.engine.engineTime(state.now).timeIntervalSince1970 - Double(file.modified)
            let age = seconds >= 0 ? Units.shortDuration(seconds) + " ago" : "ahead"
            let role: Role = isSelected ? .choiceSelected : .dim
            frame.put(age, x: x, y: line.y, width: 9, style: theme[role, over: base])
        }
        if line.width >= 60 { x += 10 }
        let mark = file.kind == .folder ? "/" : file.kind == .link ? "@" : ""
        let target = file.target.isEmpty ? "" : " → \(Sanitiser.clean(file.target))"
        let role: Role? = isSelected ? nil : file.kind == .folder ? .key : file.kind == .special ? .dim : nil
        frame.put(
            spans: [Span(Sanitiser.clean(file.name) + mark, role), Span(target, isSelected ? nil : .dim)], x: x,
            y: line.y,
            width: line.maxX - x - 1, theme: theme, base: base, cut: .middle)
    }

    private static func bits(_ file: ContainerFile) -> String {
        let kind: Character =
            switch file.kind {
            case .folder: "d"
            case .link: "l"
            case .special: "?"
            case .file: "-"
            }
        var text = String(kind)
        for shift in [6, 3, 0] {
            for (bit, letter) in [(4, "r"), (2, "w"), (1, "x")] {
                text += file.mode >> UInt32(shift) & UInt32(bit) != 0 ? letter : "-"
            }
        }
        return text
    }

    private static func foot(
        _ listing: FileListing, _ browser: FileBrowser, _ frame: inout Frame, _ area: Rect, _ theme: Theme
    ) {
        let count = listing.files.count
        let way = browser.way ?? (listing.way == .exec ? "" : " · read from the archive")
        let text = listing.cut ?? "\(Units.count(count)) name\(count == 1 ? "" : "s")\(way)"
        let role: Role = listing.cut == nil ? .dim : .note
        frame.put(text, x: area.x, y: area.y, width: area.width, style: theme[role, over: theme[.layer]])
    }

    static let hints: [(key: String, title: String)] = [
        ("Enter", "into it"), ("←", "up"), ("o", "copy out"), ("i", "copy in"), ("/", "go to"), ("r", "read again"),
        ("Esc", "close"),
    ]
}

extension FileBrowser {
    /// Through what one sees a volume; nil for a container's own files.
    fileprivate var way: String? {
        guard let volume else { return nil }
        let name = Sanitiser.clean(name)
        guard let temporary else { return " · through \(name), at \(Sanitiser.clean(volume.root))" }
        return " · through a container made for this: \(name), of \(Sanitiser.clean(temporary.imageName))"
    }
}
