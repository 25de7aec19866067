import EngineAPI
import FoundationEssentials
import Terminal

/// The terminal handed over to something in a container, until that ends or the person detaches.
@MainActor
final class Handover {
    /// What the terminal is handed over to.
    enum Target: Sendable, Hashable {
        /// A command that is run in it.
        case exec(ExecRequest)
        /// Its main process.
        case attach
    }

    /// How it ended.
    enum Outcome: Sendable, Hashable {
        case ended(code: Int?)
        case detached
        case failed(EngineError)
        /// The terminal is gone.
        case hungUp
    }

    private enum Session {
        case exec(ExecID)
        case attach
    }

    private let engine: Engine
    private let container: ContainerID
    private let target: Target
    private var terminal: LentTerminal?
    private var connection: UpgradedConnection?
    private var session: Session?
    private var keys = DetachKeys()
    private var typed: AsyncStream<[UInt8]>.Continuation?
    private var tasks: [Task<Void, Never>] = []
    private let take: @MainActor () -> Size
    private var ended: (@MainActor (Outcome) -> Void)?

    /// Begins.
    /// - Parameters:
    ///   - take: suspends the screen and pauses its input, when the connection is there; gives the terminal's size.
    ///   - ended: called once, with the terminal as it was taken.
    init(
        engine: Engine, container: ContainerID, target: Target, banner: String,
        take: @escaping @MainActor () -> Size, ended: @escaping @MainActor (Outcome) -> Void
    ) {
        self.engine = engine
        self.container = container
        self.target = target
        self.take = take
        self.ended = ended
        tasks.append(Task { await run(banner: banner) })
    }

    private func run(banner: String) async {
        do {
            let tty: Bool
            switch target {
            case .exec(let request):
                let exec = try await engine.createExec(container, request)
                tty = request.tty
                session = .exec(exec)
                connection = try await engine.startExec(exec, tty: tty)
            case .attach:
                tty = try await engine.inspect(container).value.tty
                session = .attach
                connection = try await engine.attach(container)
            }
            guard let connection, ended != nil else { return }
            let (input, typed) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1_024))
            self.typed = typed
            let size = take()
            let terminal = LentTerminal(tty ? .raw : .cooked) { [weak self] in self?.type($0) }
            self.terminal = terminal
            await terminal.write(Array("\(banner)\r\n".utf8))
            tell(size)
            // One after the other, in the order they were typed.
            tasks.append(
                Task { [weak self] in
                    for await bytes in input {
                        do { try await connection.write(bytes) } catch {
                            self?.end(.failed(EngineError(error)))
                            return
                        }
                    }
                })
            var frames = MultiplexedOutput()
            while let bytes = try await connection.next() {
                await terminal.write(tty ? bytes : try frames.decode(bytes))
            }
            end(.ended(code: await exitCode()))
        } catch {
            end(.failed(EngineError(error)))
        }
    }

    private func exitCode() async -> Int? {
        switch session {
        case .exec(let exec): try? await engine.inspectExec(exec).exitCode
        case .attach:
            (try? await engine.inspect(container).value.state).flatMap { $0.state.isAlive ? nil : $0.exitCode }
        case nil: nil
        }
    }

    private func type(_ bytes: [UInt8]) {
        if bytes.isEmpty { return end(.hungUp) }
        let (send, detaches) = keys.take(bytes)
        if !send.isEmpty { typed?.yield(send) }
        if detaches { end(.detached) }
    }

    /// The terminal has another size.
    func resize() {
        if let size = terminal?.size { tell(size) }
    }

    /// The process was stopped and goes on: whoever had the terminal meanwhile has changed its settings.
    func retake() { terminal?.retake() }

    private func tell(_ size: Size) {
        let (engine, container, session) = (engine, container, session)
        tasks.append(
            Task.detached {
                // A process that has just been started may not have its terminal yet.
                for _ in 0..<10 {
                    do {
                        switch session {
                        case .exec(let exec):
                            try await engine.resizeExec(exec, width: size.width, height: size.height)
                        case .attach: try await engine.resize(container, width: size.width, height: size.height)
                        case nil: return
                        }
                        return
                    } catch {
                        try? await Task.sleep(for: .milliseconds(50))
                    }
                }
            })
    }

    /// Ends it for a reason: the person's, the terminal's or the Engine's.
    func end(_ outcome: Outcome) {
        guard let ended else { return }
        self.ended = nil
        typed?.finish()
        terminal?.restore()
        connection?.close()
        for task in tasks { task.cancel() }
        ended(outcome)
    }
}
