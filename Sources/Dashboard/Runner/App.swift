import Dispatch
import EngineAPI
import FoundationEssentials
import Terminal

/// The running dashboard: hands events to the state, effects to the runner, and frames to the screen.
@MainActor
public final class App {
    /// At most so many frames a second; a key's echo is not held back,
    static let frameInterval = 1.0 / 30
    /// nor is what it asked for: a log that it opens, the hits of what it looks for.
    static let answerInterval = 1.0 / 200
    static let answerTime = 0.15
    /// Each second the figures of one container after the other arrive: when nobody has touched anything for so many
    /// seconds they wait for each other, and are shown in one frame.
    static let idleTime = 2.0
    /// Figures that came no longer ago than this are expected again within the second; the clock waits that long for them.
    static let figuresTime = 1.5
    static let tickTime = 0.9
    /// How long the end of the program waits for what is taken back.
    private static let patience = Duration.seconds(3)

    private var state: State
    private let screen: any Screen
    private let ended: @MainActor (_ afterHangUp: Bool) -> Void
    private var runner: Runner?
    private var signals: TerminalSignals?
    private var shown: Frame?
    private var lastFrame = 0.0
    private var lastInput = 0.0
    /// When the next frame is to be drawn, if there is to be one.
    private var frameDue: Double?
    /// When figures came last.
    private var lastFigures = 0.0
    private var over = false
    private var isToldEnded = false
    private var pager: Pager?
    private let engines: [EngineID: Engine]
    private let stateFile: StateFile?
    /// What was written last, or read at the start, and whether it is about to be written.
    private var written: Remembered
    private var writeIsDue = false
    private var isToldUnwritten = false
    /// What has the terminal, or is about to get it.
    private var handover: Handover?
    private var isLent = false

    /// Ready to start.
    /// - Parameters:
    ///   - state: the dashboard before anything happened.
    ///   - screen: where it is shown.
    ///   - engines: the client of each Engine of the state.
    ///   - stateFile: where it is kept what is remembered, if anywhere.
    ///   - ended: called once, after the terminal has been given back.
    public init(
        state: State, screen: any Screen, engines: [EngineID: Engine], stateFile: StateFile? = nil,
        ended: @escaping @MainActor (_ afterHangUp: Bool) -> Void
    ) {
        self.state = state
        self.screen = screen
        self.ended = ended
        self.engines = engines
        self.stateFile = stateFile
        self.written = state.remembered
        self.runner = Runner(
            engines: engines, send: { [weak self] in self?.send($0) },
            heldLog: { [weak self] in self?.heldLog($0, $1) },
            lastEvent: { [weak self] in self?.state.engines[$0]?.events.last },
            terminalBytes: { [weak screen] in screen?.bytesWritten ?? 0 })
    }

    /// Shows the first frame and begins to listen; everything after it happens by events.
    public func start() {
        // Who starts a program waits for what it has to say: the first rows are held back no longer than an answer is.
        lastInput = Self.monotonicSeconds
        // The Engine is asked while the first frame is drawn.
        runner?.reconcile(state.subscriptions)
        drawNow()
        signals = TerminalSignals(
            onSignal: { [weak self] in self?.handle($0) }, onInput: { [weak self] in self?.readInput() })
        if let notice = screen.notice { send(.notice(notice)) }
    }

    /// Takes in one event.
    func send(_ event: Event) {
        guard !over else { return }
        let effects = update(&state, event, now: Date())
        if event.isInput, !state.quitting {
            // The echo first: what is started and ended for a key keeps both this thread and others busy.
            lastInput = Self.monotonicSeconds
            drawNow()
        }
        for effect in effects { run(effect) }
        if state.remembered != written, !writeIsDue { writeSoon() }
        guard !state.quitting else { return end(afterHangUp: false) }
        // Figures and new log lines change nothing that decides what is to run.
        if !event.isSample || state.looksThroughLog { runner?.reconcile(state.subscriptions) }
        if !event.isInput { drawSoon(after: pause(after: event)) }
    }

    private func heldLog(_ engine: EngineID, _ id: Int) -> FollowedLog? {
        state.engines[engine]?[log: id]
    }

