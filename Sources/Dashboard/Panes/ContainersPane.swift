import EngineAPI
import FoundationEssentials
import Terminal

extension Pane {
    static let containers = Pane(
        kind: .containers, title: "Containers", key: "1", tabs: [.logs, .stats, .inspect, .top, .changes],
        columns: ContainerColumns.all,
        count: { $0.order.count },
        rows: { engine in engine.order.map { .container($0) } },
        rowsVersion: { $0.rowsVersion },
        searchText: { id, engine in
            guard let container = engine.container(id) else { return "" }
            return "\(container.name) \(container.summary.image) \(container.summary.status) \(container.id.short)"
        },
        name: { id, engine in engine.container(id).map { Sanitiser.clean($0.name) } ?? "" },
        summary: { _ in "" },
        mark: { id, engine in engine.container(id)?.mark ?? Span(" ") },
        empty: { state in
            let engine = state.engine
            if let error = engine.containersError { return "The containers could not be listed: \(error.message)" }
            return engine.containersLoaded
                ? "No containers. \(state.key(of: "run.form")) runs one: a form, or a docker run line that is pasted."
                : "Listing containers …"
        })
}

extension EngineState {
    /// Whether something is wrong with a container.
    func isTroubled(_ id: ResourceID) -> Bool {
        guard case .container(let id) = id else { return false }
        return troubled.contains(id)
    }

    func container(_ id: ResourceID) -> Container? {
        guard case .container(let id) = id else { return nil }
        return containers[id]
    }
}

extension Container {
    /// The health as the details, or else the status text of the list, have it.
    var health: String? {
        if let health = current?.value.state.health {
            let status = "\(health.status)"
            return status == "none" ? nil : status
        }
        return listed.health
    }

    /// The exit code of the last run, from the details or from `Exited (1) …`.
    var exitCode: Int? {
        guard state == .exited || state == .dead || state == .restarting else { return nil }
        if let current { return current.value.state.exitCode }
        return listed.exitCode
    }

    /// The state's mark: a shape before a colour.
    var mark: Span {
        switch state {
        case .running:
            switch health {
            case "unhealthy": Span("●", .unhealthy)
            case "starting": Span("◔", .starting)
            default: Span("●", .running)
            }
        case .paused: Span("‖", .paused)
        case .restarting: Span("◐", .restarting)
        case .created: Span("◌", .created)
        case .removing: Span("✕", .acting)
        case .exited: (exitCode ?? 0) == 0 ? Span("○", .endedWell) : Span("✕", .endedBadly)
        case .dead: Span("✕", .endedBadly)
        case .unknown: Span("?", .note)
        }
    }

    /// The status as Docker words it, as of a moment of the Engine's clock.
    ///
    /// The list's own text ages until the next list; where the details are there, it is worded anew from their times.
    func status(at now: Date) -> String {
        // A count of restarts only grows: an older one is better than none for a container that restarts all the time.
        guard let details = current else { return Sanitiser.clean(summary.status) + restarts(details) }
        func ago(_ date: Date?) -> String {
            date.map { " " + Units.dockerDuration(now.timeIntervalSince($0)) + " ago" } ?? ""
        }
        let up =
            "Up" + (details.value.state.startedAt.map { " " + Units.dockerDuration(now.timeIntervalSince($0)) } ?? "")
        var text =
            switch state {
            case .running: up + (health.map { $0 == "starting" ? " (health: starting)" : " (\($0))" } ?? "")
            case .paused: up + " (Paused)"
            case .restarting: "Restarting (\(details.value.state.exitCode))\(ago(details.value.state.finishedAt))"
            case .exited: "Exited (\(details.value.state.exitCode))\(ago(details.value.state.finishedAt))"
            case .created: "Created"
            case .removing: "Removal In Progress"
            case .dead: "Dead"
            case .unknown(let name): Sanitiser.clean(name)
            }
        if details.value.state.oomKilled, !isRunning || state == .restarting { text += " OOM-killed" }
        return text + restarts(details.value)
    }

    private func restarts(_ details: ContainerDetails?) -> String {
        guard let count = details?.restartCount, count > 0 else { return "" }
        return count == 1 ? ", 1 restart" : ", \(count) restarts"
    }

    var statusRole: Role? {
        if health == "unhealthy", state == .running { return .unhealthy }
        switch state {
        case .exited: return (exitCode ?? 0) == 0 ? .endedWell : .endedBadly
        case .dead: return .endedBadly
        case .restarting: return .restarting
        case .created, .removing: return .created
        case .paused: return .paused
        default: return nil
        }
    }
}

extension State {
    /// A container of the Engine that is shown; not by its own method, which copies all of it first.
    func container(_ id: ResourceID) -> Container? {
        guard case .container(let id) = id else { return nil }
        return engine.containers[id]
    }

    /// Whether a figure is from before its container came onto the screen, or from before a pause.
    fileprivate func isOld(_ usage: Usage?) -> Bool {
        guard let usage else { return false }
        return engine.engineTime(now).timeIntervalSince(usage.at) > 2 * Sampling.awayInterval
    }
}

