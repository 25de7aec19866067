/// A Dockerfile, read.
struct Dockerfile: Sendable {
    struct Instruction: Sendable {
        let line: Int
        /// In capitals.
        let name: String
        let rest: String
        /// As it is shown.
        var text: String { "\(name) \(rest)" }
    }

    static let names: Set = [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ]

    let instructions: [Instruction]

    init(_ text: String, name file: String) throws(DemoHost.Refusal) {
        var found: [Instruction] = []
        var pending = ""
        var start = 0
        // A line's end of Windows is one character.
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let bare = line.drop { $0 == " " || $0 == "\t" }
            if bare.isEmpty || bare.first == "#" { continue }
            if pending.isEmpty { start = number + 1 }
            if line.last == "\\" {
                pending += line.dropLast()
                continue
            }
            let whole = (pending + line).split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            pending = ""
            let name = whole.prefix { $0 != " " }
            let rest = whole.dropFirst(name.count + 1)
            guard Self.names.contains(name.uppercased()) else {
                throw .bad("dockerfile parse error on line \(start): unknown instruction: \(name)")
            }
            guard !rest.isEmpty else {
                throw .bad(
                    "dockerfile parse error on line \(start): \(name.uppercased()) requires at least one argument")
            }
            found.append(Instruction(line: start, name: name.uppercased(), rest: String(rest)))
            guard found.count <= 500 else {
                throw .bad("dockerfile parse error on line \(start): too many instructions")
            }
        }
        guard let first = found.first else { throw .bad("the Dockerfile (\(file)) cannot be empty") }
        guard first.name == "FROM" || first.name == "ARG" else {
            throw .bad("no build stage in current context")
        }
        instructions = found
    }
}

extension DemoImage.Settings {
    /// Does what an instruction says of an image's settings: what commits and imports take as changes.
    mutating func change(by text: String) throws(DemoHost.Refusal) {
        let file = try Dockerfile("ARG none\n" + text, name: "changes")
        for instruction in file.instructions.dropFirst() { change(by: instruction) }
    }

    mutating func change(by instruction: Dockerfile.Instruction) {
        let rest = instruction.rest
        switch instruction.name {
        case "CMD": command = Self.words(rest)
        case "ENTRYPOINT":
            entrypoint = Self.words(rest)
            command = []
        case "ENV":
            for (name, value) in Self.pairs(rest) {
                environment.removeAll { $0.hasPrefix(name + "=") }
                environment.append("\(name)=\(value)")
            }
        case "LABEL": for (name, value) in Self.pairs(rest) { labels[name] = value }
        case "USER": user = rest
        case "WORKDIR": directory = rest.hasPrefix("/") ? rest : DemoHost.plain(directory + "/" + rest)
        case "EXPOSE":
            for word in rest.split(separator: " ") {
                let port = word.contains("/") ? String(word) : "\(word)/tcp"
                if !ports.contains(port) { ports.append(port) }
            }
        case "VOLUME": volumes += rest.hasPrefix("[") ? Self.words(rest) : rest.split(separator: " ").map(String.init)
        default: break
        }
    }

    /// `["a", "b"]`, or a line for the shell.
    private static func words(_ text: String) -> [String] {
        if text.hasPrefix("["), let list = try? JSON.read(Array(text.utf8)), case .array = list { return list.texts }
        return ["/bin/sh", "-c", text]
    }

    /// `a=b c="d e"`, or `a b c` for a name and its value.
    private static func pairs(_ text: String) -> [(String, String)] {
        guard text.prefix(while: { $0 != " " }).contains("=") else {
            let name = text.prefix { $0 != " " }
            return [(String(name), String(text.dropFirst(name.count + 1)))]
        }
        let words = (try? ShellLine("echo " + text))?.pipelines.first?.commands.first?.words.dropFirst() ?? []
        return words.compactMap { word in
            let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
        }
    }
}
