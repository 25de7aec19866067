import Archives
import EngineAPI
import FoundationEssentials

/// Builds an image from a folder: `docker build`.
struct BuildJob: Job {
    let spec: BuildSpec

    var title: String { "build \(spec.name)" }
    var done: String { "built \(spec.name)" }
    var docker: String { spec.line }
    var isWatched: Bool { true }
    // What fails leaves the images of the steps that went well.
    var changes: [PaneKind] { [.images, .containers] }

    func run(on engine: Engine, tell: @escaping JobTeller) async throws -> JobOutcome {
        switch spec.builder {
        case .classic: try await buildClassic(engine, tell)
        case .buildx: try await buildWithClient(engine, tell)
        }
    }

    // MARK: The Engine's own builder

    private func buildClassic(_ engine: Engine, _ tell: @escaping JobTeller) async throws -> JobOutcome {
        await tell(.status("looking at the context"))
        let sent = TransferCount()
        let context: BuildContext
        do {
            context = try BuildContext(
                folder: LocalPath.expanded(spec.folder),
                dockerfile: spec.dockerfile.isEmpty ? nil : LocalPath.expanded(spec.dockerfile),
                count: sent)
        } catch let error as ArchiveError { throw JobError(error.message) }
        var notes: [String] = []
        var auths: [String: RegistryAuth] = [:]
        do { auths = try await RegistryCredentials().all() } catch {
            notes.append("without credentials: \(EngineError(error).message)")
        }
        let upload = Upload(
            Watched(context.tar) {
                let figures = sent.figures
                await tell(.amount(done: figures.bytes, total: nil))
                await tell(.status("sending the context: \(figures.words)"))
            })
        let options = spec.options(
            dockerfile: context.dockerfile, environment: ProcessInfo.processInfo.environment)
        var steps = 0
        var step: (number: Int, of: Int, instruction: Substring)?
        var id: String?
        do {
            var isFirst = true
            for try await messages in try await engine.build(upload, options, auths: auths) {
                if isFirst {
                    isFirst = false
                    await tell(.print("builder: \(spec.builder.title)\ncontext sent: \(sent.figures.words)\n"))
                    for skipped in sent.figures.skipped { await tell(.print("not sent: \(skipped)\n")) }
                }
                await tell(.progress(messages))
                for message in messages {
                    if let begun = message.step {
                        step = begun
                        steps = begun.of
                    }
                    id = message.outcome?.id ?? id
                }
            }
        } catch EngineError.failed(let text, let code) {
            guard let step else { throw EngineError.failed(text, code: code) }
            throw JobError("step \(step.number) of \(step.of), \(step.instruction.prefix(60)): \(text)", notes: notes)
        }
        try Task.checkCancellation()
        notes.append("builder: \(spec.builder.title); context: \(sent.figures.words)")
        notes += sent.figures.skipped.map { "not sent: \($0)" }
        return JobOutcome(
            summary: "built \(spec.name) (\(steps) step\(steps == 1 ? "" : "s"), context \(sent.figures.words))",
            notes: notes, shows: id.map { .resource(.image($0)) } ?? spec.tags.first.map { .image(named: $0) })
    }

    // MARK: BuildKit through the docker client

    private func buildWithClient(_ engine: Engine, _ tell: @escaping JobTeller) async throws -> JobOutcome {
        await tell(.print("builder: \(spec.builder.title)\n"))
        var lines = BuildxLines()
        var program = Program(spec.program)
        program.environment = ["DOCKER_HOST": "\(engine.address)"]
        let status = try await program.run { bytes in
            // A message holds a step or something else.
            for line in lines.take(bytes).split(separator: "\n") { await tell(.print("\(line)\n")) }
        }
        let rest = lines.finish()
        if !rest.isEmpty { await tell(.print(rest)) }
        try Task.checkCancellation()
        guard status == 0 else {
            throw JobError(lines.failure ?? "docker buildx ended with \(status)")
        }
        return JobOutcome(
            summary: "built \(spec.name) with buildx", notes: ["builder: buildx"],
            shows: spec.tags.first.map { .image(named: $0) })
    }
}

extension JobNews {
    /// Something that is printed, line ends included.
    static func print(_ text: String) -> JobNews {
        var message = ProgressMessage()
        message.output = text
        return .progress([message])
    }
}

extension TransferCount.Figures {
    /// `5,000 files, 300M`.
    var words: String { "\(Units.count(files)) file\(files == 1 ? "" : "s"), \(Units.bytes(Double(bytes)))" }
}

/// Lets parts through, and tells somebody about it every megabyte.
struct Watched<Parts: AsyncSequence & Sendable>: AsyncSequence, Sendable where Parts.Element == [UInt8] {
    typealias Element = [UInt8]

    static var pace: Int { 1 << 20 }

    let parts: Parts
    let tell: @Sendable () async -> Void

    init(_ parts: Parts, tell: @escaping @Sendable () async -> Void) {
        self.parts = parts
        self.tell = tell
    }

    struct Iterator: AsyncIteratorProtocol {
        var parts: Parts.AsyncIterator
        let tell: @Sendable () async -> Void
        var untold = 0

        mutating func next() async throws -> [UInt8]? {
            let part = try await parts.next()
            untold += part?.count ?? 0
            if untold >= Watched.pace || part == nil {
                untold = 0
                await tell()
            }
            return part
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(parts: parts.makeAsyncIterator(), tell: tell) }
}
