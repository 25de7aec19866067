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
}
