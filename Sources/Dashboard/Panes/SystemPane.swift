import EngineAPI
import Terminal

/// What the system's pane has a row for.
enum SystemPart: Int, CaseIterable, Sendable {
    case engine, images, containers, volumes, buildCache, registries

    var title: String {
        switch self {
        case .engine: "Engine"
        case .images: "Images"
        case .containers: "Containers"
        case .volumes: "Volumes"
        case .buildCache: "Build cache"
        case .registries: "Registries"
        }
    }
}

extension Pane {
    static let system = Pane(
        kind: .system, title: "System", key: "6", tabs: [.inspect],
        columns: [
            Column(title: "PART", minimum: 11, maximum: 24, keep: 0) { id, _, _ in
                guard case .system(let part) = id else { return [] }
                return [Span(part.title)]
            },
            Column(title: "SIZE", minimum: 6, maximum: 6, keep: 1, alignment: .right) { id, state, _ in
                guard case .system(let part) = id else { return [] }
                let disk = state.engine.disk
                if disk.use == nil, disk.askedSince != nil { return [Span("…", .dim)] }
                return [Span(Units.bytes(disk.use?.size(of: part).map(Double.init)))]
            },
        ],
        count: { _ in SystemPart.allCases.count },
        rows: { _ in SystemPart.allCases.map { .system($0) } },
        rowsVersion: { _ in 0 },
        searchText: { id, _ in
            guard case .system(let part) = id else { return "" }
            return part.title
        },
        name: { id, _ in
            guard case .system(let part) = id else { return "" }
            return part.title
        },
        summary: { _ in "" },
        mark: { _, _ in Span(" ") },
        empty: { _ in "" })
}

extension DiskUse {
    /// What all of a kind takes together; nil for what takes no room.
    func size(of part: SystemPart) -> Int? {
        switch part {
        case .engine, .registries: nil
        case .images: layers
        case .containers: containers.reduce(0) { $0 + $1.size }
        case .volumes: volumes.reduce(0) { $0 + ($1.size ?? 0) }
        case .buildCache: buildCache.reduce(0) { $0 + ($1.isShared ? 0 : $1.size) }
        }
    }
}
