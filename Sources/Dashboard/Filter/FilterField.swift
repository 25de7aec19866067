import EngineAPI
import FoundationEssentials

/// Something of a row that a filter may ask for: `state:running`, `cpu>50`.
struct FilterField: Sendable {
    /// What a row is looked at with: the Engine it is of, and the moment of that Engine's clock.
    struct Look: Sendable {
        let engine: EngineState
        let at: Date
        let cpuOfHost: Bool
    }

    enum Unit: Sendable { case number, percent, bytes, seconds }

    enum Kind: Sendable {
        /// Texts of which one has to contain what was typed, or with `=` to be it.
        case texts(@Sendable (ResourceID, Look) -> [String])
        /// One of a few words, of which the beginning is enough.
        case word([String], @Sendable (ResourceID, Look) -> String)
        /// `label:a`, `label:a=b`.
        case labels(@Sendable (ResourceID, Look) -> [String: String])
        case figure(Unit, @Sendable (ResourceID, Look) -> Double?)
    }

    /// What it is found from besides the list of its pane: when that changes, so may the rows.
    struct Needs: OptionSet, Sendable, Hashable {
        let rawValue: Int
        /// What changes by itself all the time: looked at now and then only, so that rows do not flicker.
        static let figures = Needs(rawValue: 1)
        /// Which containers use something.
        static let users = Needs(rawValue: 2)
        /// What takes how much room.
        static let disk = Needs(rawValue: 4)
        /// What only `inspect` tells of a container: all of them are asked for it, some at a time.
        static let details = Needs(rawValue: 8)
    }

    let name: String
    /// What it stands for, in a word or two.
    let title: String
    var needs: Needs = []
    let kind: Kind

    /// How it is begun: `name:`, `cpu>`.
    var beginning: String {
        if case .figure = kind { name + ">" } else { name + ":" }
    }

    /// The fields of each pane's rows.
    static func all(_ kind: PaneKind) -> [FilterField] { byPane[kind.rawValue] }

    private static let byPane = PaneKind.allCases.map { kind in
        switch kind {
        case .containers: containers
        case .images: images
        case .volumes: volumes
        case .networks: networks
        case .events: events
        case .system: system
        }
    }

    static func named(_ name: String, _ kind: PaneKind) -> FilterField? {
        let name = name == "memory" ? "mem" : name
        return all(kind).first { $0.name == name }
    }

    /// What the rows that a filter lets through are found from.
    static func needs(of text: String, _ kind: PaneKind) -> Needs {
        guard !text.isEmpty else { return [] }
        return FilterWord.all(in: text).reduce(into: []) { needs, word in
            if let field = word.field.flatMap({ named($0, kind) }) { needs.formUnion(field.needs) }
        }
    }
}

// MARK: What there is to ask for

extension FilterField {
    private static let yesOrNo = ["yes", "no"]

    private static func text(
        _ name: String, _ title: String, _ text: @escaping @Sendable (ResourceID, Look) -> String?
    ) -> FilterField {
        FilterField(name: name, title: title, kind: .texts { text($0, $1).map { [$0] } ?? [] })
    }

    private static func flag(
        _ name: String, _ title: String, needs: Needs = [], _ isSo: @escaping @Sendable (ResourceID, Look) -> Bool
    ) -> FilterField {
        FilterField(name: name, title: title, needs: needs, kind: .word(yesOrNo) { isSo($0, $1) ? "yes" : "no" })
    }

    private static func figure(
        _ name: String, _ title: String, _ unit: Unit, needs: Needs = .figures,
        _ value: @escaping @Sendable (ResourceID, Look) -> Double?
    ) -> FilterField {
        FilterField(name: name, title: title, needs: needs, kind: .figure(unit, value))
    }

    /// A figure that only a running container has.
    private static func use(
        _ name: String, _ title: String, _ unit: Unit, _ value: @escaping @Sendable (Usage, Look) -> Double?
    ) -> FilterField {
        figure(name, title, unit) { id, look in
            guard let container = look.engine.container(id), container.isRunning else { return nil }
            return container.usage.latest.flatMap { value($0, look) }
        }
    }

    private static func age(_ date: @escaping @Sendable (ResourceID, EngineState) -> Date?) -> FilterField {
        figure("age", "since it was made", .seconds) { id, look in
            date(id, look.engine).flatMap { $0.timeIntervalSince1970 > 0 ? look.at.timeIntervalSince($0) : nil }
        }
    }