    private func run(_ effect: Effect) {
        switch effect {
        case .setMouse(let on): screen.setMouse(on)
        case .suspend: suspend()
        case .copy(let text):
            if !screen.copy(text) {
                send(
                    .notice("this terminal has no clipboard to write to: \(state.key(of: "log.save")) saves to a file"))
            }
        case .openPager(let path): openPager(path)
        case .handOver(let id, let number, let container, let target, let title):
            handOver(id, number, container, target, title)
        case .redraw:
            screen.suspend()
            screen.resume()
            shown = nil
            drawNow()
        default: runner?.run(effect)
        }
    }

    // MARK: Input and signals

    private func readInput() {
        for input in screen.readInput() {
            if let handover {
                // Typed together with the key that asked for the hand-over: meant for what comes.
                handover.type(input.bytes)
                continue
            }
            switch input {
            case .key(let key): send(.key(key))
            case .paste(let text): send(.paste(text))
            case .mouse(let mouse): send(.mouse(mouse))
            case .focus(let isHere): send(.looked(isHere))
            case .end: return end(afterHangUp: true)
            }
        }
    }

    private func handle(_ signal: TerminalSignal) {
        if pager != nil, ![.terminate, .hangUp].contains(signal) {
            // The terminal is the pager's, and so is what is typed. Stopped together, both go on together.
            if signal == .stop { signals?.stopProcess() }
            return
        }
        if isLent {
            switch signal {
            case .resize: handover?.resize()
            case .terminate, .interrupt:
                handover?.end(.detached)
                send(.quit)
            case .hangUp: handover?.end(.hungUp)
            case .stop:
                handover?.stepAside()
                signals?.stopProcess()
                handover?.retake()
            case .resume: handover?.retake()
            }
            return
        }
        switch signal {
        case .resize:
            screen.updateSize()
            send(.resized(screen.size))
        case .interrupt, .terminate: send(.quit)
        case .hangUp: end(afterHangUp: true)
        case .stop: suspend()
        case .resume:
            // Continued without having been stopped by us: whatever was on the screen may be gone.
            screen.suspend()
            resume()
        }
    }

    private func suspend() {
        screen.suspend()
        signals?.stopProcess()
        resume()
    }

    private func resume() {
        screen.resume()
        screen.updateSize()
        shown = nil
        send(.resized(screen.size))
    }

    /// Lends the terminal to the person's pager, for a file that goes when the pager has ended.
    private func openPager(_ path: String) {
        guard pager == nil else { return }
        screen.suspend()
        signals?.pauseInput()
        do {
            pager = try Pager(path: path) { [weak self] failure in
                guard let self else { return }
                self.pager = nil
                self.signals?.resumeInput()
                self.resume()
                if let failure { self.send(.notice("\(failure); \(self.state.key(of: "log.save")) saves to a file")) }
            }
        } catch {
            signals?.resumeInput()
            resume()
            send(.notice("\(error)"))
        }
    }

    /// Lends the terminal to something in a container, as soon as the Engine has given a connection to it.
    private func handOver(
        _ id: EngineID, _ number: Int, _ container: ContainerID, _ target: Handover.Target, _ title: String
    ) {
        guard handover == nil, pager == nil, let engine = engines[id] else {
            return send(.engine(id, .handedBack(number, .failed(.conflict("the terminal is lent already")))))
        }
        // What is typed from now on is not for the dashboard.
        signals?.pauseInput()
        handover = Handover(
            engine: engine, container: container, target: target, title: title,
            take: { [weak self] in
                guard let self else { return }
                self.screen.suspend()
                self.isLent = true
                // Nobody looks at figures now.
                self.send(.looked(false))
            },
            ended: { [weak self] outcome in
                guard let self else { return }
                self.handover = nil
                self.signals?.resumeInput()
                if outcome == .hungUp { return self.end(afterHangUp: true) }
                if self.isLent {
                    self.isLent = false
                    self.resume()
                    self.send(.looked(true))
                }
                self.send(.engine(id, .handedBack(number, outcome)))
            })
    }

