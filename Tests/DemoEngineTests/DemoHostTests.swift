import EngineAPI
import Testing

@testable import DemoEngine

/// 2026-11-24T04:00:00Z: all hosts of these tests begin here.
let beginning: Nanoseconds = 1_795_492_800 * .second

extension DemoHost {
    /// The shop, some seconds after its beginning.
    static func shop(seed: UInt64 = 1, after seconds: Int64 = 0) -> DemoHost {
        var host = DemoHost(seed: seed, epoch: beginning)
        host.advance(to: beginning + seconds * .second)
        return host
    }

    mutating func advance(by time: Nanoseconds) { advance(to: now + time) }

    func state(_ name: String) throws -> ContainerState { try find(name).state }

    /// What happened to a container since a number, without what belongs to its networks.
    func story(of name: String, since number: Int = 0) -> [String] {
        happenings.filter { $0.number >= number && $0.attributes["name"] == name }.map {
            let more = $0.attributes["signal"].map { " " + $0 } ?? $0.attributes["exitCode"].map { " " + $0 } ?? ""
            return $0.action + more
        }
    }

    func log(_ name: String) throws -> DemoLog { DemoLog(try find(name), epoch: epoch, now: now) }

    /// What the router answers, as text.
    mutating func answer(_ method: String, _ uri: String, body: String = "") -> String {
        var request = DemoRequest(method: method, uri: uri)
        request.body = Array(body.utf8)
        return switch Router.answer(request, &self, DemoFaults()) {
        case .json(let json), .made(let json): String(decoding: json.bytes, as: UTF8.self)
        case .written(let bytes): String(decoding: bytes, as: UTF8.self)
        case .text(let text): text
        case .status(let status): "\(status)"
        case .after(_, let status): "\(status) later"
        case .refusal(let refusal): "\(refusal.status) \(refusal.message)"
        case .stream(var stream, _), .file(var stream, _, _): pieces(&stream)
        case .session(let session, _):
            {
                var stream: any DemoStream = session
                return pieces(&stream)
            }()
        case .head(let status, let headers): "\(status) \(headers.map { "\($0): \($1)" }.joined(separator: ", "))"
        }
    }

    private mutating func pieces(_ stream: inout any DemoStream) -> String {
        var bytes: [UInt8] = []
        while true {
            let piece = stream.next(&self)
            bytes += piece.bytes
            guard let again = piece.again, again <= now else { return String(decoding: bytes, as: UTF8.self) }
        }
    }
}

@Suite struct DemoHostTests {
    @Test func theSameSeedGivesTheSameHostAndAnotherSeedAnother() {
        let questions = [
            "/containers/json?all=1", "/images/json", "/volumes", "/networks", "/info",
            "/containers/shop-catalog-1/logs?stdout=1&stderr=1&tail=50", "/containers/shop-db-1/stats?stream=0",
            "/containers/shop-checkout-1/json",
        ]
        func answers(_ seed: UInt64) -> [String] {
            var host = DemoHost.shop(seed: seed, after: 95)
            return questions.map { host.answer("GET", $0) }
        }
        #expect(answers(7) == answers(7))
        for (one, other) in zip(answers(7), answers(8)) where !one.contains("demo") { #expect(one != other) }
    }

    @Test func theShopHasAllThatIsWorthSeeing() throws {
        var host = DemoHost.shop()
        #expect(host.containers.count == 15)
        #expect(try host.find("shop-checkout-1").health == .unhealthy)
        #expect(try host.find("shop-gateway-1").health == .healthy)
        #expect(try host.find("shop-backup-1").outOfMemory)
        #expect(try host.state("shop-migrate-1") == .exited)
        let search = try host.find("shop-search-1")
        let usage = try #require(Usage(search, epoch: host.epoch, at: host.now))
        #expect(Double(usage.memory) > 0.9 * Double(search.spec.memoryLimit))
        #expect(usage.memory <= search.spec.memoryLimit)
        host.advance(by: 20 * .second)
        #expect(try host.find("shop-payments-1").restartCount > 1412)
        #expect(host.containers.allSatisfy { $0?.labels["com.docker.compose.project"] == "shop" })
    }

    @Test func theCrashLoopGoesRoundAndDoesNotGrow() throws {
        var host = DemoHost.shop()
        var states: Set<String> = []
        for _ in 0..<7200 {
            host.advance(by: .second)
            states.insert(try host.state("shop-payments-1").name)
        }
        #expect(states == ["running", "restarting"])
        #expect(try host.find("shop-payments-1").runs.count == DemoContainer.runsKept)
        #expect(host.happenings.count == DemoHost.happeningsKept)
        let story = host.story(of: "shop-payments-1").suffix(6)
        #expect(story.filter { $0 == "die 2" }.count == 3)
        #expect(story.filter { $0 == "start" }.count == 3)
    }

    @Test func aStopEndsAfterTheGoodbyeAndSaysWhatHappened() throws {
        var host = DemoHost.shop()
        let wait = try #require(try host.stop("shop-db-1", timeout: nil, startsAgain: false))
        #expect(!host.isOver(wait))
        host.advance(by: 2 * .second)
        #expect(host.isOver(wait))
        #expect(try host.state("shop-db-1") == .exited)
        #expect(host.story(of: "shop-db-1") == ["kill 15", "die 0", "stop"])
        let second = try host.stop("shop-db-1", timeout: nil, startsAgain: false)
        #expect(second == nil)
        host.advance(by: .minute)
        #expect(try host.state("shop-db-1") == .exited, "its policy does not start what a person stopped")
    }

    @Test func whoDoesNotListenIsKilledWhenTheTimeIsOver() throws {
        var host = DemoHost.shop()
        _ = try host.stop("shop-queue-1", timeout: nil, startsAgain: false)
        host.advance(by: 9 * .second)
        #expect(try host.state("shop-queue-1") == .running)
        host.advance(by: 2 * .second)
        #expect(try host.find("shop-queue-1").exitCode == 137)
        #expect(host.story(of: "shop-queue-1") == ["kill 15", "kill 9", "die 137", "stop"])
    }

    @Test func aRestartStartsAgainAndItsHealthBeginsAnew() throws {
        var host = DemoHost.shop()
        let wait = try #require(try host.stop("shop-checkout-1", timeout: 5, startsAgain: true))
        host.advance(by: .second)
        #expect(host.isOver(wait))
        #expect(host.story(of: "shop-checkout-1") == ["kill 15", "die 0", "stop", "start", "restart"])
        #expect(try host.find("shop-checkout-1").health == .starting)
        host.advance(by: 10 * .second)
        #expect(try host.find("shop-checkout-1").health == .healthy)
        host.advance(by: 2 * .minute)
        #expect(try host.find("shop-checkout-1").health == .unhealthy)
        #expect(
            Array(host.story(of: "shop-checkout-1").suffix(2)) == [
                "health_status: healthy", "health_status: unhealthy",
            ])
        #expect(try host.find("shop-checkout-1").probes(at: host.now).streak >= 3)
    }

