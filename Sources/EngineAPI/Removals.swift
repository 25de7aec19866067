extension Engine {
    public func removeVolume(_ name: String, force: Bool = false) async throws {
        try await delete(["volumes", name], query: force ? [("force", "1")] : [], deadline: .seconds(120))
    }
    public func removeNetwork(_ network: String) async throws {
        try await delete(["networks", network], deadline: .seconds(60))
    }
}
