/// Values that look like secrets, by their names: what is shown of them, and kept in the journal.
enum Secrets {
    static let mask = "******"

    /// A word of a command, or a variable, with what is secret in it hidden: `DB_PASSWORD=******`, `--token=******`,
    /// `postgres://me:******@db/shop`.
    static func masked(_ word: String) -> String {
        if let equals = word.firstIndex(of: "=") {
            let name = word[..<equals].drop { $0 == "-" }
            let value = word[word.index(after: equals)...]
            if ["env", "label", "build-arg"].contains(name) {
                return word[...equals] + masked(String(value))
            }
            if !value.isEmpty, isSecret(name) { return word[...equals] + mask }
        }
        return maskedAddresses(word)
    }

    /// A text with what is secret in any of its words hidden: a pasted command line, a line of a Dockerfile.
    static func masked(text: String) -> String {
        guard text.contains("=") || text.contains("://") else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { masked(String($0)) }
            .joined(separator: " ")
    }

    /// The words of a command line, for a person's eyes and the journal.
    static func masked(_ words: [String]) -> [String] { words.map { masked($0) } }

    /// Whether a name is one of a secret: `DB_PASSWORD`, `apiKey`, `GITHUB_TOKEN`; not `PASSWORD_FILE`, which says where
    /// it is, nor `PWD`.
    static func isSecret(_ name: some StringProtocol) -> Bool {
        let parts = parts(of: name)
        guard let last = parts.last, !["FILE", "PATH", "DIR"].contains(last) else { return false }
        if parts == ["PWD"] { return false }
        return parts.contains { part in
            exact.contains(part) || endings.contains { part.hasSuffix($0) || part.hasSuffix($0 + "S") }
        }
    }

    private static let exact: Set = ["PASS", "PWD", "AUTH"]
    private static let endings = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "KEY",
    ]

    /// Whether the value of a key in JSON is to be hidden: fewer than of variables, for an Engine's answers have many
    /// keys that are no secrets (`SandboxKey`).
    static func isSecret(jsonKey name: some StringProtocol) -> Bool {
        isSecret(name) && !parts(of: name).contains { $0.hasSuffix("KEY") || $0.hasSuffix("KEYS") || $0 == "AUTH" }
    }

    /// `dbPassword`, `db_password` and `DB-PASSWORD` are `DB` and `PASSWORD`.
    private static func parts(of name: some StringProtocol) -> [String] {
        var parts: [String] = []
        var part = ""
        var wasLower = false
        for character in name {
            let isWord = character.isLetter || character.isNumber
            if !isWord || wasLower && character.isUppercase, !part.isEmpty {
                parts.append(part)
                part = ""
            }
            if isWord { part += character.uppercased() }
            wasLower = character.isLowercase
        }
        return part.isEmpty ? parts : parts + [part]
    }

    /// Hides the passwords in addresses: `https://me:secret@host`; a long name without one is a token.
    private static func maskedAddresses(_ text: String) -> String {
        guard text.contains("://") else { return text }
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: "://") {
            let scheme = rest[..<range.lowerBound]
            result += rest[..<range.upperBound]
            rest = rest[range.upperBound...]
            let authority = rest.prefix { !"/?# \t\"',".contains($0) }
            guard let at = authority.lastIndex(of: "@") else { continue }
            let user = authority[..<at]
            if let colon = user.firstIndex(of: ":") {
                result += user[...colon] + mask
            } else if user.count >= 16, scheme.hasSuffix("http") || scheme.hasSuffix("https") {
                result += mask
            } else {
                result += user
            }
            rest = rest[at...]
        }
        return result + rest
    }
}

extension InspectLine {
    /// The line with what looks like a secret hidden; nil when nothing does.
    var masked: InspectLine? {
        guard let index = spans.firstIndex(where: { $0.role == .jsonString }) else { return maskedText }
        let value = spans[index].text
        guard value.utf8.count > 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return nil }
        let inner = String(value.dropFirst().dropLast())
        let isNamed = spans.first.map { $0.role == .jsonKey && Secrets.isSecret(jsonKey: $0.text) } ?? false
        let hidden = isNamed ? Secrets.mask : Secrets.masked(inner)
        guard hidden != inner else { return nil }
        var parts = spans
        parts[index] = Part(text: "\"\(hidden)\"", role: .jsonString)
        return InspectLine(indent: indent, spans: parts)
    }

    /// What is no JSON is looked at word by word: `ENV DB_PASSWORD=…` in an image's layer.
    private var maskedText: InspectLine? {
        guard !spans.contains(where: { $0.role == .jsonKey }) else { return nil }
        let hidden = spans.map { Part(text: Secrets.masked(text: $0.text), role: $0.role) }
        return hidden == spans ? nil : InspectLine(indent: indent, spans: hidden)
    }
}
