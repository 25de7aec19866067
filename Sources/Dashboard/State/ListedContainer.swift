import EngineAPI
import Terminal

/// A container as it was listed, with what is asked of it again and again: worked out once for each list.
final class ListedContainer: Sendable {
    let summary: ContainerSummary
    /// The published and exposed ports: `8080→80 53/udp`, each once although both address families have it.
    let ports: String
    /// The health that the status text ends with.
    let health: String?
    /// The exit code in the status text: `Exited (1) …`.
    let exitCode: Int?
    let widths: EngineState.Widths
    /// Whether a Gantry has made it to look into a volume.
    let isTemporary: Bool

    init(_ summary: ContainerSummary) {
        self.summary = summary
        isTemporary = summary.isTemporary
        ports = Self.text(of: summary.ports)
        health = Self.health(in: summary.status)
        exitCode = Self.exitCode(in: summary.status)
        widths = EngineState.Widths(
            name: TextWidth.of(summary.name), ports: TextWidth.of(ports), image: TextWidth.of(summary.image))
    }

    private static func text(of ports: [PortMapping]) -> String {
        var words: [String] = []
        for port in ports {
            let word = port.publicPort.map { "\($0)→\(port.privatePort)" } ?? "\(port.privatePort)"
            let text = port.proto == "tcp" ? word : "\(word)/\(port.proto)"
            if !words.contains(text) { words.append(text) }
        }
        return words.joined(separator: " ")
    }

    private static func health(in status: String) -> String? {
        guard status.utf8.last == UInt8(ascii: ")") else { return nil }
        if status.hasSuffix("(healthy)") { return "healthy" }
        if status.hasSuffix("(unhealthy)") { return "unhealthy" }
        if status.hasSuffix("(health: starting)") { return "starting" }
        return nil
    }

    private static func exitCode(in status: String) -> Int? {
        guard let open = status.utf8.firstIndex(of: UInt8(ascii: "(")),
            let close = status.utf8.firstIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        return Int(status[status.utf8.index(after: open)..<close])
    }
}
