import EngineAPI
import FoundationEssentials
import Terminal

/// The terminal handed over to something in a container, until that ends or the person detaches.
///
/// Until the Engine has given a connection the dashboard stays on the screen; what is typed meanwhile is kept for what
/// comes.
@MainActor
final class Handover {
    /// What the terminal is handed over to.
    enum Target: Sendable, Hashable {
        /// A command that is run in it.
        case exec(ExecRequest)
        /// Its main process.
        case attach
        /// Its main process from its first word on: it is started when somebody listens.
        case start
    }

    /// How it ended.
    enum Outcome: Sendable, Hashable {
        case ended(code: Int?)
        case detached
        /// The person did not want to wait for the connection any more; what was asked for may have begun all the same.
        case left(mayHaveBegun: Bool)
        /// It could not be begun, or the Engine went away.
        case failed(EngineError)
        /// The connection ended, and it goes on all the same.
        case lost
        /// The terminal is gone.
        case hungUp
    }

    private enum Session {
        case exec(ExecID)
        case attach
    }

    private static let kept = 256
    private static let heardLimit = 2_048

    private let engine: Engine
    private let container: ContainerID
    private let target: Target
    private let title: String
    private let take: @MainActor () -> Void
    private var ended: (@MainActor (Outcome) -> Void)?

    private var terminal: LentTerminal?
    private var connection: UpgradedConnection?
    private var session: Session?
    private var typeAhead = TypeAhead()
    private var keys = DetachKeys()
    /// Where there is no terminal on the other side.
    private var line: TypedLine?
    private var hasEndedInput = false
    private let typed: (stream: AsyncStream<[UInt8]>, continuation: AsyncStream<[UInt8]>.Continuation)
    private let sizes: (stream: AsyncStream<Size>, continuation: AsyncStream<Size>.Continuation)
    private var tasks: [Task<Void, Never>] = []
    /// The first that was heard: when something could not be run, the Engine says so in its place.
    private var heard: [UInt8] = []
    private var heardMore = false

