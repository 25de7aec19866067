/// An image of the simulated host.
struct DemoImage: Sendable {
    struct Layer: Hashable, Sendable {
        /// The digest of its contents, without `sha256:`; empty for a step that adds no files.
        let digest: String
        let instruction: String
        let size: Int
        let created: Nanoseconds
        /// The identity of the image that the step made, where it is known.
        var image = ""
        var comment = ""
    }

    /// What it gives the containers that are made of it.
    struct Settings: Sendable {
        var command: [String] = []
        var entrypoint: [String] = []
        var environment: [String] = []
        var user = ""
        var directory = ""
        var labels: [String: String] = [:]
        var ports: [String] = []
        var volumes: [String] = []
    }

    let id: String
    var tags: [String]
    /// The names by which registries know it: `repository@sha256:…`.
    var digests: [String]
    /// The oldest first.
    let layers: [Layer]
    let created: Nanoseconds
    var settings = Settings()
    var comment = "buildkit.dockerfile.v0"
    var author = ""
    /// What it was built on, where that is known.
    var parent = ""
    /// When it got its last name.
    var tagged: Nanoseconds

    var size: Int { layers.reduce(0) { $0 + $1.size } }
    var files: [Layer] { layers.filter { !$0.digest.isEmpty } }

    init(
        id: String, tags: [String], layers: [Layer], created: Nanoseconds, digests: [String] = [],
        settings: Settings = .init()
    ) {
        self.id = id
        self.tags = tags
        self.layers = layers
        self.created = created
        self.digests = digests
        self.settings = settings
        tagged = created
    }

    /// The name that a list has for it.
    var name: String { tags.first ?? "" }
}

extension DemoImage {
    /// What a registry has, or the shop's own: the layers follow from the repository, so that two of one share the
    /// oldest.
    static func published(
        _ repository: String, tag: String, id: String, size: Int, created: Nanoseconds, settings: Settings,
        seed: UInt64
    ) -> DemoImage {
        var random = SplitMix(seed, 0x1A7E, Self.number(repository))
        var own = SplitMix(seed, 0x1A7F, Self.number(repository + ":" + tag))
        let system = DemoTree.system(of: repository + ":" + tag)
        // Less of the base when the whole is less.
        let base = min(system == .debian ? 74_800_000 : system == .alpine ? 7_800_000 : 2_300_000, size / 2)
        let baseName = system == .debian ? "debian-12" : system == .alpine ? "alpine-3.20" : "scratch " + repository
        var baseRandom = SplitMix(seed, 0x1A80, Self.number(baseName), UInt64(base))
        var layers = [
            Layer(
                digest: baseRandom.hex(64),
                instruction: "/bin/sh -c #(nop) ADD file:\(baseRandom.hex(64)) in / ", size: base,
                created: created - 20 * .day)
        ]
        if system != .bare {
            let shell = system == .debian ? "bash" : "/bin/sh"
            layers.append(
                Layer(
                    digest: "", instruction: "/bin/sh -c #(nop)  CMD [\"\(shell)\"]", size: 0,
                    created: created - 20 * .day))
        }
        for variable in settings.environment.prefix(3) {
            layers.append(Layer(digest: "", instruction: "ENV \(variable)", size: 0, created: created))
        }
        let rest = size - base
        let shared = rest / 2
        if system != .bare {
            let install =
                system == .debian
                ? "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends ca-certificates curl # buildkit"
                : "RUN /bin/sh -c apk add --no-cache ca-certificates tzdata # buildkit"
            layers.append(
                Layer(digest: random.hex(64), instruction: install, size: shared, created: created, comment: Self.kit))
        }
        let left = system == .bare ? rest : rest - shared
        layers.append(
            Layer(
                digest: own.hex(64), instruction: "COPY . /app # buildkit", size: left - left / 64, created: created,
                comment: Self.kit))
        layers.append(
            Layer(
                digest: own.hex(64), instruction: "COPY docker-entrypoint.sh / # buildkit", size: left / 64,
                created: created, comment: Self.kit))
        for port in settings.ports {
            layers.append(
                Layer(digest: "", instruction: "EXPOSE map[\(port):{}]", size: 0, created: created, comment: Self.kit))
        }
        if !settings.command.isEmpty {
            let words = settings.command.map { "\"\($0)\"" }.joined(separator: " ")
            layers.append(
                Layer(digest: "", instruction: "CMD [\(words)]", size: 0, created: created, comment: Self.kit))
        }
        var image = DemoImage(
            id: id, tags: tag.isEmpty ? [] : ["\(repository):\(tag)"], layers: layers, created: created,
            settings: settings)
        // A digest of its own: the same bytes under another hash.
        if !tag.isEmpty { image.digests = ["\(repository)@sha256:\(String(id.dropFirst(7).reversed()))"] }
        return image
    }

    private static let kit = "buildkit.dockerfile.v0"

    /// A number that belongs to a text.
    static func number(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// `registry.example.com:5000/shop/cart:1.9.3`, taken apart.
struct DemoReference: Hashable, Sendable {
    var repository: String
    var tag: String
    var digest = ""

    init(_ text: String) {
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        let slash = rest.lastIndex(of: "/") ?? rest.startIndex
        if let colon = rest[slash...].lastIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            tag = ""
        }
        repository = String(rest)
        for beginning in ["docker.io/", "index.docker.io/", "library/"] where repository.hasPrefix(beginning) {
            repository = String(repository.dropFirst(beginning.count))
        }
    }

    /// With the tag that is meant.
    var name: String { "\(repository):\(tag.isEmpty ? "latest" : tag)" }

    /// The registry's host; `docker.io` where none is named.
    var registry: String {
        guard let first = repository.split(separator: "/").first, repository.contains("/"),
            first.contains(".") || first.contains(":") || first == "localhost"
        else { return "docker.io" }
        return String(first)
    }

    /// Whether a registry could know such a name.
    var isValid: Bool {
        let isName =
            !repository.isEmpty && repository.utf8.count <= 255
            && repository.split(separator: "/", omittingEmptySubsequences: false).enumerated().allSatisfy {
                index, part in
                let isHost = index == 0 && registry != "docker.io"
                return !part.isEmpty && part.first != "-" && part.last != "-"
                    && part.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "._-".utf8.contains($0)
                            || isHost && ($0 == UInt8(ascii: ":") || (0x41...0x5A).contains($0))
                    }
            }
        let isTag =
            tag.utf8.count <= 128
            && tag.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                    || "._-".utf8.contains($0)
            } && !(tag.first.map { ".-".contains($0) } ?? false)
        return isName && isTag
    }
}
