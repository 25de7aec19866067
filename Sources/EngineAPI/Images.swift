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
        // The slashes of a name are parts of the path, as the docker client sends them.
        try await getBytes(["images"] + image.split(separator: "/").map(String.init) + ["json"])
    }
}
