// What a container that was made by a request does when it runs: as its command says, as far as that is understood.
extension DemoHost {
    private struct Ways {
        var writing = Writing.words(first: [], again: [])
        var perSecond = 1.0
        var fate = Spec.Fate.runs
        var goodbyeCode = 143
        var isShell = false
        var failure: String?

        static func ends(after time: Nanoseconds, code: Int, saying lines: [String] = []) -> Ways {
            // Its lines are written 5 ms one after the other.
            let least = (20 + Nanoseconds(lines.count) * 5) * .millisecond
            return Ways(
                writing: .words(first: lines, again: []),
                fate: .ends(after: max(least, time), code: code, outOfMemory: false))
        }
    }

    private static let linesKept = 200

    mutating func behave(_ index: Int) {
        guard let container = containers[index] else { return }
        let ways = ways(of: container)
        change(index) { container in
            container.own = container.own?.behaving(isShell: ways.isShell, failure: ways.failure)
            container.spec = container.spec.behaving(
                ways.writing, perSecond: ways.perSecond, fate: ways.fate, goodbyeCode: ways.goodbyeCode)
        }
    }

    private mutating func ways(of container: DemoContainer) -> Ways {
        let command = container.spec.command
        let program = command.first?.split(separator: "/").last.map(String.init) ?? ""
        let readsInput = container.own?.readsInput ?? false
        switch program {
        case "sh", "bash", "ash":
            if let place = command.firstIndex(where: { $0.hasPrefix("-") && $0.hasSuffix("c") }),
                place + 1 < command.count
            {
                return ways(ofScript: command[place + 1], container)
            }
            guard command.count == 1 || command[1].hasPrefix("-") else { break }
            return readsInput ? Ways(isShell: true) : .ends(after: 0, code: 0)
        case "cat" where command.count == 1: return readsInput ? Ways(isShell: true) : .ends(after: 0, code: 0)
        case "tail" where command.contains("-f"): return Ways()
        case "hello":
            return .ends(
                after: 0, code: 0,
                saying: [
                    "", "Hello from Docker!",
                    "This message shows that your installation appears to be working correctly.", "",
                ])
        case _ where DemoTree.programs.contains(program) || ["seq", "printf"].contains(program):
            let line = command.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
            return ways(ofScript: line, container)
        default: break
        }
        let services: [String: (Writing, Double)] = [
            "nginx": (.access, 1), "httpd-foreground": (.access, 1), "caddy": (.json, 1), "traefik": (.json, 1),
            "redis-server": (.redis, 0.3), "postgres": (.postgres, 0.5), "opensearch": (.search, 0.5),
            "rabbitmq-server": (.queue, 0.3), "node": (.json, 1), "java": (.spring, 1),
        ]
        // An entrypoint's script ends in the program that it is told.
        let words = command.compactMap { $0.split(separator: "/").last.map(String.init) }
        if let known = words.lazy.compactMap({ services[$0] }).first {
            return Ways(writing: known.0, perSecond: known.1, goodbyeCode: 0)
        }
        let isBare = ["alpine", "busybox", "debian", "ubuntu"].contains(DemoReference(container.spec.image).repository)
        if isBare, DemoCommand.find(command[0], in: files(of: container)) == nil {
            return Ways(
                failure: "failed to create task for container: failed to create shim task: OCI runtime create failed: "
                    + "runc create failed: unable to start container process: error during container init: exec: "
                    + "\"\(command[0])\": \(Self.missing(command[0]))")
        }
        return Ways(writing: .logfmt, goodbyeCode: 0)
    }

    /// Why a program cannot be run, in the words of the runtime.
    static func missing(_ program: String) -> String {
        program.contains("/")
            ? "stat \(program): no such file or directory: unknown" : "executable file not found in $PATH: unknown"
    }

    private mutating func ways(ofScript script: String, _ container: DemoContainer) -> Ways {
        var shell = DemoShell(container: container)
        func lines(_ outcome: DemoShell.Outcome) -> [String] {
            let bytes = outcome.pieces.flatMap(\.text)
            var lines = bytes.split(separator: 0x0A, maxSplits: Self.linesKept, omittingEmptySubsequences: false)
            lines = Array(lines.prefix(Self.linesKept))
            if lines.last?.isEmpty == true { lines.removeLast() }
            return lines.map { String(decoding: $0, as: UTF8.self) }
        }
        let loop = ["while ", "until ", "for "].compactMap { script.firstRange(of: $0) }
            .min { $0.lowerBound < $1.lowerBound }
        guard let loop, let start = script[loop.upperBound...].firstRange(of: "do "),
            let end = script[start.upperBound...].firstRange(of: "done")
        else {
            let outcome = shell.run(script, &self)
            let code = outcome.exit ?? shell.code
            if outcome.isReplaced {
                return container.own?.readsInput == true ? Ways(isShell: true) : .ends(after: outcome.time, code: 0)
            }
            if outcome.time >= 100_000 * .second { return Ways(writing: .words(first: lines(outcome), again: [])) }
            return .ends(after: outcome.time, code: code, saying: lines(outcome))
        }
        // What stands before a loop, and one turn of it.
        let before = shell.run(String(script[..<loop.lowerBound]), &self)
        let body = String(script[start.upperBound..<end.lowerBound])
        let head = script[loop.lowerBound..<start.lowerBound]
        if head.hasPrefix("for ") {
            let words = head.split { " ;\n".contains($0) }
            var said = lines(before)
            var time: Nanoseconds = 0
            for value in words.dropFirst(3).prefix(100) {
                if let name = words.dropFirst().first { shell.set(String(name), String(value)) }
                let turn = shell.run(body, &self)
                said += lines(turn)
                time += turn.time
            }
            return .ends(after: before.time + time, code: shell.code, saying: Array(said.prefix(Self.linesKept)))
        }
        let turn = shell.run(body, &self)
        return Ways(
            writing: .words(first: lines(before), again: lines(turn)),
            perSecond: turn.time > 0 ? min(50, 1e9 / Double(turn.time)) : 1)
    }
}
