import EngineAPI

extension Router {
    static func networks(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["dangling", "driver", "id", "label", "name", "scope", "type"])
        let used = Set(
            filters["dangling"] == nil ? [] : host.containers.compactMap { $0 }.flatMap(\.networks))
        let list = host.networks.filter { network in
            filters.allSatisfy { name, values in
                switch name {
                case "id": values.contains { network.id.hasPrefix($0) }
                case "name": values.contains { network.name.contains($0) }
                case "driver": values.contains(network.driver)
                case "scope": values.contains("local")
                case "dangling":
                    (used.contains(network.name) || network.isBuiltIn) == ["0", "false"].contains(values[0])
                case "type": values.contains(network.isBuiltIn ? "builtin" : "custom")
                case "label": values.allSatisfy { matches(network.labels, label: $0) }
                default: true
                }
            }
        }
        return .json(.array(list.map { .object(members(of: $0)) }))
    }

    private static func members(of network: DemoNetwork) -> [(String, JSON)] {
        let pools = network.pools.map { pool -> JSON in
            var members: [(String, JSON)] = [("Subnet", .string(pool.subnet.description))]
            if let range = pool.range { members.append(("IPRange", .string(range.description))) }
            if let gateway = pool.gateway { members.append(("Gateway", .string(gateway.description))) }
            if !pool.reserved.isEmpty {
                members.append(("AuxiliaryAddresses", .map(pool.reserved.mapValues(\.description))))
            }
            return .object(members)
        }
        return [
            ("Name", .string(network.name)), ("Id", .string(network.id)),
            ("Created", .string(network.created.rfc3339)), ("Scope", "local"), ("Driver", .string(network.driver)),
            ("EnableIPv4", true), ("EnableIPv6", .bool(network.ipv6)),
            ("IPAM", ["Driver": "default", "Options": nil, "Config": .array(pools)]),
            ("Internal", .bool(network.isInternal)), ("Attachable", .bool(network.isAttachable)), ("Ingress", false),
            ("ConfigFrom", ["Network": ""]), ("ConfigOnly", false), ("Containers", [:]),
            ("Options", .map(network.options)),
            ("Labels", .map(network.labels)),
        ]
    }

    static func inspectNetwork(_ reference: String, _ host: DemoHost) throws -> DemoReply {
        guard let network = host.network(reference) else {
            throw DemoHost.Refusal.notFound("network \(reference) not found")
        }
        let attached = host.containers.compactMap { container -> (String, JSON)? in
            guard let container, container.isRunning, container.networks.contains(network.name) else { return nil }
            let address = host.address(of: container, in: network)
            return (
                container.id,
                [
                    "Name": .string(container.name), "EndpointID": .string(container.id),
                    "MacAddress": .string(address.map(mac) ?? ""), "IPv4Address": .string(network.withBits(address)),
                    "IPv6Address": .string(network.withBits(host.address(of: container, in: network, .v6))),
                ]
            )
        }
        return .json(
            .object(members(of: network).map { $0.0 == "Containers" ? ("Containers", .object(attached)) : $0 }))
    }

    /// The hardware address that goes with an address.
    static func mac(_ address: IPAddress) -> String {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: address.value >> (24 - 8 * UInt128($0))) }
        return "02:42:" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
