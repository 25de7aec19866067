/// Finds out what a process of the host's list is called in its container.
///
/// The host and the container number the same processes in different ways, but in the same order, for both count upwards.
/// Where commands and parents of all of them agree, they are the same; else nobody knows, and it is not guessed.
enum ProcessMatch {
    struct Process: Hashable, Sendable {
        let pid: Int
        let parent: Int
        /// The kernel's name of it, 15 letters at most.
        let command: String
    }

    /// The number in the container of a process that has a number on the host.
    static func pid(of host: Int, onHost: [Process], inContainer: [Process]) -> Int? {
        let outside = onHost.sorted { $0.pid < $1.pid }
        let inside = inContainer.sorted { $0.pid < $1.pid }
        guard outside.count == inside.count, outside.contains(where: { $0.pid == host }) else { return nil }
        var names: [Int: Int] = [:]
        for (one, other) in zip(outside, inside) {
            guard one.command == other.command else { return nil }
            names[one.pid] = other.pid
        }
        guard names.count == outside.count else { return nil }
        for (one, other) in zip(outside, inside) {
            // A parent outside of the container is none in it.
            guard let parent = names[one.parent] else {
                guard !inside.contains(where: { $0.pid == other.parent }) else { return nil }
                continue
            }
            guard parent == other.parent else { return nil }
        }
        return names[host]
    }

    /// Prints the lines of `/proc/*/stat` with nothing but a shell, without the shell itself.
    static let script = """
        for d in /proc/[0-9]*; do [ "$d" = "/proc/$$" ] || { read -r line <"$d/stat" && echo "$line"; } 2>/dev/null; done
        """

    /// Reads them: `7 (nginx: worker) S 1 …`.
    static func processes(stats: String) -> [Process] {
        stats.split(whereSeparator: \.isNewline).compactMap { line in
            guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close,
                let pid = Int(line[..<open].filter { $0 != " " })
            else { return nil }
            let rest = line[line.index(after: close)...].split(separator: " ")
            guard rest.count > 1, let parent = Int(rest[1]) else { return nil }
            return Process(pid: pid, parent: parent, command: String(line[line.index(after: open)..<close]))
        }
    }

    /// Reads the answer to `top` with ``arguments``.
    static func processes(titles: [String], rows: [[String]]) -> [Process] {
        guard titles.prefix(2) == ["PID", "PPID"] else { return [] }
        return rows.compactMap { row in
            guard row.count == 3, let pid = Int(row[0]), let parent = Int(row[1]) else { return nil }
            let command = row[2].hasSuffix(" <defunct>") ? String(row[2].dropLast(10)) : row[2]
            return Process(pid: pid, parent: parent, command: command)
        }
    }

    static let arguments = "-eo pid,ppid,comm"
}