    @Test func aKillEndsAMomentLaterAndOnlyOnce() throws {
        var host = DemoHost.shop()
        try host.kill("shop-cart-1", signal: "SIGKILL")
        #expect(try host.state("shop-cart-1") == .running)
        try host.kill("shop-cart-1", signal: "TERM")
        host.advance(by: 50 * .millisecond)
        #expect(try host.find("shop-cart-1").exitCode == 137)
        #expect(throws: DemoHost.Refusal.self) { try host.kill("shop-cart-1", signal: "9") }
        try host.kill("shop-gateway-1", signal: "HUP")
        host.advance(by: 5 * .second)
        #expect(try host.state("shop-gateway-1") == .running)
        #expect(throws: DemoHost.Refusal.bad("Invalid signal: SIGNONSENSE")) {
            try host.kill("shop-gateway-1", signal: "SIGNONSENSE")
        }
    }

    @Test func whatIsPausedUsesAndWritesNothing() throws {
        var host = DemoHost.shop(after: 10)
        try host.pause("shop-clickstream-1")
        let used = Usage(try host.find("shop-clickstream-1"), epoch: host.epoch, at: host.now)?.cpu
        let from = host.now
        host.advance(by: 30 * .second)
        let container = try host.find("shop-clickstream-1")
        let after = try #require(Usage(container, epoch: host.epoch, at: host.now)?.cpu)
        #expect(abs(Double(after) - Double(try #require(used))) < 1e6)
        #expect(try host.log("shop-clickstream-1").lines(after: from + .millisecond, limit: 100).isEmpty)
        #expect(host.answer("POST", "/containers/shop-clickstream-1/pause").hasPrefix("409 "))
        #expect(host.answer("POST", "/containers/shop-clickstream-1/start").hasPrefix("409 "))
        try host.unpause("shop-clickstream-1")
        host.advance(by: .second)
        #expect(try host.log("shop-clickstream-1").lines(after: from, limit: 1000).count > 20)
        #expect(host.story(of: "shop-clickstream-1") == ["pause", "unpause"])
    }

    @Test func removingAsksForForceAndTakesTheAnonymousVolumeAlong() throws {
        var host = DemoHost.shop()
        let volumes = host.volumes.count
        #expect(host.answer("DELETE", "/containers/shop-cache-1?v=1").hasPrefix("409 You cannot remove a running"))
        #expect(host.answer("DELETE", "/containers/shop-cache-1?v=1&force=1") == "204")
        #expect(host.volumes.count == volumes - 1)
        #expect(host.answer("GET", "/containers/shop-cache-1/json") == "404 No such container: shop-cache-1")
        #expect(host.story(of: "shop-cache-1") == ["kill 9", "die 137", "destroy"])
    }

    @Test func whateverIsDoneInWhateverOrderTheHostStaysWhole() throws {
        for seed in 0..<20 as Range<UInt64> {
            var random = SplitMix(seed, 0x7E57)
            var host = DemoHost.shop(seed: seed)
            var waits: [DemoHost.Wait] = []
            let names = host.containers.compactMap { $0?.name }
            for _ in 0..<400 {
                let name = random.pick(names)
                switch random.below(9) {
                case 0: _ = try? host.start(name)
                case 1, 2:
                    let wait = try? host.stop(name, timeout: random.pick([nil, 0, 1]), startsAgain: random.often(500))
                    if let wait { waits.append(wait) }
                case 3: try? host.kill(name, signal: random.pick(["", "TERM", "INT", "HUP", "SEGV", "9"]))
                case 4: try? host.pause(name)
                case 5, 6: try? host.unpause(name)
                case 7 where random.often(30): try? host.remove(name, force: true, volumes: true)
                default: host.advance(by: Nanoseconds(random.below(3_000_000_000)))
                }
                // One expectation for all: each of them costs more than the host.
                let broken = host.containers.compactMap { $0 }.first { container in
                    let isOpen = container.runs.last.map { $0.end == nil } ?? false
                    return container.isRunning != isOpen || container.runs.count > DemoContainer.runsKept
                }
                #expect(broken == nil, "\(broken?.name ?? "")")
            }
            for name in names { try? host.unpause(name) }
            host.advance(by: .minute)
            #expect(waits.allSatisfy { host.isOver($0) }, "a request was never answered, seed \(seed)")
            for case let container? in host.containers {
                let log = DemoLog(container, epoch: host.epoch, now: host.now)
                let lines = log.lines(after: log.start(ofLast: 300), limit: 1_000_000)
                #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.time < $1.time }, "\(container.name)")
            }
        }
    }

    @Test func identitiesMayBeShortButNotAmbiguous() throws {
        let host = DemoHost(seed: 3, containers: 300, epoch: beginning)
        let id = try #require(host.containers[17]).id
        #expect(try host.find(String(id.prefix(12))).id == id)
        #expect(try host.find("/shop-db-1").name == "shop-db-1")
        #expect(throws: DemoHost.Refusal.bad("multiple IDs found with provided prefix: a")) { try host.find("a") }
        #expect(throws: DemoHost.Refusal.notFound("No such container: ")) { try host.find("") }
    }

    @Test func nothingThatClientsSendBreaksIt() throws {
        var random = SplitMix(42)
        var host = DemoHost.shop()
        let words = [
            "containers", "json", "shop-db-1", "logs", "stats", "kill", "stop", "v1.41", "v999.1", "events", "%", "%zz",
            "%00", "images", "..", "", "?", "&", "=", "tail=-9223372036854775808", "since=99999999999999999999",
            "until=-5", "t=9223372036854775807", "t=-1", "limit=-3", "filters={", "filters={\"status\":[\"x\"]}",
            "filters={\"label\":{\"a\":true}}", "filters=[]", "signal=-9", "stdout=1", "since=0.999999999999", "tail=5",
            "since=9223372036854775807", "until=9223372036", "all=1", "%ff%fe", "volumes", "networks", "top", "restart",
            "ps_args=u", "follow=1", "é☕",
        ]
        for _ in 0..<3000 {
            var uri = ""
            for _ in 0..<random.below(7) { uri += random.pick(["/", "/", "/", "?", "&", ""]) + random.pick(words) }
            _ = host.answer(random.pick(["GET", "POST", "DELETE", "HEAD", "PUT", "é"]), uri)
            host.advance(by: 5 * .millisecond)
        }
        #expect(host.answer("GET", "/_ping") == "OK")
    }

    @Test func listsAreFilteredAsTheEngineFilters() {
        var host = DemoHost.shop()
        func count(_ filters: String) -> Int {
            host.answer("GET", "/containers/json?all=1&filters=\(filters)").components("\"Id\":").count - 1
        }
        #expect(count("{}") == 15)
        #expect(count(#"{"status":["exited"]}"#) == 2)
        #expect(count(#"{"name":["storefront"]}"#) == 2)
        #expect(count(#"{"label":["com.docker.compose.service=db"]}"#) == 1)
        #expect(count(#"{"label":["com.docker.compose.service=db","nope"]}"#) == 0)
        #expect(count(#"{"health":["unhealthy"]}"#) == 1)
        #expect(count(#"{"network":["shop_front"]}"#) == 3)
        #expect(count(#"{"volume":["shop_db-data"]}"#) == 1)
        #expect(host.answer("GET", "/containers/json?filters={\"nope\":[\"x\"]}") == "400 invalid filter 'nope'")
        #expect(host.answer("GET", "/v1.12/info").hasPrefix("400 client version 1.12 is too old."))
        #expect(host.answer("GET", "/v1.99/info").hasPrefix("400 client version 1.99 is too new."))
    }

    @Test func tenThousandContainersAreListedAndMostOfThemRun() {
        var host = DemoHost(seed: 1, containers: 10_000, epoch: beginning)
        let list = host.answer("GET", "/containers/json?all=1")
        #expect(list.components("\"Id\":").count == 10_001)
        #expect(list.components("\"State\":\"running\"").count > 8000)
        #expect(Set(host.containers.compactMap { $0?.name }).count == 10_000)
        host.advance(by: .minute)
        #expect(host.happenings.count == DemoHost.happeningsKept)
    }
}

extension String {
    func components(_ separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
