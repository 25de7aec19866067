extension Router {
    static func networks(_ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let filters = try request.filters(allowing: ["dangling", "driver", "id", "label", "name", "scope", "type"])
        let list = host.networks.filter { network in
            filters.allSatisfy { name, values in
                switch name {
                case "id": values.contains { network.id.hasPrefix($0) }
                case "name": values.contains { network.name.contains($0) }
                case "driver": values.contains(network.driver)
                case "scope": values.contains("local")
                case "type": values.contains(network.name.hasPrefix("shop_") ? "custom" : "builtin")
                case "label": values.allSatisfy { matches(labels(of: network), label: $0) }
                default: true
                }
            }
        }
        return .json(.array(list.map { .object(members(of: $0)) }))
    }

    private static func labels(of network: DemoHost.Network) -> [String: String] {
        guard network.name.hasPrefix("shop_") else { return [:] }
        return [
            "com.docker.compose.project": Shop.project, "com.docker.compose.network": String(network.name.dropFirst(5)),
        ]
    }

    private static func members(of network: DemoHost.Network) -> [(String, JSON)] {
        let gateway = network.subnet.split(separator: ".").prefix(2).joined(separator: ".") + ".0.1"
        return [
            ("Name", .string(network.name)), ("Id", .string(network.id)),
            ("Created", .string(network.created.rfc3339)), ("Scope", "local"), ("Driver", .string(network.driver)),
            ("EnableIPv6", false),
            (
                "IPAM",
                [
                    "Driver": "default", "Options": nil,
                    "Config": network.subnet.isEmpty
                        ? [] : [["Subnet": .string(network.subnet), "Gateway": .string(gateway)]],
                ]
            ),
            ("Internal", .bool(network.isInternal)), ("Attachable", false), ("Ingress", false),
            ("ConfigFrom", ["Network": ""]), ("ConfigOnly", false), ("Containers", [:]), ("Options", [:]),
            ("Labels", .map(labels(of: network))),
        ]
    }

    static func inspectNetwork(_ reference: String, _ host: DemoHost) throws -> DemoReply {
        let exact = host.networks.first { $0.name == reference || $0.id == reference }
        guard !reference.isEmpty, let network = exact ?? host.networks.first(where: { $0.id.hasPrefix(reference) })
        else { throw DemoHost.Refusal.notFound("network \(reference) not found") }
        let attached = host.containers.compactMap { container -> (String, JSON)? in
            guard let container, container.isRunning, container.spec.networks.contains(network.name) else { return nil }
            let address = host.address(of: container, in: network)
            return (
                container.id,
                [
                    "Name": .string(container.name), "EndpointID": .string(container.id), "MacAddress": "",
                    "IPv4Address": .string(address.isEmpty ? "" : address + "/16"), "IPv6Address": "",
                ]
            )
        }
        return .json(
            .object(members(of: network).map { $0.0 == "Containers" ? ("Containers", .object(attached)) : $0 }))
    }
}
