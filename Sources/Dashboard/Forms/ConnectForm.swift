import EngineAPI
import Terminal

/// Containers that join a network: `docker network connect`. Filled in from either side.
enum ConnectForm {
    static let id = "connect"

    static func make(network: String? = nil, containers: [String] = []) -> Form {
        var form = Form(
            id: id, title: "Connect to a network",
            fields: [
                .init(
                    id: "network", label: "network", hint: "which one",
                    completes: .words { _, state in networks(state) }
                ),
                .init(
                    id: "containers", label: "containers", kind: .lines, hint: "one a line",
                    completes: .words { form, state in candidates(form, state) }),
                .init(
                    id: "aliases", label: "aliases", kind: .lines, hint: "further names that others find it by there"),
                .init(id: "address", label: "address", hint: "one that the Engine chooses; 10.5.0.9"),
                .init(id: "address6", label: "IPv6 address", hint: "one that the Engine chooses; fd00:5::9"),
            ],
            buttons: [.init(id: "connect", title: "connect", key: .ctrl("r"))],
            behaviour: Form.Behaviour(
                check: check,
                command: { form in
                    ConnectJob.line(form["network"].first ?? "", form["containers"], settings(of: form))
                }, press: press, networks: { form, state in Self.network(of: form, state).map { [$0.id] } ?? [] }))
        if let network {
            form["network"] = [network]
            form.move(to: "containers")
        }
        form["containers"] = containers
        return form
    }

    static func network(of form: Form, _ state: State) -> NetworkSummary? {
        form["network"].first.flatMap { state.engine.network(named: $0) }
    }

    static func settings(of form: Form) -> EndpointSettings {
        let aliases = form["aliases"]
        let (ipv4, ipv6) = (form["address"].first, form["address6"].first)
        return EndpointSettings(
            aliases: aliases.isEmpty ? nil : aliases,
            addresses: ipv4 == nil && ipv6 == nil ? nil : .init(ipv4: ipv4, ipv6: ipv6))
    }

    /// The networks that containers can join.
    private static func networks(_ state: State) -> [String] {
        state.engine.networks.items.filter { $0.joinObstacle == nil }.map(\.name)
    }

    /// The containers that are not in it yet.
    private static func candidates(_ form: Form, _ state: State) -> [String] {
        let network = network(of: form, state)
        let typed = Set(form["containers"])
        let engine = state.engine
        return engine.order.compactMap { id in
            guard let container = engine.containers[id], !typed.contains(container.name),
                container.joinObstacle(network) == nil
            else { return nil }
            return container.name
        }
    }

    // MARK: What is wrong

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        let network = network(of: form, state)
        if let name = form["network"].first, state.engine.networks.loaded {
            if let obstacle = network.map(\.joinObstacle) ?? "there is no network \(name)" {
                form.say(obstacle, at: "network")
            }
        }
        var seen: Set<String> = []
        for (index, name) in form.lines(of: "containers").enumerated() where !name.isEmpty {
            guard let problem = problem(withContainer: name, network, &seen, state) else { continue }
            form.say(problem, at: "containers", line: index)
            break
        }
        for (index, alias) in form.lines(of: "aliases").enumerated() where !alias.isEmpty {
            guard let problem = problem(withAlias: alias, network) else { continue }
            form.say(problem, at: "aliases", line: index)
            break
        }
        for (field, family) in [("address", IPAddress.Family.v4), ("address6", .v6)] {
            guard let text = form[field].first else { continue }
            if let problem = problem(withAddress: text, family, network, form, state) { form.say(problem, at: field) }
            if let address = IPAddress(text), network?.isLikelyGateway(address) == true {
                form.note("the gateway has it, unless the network was made otherwise", at: field)
            }
        }
    }

    private static func problem(
        withContainer name: String, _ network: NetworkSummary?, _ seen: inout Set<String>, _ state: State
    ) -> String? {
        guard let container = state.engine.container(named: name) else { return "there is no container \(name)" }
        guard seen.insert(name).inserted else { return "\(name) is there twice" }
        return container.joinObstacle(network).map { "\(name) \($0)" }
    }

    private static func problem(withAlias alias: String, _ network: NetworkSummary?) -> String? {
        if let network, !network.isOnesOwn { return "aliases are for networks of one's own, not for \(network.name)" }
        let isName = alias.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "_.-".unicodeScalars.contains($0))
        }
        return isName ? nil : "only letters, digits and _ . - are allowed"
    }

    private static func problem(
        withAddress text: String, _ family: IPAddress.Family, _ network: NetworkSummary?, _ form: Form, _ state: State
    ) -> String? {
        guard let address = IPAddress(text), address.family == family else {
            return "“\(text)” is no \(family == .v4 ? "IPv4" : "IPv6") address"
        }
        if form["containers"].count > 1 { return "an address is for one container" }
        guard let network else { return nil }
        if !network.isOnesOwn { return "fixed addresses are for networks of one's own, not for \(network.name)" }
        if family == .v6, !network.ipv6 { return "\(network.name) has no IPv6" }
        let subnets = network.ranges.filter { $0.family == family }
        guard let subnet = subnets.first(where: { $0.contains(address) }) else {
            let known = subnets.map(\.description).joined(separator: ", ")
            return known.isEmpty ? "\(network.name) has no such addresses" : "it is outside of \(known)"
        }
        if let problem = subnet.problem(withHost: address) { return problem }
        let owner = state.engine.members[network.id]?.owner(of: address) ?? network.reservation(of: address)
        return owner.map { "it is taken by \($0)" }
    }

    // MARK: Connecting

    @Sendable private static func press(_ button: String, _ state: inout State) -> [Effect] {
        guard var form = state.form else { return [] }
        if form["containers"].isEmpty { form.say("which container?", at: "containers") }
        if form["network"].isEmpty { form.say("which network?", at: "network") }
        guard !state.refuses(form), let network = network(of: form, state) else { return [] }
        let containers = form["containers"].compactMap { name in
            state.engine.container(named: name).map { NamedContainer(id: $0.id, name: Sanitiser.clean($0.name)) }
        }
        for container in containers { state.marked.remove(.container(container.id)) }
        return state.start(
            ConnectJob(
                network: network.id, networkName: Sanitiser.clean(network.name), containers: containers,
                settings: settings(of: form)), form: form)
    }
}

extension NetworkSummary {
    /// Whether somebody made it: aliases and fixed addresses are for these.
    var isOnesOwn: Bool { !isPredefined && !ingress }

    /// Why no container can join it once it is made; nil when one can.
    var joinObstacle: String? {
        if name == "host" || driver == "host" {
            return "the host's network is only for containers that are made for it"
        }
        if name == "none" || driver == "null" { return "who is in none is in no network" }
        if ingress { return "it is for the swarm's published ports" }
        if scope == "swarm", !attachable { return "it takes only tasks of services: it was not made attachable" }
        return nil
    }
}

extension Container {
    /// Why it cannot join a network, said behind its name; nil when it can.
    func joinObstacle(_ network: NetworkSummary?) -> String? {
        if summary.networks.contains("host") { return "shares the host's network and can join no other" }
        if details?.networkMode.hasPrefix("container:") == true {
            return "shares another container's network and can join no other"
        }
        if summary.networks.contains("none") { return "is in none, and has to leave that first (n)" }
        if let network, summary.networks.contains(network.name) { return "is in \(network.name) already" }
        return nil
    }
}
