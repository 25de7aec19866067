import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct QuestionTests {
    private func three() -> Bench { .connected(["api", "db", "web"].map { .make($0) }) }

    @Test(arguments: ["y", "enter"]) func yesDoesIt(_ key: String) {
        var bench = three()
        #expect(bench.press("s").isEmpty)
        #expect(bench.question != nil)
        #expect(bench.press(key).labels(bench) == ["stop api"])
        #expect(bench.state.layers.isEmpty)
        #expect(bench.container("api")?.action?.doing == "stopping")
        _ = bench.tick(7)
        #expect(bench.screen.contains("stopping 7 s"))
    }

    @Test(arguments: ["n", "esc", "q"]) func noDoesNot(_ key: String) {
        var bench = three()
        #expect(bench.press("K", key).isEmpty)
        #expect(bench.state.layers.isEmpty)
        #expect(!bench.state.quitting)
        #expect(bench.state.journal.entries.isEmpty)
        #expect(bench.flash.contains("nothing was done to api"))
    }

    @Test(arguments: ["s", "K", "ctrl-k", "d", "delete"]) func whatDestroysAsksFirst(_ key: String) {
        var bench = three()
        #expect(bench.press(key).isEmpty)
        #expect(bench.question?.targets.map(\.id) == [.container(.named("api"))])
        #expect(bench.screen.contains("docker "))
        #expect(bench.screen.contains("api?"))
    }

    @Test(arguments: [("r", "restart"), ("p", "pause")]) func whatDoesNotDestroyActsAtOnce(
        _ key: String, _ what: String
    ) {
        var bench = three()
        #expect(bench.press(key).labels(bench) == ["\(what) api"])
        #expect(bench.state.journal.entries.last?.docker == "docker \(what) api")
    }

    @Test func startAndUnpauseFollowTheState() {
        var bench = Bench.connected([
            .make("a", .exited, "Exited (0) 2 minutes ago"), .make("b", .paused, "Up (Paused)"),
        ])
        #expect(bench.press("s", "K").isEmpty)
        #expect(bench.state.layers.isEmpty)
        #expect(bench.flash == "a is not running")
        #expect(bench.press("S").labels(bench) == ["start a"])
        #expect(bench.press("j", "p").labels(bench) == ["unpause b"])
    }

    @Test func theAnswerMeansTheContainerThatWasAskedFor() {
        var bench = three()
        bench.press("j", "K")
        // The list reorders, grows, shrinks and renames under the question.
        bench.engine(.containers([.make("aa"), .make("ab"), .make("zzz", id: "db"), .make("web")], asked: nil))
        bench.events(("destroy", "web"))
        let effects = bench.press("y")
        guard case .act(_, _, let id, .kill(.kill))? = effects.first, effects.count == 1 else {
            Issue.record("killed nothing, or the wrong thing")
            return
        }
        #expect(id == .named("db"))
    }

    @Test func aContainerThatVanishesUnderTheQuestionIsNotReplaced() {
        var bench = three()
        bench.press("j", "K")
        bench.events(("destroy", "db"))
        #expect(bench.press("y").filter { $0.isAct }.isEmpty)
        #expect(bench.state.journal.entries.isEmpty)

        bench = three()
        bench.press("j", "K")
        bench.engine(.containers([.make("api"), .make("web")], asked: nil))
        #expect(bench.press("y").filter { $0.isAct }.isEmpty)
        #expect(bench.state.journal.entries.isEmpty)
        #expect(bench.flash != "")
    }

    @Test func nothingIsSentWhileTheEngineIsAway() {
        var bench = three()
        bench.press("K")
        bench.lose()
        #expect(bench.press("y").isEmpty)
        #expect(bench.flash.contains("nothing was sent"))
        for key in ["r", "s", "S", "K", "p", "d"] {
            #expect(bench.press(key).isEmpty)
            #expect(bench.state.layers.isEmpty)
            #expect(bench.flash.contains("nothing was sent"))
        }
        #expect(bench.state.journal.entries.isEmpty)
    }

    @Test func noActionIsSentTwice() {
        var bench = three()
        #expect(bench.press("r", "r", "r").filter { $0.isAct }.count == 1)
        #expect(bench.flash.contains("still restarting"))
        #expect(bench.press("j", "s", "y", "y", "enter").filter { $0.isAct }.count == 1)
        // A question that was open when another answer was given.
        #expect(bench.press("k", "K", "y").filter { $0.isAct }.isEmpty)
    }

    @Test func anActionThatHasEndedMayBeAskedAgain() {
        var bench = three()
        bench.press("r")
        bench.engine(.actionFinished(1, .named("api"), nil), after: 1.44)
        #expect(bench.container("api")?.action == nil)
        #expect(bench.flash.contains("1.4 s"))
        #expect(bench.state.flash?.docker == "docker restart api")
        #expect(bench.press("r").count == 1)
    }

    @Test func theOutcomeOfAnOlderActionLeavesTheNewerOne() {
        var bench = three()
        bench.press("r")
        bench.engine(.actionFinished(1, .named("api"), nil))
        bench.press("r")
        bench.engine(.actionFinished(1, .named("api"), .closed))
        #expect(bench.container("api")?.action?.id == 2)
    }

    @Test func signalsAreChosen() {
        var bench = three()
        bench.press("K")
        #expect(bench.screen.contains("docker kill api"))
        bench.press("right")
        #expect(bench.screen.contains("docker kill --signal=TERM api"))
        bench.press("l", "tab")
        #expect(bench.asked == "docker kill --signal=HUP api")
        bench.press("left", "h", "shift-tab", "left")
        #expect(bench.asked == "docker kill --signal=USR2 api")
        bench.press("right", "right")
        let effects = bench.press("y")
        guard case .act(_, _, _, .kill(.term))? = effects.first else {
            Issue.record("another signal was sent")
            return
        }
        #expect(bench.state.journal.entries.last?.docker == "docker kill --signal=TERM api")
        #expect(bench.container("api")?.action?.doing == "killing (TERM)")
    }

    @Test func theChosenSignalIsVisibleAtEverySize() {
        for (width, height) in [(40, 10), (60, 18), (80, 24), (120, 40)] {
            var bench = Bench.connected([.make("api")], width: width, height: height)
            bench.press("K")
            for signal in Signal.choices {
                let shown = bench.screen.contains("‹\(signal.short)›")
                #expect(shown, "\(signal.short) at \(width)x\(height)")
                #expect(bench.screen.contains(signal == .kill ? "docker kill api" : "--signal=\(signal.short)"))
                bench.press("right")
            }
        }
    }

    @Test func forceAndVolumesAreChosen() {
        var bench = Bench.connected([.make("a"), .make("b", .exited, "Exited (0) 1 hour ago")])
        bench.press("d")
        // A running one can only be removed with force.
        #expect(bench.asked == "docker rm --force a")
        #expect(bench.screen.contains("docker rm --force a"))
        bench.press("v")
        #expect(bench.screen.contains("docker rm --force --volumes a"))
        bench.press("f")
        #expect(bench.screen.contains("docker rm --volumes a"))
        bench.press("n", "j", "d")
        #expect(bench.asked == "docker rm b")
        #expect(bench.screen.contains("docker rm b"))
        let effects = bench.press("f", "v", "y")
        guard case .act(_, _, .named("b"), .remove(force: true, volumes: true))? = effects.first else {
            Issue.record("removed otherwise than chosen")
            return
        }
    }

    @Test func otherKeysLeaveTheQuestionAlone() {
        var bench = three()
        bench.press("s")
        for key in ["j", "k", "r", "K", "1", "2", "/", "?", "pgdn", "space", "tab", "f5", "Y", "N"] {
            #expect(bench.press(key).isEmpty)
            #expect(bench.asked == "docker stop api")
        }
        #expect(bench.selected == "api")
        bench.send(.paste("y"))
        #expect(bench.question != nil)
        bench.send(.mouse(Mouse(kind: .press, x: 5, y: 5)))
        #expect(bench.question != nil)
    }

    @Test func ctrlCQuitsFromEverywhere() {
        for keys in [[], ["K"], ["?"], ["J"], ["/"]] {
            var bench = three()
            for key in keys { bench.press(key) }
            #expect(bench.press("ctrl-c").isEmpty)
            #expect(bench.state.quitting)
        }
    }

    @Test func aTerminalThatIsTooSmallToShowTheQuestionAnswersNone() {
        var bench = three()
        bench.press("K")
        bench.send(.resized(Size(width: 39, height: 9)))
        #expect(bench.press("y").isEmpty)
        bench.send(.resized(Size(width: 80, height: 24)))
        #expect(bench.question != nil)
    }

    @Test func theQuestionFitsAtTheSmallestSize() {
        for key in ["s", "K", "d"] {
            var bench = Bench.connected([.make("api")], width: 40, height: 10)
            bench.press(key)
            let screen = bench.screen
            #expect(screen.contains("api?"))
            #expect(screen.contains("docker "))
            #expect(screen.contains(" y "))
            #expect(screen.contains(" n "))
        }
    }

    // MARK: Journal

    @Test func anActionIsNotedWithItsOutcome() {
        var bench = three()
        bench.press("r")
        let message = "Cannot restart: \u{1B}[31mno\u{7} such\r\nthing\u{9B}2J\u{202E}x"
        bench.engine(.actionFinished(1, .named("api"), .conflict(message)), after: 2)
        #expect(bench.container("api")?.action == nil)
        #expect(bench.flash.hasPrefix("restart api: Cannot restart"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
        bench.press("J")
        #expect(bench.screen.contains("docker restart api"))
        #expect(bench.screen.contains("failed"))
        #expect(bench.screen.contains("Cannot restart"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
        #expect(bench.flash.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B })
    }

    @Test func theJournalIsBoundedAndCountsWhatItDropped() {
        var bench = three()
        for number in 1...620 {
            bench.press("r")
            bench.engine(.actionFinished(number, .named("api"), nil))
        }
        #expect(bench.state.journal.entries.count == 500)
        #expect(bench.state.journal.dropped == 120)
        #expect(bench.state.journal.entries.first?.id == 121)
        bench.press("J", "G")
        #expect(bench.screen.contains("120 older entries"))
    }

    @Test func anOutcomeWhoseContainerHasGoneIsStillTold() {
        var bench = three()
        bench.press("d", "y")
        bench.events(("destroy", "api"))
        bench.engine(.actionFinished(1, .named("api"), nil), after: 1)
        #expect(bench.flash.contains("api"))
        guard case .done? = bench.state.journal.entries.last?.outcome else {
            Issue.record("the journal still says running")
            return
        }
    }

    @Test func aFlashGoesWithTheNextKeyOrAfterAWhile() {
        var bench = three()
        bench.press("s", "n")
        #expect(bench.flash != "")
        bench.press("j")
        #expect(bench.flash == "")
        bench.press("s", "n")
        for _ in 0..<15 { _ = bench.tick() }
        #expect(bench.flash != "")
        _ = bench.tick()
        #expect(bench.flash == "")
    }

    @Test func whatIsMarkedIsMeantTogether() {
        var bench = three()
        bench.press("space", "j", "space", "K")
        #expect(bench.asked == "docker kill api web")
        #expect(bench.screen.contains("Kill 2 containers?"))
        #expect(bench.screen.contains("api  Up 3 hours · shop/api:2.4"))
        #expect(bench.press("y").labels(bench) == ["docker kill api web"])
        #expect(bench.state.marked.isEmpty)
        #expect(bench.container("api")?.action?.doing == "waiting to kill")
        bench.engine(.jobNews(1, .began(.named("api"))))
        #expect(bench.container("api")?.action?.doing == "killing (KILL)")
        #expect(bench.container("web")?.action?.doing == "waiting to kill")
        bench.engine(.jobNews(1, .ended(.named("api"), nil)))
        #expect(bench.container("api")?.action == nil)
        #expect(bench.flash == "")
        bench.engine(.jobEnded(1, .success(JobOutcome())), after: 1.5)
        #expect(bench.flash == "sent KILL to 2 containers in 1.5 s")
        #expect(bench.state.journal.entries.count == 1)
    }

    @Test func aJobOverSeveralLeavesNoRowWaitingWhenItEnds() {
        var bench = three()
        bench.press("*", "r")
        #expect(bench.asked == "docker restart api db web")
        #expect(bench.press("y").labels(bench) == ["docker restart api db web"])
        bench.engine(.jobNews(1, .began(.named("db"))))
        bench.engine(.jobNews(1, .ended(.named("db"), .conflict("no room"))))
        bench.engine(.jobNews(1, .count(done: 1, of: 3)))
        #expect(bench.screen.contains("restart 3 containers · 33 %"))
        // While it lasts nothing else is sent to those that wait.
        #expect(bench.press("g", "r").filter { $0.isAct }.isEmpty)
        #expect(bench.flash == "api: still waiting to restart")
        bench.engine(.jobEnded(1, .failure(.failed(JobError("restarted 0 of 3 containers; db: no room")))))
        #expect(bench.flash == "restart 3 containers: restarted 0 of 3 containers; db: no room")
        for name in ["api", "db", "web"] { #expect(bench.container(name)?.action == nil) }
    }

    @Test func whatCannotBeDoneToSomeIsSaidBefore() {
        var bench = Bench.connected([.make("a"), .make("b", .exited, "Exited (0) 1 hour ago"), .make("c")])
        bench.press("*", "s")
        #expect(bench.asked == "docker stop a c")
        #expect(bench.screen.contains("left out: b is not running"))
        bench.press("n", "*", "j", "space", "s")
        #expect(bench.question == nil)
        #expect(bench.flash == "b is not running")
    }

    @Test func whatTheFilterHidesIsNotMeant() {
        var bench = three()
        bench.press("*", "/", "w", "enter", "d")
        #expect(bench.asked == "docker rm --force web")
    }

    @Test func oneThatGoesLeavesTheQuestion() {
        var bench = three()
        bench.press("*", "d")
        bench.events(("destroy", "db"))
        #expect(bench.asked == "docker rm --force api web")
        bench.events(("destroy", "api"))
        #expect(bench.asked == "docker rm --force web")
        bench.events(("destroy", "web"))
        #expect(bench.question == nil)
        #expect(bench.flash == "web was removed while the question was open")
    }

    @Test func manyContainersScroll() {
        var bench = Bench.connected((10..<60).map { .make("c\($0)") })
        bench.press("*", "K")
        #expect(bench.screen.contains("c10  Up"))
        #expect(!bench.screen.contains("c59  Up"))
        bench.press("pgdn", "pgdn", "pgdn", "pgdn", "pgdn")
        #expect(bench.screen.contains("c59  Up"))
        #expect(bench.screen.contains("of 50 "))
        bench.press("down", "pgup", "pgup", "pgup", "pgup", "pgup")
        #expect(bench.screen.contains("c10  Up"))
    }
}
