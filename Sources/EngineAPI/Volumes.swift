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

    /// Makes a volume. One of that name and driver that is there already is given back as it is: the Engine does not say
    /// so.
    ///
    /// `POST /volumes/create` (API 1.41). Never sent twice.
    /// - Throws: `EngineError.badRequest` for a name or an option that cannot be, `.notFound` when there is no such driver,
    ///   `.conflict` when another driver has a volume of that name, `.server` when the driver cannot.
    public func createVolume(_ creation: VolumeCreation) async throws -> VolumeSummary {
        try await post(["volumes", "create"], body: creation, deadline: .seconds(120))
    }

    /// Removes a volume with all that is in it.
    ///
    /// `DELETE /volumes/{name}` (API 1.41).
    /// - Parameter force: also when its driver cannot remove it, or is not there any more; and one that is not there is no
    ///   error. Podman removes the containers that use it as well.
    /// - Throws: `EngineError.notFound`, `.conflict` when containers use it, stopped ones too.
    public func removeVolume(_ name: String, force: Bool = false) async throws {
        try await delete(["volumes", name], query: force ? [("force", "1")] : [], deadline: .seconds(120))
    }

    /// The containers that mount a volume, those that do not run too.
    ///
    /// `GET /containers/json` with the filter `volume`.
    /// - Throws: `EngineError`.
    public func containers(mounting volume: String) async throws -> [ContainerSummary] {
        let query = [("all", "1"), ("filters", try Filters.encode(["volume": [volume]]))]
        let found: [ContainerSummary] = try await get(["containers", "json"], query: query)
        // The filter also takes a place in the container for a name.
        return found.filter { $0.mounts.contains { $0.name == volume } }
    }
}

private struct VolumeList: Decodable, Sendable {
    var Volumes: [VolumeSummary]?
}

/// What a new volume is made of.
public struct VolumeCreation: Hashable, Sendable {
    /// Nil lets the Engine make one up: an anonymous volume.
    public var name: String?
    /// Nil is `local`.
    public var driver: String?
    /// The driver's options: `type`, `device` and `o` of the local one.
    public var options: [String: String] = [:]
    /// Its labels.
    public var labels: [String: String] = [:]

    /// Makes one; what else there is to say is set afterwards.
    public init(name: String? = nil) { self.name = name }
}

extension VolumeCreation: Encodable {
    private enum Key: String, CodingKey { case Name, Driver, DriverOpts, Labels }

    /// Writes the body of `POST /volumes/create`.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encodeIfPresent(name, forKey: .Name)
        try fields.encodeIfPresent(driver, forKey: .Driver)
        if !options.isEmpty { try fields.encode(options, forKey: .DriverOpts) }
        if !labels.isEmpty { try fields.encode(labels, forKey: .Labels) }
    }
}
