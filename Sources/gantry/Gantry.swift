import ArgumentParser
import CMalloc
import Dashboard
import DemoEngine
import Dispatch
import EngineAPI
import FoundationEssentials
import Glibc
import Logging
import Synchronization
import Terminal

/// The program: reads its options, wires the parts together, and hands over to the dashboard.
@main
struct Gantry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gantry",
        abstract: "A full-screen dashboard for Docker: containers, images, volumes, networks, live logs and stats.",
        discussion: "Keys are shown in the last line; ? lists them all, q quits.",
        version: "gantry \(version)")

    static let version = "0.1.0"

    @Option(
        name: [.customShort("H"), .long],
        help: "The Engine: unix:///path or tcp://host:port (default: $DOCKER_HOST, then unix:///var/run/docker.sock).")
    var host: String?

    @Option(help: "A docker context. Reserved for later.")
    var context: String?

    @Flag(help: "Show a simulated Engine, whatever --host says: nothing real is touched.")
    var demo = false

    @Option(help: "What chance comes from in the demo: the same seed shows the same host.")
    var demoSeed: UInt64 = 1

    @Option(help: "How many containers the demo has.")
    var demoContainers = 15

    @Option(help: "The colours: dark or mono.")
    var theme: String?

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    @Option(help: "How many lines of a log are held at most.")
    var logLines = 100_000

    @Option(help: "How many megabytes of a log are held at most.")
    var logMegabytes = 32

    @Option(help: "Write a log of what Gantry does to this file.")
    var logFile: String?

    func validate() throws {
        guard (100...10_000_000).contains(logLines) else {
            throw ValidationError("--log-lines takes a number from 100 to 10000000")
        }
        guard (1...4_096).contains(logMegabytes) else {
            throw ValidationError("--log-megabytes takes a number from 1 to 4096")
        }
        guard (0...100_000).contains(demoContainers) else {
            throw ValidationError("--demo-containers takes a number from 0 to 100000")
        }
    }

    func run() throws {
        // Left alone, glibc keeps ever more of what is freed, up to 64 MB: here it goes back to the system, which takes
        // 100,000 held lines from 1.5 times their bytes of memory to 1.3 (measured), and costs no time.
        mallopt(M_TRIM_THRESHOLD, 128 << 10)
        guard context == nil else {
            throw ValidationError("--context is not supported yet: name the Engine with --host or DOCKER_HOST")
        }
        let environment = ProcessInfo.processInfo.environment
        let named: EngineAddress?
        do { named = demo ? nil : try EngineAddress.fromEnvironment(host: host, environment: environment) } catch {
            throw ValidationError(error.message)
        }
        let colourless = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        let name = theme ?? (colourless ? "mono" : "dark")
        guard let theme = try Theme.named(name) else {
            let names = Theme.builtIn.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no theme “\(name)”; there are: \(names)")
        }
        var options = EngineOptions()
        do { options.logger = try logFile.map { try FileLog.logger($0) } } catch { Self.fail("\(error)") }
        // Last, so that no other mistake leaves its folder behind.
        let engine = Engine(address: named ?? startDemo(), options: options)
        MainActor.assumeIsolated {
            do {
                let screen = try NCursesScreen(options: ScreenOptions(ascii: ascii ? true : nil))
                start(screen, engine, theme)
            } catch {
                Self.fail("\(error)")
            }
        }
        dispatchMain()
    }

    /// Starts the simulated Engine, which lasts as long as the program.
    private func startDemo() -> EngineAddress {
        var options = DemoOptions()
        options.seed = demoSeed
        options.containers = demoContainers
        do {
            let demo = try DemoEngine(options)
            Self.demo.withLock { $0 = demo }
            // However the program ends by itself, the socket's folder goes with it.
            atexit { Gantry.demo.withLock { $0?.removeFolder() } }
            return demo.address
        } catch {
            Self.fail("\(error)")
        }
    }

    @MainActor
    private func start(_ screen: NCursesScreen, _ engine: Engine, _ theme: Theme) {
        var state = State(
            address: engine.address, size: screen.size, now: Date(), theme: theme,
            secondsFromGMT: Self.secondsFromGMT(), logLines: logLines, logMegabytes: logMegabytes)
        let isNamed = [host, ProcessInfo.processInfo.environment["DOCKER_HOST"]].contains {
            $0.map { !$0.isEmpty } ?? false
        }
        state.offersDemo = !demo && !isNamed
        let app = App(state: state, screen: screen, engines: [EngineID(engine.address): engine]) { afterHangUp in
            Glibc.exit(afterHangUp ? 129 : 0)
        }
        app.start()
        Self.running = app
    }

    /// Keeps the dashboard alive: the main queue holds it only by closures that are not set yet.
    @MainActor private static var running: App?

    private static let demo = Mutex<DemoEngine?>(nil)

    /// Ends the program for a reason that has nothing to do with how it was called.
    private static func fail(_ message: String) -> Never {
        let line = "gantry: \(message)\n"
        _ = line.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
        Glibc.exit(1)
    }

    private static func secondsFromGMT() -> Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return parts.tm_gmtoff
    }
}
