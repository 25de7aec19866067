import EngineAPI
import Testing

@testable import DemoEngine

/// The real docker client against the simulated Engine: it fails where there is none, `Tests/run.sh` installs it.
@Suite struct DockerClientTests {
    @Test func psListsWhatRunsAndWithAllTheRest() async throws {
        try await withDemo { demo, _ async throws in
            let running = try await docker("ps", "--format", "{{.Names}}\t{{.Status}}", at: demo)
            #expect(running.split(separator: "\n").count == 13)
            let checkout = try #require(running.split(separator: "\n").first { $0.hasPrefix("shop-checkout-1\t") })
            #expect(checkout.contains("\tUp ") && checkout.hasSuffix(" minutes (unhealthy)"))
            let all = try await docker("ps", "-aq", "--no-trunc", at: demo)
            #expect(all.split(separator: "\n").allSatisfy { $0.count == 64 })
            #expect(all.split(separator: "\n").count == 15)
            #expect(try await docker("ps", "-q", "-f", "name=storefront", at: demo).split(separator: "\n").count == 2)
        }
    }

    @Test func logsAreShownAndFollowed() async throws {
        try await withDemo { demo, engine async throws in
            let tail = try await docker("logs", "--tail", "5", "shop-clickstream-1", at: demo)
            #expect(tail.split(separator: "\n").count == 5)
            let followed = try await docker("logs", "-f", "--tail", "1", "shop-clickstream-1", at: demo, lines: 20)
            #expect(followed.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"ts\"") })
            let client = try DockerClient(["logs", "-f", "-t", "--tail", "3", "shop-cart-1"], at: demo.address)
            try await engine.stop(ContainerID("shop-cart-1"))
            let (status, text) = client.finish()
            #expect(status == 0)
            #expect(text.contains("shutting down") || text.split(separator: "\n").count >= 3)
        }
    }

    @Test func statsAreShownOnce() async throws {
        try await withDemo { demo, _ async throws in
            let format = "{{.Name}} {{.CPUPerc}} {{.MemPerc}} {{.PIDs}}"
            let all = try await docker("stats", "--no-stream", "--format", format, at: demo)
            // The client leaves out what dies meanwhile, and the one that crashes may do so.
            let names = Set(all.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
            let running = Shop.specs.count - 2
            #expect(names.subtracting(["shop-payments-1"]).count == running - 1, "\(all)")
            let one = try await docker("stats", "--no-stream", "--format", format, "shop-search-1", at: demo)
            let words = one.split(separator: " ")
            try #require(words.count == 4, "\(one)")
            #expect(try #require(Double(words[1].dropLast())) > 1)
            #expect(try #require(Double(words[2].dropLast())) > 90)
        }
    }

    @Test func inspectTellsOfEveryKind() async throws {
        try await withDemo { demo, _ async throws in
            let policy = "{{.HostConfig.RestartPolicy.Name}} {{.State.Status}} {{.Config.Tty}}"
            #expect(
                try await docker("inspect", "-f", policy, "shop-db-1", at: demo) == "unless-stopped running false\n")
            #expect(try await docker("inspect", "-f", "{{.Driver}}", "shop_db-data", at: demo) == "local\n")
            #expect(try await docker("image", "inspect", "-f", "{{.Os}}", "postgres:16.4", at: demo) == "linux\n")
            #expect(try await docker("network", "inspect", "-f", "{{.Internal}}", "shop_back", at: demo) == "true\n")
        }
    }

    @Test func killEndsAndEventsTellOfIt() async throws {
        try await withDemo { demo, engine async throws in
            // Connected before anything happens: what is remembered is shown too, so that nothing is missed.
            #expect(try await docker("kill", "-s", "KILL", "shop-db-1", at: demo) == "shop-db-1\n")
            try await eventually("it has ended") {
                try await engine.inspect(ContainerID("shop-db-1")).value.state.state == .exited
            }
            #expect(try await docker("start", "shop-db-1", at: demo) == "shop-db-1\n")
            let told = try await docker(
                "events", "--since", "10m", "-f", "container=shop-db-1", "--format", "{{.Action}}", at: demo, lines: 3)
            #expect(told == "kill\ndie\nstart\n")
            let past = try await docker(
                "events", "--since", "10m", "--until=-1s", "-f", "type=container", "-f", "event=die", at: demo)
            #expect(past.contains("exitCode=137"))
        }
    }
}
