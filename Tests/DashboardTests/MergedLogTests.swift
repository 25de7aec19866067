import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// The logs of several containers as one, and of a container that is made anew.
@Suite struct MergedLogTests {
    private func summary(_ name: String, project: String? = nil, id: String? = nil) -> ContainerSummary {
        var summary = ContainerSummary.make(name, id: id)
        if let project { summary.labels[LogSubject.projectLabel] = project }
        return summary
    }

    /// api and web are marked and merged; db is not.
    private func marked(_ names: [String] = ["api", "db", "web"]) -> Bench {
        var bench = Bench.connected(names.map { .make($0) })
        bench.press("space", "j", "space", "m")
        return bench
    }

    private func origins(_ bench: Bench) -> [String] { bench.shown?.origins.map(\.name) ?? [] }

    private func followed(_ bench: Bench) -> Set<ContainerID> {
        Set(bench.state.subscriptions.compactMap { if case .log(_, _, let id, _) = $0 { id } else { nil } })
    }

    // MARK: Which there are

    @Test func theMarkedOnesAreMerged() {
        let bench = marked()
        #expect(bench.state.merged == .marked(["api", "web"]))
        #expect(bench.flash == "one log of 2 containers; m goes back")
        #expect(bench.note.contains("2 containers"))
        #expect(origins(bench) == ["api", "web"])
        #expect(followed(bench) == [.named("api"), .named("web")])
        #expect(bench.state.focus == .detail)
        #expect(bench.body.first?.contains("Opening 2 logs …") == true)
    }

    @Test func aProjectIsMerged() {
        var bench = Bench.connected([
            summary("a-1", project: "shop"), summary("b-1", project: "other"), summary("c-1", project: "shop"),
        ])
        bench.press("m")
        #expect(bench.state.merged == .label(LogSubject.projectLabel, "shop"))
        #expect(bench.flash == "one log of project shop; m goes back")
        #expect(origins(bench) == ["a-1", "c-1"])
        // Wherever the selection goes, it is this log.
        bench.press("esc", "j")
        #expect(bench.state.selectedContainer?.name == "b-1")
        #expect(origins(bench) == ["a-1", "c-1"])
        bench.press("m")
        #expect(bench.state.merged == nil)
        #expect(bench.flash == "the log of the selected container")
        #expect(origins(bench) == ["b-1"])
        #expect(followed(bench) == [.named("b-1")])
    }

    @Test func withSeveralLabelsOneChooses() {
        var one = summary("a-1", project: "shop")
        one.labels["tier"] = "front"
        one.labels["com.docker.compose.service"] = "a"
        var two = summary("b-1")
        two.labels["tier"] = "front"
        var bench = Bench.connected([one, two])
        bench.press("m")
        #expect(bench.state.mergeChoices.map(\.subject.title) == ["project shop", "tier=front"])
        #expect(bench.state.mergeChoices.map(\.count) == [1, 2])
        bench.press("j", "enter")
        #expect(bench.state.merged == .label("tier", "front"))
        #expect(origins(bench) == ["a-1", "b-1"])
        bench.press("m", "m", "esc")
        #expect(bench.state.merged == nil)
        #expect(bench.state.layers.isEmpty)
    }

    @Test func withoutMarksAndLabelsThereIsNothingToMerge() {
        var bench = Bench.connected([.make("a")])
        bench.press("m")
        #expect(bench.state.merged == nil)
        #expect(bench.flash == "no container to merge logs of")
    }

    @Test func soManyAreFollowedAndNoMore() {
        var bench = Bench.connected((0..<75).map { summary("c\(100 + $0)", project: "big") })
        bench.press("m")
        #expect(bench.shown?.origins.count == FollowedLog.mostOrigins)
        #expect(followed(bench).count == FollowedLog.mostOrigins)
        #expect(bench.shown?.leftOut == 15)
        #expect(bench.note.contains("15 containers left out"))
        // One that goes makes room for another.
        bench.events(("destroy", "c100"))
        bench.engine(.containers((1..<75).map { summary("c\(100 + $0)", project: "big") }, asked: nil))
        #expect(bench.shown?.leftOut == 14)
        #expect(followed(bench).count == FollowedLog.mostOrigins)
    }

    // MARK: What they write

