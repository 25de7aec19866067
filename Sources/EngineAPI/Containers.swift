extension Engine {
    /// The containers, running ones only unless `all`, or only those of some identities (an empty list asks nothing).
    ///
    /// `GET /containers/json`. Sizes are not asked for: the Engine would walk the disk.
    /// - Throws: `EngineError`.
    public func containers(all: Bool = true, ids: [ContainerID]? = nil) async throws -> [ContainerSummary] {
        if let ids, ids.isEmpty { return [] }
        var query: [(String, String)] = [("all", all ? "1" : "0")]
        if let ids { query.append(("filters", try Filters.encode(["id": ids.map(\.rawValue)]))) }
        return try await get(["containers", "json"], query: query)
    }

    /// All about one container, decoded and as the Engine sent it.
    ///
    /// `GET /containers/{id}/json`.
    /// - Throws: `EngineError.notFound`.
    public func inspect(_ container: ContainerID) async throws -> Inspected<ContainerDetails> {
        let json = try await getBytes(["containers", container.rawValue, "json"])
        return Inspected(value: try Self.decode(ContainerDetails.self, from: json), json: json)
    }

    /// The processes of a container, with the columns of `ps` arguments (the Engine's own are `-ef`).
    ///
    /// `GET /containers/{id}/top`.
    /// - Throws: `EngineError.notFound`, or `.conflict` when it does not run.
    public func top(_ container: ContainerID, arguments: String? = nil) async throws -> ProcessList {
        let query = arguments.map { [("ps_args", $0)] } ?? []
        return try await get(["containers", container.rawValue, "top"], query: query)
    }

    /// Makes a container. It does not run before it is started.
    ///
    /// `POST /containers/create`. Never sent twice.
    /// - Parameter name: nil lets the Engine choose one.
    /// - Throws: `EngineError.notFound` when the image is not there, `.conflict` when the name is taken, `.badRequest`.
    public func create(_ creation: ContainerCreation, name: String? = nil) async throws -> CreatedContainer {
        let query = name.map { [("name", $0)] } ?? []
        return try await post(["containers", "create"], query: query, body: creation, deadline: .seconds(120))
    }

    /// What a container was made of, to make another one like it.
    ///
    /// `GET /containers/{id}/json`.
    /// - Throws: `EngineError.notFound`.
    public func origin(of container: ContainerID) async throws -> ContainerOrigin {
        try await get(["containers", container.rawValue, "json"])
    }

    /// What an image gives the containers that are made of it.
    ///
    /// `GET /images/{name}/json`.
    /// - Throws: `EngineError.notFound`.
    public func defaults(of image: String) async throws -> ContainerConfiguration {
        try Self.decode(ContainerOrigin.self, from: try await inspectImage(image)).configuration
    }
}