/// The columns of the containers pane.
enum ContainerColumns {
    static let all = [
        name, status, cpu, memory, network, disk, logLines, ports, image, share, processes, restarts, project, service,
        created, command, networks, id,
    ]

    static let name = Column(
        id: "name", title: "NAME", minimum: 16, maximum: 40, keep: 0, cut: .middle, sort: .name,
        content: { $0.widths.name }
    ) { id, state, _ in
        guard let container = state.container(id) else { return [] }
        return [Span(container.name, container.isTemporary ? .dim : nil)]
    }

    static let status = Column(id: "status", title: "STATUS", minimum: 25, maximum: 28, keep: 1, sort: .state) {
        id, state, width in
        guard let container = state.container(id) else { return [] }
        if let action = container.action {
            let seconds = Int(max(0, state.now.timeIntervalSince(action.since)))
            return [Span("\(action.doing) \(seconds) s", .acting)]
        }
        // As docker ps -a lists it, so does this: what one does not see one cannot remove. But it is nobody's work.
        if container.isTemporary { return [Span("temporary, Gantry's own", .dim)] }
        let text = container.status(at: state.engine.engineTime(state.now))
        return [Span(TextWidth.of(text) > width ? shortened(text) : text, container.statusRole)]
    }

    /// Docker's words with their units as letters: `Up 3h (healthy)`.
    static func shortened(_ status: String) -> String {
        var text = status
        for (long, short) in [
            ("Less than a second", "0s"), ("About a minute", "1m"), ("About an hour", "1h"), (" seconds", "s"),
            (" second", "s"), (" minutes", "m"), (" hours", "h"), (" days", "d"), (" weeks", "w"),
            (" months", "mo"), (" years", "y"), (" restarts", "×"), (" restart", "×"), ("health: ", ""), (" ago", ""),
            (" OOM-killed", " OOM"),
        ] where text.contains(long) {
            text.replace(long, with: short, maxReplacements: 1)
        }
        return text
    }

    static let cpu = Column(
        id: "cpu", title: "CPU %", otherTitle: { $0.settings.cpuOfHost ? "HOST %" : nil }, minimum: 11, maximum: 14,
        widest: 40, keep: 2, alignment: .right, sort: .cpu
    ) { id, state, width in
        let graph = max(0, width - 6)
        guard let container = state.container(id), container.isRunning else {
            // Under the numbers, not under the sparklines.
            return [Span(Units.none + String(repeating: " ", count: graph + 1), .dim)]
        }
        let text = Units.percent(state.cpuShown(container.usage.latest?.cpu))
        let scale = state.engine.sparklineScale
        // From before it came onto the screen there may be a point a minute: they are none of the last seconds.
        let oldest = state.engine.engineTime(state.now).addingTimeInterval(
            -Double(graph) * Sampling.visibleInterval - 1)
        let points = container.usage.points.suffix(graph).drop { $0.at < oldest }.map { $0.cpu ?? 0 }
        return [Span(text + " ", state.isOld(container.usage.latest) ? .dim : nil)]
            // Where all are nearly idle the highest is no alarm.
            + Sparkline.spans(points, width: graph, maximum: scale, hot: max(scale, 100))
    }

    static let memory = Column(
        id: "memory", title: "MEM", minimum: 6, maximum: 20, next: 11, widest: 36, keep: 3, alignment: .right,
        sort: .memory
    ) {
        id, state, width in
        guard let usage = state.container(id).flatMap({ $0.isRunning ? $0.usage.latest : nil }) else {
            return [Span(Units.none, .dim)]
        }
        let share = usage.memoryLimit > 0 ? usage.memory / usage.memoryLimit : 0
        let role: Role? = state.isOld(usage) ? .dim : share > 0.9 ? .graphHigh : nil
        var spans = [Span(Units.bytes(usage.memory), role)]
        if width >= 11 { spans += [Span(" ")] + Bar.spans(share, width: max(4, width - 16)) }
        if width >= 18 { spans.append(Span("/ ".leftPadded(3) + Units.bytes(usage.memoryLimit).leftPadded(5), .dim)) }
        return spans
    }

    /// What is wrong with it; there when only trouble is shown.
    static let trouble = Column(id: "trouble", title: "TROUBLE", minimum: 24, maximum: 60, keep: 1) { id, state, _ in
        guard let container = state.container(id) else { return [] }
        let troubles = state.engine.troubles(of: container, at: state.engine.engineTime(state.now))
        return [Span(troubles.map(\.text).joined(separator: "; "), .failure)]
    }

    static let logLines = Column(
        id: "log", title: "LOG/S", minimum: 5, maximum: 12, next: 9, widest: 24, keep: 7, alignment: .right,
        sort: .logLines
    ) {
        id, state, width in
        guard let rate = state.container(id)?.lineRate, let latest = rate.latest else {
            return [Span(Units.none, .dim)]
        }
        let graph = max(0, width - 6)
        let seconds = rate.seconds.suffix(graph).map { Double($0) }
        let top = max(10, rate.seconds.max().map { Double($0) } ?? 0)
        return [Span(Units.quantity(latest) + " ", latest == 0 ? .dim : nil)]
            + Sparkline.spans(seconds, width: graph, maximum: top)
    }

