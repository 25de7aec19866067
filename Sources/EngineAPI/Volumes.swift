extension Engine {
    /// The volumes.
    ///
    /// `GET /volumes`.
    /// - Throws: `EngineError`.
    public func volumes() async throws -> [VolumeSummary] {
        try await get(["volumes"], as: VolumeList.self).Volumes ?? []
    }

    /// All about one volume: JSON as the Engine sent it.
    ///
    /// `GET /volumes/{name}`.
    /// - Throws: `EngineError.notFound`.
    public func inspectVolume(_ name: String) async throws -> [UInt8] {
        try await getBytes(["volumes", name])
    }
}

private struct VolumeList: Decodable, Sendable {
    var Volumes: [VolumeSummary]?
}
