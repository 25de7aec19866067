import FoundationEssentials

/// How an image is to be built.
public struct BuildOptions: Hashable, Sendable {
    /// The Dockerfile's path within the context; nil is `Dockerfile`.
    public var dockerfile: String?
    /// The names of the image.
    public var tags: [String] = []
    /// The stage to stop at; nil builds the last one.
    public var target: String?
    /// The values of `ARG`s; nil takes the value of an argument that the Engine knows by itself (`HTTP_PROXY`).
    public var arguments: [String: String?] = [:]
    /// Labels of the image.
    public var labels: [String: String] = [:]
    /// Whether every step is done again, though it has been done before.
    public var noCache = false
    /// Whether the images that it builds on are pulled though they are there.
    public var pulls = false
    /// The network of the steps: `host`, `none`; nil is the Engine's own choice.
    public var network: String?
    /// `linux/arm64`; nil is the Engine's own.
    public var platform: String?

    /// A build of the whole Dockerfile, without a name.
    public init() {}

    func query() throws -> [(String, String)] {
        // A container of a step is of no use afterwards, not even of one that failed.
        var query = [("rm", "1"), ("forcerm", "1"), ("dockerfile", dockerfile ?? "Dockerfile")]
        query += tags.map { ("t", $0) }
        if let target { query.append(("target", target)) }
        if !arguments.isEmpty { query.append(("buildargs", try Self.json(arguments))) }
        if !labels.isEmpty { query.append(("labels", try Self.json(labels))) }
        if noCache { query.append(("nocache", "1")) }
        if pulls { query.append(("pull", "1")) }
        if let network { query.append(("networkmode", network)) }
        if let platform { query.append(("platform", platform)) }
        return query
    }

    private static func json(_ value: some Encodable) throws -> String {
        do { return String(decoding: try JSONEncoder().encode(value), as: UTF8.self) } catch {
            throw EngineError.malformed("build options that JSON cannot hold")
        }
    }
}

extension Engine {
    /// Builds an image from a tar of its context, with the classic builder. Its outcome has the identity.
    ///
    /// `POST /build` (API 1.41). To stop reading, or the end of the task, ends the build.
    /// - Parameter auths: credentials by registry, for the images that it builds on.
    /// - Throws: `EngineError.badRequest` for a Dockerfile that cannot be, `.unreadable` for a context that cannot be
    ///   read; while iterating `.failed` for a step that failed, with its exit code.
    public func build(
        _ context: Upload, _ options: BuildOptions = BuildOptions(), auths: [String: RegistryAuth] = [:]
    ) async throws -> ProgressStream {
        let headers = try RegistryAuth.headers(registries: auths)
        return try await stream(
            Request(.POST, ["build"], query: options.query(), headers: headers, upload: context),
            deadline: .seconds(600), decoder: ProgressDecoder())
    }
}
