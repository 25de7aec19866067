import EngineAPI
import Terminal

/// The containers of a network: what runs in it, with its addresses, and what joins when it starts.
enum MembersDetail {
    private static let longestName = 40

    static func lines(of members: NetworkMembers) -> [InspectLine] {
        var lines = head(members.network)
        lines.append(line([]))
        guard !members.members.isEmpty else {
            let canJoin = members.network.joinObstacle == nil
            return lines + [line([("No container is in it\(canJoin ? ": connect one" : " yet").", .dim)])]
        }
        let rows = members.members.map { cells(of: $0) }
        let titles = ["NAME", "IPv4", "IPv6", "MAC", "ALIASES"]
        // A column that nobody has anything in takes no room.
        let widths = titles.indices.map { column in
            let widest = rows.reduce(0) { max($0, $1.texts[column].map { TextWidth.of($0) } ?? 0) }
            return widest == 0 ? 0 : min(max(widest, titles[column].count), longestName)
        }
        func padded(_ text: String, _ column: Int) -> String {
            let isLast = widths[(column + 1)...].allSatisfy { $0 == 0 }
            return isLast || widths[column] == 0 ? text : text.padded(widths[column] + 2)
        }
        lines.append(
            line([
                (
                    "  "
                        + titles.indices.filter { widths[$0] > 0 }.map { padded(titles[$0], $0) }.joined(), .column
                )
            ]))
        for row in rows {
            var parts: [(String, Role)] = [(row.mark, row.role), (" ", .text)]
            for column in titles.indices where widths[column] > 0 && (row.note.isEmpty || column == 0) {
                let text = row.texts[column] ?? ""
                parts.append((padded(text, column), column == 0 ? .strong : column == 3 ? .dim : .text))
            }
            if !row.note.isEmpty {
                parts.append(("\(widths[1...].allSatisfy { $0 == 0 } ? "  " : "")\(row.note)", .note))
            }
            lines.append(line(parts))
        }
        return lines
    }

    /// What the network is, in a few lines.
    private static func head(_ network: NetworkSummary) -> [InspectLine] {
        let what = [network.driver, network.scope] + network.flags
        var lines = [line([(what.filter { !$0.isEmpty }.map(Sanitiser.clean).joined(separator: " · "), .dim)])]
        for pool in network.pools {
            var parts: [(String, Role)] = [(Sanitiser.clean(pool.subnet ?? "–"), .headerStrong)]
            if let gateway = pool.gateway, !gateway.isEmpty {
                parts.append(("  gateway \(Sanitiser.clean(gateway))", .text))
            }
            if let range = pool.range, !range.isEmpty { parts.append(("  range \(Sanitiser.clean(range))", .text)) }
            for (name, address) in (pool.reserved ?? [:]).sorted(by: { $0.key < $1.key }) {
                parts.append(("  \(Sanitiser.clean("\(name) \(address)"))", .dim))
            }
            lines.append(line(parts))
        }
        if let parent = network.options["parent"], !parent.isEmpty {
            let mode = network.options["\(network.driver)_mode"].map { "  mode \($0)" } ?? ""
            lines.append(line([("parent \(Sanitiser.clean(parent + mode))", .text)]))
        }
        return lines
    }

    private static func cells(
        of member: NetworkMembers.Member
    ) -> (mark: String, role: Role, texts: [String?], note: String) {
        func text(_ value: String) -> String? { value.isEmpty ? nil : Sanitiser.clean(value) }
        let (mark, role): (String, Role) =
            switch member.state {
            case nil: ("·", .dim)
            case .paused: ("‖", .paused)
            case .created: ("◌", .created)
            case .restarting: ("◐", .restarting)
            case .some(let state) where state.isAlive: ("●", .running)
            default: ("○", .endedWell)
            }
        let aliases = member.aliases.map { $0.joined(separator: ", ") } ?? ""
        var note = ""
        if member.state == nil {
            note = "no container"
        } else if !member.isIn {
            let fixed = member.fixed.isEmpty ? "" : " as \(member.fixed.joined(separator: ", "))"
            note = Sanitiser.clean("joins when it starts\(fixed)" + (aliases.isEmpty ? "" : ", \(aliases)"))
        }
        return (
            mark, role,
            [
                Sanitiser.clean(member.name), text(member.ipv4Address), text(member.ipv6Address),
                text(member.macAddress), text(aliases),
            ], note
        )
    }

    private static func line(_ parts: [(String, Role)]) -> InspectLine {
        InspectLine(indent: 0, spans: parts.filter { !$0.0.isEmpty }.map { .init(text: $0.0, role: $0.1) })
    }
}

extension NetworkSummary {
    /// What sets it apart: internal, attachable, IPv6.
    var flags: [String] {
        [
            `internal` ? "internal" : nil, attachable ? "attachable" : nil, ipv6 ? "IPv6" : nil,
            ingress ? "ingress" : nil,
        ]
        .compactMap { $0 }
    }
}
