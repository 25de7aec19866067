import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct RunFormTests {
    static func shop(width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench(width: width, height: height)
        GoldenTests.fill(&bench, GoldenTests.shop)
        return bench
    }

    static func paste(_ line: String, into bench: inout Bench) { bench.send(.paste(line)) }

    private func opened(_ line: String? = nil) -> Bench {
        var bench = Self.shop()
        bench.press("R")
        if let line { bench.send(.paste(line)) }
        return bench
    }

    private func problem(_ bench: Bench, _ field: RunField) -> String? {
        bench.state.form?.fields.first { $0.id == field.rawValue }?.error?.message
    }

    private func note(_ bench: Bench, _ field: RunField) -> String? {
        bench.state.form?.fields.first { $0.id == field.rawValue }?.note
    }

    private func summary(_ name: String, _ state: ContainerState = .running) -> ContainerSummary {
        var summary = ContainerSummary.make(name, state, state == .created ? "Created" : "Up 1 second")
        summary.ports = []
        return summary
    }

    @Test func aPastedLineFillsTheFormAndIsWhatIsRun() throws {
        let line =
            "docker run -d --name fresh -p 9090:80 -v pgdata:/data -e A=1 --restart on-failure:3 shop/api:2.4 sh -c 'a b'"
        var bench = opened(line)
        #expect(bench.state.form?["name"] == ["fresh"])
        #expect(bench.state.form?["restart"] == ["on-failure"])
        #expect(bench.state.form?["retries"] == ["3"])
        #expect(bench.state.form?["command"] == ["sh -c 'a b'"])
        let effects = bench.press("ctrl-r")
        guard case .run(_, _, let order)? = effects.first else {
            Issue.record("nothing was run: \(bench.flash)")
            return
        }
        #expect(order.starts)
        #expect(order.spec == (try RunSpec.parse(line).spec))
        #expect(bench.state.journal.entries.last?.docker == order.spec.line())
        #expect(bench.screen.contains("run fresh …"))
        // Once is enough.
        #expect(bench.press("ctrl-r", "ctrl-o").isEmpty)
        bench.engine(.ran(1, .init(container: summary("fresh"), warnings: ["no swap"])), after: 2)
        #expect(bench.state.layers.isEmpty)
        #expect(bench.selected == "fresh")
        #expect(bench.flash == "running fresh after 2.0 s; the Engine says: no swap")
        bench.press("J")
        #expect(bench.screen.contains("the Engine says: no swap"))
        bench.press("esc", "R")
        #expect(bench.state.form?["image"] == [])
    }

    @Test func aLineThatIsWrongStaysAndSaysWhere() {
        var bench = opened("docker run --foo x")
        #expect(problem(bench, .line) == "unknown flag --foo (word 3)")
        #expect(bench.state.form?.focused?.id == "line")
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.flash.contains("unknown flag --foo"))
        for _ in 0..<"--foo x".count { bench.press("backspace") }
        for character in "-it shop/api:2.4" { bench.send(.key(.character(character))) }
        #expect(problem(bench, .line)?.contains("Enter fills") == true)
        bench.press("enter")
        #expect(bench.state.form?["image"] == ["shop/api:2.4"])
        #expect(bench.state.form?["tty"] == ["true"])
        #expect(problem(bench, .line) == nil)
    }

    @Test func aContinuedLineIsTaken() {
        let bench = opened("docker run --rm \\\n  --name xx \\\n  shop/api:2.4\n")
        #expect(bench.state.form?["name"] == ["xx"])
        #expect(bench.state.form?["autoRemove"] == ["true"])
    }

    @Test func nothingIsSentWithoutAnImage() {
        var bench = opened()
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(problem(bench, .image) == "which image?")
        #expect(bench.state.journal.entries.isEmpty)
    }

    @Test func theEnginesOwnFactsAreSaidAtTheFields() {
        var bench = opened("docker run --name api shop/api:2.4")
        #expect(problem(bench, .name)?.hasPrefix("api is taken: api (shop/api:2.4, ") == true)
        bench.press("esc")
        bench = opened("docker run --network nowhere shop/api:2.4")
        #expect(problem(bench, .network) == "there is no network nowhere")
        bench = opened("docker run --cpus 9 shop/api:2.4")
        #expect(problem(bench, .cpus) == "the Engine's host has 8")
        bench = opened("docker run nobody/here")
        #expect(problem(bench, .image) == nil)
        #expect(note(bench, .image) == "it is not there: docker pull nobody/here gets it")
        bench = opened("docker run --env-file /x postgres:16")
        #expect(note(bench, .environmentFiles)?.contains("this machine") == true)
        #expect(note(bench, .image) == nil)
    }

    @Test(arguments: ["8080:80", "127.0.0.1:8080:80", "8000-8100:8000-8100"])
    func aPortInUseIsKnownBeforeItIsTried(_ port: String) {
        var bench = opened("docker run -p \(port) shop/api:2.4")
        #expect(note(bench, .ports)?.contains("8080 is published by api") == true)
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(problem(bench, .ports)?.hasPrefix("8080 is in use: api (") == true)
        // It can be made all the same.
        #expect(bench.press("ctrl-o").labels(bench) == ["create docker run -d -p \(port) shop/api:2.4"])
        #expect(bench.state.journal.entries.last?.docker == "docker create -p \(port) shop/api:2.4")
    }

    @Test func attachedItIsStartedByWhoListens() {
        var bench = opened("docker run --name xx shop/api:2.4")
        #expect(bench.press("ctrl-t").labels(bench).map { $0.prefix(6) } == ["create"])
        #expect(bench.state.journal.entries.last?.docker == "docker create --name xx shop/api:2.4")
        let effects = bench.engine(
            .ran(1, .init(container: .make("xx", .created, "Created"), attaches: true)))
        let target = effects.lazy.compactMap { effect -> Handover.Target? in
            if case .handOver(_, _, .named("xx"), let target, _) = effect { target } else { nil }
        }.first
        #expect(target == .start)
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.journal.entries.last?.docker == "docker start --attach --interactive xx")
    }

    @Test(arguments: ["8080:80/udp", "8081:80", "80"]) func otherPortsAreFree(_ port: String) {
        #expect(note(opened("docker run -p \(port) shop/api:2.4"), .ports) == nil)
    }

    @Test(
        arguments: [
            (
                EngineError.conflict(
                    "Conflict. The container name \"/xx\" is already in use by container \"\(ContainerID.named("db"))\". Remove it."
                ),
                RunField.name, "the name is taken: db (postgres:16, "
            ), (.notFound("No such image: shop/api:2.4"), .image, "it is not there: docker pull shop/api:2.4 gets it"),
        ]) func whatTheEngineRefusesIsSaidAtTheFieldAndWhatWasTypedStays(
            _ error: EngineError, _ field: RunField, _ message: String
        )
    {
        var bench = opened("docker run --name xx shop/api:2.4")
        bench.press("ctrl-r")
        bench.engine(.ran(1, .init(failure: .creating(error))))
        #expect(bench.flash.contains(message))
        // An image that is not there can be pulled at once.
        if field == .image {
            #expect(bench.asked == "docker pull shop/api:2.4")
            bench.press("n")
        }
        #expect(problem(bench, field)?.hasPrefix(message) == true)
        #expect(bench.state.form?.focused?.id == field.rawValue)
        #expect(bench.state.form?["name"] == ["xx"])
        guard case .failed(let noted)? = bench.state.journal.entries.last?.outcome else {
            Issue.record("the journal has no failure")
            return
        }
        #expect(noted.hasPrefix(message))
        // And it can be tried again.
        #expect(bench.press("ctrl-r").count == 1 || problem(bench, field) != nil)
    }

    @Test func otherRefusalsAreSaidInTheForm() {
        var bench = opened("docker run --name xx shop/api:2.4")
        bench.press("ctrl-r")
        bench.engine(.ran(1, .init(failure: .creating(.badRequest("invalid mount config")))))
        #expect(bench.state.form?.message == "invalid mount config")
        #expect(bench.screen.contains("invalid mount config"))
        bench.press("ctrl-r")
        bench.engine(.ran(2, .init(failure: .creating(.timedOut("POST /containers/create")))))
        #expect(bench.flash.contains("it may have been created all the same"))
    }

    @Test(arguments: [
        "Bind for 0.0.0.0:9999 failed: port is already allocated",
        "listen tcp4 0.0.0.0:9999: bind: address already in use",
        "listen tcp6 [::]:9999: bind: address already in use",
    ])
    func aContainerThatWasLeftBehindIsNamedAndSelected(why: String) {
        var bench = opened("docker run --name xx -p 9999:80 shop/api:2.4")
        bench.press("ctrl-r")
        let error = EngineError.server(
            status: 500,
            message: "driver failed programming external connectivity on endpoint xx (12): \(why)")
        bench.engine(.ran(1, .init(container: summary("xx", .created), failure: .starting(error))))
        #expect(
            bench.flash
                == "run xx: xx was created but not started: port 9999 is in use, by no container of this Engine; d removes it"
        )
        #expect(bench.state.layers.isEmpty)
        #expect(bench.selected == "xx")
        bench.press("d")
        #expect(bench.question?.subject == "xx")
        bench.press("n", "R")
        #expect(bench.state.form?["ports"] == ["9999:80"])
    }

    @Test func whatTheEngineRemovedAgainIsNotSaidToBeThere() {
        var bench = opened("docker run --rm shop/api:2.4 nothing")
        bench.press("ctrl-r")
        bench.engine(.ran(1, .init(failure: .starting(.badRequest("no such file")))))
        #expect(bench.flash.contains("not started, and removed again: no such file"))
    }

    /// One that is quick has ended, and with --rm is gone, before anybody hears that it was made.
    @Test func aContainerThatIsGoneAlreadyIsAskedForAgain() {
        var bench = opened("docker run --rm --name xx shop/api:2.4 true")
        _ = bench.tick(5)
        bench.press("ctrl-r")
        bench.events(("start", "xx"), ("die", "xx"), ("destroy", "xx"))
        _ = bench.tick(5)
        let effects = bench.engine(.ran(1, .init(container: summary("xx"))), after: 1)
        #expect(bench.selected == "xx")
        let asks = effects.labels(bench).contains("list [xx]") || effects.contains { $0.delay != nil }
        #expect(asks)
        bench.engine(.containers([], asked: [.named("xx")]))
        #expect(bench.container("xx") == nil)
        // And what comes later is asked for as ever.
        let later = bench.events(("die", "api")) + bench.engine(.refreshDue, after: 1)
        #expect(later.contains { $0.isList })
    }

    @Test func aFormThatWasLeftMeanwhileIsLeftAlone() {
        var bench = opened("docker run --name xx shop/api:2.4")
        bench.press("ctrl-r", "esc", "j")
        bench.engine(.ran(1, .init(container: summary("xx"))))
        #expect(bench.flash.hasPrefix("running xx"))
        #expect(bench.state.layers.isEmpty && bench.selected == "xx")
    }

    @Test func whatIsOnlyLookedAtTakesNoDraftsPlace() throws {
        var bench = opened("docker run --name draft shop/api:2.4")
        bench.press("esc", "A")
        let spec = try RunSpec.parse("docker run shop/web:2.4").spec
        bench.engine(.recalled(.named("api"), .success(.init(spec: spec))))
        bench.press("esc", "R")
        #expect(bench.state.form?["name"] == ["draft"])
        bench.press("esc", "A")
        bench.engine(.recalled(.named("api"), .success(.init(spec: spec))))
        bench.press("x", "esc", "R")
        #expect(bench.state.form?["image"] == ["shop/web:2.4x"])
        #expect(bench.screen.contains("Run a container"))
    }

    @Test func whatIsSelectedIsFilledIn() {
        var bench = Self.shop()
        bench.press("2", "j", "R")
        #expect(bench.state.form?["image"] == ["shop/api:2.4"])
        bench.press("esc", "3", "R")
        #expect(bench.state.form?["mounts"] == ["pgdata:/"])
        bench.press("ctrl-x", "esc", "4", "j", "R")
        #expect(bench.state.form?["network"] == ["host"])
    }

    @Test func nothingIsSentWhileTheEngineIsAway() {
        var bench = opened("docker run shop/api:2.4")
        bench.lose()
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.flash.contains("not reachable"))
    }

    @Test func runAgainAsksWhatItIsMadeOfAndShowsIt() throws {
        var bench = Self.shop()
        #expect(bench.press("A").labels(bench) == ["recall api"])
        let spec = try RunSpec.parse("docker run --name api -p 80:80 -l a=b shop/api:2.4").spec
        bench.engine(.recalled(.named("api"), .success(.init(spec: spec, leftOut: ["Ulimits"]))))
        #expect(bench.screen.contains("Run again like api"))
        #expect(bench.screen.contains("not taken over: Ulimits"))
        #expect(bench.state.form?["name"] == ["api-2"])
        #expect(bench.state.form?["labels"] == ["a=b"])
        bench.press("esc", "A")
        bench.engine(.recalled(.named("api"), .failure(.notFound("No such container: api"))))
        #expect(bench.flash == "api: No such container: api")
        bench.press("?")
        bench.engine(.recalled(.named("api"), .success(.init(spec: spec, leftOut: ["Ulimits"]))))
        #expect(bench.state.form == nil)
    }
}

