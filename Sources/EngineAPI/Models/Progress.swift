import FoundationEssentials

/// What an Engine tells of work that lasts: a pull, a push, a build, a load.
public struct ProgressMessage: Hashable, Sendable {
    /// How far something is, in bytes.
    public struct Amount: Hashable, Sendable {
        /// What is done.
        public var current: Int
        /// Of how much; nil when that is not known.
        public var total: Int?

        /// So much of so much.
        public init(current: Int, total: Int?) {
            self.current = current
            self.total = total
        }
    }

    /// What came of it.
    public struct Outcome: Hashable, Sendable {
        /// The identity of an image that was built: `sha256:…`.
        public var id: String?
        /// The tag that was pushed.
        public var tag: String?
        /// The digest that the registry knows it by.
        public var digest: String?
        /// Bytes of the manifest that was pushed.
        public var size: Int?

        /// Nothing yet.
        public init() {}
    }

    /// What is going on: `Downloading`, `Pull complete`, `Pushed`.
    public var status = ""
    /// The layer (or the tag) that it is about; nil for the whole.
    public var layer: String?
    /// How far it is.
    public var amount: Amount?
    /// What a build printed, line ends included; a part of a line perhaps.
    public var output = ""
    /// What came of it, in one of the last messages.
    public var outcome: Outcome?

    /// A message that says nothing.
    public init() {}

    /// The step of a classic build that begins here: `Step 2/5 : RUN make`.
    public var step: (number: Int, of: Int, instruction: Substring)? {
        guard output.hasPrefix("Step "), let slash = output.firstIndex(of: "/"),
            let colon = output.firstRange(of: " : "), slash < colon.lowerBound,
            let number = Int(output[output.index(output.startIndex, offsetBy: 5)..<slash]),
            let of = Int(output[output.index(after: slash)..<colon.lowerBound])
        else { return nil }
        let instruction = output[colon.upperBound...].prefix { !$0.isNewline }
        return (number, of, instruction)
    }
}

extension ProgressMessage: Decodable {
    private struct Answer: Decodable {
        struct Detail: Decodable { var current, total: Int? }
        struct Aux: Decodable {
            var ID, Tag, Digest: String?
            var Size: Int?
        }
        var status, id, stream: String?
        var progressDetail: Detail?
        // BuildKit puts bytes here, a swarm other things.
        var aux: Aux?

        private enum Key: String, CodingKey { case status, id, stream, progressDetail, aux }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            status = try fields.decodeIfPresent(String.self, forKey: .status)
            id = try fields.decodeIfPresent(String.self, forKey: .id)
            stream = try fields.decodeIfPresent(String.self, forKey: .stream)
            progressDetail = try? fields.decodeIfPresent(Detail.self, forKey: .progressDetail)
            aux = try? fields.decodeIfPresent(Aux.self, forKey: .aux)
        }
    }

    /// Reads a message of a progress stream.
    public init(from decoder: any Decoder) throws {
        let answer = try Answer(from: decoder)
        status = answer.status ?? ""
        layer = answer.id
        output = answer.stream ?? ""
        // What is known of nothing comes as an empty detail.
        if let detail = answer.progressDetail, let current = detail.current {
            amount = Amount(current: current, total: detail.total.flatMap { $0 > 0 ? $0 : nil })
        }
        if let aux = answer.aux, aux.ID != nil || aux.Tag != nil || aux.Digest != nil {
            outcome = Outcome()
            outcome?.id = aux.ID
            outcome?.tag = aux.Tag
            outcome?.digest = aux.Digest
            outcome?.size = aux.Size
        }
    }
}

/// Progress in batches: all that had arrived. The work goes on at the Engine while somebody reads, and is given up when
/// nobody does.
public typealias ProgressStream = EngineStream<ProgressDecoder>

/// Cuts the bytes of a progress stream into messages. An error among them ends it, after what came before.
public struct ProgressDecoder: StreamDecoder {
    private struct Failure: Decodable {
        struct Detail: Decodable {
            var code: Int?
            var message: String?
        }
        var error: String?
        var errorDetail: Detail?
    }

    private var splitter = JSONSplitter()
    private var failure: EngineError?

    /// A decoder at the beginning of a stream.
    public init() {}

    /// The messages that these bytes complete; nil when none.
    /// - Throws: `EngineError.failed` when the Engine said so.
    public mutating func decode(_ bytes: UnsafeRawBufferPointer) throws -> [ProgressMessage]? {
        if let failure { throw failure }
        var messages: [ProgressMessage] = []
        var failure: EngineError?
        try splitter.split(bytes) { json in
            guard failure == nil else { return }
            let said = try Engine.decode(Failure.self, from: json)
            if said.error != nil || said.errorDetail != nil {
                failure = .failed(said.errorDetail?.message ?? said.error ?? "", code: said.errorDetail?.code)
            } else {
                messages.append(try Engine.decode(ProgressMessage.self, from: json))
            }
        }
        self.failure = failure
        guard messages.isEmpty else { return messages }
        if let failure { throw failure }
        return nil
    }

    /// Nothing: half a message is none.
    /// - Throws: `EngineError.failed` when that was the last that the Engine said.
    public mutating func finish() throws -> [ProgressMessage]? {
        if let failure { throw failure }
        return nil
    }
}

extension EngineStream where Decoder == ProgressDecoder {
    /// Waits for the end, and gives what came of it as the last messages told.
    /// - Throws: `EngineError.failed` when it did not come to a good end.
    @discardableResult
    public func outcome() async throws -> ProgressMessage.Outcome? {
        var outcome: ProgressMessage.Outcome?
        for try await batch in self { outcome = batch.last { $0.outcome != nil }?.outcome ?? outcome }
        return outcome
    }
}
