import ArgumentParser
import Dashboard

/// The command line.
@main
struct Gantry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gantry",
        abstract: "A full-screen dashboard for Docker: containers, images, volumes, networks, live logs and stats.",
        discussion: "Keys are shown in the last line; ? lists them all, q quits.",
        version: "gantry \(version)", subcommands: [ConfigCommand.self])

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
    var demoSeed = Choices().demoSeed

    @Option(help: "How many containers the demo has.")
    var demoContainers = Choices().demoContainers

    @Option(help: "How many events a second the demo makes, to see what many of them cost.")
    var demoEvents = Choices().demoEvents

    @Option(help: "The colours: dark, light, nord, gruvbox … or the name of a theme of your own.")
    var theme: String?

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    @Option(help: "How many lines of a log are held at most (default: \(Settings().logLines)).")
    var logLines: Int?

    @Option(help: "How many megabytes of a log are held at most (default: \(Settings().logMegabytes)).")
    var logMegabytes: Int?

    @Option(help: "The file of settings (default: $XDG_CONFIG_HOME/gantry/config.yaml); options win over it.")
    var config: String?

    @Option(help: "Write a log of what Gantry does to this file.")
    var logFile: String?

    static func main() {
        // Reading options takes three milliseconds even when there are none: a third of the time to the first byte.
        guard CommandLine.argc == 1 else { return main(nil) }
        do { try Program(choices: Choices()).run() } catch { exit(withError: error) }
    }

    func validate() throws {
        guard logLines.map((100...10_000_000).contains) ?? true else {
            throw ValidationError("--log-lines takes a number from 100 to 10000000")
        }
        guard logMegabytes.map((1...4_096).contains) ?? true else {
            throw ValidationError("--log-megabytes takes a number from 1 to 4096")
        }
        guard (0...100_000).contains(demoContainers) else {
            throw ValidationError("--demo-containers takes a number from 0 to 100000")
        }
        guard (0...1_000).contains(demoEvents) else {
            throw ValidationError("--demo-events takes a number from 0 to 1000")
        }
    }

    func run() throws {
        guard context == nil else {
            throw ValidationError("--context is not supported yet: name the Engine with --host or DOCKER_HOST")
        }
        var choices = Choices()
        choices.host = host
        choices.demo = demo
        choices.demoSeed = demoSeed
        choices.demoContainers = demoContainers
        choices.demoEvents = demoEvents
        choices.theme = theme
        choices.ascii = ascii
        choices.logLines = logLines
        choices.logMegabytes = logMegabytes
        choices.config = config
        choices.logFile = logFile
        try Program(choices: choices).run()
    }
}
