import EngineAPI

/// Whose log is shown.
enum LogSubject: Hashable, Sendable {
    /// The selected container's.
    case container(ContainerID)
    /// That of whoever has a name: a tile of a wall.
    case named(String)
    /// The containers of some names, in one.
    case marked([String])
    /// All containers with a label of a value, in one.
    case label(String, String)

    /// The label that names a container's compose project.
    static let projectLabel = "com.docker.compose.project"

    var isMerged: Bool {
        switch self {
        case .container, .named: false
        case .marked, .label: true
        }
    }
    var isMarked: Bool { if case .marked = self { true } else { false } }

    /// What stands where a container's name stands else.
    var title: String {
        switch self {
        case .container: ""
        case .named(let name): name
        case .marked(let names): "\(names.count) containers"
        case .label(Self.projectLabel, let project): "project \(project)"
        case .label(let key, let value): "\(key)=\(value)"
        }
    }

    /// Whether a container's log is part of it.
    func covers(_ container: Container) -> Bool {
        switch self {
        case .container(let id): container.id == id
        case .named(let name): container.name == name
        case .marked(let names): names.contains(container.name)
        case .label(let key, let value): container.summary.labels[key] == value
        }
    }
}

/// One of the containers whose log is shown.
struct LogOrigin: Sendable {
    enum Phase: Sendable, Hashable {
        case opening
        case following
        case ended
        /// The container is gone; one that gets its name is another origin of the same log.
        case removed
        case failed(EngineError, retrying: Bool)

        var isFailure: Bool { if case .failed = self { true } else { false } }
    }

    let name: String
    let container: ContainerID
    /// Which colour its name has; containers of one name share it.
    let colour: Int
    var phase = Phase.opening
    /// The log driver, when known.
    var driver = ""
    /// Its log is complete from this time on (nanoseconds since 1970); nil until its last lines have arrived.
    var reach: Int64?

    /// The time from which a log is complete whose first line is held.
    static let start = Int64.min
}
