extension Engine {
    /// The Engine and its host.
    ///
    /// `GET /info`.
    /// - Throws: `EngineError`.
    public func info() async throws -> SystemInfo {
        try await get(["info"])
    }

    /// What the Engine is, and which API version is used with it.
    ///
    /// `GET /version`, without a version before it: every Engine answers that.
    /// - Throws: `EngineError`.
    public func version() async throws -> EngineVersion {
        let answer = try await get(["version"], as: VersionAnswer.self, versioned: false)
        return answer.version(used: apiVersion)
    }

    /// Asks whether the Engine is there.
    ///
    /// `GET /_ping`.
    /// - Returns: The newest API version that it speaks; nil when it does not say.
    /// - Throws: `EngineError`.
    @discardableResult
    public func ping() async throws -> APIVersion? {
        let answer = try await call(Request(.GET, ["_ping"], versioned: false))
        return answer.head.headers.first(name: "Api-Version").flatMap(APIVersion.init)
    }

    /// Finds the API version to use: the lower of the Engine's newest and ours. Every call after this one uses it.
    ///
    /// `GET /_ping`. Enough to begin with: `connect` also asks what the Engine is.
    /// - Throws: `EngineError.tooOld`, and `.unreachable` when nobody answers.
    @discardableResult
    public func negotiate() async throws -> APIVersion {
        guard let engine = try await ping() else { return try await negotiate(with: version().engineAPI) }
        return try negotiate(with: engine)
    }

    /// Finds the API version to use as `negotiate` does, and what the Engine is.
    ///
    /// `GET /_ping`, then `GET /version`.
    /// - Throws: `EngineError.tooOld`, `.tooNew`, and `.unreachable` when nobody answers.
    public func connect() async throws -> EngineVersion {
        try await negotiate()
        let version = try await version()
        if let oldest = version.oldestAPI, oldest > Self.newest {
            throw EngineError.tooNew(engine: oldest.description, newest: Self.newestAPI)
        }
        return version
    }
}

/// The answer of `GET /version`.
struct VersionAnswer: Decodable, Sendable {
    struct Named: Decodable, Sendable { var Name: String? }
    var Platform: Named?
    var Components: [Named]?
    var Version, ApiVersion, MinAPIVersion, Os, Arch, KernelVersion: String?

    func version(used: APIVersion?) -> EngineVersion {
        // An Engine that does not say is one from before versions were said.
        let engine = ApiVersion.flatMap(APIVersion.init) ?? APIVersion(1, 0)
        var result = EngineVersion(api: used ?? min(engine, Engine.newest), engineAPI: engine)
        result.version = Version ?? ""
        result.name = name
        result.os = Os ?? ""
        result.arch = Arch ?? ""
        result.kernel = KernelVersion ?? ""
        result.oldestAPI = MinAPIVersion.flatMap(APIVersion.init)
        return result
    }

    private var name: String {
        let component = Components?.first?.Name ?? ""
        // Podman fills the platform with its host's; what it is stands among the components.
        if component.hasPrefix("Podman") { return component }
        if let platform = Platform?.Name, !platform.isEmpty { return platform }
        return component.isEmpty || component == "Engine" ? "Docker Engine" : component
    }
}
