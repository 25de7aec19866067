import EngineAPI
import Foundation
import Testing

@testable import Dashboard

/// What happens to a container, in words.
@Suite struct LogEventsTests {
    private func event(
        _ action: String, _ attributes: [String: String] = [:], at seconds: Double = 0
    ) -> EngineEvent {
        var event = EngineEvent.container(action, "web")
        event.attributes = attributes
        event.timeNano = LogTime(Bench.start.addingTimeInterval(seconds)).nanoseconds
        return event
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (2, "2"), (125, "125: the Engine could not run it"),
        (126, "126: the command cannot be executed"), (127, "127: the command was not found"), (128, "128"),
        (129, "129: SIGHUP"), (130, "130: SIGINT"), (134, "134: SIGABRT"), (136, "136: SIGFPE"), (137, "137: SIGKILL"),
        (139, "139: SIGSEGV"), (141, "141: SIGPIPE"), (143, "143: SIGTERM"), (159, "159"), (192, "192"), (255, "255"),
        (-1, "-1"),
    ])
    func whatAnExitCodeMeans(code: Int, text: String) {
        #expect(LogEvents.exit(code) == text)
    }

    @Test func aKillForWantOfMemoryIsSaid() {
        #expect(LogEvents.exit(137, outOfMemory: true) == "137: out of memory")
        #expect(LogEvents.exit(0, outOfMemory: true) == "0: out of memory")
    }

    @Test(
        arguments: [
            ("start", [:], "started"), ("die", ["exitCode": "137"], "exited (137: SIGKILL)"),
            ("die", [:], "exited (0)"),
            ("die", ["exitCode": "no"], "exited (0)"), ("die", ["exitCode": "1"], "exited (1)"),
            ("oom", [:], "out of memory"),
            ("health_status: healthy", [:], "health: healthy"), ("health_status:unhealthy", [:], "health: unhealthy"),
            ("kill", ["signal": "15"], "SIGTERM sent"), ("kill", ["signal": "9"], "SIGKILL sent"),
            ("kill", ["signal": "37"], "signal 37 sent"), ("kill", [:], "signal sent"), ("pause", [:], "paused"),
            ("unpause", [:], "unpaused"), ("restart", [:], "restarted"),
            ("rename", ["oldName": "/old"], "renamed from old"),
            ("rename", [:], "renamed"), ("destroy", [:], "removed"),
        ] as [(String, [String: String], String)])
    func anEventInWords(action: String, attributes: [String: String], text: String) {
        #expect(LogEvents.text(of: event(action, attributes)) == text)
    }

    @Test(arguments: [
        "create", "attach", "exec_start: sh", "exec_die", "top", "resize", "update", "stop", "", "commit",
    ])
    func whatALogNeedNotTellOf(action: String) {
        #expect(LogEvents.text(of: event(action)) == nil)
    }

    // MARK: History

    private func details(_ state: ContainerState, _ change: (inout ContainerDetails) -> Void = { _ in })
        -> ContainerDetails
    {
        .of(.make("web", state, "")) { details in
            details.state.startedAt = Bench.start.addingTimeInterval(-100)
            change(&details)
        }
    }

    private func history(_ events: [EngineEvent], _ details: ContainerDetails) -> [String] {
        LogEvents.history(events, details).map { time, text in
            "\(Int(LogTime(nanoseconds: time).date.timeIntervalSince(Bench.start).rounded())) \(text)"
        }
    }

    @Test func whatTheEngineHasForgottenTheContainerKnows() {
        #expect(history([], details(.running)) == ["-100 started"])
        let ended = details(.exited) {
            $0.state.finishedAt = Bench.start.addingTimeInterval(-40)
            $0.state.exitCode = 143
        }
        #expect(history([], ended) == ["-100 started", "-40 exited (143: SIGTERM)"])
        #expect(history([], details(.created) { $0.state.startedAt = nil }) == [])
    }

    @Test func whatBothKnowIsToldOnce() {
        let ended = details(.exited) {
            $0.state.finishedAt = Bench.start.addingTimeInterval(-40)
            $0.state.exitCode = 137
            $0.state.oomKilled = true
        }
        // The event comes a moment after the time that the container keeps.
        let events = [
            event("start", at: -99.7), event("oom", at: -40.4), event("die", ["exitCode": "137"], at: -39.9),
        ]
        #expect(history(events, ended) == ["-100 started", "-40 out of memory", "-40 exited (137: SIGKILL)"])
        // One of an earlier run is another one.
        let earlier = [event("start", at: -300), event("die", ["exitCode": "1"], at: -200)]
        #expect(
            history(earlier, ended)
                == ["-300 started", "-200 exited (1)", "-100 started", "-40 exited (137: out of memory)"])
    }

    @Test func eventsOfOthersAndOfNoInterestAreLeftOut() {
        var other = event("start", at: -10)
        other.actorID = ContainerID.named("db").rawValue
        let events = [other, event("exec_create: sh", at: -9), event("health_status: healthy", at: -8)]
        #expect(history(events, details(.running)) == ["-100 started", "-8 health: healthy"])
    }

    @Test func theyAreInTheOrderOfTheirTimes() {
        let events = [event("die", at: -5), event("start", at: -99), event("kill", ["signal": "9"], at: -6)]
        #expect(history(events, details(.running)) == ["-99 started", "-6 SIGKILL sent", "-5 exited (0)"])
    }

    @Test func aContainerThatRunsHasNotEnded() {
        // The end of the run before is still kept by the Engine.
        let running = details(.running) { $0.state.finishedAt = Bench.start.addingTimeInterval(-200) }
        #expect(history([], running) == ["-100 started"])
    }
}
