import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The registries that a person has logged in to with the docker client: `config.json`, and the helper programs that
/// it names.
public struct RegistryCredentials: Sendable {
    /// The name under which Docker Hub's credentials are kept.
    public static let dockerHub = "https://index.docker.io/v1/"

    private struct Config: Decodable {
        struct Entry: Decodable { var auth, username, password, identitytoken: String? }
        var auths: [String: Entry]?
        var credsStore: String?
        var credHelpers: [String: String]?
    }

    private let config: Config
    private let helpers: Helpers

    /// Asks a helper program; in its own words.
    typealias Helpers = @Sendable (_ name: String, _ input: String) async throws -> (status: Int32, output: String)

    /// Reads `config.json` in a folder: by default `$DOCKER_CONFIG`, or `.docker` at home. Where there is none, nobody
    /// has logged in.
    /// - Throws: `EngineError.unreadable` when it is not what the docker client writes.
    public init(folder: String? = nil) throws {
        try self.init(folder: folder ?? Self.folder, helpers: HelperProgram.ask)
    }

    init(folder: String, helpers: @escaping Helpers) throws {
        self.helpers = helpers
        let path = folder + "/config.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            guard access(path, F_OK) != 0 else { throw EngineError.unreadable("\(path): it cannot be read") }
            config = Config()
            return
        }
        do { config = try JSONDecoder().decode(Config.self, from: data) } catch {
            throw EngineError.unreadable("\(path): not as the docker client writes it")
        }
    }

    private static var folder: String {
        func value(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        return value("DOCKER_CONFIG") ?? (value("HOME") ?? "") + "/.docker"
    }

    /// The credentials for an image's registry; nil when nobody has logged in there.
    /// - Throws: `EngineError.unreadable` when a helper program cannot be asked, in its words.
    public func auth(for image: ImageReference) async throws -> RegistryAuth? {
        try await auth(registry: image.registry)
    }

    /// The credentials for a registry (nil is Docker Hub), from the helper that is named for it, or the file.
    /// - Throws: `EngineError.unreadable` when a helper program cannot be asked, in its words.
    public func auth(registry: String?) async throws -> RegistryAuth? {
        let key = Self.key(registry)
        if let helper = helper(for: key) { return try await ask(helper, for: key) }
        guard let auths = config.auths else { return nil }
        // Older clients wrote addresses where the newer ones write hosts.
        let found = auths[key] ?? auths.first { Self.host($0.key) == Self.host(key) }?.value
        return found.flatMap { Self.auth(in: $0, key) }
    }

    /// All credentials, by registry: a build may need any of them. What a helper does not give is left out.
    public func all() async -> [String: RegistryAuth] {
        var all: [String: RegistryAuth] = [:]
        for key in Set((config.auths ?? [:]).keys).union((config.credHelpers ?? [:]).keys) {
            if let auth = try? await auth(registry: key) { all[key] = auth }
        }
        return all
    }

    /// The registries that are named anywhere, Docker Hub first.
    var registries: [String] {
        let named = Set((config.auths ?? [:]).keys).union((config.credHelpers ?? [:]).keys)
        return [Self.dockerHub] + named.subtracting([Self.dockerHub, "docker.io", "index.docker.io"]).sorted()
    }

    /// Where the credentials for a registry are kept.
    func keeper(of registry: String) -> String {
        helper(for: Self.key(registry)).map { "docker-credential-\($0)" } ?? "config.json"
    }

    private func helper(for key: String) -> String? {
        let helper = config.credHelpers?[key] ?? config.credHelpers?[Self.host(key)] ?? config.credsStore
        return helper?.isEmpty == true ? nil : helper
    }

    private static func key(_ registry: String?) -> String {
        switch registry {
        case nil, "docker.io", "index.docker.io": dockerHub
        case let registry?: registry
        }
    }

    /// `https://registry.example/v1/` is kept for `registry.example`.
    private static func host(_ key: String) -> String {
        var rest = key[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        return String(rest.prefix { $0 != "/" })
    }

    private static func auth(in entry: Config.Entry, _ key: String) -> RegistryAuth? {
        var auth = RegistryAuth(username: entry.username ?? "", password: entry.password ?? "")
        if let text = entry.auth, let data = Data(base64Encoded: text) {
            let words = String(decoding: data, as: UTF8.self).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if words.count == 2 {
                auth.username = String(words[0])
                // Written by old clients with zeros at its end.
                auth.password = String(words[1].prefix { $0 != "\0" })
            }
        }
        auth.identitytoken = entry.identitytoken
        auth.serveraddress = key
        return auth.isEmpty ? nil : auth
    }

    private func ask(_ helper: String, for key: String) async throws -> RegistryAuth? {
        struct Answer: Decodable { var Username, Secret: String? }
        let program = "docker-credential-\(helper)"
        // A path would run what the person did not install as a helper.
        guard !helper.contains("/") else { throw EngineError.unreadable("\(program): no name of a helper program") }
        let (status, output) = try await helpers(program, key)
        guard status == 0 else {
            let words =
                output.prefix(400).split(whereSeparator: \.isNewline).first.map(String.init) ?? "status \(status)"
            // What every helper says of a registry that nobody has logged in to.
            if words.contains("credentials not found") { return nil }
            throw EngineError.unreadable("\(program): \(words)")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8)) else {
            throw EngineError.unreadable("\(program): its answer makes no sense")
        }
        var auth = RegistryAuth()
        if answer.Username == "<token>" {
            auth.identitytoken = answer.Secret
        } else {
            auth.username = answer.Username ?? ""
            auth.password = answer.Secret ?? ""
        }
        auth.serveraddress = key
        return auth.isEmpty ? nil : auth
    }
}
