import FoundationEssentials

// What is changed of a container that is there already, and what it has changed itself.
extension Engine {
    /// Gives a container another name.
    ///
    /// `POST /containers/{id}/rename` (API 1.41).
    /// - Throws: `EngineError.notFound`, `.conflict` when the name is taken, `.server` (500 in Engine 20.10) or
    ///   `.badRequest` for a name that cannot be.
    public func rename(_ container: ContainerID, to name: String) async throws {
        try await post(["containers", container.rawValue, "rename"], query: [("name", name)])
    }

    /// Gives a container other limits or another restart policy; it need not be stopped for that.
    ///
    /// `POST /containers/{id}/update` (API 1.41). What is nil stays as it is; a limit cannot be taken away.
    /// - Returns: What the Engine warns of.
    /// - Throws: `EngineError.notFound`, `.badRequest` or `.server` for what cannot be, in the Engine's words.
    @discardableResult
    public func update(_ container: ContainerID, _ update: ContainerUpdate) async throws -> [String] {
        struct Answer: Decodable { let Warnings: [String]? }
        let answer: Answer = try await post(["containers", container.rawValue, "update"], body: update)
        return answer.Warnings ?? []
    }

    /// Makes an image of a container's file system and settings.
    ///
    /// `POST /commit` (API 1.41). Answers when the image is there, which takes a while for a large one.
    /// - Returns: The image's identity, `sha256:…`.
    /// - Throws: `EngineError.notFound`, `.badRequest` or `.server` for a name that cannot be.
    public func commit(_ container: ContainerID, _ options: CommitOptions = CommitOptions()) async throws -> String {
        struct Empty: Encodable {}
        struct Answer: Decodable { let Id: String }
        var query = [("container", container.rawValue)]
        if let image = options.image { query += [("repo", image.name), ("tag", image.tag ?? "latest")] }
        if !options.message.isEmpty { query.append(("comment", options.message)) }
        if !options.author.isEmpty { query.append(("author", options.author)) }
        query.append(("pause", options.pauses ? "1" : "0"))
        query += options.changes.map { ("changes", $0) }
        let answer: Answer = try await post(["commit"], query: query, body: Empty(), deadline: .seconds(1_800))
        return answer.Id
    }

    /// What a container has changed in its file system since it was made, in the Engine's order.
    ///
    /// `GET /containers/{id}/changes` (API 1.41). The Engine compares the layers first, which takes a while for large
    /// ones.
    /// - Parameter limit: So many are kept at most; the others are only counted.
    /// - Throws: `EngineError.notFound`.
    public func changes(of container: ContainerID, limit: Int = 20_000) async throws -> FileChanges {
        let stream = try await stream(
            Request(.GET, ["containers", container.rawValue, "changes"]), deadline: .seconds(120),
            decoder: FileChangesDecoder())
        var changes = FileChanges()
        for try await batch in stream {
            changes.kept += batch.prefix(limit - changes.kept.count)
            changes.total += batch.count
        }
        return changes
    }

    /// Waits until a container does not run, and says how it ended; at once when it does not run.
    ///
    /// `POST /containers/{id}/wait` (API 1.41). However long that takes: it ends with the task.
    /// - Returns: The exit code of its main process.
    /// - Throws: `EngineError.notFound`, `.failed` when the Engine cannot tell, `.closed` when it went away meanwhile.
    public func wait(_ container: ContainerID, until condition: WaitCondition = .notRunning) async throws -> Int {
        // Not among the calls: it would keep one of few places for as long as the container runs.
        let stream = try await stream(
            Request(
                .POST, ["containers", container.rawValue, "wait"], query: [("condition", condition.rawValue)]),
            decoder: WaitDecoder())
        for try await code in stream { return code }
        throw EngineError.closed
    }
}

/// What somebody waits for.
public enum WaitCondition: String, Hashable, Sendable {
    /// The container does not run, be it that it has not for long.
    case notRunning = "not-running"
    /// It ends the next time.
    case nextExit = "next-exit"
    /// It is removed.
    case removed
}

/// Other limits or another restart policy for a container. What is nil stays as it is.
public struct ContainerUpdate: Hashable, Sendable, Encodable {
    /// Bytes of memory.
    public var memory: Int?
    /// Bytes of memory and swap together; -1 is no limit.
    public var memorySwap: Int?
    /// Processors, in billionths.
    public var nanoCPUs: Int?
    /// Whether the Engine starts it again.
    public var restartPolicy: HostConfiguration.RestartPolicy?

    private enum CodingKeys: String, CodingKey {
        case memory = "Memory"
        case memorySwap = "MemorySwap"
        case nanoCPUs = "NanoCpus"
        case restartPolicy = "RestartPolicy"
    }

    /// Nothing else.
    public init() {}
}

/// How an image is made of a container.
public struct CommitOptions: Hashable, Sendable {
    /// Its name; nil makes one without.
    public var image: ImageReference?
    /// What it is, for the history.
    public var message = ""
    /// Who made it.
    public var author = ""
    /// Whether the container is paused meanwhile, so that its files fit together.
    public var pauses = true
    /// Instructions of a Dockerfile: `CMD ["sh"]`.
    public var changes: [String] = []

    /// An image without a name.
    public init() {}
}

/// A file of a container that is not as its image has it.
public struct FileChange: Hashable, Sendable {
    /// What happened to it.
    public enum Kind: Int, Hashable, Sendable, Decodable {
        /// It was changed, or something in it.
        case changed = 0
        /// It was not there.
        case added = 1
        /// It is gone.
        case deleted = 2
    }

    /// What happened to it.
    public var kind: Kind
    /// Where it is, or was.
    public var path: String

    /// A change.
    public init(_ kind: Kind, _ path: String) {
        self.kind = kind
        self.path = path
    }
}

extension FileChange: Decodable {
    private enum Key: String, CodingKey { case Path, Kind }

    /// Reads an element of `GET /containers/{id}/changes`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(try fields.decode(Kind.self, forKey: .Kind), try fields.decode(String.self, forKey: .Path))
    }
}

/// What a container has changed in its file system.
public struct FileChanges: Hashable, Sendable {
    /// As many as were kept.
    public var kept: [FileChange] = []
    /// How many there are.
    public var total = 0

    /// No changes.
    public init() {}
}

/// Takes a list of changes apart while it comes.
struct FileChangesDecoder: StreamDecoder {
    private var splitter = JSONSplitter(isList: true)

    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws -> [FileChange]? {
        var batch: [FileChange] = []
        try splitter.split(bytes) { batch.append(try Engine.decode(FileChange.self, from: $0)) }
        return batch.isEmpty ? nil : batch
    }

    mutating func finish() throws -> [FileChange]? { nil }
}

/// The end of a container.
private struct WaitDecoder: StreamDecoder {
    private struct Answer: Decodable {
        struct Failure: Decodable { var Message: String? }
        var StatusCode: Int?
        var Error: Failure?
    }

    private var splitter = JSONSplitter()

    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws -> Int? {
        var code: Int?
        try splitter.split(bytes) { json in
            let answer = try Engine.decode(Answer.self, from: json)
            if let message = answer.Error?.Message, !message.isEmpty { throw EngineError.failed(message, code: nil) }
            guard let status = answer.StatusCode else { throw EngineError.malformed("an end without a code") }
            code = status
        }
        return code
    }

    mutating func finish() throws -> Int? { nil }
}
