import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct PaletteTests {
    // MARK: Finding

    @Test(arguments: [
        ("res", ["restart", "a prestored one"]), ("rst", ["erstwhile things", "restart"]),
        ("front", ["shop-storefront-1", "files of the running container, out there"]),
        ("web", ["web", "web-1", "my-web", "cobweb"]), ("rc", ["remove container", "force"]),
        ("stop db", ["stop the db"]),
    ]) func betterMatchesComeFirst(_ typed: String, _ order: [String]) {
        var match = FuzzyMatch(typed)
        let scores = order.compactMap { match.score($0) }
        #expect(scores.count == order.count)
        #expect(scores == scores.sorted(by: >) && Set(scores).count == scores.count, "\(scores)")
    }

    @Test func whatLacksALetterIsNotFound() {
        for (typed, text) in [("xyz", "zyx"), ("webb", "web"), ("stop x", "stop"), ("ü", "u")] {
            var match = FuzzyMatch(typed)
            #expect(match.score(text) == nil, "\(typed) in \(text)")
        }
        var match = FuzzyMatch("ÜBER")
        #expect(match.score("über-uns") != nil)
    }

    @Test func everyCommandIsFoundByItsTitleItsIDAndItsKey() {
        var bench = Bench.related(width: 120, height: 40)
        for command in Command.all where command.id != "palette" {
            for typed in [command.title, command.id] {
                bench.state.layers = []
                bench.press(":")
                bench.send(.paste(typed))
                let first = bench.list?.items.prefix(3).map(\.id) ?? []
                #expect(first.contains(command.id), "\(typed): \(first)")
            }
            for key in command.keys where key != .character(" ") {
                bench.state.layers = []
                bench.press(":")
                bench.send(.paste(key.description))
                #expect(bench.list?.items.contains { $0.id == command.id } == true, "\(command.id) by \(key)")
            }
        }
    }

    @Test func everyNameOfDockersLeadsToACommand() {
        let ids = Set(Command.all.map(\.id))
        for (id, names) in Command.dockerNames {
            #expect(ids.contains(id), "\(id)")
            for name in names.split(separator: " ") {
                var bench = Bench.related()
                bench.press(":")
                bench.type("docker \(name)")
                #expect(bench.list?.items.prefix(12).contains { $0.id == id } == true, "\(name) \(id)")
            }
        }
    }

    @Test func whatDoesNotApplyIsDimmedAndSaysWhy() {
        var bench = Bench.connected([.make("web", .exited, "Exited (0) 1 hour ago")], width: 120)
        bench.press(":")
        bench.type("stop the container")
        #expect(bench.list?.item?.refusal == "web is not running")
        #expect(bench.press("enter").isEmpty)
        #expect(bench.flash == "web is not running")
        #expect(bench.list != nil)
        bench.press("ctrl-u")
        bench.type("push the image")
        #expect(bench.list?.item?.refusal == "in images: 2 shows them")
        #expect(bench.screen.contains("in images: 2 shows them"))
    }

    @Test func enterDoesItOnceAndItIsRecentThen() {
        var bench = Bench.related()
        bench.select("db")
        bench.press(":")
        bench.type("restart")
        #expect(bench.screen.contains("docker restart db"))
        #expect(bench.press("enter").labels(bench) == ["restart db"])
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.remembered.recent == ["container.restart"])
        bench.press(":")
        #expect(bench.list?.items.first?.id == "container.restart")
        bench.press("esc")
        for number in 0..<40 {
            bench.press(":")
            bench.type(number % 2 == 0 ? "journal" : "totals")
            bench.press("enter", "esc")
        }
        #expect(bench.state.remembered.recent.count == 3)
        #expect(bench.state.remembered.recent.first == "view.totals")
    }

    @Test func lookingAtItChangesNothing() {
        var bench = Bench.related()
        bench.press(":")
        let before = (bench.state.journal.entries.count, bench.state.jobs.count, bench.state.nextAction)
        for _ in 0..<250 {
            #expect(bench.press("down").isEmpty)
            _ = bench.frame
        }
        #expect((bench.state.journal.entries.count, bench.state.jobs.count, bench.state.nextAction) == before)
        #expect(bench.state.engine.containers.values.allSatisfy { $0.action == nil })
        #expect(bench.state.layers.count == 1)
    }

    // MARK: Resources

    @Test func resourcesAreGoneTo() {
        var bench = Bench.related()
        for (typed, pane, name) in [
            ("web-2", PaneKind.containers, "web-2"), ("pg:16", .images, "pg:16"), ("api", .containers, "api"),
        ] {
            bench.press(":")
            bench.type(typed)
            let index = bench.list?.items.firstIndex { $0.title == name && $0.command == nil } ?? 0
            for _ in 0..<index { bench.press("down") }
            bench.press("enter")
            #expect(bench.state.pane == pane && bench.selectedName == name, "\(typed)")
            bench.press(":")
            #expect(bench.list?.items.first?.title == name)
            bench.press("esc")
        }
        bench.events(("destroy", "api"))
        bench.press(":")
        #expect(bench.list?.items.contains { $0.title == "api" && $0.command == nil } == false)
    }

    @Test func ofTenThousandContainersTwoHundredAreListed() {
        var bench = Bench.connected((0..<10_000).map { .make("c\(10_000 + $0)") }, details: false)
        bench.press(":")
        bench.type("c1")
        #expect(bench.list?.items.count == 200)
        bench.type("9999")
        #expect(bench.list?.item?.title == "c19999")
        bench.press("enter")
        #expect(bench.selected == "c19999")
    }

    @Test func namesCannotReachTheTerminal() {
        var bench = Bench.connected([.make("evil\u{1B}]52;c;x\u{07}"), .make("\u{202E}drow")])
        bench.press(":")
        bench.type("e")
        #expect(bench.frame.forbiddenScalars().isEmpty)
        bench.press("ctrl-u")
        bench.type("drow")
        bench.press("enter")
        #expect(bench.frame.forbiddenScalars().isEmpty)
    }

    // MARK: Settings

    @Test func everySettingIsThereWithItsValue() {
        var bench = Bench.connected([.make("web")], width: 120)
        for setting in Setting.all {
            bench.press(":")
            bench.type(setting.path)
            #expect(bench.list?.items.contains { $0.id == "setting:\(setting.path)" } == true, "\(setting.path)")
            bench.press("esc", "esc")
        }
    }

    @Test func flagsAreTurnedAndValuesAreTyped() {
        var bench = Bench.connected([.make("web")])
        bench.press(":")
        bench.type("mouse")
        while bench.list?.item?.id != "setting:mouse" { bench.press("down") }
        #expect(bench.press("enter").labels(bench) == ["mouse false"])
        #expect(!bench.state.settings.mouse)
        #expect(bench.flash.contains("mouse is off"))
        bench.press(":")
        bench.type("log.lines 5000")
        bench.press("enter")
        #expect(bench.state.settings.logLines == 5_000 && bench.state.logBounds.lines == 5_000)
        bench.press(":")
        bench.type("log.lines=5")
        #expect(bench.list?.item?.refusal == "it takes a number from 100 to 10000000")
        bench.press("enter")
        #expect(bench.state.settings.logLines == 5_000)
        bench.press("esc")
        bench.type("log.megabytes")
        bench.press("enter")
        #expect(bench.prompt?.text == "32")
        bench.press("ctrl-u")
        bench.type("x")
        #expect(bench.screen.contains("it takes a number from 1 to 4096"))
        bench.press("backspace")
        bench.type("64")
        bench.press("enter")
        #expect(bench.state.settings.logMegabytes == 64)
        bench.press(":")
        bench.type("theme nord")
        bench.press("enter")
        #expect(bench.state.theme.name == "nord")
        // Columns that were chosen by hand give way to those that are set.
        bench.state.remembered.columns[.images] = ["name"]
        bench.press(":")
        bench.type("columns.images name size")
        bench.press("enter")
        #expect(bench.state.columnIDs(.images) == ["name", "size"])
        bench.press(":")
        bench.type("keys.preset vim")
        bench.press("enter")
        #expect(bench.state.keymap.preset == "vim")
        bench.press(":")
        bench.type("theme")
        while bench.list?.item?.id != "setting:theme" { bench.press("down") }
        bench.press("enter")
        #expect(bench.screen.contains(" Theme "))
    }

    // MARK: The screen

    @Test(arguments: [(40, 10), (80, 24), (120, 40), (200, 50)]) func itFitsAndKeepsItsPlaceWhileOneTypes(
        _ width: Int, _ height: Int
    ) {
        var bench = Bench.related(width: width, height: height)
        bench.press(":")
        let box = bench.list.map { ChoiceLayer.rect($0, bench.state.size) }
        for letter in "restart" {
            bench.type(String(letter))
            #expect(bench.list.map { ChoiceLayer.rect($0, bench.state.size) } == box)
            let chosen = bench.list?.item?.title ?? ""
            #expect(bench.lines.contains { $0.contains("▸") && $0.contains(chosen.prefix(14)) })
        }
        bench.type("zzzzz")
        #expect(bench.screen.contains("Nothing has “restartzzzzz”. Esc"))
        bench.press("esc", "esc")
        #expect(bench.state.layers.isEmpty)
    }
}
