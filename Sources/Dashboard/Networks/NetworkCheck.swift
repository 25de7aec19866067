import EngineAPI
import Terminal

/// Looks at what a new network is to be, and says at each field what cannot be, before anything is sent.
struct NetworkCheck {
    /// What is wrong with a line of a field.
    typealias Problem = (line: Int, message: String)

    private let form: Form
    private let spec: NetworkSpec
    private let engine: EngineState

    init(_ form: Form, _ spec: NetworkSpec, _ engine: EngineState) {
        self.form = form
        self.spec = spec
        self.engine = engine
    }

    /// The first problem of each field that has one.
    var problems: [NetworkField: Problem] {
        var found: [NetworkField: Problem] = [:]
        found[.name] = name.map { (0, $0) }
        found[.driver] = driver.map { (0, $0) }
        found[.subnets] = first(of: .subnets, subnet)
        found[.gateways] = first(of: .gateways, gateway)
        found[.ranges] = first(of: .ranges, range)
        found[.reserved] = first(of: .reserved, reservation)
        found[.parent] = parent.map { (0, $0) }
        found[.mode] = mode.map { (0, $0) }
        found[.options] = first(of: .options, pair)
        found[.labels] = first(of: .labels, pair)
        return found
    }

    /// What is to be known, and hinders nothing.
    var notes: [NetworkField: String] {
        var notes: [NetworkField: String] = [:]
        let drivers = engine.info?.networkDrivers ?? []
        if !spec.driver.isEmpty, !drivers.isEmpty, !drivers.contains(spec.driver) {
            let known = drivers.filter { $0 != "null" }.sorted().joined(separator: ", ")
            notes[.driver] = "the Engine does not name it among its drivers: \(known)"
        }
        if NetworkSpec.modes[spec.driver] != nil {
            if spec.parent.isEmpty {
                notes[.parent] = "without one it leads nowhere outside"
            } else if let other = engine.networks.items.first(where: {
                $0.driver == spec.driver && $0.options["parent"] == spec.parent
            }) {
                notes[.parent] = "\(other.name) hangs on it too, which not every Engine allows"
            }
        }
        if spec.ipv6, !spec.subnets.contains(where: { IPSubnet($0)?.family == .v6 }),
            let api = engine.version?.api, api < APIVersion(1, 47)
        {
            notes[.ipv6] = "this Engine may want an IPv6 subnet for it"
        }
        return notes
    }

