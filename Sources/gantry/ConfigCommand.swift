import ArgumentParser
import Dashboard

/// `gantry config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Say which file of settings is read and what is wrong in it, or print one with all settings.",
        discussion: "It ends with 1 when something is wrong.")

    @ParentCommand var gantry: Gantry

    @Flag(help: "Print every setting with its default and what it does.")
    var printDefault = false

    @Option(help: "The file of settings (default: $XDG_CONFIG_HOME/gantry/config.yaml).")
    var config: String?

    func run() throws {
        if printDefault { return print(SettingsFile.defaults(), terminator: "") }
        let named = config ?? gantry.config
        guard let path = named ?? PersonalFile.settings else { throw ValidationError("there is no home to look in") }
        var file = try SettingsFile.read(named: named)
        let folder = ThemeFolder.standard
        let theme = ThemeFolder.theme(file.settings.theme, in: folder)
        if theme == nil { file.refuse("theme", ThemeFolder.absence(of: file.settings.theme, in: folder)) }
        print("\(path)\(file.isThere ? "" : " is not there: all is as Gantry has it by itself")")
        let lines = file.lines(path) + (theme?.mistakes ?? [])
        for line in lines { print(line) }
        if file.isThere, lines.isEmpty { print("nothing is wrong in it") }
        if !lines.isEmpty { throw ExitCode.failure }
    }
}
