import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

/// The system's pane: what takes room, what the Engine is, who is logged in.
@Suite struct SystemPaneTests {
    private func lines(_ bench: Bench) -> [String] {
        (bench.state.engine.inspected?.lines ?? []).map { $0.spans.map(\.text).joined() }
    }

    private func bench(_ width: Int = 120, _ height: Int = 40, at row: Int = 1) -> Bench {
        var bench = Bench.connected(
            [CleanupPlanTests.container("web", volumes: ["data"])], width: width, height: height)
        bench.press("6")
        for _ in 0..<row { bench.press("j") }
        return bench
    }

    @Test func whileTheEngineIsAskedKeysWorkAndItIsSaidSinceWhen() {
        var bench = bench(80, 24)
        #expect(bench.state.subscriptions.contains(.diskUse(bench.id, revision: 1)))
        _ = bench.tick(59)
        #expect(bench.screen.contains("asked for 59s"))
        #expect(lines(bench) == ["the Engine is asked since 14:02:07; it may take a minute"])
        bench.press("r")
        #expect(bench.flash == "the Engine is being asked for the disk use already, for 59s")
        #expect(bench.state.engine.disk.revision == 1)
        bench.press("j", "j")
        #expect(bench.state.selected == .system(.volumes))
        bench.press("1")
        #expect(bench.selected == "web")
        // The answer is waited for wherever one looks meanwhile.
        #expect(bench.state.subscriptions.contains(.diskUse(bench.id, revision: 1)))
        bench.press("6")
        bench.engine(.diskUse(.success(CleanupPlanTests.use)), after: 30)
        #expect(!bench.state.subscriptions.contains(.diskUse(bench.id, revision: 1)))
        _ = bench.tick(125)
        #expect(bench.screen.contains("2m ago"))
        bench.press("r")
        #expect(bench.state.subscriptions.contains(.diskUse(bench.id, revision: 2)))
        // The old figures stay on the screen.
        #expect(bench.screen.contains("0.98K"))
    }

    @Test func theItemsOfARowAreListedLargestFirst() {
        var bench = bench(at: 1)
        var use = CleanupPlanTests.use
        use.images[0].containers = 2
        bench.engine(.diskUse(.success(use)))
        let images = lines(bench)
        #expect(images[0] == "6 in all, 1 in use: 0.98K, 550B reclaimable (55 %)")
        #expect(images[1] == "as docker system df counts, at 14:02:07")
        let sizes = images.dropFirst(4).map { $0.split(separator: " ")[0] }
        #expect(sizes == ["450B", "350B", "250B", "150B", "50B", "50B"])
        #expect(images[4].contains("in use  ") && images[4].hasSuffix("shop/api:2  used by 2 containers"))
        #expect(images[7].contains("reclaimable  <none> dangling"))
        bench.press("j", "j")
        let volumes = lines(bench)
        #expect(volumes[0] == "2 in all, 1 in use: 24B, 11B reclaimable (45 %)")
        #expect(volumes.last?.hasSuffix("reclaimable  spare") == true)
        bench.press("j")
        #expect(lines(bench)[0] == "3 in all, 1 in use: 60B, 20B reclaimable (33 %)")
        #expect(lines(bench).contains { $0.contains("r2") && $0.contains("in use") })
    }

    @Test func figuresThatCannotBeHadAreSaid() {
        var bench = bench(80, 24)
        bench.engine(.diskUse(.failure(.server(status: 500, message: "disk\u{7} on fire"))))
        #expect(bench.flash.hasPrefix("disk use could not be read: disk"))
        #expect(bench.screen.contains("could not be read") && lines(bench)[0].hasPrefix("it could not be read: disk"))
        #expect(bench.frame.forbiddenScalars().isEmpty)
    }

    @Test func theEngineTellsWhatItIs() {
        var bench = bench(at: 0)
        var info = SystemInfo()
        info.name = "shop-prod\u{1B}[0m"
        info.warnings = ["WARNING: No swap limit support"]
        info.proxies = ["http http://me:secret@proxy:3128"]
        info.plugins = ["Network": ["bridge", "host"]]
        info.registryMirrors = ["https://mirror.example/"]
        info.insecureRegistries = ["127.0.0.0/8"]
        info.swarm = "active"
        bench.engine(.described(info, roundTrip: 0))
        let text = lines(bench).joined(separator: "\n")
        #expect(text.hasPrefix("! WARNING: No swap limit support"))
        #expect(text.contains("mirrors       https://mirror.example/") && text.contains("insecure      127.0.0.0/8"))
        #expect(text.contains("http://me:******@proxy:3128") && !text.contains("secret"))
        #expect(bench.screen.contains("1 warning") && bench.frame.forbiddenScalars().isEmpty)
        // Asked again by hand: nothing polls.
        #expect(bench.press("r").labels(bench).contains("describe"))
    }

    @Test func loginsAreLookedUpWhenOneLooksAndNeverWithASecret() {
        var bench = bench(at: 0)
        #expect(!bench.state.subscriptions.contains { if case .registries = $0 { true } else { false } })
        bench.press("G")
        #expect(bench.state.subscriptions.contains(.registries(revision: 1)))
        #expect(bench.screen.contains("looked up since"))
        bench.send(
            .registries(
                .success([
                    .init(
                        registry: RegistryCredentials.dockerHub, keeper: "docker-credential-pass",
                        outcome: .loggedIn(as: "me")),
                    .init(registry: "a.example", keeper: "config.json", outcome: .loggedIn(as: nil)),
                    .init(registry: "b.example", keeper: "config.json", outcome: .notLoggedIn),
                    .init(
                        registry: "c.example", keeper: "docker-credential-x",
                        outcome: .failed("docker-credential-x: the keychain is locked")),
                ])))
        let lines = lines(bench)
        #expect(lines[0] == "https://index.docker.io/v1/  logged in as me  (docker-credential-pass)")
        #expect(lines[1].hasSuffix("logged in with a token") && lines[2].hasSuffix("not logged in"))
        #expect(lines[3].hasSuffix("helper docker-credential-x fails: the keychain is locked"))
        #expect(bench.screen.contains("2 logged in"))
        bench.send(.registries(.failure(.unreadable("/root/.docker/config.json: not as the docker client writes it"))))
        #expect(self.lines(bench)[0] == "/root/.docker/config.json: not as the docker client writes it")
        #expect(bench.screen.contains("not known"))
    }
}
