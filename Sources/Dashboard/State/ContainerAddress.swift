import EngineAPI

/// Where something in a container can be reached.
struct ContainerAddress: Hashable, Sendable {
    /// `localhost:8080`, `[::1]:53`.
    let text: String
    /// What leads to it: `80/tcp`, `80/tcp in back`.
    let target: String
    /// What a browser opens; nil where that makes no sense.
    let url: String?

    private init(host: String, port: Int, of mapping: PortMapping, target: String) {
        text = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        self.target = target
        let isTLS = [443, 8443, 9443].contains(mapping.privatePort) || [443, 8443, 9443].contains(port)
        url = mapping.proto == "tcp" ? "\(isTLS ? "https" : "http")://\(text)" : nil
    }

    /// The published ports of a container as one reaches them from where the Engine is, then its ports in its networks.
    /// - Parameter host: the Engine's host, when it is another one than this.
    static func all(
        ports: [PortMapping], networks: [ContainerDetails.Attachment], host: String?
    ) -> [ContainerAddress] {
        var found: [ContainerAddress] = []
        func add(_ address: ContainerAddress) {
            if !found.contains(where: { $0.text == address.text && $0.target == address.target }) {
                found.append(address)
            }
        }
        for mapping in ports {
            guard let port = mapping.publicPort else { continue }
            let bound = mapping.hostIP ?? ""
            // All addresses of the host, of either family, are one that leads there.
            let isEverywhere = ["", "0.0.0.0", "::"].contains(bound)
            add(
                ContainerAddress(
                    host: isEverywhere ? host ?? "localhost" : bound, port: port, of: mapping,
                    target: "\(mapping.privatePort)/\(mapping.proto)"))
        }
        for network in networks where !network.ipAddress.isEmpty {
            for mapping in ports {
                add(
                    ContainerAddress(
                        host: network.ipAddress, port: mapping.privatePort, of: mapping,
                        target: "\(mapping.privatePort)/\(mapping.proto) in \(network.name)"))
            }
        }
        return found
    }
}

extension State {
    /// Where the container can be reached.
    func addresses(of container: Container) -> [ContainerAddress] {
        let host: String? =
            switch engine.address.kind {
            case .unix: nil
            case .tcp(let host, _): ["127.0.0.1", "::1", "localhost"].contains(host) ? nil : host
            }
        // The inspection knows the ports that are not published too.
        let inspected = container.details?.ports ?? []
        return ContainerAddress.all(
            ports: inspected.isEmpty ? container.summary.ports : inspected, networks: container.details?.networks ?? [],
            host: host)
    }
}
