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
}
