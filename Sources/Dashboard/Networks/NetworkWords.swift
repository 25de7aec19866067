import EngineAPI

/// The Engine's refusals about networks, each as one plain line; nil for what has no better words than its own.
///
/// What the Engine said itself is kept for the journal by whoever asks here.
enum NetworkWords {
    // MARK: Creating

    static func creating(_ spec: NetworkSpec, _ message: String, _ networks: [NetworkSummary]) -> String? {
        let said = message.lowercased()
        if said.contains("plugin") && said.contains("not found") || said.contains("plugin not found") {
            return "there is no network driver \(spec.driver) on this Engine"
        }
        if said.contains("already exists") {
            let owner = networks.first { $0.name == spec.name }
            return "the name is taken" + (owner.map { " by a network: \($0.inShort)" } ?? "")
        }
        if let words = parent(spec, message, networks) { return words }
        if said.contains("not a swarm manager") || said.contains("swarm init") {
            return "an overlay needs a swarm, and this Engine is in none (docker swarm init)"
        }
        if said.contains("only one instance of") {
            return "there is one \(spec.driver) network, and there can be no other"
        }
        if said.contains("non-overlapping") || said.contains("fully subnetted") {
            let kind = said.contains("ipv6") ? "IPv6 " : ""
            return "the Engine has no free \(kind)subnet of its own to give: name one"
        }
        if said.contains("overlap") { return overlap(spec, message, networks) }
        if said.contains("predefined") || said.contains("pre-defined") { return "\(spec.name) is the Engine's own" }
        if said.contains("no matching subnet for") || said.contains("parent subnet") {
            return "the gateway or the range is outside of the subnets"
        }
        if said.contains("iptables") || said.contains("ip tables") || said.contains("nftables") {
            return "the Engine cannot set up the firewall of its host for it"
        }
        if said.contains("operation not supported") || said.contains("minimum") && said.contains("kernel") {
            if NetworkSpec.modes[spec.driver] != nil, spec.parent.isEmpty {
                return "the kernel of the Engine's host can make none without a parent: name an interface"
            }
            return "the kernel of the Engine's host has no \(spec.driver.isEmpty ? "bridge" : spec.driver)"
        }
        return nil
    }

    /// What is wrong with the interface of the host that it is to hang on.
    private static func parent(_ spec: NetworkSpec, _ message: String, _ networks: [NetworkSummary]) -> String? {
        let said = message.lowercased()
        if said.contains("already using parent interface") {
            let owner = networks.first { !$0.id.isEmpty && message.contains($0.id.prefix(12)) }
            let name = owner.map { "network \($0.name)" } ?? "another network"
            return "\(spec.parent.isEmpty ? "the interface" : spec.parent) is the parent of \(name) already"
        }
        if said.contains("vlan link") { return "the Engine's host cannot make the VLAN \(spec.parent)" }
        if said.contains("valid vlan id") { return "“\(spec.parent)” is no VLAN of an interface, as eth0.20 is" }
        // An interface that is not there is taken for a VLAN that is to be made, if it has no dot for one with a mistake.
        if said.contains("subinterface vlan name") { return "the Engine's host has no interface \(spec.parent)" }
        guard said.contains("parent interface"), said.contains("not found") else { return nil }
        let name = spec.parent.split(separator: ".").first.map(String.init) ?? spec.parent
        return "the Engine's host has no interface \(name)"
    }

    /// With which network, as far as anybody can tell.
    private static func overlap(_ spec: NetworkSpec, _ message: String, _ networks: [NetworkSummary]) -> String {
        for subnet in spec.subnets.compactMap({ IPSubnet($0) }) {
            if let (network, other) = networks.overlapping(subnet, isOverlay: spec.isOverlay) {
                return "\(subnet) overlaps with network \(network.name) (\(other))"
            }
        }
        // The bridge driver names the other one: conflicts with network IDENTITY (br-…).
        if let other = networks.first(where: { $0.id.count >= 12 && message.contains($0.id) && $0.name != spec.name }) {
            return "it overlaps with network \(other.name) (\(other.subnets.joined(separator: ", ")))"
        }
        let subnets = spec.subnets.isEmpty ? "the subnet" : spec.subnets.joined(separator: ", ")
        return "\(subnets) overlaps with a route of the Engine's host; no network of the list has it"
    }

