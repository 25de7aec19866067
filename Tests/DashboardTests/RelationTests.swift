import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// A shop with images, volumes and networks, and what has to do with what.
extension Bench {
    static func related(width: Int = 80, height: Int = 24) -> Bench {
        func make(
            _ name: String, image: String, _ volumes: [String] = [], networks: [String] = ["back"],
            project: String? = "shop", networkOf: String? = nil
        ) -> ContainerSummary {
            var summary = ContainerSummary.make(name, image: image)
            summary.imageID = "sha256:\(image)"
            summary.mounts = volumes.map { ContainerMount(name: $0, destination: "/data") }
            summary.networks = networks
            summary.networkOf = networkOf.map { .named($0) }
            if let project { summary.labels[LogSubject.projectLabel] = project }
            return summary
        }
        var bench = Bench.connected(
            [
                make("api", image: "api:1", networks: ["back", "front"]), make("db", image: "pg:16", ["pgdata"]),
                make("web-1", image: "web:1", networks: ["front"]), make("web-2", image: "web:1", networks: ["front"]),
                make("alone", image: "api:1", ["pgdata", "cache"], networks: [], project: nil, networkOf: "db"),
            ], width: width, height: height)
        bench.engine(
            .images(
                [("api:1", ""), ("pg:16", ""), ("web:1", "sha256:base:1"), ("base:1", ""), ("spare:1", "")].map {
                    var image = ImageSummary(id: "sha256:\($0)")
                    image.tags = [$0]
                    image.parentID = $1
                    return image
                }))
        bench.engine(.volumes(["cache", "pgdata", "unused"].map { VolumeSummary(name: $0) }))
        bench.engine(.networks(["back", "front", "none"].map { NetworkSummary(id: "id-\($0)", name: $0) }))
        return bench
    }

    /// The rows of the shown pane, by their names.
    var shownNames: [String] {
        state.rows(state.pane).map { Pane.of(state.pane).name($0, state.engine) }
    }

    var selectedName: String? { state.selected.map { Pane.of(state.pane).name($0, state.engine) } }

    mutating func select(_ name: String) {
        let row = state.rows(state.pane).first { Pane.of(state.pane).name($0, state.engine) == name }
        state[list: state.pane].selected = row
        send(.resized(state.size))
    }
}

@Suite struct RelationTests {
    @Test func fromAContainerToItsImageItsOthersTheirNetworkItsVolumeAndBackAllTheWay() {
        var bench = Bench.related()
        bench.select("api")
        bench.press("alt-2")
        #expect(bench.state.pane == .images && bench.selectedName == "api:1")
        #expect(bench.state[list: .images].relation == nil)
        bench.press("alt-1")
        #expect(bench.state.pane == .containers && bench.shownNames == ["alone", "api"])
        #expect(bench.screen.contains("of api:1   Esc shows all rows"))
        bench.select("api")
        bench.press("alt-4")
        #expect(bench.state.pane == .networks && bench.shownNames == ["back", "front"])
        bench.press("alt-1")
        #expect(bench.shownNames == ["api", "db"])
        bench.select("db")
        bench.press("alt-3")
        #expect(bench.state.pane == .volumes && bench.selectedName == "pgdata")

        bench.press("backspace")
        #expect(bench.state.pane == .containers && bench.shownNames == ["api", "db"] && bench.selectedName == "db")
        bench.press("backspace")
        #expect(bench.state.pane == .networks && bench.selectedName == "back")
        bench.press("backspace")
        #expect(bench.shownNames == ["alone", "api"] && bench.selectedName == "api")
        bench.press("backspace")
        #expect(bench.state.pane == .images && bench.selectedName == "api:1")
        bench.press("backspace")
        #expect(bench.state.pane == .containers && bench.shownNames.count == 5 && bench.selectedName == "api")
        bench.press("backspace")
        #expect(bench.flash.contains("nowhere to go back to"))
    }

    @Test func whatIsRelatedStaysSoWhileTheListChanges() {
        var bench = Bench.related()
        bench.press("2")
        bench.select("web:1")
        bench.press("alt-1")
        #expect(bench.shownNames == ["web-1", "web-2"])
        var third = ContainerSummary.make("web-3", image: "web:1")
        third.imageID = "sha256:web:1"
        bench.engine(.containers([third], asked: [third.id]))
        #expect(bench.shownNames == ["web-1", "web-2", "web-3"])
        bench.events(("destroy", "web-1"), ("destroy", "web-2"), ("destroy", "web-3"))
        #expect(bench.shownNames.isEmpty)
        #expect(bench.state.selected == nil)
        #expect(bench.screen.contains("None of web:1. Esc shows all 3."))
        #expect(bench.press("r").isEmpty)
        bench.press("esc")
        #expect(bench.shownNames.count == 3)
    }

