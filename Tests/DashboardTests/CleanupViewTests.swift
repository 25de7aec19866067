import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// A cleaning as a person chooses and answers it.
@Suite struct CleanupViewTests {
    /// At the question, with what there is listed.
    private func asked(pane: String = "6", width: Int = 80, height: Int = 24, listed: Bool = true) -> Bench {
        var bench = Bench.connected([.make("web")], width: width, height: height)
        bench.press(pane, "C")
        if listed { list(&bench) }
        return bench
    }

    private func list(_ bench: inout Bench, _ listing: CleanupListing = CleanupPlanTests.listing) {
        bench.engine(.cleanup(bench.state.cleanupsAsked, .success(listing)))
    }

    private func started(_ effects: [Effect]) -> CleanupJob? {
        effects.compactMap { if case .startJob(_, _, let job) = $0 { job as? CleanupJob } else { nil } }.first
    }

    private func asks(_ bench: Bench) -> Bool {
        bench.state.subscriptions.contains { if case .cleanup = $0 { true } else { false } }
    }

    @Test func theEngineIsAskedWhatThereIsBeforeOneCanAnswer() {
        var bench = asked(listed: false)
        #expect(asks(bench))
        #expect(bench.state.subscriptions.contains(.diskUse(bench.id, revision: bench.state.engine.disk.revision)))
        #expect(
            bench.screen.contains("Clean up shop-prod?") && bench.screen.contains("the Engine is asked what there is"))
        #expect(started(bench.press("y")) == nil)
        #expect(bench.flash == "it is still being listed" && bench.state.cleanup != nil)
        list(&bench)
        #expect(!asks(bench))
        #expect(bench.screen.contains("2 containers") && bench.screen.contains("old"))
        #expect(bench.screen.contains("sizes are asked for"))
    }

    @Test(arguments: [
        ("1", [CleanupKind.containers]), ("2", [.danglingImages]), ("3", [.anonymousVolumes]), ("4", [.networks]),
        ("5", [.containers, .danglingImages, .networks, .buildCache]),
        ("6", [.containers, .danglingImages, .networks, .buildCache]),
    ]) func whatIsChosenAtFirstIsWhatOneLooksAt(pane: String, kinds: [CleanupKind]) {
        #expect(asked(pane: pane).state.cleanup?.chosen == Set(kinds))
    }

    @Test func rowsOfTheSystemSuggestTheirOwn() {
        var bench = Bench.connected([.make("web")])
        bench.press("6", "j", "C")
        #expect(bench.state.cleanup?.chosen == [.danglingImages])
        bench.press("n", "j", "j", "j", "C")
        #expect(bench.state.cleanup?.chosen == [.buildCache])
    }

    @Test func exactlyWhatWasListedGoesIntoTheJob() throws {
        var bench = asked(pane: "2")
        bench.engine(.diskUse(.success(CleanupPlanTests.use)))
        bench.press("4", "6")
        let listed = try #require(bench.state.cleanup?.items)
        #expect(listed.map(\.name) == ["<none> dangling", "free", "spare"])
        #expect(bench.screen.contains("named volumes are among them"))
        let job = try #require(started(bench.press("y")))
        #expect(job.items == listed)
        #expect(job.docker == "docker image prune; docker network prune; docker volume rm spare")
        #expect(job.changes == [.images, .volumes, .networks] && job.before == CleanupPlanTests.use.total)
        #expect(job.title == "clean up 1 image, 1 network, 1 volume")
        #expect(bench.state.cleanup == nil)
    }

    @Test func keysChooseKindsAndAllOfThemButNamedVolumes() {
        var bench = asked()
        bench.press("a")
        #expect(bench.state.cleanup?.chosen == CleanupKind.harmless)
        bench.press("6", "a")
        #expect(bench.state.cleanup?.chosen == [])
        #expect(bench.screen.contains("nothing goes"))
        bench.press("y")
        #expect(bench.flash == "nothing is chosen: Space chooses")
        bench.press("g", "space")
        #expect(bench.state.cleanup?.chosen == [.containers])
        // On one of its things the key means the kind, and one stays at it.
        bench.press("j", "space")
        #expect(bench.state.cleanup?.chosen == [] && bench.state.cleanup?.cursor == 0)
        bench.press("4", "y")
        #expect(bench.state.cleanup == nil && bench.state.jobs.count == 1)
    }

    @Test func ofWhatThereIsNoneNothingIsSent() {
        var bench = asked(pane: "2", listed: false)
        list(&bench, CleanupListing())
        #expect(started(bench.press("y")) == nil && bench.flash == "there is nothing of it to remove")
        #expect(bench.screen.contains("nothing goes"))
    }

    @Test func theBuildCacheComesWithTheSizes() {
        var bench = asked()
        bench.press("a")
        #expect(bench.screen.contains("nothing of the build cache goes before it is listed"))
        #expect(bench.state.cleanup?.items.contains { $0.kind == .buildCache } == false)
        bench.press("G")
        // The first answer was on its way before: it is not the last.
        bench.engine(.diskUse(.success(CleanupPlanTests.use)), after: 70)
        #expect(bench.screen.contains("sizes are asked for 0s anew"))
        bench.engine(.diskUse(.success(CleanupPlanTests.use)))
        #expect(bench.state.cleanup?.items.filter { $0.kind == .buildCache }.map(\.id) == ["r0", "r1"])
        #expect(!bench.screen.contains("sizes are asked for"))
        // One stays at the line where one was.
        #expect(bench.state.cleanup?.kind == .buildCache)
    }

    @Test func sizesThatDoNotComeHinderNobody() {
        var bench = asked()
        for _ in 0..<2 {
            bench.engine(.diskUse(.failure(.server(status: 500, message: "no\u{1B}[31m luck"))))
        }
        #expect(bench.screen.contains("sizes are not known: no") && !bench.screen.contains("\u{1B}"))
        #expect(started(bench.press("y")) != nil)
    }

    @Test func aListThatCannotBeHadIsAskedForAgain() {
        var bench = asked(listed: false)
        let old = bench.state.cleanupsAsked
        bench.engine(.cleanup(old, .failure(.timedOut("GET /volumes"))))
        #expect(bench.screen.contains("it could not be listed: GET /volumes: no answer in time") && !asks(bench))
        bench.press("y")
        #expect(bench.flash == "nothing could be listed: r tries again")
        bench.press("r")
        #expect(asks(bench))
        // What comes too late is not heard.
        bench.engine(.cleanup(old, .success(CleanupPlanTests.listing)))
        #expect(bench.state.cleanup?.isListed == false)
        list(&bench)
        #expect(bench.state.cleanup?.isListed == true)
    }

    @Test func anAnswerToAnEngineThatIsAwayIsNotSent() {
        var bench = asked()
        bench.lose()
        #expect(started(bench.press("y")) == nil)
        #expect(bench.flash == "the Engine is not reachable: nothing was sent" && bench.state.cleanup != nil)
        bench.press("esc")
        #expect(bench.flash == "nothing was removed" && bench.state.cleanup == nil)
    }

    @Test func ageAndLabelsNarrowTheList() {
        var bench = asked(pane: "2")
        bench.press("3", "u")
        for key in "2x" { bench.press(String(key)) }
        bench.press("enter")
        #expect(bench.screen.contains("an age is a number of s, m, h or d"))
        bench.press("backspace", "h", "enter")
        #expect(bench.state.cleanup?.filter.until == "2h" && bench.state.cleanup?.items.isEmpty == true)
        #expect(bench.screen.contains("only: older than 2h"))
        bench.press("u", "ctrl-u", "enter")
        #expect(bench.state.cleanup?.filter.isEmpty == true && bench.state.cleanup?.items.count == 2)
        bench.press("l", "a", "enter")
        #expect(bench.state.cleanup?.filter.labels == ["a"] && bench.state.cleanup?.items.isEmpty == true)
        #expect(bench.screen.contains("--filter label=a"))
    }

    @Test(arguments: [(80, 24), (200, 50), (40, 12), (40, 10)]) func everyLineCanBeReachedAtEverySize(
        width: Int, height: Int
    ) throws {
        var bench = asked(width: width, height: height)
        var listing = CleanupPlanTests.listing
        listing.images += (0..<500).map {
            CleanupPlanTests.image("i\($0)", ["漢字/\(String(repeating: "x", count: 90)):\($0)"])
        }
        bench.press("r")
        list(&bench, listing)
        bench.engine(.diskUse(.success(CleanupPlanTests.use)))
        bench.press("a", "6", "g")
        let count = try #require(bench.state.cleanup?.rows.count)
        var seen = 0
        for _ in 0..<count {
            let lines = bench.lines
            #expect(lines.contains { $0.contains("▸") }, "at \(bench.state.cleanup?.cursor ?? -1)")
            #expect(bench.screen.contains("leave it") && bench.screen.contains("? "))
            #expect(bench.frame.forbiddenScalars().isEmpty)
            seen += 1
            if seen > 40, seen < count - 3 { bench.press("pgdn") }
            bench.press("j")
        }
        #expect(bench.state.cleanup?.cursor == count - 1)
        bench.press("pgup", "ctrl-u", "home")
        #expect(bench.state.cleanup?.cursor == 0 && bench.state.cleanup?.offset == 0)
    }

    // MARK: Afterwards

    @Test func whatWasFreedIsToldWithTheNextFigures() throws {
        var bench = asked(pane: "2")
        bench.engine(.diskUse(.success(CleanupPlanTests.use)))
        bench.press("y")
        let number = try #require(bench.state.jobs.last?.id)
        // One more asking is on its way: it does not know yet.
        bench.press("esc", "6", "r")
        let before = bench.state.engine.disk.revision
        var outcome = JobOutcome(summary: "removed 1 image")
        outcome.notes = ["removed image x"]
        bench.engine(.jobEnded(number, .success(outcome)))
        var use = CleanupPlanTests.use
        bench.engine(.diskUse(.success(use)))
        #expect(bench.state.engine.disk.revision == before + 1 && bench.state.engine.disk.askedSince != nil)
        #expect(!bench.flash.contains("freed"))
        use.layers -= 150
        bench.engine(.diskUse(.success(use)), after: 40)
        #expect(bench.flash == "removed 1 image in 0.0 s; df: 150B freed")
        #expect(
            bench.state.journal.entries.last?.notes == ["removed image x", "150B freed, as docker system df counts"])
        // What others write in the meantime is no gain.
        #expect(bench.state.engine.disk.askedSince == nil)
    }

    @Test func whereOthersHaveWrittenMoreThanWasFreedThatIsSaid() throws {
        var bench = asked(pane: "2")
        bench.engine(.diskUse(.success(CleanupPlanTests.use)))
        bench.press("y")
        bench.engine(
            .jobEnded(try #require(bench.state.jobs.last?.id), .failure(.cancelledLeaving("1 of 2", notes: ["a"]))))
        var use = CleanupPlanTests.use
        use.layers += 2_048
        bench.engine(.diskUse(.success(use)))
        let notes = bench.state.journal.entries.last?.notes ?? []
        #expect(notes == ["a", "2.00K more are taken than before, others have written"])
    }

    // MARK: Removing containers

    @Test func theQuestionSaysWhichVolumesGoWithContainers() {
        let name = CleanupPlanTests.anonymous
        let shared = String(repeating: "c3", count: 32)
        var bench = Bench.connected([
            CleanupPlanTests.container("one", .exited, volumes: [name, "data", shared]),
            CleanupPlanTests.container("two", .exited, volumes: [shared]),
        ])
        bench.press("d")
        #expect(!bench.screen.contains("a1a1a1"))
        bench.press("v")
        // What another container uses too stays, and so does what has a name.
        #expect(bench.screen.contains("1 anonymous volume goes too: a1a1a1a1a1a1 (/data)"))
        bench.press("n", "j", "d", "v")
        #expect(bench.screen.contains("no anonymous volume goes with it"))
    }
}
