import EngineAPI
import FoundationEssentials
import Terminal

/// The choice of what is cleaned up, with the list of what would go, until it is answered.
struct CleanupView: Sendable {
    /// A line of it.
    enum Row: Hashable, Sendable {
        case kind(CleanupKind)
        case item(CleanupKind, Int)
    }

    let engine: EngineID
    /// Counts the times that the Engine was asked, of all views: an answer to an older question is not heard.
    private(set) var revision: Int
    /// Since when an answer is waited for.
    private(set) var askedSince: Date
    private(set) var chosen: Set<CleanupKind>
    private(set) var filter = CleanupFilter()
    private(set) var listing: CleanupListing?
    /// Why there is none.
    private(set) var error: EngineError?
    /// What takes how much room, as it was known when the list was made.
    private(set) var use: DiskUse?
    /// The Engine's time when it was listed.
    private var listed = Date.distantPast
    private(set) var plan: CleanupPlan?
    private(set) var rows: [Row] = CleanupKind.allCases.map { .kind($0) }
    /// All that would go, and what it is together.
    private(set) var items: [CleanupItem] = []
    private(set) var sum = CleanupSum([])
    var cursor = 0
    var offset = 0

    init(engine: EngineID, chosen: Set<CleanupKind>, revision: Int, now: Date) {
        self.engine = engine
        self.chosen = chosen
        self.revision = revision
        askedSince = now
    }

    /// Whether the Engine has said what there is, or that it cannot.
    private(set) var isAnswered = false
    /// Whether it can be answered.
    var isListed: Bool { plan != nil }

    // MARK: What changes it

    mutating func ask(revision: Int, now: Date) {
        self.revision = revision
        askedSince = now
        isAnswered = false
    }

    mutating func take(_ answer: Result<CleanupListing, EngineError>, use: DiskUse?, at time: Date) {
        isAnswered = true
        switch answer {
        case .success(let listing):
            self.listing = listing
            error = nil
        case .failure(let error): self.error = error
        }
        listed = time
        self.use = use
        make()
    }

    /// Sizes have come, and with them the builder's cache.
    mutating func take(use: DiskUse) {
        self.use = use
        make()
    }

    mutating func toggle(_ kind: CleanupKind) {
        if chosen.remove(kind) == nil { chosen.insert(kind) }
        make()
        if let index = rows.firstIndex(of: .kind(kind)) { cursor = index }
    }

    /// All that nobody wanted to keep, or nothing.
    mutating func toggleAll() {
        chosen = CleanupKind.harmless.isSubset(of: chosen) ? [] : chosen.union(CleanupKind.harmless)
        make()
    }

    mutating func set(_ filter: CleanupFilter) {
        self.filter = filter
        make()
    }

    private mutating func make() {
        let here = cursor < rows.count ? rows[cursor] : nil
        plan = listing.map { CleanupPlan($0, use, filter, going: chosen, now: listed) }
        rows = CleanupKind.allCases.flatMap { kind -> [Row] in
            let count = chosen.contains(kind) ? plan?.items[kind]?.count ?? 0 : 0
            return [.kind(kind)] + (0..<count).map { .item(kind, $0) }
        }
        items = plan?.items(of: chosen) ?? []
        sum = CleanupSum(items)
        cursor = here.flatMap { rows.firstIndex(of: $0) } ?? min(cursor, rows.count - 1)
    }

    /// Moves to another line.
    mutating func move(to index: Int, height: Int) {
        cursor = min(max(0, index), rows.count - 1)
        keepVisible(height)
    }

    mutating func keepVisible(_ height: Int) {
        if cursor >= offset + height { offset = cursor - height + 1 }
        if cursor < offset { offset = cursor }
        offset = min(max(0, offset), max(0, rows.count - height))
    }

    /// The kind of the line one is at.
    var kind: CleanupKind {
        switch rows[cursor] {
        case .kind(let kind), .item(let kind, _): kind
        }
    }
}

extension State {
    /// The cleaning that is being chosen.
    var cleanup: CleanupView? {
        get {
            for case .cleanup(let view) in layers.reversed() { return view }
            return nil
        }
        set {
            guard let index = layers.lastIndex(where: { if case .cleanup = $0 { true } else { false } }) else { return }
            if var view = newValue {
                view.keepVisible(CleanupLayer.listHeight(view, self))
                layers[index] = .cleanup(view)
            } else {
                layers.remove(at: index)
            }
        }
    }

    /// Asks the Engine what could go, and lets one choose.
    mutating func openCleanup(_ chosen: Set<CleanupKind>) {
        cleanupsAsked += 1
        layers.append(.cleanup(CleanupView(engine: current, chosen: chosen, revision: cleanupsAsked, now: now)))
        engine.disk.askAnew(now)
    }

