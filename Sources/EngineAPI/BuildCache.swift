/// What went of the builder's cache.
public struct BuildCacheRemoval: Hashable, Sendable {
    /// The records' identities.
    public var ids: [String] = []
    /// Bytes that they held.
    public var bytes = 0
}

extension Engine {
    /// Removes a record of the builder's cache, or all that no build uses and no other record is built on.
    ///
    /// `POST /build/prune` (API 1.41), with the filter `id`. One that cannot be removed yet is no error: nothing is told of
    /// it then.
    /// - Throws: `EngineError.badRequest` when the Engine does not know the filter.
    public func pruneBuildCache(id: String? = nil) async throws -> BuildCacheRemoval {
        struct Answer: Decodable, Sendable {
            var CachesDeleted: [String]?
            var SpaceReclaimed: Int?
        }
        var query = [("all", "1")]
        if let id { query.append(("filters", try Filters.encode(["id": [id]]))) }
        let answer = try await call(Request(.POST, ["build", "prune"], query: query), deadline: .seconds(600))
        let told = try answer.body.withUnsafeReadableBytes { try Self.decode(Answer.self, from: $0) }
        return BuildCacheRemoval(ids: told.CachesDeleted ?? [], bytes: told.SpaceReclaimed ?? 0)
    }
}
