extension Engine {
    /// The file system of a container as one tar, without its volumes.
    ///
    /// `GET /containers/{id}/export` (API 1.41).
    /// - Throws: `EngineError.notFound`; while iterating `.closed` when the tar ends before its end.
    public func export(_ container: ContainerID) async throws -> ByteStream {
        try await stream(
            Request(.GET, ["containers", container.rawValue, "export"]), deadline: .seconds(120),
            decoder: ByteDecoder())
    }
}