    static let network = rates("network", "NET ↓ ↑", keep: 4, .network) { ($0.received, $0.sent) }
    static let disk = rates("disk", "DISK R W", keep: 6, .disk) { ($0.read, $0.written) }

    private static func rates(
        _ id: String, _ title: String, keep: Int, _ sort: SortKey,
        _ figures: @escaping @Sendable (Usage) -> (Double?, Double?)
    ) -> Column {
        Column(id: id, title: title, minimum: 11, maximum: 11, keep: keep, alignment: .right, sort: sort) {
            id, state, _ in
            guard let usage = state.container(id).flatMap({ $0.isRunning ? $0.usage.latest : nil }) else {
                return [Span(Units.none, .dim)]
            }
            let (first, second) = figures(usage)
            return [first, second].enumerated().map { index, figure in
                Span(
                    Units.rate(figure).leftPadded(index == 0 ? 5 : 6),
                    (figure ?? 0) < 1 || state.isOld(usage) ? .dim : nil)
            }
        }
    }

    static let ports = Column(
        id: "ports", title: "PORTS", minimum: 10, maximum: 30, keep: 8, content: { $0.widths.ports }
    ) { id, state, _ in
        [Span(state.container(id)?.listed.ports ?? "", .dim)]
    }

    static let image = Column(
        id: "image", title: "IMAGE", minimum: 12, maximum: 40, keep: 5, cut: .middle, sort: .image,
        content: { $0.widths.image }
    ) { id, state, _ in
        [Span(state.container(id)?.summary.image ?? "", .dim)]
    }

    // MARK: Those that are there when somebody wants them

    static let share = Column(
        id: "memory-share", title: "MEM %", minimum: 5, maximum: 5, widest: 24, keep: 9, isExtra: true,
        alignment: .right, sort: .memory
    ) { id, state, width in
        guard let usage = state.container(id).flatMap({ $0.isRunning ? $0.usage.latest : nil }), usage.memoryLimit > 0
        else { return [Span(Units.none, .dim)] }
        let share = usage.memory / usage.memoryLimit
        let text = Span(Units.percent(share * 100), state.isOld(usage) ? .dim : share > 0.9 ? .graphHigh : nil)
        return width < 10 ? [text] : [text, Span(" ")] + Bar.spans(share, width: width - 6)
    }

    static let processes = Column(
        id: "pids", title: "PIDS", minimum: 5, maximum: 5, keep: 10, isExtra: true, alignment: .right
    ) { id, state, _ in
        guard let usage = state.container(id).flatMap({ $0.isRunning ? $0.usage.latest : nil }) else {
            return [Span(Units.none, .dim)]
        }
        return [Span(Units.fixed(usage.pids, 0), state.isOld(usage) ? .dim : nil)]
    }

    static let restarts = Column(
        id: "restarts", title: "RESTARTS", minimum: 8, maximum: 8, keep: 11, isExtra: true, alignment: .right
    ) { id, state, _ in
        guard let count = state.container(id)?.details?.restartCount else { return [Span(Units.none, .dim)] }
        return [Span("\(count)", count == 0 ? .dim : .note)]
    }

    static let project = label("project", "PROJECT", keep: 12, LogSubject.projectLabel)
    static let service = label("service", "SERVICE", keep: 13, "com.docker.compose.service")

    private static func label(_ id: String, _ title: String, keep: Int, _ label: String) -> Column {
        Column(id: id, title: title, minimum: 10, maximum: 20, keep: keep, isExtra: true, cut: .middle) {
            id, state, _ in
            [Span(state.container(id)?.summary.labels[label] ?? "", .dim)]
        }
    }

    static let created = Column(
        id: "created", title: "CREATED", minimum: 8, maximum: 16, keep: 14, isExtra: true, sort: .created
    ) { id, state, width in
        [Span(state.age(state.container(id)?.summary.created, width), .dim)]
    }

    static let command = Column(
        id: "command", title: "COMMAND", minimum: 12, maximum: 40, keep: 15, isExtra: true
    ) { id, state, _ in
        [Span(state.container(id)?.summary.command ?? "", .dim)]
    }

    static let networks = Column(
        id: "networks", title: "NETWORKS", minimum: 10, maximum: 30, keep: 16, isExtra: true
    ) { id, state, _ in
        [Span(state.container(id)?.summary.networks.joined(separator: " ") ?? "", .dim)]
    }

    static let id = Column(id: "id", title: "ID", minimum: 12, maximum: 12, keep: 17, isExtra: true) { id, state, _ in
        [Span(state.container(id)?.id.short ?? "", .dim)]
    }
}

extension String {
    /// The text with spaces in front up to a width.
    func leftPadded(_ width: Int) -> String {
        let missing = width - TextWidth.of(self)
        return missing > 0 ? String(repeating: " ", count: missing) + self : self
    }
}