    @Test func escTakesTheFilterAwayBeforeWhatItFilters() {
        var bench = Bench.related()
        bench.press("2")
        bench.select("web:1")
        bench.press("alt-1", "/", "b", "-", "2", "enter")
        #expect(bench.shownNames == ["web-2"])
        bench.press("esc")
        #expect(bench.shownNames == ["web-1", "web-2"])
        bench.press("esc")
        #expect(bench.shownNames.count == 5)
    }

    @Test func aMenuOffersAllThatHasToDoWithARow() {
        var bench = Bench.related(width: 120)
        bench.select("db")
        bench.press(".")
        for text in ["i  image", "v  volume", "n  network", "p  project shop", "s  same network"] {
            #expect(bench.screen.contains(text), "\(text)")
        }
        #expect(bench.screen.contains("api, web-1, web-2"))
        bench.press("n")
        #expect(bench.state.pane == .networks && bench.selectedName == "back")
        bench.press("backspace")
        bench.press(".", "s")
        #expect(bench.state.pane == .containers && bench.selectedName == "alone")
        bench.press("backspace", ".", "p")
        #expect(bench.shownNames == ["api", "db", "web-1", "web-2"])
        bench.press("backspace")
        #expect(bench.shownNames.count == 5 && bench.selectedName == "db")
    }

    @Test func theOnlyThingThereIsIsGoneToAtOnce() {
        var bench = Bench.related()
        bench.press("3")
        bench.select("cache")
        bench.press(".")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.pane == .containers && bench.selectedName == "alone")
        bench.press("2")
        bench.select("base:1")
        bench.press(".")
        #expect(bench.state.pane == .images && bench.selectedName == "web:1")
        bench.press("alt-2")
        #expect(bench.selectedName == "base:1")
    }

    @Test func whereThereIsNothingThatIsSaid() {
        var bench = Bench.related()
        bench.press("3")
        bench.select("unused")
        for (key, text) in [
            (".", "nothing here has to do with unused"), ("alt-1", "unused has no containers to go to"),
            ("alt-4", "unused has no networks to go to"),
        ] {
            bench.press(key)
            #expect(bench.flash == text)
            #expect(bench.state.pane == .volumes && bench.state.places.isEmpty)
        }
    }

    @Test func whatHidesTheRowThatIsGoneToGivesWayAndComesBack() {
        var bench = Bench.related()
        bench.press("2", "/", "s", "p", "a", "enter")
        #expect(bench.shownNames == ["spare:1"])
        bench.press("1")
        bench.select("db")
        bench.press("alt-2")
        #expect(bench.selectedName == "pg:16")
        #expect(bench.flash.contains("pg:16 was hidden"))
        bench.press("backspace", "2")
        #expect(bench.shownNames == ["spare:1"])
    }

    @Test func aPlaceWhoseRowIsGoneIsComeBackToAtItsNeighbour() {
        var bench = Bench.related()
        bench.select("db")
        bench.press("alt-2")
        bench.events(("destroy", "db"))
        bench.press("backspace")
        #expect(bench.state.pane == .containers)
        #expect(bench.selectedName != nil && bench.selectedName != "db")
    }

    @Test func aMenuWhoseRowsAreGoneGoesNowhere() {
        var bench = Bench.related()
        bench.select("db")
        bench.press(".")
        bench.engine(.volumes([VolumeSummary(name: "cache")]))
        bench.press("v")
        #expect(bench.state.pane == .containers)
        #expect(bench.flash == "it is gone")
        #expect(bench.state.places.isEmpty)
    }

    @Test func theWayBackIsBounded() {
        var bench = Bench.related()
        bench.select("db")
        for _ in 0..<80 { bench.press("alt-2", "alt-1") }
        #expect(bench.state.places.count == Place.most)
        for _ in 0..<Place.most { bench.press("backspace") }
        #expect(bench.state.places.isEmpty)
    }

    @Test func thoseThatShareANetworkAreFoundByIdentityByItsBeginningAndByName() {
        var bench = Bench.related()
        for known in [
            ContainerID.named("db"), ContainerID(ContainerID.named("db").short), ContainerID("db"),
        ] {
            var alone = ContainerSummary.make("alone")
            alone.networkOf = known
            bench.engine(.containers([alone], asked: [alone.id]))
            let of = bench.state.engine.rows(.networkOf(.named("db")), in: .containers)
            #expect(of == [.container(.named("db")), .container(.named("alone"))], "\(known)")
            #expect(bench.state.engine.rows(.networkOf(.named("alone")), in: .containers) == of)
            #expect(bench.state.engine.rows(.networkOf(.named("api")), in: .containers).isEmpty)
        }
    }

    @Test func theTopConsumersWayIsComeBackFromToo() {
        var bench = Bench.related()
        bench.press("2")
        bench.stats("db", count: 3)
        _ = bench.tick()
        bench.press("T", "enter")
        #expect(bench.selectedName == "db")
        bench.press("backspace")
        #expect(bench.state.pane == .images)
    }
}
