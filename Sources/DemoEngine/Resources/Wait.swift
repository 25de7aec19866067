extension Router {
    /// `POST /containers/{id}/wait`: the head is answered at once, the code when it has ended.
    static func wait(_ reference: String, _ request: DemoRequest, _ host: DemoHost) throws -> DemoReply {
        let container = try host.find(reference)
        let condition = request["condition"].flatMap { $0.isEmpty ? nil : $0 } ?? "not-running"
        guard let wanted = WaitStream.Condition(rawValue: condition) else {
            throw DemoHost.Refusal.bad("invalid condition: \"\(condition)\"")
        }
        return .stream(WaitStream(container, wanted), type: "application/json")
    }
}

/// Says how a container ended, when it has.
struct WaitStream: DemoStream {
    enum Condition: String, Sendable {
        case notRunning = "not-running"
        case nextExit = "next-exit"
        case removed
    }

    private let container: String
    private let condition: Condition
    private let ends: Int

    init(_ container: DemoContainer, _ condition: Condition) {
        self.container = container.id
        self.condition = condition
        ends = container.ends
    }

    mutating func next(_ host: inout DemoHost) -> DemoPiece {
        let code: Int
        if let container = host.byID[container].flatMap({ host.containers[$0] }) {
            let isOver =
                switch condition {
                case .notRunning: !container.state.isAlive
                case .nextExit: container.ends > ends
                case .removed: false
                }
            guard isOver else { return DemoPiece(again: host.now + .hour) }
            code = container.exitCode
        } else {
            code = host.lately(container)?.exitCode ?? 0
        }
        let json: JSON = ["StatusCode": .int(code)]
        return DemoPiece(bytes: json.bytes + [0x0A])
    }
}
