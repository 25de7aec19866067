import Foundation
import Testing

@testable import Dashboard

@Suite struct SettingsFileTests {
    private func read(_ text: String) -> SettingsFile { SettingsFile(Array(text.utf8)) }

    @Test func thePrintedFileHasEveryDefaultAndNoProblem() {
        let file = read(SettingsFile.defaults())
        #expect(file.problems.isEmpty)
        #expect(file.settings == Settings())
        #expect(Set(file.places.keys) == Set(Setting.all.map(\.path)))
        for setting in Setting.all {
            #expect(SettingsFile.defaults().contains("# \(setting.title)"), "\(setting.path)")
        }
    }

    @Test func theKeysInThePrintedFileAreThoseOfTheTable() {
        let text = SettingsFile.defaults().replacingOccurrences(of: "\n  #", with: "\n  ")
            .split(separator: "\n").filter { !$0.hasPrefix("   ") }.joined(separator: "\n")
        let file = read(text)
        #expect(file.problems.isEmpty)
        #expect(Set(file.settings.keys.own.keys) == Set(Command.all.map(\.id)))
        for command in Command.all {
            #expect(file.settings.keys.keys(of: command) == command.keys.map { KeySequence($0) }, "\(command.id)")
        }
    }

    @Test func pathsAreUnique() {
        #expect(Set(Setting.all.map(\.path)).count == Setting.all.count)
        // A command could not be told from a setting of the section of keys.
        for setting in Setting.all where setting.path.hasPrefix("keys.") {
            #expect(!Command.all.contains { "keys.\($0.id)" == setting.path })
        }
    }

    /// Each setting takes another value than its default, from a file, and gives it back.
    @Test func everySettingIsReadAndWritten() throws {
        for setting in Setting.all {
            let written: String
            let value: Setting.Value
            switch (setting.kind, setting.read(Settings())) {
            case (.flag, .flag(let on)): (written, value) = (String(!on), .flag(!on))
            case (.number(let range), .number(let number)):
                let other = number == range.upperBound ? number - 1 : number + 1
                (written, value) = (String(other), .number(other))
            case (.choice(let names), .text(let name)):
                let other = try #require(names.first { $0 != name })
                (written, value) = (other, .text(other))
            case (.text, .text): (written, value) = ("something", .text("something"))
            case (.several(let names), .names):
                let last = try #require(names.last)
                (written, value) = ("[\(last)]", .names([last]))
            case (.pairs, .pairs): (written, value) = ("{one: two}", .pairs(["one": "two"]))
            default: Issue.record("\(setting.path) is not of its kind"); continue
            }
            let file = read("\(setting.path): \(written)")
            #expect(file.problems.isEmpty, "\(setting.path): \(file.problems)")
            #expect(setting.read(file.settings) == value, "\(setting.path)")
            // As the printed file would have it.
            let again = read("\(setting.path): \(value.written)")
            #expect(again.problems.isEmpty && setting.read(again.settings) == value, "\(setting.path)")
            for other in Setting.all where other.path != setting.path {
                #expect(other.read(file.settings) == other.read(Settings()), "\(setting.path) changes \(other.path)")
            }
        }
    }

