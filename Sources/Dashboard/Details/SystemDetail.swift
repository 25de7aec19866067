import EngineAPI
import FoundationEssentials
import Terminal

/// What there is to know of a row of the system's pane, in lines.
enum SystemDetail {
    /// What the lines are made of: while that is the same, so are they.
    struct Source: Hashable, Sendable {
        let part: SystemPart
        let answers: Int
        let asked: Int
        let described: Int
        let lists: Int

        init(_ part: SystemPart, _ state: State) {
            self.part = part
            let engine = state.engine
            switch part {
            case .engine: (answers, asked, described, lists) = (0, 0, engine.descriptions, 0)
            case .registries:
                let registries = state.registries
                (answers, asked, described, lists) = (registries.answers, registries.revision, 0, 0)
            default:
                (answers, asked, described) = (engine.disk.answers, engine.disk.revision, 0)
                lists = part == .volumes ? engine.rowsVersion : 0
            }
        }
    }

    static func lines(of part: SystemPart, _ state: State) -> [InspectLine] {
        switch part {
        case .engine: EngineFacts.lines(state)
        case .registries: registries(state)
        default: disk(part, state)
        }
    }

    static func line(_ parts: (String, Role)..., indent: Int = 0) -> InspectLine {
        InspectLine(indent: indent, spans: parts.map { .init(text: Sanitiser.clean($0.0), role: $0.1) })
    }

    // MARK: Disk

    /// One thing that takes room.
    private struct Item {
        let size: Int?
        /// What only it has, where that is another number.
        var own: Int?
        let name: String
        var about = ""
        let isReclaimable: Bool
    }

    private static func disk(_ part: SystemPart, _ state: State) -> [InspectLine] {
        let disk = state.engine.disk
        let clock = { (date: Date) in Units.clock(date, secondsFromGMT: state.secondsFromGMT) }
        var lines: [InspectLine] = []
        if let error = disk.error, disk.askedSince == nil {
            lines.append(line(("it could not be read: \(error.message)", .failure)))
        }
        guard let use = disk.use, let figure = disk.figures[part] else {
            if let since = disk.askedSince {
                lines.append(line(("the Engine is asked since \(clock(since)); it may take a minute", .acting)))
            }
            return lines.isEmpty ? [line(("\(state.key(of: "system.refresh")) asks for it", .dim))] : lines
        }
        let percent = figure.percent.map { " (\($0) %)" } ?? ""
        let sizes =
            "\(Units.bytes(Double(figure.size))), \(Units.bytes(Double(figure.reclaimable))) reclaimable\(percent)"
        lines.append(line(("\(figure.total) in all, \(figure.active) in use: \(sizes)", .strong)))
        let at = disk.at.map { "as docker system df counts, at \(clock($0))" } ?? ""
        let asked = disk.askedSince.map { "; asked again at \(clock($0))" } ?? ""
        lines.append(line((at + asked, .dim)))
        let items = items(of: part, use, state).sorted {
            (-($0.own ?? $0.size ?? -1), -($0.size ?? 0), $0.name) < (
                -($1.own ?? $1.size ?? -1), -($1.size ?? 0), $1.name
            )
        }
        guard !items.isEmpty else { return lines }
        let hasOwn = part == .images
        lines.append(line(("", .text)))
        lines.append(
            line((hasOwn ? "    OWN    SIZE  \("".padded(11))  WHAT" : "   SIZE  \("".padded(11))  WHAT", .column)))
        for item in items {
            let size = right(Units.bytes(item.size.map(Double.init)), 7)
            let figures = hasOwn ? right(Units.bytes(item.own.map(Double.init)), 7) + " " + size : size
            var parts: [InspectLine.Part] = [.init(text: figures + "  ", role: .text)]
            parts.append(
                .init(
                    text: item.isReclaimable ? "reclaimable  " : "in use       ",
                    role: item.isReclaimable ? .note : .dim))
            parts.append(.init(text: Sanitiser.clean(item.name), role: .text))
            if !item.about.isEmpty { parts.append(.init(text: "  \(Sanitiser.clean(item.about))", role: .dim)) }
            lines.append(InspectLine(indent: 0, spans: parts))
        }
        return lines
    }

