extension Engine {
    /// The images, without the layers that builds leave between.
    ///
    /// `GET /images/json`.
    /// - Throws: `EngineError`.
    public func images() async throws -> [ImageSummary] {
        try await get(["images", "json"])
    }

    /// All about one image, by identity or name: JSON as the Engine sent it.
    ///
    /// `GET /images/{name}/json`.
    /// - Throws: `EngineError.notFound`.
    public func inspectImage(_ image: String) async throws -> [UInt8] {
        try await getBytes(Self.path(image, "json"))
    }

    /// The layers of an image, the newest first.
    ///
    /// `GET /images/{name}/history` (API 1.41).
    /// - Throws: `EngineError.notFound`.
    public func history(of image: String) async throws -> [ImageLayer] {
        try await get(Self.path(image, "history"))
    }

    /// Gives an image another name.
    ///
    /// `POST /images/{name}/tag` (API 1.41). An image that had the name keeps its identity only.
    /// - Throws: `EngineError.notFound`, `.badRequest` for a name that cannot be.
    public func tag(_ image: String, as name: ImageReference) async throws {
        try await post(Self.path(image, "tag"), query: [("repo", name.name), ("tag", name.tag ?? "latest")])
    }

    /// The names that lead to an image, asked for by its identity.
    ///
    /// `GET /images/{name}/json` (API 1.41).
    /// - Throws: `EngineError.notFound`.
    public func names(ofImage image: String) async throws -> (tags: [String], digests: [String]) {
        struct Answer: Decodable, Sendable { var RepoTags, RepoDigests: [String]? }
        let answer = try await get(Self.path(image, "json"), as: Answer.self)
        return (answer.RepoTags ?? [], answer.RepoDigests ?? [])
    }

    /// Takes a name from an image, and removes the image with the last one; by identity all at once.
    ///
    /// `DELETE /images/{name}` (API 1.41).
    /// - Parameters:
    ///   - force: also when stopped containers use it, or several names lead to it.
    ///   - keepsParents: leaves the images that it was built on, though no name leads to them (`noprune`).
    ///   - deadline: nil waits 2 minutes.
    /// - Throws: `EngineError.notFound`, `.conflict` when it is used.
    public func removeImage(
        _ image: String, force: Bool = false, keepsParents: Bool = false, deadline: Duration? = nil
    ) async throws -> ImageRemoval {
        let query = [("force", force ? "1" : "0"), ("noprune", keepsParents ? "1" : "0")]
        return try await delete(
            Self.path(image), query: query, deadline: deadline ?? .seconds(120), as: ImageRemoval.self)
    }

    /// Looks for images on Docker Hub, or on the registry that the term begins with.
    ///
    /// `GET /images/search` (API 1.41).
    /// - Throws: `EngineError.server` when the registry cannot be asked.
    public func searchImages(
        _ term: String, limit: Int = 25, auth: RegistryAuth? = nil
    ) async throws -> [ImageSearchResult] {
        let query = [("term", term), ("limit", String(limit))]
        return try await get(["images", "search"], query: query, headers: try RegistryAuth.headers(auth))
    }

    /// The slashes of a name are parts of the path, as the docker client sends them.
    static func path(_ image: String, _ rest: String...) -> [String] {
        ["images"] + image.split(separator: "/").map(String.init) + rest
    }
}
