/// The name of an image as a person writes it, taken apart: `registry.example:5000/team/app:1.2`.
public struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// The registry as it is written: `localhost:5000`; nil for Docker Hub's images.
    public var registry: String?
    /// What it is called there, without tag: `team/app`.
    public var repository: String
    /// `1.2`.
    public var tag: String?
    /// `sha256:…`: this very content, whatever the tag says.
    public var digest: String?

    /// Takes a name apart; whether there is such an image is for the Engine to say.
    ///
    /// As in the docker client the first part is a registry when it has a dot or a colon, or is `localhost`.
    public init(_ text: String) {
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        if let slash = rest.firstIndex(of: "/") {
            let first = rest[..<slash]
            if first.contains(".") || first.contains(":") || first == "localhost" {
                registry = String(first)
                rest = rest[rest.index(after: slash)...]
            }
        }
        repository = String(rest)
    }

    /// With the registry, without tag and digest: `localhost:5000/team/app`.
    public var name: String { (registry.map { $0 + "/" } ?? "") + repository }

    /// As it was written.
    public var description: String { name + (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "") }

    /// What one pull brings: the digest, or the tag, or `latest`; without any it would be all tags.
    var wanted: String { digest ?? tag ?? "latest" }

    /// What is wrong with the name, in a few words; nil when there may be such an image.
    ///
    /// The grammar of `distribution/reference`: parts of small letters, digits and separators between them, a tag of up
    /// to 128 word characters, dots and dashes, a digest of an algorithm and hexadecimal digits.
    public var problem: String? {
        if repository.isEmpty { return "a name of an image is missing" }
        if name.utf8.count > 255 { return "the name is longer than 255 characters" }
        for part in repository.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty { return "there is nothing between two slashes" }
            if part.contains(where: { $0.isUppercase }) { return "“\(part)”: only small letters" }
            let isWord = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
            guard part.allSatisfy({ isWord($0) || "._-".contains($0) }) else {
                return "“\(part)”: only letters, digits, dots, dashes and underscores"
            }
            if let first = part.first, let last = part.last, !isWord(first) || !isWord(last) {
                return "“\(part)”: it begins and ends with a letter or a digit"
            }
            if part.contains("..") || part.contains("___") { return "“\(part)”: too many separators in a row" }
        }
        if let tag {
            let isTag = tag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
            if tag.isEmpty { return "a tag is missing behind the colon" }
            if !isTag || tag.hasPrefix(".") || tag.hasPrefix("-") || tag.count > 128 {
                return "“\(tag)” is no tag: up to 128 letters, digits, dots, dashes and underscores"
            }
        }
        if let digest {
            let sides = digest.split(separator: ":", maxSplits: 1)
            if sides.count != 2 || sides[1].count < 32 || !sides[1].allSatisfy(\.isHexDigit) {
                return "“\(digest)” is no digest: sha256: and 64 hexadecimal digits"
            }
        }
        return nil
    }
}
