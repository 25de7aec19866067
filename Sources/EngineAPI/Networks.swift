extension Engine {
    /// The networks.
    ///
    /// `GET /networks`.
    /// - Throws: `EngineError`.
    public func networks() async throws -> [NetworkSummary] {
        try await get(["networks"])
    }

    /// All about one network, by identity or name: JSON as the Engine sent it.
    ///
    /// `GET /networks/{id}`.
    /// - Throws: `EngineError.notFound`.
    public func inspectNetwork(_ network: String) async throws -> [UInt8] {
        try await getBytes(["networks", network])
    }
}