    private func first(of field: NetworkField, _ problem: (String, [String]) -> String?) -> Problem? {
        let lines = form.lines(of: field.rawValue)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            if let message = problem(line, lines[..<index].filter { !$0.isEmpty }) { return (index, message) }
        }
        return nil
    }

    // MARK: Name and driver

    private var name: String? {
        guard let first = spec.name.unicodeScalars.first else { return nil }
        if ["bridge", "host", "none", "default"].contains(spec.name) { return "\(spec.name) is the Engine's own" }
        func isFirst(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        }
        guard isFirst(first) else { return "it begins with a letter or a digit" }
        guard spec.name.unicodeScalars.allSatisfy({ isFirst($0) || "_.-".unicodeScalars.contains($0) }) else {
            return "only letters, digits and _ . - are allowed"
        }
        guard let owner = engine.networks.items.first(where: { $0.name == spec.name }) else { return nil }
        return "taken by a network: \(owner.inShort)"
    }

    private var driver: String? {
        switch spec.driver {
        case "host": "there is one host network, and there can be no other"
        case "null": "there is one network none, and there can be no other"
        case "overlay" where engine.info.map({ ["inactive", "pending", "error", "locked"].contains($0.swarm) }) == true:
            "an overlay needs a swarm, and this Engine is in none (docker swarm init)"
        default: nil
        }
    }

    private var parent: String? {
        guard !spec.parent.isEmpty else { return nil }
        guard NetworkSpec.modes[spec.driver] != nil else { return "only macvlan and ipvlan hang on an interface" }
        // As the kernel has it; the part behind a dot is a VLAN.
        let isName = spec.parent.utf8.count <= 15 && !spec.parent.contains { $0 == "/" || $0.isWhitespace }
        return isName ? nil : "“\(spec.parent)” is no name of an interface"
    }

    private var mode: String? {
        guard !spec.mode.isEmpty else { return nil }
        guard let modes = NetworkSpec.modes[spec.driver] else { return "only macvlan and ipvlan have a mode" }
        return modes.contains(spec.mode) ? nil : "\(spec.driver) has \(modes.joined(separator: ", "))"
    }

    private func pair(_ line: String, _ before: [String]) -> String? {
        let (key, _) = RunSpec.pair(line)
        if key.isEmpty { return "KEY=VALUE, and a key has to be there" }
        return before.contains { RunSpec.pair($0).0 == key } ? "\(key) is there twice" : nil
    }

    // MARK: Addresses

    /// What is wrong with the text of a subnet.
    private static func problem(withCIDR line: String) -> String? {
        guard let subnet = IPSubnet(line) else { return "“\(line)” is no subnet: 10.5.0.0/24, fd00:5::/64" }
        let address = IPAddress(line.prefix { $0 != "/" })
        return address == subnet.first ? nil : "addresses that begin so are \(subnet)"
    }

    private func subnet(_ line: String, _ before: [String]) -> String? {
        if let problem = Self.problem(withCIDR: line) { return problem }
        guard let subnet = IPSubnet(line) else { return nil }
        if let other = before.compactMap({ IPSubnet($0) }).first(where: { $0.overlaps(subnet) }) {
            return other == subnet ? "it is there twice" : "it overlaps with \(other) above"
        }
        if let (network, other) = engine.networks.items.overlapping(subnet, isOverlay: spec.isOverlay) {
            return "it overlaps with \(network.name) (\(other))"
        }
        if subnet.bits < (subnet.family == .v4 ? 8 : 16) { return "it is too large" }
        if subnet.family == .v6, !spec.ipv6 { return "IPv6 is off: turn it on below" }
        return nil
    }

    /// The subnets that are any.
    private var ranges: [IPSubnet] { spec.subnets.compactMap { IPSubnet($0) } }

    private func subnet(of address: IPAddress) -> IPSubnet? { ranges.first { $0.contains(address) } }

    private func outside(_ what: String) -> String {
        spec.subnets.isEmpty
            ? "\(what) needs its subnet above" : "it is outside of \(spec.subnets.joined(separator: ", "))"
    }

    private func gateway(_ line: String, _ before: [String]) -> String? {
        guard let address = IPAddress(line) else { return "“\(line)” is no address" }
        guard let subnet = subnet(of: address) else { return outside("a gateway") }
        if let problem = subnet.problem(withHost: address) { return problem }
        let others = before.compactMap { IPAddress($0) }
        return others.contains { subnet.contains($0) } ? "\(subnet) has a gateway above" : nil
    }

    private func range(_ line: String, _ before: [String]) -> String? {
        if let problem = Self.problem(withCIDR: line) { return problem }
        guard let range = IPSubnet(line) else { return nil }
        guard let subnet = ranges.first(where: { $0.contains(range) }) else { return outside("a range") }
        let others = before.compactMap { IPSubnet($0) }
        return others.contains { subnet.contains($0) } ? "\(subnet) has a range above" : nil
    }

    private func reservation(_ line: String, _ before: [String]) -> String? {
        let (name, text) = RunSpec.pair(line)
        guard !name.isEmpty, !text.isEmpty else { return "NAME=ADDRESS" }
        guard let address = IPAddress(text) else { return "“\(text)” is no address" }
        guard let subnet = subnet(of: address) else { return outside("an address") }
        if let problem = subnet.problem(withHost: address) { return problem }
        if spec.gateways.contains(where: { IPAddress($0) == address }) { return "it is the gateway" }
        for other in before.map(RunSpec.pair) {
            if other.0 == name { return "\(name) is there twice" }
            if IPAddress(other.1) == address { return "it is set apart above" }
        }
        return nil
    }
}

extension IPSubnet {
    /// Why an address of it can be nobody's; nil when it can.
    func problem(withHost address: IPAddress) -> String? {
        guard bits < family.bits - 1 else { return nil }
        if address == first { return "it is the subnet's own address" }
        return family == .v4 && address == last ? "it is the subnet's broadcast address" : nil
    }
}

extension NetworkSummary {
    /// `bridge, 172.20.0.0/16`.
    var inShort: String { ([driver] + subnets).filter { !$0.isEmpty }.joined(separator: ", ") }
}