    /// Begins.
    /// - Parameters:
    ///   - take: suspends the screen, when the connection is there. Its input must be paused before.
    ///   - ended: called once, with the terminal as it was taken.
    init(
        engine: Engine, container: ContainerID, target: Target, title: String,
        take: @escaping @MainActor () -> Void, ended: @escaping @MainActor (Outcome) -> Void
    ) {
        self.engine = engine
        self.container = container
        self.target = target
        self.title = title
        self.take = take
        self.ended = ended
        // A program that reads nothing: what is typed is kept up to a bound, as a terminal does it, and then is lost.
        typed = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingOldest(Self.kept))
        sizes = AsyncStream<Size>.makeStream(bufferingPolicy: .bufferingNewest(1))
        terminal = LentTerminal { [weak self] in self?.type($0) }
        tasks.append(Task { await run() })
    }

    // MARK: What comes

    private func run() async {
        do {
            let tty: Bool
            let connection: UpgradedConnection
            var banner = "--- Ctrl-p Ctrl-q comes back to gantry: \(title) ---"
            switch target {
            case .exec(let request):
                let exec = try await engine.createExec(container, request)
                tty = request.tty
                session = .exec(exec)
                connection = try await engine.startExec(exec, tty: tty)
            case .attach, .start:
                let details = try await engine.inspect(container).value
                tty = details.tty
                session = .attach
                if !tty { banner = "--- Ctrl-c comes back to gantry: \(title), no terminal, Enter sends ---" }
                if !details.openStdin {
                    banner = "--- Ctrl-c comes back to gantry: \(title), its input is closed ---"
                }
                if target == .attach { watchMainProcess() }
                connection = try await engine.attach(container)
                if target == .start {
                    do { try await engine.start(container) } catch {
                        connection.close()
                        throw error
                    }
                    watchMainProcess()
                }
            }
            guard ended != nil, let terminal else { return connection.close() }
            self.connection = connection
            take()
            terminal.take()
            await terminal.write(Array("\r\(banner)\r\n".utf8))
            begin(connection, tty: tty)
            var frames = MultiplexedOutput()
            while let bytes = try await connection.next() {
                let output = tty ? bytes : Self.withReturns(try frames.decode(bytes))
                hear(output)
                await terminal.write(output)
            }
            end(await ending())
        } catch {
            end(.failed(EngineError(error)))
        }
    }

    private func begin(_ connection: UpgradedConnection, tty: Bool) {
        if !tty { line = TypedLine() }
        // One after the other, in the order they were typed.
        let input = typed.stream
        let (engine, container, session) = (engine, container, session)
        let size = tty ? terminal?.size : nil
        tasks.append(
            Task { [weak self] in
                // What is typed already is not run before its terminal has a size.
                if let size, let session, case .exec = session {
                    await Self.tell(size, session, container, engine)
                }
                for await bytes in input {
                    do {
                        // Nothing to send is the end of the input.
                        if bytes.isEmpty { await connection.closeInput() } else { try await connection.write(bytes) }
                    } catch {
                        // The reader hears of it too, and knows more.
                        return
                    }
                }
                self?.typed.continuation.finish()
            })
        if tty {
            tell(sizes.stream)
            if case .attach = session, let size = terminal?.size {
                // A program that has drawn its screen already draws it again when the size has changed.
                sizes.continuation.yield(Size(width: size.width, height: size.height + 1))
                tasks.append(
                    Task { [weak self] in
                        try? await Task.sleep(for: .milliseconds(100))
                        if !Task.isCancelled { self?.resize() }
                    })
            }
        }
        let early = typeAhead.take()
        if !early.isEmpty { type(early) }
    }

    /// Line feeds go back to the first column.
    private static func withReturns(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0x0A) else { return bytes }
        return bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    }

    private func hear(_ bytes: [UInt8]) {
        heardMore = heardMore || heard.count + bytes.count > Self.heardLimit
        if !heardMore { heard += bytes }
    }

    /// A main process that has ended ends the connection too; where it does not, nobody waits for it.
    private func watchMainProcess() {
        let (engine, container) = (engine, container)
        tasks.append(
            Task { [weak self] in
                guard let code = try? await engine.wait(container) else { return }
                self?.mainProcessCode = code
                try? await Task.sleep(for: .seconds(2))
                if !Task.isCancelled { self?.end(.ended(code: code)) }
            })
    }
    private var mainProcessCode: Int?

    /// How it ended, when the connection has.
    private func ending() async -> Outcome {
        for _ in 0..<20 {
            do {
                switch session {
                case .exec(let exec):
                    let details = try await engine.inspectExec(exec)
                    if !details.isRunning {
                        if let code = details.exitCode, let refusal = refusal(code) { return .failed(refusal) }
                        return .ended(code: details.exitCode)
                    }
                case .attach, nil:
                    if let mainProcessCode { return .ended(code: mainProcessCode) }
                    let state = try await engine.inspect(container).value.state
                    if !state.state.isAlive { return .ended(code: state.exitCode) }
                }
            } catch EngineError.notFound {
                // It was removed when it ended.
                return .ended(code: mainProcessCode)
            } catch EngineError.conflict {
                return .ended(code: nil)
            } catch {
                return .failed(.closed)
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
        // Who has ended the input has left one whose input stays open for others.
        return hasEndedInput ? .detached : .lost
    }

    /// Older Engines say on the connection itself that something cannot be run, and end it with a code of their own; so do
    /// shells.
    private func refusal(_ code: Int) -> EngineError? {
        guard code == 126 || code == 127, !heardMore else { return nil }
        // One line, and nothing was typed into it: `unable to find user me`, `sh: foo: not found`.
        let lines = heard.split { $0 == 0x0A || $0 == 0x0D }
        guard lines.count == 1, let line = lines.first else { return nil }
        return .failed(String(decoding: line, as: UTF8.self), code: code)
    }

    // MARK: What goes

    /// What was typed; nothing when the terminal is gone.
    func type(_ bytes: [UInt8]) {
        guard ended != nil else { return }
        if bytes.isEmpty { return end(.hungUp) }
        guard connection != nil, case let (send, detaches) = keys.take(bytes) else {
            if typeAhead.add(bytes) == .leaves { end(.left(mayHaveBegun: session != nil)) }
            return
        }
        if var line = line {
            // Ctrl-c would be no signal there. What has no terminal is left by it.
            let until = send.firstIndex(of: 0x03)
            let outcome = line.take(Array(send[..<(until ?? send.count)]))
            self.line = line
            if !outcome.echo.isEmpty { terminal?.show(outcome.echo) }
            if !outcome.send.isEmpty { typed.continuation.yield(outcome.send) }
            if outcome.ends {
                hasEndedInput = true
                typed.continuation.yield([])
            }
            if until != nil { return end(.detached) }
        } else if !send.isEmpty {
            typed.continuation.yield(send)
        }
        if detaches { end(.detached) }
    }

    /// The terminal has another size.
    func resize() {
        if let size = terminal?.size { sizes.continuation.yield(size) }
    }

    /// Tells the other side of its terminal's sizes.
    private func tell(_ sizes: AsyncStream<Size>) {
        guard let session else { return }
        let (engine, container) = (engine, container)
        tasks.append(
            Task.detached { for await size in sizes { await Self.tell(size, session, container, engine) } })
    }

    private nonisolated static func tell(
        _ size: Size, _ session: Session, _ container: ContainerID, _ engine: Engine
    ) async {
        // A process that has just been started may not have its terminal yet.
        for _ in 0..<10 where !Task.isCancelled {
            do {
                switch session {
                case .exec(let exec): try await engine.resizeExec(exec, width: size.width, height: size.height)
                case .attach: try await engine.resize(container, width: size.width, height: size.height)
                }
                return
            } catch {
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    // MARK: Stopping and ending

    /// The process is about to be stopped.
    func stepAside() { terminal?.stepAside() }

    /// The process goes on: whoever had the terminal meanwhile has changed its settings, and what it shows.
    func retake() {
        terminal?.retake()
        guard connection != nil, line == nil, let size = terminal?.size else { return }
        sizes.continuation.yield(Size(width: size.width, height: size.height + 1))
        tasks.append(
            Task { [weak self] in
                try? await Task.sleep(for: .milliseconds(100))
                if !Task.isCancelled { self?.resize() }
            })
    }

    /// Ends it for a reason: the person's, the terminal's or the Engine's.
    func end(_ outcome: Outcome) {
        guard let ended else { return }
        self.ended = nil
        typed.continuation.finish()
        sizes.continuation.finish()
        for task in tasks { task.cancel() }
        tasks = []
        terminal?.giveBack()
        terminal = nil
        connection?.close()
        connection = nil
        ended(outcome)
    }

    /// Ends it without a word: the program is at its end.
    func abandon() {
        if ended != nil { ended = { _ in } }
        end(.detached)
    }
}
