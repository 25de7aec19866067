import Dispatch
import Glibc

/// What the system says about the terminal.
public enum TerminalSignal: Hashable, Sendable {
    /// The terminal has another size (SIGWINCH).
    case resize
    /// SIGINT; not Ctrl-C, which is a key.
    case interrupt
    /// SIGTERM.
    case terminate
    /// The terminal is gone (SIGHUP).
    case hangUp
    /// SIGTSTP from outside; not Ctrl-Z, which is a key.
    case stop
    /// The process runs again (SIGCONT), after `stopProcess` too: resume the screen and draw.
    case resume
}

/// Signals and waiting input as calls on the main actor.
@MainActor
public final class TerminalSignals {
    private var sources: [any DispatchSourceProtocol] = []
    private let input: any DispatchSourceRead
    private var isInputPaused = false

    /// Begins to listen.
    /// - Parameters:
    ///   - onSignal: called for every signal.
    ///   - onInput: called while there is input to read; whoever gets the call has to read it.
    public init(
        onSignal: @escaping @MainActor (TerminalSignal) -> Void, onInput: @escaping @MainActor () -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        let signals: [(Int32, TerminalSignal)] = [
            (SIGWINCH, .resize), (SIGINT, .interrupt), (SIGTERM, .terminate), (SIGHUP, .hangUp), (SIGTSTP, .stop),
            (SIGCONT, .resume),
        ]
        for (number, meaning) in signals {
            // The default action would come first, and end or stop the process.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
            source.setEventHandler { MainActor.assumeIsolated { onSignal(meaning) } }
            source.activate()
            sources.append(source)
        }
        input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
        input.setEventHandler { MainActor.assumeIsolated { onInput() } }
        input.activate()
        sources.append(input)
    }

    /// Leaves what is typed to another program.
    public func pauseInput() {
        guard !isInputPaused else { return }
        isInputPaused = true
        input.suspend()
    }

    /// Reads what is typed again.
    public func resumeInput() {
        guard isInputPaused else { return }
        isInputPaused = false
        input.resume()
    }

    /// Stops listening. The signals stay ignored: the process is about to end, and should not end half-way.
    public func stop() {
        // A source that is suspended cannot be let go.
        resumeInput()
        for source in sources { source.cancel() }
        sources = []
    }

    /// Stops this process as Ctrl-Z would, and returns when it goes on (`fg`). Give the terminal back first.
    public func stopProcess() {
        // Not SIGTSTP: the signal source has it blocked on every thread and would hear it instead of being stopped.
        // To this very thread, which the main queue may run on without being the main one: sent to the process, it
        // would go to another thread first, and this one would take the terminal back before it is stopped.
        raise(SIGSTOP)
    }
}
