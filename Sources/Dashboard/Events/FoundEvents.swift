import EngineAPI
import Terminal

extension FoundRows {
    /// Whether it was asked for the same, of more or less events.
    fileprivate func asks(_ other: Source) -> Bool {
        source.engine == other.engine && source.filter == other.filter && source.relation == other.relation
            && source.showsChatter == other.showsChatter
    }

    /// Forgets rows of events that are no longer kept.
    fileprivate mutating func forget(before first: Int) {
        let gone = rows.prefix { if case .event(let id) = $0 { id < first } else { false } }.count
        if gone > 0 { rows.removeFirst(gone) }
    }
}

extension State {
    /// Finds the rows of the events pane while it is looked at: only what is new is looked through.
    mutating func settleEvents() {
        guard pane == .events else { return }
        let place = PaneKind.events.rawValue
        let source = source(of: .events)
        guard foundRows[place]?.source != source else { return }
        let history = engine.events
        var from = history.first
        if let found = foundRows[place], found.asks(source), let seen = found.events, seen.lowerBound <= from {
            foundRows[place]?.forget(before: from)
            from = max(from, seen.upperBound)
        } else {
            foundRows[place] = FoundRows(source: source, rows: [])
        }
        let new = eventRows(from: from, history, source)
        foundRows[place]?.rows.append(contentsOf: new)
        foundRows[place]?.source = source
        foundRows[place]?.events = history.first..<history.next
    }

    /// The rows of events from a number on that are to be shown.
    func eventRows(from id: Int, _ history: EventHistory, _ source: FoundRows.Source) -> [ResourceID] {
        var filter = RowFilter(source.filter, .events)
        let look = filterLook
        var rows: [ResourceID] = []
        for entry in history.entries(from: id) {
            // A gap belongs to whatever is looked at.
            guard source.showsChatter || !entry.isChatter,
                entry.event == nil || filter.isEmpty || filter.lets(.event(entry.id), look)
            else { continue }
            if let relation = source.relation, !engine.isMeant(entry, by: relation) { continue }
            rows.append(.event(entry.id))
        }
        return rows
    }

    /// How many there are that are not shown, and why; empty when all are.
    var eventsNote: String {
        let history = engine.events
        var parts: [String] = []
        if !showsChatter, history.chatter > 0 {
            parts.append("\(Units.count(history.chatter)) of exec and checks hidden (a)")
        }
        if history.dropped > 0 { parts.append("\(Units.count(history.dropped)) older ones dropped") }
        if case .failed(let error) = history.remembered { parts.append("no memory: \(Sanitiser.clean(error.message))") }
        return parts.joined(separator: " · ")
    }
}

extension EngineState {
    /// Whether an event has to do with what a relation means.
    func isMeant(_ entry: EventHistory.Entry, by relation: Relation) -> Bool {
        guard let event = entry.event else { return true }
        switch relation {
        case .of(.container(let id)):
            return event.actorID == id.rawValue && event.type == "container"
                || event.attributes["container"] == id.rawValue
        case .of(.image(let id)):
            let tags = images[id]?.tags ?? []
            if event.type == "image" { return event.actorID == id || tags.contains(event.actorID) }
            return event.type == "container" && event.attributes["image"].map { tags.contains($0) || $0 == id } ?? false
        case .of(.volume(let name)): return event.type == "volume" && event.actorID == name
        case .of(.network(let id)): return event.type == "network" && event.actorID == id
        case .project(let project): return event.attributes[LogSubject.projectLabel] == project
        default: return false
        }
    }

    func event(_ id: ResourceID) -> EventHistory.Entry? {
        guard case .event(let number) = id else { return nil }
        return events[number]
    }

    /// What an event happened to, and what else it is about, as far as it is still there.
    func subjects(of event: EngineEvent) -> [ResourceID] {
        var found: [ResourceID] = []
        switch event.type {
        case "container":
            let id = ContainerID(event.actorID)
            if containers[id] != nil { found.append(.container(id)) }
        case "image":
            if let image = images[event.actorID] ?? image(named: event.actorID) { found.append(.image(image.id)) }
        case "volume": if volumes[event.actorID] != nil { found.append(.volume(event.actorID)) }
        case "network": if networks[event.actorID] != nil { found.append(.network(event.actorID)) }
        default: break
        }
        return found
    }

    /// The container that an event of something else is about as well.
    func otherSubjects(of event: EngineEvent) -> [ResourceID] {
        if event.type == "container" {
            return event.attributes["image"].flatMap { image(named: $0) }.map { [.image($0.id)] } ?? []
        }
        let other = event.attributes["container"].map { ContainerID($0) }
        return other.flatMap { containers[$0] == nil ? nil : [.container($0)] } ?? []
    }
}
