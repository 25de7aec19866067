/// What stands in the fields before anybody has looked at whether it makes sense: texts only.
struct RunDraft: Hashable, Sendable {
    /// What is wrong with a line, and at which of its words, counted from 1.
    struct Problem: Error, Hashable, CustomStringConvertible {
        let word: Int
        let message: String
        var description: String { "\(message) (word \(word))" }
    }

    /// The texts of each field, those of one value each as the only one; switches that are on have `true`.
    private var values: [RunField: [String]] = [:]

    init() {}

    subscript(field: RunField) -> [String] {
        get { values[field] ?? [] }
        set { values[field] = newValue.isEmpty ? nil : newValue }
    }

    /// The one text of a field that has one; empty when there is none.
    func text(_ field: RunField) -> String { self[field].first ?? "" }

    func isOn(_ field: RunField) -> Bool { self[field] == ["true"] }

    mutating func set(_ field: RunField, _ text: String) { self[field] = text.isEmpty ? [] : [text] }

    /// Whether a text wants to be a docker run line: for what is pasted.
    static func isLine(_ text: String) -> Bool {
        let words = text.split(maxSplits: 5) { " \t\n\r\\".contains($0) }.drop { ["$", "#", "%", "sudo"].contains($0) }
        guard ["docker", "podman"].contains(words.first) else { return false }
        let verb = words.dropFirst().first == "container" ? words.dropFirst(2).first : words.dropFirst().first
        return ["run", "create"].contains(verb)
    }

    /// Takes a whole `docker run …` line apart.
    init(line: String) throws(Problem) {
        self.init()
        var line = line[...]
        while let first = line.first, first.isWhitespace { line.removeFirst() }
        // The prompt, when it was copied along.
        for prompt in ["$ ", "# ", "% "] where line.hasPrefix(prompt) { line = line.dropFirst(2) }
        let words: [String]
        do { words = try ShellWords.split(String(line)) } catch {
            throw Problem(word: error.word, message: error.message)
        }
        var index = words.first == "sudo" ? 1 : 0
        guard index < words.count, ["docker", "podman"].contains(words[index]) else {
            throw Problem(word: index + 1, message: "a docker run line begins with docker run")
        }
        index += 1
        if index < words.count, words[index] == "container" { index += 1 }
        guard index < words.count, ["run", "create"].contains(words[index]) else {
            throw Problem(word: index + 1, message: "run or create is expected here")
        }
        index += 1
        try takeFlags(words, &index)
        guard index < words.count else { throw Problem(word: words.count + 1, message: "the image is missing") }
        self[.image] = [words[index]]
        let rest = words[(index + 1)...]
        if !rest.isEmpty { self[.command] = [ShellWords.joined(rest)] }
    }

    /// Flags end at the first word that is none, or behind `--`.
    private mutating func takeFlags(_ words: [String], _ index: inout Int) throws(Problem) {
        while index < words.count {
            let word = words[index]
            let place = index + 1
            guard word.hasPrefix("-"), word != "-" else { return }
            index += 1
            if word == "--" { return }
            if word.hasPrefix("--") {
                let sides = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(sides[0])
                guard let flag = RunFlag.named(name) else {
                    throw Problem(word: place, message: "unknown flag --\(name)")
                }
                var value = sides.count > 1 ? String(sides[1]) : nil
                if value == nil, !flag.isSwitch {
                    guard index < words.count else { throw Problem(word: place, message: "--\(name) needs a value") }
                    value = words[index]
                    index += 1
                }
                try take(flag, value, written: "--\(name)", place)
                continue
            }
            // A bundle of short ones: -it, -itp80:80, -e=K=V.
            var letters = word.dropFirst()
            while let letter = letters.popFirst() {
                guard let flag = RunFlag.named(letter) else {
                    throw Problem(word: place, message: "unknown flag -\(letter)")
                }
                var value: String?
                if letters.first == "=" {
                    value = String(letters.dropFirst())
                    letters = ""
                } else if !flag.isSwitch {
                    if letters.isEmpty {
                        guard index < words.count else {
                            throw Problem(word: place, message: "-\(letter) needs a value")
                        }
                        value = words[index]
                        index += 1
                    } else {
                        value = String(letters)
                        letters = ""
                    }
                }
                try take(flag, value, written: "-\(letter)", place)
            }
        }
    }

    private mutating func take(
        _ flag: RunFlag, _ value: String?, written: String, _ place: Int
    ) throws(Problem) {
        var isOn = true
        if flag.isSwitch, let value {
            guard let on = RunFlag.isOn(value) else {
                throw Problem(word: place, message: "\(written) is true or false, not “\(value)”")
            }
            isOn = on
        }
        switch flag.meaning {
        case .ignored: return
        case .unsupported:
            throw Problem(word: place, message: "\(written) cannot be done here yet: take it out, or use docker itself")
        case .more:
            if flag.isSwitch {
                self[.more].removeAll { $0 == "--\(flag.name)" }
                if isOn { self[.more].append("--\(flag.name)") }
            } else {
                self[.more].append("--\(flag.name) " + ShellWords.quoted(value ?? ""))
            }
        case .field(let field):
            if flag.isSwitch {
                self[field] = isOn ? ["true"] : []
                return
            }
            let value = value ?? ""
            switch field {
            case .environment, .environmentFiles, .ports, .labels, .aliases: self[field].append(value)
            case .mounts:
                // -v type=… would be read as --mount: such a path is nobody's, and the Engine would refuse it.
                if flag.name == "mount", !RunText.isLongMount(value) {
                    throw Problem(word: place, message: "--mount has no target=")
                }
                self[field].append(value)
            case .restart:
                let sides = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                self[.restart] = value.isEmpty ? [] : [String(sides[0])]
                self[.retries] = sides.count > 1 ? [String(sides[1])] : []
            case .network:
                guard self[.network].isEmpty else {
                    throw Problem(word: place, message: "a second network cannot be given here yet")
                }
                try takeNetwork(value, place)
            case .entrypoint: self[.entrypoint] = [ShellWords.quoted(value)]
            default: self[field] = value.isEmpty ? [] : [value]
            }
        }
    }

    /// `backend`, or `name=backend,alias=db`.
    private mutating func takeNetwork(_ value: String, _ place: Int) throws(Problem) {
        guard value.contains("=") else {
            self[.network] = value.isEmpty ? [] : [value]
            return
        }
        for part in value.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch sides[0] {
            case "name" where sides.count > 1: self[.network] = [sides[1]]
            case "alias" where sides.count > 1: self[.aliases].append(sides[1])
            default: throw Problem(word: place, message: "--network \(sides[0])= cannot be done here yet")
            }
        }
    }
}
