/// What the texts of a run may look like: the rules of the docker client and the Engine, so that what cannot be right
/// is said before anything is sent.
enum RunText {
    // MARK: Figures

    /// Bytes as the docker client reads them: `512m`, `1.5g`, `100kb`, `1GiB`; nil when they are none.
    static func bytes(_ text: String) -> Int? {
        var rest = text.lowercased()[...]
        let number = rest.prefix { $0.isASCIIDigit || $0 == "." }
        rest = rest.dropFirst(number.count)
        if rest.first == " " { rest = rest.dropFirst() }
        var shift = 0
        if let unit = rest.first, let place = "kmgtp".firstIndex(of: unit) {
            shift = 10 * ("kmgtp".distance(from: "kmgtp".startIndex, to: place) + 1)
            rest = rest.dropFirst()
            if rest.first == "i" { rest = rest.dropFirst() }
        }
        if rest.first == "b" { rest = rest.dropFirst() }
        guard rest.isEmpty, number.first?.isASCIIDigit == true, number.last?.isASCIIDigit == true,
            let value = Double(number)
        else { return nil }
        let scaled = value * Double(1 << shift)
        return scaled < 9e18 ? Int(scaled) : nil
    }

    /// The shortest way to write so many bytes: `512m`.
    static func text(bytes: Int) -> String {
        for (unit, shift) in [("t", 40), ("g", 30), ("m", 20), ("k", 10)] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return String(bytes)
    }

    /// Processors in billionths: `1.5`; nil when that is no such number.
    static func nanoCPUs(_ text: String) -> Int? {
        let sides = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = sides.first, !whole.isEmpty || sides.count > 1,
            text.contains(where: \.isASCIIDigit), sides.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            let units = Int(whole.isEmpty ? "0" : whole), units <= 1_000_000
        else { return nil }
        let fraction = sides.count > 1 ? sides[1] : ""
        guard fraction.count <= 9 else { return nil }
        let billionths = Int(fraction + String(repeating: "0", count: 9 - fraction.count)) ?? 0
        return units * 1_000_000_000 + billionths
    }

    static func text(nanoCPUs: Int) -> String {
        let whole = nanoCPUs / 1_000_000_000
        var fraction = String(nanoCPUs % 1_000_000_000 + 1_000_000_000).dropFirst()
        while fraction.last == "0" { fraction = fraction.dropLast() }
        return fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
    }

    // MARK: Addresses and ports