    private func end(afterHangUp: Bool) {
        guard !over else { return }
        over = true
        pager?.end()
        handover?.abandon()
        let rest = runner?.stop() ?? []
        signals?.stop()
        screen.close()
        if state.remembered != written { write() }
        stateFile?.finish()
        guard !rest.isEmpty else { return ended(afterHangUp) }
        // What was made for a while is taken back, whoever is still looking; an Engine that does not answer keeps nobody
        // here, and what is left is offered to be removed the next time.
        Task {
            for task in rest { await task.value }
            tellEnded(afterHangUp)
        }
        Task {
            try? await Task.sleep(for: Self.patience)
            tellEnded(afterHangUp)
        }
    }

    private func tellEnded(_ afterHangUp: Bool) {
        guard !isToldEnded else { return }
        isToldEnded = true
        ended(afterHangUp)
    }

    // MARK: What is remembered

    /// Writes it in a moment: what changes once often changes again.
    private func writeSoon() {
        guard stateFile != nil else { return }
        writeIsDue = true
        DispatchQueue.main.asyncAfter(deadline: .now() + 1) { [weak self] in
            MainActor.assumeIsolated {
                guard let self, !self.over else { return }
                self.writeIsDue = false
                self.write()
            }
        }
    }

    private func write() {
        written = state.remembered
        stateFile?.write(written) { [weak self] reason in
            DispatchQueue.main.async {
                MainActor.assumeIsolated {
                    guard let self, !self.isToldUnwritten else { return }
                    self.isToldUnwritten = true
                    self.send(.notice("what you choose will not be remembered: \(reason)"))
                }
            }
        }
    }

    // MARK: Frames

    /// Draws as soon as the last frame is old enough; later when nobody waits for it and more is to come.
    private func drawSoon(after pause: Double = 0) {
        let now = Self.monotonicSeconds
        var due = lastFrame + (now - lastInput < Self.answerTime ? Self.answerInterval : Self.frameInterval)
        if now - lastInput > Self.idleTime { due = max(due, now + pause) }
        guard due > now else { return drawNow() }
        if let frameDue, frameDue <= due { return }
        frameDue = due
        DispatchQueue.main.asyncAfter(deadline: .now() + (due - now)) { [weak self] in
            MainActor.assumeIsolated {
                // Drawn sooner, or to be drawn sooner, meanwhile.
                guard let self, self.frameDue == due else { return }
                self.drawNow()
            }
        }
    }

    /// How long an event's frame may wait for what is to come, while nobody touches anything.
    private func pause(after event: Event) -> Double {
        if event.isFigures {
            lastFigures = Self.monotonicSeconds
            return Self.frameInterval
        }
        // Where figures come every second, the clock is drawn with the next of them.
        if case .tick = event, Self.monotonicSeconds - lastFigures < Self.figuresTime { return Self.tickTime }
        return 0
    }

    private func drawNow() {
        guard !over else { return }
        frameDue = nil
        lastFrame = Self.monotonicSeconds
        // A terminal that cannot keep up gets the newest state when it has taken what it was sent.
        guard pager == nil, !isLent else { return }
        guard screen.isReady() else { return drawSoon() }
        let frame = draw(state)
        if let shown, shown.size == frame.size, shown == frame { return }
        screen.show(frame)
        shown = frame
    }

    private static var monotonicSeconds: Double {
        Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    }
}

extension Input {
    /// What a terminal sends for it, as far as a program elsewhere may want it.
    fileprivate var bytes: [UInt8] {
        switch self {
        case .key(let key): key.bytes
        case .paste(let text): Array(text.utf8)
        // A report that nobody typed: such bytes are left out by whoever gets them.
        case .mouse, .focus: Array("\u{1B}[I".utf8)
        case .end: []
        }
    }
}

extension Event {
    /// Whether a person waits for the echo.
    fileprivate var isInput: Bool {
        switch self {
        case .key, .paste, .mouse, .resized, .looked: true
        default: false
        }
    }

    /// Whether it brings the figures of one container.
    fileprivate var isFigures: Bool {
        if case .engine(_, .stats) = self { return true }
        return false
    }

    /// Whether it brings only figures or log lines.
    fileprivate var isSample: Bool {
        if case .engine(_, .stats) = self { return true }
        if case .engine(_, .sampleFailed) = self { return true }
        if case .engine(_, .log(_, _, .lines)) = self { return true }
        if case .engine(_, .logLines) = self { return true }
        return false
    }
}
