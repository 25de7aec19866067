// Networks: made, removed, joined and left.
extension DemoHost {
    static let networksKept = 200

    func network(_ reference: String) -> Network? {
        guard !reference.isEmpty else { return nil }
        return networks.first { $0.name == reference || $0.id == reference }
            ?? networks.first { $0.id.hasPrefix(reference) }
    }

    private func found(_ reference: String) throws(Refusal) -> Network {
        guard let network = network(reference) else { throw .notFound("network \(reference) not found") }
        return network
    }

    mutating func createNetwork(_ request: JSON) throws(Refusal) -> Network {
        let name = request["Name"]?.text ?? ""
        guard !name.isEmpty else { throw .bad("invalid network name: name is empty") }
        guard Self.isName(name) else {
            throw .bad(
                "\(name) includes invalid characters for a network name, only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        guard !networks.contains(where: { $0.name == name }) else {
            throw .conflict("network with name \(name) already exists")
        }
        let driver = request["Driver"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? "bridge"
        guard ["bridge", "macvlan", "ipvlan"].contains(driver) else {
            if driver == "host" || driver == "null" {
                throw Refusal(status: 403, message: "only one instance of \"\(driver)\" network is allowed")
            }
            throw .notFound("could not find plugin \(driver) in v1 plugin registry: plugin not found")
        }
        let asked = request["IPAM"]?["Config"]?.elements.first
        let subnet = asked?["Subnet"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        if let subnet {
            guard Self.isSubnet(subnet) else {
                throw .bad("invalid network config: invalid subnet \(subnet): invalid CIDR block")
            }
            // Two networks that begin alike are one to the simulated host.
            guard !networks.contains(where: { Self.beginning($0.subnet) == Self.beginning(subnet) }) else {
                throw Refusal(
                    status: 403, message: "invalid pool request: Pool overlaps with other one on this address space")
            }
        }
        guard networks.count < Self.networksKept, let subnet = subnet ?? freeSubnet else {
            throw Refusal(
                status: 500,
                message: "all predefined address pools have been fully subnetted")
        }
        networksMade += 1
        var random = SplitMix(seed, 0x2F, UInt64(networksMade))
        let network = Network(
            id: random.hex(64), name: name, driver: driver, subnet: subnet, gateway: asked?["Gateway"]?.text ?? "",
            isInternal: request["Internal"]?.isTrue ?? false, created: now, labels: request["Labels"]?.textMap ?? [:],
            options: request["Options"]?.textMap ?? [:], isAttachable: request["Attachable"]?.isTrue ?? false)
        networks.append(network)
        tell("network", "create", actor: network.id, ["name": name, "type": driver])
        return network
    }

    private static func beginning(_ subnet: String) -> [Substring] { Array(subnet.split(separator: ".").prefix(2)) }

    private static func isSubnet(_ text: String) -> Bool {
        let halves = text.split(separator: "/")
        guard halves.count == 2, let bits = Int(halves[1]), (1...30).contains(bits) else { return false }
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private var freeSubnet: String? {
        let taken = Set(networks.map { Self.beginning($0.subnet).joined(separator: ".") })
        let pools = (18...31).map { "172.\($0)" } + (0...254).map { "10.\($0)" }
        return pools.first { !taken.contains($0) }.map { $0 + ".0.0/16" }
    }

    mutating func removeNetwork(_ reference: String) throws(Refusal) {
        let network = try found(reference)
        guard !network.isBuiltIn else {
            throw Refusal(status: 403, message: "\(network.name) is a pre-defined network and cannot be removed")
        }
        guard !containers.contains(where: { $0.map { $0.isRunning && $0.networks.contains(network.name) } ?? false })
        else {
            throw Refusal(
                status: 403,
                message: "error while removing network: network \(network.name) id \(network.id) has active endpoints")
        }
        networks.removeAll { $0.id == network.id }
        tell("network", "destroy", actor: network.id, ["name": network.name, "type": network.driver])
    }

    mutating func connect(_ reference: String, to networkReference: String, aliases: [String]) throws(Refusal) {
        let network = try found(networkReference)
        let container = try find(reference)
        guard !["host", "none"].contains(network.name) else {
            throw .bad("container cannot be connected to \(network.name) network: it is pre-defined")
        }
        guard !container.networks.contains("host") else {
            throw .bad(
                "container sharing network namespace with another container or host cannot be connected to any other network"
            )
        }
        guard !container.networks.contains(network.name) else {
            throw Refusal(
                status: 403,
                message: "endpoint with name \(container.name) already exists in network \(network.name)")
        }
        change(container.index) { container in
            container.networks.removeAll { $0 == "none" }
            container.networks.append(network.name)
        }
        if container.isRunning { tell(network, "connect", container) }
    }

    mutating func disconnect(_ reference: String, from networkReference: String, force: Bool) throws(Refusal) {
        let network = try found(networkReference)
        let container: DemoContainer
        do { container = try find(reference) } catch {
            // One that is gone may be told to leave all the same.
            if force { return }
            throw error
        }
        guard container.networks.contains(network.name) else {
            throw Refusal(
                status: 403,
                message: "container \(container.id) is not connected to network \(network.name)")
        }
        change(container.index) { container in container.networks.removeAll { $0 == network.name } }
        if container.isRunning { tell(network, "disconnect", container) }
    }

    private mutating func tell(_ network: Network, _ action: String, _ container: DemoContainer) {
        tell(
            "network", action, actor: network.id,
            ["container": container.id, "name": network.name, "type": network.driver])
    }
}