    static func isAddress(_ text: String) -> Bool { isIPv4(text) || isIPv6(text) }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(\.isASCIIDigit) && (Int(part) ?? 256) < 256
            }
    }

    static func isIPv6(_ text: String) -> Bool {
        // A zone is none of the address.
        let text = text.prefix { $0 != "%" }
        guard text.contains(":") else { return false }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        var groups = 0
        for half in halves where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                if index == parts.count - 1, half == halves.last ?? "", isIPv4(String(part)) {
                    groups += 2
                } else {
                    guard (1...4).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                        return false
                    }
                    groups += 1
                }
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }

    /// A port, or from one to another.
    static func range(_ text: some StringProtocol) -> ClosedRange<Int>? {
        let sides = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(sides.count), sides.allSatisfy({ !$0.isEmpty && $0.count <= 5 }),
            sides.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), let first = Int(sides[0]),
            let last = Int(sides[sides.count - 1]), first <= last, first > 0, last <= 65_535
        else { return nil }
        return first...last
    }

    /// `8080-8082/tcp`, as `--expose` has it.
    static func exposed(_ text: String) -> (ports: ClosedRange<Int>, proto: String)? {
        let sides = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let proto = sides.count > 1 ? sides[1].lowercased() : "tcp"
        guard protocols.contains(proto), let ports = range(sides.first ?? "") else { return nil }
        return (ports, proto)
    }

    static let protocols = ["tcp", "udp", "sctp"]

    // MARK: Names

    /// What is wrong with a container's or a volume's name.
    static func nameProblem(_ name: String) -> String? {
        guard let first = name.utf8.first, first.isLetterOrDigit else {
            return "it begins with a letter or a digit"
        }
        guard name.utf8.count >= 2 else { return "it has two characters at least" }
        guard name.utf8.allSatisfy({ $0.isLetterOrDigit || "_.-".utf8.contains($0) }) else {
            return "only letters, digits and _ . - are allowed"
        }
        return nil
    }

    /// What is wrong with an image's name or identity.
    static func imageProblem(_ image: String) -> String? {
        if image.contains(where: \.isWhitespace) { return "there is a space in it" }
        var rest = image[...]
        if let at = rest.firstIndex(of: "@") {
            let digest = rest[rest.index(after: at)...].split(separator: ":", omittingEmptySubsequences: false)
            guard digest.count == 2, !digest[0].isEmpty, digest[1].count >= 32,
                digest[1].utf8.allSatisfy({ ("0"..."9").contains($0.scalar) || ("a"..."f").contains($0.scalar) })
            else { return "behind @ stands a digest, sha256:…" }
            rest = rest[..<at]
        }
        let lastSlash = rest.lastIndex(of: "/")
        let lastPart = lastSlash.map { rest.index(after: $0) } ?? rest.startIndex
        if let colon = rest[lastPart...].firstIndex(of: ":") {
            let tag = rest[rest.index(after: colon)...]
            let isTag =
                (1...128).contains(tag.utf8.count)
                && tag.utf8.allSatisfy { $0.isLetterOrDigit || "_.-".utf8.contains($0) }
                && !".-".contains(tag.first ?? ".")
            guard isTag else { return tag.isEmpty ? "the tag behind : is missing" : "“\(tag)” is no tag" }
            rest = rest[..<colon]
        }
        if rest == "sha256" { return nil }
        var parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1, let host = parts.first,
            host.contains(".") || host.contains(":") || host == "localhost" || host.contains(where: \.isUppercase)
        {
            guard host.utf8.allSatisfy({ $0.isLetterOrDigit || ".-:[]".utf8.contains($0) }) else {
                return "“\(host)” is no registry"
            }
            parts.removeFirst()
        }
        for part in parts {
            if part.isEmpty { return "a part between / is empty" }
            if part.contains(where: \.isUppercase) { return "image names are lower case" }
            guard part.utf8.allSatisfy({ $0.isLetterOrDigit || "_.-".utf8.contains($0) }),
                part.utf8.first?.isLetterOrDigit == true, part.utf8.last?.isLetterOrDigit == true
            else { return "“\(part)” cannot be part of an image's name" }
        }
        return nil
    }

    /// What is wrong with a place in the container's file system.
    static func targetProblem(_ path: String) -> String? {
        if path.isEmpty { return "the path in the container is missing" }
        if !path.hasPrefix("/") { return "“\(path)” is no absolute path in the container" }
        if path.allSatisfy({ $0 == "/" }) { return "nothing can be mounted over /" }
        return nil
    }

    /// Whether a mount is written as `--mount` has it.
    static func isLongMount(_ text: String) -> Bool {
        (commas(text) ?? []).contains { part in
            ["target=", "destination=", "dst="].contains { part.lowercased().hasPrefix($0) }
        }
    }

    /// Fields between commas, with quotes as in CSV.
    static func commas(_ text: String) -> [String]? {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                field.append("\"")
                rest.removeFirst()
            case "\"" where isQuoted || field.isEmpty: isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field)
                field = ""
            default: field.append(character)
            }
        }
        if isQuoted { return nil }
        return fields + [field]
    }

    static func joinedByCommas(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { $0 == "," || $0 == "\"" } ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",")
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) && utf8.count == 1 }
}

extension UInt8 {
    fileprivate var scalar: Unicode.Scalar { Unicode.Scalar(self) }
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
