import EngineAPI
import Terminal

extension Command {
    static let networkCommands: [Command] = [
        Command(
            id: "network.create", title: "create a network: a form", hint: "create", keys: .named("n"),
            scope: .networks, kind: .changes,
            applies: isReachable,
            run: { state in
                state.open(state.keptForms[NetworkForm.id] ?? NetworkForm.make())
                return []
            }),
        Command(
            id: "network.connect", title: "connect a container to the network", hint: "connect", keys: .named("c"),
            scope: .networks, kind: .changes,
            applies: { state in
                let answer = state.appliesToNetwork()
                guard answer == .yes, let network = state.selectedNetwork else { return answer }
                return network.joinObstacle.map { .no("\(Sanitiser.clean(network.name)): \($0)") } ?? .yes
            },
            run: { state in
                guard let network = state.selectedNetwork else { return [] }
                state.open(ConnectForm.make(network: network.name))
                return []
            }),
        Command(
            id: "network.disconnect", title: "disconnect a container from the network", hint: "disconnect",
            keys: .named("u"), scope: .networks, kind: .changes,
            applies: { state in
                let answer = state.appliesToNetwork()
                guard answer == .yes, let network = state.selectedNetwork else { return answer }
                let name = Sanitiser.clean(network.name)
                if network.name == "host" { return .no("nobody can leave the host's network") }
                return state.engine.containersUsing(network: network.name).isEmpty
                    ? .no("no container is in \(name)") : .yes
            },
            run: { $0.chooseWhoLeaves() }),
        Command(
            id: "network.remove", title: "remove the network", hint: "remove", keys: .named("d", "delete"),
            scope: .networks, kind: .destroys, takesSeveral: true,
            applies: { state in
                let networks = state.aimedNetworks
                guard let first = networks.first else { return .no("no network is selected") }
                guard state.engine.isConnected else { return .no("the Engine is not reachable: nothing was sent") }
                guard networks.contains(where: { !$0.isPredefined }) else {
                    return .no(
                        networks.count == 1
                            ? "\(first.name) is the Engine's own: it cannot be removed"
                            : "they are the Engine's own: they cannot be removed")
                }
                return .yes
            },
            run: { $0.askNetworkRemoval() }),
        Command(
            id: "network.members", title: "the containers in the network, with their addresses", hint: "containers",
            keys: .named("l"), scope: .networks, kind: .reads,
            applies: { state in
                state.focus == .detail ? .no("") : state.selected == nil ? .no("no network is selected") : .yes
            },
            run: { $0.show(.members) }),
        Command(
            id: "container.networks", title: "connect the container to a network, or disconnect it",
            hint: "networks", keys: .named("n"), scope: .containers, kind: .changes,
            applies: { $0.applies { _ in nil } },
            run: { $0.chooseNetworks() }),
    ]
}

extension Command.Scope {
    static let networks = Self.pane(.networks)
}

extension State {
    /// The selected network, when the networks pane is shown.
    var selectedNetwork: NetworkSummary? { pane == .networks ? selected.flatMap { engine.network($0) } : nil }

    /// The networks that a command is about: the marked ones that are listed, or the selected one.
    var aimedNetworks: [NetworkSummary] {
        guard pane == .networks else { return [] }
        let marked = markedRows(.networks).compactMap { engine.network($0) }
        return marked.isEmpty ? selectedNetwork.map { [$0] } ?? [] : marked
    }

    fileprivate func appliesToNetwork() -> Command.Applicability {
        guard selectedNetwork != nil else { return .no("no network is selected") }
        return engine.isConnected ? .yes : .no("the Engine is not reachable: nothing was sent")
    }

    // MARK: Removing

    fileprivate mutating func askNetworkRemoval() -> [Effect] {
        let aimed = aimedNetworks
        let networks = aimed.filter { !$0.isPredefined }
        // Who is in them is what the person reads: these leave and no others, whatever joins meanwhile.
        let members = Dictionary(
            networks.map { network in
                (ResourceID.network(network.id), engine.members(of: network))
            }, uniquingKeysWith: { first, _ in first })
        let leaving = members.mapValues { containers in
            containers.map { NamedContainer(id: $0.id, name: Sanitiser.clean($0.name)) }
        }
        @Sendable func job(_ question: Question) -> RemoveNetworksJob {
            RemoveNetworksJob(
                targets: question.targets.compactMap { target in
                    guard case .network(let id) = target.id else { return nil }
                    let containers = question.isOn("disconnect") ? leaving[target.id] ?? [] : []
                    return .init(id: id, name: Sanitiser.clean(target.name), leaving: containers)
                })
        }
        var question = Question(
            engine: current, targets: networks.map { .init(id: .network($0.id), name: $0.name) }, verb: "remove",
            noun: "networks", docker: { job($0).docker },
            yes: { question, state in
                for target in question.targets { state.marked.remove(target.id) }
                return state.start(job(question))
            })
        let count = members.values.reduce(0) { $0 + $1.count }
        if count > 0 {
            question.options = [
                .init(
                    id: "disconnect",
                    title: "disconnect: the \(count == 1 ? "container leaves" : "\(count) containers leave") first",
                    value: .check(key: "c", isOn: false))
            ]
        }
        for network in networks {
            let all = members[.network(network.id)] ?? []
            let name = networks.count > 1 ? "\(network.name): " : ""
            let (running, stopped) = (all.filter(\.isRunning), all.filter { !$0.isRunning })
            if !running.isEmpty {
                question.notes.append(
                    "\(name)used by \(running.map(\.name).inOneLine): the Engine removes only what nobody uses")
            }
            if !stopped.isEmpty {
                question.notes.append(
                    "\(name)\(stopped.map(\.name).inOneLine) could not be started any more without it")
            }
        }
        let own = aimed.filter(\.isPredefined).map(\.name)
        if !own.isEmpty { question.notes.append("left out: \(own.inOneLine), the Engine's own") }
        layers.append(.question(question))
        return []
    }

