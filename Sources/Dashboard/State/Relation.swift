import EngineAPI
import Terminal

/// What the rows of a list have in common: while a list has one, it shows only these.
///
/// It is no list of rows: which ones it means is found anew whenever something changes.
enum Relation: Hashable, Sendable {
    /// They have to do with one resource.
    case of(ResourceID)
    /// Containers of a compose project.
    case project(String)
    /// Containers that share one container's network.
    case networkOf(ContainerID)
    /// The image that one was made from, and those that were made from one.
    case parent(ofImage: String)
    case children(ofImage: String)
}

/// Rows of one pane that have to do with a resource, as they are offered to be gone to.
struct RelatedRows: Sendable {
    /// The key that chooses them in the menu.
    let key: Character
    /// What they are to it, in a word or two.
    let title: String
    let pane: PaneKind
    let relation: Relation
    /// As the pane lists them.
    let rows: [ResourceID]
}

extension Relation {
    /// What stands in the title of a list that shows nothing else.
    func title(_ engine: EngineState) -> String {
        func name(_ id: ResourceID) -> String {
            let name = Pane.of(id.pane).name(id, engine)
            guard name.isEmpty else { return name }
            if case .container(let id) = id, let name = engine.events.name(of: id) { return Sanitiser.clean(name) }
            return "what is gone"
        }
        switch self {
        case .of(let id): return "of \(name(id))"
        case .project(let project): return "of project \(Sanitiser.clean(project))"
        case .networkOf(let id): return "in the network of \(name(.container(id)))"
        case .parent(let id): return "\(name(.image(id))) was made from"
        case .children(let id): return "made from \(name(.image(id)))"
        }
    }
}

extension EngineState {
    /// Changes when what has to do with what may be another.
    var relationsVersion: Int { rowsVersion &+ images.version &+ volumes.version &+ networks.version }

    /// The rows of a pane that a relation means.
    func rows(_ relation: Relation, in pane: PaneKind) -> Set<ResourceID> {
        switch (relation, pane) {
        case (.of(let id), _): related(to: id, in: pane)
        case (.project(let project), .containers):
            containers { $0.labels[LogSubject.projectLabel] == project }
        case (.networkOf(let id), .containers): sharers(ofNetworkOf: id)
        case (.parent(let id), .images): images[id].flatMap { images[$0.parentID] }.map { [.image($0.id)] } ?? []
        case (.children(let id), .images):
            Set(images.items.lazy.filter { $0.parentID == id && !id.isEmpty }.map { .image($0.id) })
        default: []
        }
    }

    private func containers(_ fits: (ContainerSummary) -> Bool) -> Set<ResourceID> {
        var found: Set<ResourceID> = []
        for index in containers.values.indices where fits(containers.values[index].summary) {
            found.insert(.container(containers.keys[index]))
        }
        return found
    }

    private func related(to id: ResourceID, in pane: PaneKind) -> Set<ResourceID> {
        switch (id, pane) {
        case (.container(let id), _): related(toContainer: id, in: pane)
        case (.image(let id), .containers): containers { $0.imageID == id }
        case (.image(let id), .images):
            rows(.parent(ofImage: id), in: .images).union(rows(.children(ofImage: id), in: .images))
        case (.volume(let name), .containers):
            containers { $0.mounts.contains { $0.name == name && !name.isEmpty } }
        case (.network(let id), .containers):
            networks[id].map { network in containers { $0.networks.contains(network.name) } } ?? []
        case (.event, _):
            Set(event(id)?.event.map { (subjects(of: $0) + otherSubjects(of: $0)).filter { $0.pane == pane } } ?? [])
        case (.system(.images), .images), (.system(.containers), .containers), (.system(.volumes), .volumes):
            Set(Pane.of(pane).rows(self))
        default: []
        }
    }

    private func related(toContainer id: ContainerID, in pane: PaneKind) -> Set<ResourceID> {
        guard let summary = containers[id]?.summary else { return [] }
        switch pane {
        case .containers:
            var found = sharers(ofNetworkOf: id)
            if let project = summary.labels[LogSubject.projectLabel] {
                found.formUnion(rows(.project(project), in: .containers))
            }
            found.remove(.container(id))
            return found
        case .images: return images[summary.imageID].map { [.image($0.id)] } ?? []
        case .volumes:
            return Set(summary.mounts.compactMap { volumes[$0.name] == nil ? nil : .volume($0.name) })
        case .networks:
            let names = Set(summary.networks)
            return Set(networks.items.lazy.filter { names.contains($0.name) }.map { .network($0.id) })
        case .events, .system: return []
        }
    }

    /// The containers that share the network of one, that one among them; none when nobody shares it.
    private func sharers(ofNetworkOf id: ContainerID) -> Set<ResourceID> {
        let owner = containers[id]?.summary.networkOf.flatMap { container(known: $0) } ?? id
        var found = containers { $0.networkOf.map { isName($0, of: owner) } ?? false }
        if !found.isEmpty, containers[owner] != nil { found.insert(.container(owner)) }
        return found
    }

    /// The container of an identity, the beginning of one, or a name.
    private func container(known: ContainerID) -> ContainerID? {
        containers[known] != nil ? known : order.first { isName(known, of: $0) }
    }

    private func isName(_ known: ContainerID, of id: ContainerID) -> Bool {
        known == id || containers[id]?.name == known.rawValue
            || known.rawValue.utf8.count >= 12 && id.rawValue.hasPrefix(known.rawValue)
    }
}

extension State {
    /// All that has to do with a resource, by what it is to it.
    func related(to id: ResourceID) -> [RelatedRows] {
        var found: [RelatedRows] = []
        func add(_ key: Character, _ title: String, _ pane: PaneKind, _ relation: Relation) {
            var rows = engine.rows(relation, in: pane)
            rows.remove(id)
            guard !rows.isEmpty else { return }
            let listed = Pane.of(pane).rows(engine).filter { rows.contains($0) }
            found.append(RelatedRows(key: key, title: title, pane: pane, relation: relation, rows: listed))
        }
        switch id {
        case .container(let container):
            add("i", "image", .images, .of(id))
            add("v", "volumes", .volumes, .of(id))
            add("n", "networks", .networks, .of(id))
            if let project = engine.containers[container]?.summary.labels[LogSubject.projectLabel] {
                add("p", "project \(Sanitiser.clean(project))", .containers, .project(project))
            }
            add("s", "same network", .containers, .networkOf(container))
        case .image(let image):
            add("c", "containers", .containers, .of(id))
            add("m", "made from", .images, .parent(ofImage: image))
            add("d", "images made from it", .images, .children(ofImage: image))
        case .volume, .network: add("c", "containers", .containers, .of(id))
        case .event:
            let event = engine.event(id)?.event
            for pane in PaneKind.listed {
                let isSubject = event?.type == String(Pane.of(pane).title.lowercased().dropLast())
                let title = Pane.of(pane).title.lowercased().dropLast()
                add(title.first ?? "c", "\(title)\(isSubject ? "" : ", also")", pane, .of(id))
            }
        case .system(let part):
            switch part {
            case .images: add("i", "images", .images, .of(id))
            case .containers: add("c", "containers", .containers, .of(id))
            case .volumes: add("v", "volumes", .volumes, .of(id))
            default: break
            }
        }
        return found
    }
}

extension ResourceID {
    /// The pane that lists it.
    var pane: PaneKind {
        switch self {
        case .container: .containers
        case .image: .images
        case .volume: .volumes
        case .network: .networks
        case .event: .events
        case .system: .system
        }
    }
}
