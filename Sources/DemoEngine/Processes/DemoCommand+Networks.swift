import EngineAPI

// What a container finds in its networks.
extension DemoCommand {
    /// Asks the Engine's name server, as busybox does.
    mutating func lookUp(_ host: DemoHost, _ container: DemoContainer) {
        guard let name = operands.first else { return fail("Usage: nslookup HOST") }
        say("Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n")
        guard let address = host.resolve(name, for: container) else {
            say("** server can't find \(name): NXDOMAIN\n")
            code = 1
            return
        }
        say("Non-authoritative answer:\nName:\t\(name)\nAddress: \(address)\n")
    }

    /// Three echoes at most, whatever number was asked for.
    mutating func ping(_ host: DemoHost, _ container: DemoContainer) {
        let words = arguments
        let count = words.firstIndex(of: "-c").flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil } ?? 3
        guard let name = words.last(where: { !$0.hasPrefix("-") && Int($0) == nil }) else {
            return fail("Usage: ping HOST")
        }
        guard let address = host.resolve(name, for: container) ?? reachable(name, host, container) else {
            return fail("ping: bad address '\(name)'")
        }
        say("PING \(name) (\(address)): 56 data bytes")
        let sent = max(1, min(3, count))
        for number in 0..<sent { say("64 bytes from \(address): seq=\(number) ttl=64 time=0.\(81 + number * 7) ms") }
        pause = Nanoseconds(sent - 1) * .second
        say("\n--- \(name) ping statistics ---\n\(sent) packets transmitted, \(sent) packets received, 0% packet loss")
    }

    /// An address that somebody has in one of the container's networks.
    private func reachable(_ text: String, _ host: DemoHost, _ container: DemoContainer) -> IPAddress? {
        guard let wanted = IPAddress(text) else { return nil }
        let isThere = host.networks.contains { network in
            container.networks.contains(network.name)
                && host.containers.contains { other in
                    guard let other, other.networks.contains(network.name) else { return false }
                    return host.address(of: other, in: network, wanted.family) == wanted
                }
        }
        return isThere ? wanted : nil
    }
}
