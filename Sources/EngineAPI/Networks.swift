extension Engine {
    /// The networks.
    ///
    /// `GET /networks` (API 1.41).
    /// - Throws: `EngineError`.
    public func networks() async throws -> [NetworkSummary] {
        try await get(["networks"])
    }

    /// All about one network, by identity or name: JSON as the Engine sent it.
    ///
    /// `GET /networks/{id}` (API 1.41).
    /// - Throws: `EngineError.notFound`.
    public func inspectNetwork(_ network: String) async throws -> [UInt8] {
        try await getBytes(["networks", network])
    }

    /// One network, by identity or name, with the running containers in it and their addresses.
    ///
    /// `GET /networks/{id}` (API 1.41).
    /// - Throws: `EngineError.notFound`.
    public func network(_ network: String) async throws -> NetworkDetails {
        try await get(["networks", network])
    }

    /// The containers that belong to a network, also those that do not run and join when they start.
    ///
    /// `GET /containers/json` (API 1.41) with the filter `network`, by name and identity: of a container that never ran
    /// the Engine knows only the name.
    /// - Throws: `EngineError`.
    public func containers(attachedTo network: NetworkSummary) async throws -> [AttachedContainer] {
        let filters = try Filters.encode(["network": [network.name, network.id].filter { !$0.isEmpty }])
        let list: AttachedList = try await get(["containers", "json"], query: [("all", "1"), ("filters", filters)])
        return list.containers(of: network)
    }

    /// Makes a network.
    ///
    /// `POST /networks/create` (API 1.41). Never sent twice.
    /// - Throws: `EngineError.conflict` when the name is taken, `.notFound` when there is no such driver, `.badRequest`
    ///   for addresses that do not fit each other, `.server` (403) when they overlap with another network's, (500 or
    ///   403) when the driver cannot make it, (503) for an overlay outside of a swarm; in the Engine's words.
    public func createNetwork(_ creation: NetworkCreation) async throws -> CreatedNetwork {
        try await post(["networks", "create"], body: creation, deadline: .seconds(60))
    }

    /// Removes a network that no running container is in.
    ///
    /// `DELETE /networks/{id}` (API 1.41).
    /// - Throws: `EngineError.notFound`, `.server` (403) when it is predefined or running containers are in it.
    public func removeNetwork(_ network: String) async throws {
        try await delete(["networks", network], deadline: .seconds(60))
    }

    /// Has a container join a network: at once when it runs, else when it starts.
    ///
    /// `POST /networks/{id}/connect` (API 1.41).
    /// - Throws: `EngineError.notFound`, `.badRequest` for an address or an alias that cannot be there, `.server` (403)
    ///   when an address is taken or the container is in it already.
    public func connect(
        _ container: ContainerID, to network: String, _ settings: EndpointSettings = EndpointSettings()
    ) async throws {
        struct Body: Encodable {
            let Container: String
            let EndpointConfig: EndpointSettings
        }
        try await post(
            ["networks", network, "connect"], body: Body(Container: container.rawValue, EndpointConfig: settings),
            deadline: .seconds(60))
    }

    /// Has a container leave a network.
    ///
    /// `POST /networks/{id}/disconnect` (API 1.41).
    /// - Parameter force: Also where the Engine has lost the container.
    /// - Throws: `EngineError.notFound`, `.server` (403 or 500) when it is not in it.
    public func disconnect(_ container: ContainerID, from network: String, force: Bool = false) async throws {
        struct Body: Encodable {
            let Container: String
            let Force: Bool
        }
        try await post(
            ["networks", network, "disconnect"], body: Body(Container: container.rawValue, Force: force),
            deadline: .seconds(60))
    }
}