    // MARK: Removing

    /// - Parameter users: the names of the running containers in it.
    static func removing(_ name: String, _ message: String, users: [String]) -> String? {
        let said = message.lowercased()
        if said.contains("active endpoints") {
            return users.isEmpty ? "\(name) is in use" : "\(name) is in use by \(users.inOneLine)"
        }
        if said.contains("pre-defined") || said.contains("predefined") { return "\(name) is the Engine's own" }
        if said.contains("in use by service") || said.contains("in use by task") {
            if !users.isEmpty { return "\(name) is in use by \(users.inOneLine)" }
            let what = said.contains("in use by service") ? "a service" : "a task"
            return "\(name) is in use by \(what) of the swarm"
        }
        if said.contains("not found") { return "\(name) is gone already" }
        return nil
    }

    // MARK: Connecting and disconnecting

    static func connecting(
        _ container: String, to network: String, _ settings: EndpointSettings, _ message: String, owner: String?
    ) -> String? {
        let said = message.lowercased()
        let address = [settings.addresses?.ipv4, settings.addresses?.ipv6].compactMap { $0 }.joined(separator: ", ")
        if said.contains("address already in use") {
            return "\(address.isEmpty ? "the address" : address) is taken" + (owner.map { " by \($0)" } ?? "")
        }
        if said.contains("already exists in network") || said.contains("already connected")
            || said.contains("already attached")
        {
            return "\(container) is in \(network) already"
        }
        if said.contains("no configured subnet") || said.contains("does not belong to any of")
            || said.contains("invalid address") && !address.isEmpty
        {
            return "\(address) is outside of the subnets of \(network)"
        }
        if said.contains("user configured subnets") || said.contains("user-configured subnets") {
            return "a fixed address needs a network that was made with a subnet, which \(network) was not"
        }
        if said.contains("user specified ip address") || said.contains("user-specified ip address")
            || said.contains("network-scoped alias")
        {
            return "fixed addresses and aliases are for networks of one's own, which \(network) is not"
        }
        if said.contains("sharing network namespace") {
            return "\(container) shares the network of another or of the host"
        }
        if said.contains("host network") || said.contains("host mode") { return "nobody can join the host's network" }
        if said.contains("private (none) mode") { return "\(container) is in none, and has to leave that first" }
        if said.contains("not manually attachable") || said.contains("not attachable") {
            return "\(network) takes only tasks of services: it was not made attachable"
        }
        if said.contains("operation not supported") {
            return "the kernel of the Engine's host cannot do it for \(network)"
        }
        if said.contains("marked for removal") { return "\(container) is being removed" }
        return gone(container, network, said)
    }

    static func disconnecting(_ container: String, from network: String, _ message: String) -> String? {
        let said = message.lowercased()
        if said.contains("not connected to") { return "\(container) is not in \(network) any more" }
        if said.contains("host network") { return "nobody can leave the host's network" }
        return gone(container, network, said)
    }

    private static func gone(_ container: String, _ network: String, _ said: String) -> String? {
        if said.contains("no such container") { return "\(container) is gone" }
        return said.contains("network") && said.contains("not found") ? "the network \(network) is gone" : nil
    }
}

extension [String] {
    /// `web, api and db`; of many the first ones.
    var inOneLine: String {
        let shown = prefix(count > 5 ? 4 : 5)
        if count > shown.count { return shown.joined(separator: ", ") + " and \(count - shown.count) more" }
        guard count > 1, let last else { return joined() }
        return dropLast().joined(separator: ", ") + " and \(last)"
    }
}
