extension Engine {
    public func removeNetwork(_ network: String) async throws {
        try await delete(["networks", network], deadline: .seconds(60))
    }
}
