/// Finds out what a process of the host's list is called in its container.
///
/// The host and the container number the same processes in different ways, but begin them in the same order. Where
/// commands, ages and parents of all of them agree, they are the same; else nobody knows, and it is not guessed.
enum ProcessMatch {
    struct Process: Hashable, Sendable {
        let pid: Int
        let parent: Int
        /// The kernel's name of it, 15 letters at most.
        let command: String
        /// Seconds since it began.
        var age = 0.0
    }

    /// How far the ages of the same process may be apart: the lists are of two moments, and one counts whole seconds.
    static let tolerance = 2.5

    /// The number in the container of a process that has a number on the host.
    static func pid(of host: Int, onHost: [Process], inContainer: [Process]) -> Int? {
        guard onHost.count == inContainer.count, onHost.contains(where: { $0.pid == host }),
            let first = onHost.max(by: { ($0.age, $1.pid) < ($1.age, $0.pid) })
        else { return nil }
        // Numbers count upwards from the first process; at the end of the numbers they begin again.
        let outside = onHost.sorted { ($0.pid < first.pid ? 1 : 0, $0.pid) < ($1.pid < first.pid ? 1 : 0, $1.pid) }
        let inside = inContainer.sorted { ($1.age, $0.pid) < ($0.age, $1.pid) }
        var names: [Int: Int] = [:]
        for (one, other) in zip(outside, inside) {
            guard one.command == other.command, abs(one.age - other.age) <= tolerance else { return nil }
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

    /// Prints how long the host is up and the lines of `/proc/*/stat`, with nothing but a shell, without the shell itself.
    static let script = """
        read -r up idle </proc/uptime; echo "$up"
        for d in /proc/[0-9]*; do [ "$d" = "/proc/$$" ] || { read -r line <"$d/stat" && echo "$line"; } 2>/dev/null; done
        """

    /// Reads them: `7 (nginx: worker) S 1 …`, with the time of its begin in hundredths of a second as the 22nd.
    static func processes(stats: String) -> [Process] {
        let lines = stats.split(whereSeparator: \.isNewline)
        guard let up = lines.first.flatMap({ Double($0) }) else { return [] }
        return lines.dropFirst().compactMap { line in
            guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close,
                let pid = Int(line[..<open].filter { $0 != " " })
            else { return nil }
            let rest = line[line.index(after: close)...].split(separator: " ")
            guard rest.count > 19, let parent = Int(rest[1]), let begin = Double(rest[19]) else { return nil }
            return Process(
                pid: pid, parent: parent, command: String(line[line.index(after: open)..<close]),
                age: up - begin / 100)
        }
    }

    /// Reads the answer to `top` with ``arguments``.
    static func processes(titles: [String], rows: [[String]]) -> [Process] {
        guard titles.prefix(2) == ["PID", "PPID"] else { return [] }
        return rows.compactMap { row in
            guard row.count == 4, let pid = Int(row[0]), let parent = Int(row[1]), let age = Double(row[2]) else {
                return nil
            }
            let command = row[3].hasSuffix(" <defunct>") ? String(row[3].dropLast(10)) : row[3]
            // In the middle of the second that has begun.
            return Process(pid: pid, parent: parent, command: command, age: age + 0.5)
        }
    }

    static let arguments = "-eo pid,ppid,etimes,comm"
}