    fileprivate static let containers: [FilterField] = [
        text("name", "name") { $1.engine.container($0)?.name },
        text("image", "image") { $1.engine.container($0)?.summary.image },
        FilterField(
            name: "state", title: "what it is doing",
            kind: .word(["running", "exited", "paused", "created", "restarting", "removing", "dead"]) {
                $1.engine.container($0)?.state.name ?? ""
            }),
        FilterField(
            name: "health", title: "health", needs: .figures,
            kind: .word(["healthy", "unhealthy", "starting", "none"]) { $1.engine.container($0)?.health ?? "none" }),
        text("project", "compose project") { $1.engine.container($0)?.summary.labels[LogSubject.projectLabel] },
        FilterField(
            name: "label", title: "label, or label=value",
            kind: .labels { $1.engine.container($0)?.summary.labels ?? [:] }),
        use("cpu", "CPU percent", .percent) { usage, look in
            guard look.cpuOfHost, let cpus = look.engine.info?.cpus, cpus > 0 else { return usage.cpu }
            return usage.cpu.map { $0 / Double(cpus) }
        },
        use("mem", "memory", .bytes) { usage, _ in usage.memory },
        use("net", "network a second, both ways", .bytes) { usage, _ in usage.received.map { $0 + (usage.sent ?? 0) } },
        use("disk", "disk a second, both ways", .bytes) { usage, _ in usage.read.map { $0 + (usage.written ?? 0) } },
        use("pids", "processes", .number) { usage, _ in usage.pids },
        figure("exit", "exit code", .number) { id, look in look.engine.container(id)?.exitCode.map(Double.init) },
        figure("restarts", "restarts", .number, needs: [.figures, .details]) { id, look in
            look.engine.container(id)?.details.map { Double($0.restartCount) }
        },
        flag("trouble", "whether it is in trouble") { $1.engine.isTroubled($0) },
        FilterField(
            name: "network", title: "network", kind: .texts { $1.engine.container($0)?.summary.networks ?? [] }),
        FilterField(
            name: "volume", title: "volume or mounted path",
            kind: .texts { id, look in
                look.engine.container(id)?.summary.mounts.flatMap { [$0.name, $0.source, $0.destination] } ?? []
            }),
        text("port", "port") { $1.engine.container($0)?.listed.ports },
        age { $1.container($0)?.summary.created },
        text("id", "identity") { $1.engine.container($0)?.id.rawValue },
    ]

    fileprivate static let images: [FilterField] = [
        FilterField(name: "name", title: "name", kind: .texts { $1.engine.image($0)?.tags ?? [] }),
        figure("size", "size", .bytes, needs: []) { $1.engine.image($0).map { Double($0.size) } },
        flag("used", "whether a container uses it", needs: .users) { id, look in
            look.engine.image(id).map { look.engine.containersUsing(image: $0.id) > 0 } ?? false
        },
        flag("dangling", "whether it has no name") { $1.engine.image($0)?.dangling ?? false },
        FilterField(
            name: "label", title: "label, or label=value", kind: .labels { $1.engine.image($0)?.labels ?? [:] }),
        age { $1.image($0)?.created },
        text("id", "identity") { $1.engine.image($0)?.id },
    ]

    fileprivate static let volumes: [FilterField] = [
        text("name", "name") { $1.engine.volume($0)?.name },
        text("driver", "driver") { $1.engine.volume($0)?.driver },
        figure("size", "size", .bytes, needs: .disk) { id, look in
            guard let volume = look.engine.volume(id), case .bytes(let bytes) = look.engine.size(of: volume) else {
                return nil
            }
            return Double(bytes)
        },
        flag("used", "whether a container uses it", needs: .users) { id, look in
            look.engine.volume(id).map { !look.engine.use(ofVolume: $0.name).isEmpty } ?? false
        },
        flag("anonymous", "whether the Engine made up its name") { $1.engine.volume($0)?.isAnonymous ?? false },
        FilterField(
            name: "label", title: "label, or label=value", kind: .labels { $1.engine.volume($0)?.labels ?? [:] }),
        age { $1.volume($0)?.created },
    ]

    fileprivate static let networks: [FilterField] = [
        text("name", "name") { $1.engine.network($0)?.name },
        text("driver", "driver") { $1.engine.network($0)?.driver },
        FilterField(name: "subnet", title: "subnet", kind: .texts { $1.engine.network($0)?.subnets ?? [] }),
        text("scope", "scope") { $1.engine.network($0)?.scope },
        flag("used", "whether a container is in it", needs: .users) { id, look in
            look.engine.network(id).map { !look.engine.containersUsing(network: $0.name).isEmpty } ?? false
        },
        flag("internal", "whether it leads nowhere outside") { $1.engine.network($0)?.internal ?? false },
        FilterField(
            name: "label", title: "label, or label=value", kind: .labels { $1.engine.network($0)?.labels ?? [:] }),
        age { $1.network($0)?.created },
        text("id", "identity") { $1.engine.network($0)?.id },
    ]

    fileprivate static let events: [FilterField] = [
        text("type", "what kind of thing") { $1.engine.event($0)?.event?.type },
        text("action", "what happened") { $1.engine.event($0)?.event?.action },
        text("event", "what happened") { $1.engine.event($0)?.event?.action },
        FilterField(
            name: "name", title: "name",
            kind: .texts { id, look in
                guard let entry = look.engine.event(id), let event = entry.event else { return [] }
                return [event.name, entry.other].compactMap { $0 }
            }),
        text("image", "image") { $1.engine.event($0)?.event?.attributes["image"] },
        text("project", "compose project") { $1.engine.event($0)?.event?.attributes[LogSubject.projectLabel] },
        figure("exit", "exit code", .number, needs: []) {
            $1.engine.event($0)?.event?.attributes["exitCode"].flatMap(Double.init)
        },
        FilterField(
            name: "label", title: "label, or label=value",
            kind: .labels { $1.engine.event($0)?.event?.attributes ?? [:] }),
        text("id", "identity") { $1.engine.event($0)?.event?.actorID },
    ]

    fileprivate static let system: [FilterField] = [
        text("name", "name") { id, _ in if case .system(let part) = id { part.title } else { nil } }
    ]
}