@Suite struct RunOriginTests {
    private func origin(_ json: String) throws -> ContainerOrigin {
        try JSONDecoder().decode(ContainerOrigin.self, from: Data(json.utf8))
    }

    @Test func onlyWhatTheImageDoesNotGiveIsTakenOver() throws {
        let container = try origin(
            """
            {"Id":"0123456789abcdef","Name":"/web","Image":"sha256:1","Config":{"Hostname":"0123456789ab","User":"",
            "Env":["PATH=/bin","A=1"],"Cmd":["sh"],"Image":"shop/web","Volumes":{"/image":{},"/own":{}},"WorkingDir":"/app",
            "Entrypoint":null,"Labels":{"of":"image","own":"x","com.docker.compose.project":"p"},"StopSignal":"QUIT",
            "ExposedPorts":{"80/tcp":{},"81/tcp":{},"82/udp":{}},"Tty":false,"OpenStdin":true},
            "HostConfig":{"Binds":["data:/data:ro"],"NetworkMode":"back","PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1",
            "HostPort":"8080"}]},"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"Memory":536870912,
            "NanoCpus":500000000,"ShmSize":67108864,"LogConfig":{"Type":"json-file","Config":{}},"IpcMode":"private",
            "Mounts":[{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1048576,"Mode":1023}}],"CapAdd":["ALL"],
            "Privileged":false,"Dns":[],"Devices":[]},
            "NetworkSettings":{"Networks":{"back":{"Aliases":["w","0123456789ab"]}}}}
            """)
        let image = try origin(
            """
            {"Id":"sha256:1","Config":{"Env":["PATH=/bin"],"Cmd":["sh"],"Labels":{"of":"image"},"WorkingDir":"/app",
            "Volumes":{"/image":{}},"ExposedPorts":{"81/tcp":{}}}}
            """)
        let spec = RunSpec(container, image: image.configuration)
        #expect(
            spec.line()
                == "docker run -d -i -p 127.0.0.1:8080:80 -v data:/data:ro --mount type=tmpfs,target=/t,tmpfs-size=1048576,"
                + "tmpfs-mode=1777 -v /own -e A=1 --network back --network-alias w --restart on-failure:3 -m 512m "
                + "--cpus 0.5 -l own=x --cap-add ALL --expose 82/udp --stop-signal QUIT shop/web")
    }

    @Test func anEntryPointOfSeveralWordsBecomesOneAndACommand() throws {
        let container = try origin(#"{"Config":{"Image":"ab","Entrypoint":["/init","-v"],"Cmd":["run"]}}"#)
        let spec = RunSpec(container, image: ContainerConfiguration())
        #expect(spec.line() == "docker run -d --entrypoint=/init ab -v run")
    }

    /// What is made of any line is made again from what the Engine would then say.
    @Test func whatWasMadeIsMadeAgain() throws {
        struct Shape: Decodable {
            var HostConfig: HostConfiguration
        }
        var random = SplitMix(seed: 61)
        for _ in 0..<500 {
            var spec = RunLineTests.any(&random)
            spec.environmentFiles = []
            spec.environment.removeAll { !$0.contains("=") }
            spec.aliases = []
            // With the host's network the Engine tells the host's own name.
            if spec.network == "host" { spec.hostname = "" }
            spec.labels = Array(Dictionary(spec.labels.map(RunSpec.pair), uniquingKeysWith: { $1 }))
                .map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.sorted()
            let body = try JSONEncoder().encode(spec.creation(environment: spec.environment))
            var json = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
            json["Config"] = json
            // An Engine says which driver it chose.
            if var host = json["HostConfig"] as? [String: Any], var log = host["LogConfig"] as? [String: Any] {
                log["Type"] = "json-file"
                host["LogConfig"] = log
                json["HostConfig"] = host
            }
            let whole = try JSONDecoder().decode(
                ContainerOrigin.self, from: JSONSerialization.data(withJSONObject: json))
            let again = RunSpec(whole, image: ContainerConfiguration())
            // The same request, whatever way the line is written.
            func request(_ spec: RunSpec) throws -> ContainerCreation {
                var creation = spec.creation(environment: spec.environment)
                creation.host.networkMode = creation.host.networkMode == "bridge" ? nil : creation.host.networkMode
                if creation.host.restartPolicy?.name == "no" { creation.host.restartPolicy = nil }
                creation.host.portBindings = creation.host.portBindings?.mapValues { bindings in
                    bindings?.sorted { ($0.hostIP ?? "", $0.hostPort ?? "") < ($1.hostIP ?? "", $1.hostPort ?? "") }
                }
                creation.host.logConfiguration?.type = "json-file"
                creation.host.binds?.sort()
                creation.host.mounts?.sort { $0.target < $1.target }
                creation.configuration.command = creation.configuration.command.map { $0.isEmpty ? [] : $0 }
                return creation
            }
            let (one, two) = (try request(spec), try request(again))
            #expect(one == two, "\(spec.line())\n\(again.line())")
        }
    }
}

@Suite struct RunOrderTests {
    private func environment(_ line: String, machine: [String: String] = [:], files: [String: String] = [:]) throws
        -> [String]
    {
        let order = RunOrder(spec: try RunSpec.parse(line).spec, starts: true)
        return try order.environment(of: machine) { path throws(RunTextError) in
            guard let text = files[path] else { throw RunTextError("\(path) cannot be read") }
            return text
        }
    }

    @Test func variablesOfThisMachineAndFiles() throws {
        let variables = try environment(
            "docker run -e A -e B=2 -e NONE --env-file /f x", machine: ["A": "1", "C": "3"],
            files: ["/f": "# nothing\n\n  D=4 5\nC\r\nE=\n"])
        #expect(variables == ["D=4 5", "C=3", "E=", "A=1", "B=2"])
    }

    @Test func aFileThatMakesNoSense() {
        #expect(throws: RunTextError.self) { try environment("docker run --env-file /no x") }
        let error = #expect(throws: RunTextError.self) {
            try environment("docker run --env-file /f x", files: ["/f": "A=1\nB C=2"])
        }
        #expect(error?.message == "/f, line 2: “B C” is no variable's name")
    }
}