    // MARK: Disconnecting

    /// Which of its containers leaves the selected network.
    fileprivate mutating func chooseWhoLeaves() -> [Effect] {
        guard let network = selectedNetwork else { return [] }
        let members = engine.members(of: network)
        if members.count == 1 { return askDisconnect(network.id, members.map(\.id)) }
        var items = members.map { container in
            Menu.Item(
                title: container.name, note: container.isRunning ? "" : "not running",
                choice: .disconnect([container.id], network: network.id))
        }
        items.append(
            Menu.Item(title: "all \(members.count)", choice: .disconnect(members.map(\.id), network: network.id)))
        layers.append(.menu(Menu(title: "Disconnect from \(Sanitiser.clean(network.name))", items: items)))
        return []
    }

    /// Asks before containers leave a network.
    mutating func askDisconnect(_ networkID: String, _ ids: [ContainerID]) -> [Effect] {
        guard let network = engine.networks[networkID] else {
            tell(.failure, "the network is gone: nothing was done")
            return []
        }
        let containers = ids.compactMap { engine.containers[$0] }
        guard !containers.isEmpty else {
            tell(.failure, "\(ids.count == 1 ? "the container is" : "the containers are") gone: nothing was done")
            return []
        }
        let name = Sanitiser.clean(network.name)
        @Sendable func job(_ question: Question) -> DisconnectJob {
            DisconnectJob(
                network: networkID, networkName: name,
                containers: question.targets.compactMap { target in
                    guard case .container(let id) = target.id else { return nil }
                    return NamedContainer(id: id, name: Sanitiser.clean(target.name))
                }, force: question.isOn("force"))
        }
        var question = Question(
            engine: current, targets: containers.map { .init(id: .container($0.id), name: $0.name) },
            verb: "disconnect", noun: "containers", rest: " from \(name)",
            options: [
                .init(
                    id: "force", title: "force: also what the Engine cannot disconnect in order",
                    value: .check(key: "f", isOn: false))
            ],
            docker: { job($0).docker },
            yes: { question, state in
                for target in question.targets { state.marked.remove(target.id) }
                return state.start(job(question))
            })
        let only = containers.filter { $0.isRunning && $0.summary.networks == [network.name] }.map(\.name)
        if !only.isEmpty {
            question.notes = ["\(only.inOneLine) \(only.count == 1 ? "is" : "are") in no other network"]
        }
        layers.append(.question(question))
        return []
    }

    // MARK: From a container's side

    /// The networks that the selected container can leave, and whether it is to join another; marked ones only join.
    fileprivate mutating func chooseNetworks() -> [Effect] {
        let containers = targets { _ in nil }
        guard let container = containers.first else { return [] }
        guard containers.count == 1 else {
            openConnect(containers.map(\.id))
            return []
        }
        let leaves = container.summary.networks.filter { $0 != "host" }.compactMap { name -> Menu.Item? in
            guard let network = engine.network(named: name) else { return nil }
            let address = container.details?.networks.first { $0.name == name }?.ipAddress ?? ""
            return Menu.Item(
                title: "disconnect from \(name)", note: address,
                choice: .disconnect([container.id], network: network.id))
        }
        guard !leaves.isEmpty else {
            openConnect([container.id])
            return []
        }
        layers.append(
            .menu(
                Menu(
                    title: "Networks of \(Sanitiser.clean(container.name))",
                    items: [.init(title: "connect to a network …", choice: .connect([container.id]))] + leaves)))
        return []
    }

    mutating func openConnect(_ ids: [ContainerID]) {
        let names = ids.compactMap { engine.containers[$0]?.name }
        open(ConnectForm.make(containers: names))
    }
}