    @Test func linesAreInTheOrderOfTheirTimesWithNamesInFront() {
        var bench = marked()
        bench.logNews("api", .opened(driver: "local"))
        bench.logNews("api", .tail(.lines(["a0", "a1", "a2"]), isStart: true, history: []))
        #expect(bench.body == [" api a0", " api a1", " api a2"])
        bench.logNews("web", .opened(driver: "local"))
        bench.logNews("web", .tail(.lines(["w1", "w2"], from: 1), isStart: true, history: []))
        #expect(bench.body == [" api a0", " api a1", " web w1", " api a2", " web w2"])
        bench.lines("web", ["w5"], from: 5)
        bench.lines("api", ["a4", "a5", "a6"], from: 4)
        #expect(bench.body.suffix(4) == [" api a4", " web w5", " api a5", " api a6"])
        #expect(bench.note.contains("following · 9 lines"))
        // Each has a colour of its own.
        let body = bench.state.layout.body
        let colours = (0..<2).map { bench.frame.style(x: body.x + 1, y: body.y + 1 + $0).foreground }
        #expect(Set(colours).count == 2)
        #expect(colours == [0, 1].map { bench.state.theme[.name($0)].foreground })
    }

    @Test func longNamesAreCutInTheMiddle() {
        let names = ["short", String(repeating: "n", count: 15) + "-" + String(repeating: "m", count: 15)]
        var bench = marked(names)
        bench.lines(names[1], ["text"], from: 0)
        bench.lines("short", ["text"], from: 1)
        #expect(bench.body == [" nnnnnnnnnn…mmmmmmmmm text", " short                text"])
    }

    @Test func oneThatCannotBeReadDoesNotHoldUpTheOthers() {
        var bench = marked()
        bench.logNews("web", .failed(.badRequest("does not support reading"), retrying: false))
        #expect(bench.body.joined().contains("The log of web cannot be read: does not support reading"))
        bench.logNews("api", .tail(.lines(["a"]), isStart: true, history: []))
        #expect(bench.body == [" api a"])
        #expect(bench.shown?.reach == LogOrigin.start)
    }

    @Test func whatIsNotKnownOfAllIsLeftToBeFetched() {
        var bench = marked()
        bench.logNews("api", .tail(.lines(["a0", "a1", "a2", "a3"]), isStart: false, history: []))
        #expect(bench.body == [" api a0", " api a1", " api a2", " api a3"])
        // What web wrote before is not known: so there the log begins.
        bench.logNews("web", .tail(.lines(["w2", "w3"], from: 2), isStart: false, history: []))
        #expect(bench.held == ["a2", "w2", "a3", "w3"])
        #expect(bench.shown?.older == .unknown)
        bench.press("g")
        #expect(bench.shown?.following == true)
        // What is fetched comes before, and is seen.
        let older = LogLines(.lines(["a0", "a1"]), origin: 0).merged(with: LogLines(.lines(["w0"]), origin: 1))
        bench.engine(
            .olderLog(
                bench.shown?.id ?? 0,
                .success(OlderPage(lines: older, reach: [0: .min, 1: .min], isStart: true))))
        #expect(bench.held == ["a0", "w0", "a1", "a2", "w2", "a3", "w3"])
        #expect(bench.body.prefix(4) == [" api a0", " web w0", " api a1", " api a2"])
        #expect(bench.shown?.older == .start)
    }

    @Test func oneThatJoinsLateIsPutInItsPlace() {
        var bench = Bench.connected([summary("a-1", project: "shop")])
        bench.press("m")
        bench.logNews("a-1", .tail(.lines((0..<100).map { "a\($0)" }), isStart: true, history: []))
        bench.press("k", "k", "k")
        let before = bench.body
        let anchor = bench.text(bench.shown?.anchor?.line)
        bench.engine(.containers([summary("a-1", project: "shop"), summary("b-1", project: "shop")], asked: nil))
        #expect(origins(bench) == ["a-1", "b-1"])
        #expect(followed(bench) == [.named("a-1"), .named("b-1")])
        #expect(bench.shown?.reach == nil)
        bench.logNews("b-1", .tail(.lines(["b10", "b11"], from: 10), isStart: true, history: []))
        // What one looks at stays.
        #expect(bench.text(bench.shown?.anchor?.line) == anchor)
        #expect(bench.body == before)
        let held = bench.held
        #expect(held.firstIndex(of: "b10") == held.firstIndex(of: "a10")! + 1)
        #expect(held.firstIndex(of: "b11") == held.firstIndex(of: "a11")! + 1)
        // One of another project does not join.
        bench.engine(.containers([summary("c-1", project: "other")], asked: [.named("c-1")]))
        #expect(origins(bench) == ["a-1", "b-1"])
    }

    // MARK: Made anew

    private func makeAnew(_ bench: inout Bench, _ name: String, project: String? = nil, after seconds: Double) {
        bench.event("destroy", name, at: 3_000)
        var anew = summary(name, project: project, id: "\(name) anew")
        anew.created = Bench.start.addingTimeInterval(seconds)
        bench.engine(.containers([anew], asked: [anew.id]))
    }

