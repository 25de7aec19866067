extension Engine {
    /// Brings an image from its registry, layer by layer.
    ///
    /// `POST /images/create?fromImage=` (API 1.41). Without tag and digest it is `latest`.
    /// - Parameter platform: `linux/arm64`; nil is the Engine's own.
    /// - Throws: `EngineError.notFound`, or while iterating `.failed` when the registry refuses or vanishes.
    public func pull(
        _ image: ImageReference, platform: String? = nil, auth: RegistryAuth? = nil
    ) async throws -> ProgressStream {
        let query = [("fromImage", image.name), ("tag", image.wanted)] + (platform.map { [("platform", $0)] } ?? [])
        let headers = try RegistryAuth.headers(auth)
        return try await stream(
            Request(.POST, ["images", "create"], query: query, headers: headers), deadline: Self.registryPatience,
            decoder: ProgressDecoder())
    }

    /// Brings an image to its registry. Its outcome has the digest.
    ///
    /// `POST /images/{name}/push` (API 1.41). Without a tag it is `latest`.
    /// - Throws: `EngineError.notFound`, or while iterating `.failed` when the registry refuses or vanishes.
    public func push(_ image: ImageReference, auth: RegistryAuth? = nil) async throws -> ProgressStream {
        // Engines before 1.42 insist on credentials, be they empty.
        let headers = try RegistryAuth.headers(auth ?? RegistryAuth())
        return try await stream(
            Request(.POST, Self.path(image.name, "push"), query: [("tag", image.tag ?? "latest")], headers: headers),
            deadline: Self.registryPatience, decoder: ProgressDecoder())
    }

    /// Images with all their layers and names as one tar.
    ///
    /// `GET /images/get?names=` (API 1.41).
    /// - Throws: `EngineError.notFound`; while iterating `.closed` when the tar ends before its end.
    public func save(_ images: [String]) async throws -> ByteStream {
        try await stream(
            Request(.GET, ["images", "get"], query: images.map { ("names", $0) }), deadline: .seconds(600),
            decoder: ByteDecoder())
    }

    /// Takes images in from a tar that `save` made.
    ///
    /// `POST /images/load` (API 1.41). What was loaded stands in the messages' output.
    /// - Throws: `EngineError.badRequest`, `.unreadable`, or while iterating `.failed`.
    public func load(_ tar: Upload) async throws -> ProgressStream {
        try await stream(
            Request(.POST, ["images", "load"], query: [("quiet", "0")], upload: tar), deadline: .seconds(600),
            decoder: ProgressDecoder())
    }

    /// Makes an image of one layer from a tar of files, as `export` gives it.
    ///
    /// `POST /images/create?fromSrc=-` (API 1.41). The last message's status is the identity.
    /// - Parameter changes: instructions of a Dockerfile: `CMD ["sh"]`.
    /// - Throws: `EngineError.badRequest`, `.unreadable`, or while iterating `.failed`.
    public func importImage(
        _ tar: Upload, as name: ImageReference? = nil, message: String? = nil, changes: [String] = []
    ) async throws -> ProgressStream {
        var query = [("fromSrc", "-")]
        if let name { query += [("repo", name.name), ("tag", name.tag ?? "latest")] }
        query += (message.map { [("message", $0)] } ?? []) + changes.map { ("changes", $0) }
        return try await stream(
            Request(.POST, ["images", "create"], query: query, upload: tar), deadline: .seconds(600),
            decoder: ProgressDecoder())
    }

    /// The Engine says nothing before the registry has answered it.
    private static let registryPatience = Duration.seconds(180)
}