    @Test func sectionsMayBeIndentedOrDotted() {
        #expect(read("log:\n  lines: 500").settings.logLines == 500)
        #expect(read("log.lines: 500").settings.logLines == 500)
        #expect(read("log: {lines: 500, megabytes: 3}").settings.logMegabytes == 3)
        #expect(
            read("keys:\n  container:\n    kill: X").settings.keys.keys(of: "container.kill") == [
                KeySequence(.character("X"))
            ])
        #expect(read("log:\nkeys:\n").problems.isEmpty)
        #expect(read("").problems.isEmpty && read("# nothing\n").problems.isEmpty)
    }

    @Test(
        arguments: [
            ("mouze: true", "1:1: there is no setting “mouze”: is “mouse” meant?"),
            ("something: else", "1:1: there is no setting “something”"),
            ("log:\n  line: 3", "2:3: there is no setting “log.line”: is “log.lines” meant?"),
            ("log:\n  lines: 3", "2:10: “log.lines” takes a number from 100 to 10000000"),
            ("log:\n  lines: \"500\"", "2:10: “log.lines” takes a number from 100 to 10000000"),
            ("log:\n  lines: 99999999999999999999", "2:10: “log.lines” takes a number from 100 to 10000000"),
            ("log: 3", "1:6: “log” is a section: its settings stand below it, indented"),
            ("mouse: yes", "1:8: “mouse” takes true or false"), ("mouse: [true]", "1:8: “mouse” takes true or false"),
            ("mouse:\n  a: b", "2:3: “mouse” takes true or false"), ("theme:", "1:7: “theme” takes a text"),
            (
                "columns: {events: [time, cpu]}",
                "1:19: “columns.events” takes a list of some of time, type, action, who and details"
            ),
            ("- a", "1:1: expected settings such as “mouse: true”"),
            ("mouse", "1:1: expected settings such as “mouse: true”"),
            ("keys: {preset: emacs}", "1:16: “keys.preset” takes one of gantry, lazydocker, ctop, k9s and vim"),
            ("keys:\n  container.kil: x", "2:3: there is no command “container.kil”: is “container.kill” meant?"),
            ("keys:\n  container.kill: [F9, hyper-x]", "2:24: “hyper-x” is no key"),
            ("keys:\n  container.kill: g esc", "2:19: “g esc” is no key (up to 5, none of them Esc)"),
            ("keys:\n  container.kill: ctrl-c", "2:19: Ctrl-c always quits"),
            ("keys:\n  container.kill: ctrl-i", "2:19: terminals send Ctrl-i as Tab: write “tab”"),
            ("keys:\n  container.kill: x ctrl-[", "2:19: terminals send Ctrl-[ as Esc: write “esc”"),
            ("log.lines: 500\nlog:\n  lines: 600", "3:10: “log.lines” stands twice: the first holds"),
            ("filters:\n  a: cpu>50\n  b: cpu>lots", "3:6: the filter “b”: cpu takes percent: cpu>50"),
            (
                "keys:\n  container.kill:",
                "2:18: “container.kill” takes a key, a list of keys such as [x, ctrl-x k], or none"
            ),
            (
                "keys:\n  container.kill: [[x]]",
                "2:20: “container.kill” takes a key, a list of keys such as [x, ctrl-x k], or none"
            ),
            ("keys: \"\\e[31m\"", "1:7: “keys” is a section: its settings stand below it, indented"),
            ("\"\\e[31m\": 1", "1:1: there is no setting “␛[31m”"),
        ])
    func whatIsWrongIsNamed(_ text: String, _ problem: String) {
        #expect(read(text).problems.map(\.description) == [problem])
    }

    @Test func theRestHolds() {
        let file = read(
            "theme: mono\nmouse: 3\nlog:\n  lines: x\n  megabytes: 5\nnone: such\nkeys:\n  preset: vim\n  quit: Q")
        #expect(file.problems.map(\.place.line) == [2, 4, 6])
        #expect(file.settings.theme == "mono" && file.settings.logMegabytes == 5 && file.settings.mouse)
        #expect(
            file.settings.keys.preset == "vim" && file.settings.keys.keys(of: "quit") == [KeySequence(.character("Q"))])
        #expect(file.has("theme") && !file.has("mouse"))
    }

    @Test func conflictsNameBothCommands() {
        let one = read("keys:\n  container.stop: r")
        #expect(
            one.problems.map(\.description) == [
                "2:19: “r” is for container.stop (stop the container) and for container.restart (restart the container): the first holds"
            ])
        #expect(one.settings.keys.keys(of: "container.restart").isEmpty)
        let two = read("keys:\n  view.pause: [ctrl-x, F9]\n  view.cost: ctrl-x k")
        #expect(two.problems.count == 1)
        #expect(two.problems.first?.place == TextPlace(line: 3, column: 14))
        #expect(two.problems.first?.reason.hasPrefix("“Ctrl-x” for view.pause (") == true)
        #expect(two.problems.first?.reason.contains("begins “Ctrl-x k” for view.cost (") == true)
        #expect(two.settings.keys.keys(of: "view.cost").isEmpty)
        #expect(read("keys:\n  view.cost: [F9, F9 a]").problems.count == 1)
        // Elsewhere, or settled: none.
        #expect(read("keys:\n  image.pull: r").problems.isEmpty)
        #expect(read("keys:\n  container.stop: r\n  container.restart: s").problems.isEmpty)
        #expect(read("keys:\n  container.stop: r\n  container.restart: none").problems.isEmpty)
    }

    @Test func aProblemIsShownAtTheStartAndAllAboveTheJournal() {
        var bench = Bench()
        bench.state.tell(problems: read("mouze: true\nlog: 3").lines("/home/me/.config/gantry/config.yaml"))
        #expect(
            bench.flash
                == "2 mistakes in the settings, J lists them: config.yaml:1:1: there is no setting “mouze”: is “mouse” meant?"
        )
        #expect(bench.lines[22].hasPrefix(" ✕ 2 mistakes in the settings, J lists them: config.yaml:1:1"))
        bench.press("J")
        let text = bench.lines.joined(separator: "\n")
        #expect(text.contains(".config/gantry/config.yaml:1:1: there is no setting"))
        #expect(text.contains(".config/gantry/config.yaml:2:6: “log” is a section"))
        #expect(text.contains("Nothing was asked of the Engine yet"))
    }

    @Test func ofOneProblemThePathIsLeftOutUpToTheFile() {
        var bench = Bench()
        bench.state.tell(problems: ["/home/me/config.yaml:1:8: there is none; others are in /home/me/themes"])
        #expect(bench.flash == "config.yaml:1:8: there is none; others are in /home/me/themes")
    }

    @Test func aFileThatCannotBeReadSaysWhy() throws {
        let folder = FileManager.default.temporaryDirectory.path
        #expect(throws: SettingsFile.ReadError.self) { try SettingsFile.read(named: folder) }
        #expect(throws: SettingsFile.ReadError.self) { try SettingsFile.read(named: folder + "/no-such-file.yaml") }
    }
}
