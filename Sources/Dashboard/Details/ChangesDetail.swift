import EngineAPI

/// What a container has changed in its file system.
enum ChangesDetail {
    /// The lines of the tab: how many of which, then each with a mark, by path.
    static func lines(of changes: FileChanges) -> [InspectLine] {
        guard changes.total > 0 else {
            return [line([("Nothing was changed: its files are as the image has them.", .dim)])]
        }
        func count(_ kind: FileChange.Kind) -> Int { changes.kept.count { $0.kind == kind } }
        let parts: [(Int, String, Role)] = [
            (count(.added), "added", .success), (count(.changed), "changed", .note),
            (count(.deleted), "deleted", .failure),
        ]
        var head: [(String, Role)] = []
        for (number, word, role) in parts where number > 0 {
            head.append((head.isEmpty ? "" : "  ", .dim))
            head.append(("\(number) \(word)", role))
        }
        var lines = [line(head.filter { !$0.0.isEmpty })]
        for change in changes.kept.sorted(by: { $0.path < $1.path }) {
            let (mark, role): (String, Role) =
                switch change.kind {
                case .added: ("A", .success)
                case .changed: ("C", .note)
                case .deleted: ("D", .failure)
                }
            lines.append(line([(mark, role), (" \(change.path)", change.kind == .deleted ? .dim : .text)]))
        }
        if changes.total > changes.kept.count {
            lines.append(line([("… and \(Units.count(changes.total - changes.kept.count)) more", .logMark)]))
        }
        return lines
    }

    private static func line(_ parts: [(String, Role)]) -> InspectLine {
        InspectLine(indent: 0, spans: parts.map { .init(text: $0.0, role: $0.1) })
    }
}