    /// What would go from where one is.
    var cleanupSuggestion: Set<CleanupKind> {
        switch (pane, selected) {
        case (.containers, _), (_, .system(.containers)?): [.containers]
        case (.images, _), (_, .system(.images)?): [.danglingImages]
        case (.volumes, _), (_, .system(.volumes)?): [.anonymousVolumes]
        case (.networks, _): [.networks]
        case (_, .system(.buildCache)?): [.buildCache]
        // As docker's system prune.
        default: [.containers, .danglingImages, .networks, .buildCache]
        }
    }

    mutating func take(_ answer: Result<CleanupListing, EngineError>, cleanup revision: Int, of id: EngineID) {
        guard var view = cleanup, view.revision == revision, view.engine == id, let engine = engines[id] else { return }
        view.take(answer, use: engine.disk.use, at: engine.engineTime(now))
        cleanup = view
    }

    /// A key while one chooses.
    mutating func handle(_ key: Key, on view: CleanupView) -> [Effect] {
        var view = view
        let height = CleanupLayer.listHeight(view, self)
        switch key {
        case .down, .character("j"): view.move(to: view.cursor + 1, height: height)
        case .up, .character("k"): view.move(to: view.cursor - 1, height: height)
        case .pageDown, .ctrl("d"): view.move(to: view.cursor + height, height: height)
        case .pageUp, .ctrl("u"): view.move(to: view.cursor - height, height: height)
        case .home, .character("g"): view.move(to: 0, height: height)
        case .end, .character("G"): view.move(to: view.rows.count - 1, height: height)
        case .character(" "), .enter: view.toggle(view.kind)
        case .character("a"): view.toggleAll()
        case .character("u"):
            ask(
                Ask(
                    label: "only what is older than ", hint: "24h · 7d · 1h30m; empty: all", verb: "take",
                    check: { text, _ in CleanupFilter.problem(withAge: text) }, takesNothing: true,
                    accept: { text, state in
                        state.changeCleanupFilter { $0.until = text }
                        return []
                    }), text: view.filter.until)
            return []
        case .character("l"):
            ask(
                Ask(
                    label: "only what has the labels ", hint: "key · key=value · !key; empty: all", verb: "take",
                    check: { text, _ in CleanupFilter.problem(withLabels: text) }, takesNothing: true,
                    accept: { text, state in
                        state.changeCleanupFilter { $0.labels = text.split(separator: " ").map(String.init) }
                        return []
                    }), text: view.filter.labels.joined(separator: " "))
            return []
        case .character("r"):
            cleanupsAsked += 1
            view.ask(revision: cleanupsAsked, now: now)
            engines[view.engine]?.disk.askAnew(now)
        case .character("y"): return clean(view)
        case .escape, .character("n"), .character("q"):
            layers.removeLast()
            tell(.note, "nothing was removed")
            return []
        case .character(let character):
            guard let kind = CleanupKind.allCases.first(where: { $0.key == character }) else { return [] }
            view.toggle(kind)
        default: return []
        }
        cleanup = view
        return []
    }

    private mutating func changeCleanupFilter(_ change: (inout CleanupFilter) -> Void) {
        guard var view = cleanup else { return }
        var filter = view.filter
        change(&filter)
        view.set(filter)
        cleanup = view
    }

    private mutating func clean(_ view: CleanupView) -> [Effect] {
        guard engines[view.engine]?.isConnected == true else {
            tell(.failure, "the Engine is not reachable: nothing was sent")
            return []
        }
        guard view.isListed else {
            tell(.note, view.error == nil ? "it is still being listed" : "nothing could be listed: r tries again")
            return []
        }
        let items = view.items
        guard !items.isEmpty else {
            tell(.note, view.chosen.isEmpty ? "nothing is chosen: Space chooses" : "there is nothing of it to remove")
            return []
        }
        layers.removeLast()
        // What was told before the question is no measure of what goes: others have written since.
        let disk = engines[view.engine]?.disk
        let before = disk?.askedSince == nil && disk?.error == nil ? disk?.total : nil
        return start(CleanupJob(items: items, docker: cleanupCommand(view), before: before))
    }

    /// The docker commands that do the same.
    func cleanupCommand(_ view: CleanupView) -> String {
        let isOld = engines[view.engine]?.version.map { $0.api < APIVersion(1, 42) } ?? false
        return CleanupCommandLine.of(view.chosen, view.filter, view.items, isOld: isOld)
    }
}