    private static func items(of part: SystemPart, _ use: DiskUse, _ state: State) -> [Item] {
        let engine = state.engine
        switch part {
        case .engine, .registries: return []
        case .images:
            return use.images.map { image in
                let users = image.containers
                let more = image.tags.count > 1 ? "+\(image.tags.count - 1) " : ""
                let used = users > 0 ? "used by \(users) container\(users == 1 ? "" : "s")" : ""
                return Item(
                    size: image.size, own: image.unique ?? nil,
                    name: image.tags.first ?? "<none> \(shortID(image.id))",
                    about: more + (image.tags.isEmpty ? "dangling " : "") + used, isReclaimable: users == 0)
            }
        case .containers:
            return use.containers.map {
                Item(size: $0.size, name: $0.name, about: $0.state, isReclaimable: !$0.isActive)
            }
        case .volumes:
            return use.volumes.map { volume in
                let users = engine.use(ofVolume: volume.name).all.compactMap { engine.containers[$0]?.name }
                return Item(
                    size: volume.size, name: volume.name,
                    about: users.isEmpty ? "" : "used by \(users.joined(separator: ", "))",
                    isReclaimable: volume.containers == 0)
            }
        case .buildCache:
            return use.buildCache.map {
                Item(
                    size: $0.size, name: $0.id, about: ($0.isShared ? "shared  " : "") + $0.description,
                    isReclaimable: !$0.isInUse)
            }
        }
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - TextWidth.of(text))) + text
    }

    // MARK: Registries

    private static func registries(_ state: State) -> [InspectLine] {
        let registries = state.registries
        let clock = { (date: Date) in Units.clock(date, secondsFromGMT: state.secondsFromGMT) }
        var lines: [InspectLine] = []
        if let since = registries.askedSince {
            lines.append(line(("looked up since \(clock(since)); a helper may ask for a password", .acting)))
        }
        if let error = registries.error { lines.append(line((error.message, .failure))) }
        let width = registries.logins.map { TextWidth.of(Sanitiser.clean($0.registry)) }.max() ?? 0
        for login in registries.logins {
            let name = Sanitiser.clean(login.registry).padded(width + 2)
            let keeper = login.keeper == "config.json" ? "" : "  (\(login.keeper))"
            switch login.outcome {
            case .loggedIn(let who):
                let who = who.map { "logged in as \($0)" } ?? "logged in with a token"
                lines.append(line((name, .text), (who, .success), (keeper, .dim)))
            case .notLoggedIn: lines.append(line((name, .text), ("not logged in", .dim), (keeper, .dim)))
            case .failed(let why):
                let head = "\(login.keeper): "
                let reason = why.hasPrefix(head) ? String(why.dropFirst(head.count)) : why
                lines.append(line((name, .text), ("helper \(login.keeper) fails: \(reason)", .failure)))
            }
        }
        if let at = registries.at, registries.error == nil {
            lines.append(line(("", .text)))
            lines.append(
                line(
                    (
                        "from the docker client's config.json here, at \(clock(at))",
                        .dim
                    )))
        }
        return lines
    }
}

/// What the Engine and its host are: `docker info`.
enum EngineFacts {
    static func lines(_ state: State) -> [InspectLine] {
        guard let info = state.engine.info else { return [SystemDetail.line(("the Engine is asked …", .dim))] }
        var lines: [InspectLine] = info.warnings.map { SystemDetail.line(("! \($0)", .note)) }
        func add(_ label: String, _ values: [String]) {
            let values = values.filter { !$0.isEmpty }
            for (index, value) in values.enumerated() {
                lines.append(
                    SystemDetail.line(
                        ((index == 0 ? label : "").padded(14), .dim), (Secrets.masked(text: value), .text)))
            }
        }
        let version = state.engine.version
        let api = version.map { "API \($0.api)" + ($0.api == $0.engineAPI ? "" : " of \($0.engineAPI)") } ?? ""
        add("host", [info.name])
        add(
            "version", [[version?.name ?? "", info.serverVersion, api].filter { !$0.isEmpty }.joined(separator: " · ")])
        add("system", [info.os])
        add("kernel", [[info.kernel, info.architecture].filter { !$0.isEmpty }.joined(separator: " · ")])
        add("processors", [info.cpus > 0 ? String(info.cpus) : ""])
        add("memory", [info.memory > 0 ? Units.bytes(Double(info.memory)) : ""])
        add(
            "containers",
            ["\(info.containers): \(info.running) running, \(info.paused) paused, \(info.stopped) stopped"])
        add("images", [String(info.images)])
        add("storage", [info.storageDriver] + info.storageStatus.map { $0.joined(separator: ": ") })
        add("root", [info.rootDirectory])
        add(
            "cgroup",
            [[info.cgroupDriver, "version \(info.cgroupVersion)"].filter { !$0.isEmpty }.joined(separator: ", ")])
        add("logging", [info.loggingDriver])
        add("swarm", [info.swarm + (info.isSwarmManager ? ", manager" : "")])
        add(
            "runtimes",
            [info.runtimes.map { $0 == info.defaultRuntime ? "\($0) (default)" : $0 }.joined(separator: " ")])
        for kind in ["Volume", "Network", "Log", "Authorization"] {
            add("\(kind.lowercased().prefix(7)) drivers", [info.plugins[kind]?.joined(separator: " ") ?? ""])
        }
        add("security", info.securityOptions)
        add("live restore", [info.liveRestore ? "on" : "off"])
        add("mirrors", info.registryMirrors.isEmpty ? ["none"] : info.registryMirrors)
        add("insecure", info.insecureRegistries.isEmpty ? ["none"] : info.insecureRegistries)
        add("proxies", info.proxies)
        add("labels", info.labels)
        return lines
    }
}
