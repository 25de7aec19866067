import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct HelpTests {
    private func here(_ bench: Bench) -> Set<String> {
        Set(bench.list?.items.filter { $0.refusal == nil && $0.command != nil }.map(\.id) ?? [])
    }

    @Test func itSaysWhatWorksHereAndNowFirst() {
        var bench = Bench.connected([.make("web")])
        bench.press("?")
        #expect(bench.list?.items.first?.title == "Here and now: Containers")
        #expect(here(bench).contains("container.stop") && !here(bench).contains("container.start"))
        #expect(bench.list?.items.first { $0.id == "container.start" }?.refusal == "web is running already")
        #expect(bench.list?.items.first { $0.id == "image.pull" }?.refusal == "in images: 2 shows them")
        let firstRefused = bench.list?.items.firstIndex { $0.refusal != nil } ?? 0
        #expect(bench.list?.items[firstRefused...].contains { $0.command != nil && $0.refusal == nil } == false)
        bench.press("esc", "l", "?")
        #expect(bench.list?.items.first?.title == "Here and now: Containers, Logs")
        #expect(here(bench).isSuperset(of: ["log.search", "view.back"]) && !here(bench).contains("view.filter"))
    }

    /// What is listed as working works, in every situation: the key that stands there does it.
    @Test func theKeysThatStandThereMeanThat() {
        for (name, bench) in CommandTests.situations {
            let list = bench.state.settledHelp(ChoiceList())
            for item in list.items where item.refusal == nil {
                guard let command = item.command else { continue }
                #expect(command.applies(bench.state) == .yes, "\(name): \(item.id)")
                let keys = command.keys.filter { Command.of($0, in: bench.state)?.id == command.id }
                #expect(!keys.isEmpty, "\(name): \(item.id)")
                #expect(item.key == keys.map(\.description).joined(separator: " "))
            }
            // The line of keys has none that the help does not have.
            let here = Set(list.items.filter { $0.refusal == nil }.map(\.id))
            for hint in KeysLine.hints(bench.state) {
                let key = CommandTests.keys.first { $0.description == hint.key }
                let id = key.flatMap { Command.of($0, in: bench.state)?.id } ?? ""
                #expect(here.contains(id), "\(name): \(hint)")
            }
        }
    }

    @Test func everyRefusalSaysWhy() {
        for (name, bench) in CommandTests.situations {
            for item in bench.state.settledHelp(ChoiceList()).items {
                #expect(item.refusal.map { !$0.isEmpty } ?? true, "\(name): \(item.id)")
            }
        }
    }

    @Test func itIsSearchedByTypingAndByKey() {
        var bench = Bench.connected([.make("web")])
        bench.press("?")
        bench.type("/journal")
        #expect(bench.list?.items.filter { $0.command != nil }.map(\.id) == ["view.journal"])
        bench.press("esc")
        bench.type("K")
        #expect(bench.list?.items.filter { $0.command != nil }.map(\.id).contains("container.kill") == true)
        #expect(bench.list?.items.contains { $0.id == "view.journal" } == false)
        bench.press("esc")
        bench.type("nosuchthing")
        #expect(bench.screen.contains("Nothing has “nosuchthing”"))
    }

    @Test func enterDoesWhatIsChosenOrSaysWhyNot() {
        var bench = Bench.connected([.make("web")])
        bench.press("?")
        bench.type("journal")
        bench.press("enter")
        if case .journal? = bench.state.layers.last {} else { Issue.record("no journal") }
        #expect(bench.state.remembered.recent.isEmpty)
        bench.press("esc", "?")
        bench.type("push")
        bench.press("enter")
        #expect(bench.flash == "in images: 2 shows them")
    }

    @Test func theKeysThatOpenedItCloseIt() {
        for key in ["?", "q", "esc", "backspace"] {
            var bench = Bench.connected([.make("web")])
            bench.press("?", key)
            #expect(bench.state.layers.isEmpty && !bench.state.quitting, "\(key)")
        }
    }

    @Test func itsOwnKeysAreOneKeyAway() {
        var bench = Bench.connected([.make("web")])
        bench.press("?", "f1")
        #expect(bench.screen.contains("Keys of ") && bench.state.layers.count == 2)
        bench.press("f1")
        #expect(bench.state.layers.count == 1)
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
    }

    @Test func theBarStandsOnCommandsOnly() {
        var bench = Bench.connected([.make("web")])
        bench.press("?")
        for _ in 0..<300 {
            #expect(bench.list?.item?.command != nil)
            bench.press("down")
        }
        bench.press("home", "up")
        #expect(bench.list?.index == 1)
    }

    // MARK: In layers

    @Test func f1ShowsTheKeysOfTheLayer() {
        for (keys, title) in [
            (["s"], "a question"), (["x"], "the actions"), ([":"], "the palette"), (["/"], "a list's filter"),
            (["R"], "a form"), (["T"], "the totals"), (["J"], "journal and health"), (["o"], "a menu"),
            (["N"], "a line to type"), (["l", "/"], "a log's search and filter"),
        ] {
            var bench = Bench.related()
            bench.log(["one"], of: bench.selected ?? "")
            for key in keys { bench.press(key) }
            let layers = bench.state.layers.count
            bench.press("f1")
            #expect(bench.screen.contains("Keys of \(title)"), "\(keys)")
            bench.press("f1")
            #expect(bench.state.layers.count == layers, "\(keys)")
        }
    }

    @Test func everyLayersKeysFitTheirBox() {
        for keys in LayerKeys.all {
            #expect(!keys.keys.isEmpty)
            for line in keys.keys { #expect(line.keys.count <= 26 && line.meaning.count < 70, "\(line)") }
        }
    }

    // MARK: The tour

    private func first(_ containers: [ContainerSummary] = [.make("web")]) -> Bench {
        var bench = Bench()
        bench.state.offersTour = true
        bench.connect()
        #expect(bench.state.layers.isEmpty)
        bench.engine(.containers(containers, asked: nil))
        return bench
    }

    @Test func theTourComesOnceAndNeverAgain() {
        var bench = first()
        #expect(bench.screen.contains("Welcome to Gantry"))
        #expect(!bench.state.remembered.hasSeenTour)
        #expect(bench.press("r").isEmpty)
        #expect(bench.state.layers.isEmpty && bench.state.remembered.hasSeenTour)
        bench.engine(.containers([.make("web")], asked: nil))
        #expect(bench.state.layers.isEmpty)
    }

    @Test func whatItNamesIsDoneAndWhatActsIsNot() {
        for (key, screen) in [
            ("?", "Here and now"), (":", "Palette"), ("x", "restart the container"), ("2", "2 Images"),
        ] {
            var bench = first()
            bench.press(key)
            #expect(bench.screen.contains(screen), "\(key)")
        }
        for key in ["r", "s", "K", "d", "space", "enter", "esc"] {
            var bench = first()
            #expect(bench.press(key).filter { $0.isAct }.isEmpty)
            #expect(bench.state.layers.isEmpty, "\(key)")
        }
        var bench = first()
        bench.press("q")
        #expect(bench.state.quitting)
    }

    @Test func itLeavesTheListAndItsTroubleInView() {
        let bench = first((0..<3).map { .make("bad\($0)", .exited, "Exited (1) 1 hour ago") })
        for row in 0..<3 { #expect(bench.screen.contains("bad\(row)")) }
        #expect(bench.lines[0].contains("✕ 3"))
    }

    @Test func itWaitsForTheEngineAndIsNotAskedForByItself() {
        var bench = Bench()
        bench.state.offersTour = true
        bench.lose()
        #expect(bench.state.layers.isEmpty)
        var usual = Bench.connected([.make("web")])
        usual.press("j")
        #expect(usual.state.layers.isEmpty)
    }
}
