import ArgumentParser
import CMemory
import Dashboard
import DemoEngine
import Dispatch
import EngineAPI
import FoundationEssentials
import Glibc
import Logging
import Synchronization
import Terminal

/// What can be chosen at the start.
struct Choices {
    var host: String?
    var demo = false
    var demoSeed: UInt64 = 1
    var demoContainers = 15
    var demoEvents = 0
    var theme: String?
    var ascii = false
    var logLines: Int?
    var logMegabytes: Int?
    /// The file of settings, when not the usual one.
    var config: String?
    var logFile: String?
}

/// Wires the parts together, and hands over to the dashboard.
struct Program {
    let choices: Choices

    func run() throws {
        // Left alone, glibc keeps ever more of what is freed, up to 64 MB: here it goes back to the system, which takes
        // 100,000 held lines from 1.5 times their bytes of memory to 1.3 (measured), and costs no time.
        mallopt(M_TRIM_THRESHOLD, 128 << 10)
        // One arena for all threads: lines are read by one and let go by another, and what lies free in one arena does not
        // serve the others (after a quarter of an hour 3.5 MB instead of 1, and growing).
        mallopt(M_ARENA_MAX, 1)
        let environment = Self.environment(["DOCKER_HOST", "DOCKER_TLS_VERIFY"])
        let named: EngineAddress?
        do {
            named = choices.demo ? nil : try EngineAddress.fromEnvironment(host: choices.host, environment: environment)
        } catch {
            throw ValidationError(error.message)
        }
        var file: SettingsFile
        do { file = try SettingsFile.read(named: choices.config) } catch { Self.fail("\(error)") }
        let stateFile = PersonalFile.state.map { StateFile(path: $0) }
        let remembered = stateFile?.read() ?? Remembered()
        let theme = try theme(&file, remembered)
        var options = EngineOptions()
        do { options.logger = try choices.logFile.map { try FileLog.logger($0) } } catch { Self.fail("\(error)") }
        // Last, so that no other mistake leaves its folder behind.
        let engine = Engine(address: named ?? startDemo(), options: options)
        MainActor.assumeIsolated {
            do {
                let screen = try NCursesScreen(
                    options: ScreenOptions(mouse: file.settings.mouse, ascii: choices.ascii ? true : nil))
                start(screen, engine, theme, file, stateFile, remembered)
            } catch {
                Self.fail("\(error)")
            }
        }
        dispatchMain()
    }

    /// The theme that was named when it was started, else the one that was chosen last, else that of the file of settings.
    private func theme(_ file: inout SettingsFile, _ remembered: Remembered) throws -> LoadedTheme {
        let folder = ThemeFolder.standard
        if let name = choices.theme {
            guard let theme = ThemeFolder.theme(name, in: folder) else {
                throw ValidationError(ThemeFolder.absence(of: name, in: folder))
            }
            return theme
        }
        if let name = remembered.theme(over: file.settings), let theme = ThemeFolder.theme(name, in: folder) {
            return theme
        }
        if let theme = ThemeFolder.theme(file.settings.theme, in: folder) { return theme }
        file.refuse("theme", ThemeFolder.absence(of: file.settings.theme, in: folder))
        guard let theme = ThemeFolder.theme(Settings().theme, in: folder) else {
            throw ValidationError("there are no themes")
        }
        return theme
    }

    /// Starts the simulated Engine, which lasts as long as the program.
    private func startDemo() -> EngineAddress {
        var options = DemoOptions()
        options.seed = choices.demoSeed
        options.containers = choices.demoContainers
        options.eventsPerSecond = choices.demoEvents
        do {
            let demo = try DemoEngine(options)
            Self.demo.withLock { $0 = demo }
            // However the program ends by itself, the socket's folder goes with it.
            atexit { Program.demo.withLock { $0?.removeFolder() } }
            return demo.address
        } catch {
            Self.fail("\(error)")
        }
    }

    @MainActor
    private func start(
        _ screen: NCursesScreen, _ engine: Engine, _ theme: LoadedTheme, _ file: SettingsFile, _ stateFile: StateFile?,
        _ remembered: Remembered
    ) {
        var settings = file.settings
        if let lines = choices.logLines { settings.logLines = lines }
        if let megabytes = choices.logMegabytes { settings.logMegabytes = megabytes }
        var state = State(
            address: engine.address, size: screen.size, now: Date(), theme: theme.theme,
            secondsFromGMT: Self.secondsFromGMT(), settings: settings, remembered: remembered)
        state.begin(with: theme, isColourless: !screen.hasColours)
        state.tell(problems: file.lines(choices.config ?? PersonalFile.settings ?? ""))
        let isNamed = choices.host.map { !$0.isEmpty } ?? false || Self.environment(["DOCKER_HOST"]) != [:]
        // What cannot be remembered as seen would come each time.
        state.offersTour = !state.hasSeenTour && stateFile?.canBeWritten == true
        state.offersDemo = !choices.demo && !isNamed
        let app = App(state: state, screen: screen, engines: [EngineID(engine.address): engine], stateFile: stateFile) {
            afterHangUp in
            Glibc.exit(afterHangUp ? 129 : 0)
        }
        app.start()
        Self.running = app
        Task.detached { await Self.forgetUnusedCode() }
    }

    /// The start uses half of the program's code once, and so does each form, layer and job: what has not been used again
    /// since need not stay in memory.
    private static func forgetUnusedCode() async {
        var pause = Duration.seconds(5)
        while (try? await Task.sleep(for: pause)) != nil {
            unmap_code()
            pause = .seconds(600)
        }
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

    /// Those of the variables that are set and not empty: all of them take a third of a millisecond to read.
    private static func environment(_ names: [String]) -> [String: String] {
        var found: [String: String] = [:]
        for name in names {
            if let value = getenv(name), value.pointee != 0 { found[name] = String(cString: value) }
        }
        return found
    }

    private static func secondsFromGMT() -> Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return parts.tm_gmtoff
    }
}
