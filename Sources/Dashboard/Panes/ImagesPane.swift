import EngineAPI
import FoundationEssentials
import Terminal

extension Pane {
    static let images = Pane(
        kind: .images, title: "Images", key: "2", tabs: [.inspect, .history],
        columns: [
            Column(
                id: "name", title: "IMAGE", minimum: 20, maximum: 60, keep: 0, cut: .middle,
                order: { id, engine in .text(engine.image(id)?.tags.first ?? "~") }, content: { $0.images.nameWidth }
            ) { id, state, _ in
                guard let image = state.engine.image(id) else { return [] }
                return [Span(image.listedName, image.tags.isEmpty ? .dim : nil)]
            },
            Column(
                id: "size", title: "SIZE", minimum: 6, maximum: 6, keep: 1, alignment: .right,
                order: { SortValue($1.image($0).map { Double($0.size) }) }
            ) { id, state, _ in
                [Span(Units.bytes(state.engine.image(id).map { Double($0.size) }))]
            },
            Column(
                id: "created", title: "CREATED", minimum: 8, maximum: 16, keep: 2,
                order: { SortValue($1.image($0)?.created.timeIntervalSince1970) }
            ) { id, state, width in
                guard let image = state.engine.image(id) else { return [] }
                return [Span(state.age(image.created, width))]
            },
            Column(
                id: "users", title: "USED BY", minimum: 7, maximum: 30, keep: 3,
                order: { id, engine in
                    SortValue(engine.image(id).map { Double(engine.containersUsing(image: $0.id)) })
                }
            ) { id, state, width in
                guard let image = state.engine.image(id) else { return [] }
                let count = state.engine.containersUsing(image: image.id)
                if count == 0 { return [Span("unused", .dim)] }
                // By name where there is room for it.
                let names = Sanitiser.clean(state.engine.namesUsing(image: image.id).joined(separator: " "))
                if TextWidth.of(names) <= width, count <= ResourceUsers.mostNames { return [Span(names)] }
                return [Span(width < 13 ? "\(count)" : "\(count) container\(count == 1 ? "" : "s")")]
            },
            Column(id: "id", title: "ID", minimum: 12, maximum: 12, keep: 4) { id, state, _ in
                [Span(state.engine.image(id).map { shortID($0.id) } ?? "", .dim)]
            },
            Column(id: "tags", title: "TAGS", minimum: 12, maximum: 60, keep: 5, isExtra: true) { id, state, _ in
                [Span(state.engine.image(id)?.tags.joined(separator: " ") ?? "", .dim)]
            },
            Column(
                id: "digest", title: "DIGEST", minimum: 19, maximum: 71, keep: 6, isExtra: true
            ) { id, state, _ in
                let digest = state.engine.image(id)?.digests.first?.split(separator: "@").last
                return [Span(digest.map(String.init) ?? Units.none, .dim)]
            },
        ],
        count: { $0.images.items.count },
        rows: { engine in engine.images.items.map { .image($0.id) } },
        rowsVersion: { $0.images.version },
        searchText: { id, engine in
            engine.image(id).map { ($0.tags + [$0.id]).joined(separator: " ") } ?? ""
        },
        name: { id, engine in
            engine.image(id).map { Sanitiser.clean($0.tags.first ?? shortID($0.id)) } ?? ""
        },
        summary: { engine in
            engine.images.items.isEmpty ? "" : Units.bytes(engine.images.items.reduce(0) { $0 + Double($1.size) })
        },
        mark: { id, engine in
            guard let image = engine.image(id) else { return Span(" ") }
            return engine.containersUsing(image: image.id) > 0 ? Span("●", .running) : Span("○", .endedWell)
        },
        empty: { state in
            let (pull, build) = (state.key(of: "image.pull"), state.key(of: "build.form"))
            return state.engine.images.empty(
                "images", "\(pull) pulls one, \(build) builds one, \(state.key(of: "image.load")) loads one")
        })
}

extension ImageSummary {
    /// The first tag, and how many more there are.
    var listedName: String {
        guard let tag = tags.first else { return "<none>" }
        return tags.count > 1 ? "\(tag) +\(tags.count - 1)" : tag
    }
}

/// The first twelve digits of an id, as the docker client shows it.
func shortID(_ id: String) -> String {
    String((id.hasPrefix("sha256:") ? id.dropFirst(7) : id[...]).prefix(12))
}

extension EngineState {
    func image(_ id: ResourceID) -> ImageSummary? {
        guard case .image(let id) = id else { return nil }
        return images[id]
    }
}

extension State {
    /// How long ago something was made, as docker says it where there is room.
    func age(_ date: Date?, _ width: Int) -> String {
        guard let date, date.timeIntervalSince1970 > 0 else { return Units.none }
        let seconds = engine.engineTime(now).timeIntervalSince(date)
        let long = Units.dockerDuration(seconds) + " ago"
        return long.count <= width ? long : Units.shortDuration(seconds) + " ago"
    }
}
