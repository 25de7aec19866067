/// What a form needs to know of a Dockerfile: its stages and its arguments.
struct DockerfileOutline: Hashable, Sendable {
    /// The names of its stages, in order.
    private(set) var stages: [String] = []
    /// How many stages there are, those without a name too.
    private(set) var stageCount = 0
    /// The names of its `ARG`s.
    private(set) var arguments: [String] = []

    init() {}

    /// Reads a Dockerfile as far as it can be read: the builder finds what is wrong with it.
    init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let escape: Character = lines.first.map { Self.escape(in: $0) } ?? "\\"
        var instruction = ""
        var documents: [String] = []
        for line in lines {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            // A document within an instruction may hold anything.
            if let end = documents.first {
                if trimmed == end || line == end { documents.removeFirst() }
                continue
            }
            if trimmed.hasPrefix("#") { continue }
            var part = Substring(line)
            while part.last?.isWhitespace == true { part.removeLast() }
            let goesOn = part.last == escape
            instruction += (goesOn ? part.dropLast() : part) + " "
            if goesOn { continue }
            take(instruction)
            documents = Self.documents(in: instruction)
            instruction = ""
        }
        if !instruction.isEmpty { take(instruction) }
    }

    private mutating func take(_ instruction: String) {
        let words = instruction.split(whereSeparator: \.isWhitespace)
        switch words.first?.uppercased() {
        case "FROM":
            stageCount += 1
            let rest = words.dropFirst().drop { $0.hasPrefix("--") }.dropFirst()
            if rest.count >= 2, rest.first?.uppercased() == "AS", let name = rest.dropFirst().first {
                stages.append(String(name))
            }
        case "ARG":
            for word in words.dropFirst() {
                let name = String(word.prefix { $0 != "=" })
                if !name.isEmpty, !arguments.contains(name) { arguments.append(name) }
            }
        default: break
        }
    }

    /// What a first line `# escape=` says.
    private static func escape(in line: Substring) -> Character {
        let words = line.lowercased().filter { !$0.isWhitespace }
        return words.hasPrefix("#escape=`") ? "`" : "\\"
    }

    /// The ends of the documents that begin in `RUN <<EOF`.
    private static func documents(in instruction: String) -> [String] {
        let words = instruction.split(whereSeparator: \.isWhitespace)
        guard ["RUN", "COPY", "ADD"].contains(words.first?.uppercased() ?? "") else { return [] }
        return words.compactMap { word in
            guard let start = word.firstRange(of: "<<") else { return nil }
            let name = word[start.upperBound...].drop { $0 == "-" }.filter { $0 != "\"" && $0 != "'" }
            guard let first = name.first, first.isLetter || first == "_" else { return nil }
            return String(name)
        }
    }

    /// Whether a build can end at a stage of that name, or number.
    func hasStage(_ name: String) -> Bool {
        if let number = Int(name) { return (0..<stageCount).contains(number) }
        return stages.contains { $0.lowercased() == name.lowercased() }
    }
}