    @Test func aContainerMadeAnewGoesOnInItsMergedLog() throws {
        var bench = marked()
        bench.logNews("api", .tail(.lines(["a0"]), isStart: true, history: []))
        bench.logNews("web", .tail(.lines(["w1"], from: 1), isStart: true, history: []))
        let id = bench.shown?.id
        bench.event("destroy", "web", at: 3_000)
        #expect(bench.shown?.origins.last?.phase == .removed)
        #expect(bench.body.prefix(2) == [" api a0", " web w1"])
        #expect(bench.body.last?.hasPrefix("── 14:02:10 web removed ─") == true)
        makeAnew(&bench, "web", after: 5)
        #expect(bench.shown?.id == id)
        #expect(origins(bench) == ["api", "web", "web"])
        #expect(bench.shown?.origins.map(\.colour) == [0, 1, 1])
        let short = ContainerID.named("web anew").short
        #expect(bench.held.last == "made anew: another container of this name goes on here (\(short))")
        #expect(bench.body.last?.hasPrefix("── 14:02:12 web made anew: another container of this name") == true)
        bench.engine(
            .log(id ?? 0, .named("web anew"), .tail(.lines(["new"], from: 6_000), isStart: true, history: [])))
        #expect(bench.body.last == " web new")
        #expect(followed(bench) == [.named("api"), .named("web anew")])
        // It is said once, whatever lists come.
        bench.engine(.containers([summary("web", id: "web anew")], asked: [.named("web anew")]))
        #expect(bench.held.filter { $0.hasPrefix("made anew") }.count == 1)
    }

    @Test func aContainerMadeAnewGoesOnInItsOwnLog() throws {
        var bench = Bench.connected(["api", "web"].map { .make($0) })
        bench.press("j")
        bench.log(["w0"], of: "web")
        bench.press("enter")
        bench.event("destroy", "web", at: 3_000)
        // Who reads its log keeps it.
        #expect(bench.body.first == " w0")
        #expect(bench.screen.contains("web was removed; one of its name would go on here"))
        let id = bench.shown?.id
        makeAnew(&bench, "web", after: 5)
        #expect(bench.shown?.id == id)
        #expect(bench.shown?.subject == .container(.named("web anew")))
        #expect(bench.selected == "web")
        #expect(bench.body[1].contains("removed"))
        #expect(bench.body[2].contains("made anew: another container of this name goes on here"))
        #expect(followed(bench) == [.named("web anew")])
        bench.engine(
            .log(id ?? 0, .named("web anew"), .tail(.lines(["new"], from: 6_000), isStart: true, history: [])))
        #expect(bench.body.last == " new")
        #expect(bench.held.count == 4)
    }

    @Test func theLogIsFoundAgainFromTheListToo() {
        var bench = Bench.connected(["api", "web"].map { .make($0) })
        bench.press("j")
        bench.log(["w0"], of: "web")
        let id = bench.shown?.id
        // In the list, the selection goes to the neighbour and comes back.
        bench.event("destroy", "web", at: 3_000)
        #expect(bench.selected == "api")
        #expect(bench.shown?.id != id)
        makeAnew(&bench, "web", after: 5)
        #expect(bench.selected == "web")
        #expect(bench.shown?.id == id)
        #expect(bench.held.first == "w0")
    }

    @Test func anotherNameIsAnotherLog() {
        var bench = Bench.connected(["api", "web"].map { .make($0) })
        bench.log(["a0"], of: "api")
        let id = bench.shown?.id
        bench.press("j")
        #expect(bench.shown?.id != id)
        #expect(bench.held.isEmpty)
        bench.press("k")
        // A log is not kept for one that is only not selected.
        #expect(bench.held.isEmpty)
    }

    // MARK: Nothing to see

    @Test func whyThereIsNothing() {
        var bench = marked()
        for name in ["api", "web"] { bench.logNews(name, .opened(driver: "local")) }
        for name in ["api", "web"] { bench.logNews(name, .tail(LogBatch(), isStart: true, history: [])) }
        #expect(bench.body.first?.contains("No output yet from any of 2 containers.") == true)
        bench.engine(.containers([.make("db")], asked: nil))
        #expect(origins(bench) == ["api", "web"])
        var gone = Bench.connected([summary("a-1", project: "shop"), .make("b")])
        gone.press("m")
        gone.state.engine.log = nil
        gone.engine(.containers([.make("b")], asked: nil))
        #expect(gone.body.first?.contains("No container is part of project shop now.") == true)
    }

    @Test func newsOfAnotherLogAreNotTaken() {
        var bench = marked()
        let id = bench.shown?.id ?? 0
        bench.press("m")
        bench.engine(.log(id, .named("api"), .lines(.lines(["old"]))))
        bench.engine(.log(bench.shown?.id ?? 0, .named("db"), .lines(.lines(["foreign"]))))
        #expect(bench.held.isEmpty)
    }
}
