import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct StatusTests {
    private let now = Bench.start

    private func container(
        _ state: ContainerState, _ status: String = "as listed", _ change: (inout ContainerDetails) -> Void = { _ in }
    ) -> Container {
        let summary = ContainerSummary.make("web", state, status)
        var container = Container(summary)
        container.details = .of(summary, change)
        container.detailsRevision = container.revision
        return container
    }

    private func status(_ state: ContainerState, _ change: (inout ContainerDetails) -> Void = { _ in }) -> String {
        container(state, "as listed", change).status(at: now)
    }

    private func health(_ status: ContainerDetails.Health.Status) -> ContainerDetails.Health {
        var health = ContainerDetails.Health()
        health.status = status
        return health
    }

    @Test func allSevenStatesAreWordedAsDockerDoes() {
        #expect(status(.created) == "Created")
        #expect(status(.running) == "Up 3 hours")
        #expect(status(.paused) == "Up 3 hours (Paused)")
        #expect(status(.restarting) { $0.state.exitCode = 1 } == "Restarting (1) 2 minutes ago")
        #expect(status(.removing) == "Removal In Progress")
        #expect(status(.exited) { $0.state.exitCode = 137 } == "Exited (137) 2 minutes ago")
        #expect(status(.dead) == "Dead")
    }

    @Test func healthIsPartOfTheStatus() {
        #expect(status(.running) { $0.state.health = health(.healthy) } == "Up 3 hours (healthy)")
        #expect(status(.running) { $0.state.health = health(.unhealthy) } == "Up 3 hours (unhealthy)")
        #expect(status(.running) { $0.state.health = health(.starting) } == "Up 3 hours (health: starting)")
        #expect(status(.running) { $0.state.health = health(.none) } == "Up 3 hours")
        // What has ended has no health any more.
        #expect(status(.exited) { $0.state.health = health(.unhealthy) } == "Exited (0) 2 minutes ago")
    }

    @Test func restartsAndMemoryKillsAreAdded() {
        #expect(status(.running) { $0.restartCount = 1 } == "Up 3 hours, 1 restart")
        #expect(status(.running) { $0.restartCount = 12 } == "Up 3 hours, 12 restarts")
        #expect(
            status(.exited) {
                $0.state.exitCode = 137
                $0.state.oomKilled = true
            } == "Exited (137) 2 minutes ago OOM-killed")
        // It runs again: the kill was before.
        #expect(status(.running) { $0.state.oomKilled = true } == "Up 3 hours")
    }

    @Test func theStatusAges() {
        let container = container(.running)
        #expect(container.status(at: now.addingTimeInterval(3_600)) == "Up 4 hours")
        #expect(container.status(at: now.addingTimeInterval(-7_200)) == "Up About an hour")
    }

    @Test func withoutFreshDetailsTheListsWordsStand() {
        var container = container(.running, "Up 5 minutes (healthy)")
        container.touch()
        #expect(container.status(at: now) == "Up 5 minutes (healthy)")
        #expect(container.health == "healthy")
        container.summary.status = "Up 5 minutes (unhealthy)"
        #expect(container.health == "unhealthy")
        container.summary.status = "Up 5 minutes (health: starting)"
        #expect(container.health == "starting")
        container.summary.state = .exited
        container.summary.status = "Exited (137) 2 hours ago"
        #expect(container.exitCode == 137)
        container.summary.status = "bro)ken(\u{1B}"
        #expect(container.exitCode == nil)
        #expect(container.status(at: now).unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test func aWordThatIsNotKnownIsShownAndHarmless() {
        let container = container(.unknown("sleep\u{1B}[5mwalking"))
        #expect(container.mark.text == "?")
        #expect(container.status(at: now).hasPrefix("sleep"))
        #expect(container.status(at: now).unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test func missingTimesAreLeftOut() {
        let exited = status(.exited) { $0.state.finishedAt = nil }
        #expect(exited == "Exited (0)")
        let running = status(.running) { $0.state.startedAt = nil }
        #expect(running == "Up")
    }

    @Test func everyStateHasItsMarkAndLetter() {
        var marks: [String] = []
        for state in [ContainerState.created, .running, .paused, .restarting, .removing, .exited, .dead] {
            marks.append(container(state).mark.text)
        }
        #expect(marks == ["◌", "●", "‖", "◐", "✕", "○", "✕"])
        #expect(container(.exited) { $0.state.exitCode = 1 }.mark.text == "✕")
        #expect(container(.running) { $0.state.health = health(.starting) }.mark.text == "◔")
        #expect(container(.running) { $0.state.health = health(.unhealthy) }.mark.role == .unhealthy)
        #expect(container(.running) { $0.state.health = health(.healthy) }.mark.role == .running)
    }

    @Test func troubleIsLoudAndTheRestIsQuiet() {
        #expect(container(.running).statusRole == nil)
        #expect(container(.exited).statusRole == .endedWell)
        #expect(container(.exited) { $0.state.exitCode = 2 }.statusRole == .endedBadly)
        #expect(container(.dead).statusRole == .endedBadly)
        #expect(container(.running) { $0.state.health = health(.unhealthy) }.statusRole == .unhealthy)
        #expect(container(.restarting).statusRole == .restarting)
        #expect(container(.paused).statusRole == .paused)
    }

    @Test(
        arguments: [
            ("Up 3 hours (healthy)", "Up 3h (healthy)"), ("Up About a minute", "Up 1m"),
            ("Up About an hour (health: starting)", "Up 1h (starting)"), ("Up 1 second", "Up 1s"),
            ("Up 59 seconds", "Up 59s"), ("Exited (137) 2 minutes ago", "Exited (137) 2m"),
            ("Up Less than a second", "Up 0s"), ("Up 13 days, 2 restarts", "Up 13d, 2×"),
            ("Up 8 weeks, 1 restart", "Up 8w, 1×"), ("Up 2 months", "Up 2mo"), ("Up 2 years", "Up 2y"),
            ("Restarting (1) 5 seconds ago, 12 restarts", "Restarting (1) 5s, 12×"), ("Created", "Created"),
            ("Up 3 hours (Paused)", "Up 3h (Paused)"),
        ])
    func shortForms(_ long: String, _ short: String) { #expect(ContainerColumns.shortened(long) == short) }

    @Test func aNarrowColumnShowsTheShortForm() {
        var bench = Bench.connected([.make("web", .running, "x")])
        bench.engine(.details([.of(.make("web")) { $0.restartCount = 14 }], missing: []))
        func cell(_ width: Int) -> String {
            ContainerColumns.status.cell(.container(.named("web")), bench.state, width).map(\.text).joined()
        }
        #expect(cell(36) == "Up 3 hours, 14 restarts")
        #expect(cell(18) == "Up 3h, 14×")
    }

    @Test func anActionIsShownWithItsSeconds() {
        var bench = Bench.connected([.make("web")])
        bench.press("r")
        _ = bench.tick(7)
        let spans = ContainerColumns.status.cell(.container(.named("web")), bench.state, 20)
        #expect(spans.map(\.text).joined() == "restarting 7 s")
    }

    @Test func portsAreShownOnce() {
        var summary = ContainerSummary.make("web")
        summary.ports = [
            PortMapping(hostIP: "0.0.0.0", publicPort: 8080, privatePort: 80),
            PortMapping(hostIP: "::", publicPort: 8080, privatePort: 80), PortMapping(privatePort: 443),
            PortMapping(hostIP: "0.0.0.0", publicPort: 53, privatePort: 53, proto: "udp"),
        ]
        let bench = Bench.connected([summary])
        let text = ContainerColumns.ports.cell(.container(summary.id), bench.state, 30).map(\.text).joined()
        #expect(text == "8080→80 443 53→53/udp")
    }
}
