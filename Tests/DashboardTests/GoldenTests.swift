import Foundation
import Terminal
import Testing

@testable import Dashboard
@testable import EngineAPI

/// Whole screens as text, compared with the files under `Golden`.
@Suite struct GoldenTests {
    private static let folder = "Golden"

    static let sizes = [(40, 10), (80, 24), (120, 40), (200, 50), (300, 80)]
    static let states = [
        "none", "one", "many", "away", "stale", "question", "help", "stats", "inspect", "top", "logs-back", "states",
        "form", "totals", "rename", "update", "commit", "changes", "secrets", "signal", "copy", "exec",
        "network-form", "network-members",
        "events", "event", "go-to", "related", "actions", "bulk", "system", "cleanup",
        "journal", "health", "job", "sort", "themes", "images",
        "volumes", "volume-users", "volume-files", "volume-form", "volume-remove",
        "help-found", "help-log", "palette", "palette-found", "filter", "filter-wrong", "filter-none", "tour",
        "layer-keys",
        "networks", "layers", "files", "build-form", "connect-form", "import-form", "job-failed",
        "search", "log-filter", "time-jump", "save", "merged", "json",
        "empty-images", "empty-volumes", "empty-networks", "empty-events", "compared", "columns", "table", "wall",
    ]

    /// What is drawn otherwise at some sizes only.
    static let laidOut: [(name: String, width: Int, height: Int)] =
        [(80, 24), (100, 30)].map { ("layout-side", $0.0, $0.1) }
        + [(40, 14), (120, 40)].map { ("layout-stacked", $0.0, $0.1) }
        + [(120, 24), (200, 50)].map { ("layout-shares", $0.0, $0.1) }

    @Test func everyFileIsComparedWithAScreen() throws {
        let compared =
            Self.states.flatMap { state in Self.sizes.map { "\(state)-\($0.0)x\($0.1).txt" } }
            + Self.laidOut.map { "\($0.name)-\($0.width)x\($0.height).txt" }
        #expect(try GoldenFile.names(in: Self.folder) == Set(compared))
    }

    /// A small shop: what a screen should look like when something is going on.
    static let shop: [ContainerSummary] = [
        .make("api"), .make("web-1", image: "shop/web:2.4"), .make("web-2", image: "shop/web:2.4"),
        .make("db", image: "postgres:16"),
    ]

    /// One container of each state, and what may come with it.
    static func sevenStates(_ bench: inout Bench) {
        let summaries: [ContainerSummary] = [
            .make("billing", .exited, "Exited (137) 2 minutes ago"), .make("builder", .created, "Created"),
            .make("cache", .dead, "Dead"), .make("db", .running, "Up 3 hours (healthy)"),
            .make("importer", .removing, "Removal In Progress"), .make("migrate", .exited, "Exited (0) 2 minutes ago"),
            .make("shop_checkout_background_worker_12", .running, "Up 3 hours (unhealthy)"),
            .make("standby", .paused, "Up 3 hours (Paused)"), .make("web", .running, "Up 3 hours (health: starting)"),
            .make("worker", .restarting, "Restarting (1) 2 minutes ago"),
        ]
        bench.engine(.containers(summaries, asked: nil))
        let details = summaries.map { summary in
            ContainerDetails.of(summary) { details in
                var health = ContainerDetails.Health()
                switch summary.name {
                case "billing":
                    details.state.exitCode = 137
                    details.state.oomKilled = true
                case "db": health.status = .healthy
                case "web": health.status = .starting
                case "worker":
                    details.state.exitCode = 1
                    details.restartCount = 5
                case _ where summary.status.contains("unhealthy"): health.status = .unhealthy
                default: break
                }
                if health.status != .none { details.state.health = health }
            }
        }
        bench.engine(.details(details, missing: []))
        for summary in summaries where summary.state == .running { bench.stats(summary.name, count: 20) }
        bench.log(["one line"], of: "billing")
    }

    static func fill(_ bench: inout Bench, _ containers: [ContainerSummary]) {
        bench.connect()
        bench.engine(.containers(containers, asked: nil))
        bench.engine(.details(containers.map { .of($0) }, missing: []))
        bench.engine(
            .images(
                ["shop/api:2.4", "shop/web:2.4", "postgres:16"].enumerated().map { index, tag in
                    var image = ImageSummary(id: "sha256:\(ContainerID.named(tag))")
                    image.tags = [tag]
                    image.size = (index + 1) * 123_456_789
                    image.created = Bench.start.addingTimeInterval(-86_400 * Double(3 + index * 40))
                    return image
                }))
        bench.engine(
            .volumes(
                ["pgdata", "uploads"].map { name in
                    var volume = VolumeSummary(name: name)
                    volume.driver = "local"
                    volume.mountpoint = "/var/lib/docker/volumes/\(name)/_data"
                    volume.created = Bench.start.addingTimeInterval(-86_400 * 30)
                    return volume
                }))
        bench.engine(
            .networks(
                ["bridge", "host", "none"].map { name in
                    var network = NetworkSummary(id: ContainerID.named(name).rawValue, name: name)
                    network.driver = name == "none" ? "null" : name
                    network.scope = "local"
                    network.subnets = name == "bridge" ? ["172.17.0.0/16"] : []
                    return network
                }))
    }

    static func bench(_ name: String, _ width: Int, _ height: Int) -> Bench {
        var bench = Bench(width: width, height: height)
        if name == "away" {
            bench.engine(.lost(.unreachable(.standard, reason: .noSocket), retryIn: 2, attempt: 3), after: 3)
            return bench
        }
        let containers: [ContainerSummary] =
            switch name {
            case "none": []
            case "one": [.make("web")]
            case "many":
                (0..<500).map { .make("c\(1_000 + $0)", $0 % 3 == 0 ? .exited : .running, "x") }
            case "totals":
                ["api", "web-1", "web-2", "db", "shop_checkout_background_worker_12", "cache", "queue"].map { name in
                    var summary = ContainerSummary.make(name)
                    if name != "queue" { summary.labels[LogSubject.projectLabel] = "shop" }
                    return summary
                }
            default: shop
            }
        fill(&bench, containers)
        if name == "states" {
            sevenStates(&bench)
            return bench
        }
        for id in bench.state.visibleRows(.containers) {
            guard case .container(let id) = id, let container = bench.state.engine.containers[id] else { continue }
            if container.isRunning { bench.stats(container.name, count: 90) }
        }
        if let selected = bench.selected {
            bench.log((0..<120).map { "GET /cart/\($0) 200 \($0 % 37) ms" }, of: selected, errors: [110, 115])
        }
        switch name {
        case "stale":
            bench.lose(after: 5)
            _ = bench.tick(65)
        case "question": bench.press("j", "K", "right")
        case "help": bench.press("?")
        case "journal", "health", "job", "sort", "themes", "images": showLayer(&bench, name)
        case "stats": bench.press("c")
        case "totals":
            // Rows that the list has no room for have their figures too; one was never asked.
            for name in ["api", "web-1", "web-2", "db", "cache", "shop_checkout_background_worker_12"] {
                bench.stats(name, count: 3)
            }
            bench.state.marked = [.container(.named("web-1")), .container(.named("web-2"))]
            bench.press("T", "down")
        case "inspect":
            bench.press("i")
            let json =
                #"{"Id":"f00","State":{"Running":true,"Pid":4711,"Error":""},"Args":["-c","server"],"Mounts":[],"#
                + #""Labels":{"com.docker.compose.project":"shop","tier":null}}"#
            bench.engine(
                .inspected(.container(.named("api")), .success(InspectLine.lines(of: Array(json.utf8)))))
        case "top":
            bench.press("t")
            let processes = [
                ["root", "4711", "1", "0.0", "nginx: master"], ["www", "4720", "4711", "1.5", "nginx: worker"],
            ]
            bench.engine(
                .processes(
                    .named("api"),
                    .success(ProcessList(titles: ["UID", "PID", "PPID", "C", "CMD"], processes: processes))))
        case "signal":
            bench.press("t")
            let processes = (0..<40).map { ["www", "\(4_700 + $0)", "4699", "0.0", "nginx: worker \($0)"] }
            bench.engine(
                .processes(
                    .named("api"),
                    .success(ProcessList(titles: ["UID", "PID", "PPID", "C", "CMD"], processes: processes))))
            bench.press("G", "k", "K", "right")
        case "rename": bench.press("N", "backspace", "backspace", "backspace", "d", "b")
        case "update":
            bench.engine(
                .details(
                    [
                        .of(.make("api")) {
                            $0.memoryLimit = 512 << 20
                            $0.memorySwap = 1 << 30
                            $0.restartPolicy.name = "always"
                        }
                    ], missing: []))
            bench.press("u", "ctrl-u", "1", "g", "tab", "9")
        case "commit":
            bench.press("I")
            bench.send(.paste("shop/api:2.5"))
            bench.press("tab")
            bench.send(.paste("with the new certificates"))
        case "changes":
            bench.press("=")
            var changes = FileChanges()
            changes.kept =
                [FileChange(.changed, "/etc"), FileChange(.added, "/etc/made"), FileChange(.deleted, "/tmp/old")]
                + (0..<60).map { FileChange(.added, "/var/cache/api/\(1_000 + $0)") }
            changes.total = 70_000
            bench.engine(
                .inspected(.container(.named("api")), .success(ChangesDetail.lines(of: changes)), tab: .changes))
            bench.press("/", "1", "0", "0", "5", "enter")
        case "secrets":
            bench.press("i")
            let json = #"{"Env":["DB_PASSWORD=hunter2","URL=postgres://me:hunter2@db/shop","PATH=/bin"],"Tty":false}"#
            bench.engine(.inspected(.container(.named("api")), .success(InspectLine.lines(of: Array(json.utf8)))))
        case "copy": bench.press("y", "down")
        case "exec":
            bench.press("E", "ctrl-u")
            bench.send(.paste("-u 0 -e 'A=b"))
        case "form":
            bench.press("R")
            bench.send(
                .paste(
                    "docker run --name web-3 -p 8443:443 -p 8080:80 -v pgdata:/data:ro -e A=1 -e B --network host "
                        + "--restart on-failure:3 -m lots shop/web:2.4 server --port 80"))
            bench.press("down", "down", "down", "down", "down", "down", "down", "enter", "u")
        case "network-form":
            bench.press("4", "n")
            bench.send(.paste("lab"))
            bench.press("tab")
            bench.send(.paste("macvlan"))
            bench.press("tab")
            bench.send(.paste("172.17.128.0/24\nfd00:7::/64"))
        case "network-members":
            bench.press("4")
            var network = NetworkSummary(id: ContainerID.named("bridge").rawValue, name: "bridge")
            (network.driver, network.scope, network.subnets) = ("bridge", "local", ["172.17.0.0/16"])
            network.pools[0].gateway = "172.17.0.1"
            var web = NetworkDetails.Endpoint()
            (web.container, web.name) = (ContainerID.named("web-1").rawValue, "web-1")
            (web.ipv4Address, web.macAddress) = ("172.17.0.2/16", "02:42:ac:11:00:02")
            var (running, stopped) = (
                AttachedContainer(id: .named("web-1"), name: "web-1"), AttachedContainer(id: .named("db"), name: "db")
            )
            (running.state, stopped.state, stopped.fixed) = (.running, .exited, ["172.17.0.9"])
            let members = NetworkMembers(NetworkDetails(network, endpoints: [web]), attached: [running, stopped])
            bench.engine(
                .inspected(.network(network.id), .success(MembersDetail.lines(of: members)), tab: .members))
        case "help-found":
            bench.press("?")
            bench.send(.paste("log"))
        case "help-log": bench.press("l", "?")
        case "palette", "palette-found":
            bench.state.remembered.recent = ["container:web-2", "view.totals", "setting:mouse"]
            bench.press(":")
            if name == "palette-found" { for character in "web" { bench.send(.key(.character(character))) } }
        case "filter", "filter-wrong":
            bench.press("/")
            let text = name == "filter" ? "image:shop -name:web sta" : "state:running cpu>lots"
            for character in text { bench.send(.key(.character(character))) }
        case "filter-none":
            bench.press("/")
            for character in "state:exited" { bench.send(.key(.character(character))) }
            bench.press("enter")
        case "tour":
            bench.state.offersTour = true
            bench.engine(.containers(shop, asked: nil))
        case "layer-keys": bench.press("/", "f1")
        case "logs-back":
            bench.press("l", "pgup", "pgup")
            bench.logNews("api", .lines(.lines(["one more", "and another"], from: 500)))
        case "events", "event":
            fillEvents(&bench)
            bench.press("5")
            if name == "event" { bench.press("k", "k", "i") }
        case "go-to", "related":
            relate(&bench)
            bench.press(".")
            if name == "related" { bench.press("i", "alt-1") }
        case "system", "cleanup":
            bench.press("6", "j")
            bench.engine(.diskUse(.success(CleanupPlanTests.use)))
            guard name == "cleanup" else { break }
            bench.press("C", "4", "6")
            bench.engine(.cleanup(bench.state.cleanupsAsked, .success(CleanupPlanTests.listing)))
            bench.engine(.diskUse(.success(CleanupPlanTests.use)))
        case "actions": bench.press("x", "down")
        case _ where name.hasPrefix("volume"): showVolumes(&bench, name)
        case "columns": bench.press("V", "j", "j", "space", "j")
        case "table": bench.press("z")
        case "wall": showWall(&bench)
        case "layout-side": bench.state.settings.layout = .side
        case "layout-stacked": bench.state.settings.layout = .stacked
        case "layout-shares":
            bench.state.settings.accordion = false
            bench.press("3")
        case "bulk":
            bench.press("space", "/", "w", "e", "b", "enter", ",")
            for character in "remove" { bench.send(.key(.character(character))) }
        case _ where name.hasPrefix("empty-"): showEmpty(&bench, name)
        default: showMore(&bench, name)
        }
        return bench
    }

    private static func showEmpty(_ bench: inout Bench, _ name: String) {
        bench.engine(.images([]))
        bench.engine(.volumes([]))
        bench.engine(.networks([]))
        bench.press(["empty-images": "2", "empty-volumes": "3", "empty-networks": "4"][name] ?? "5")
        bench.engine(.remembered(.success([])))
    }

    private static func showMore(_ bench: inout Bench, _ name: String) {
        func type(_ text: String) { for character in text { bench.send(.key(.character(character))) } }
        switch name {
        case "networks": bench.press("4", "j")
        case "layers":
            bench.press("2")
            bench.send(.key(.character("i")))
            for _ in 0..<4 where bench.state.tab != .history { bench.press("]") }
            let layers = [
                (12_000_000, "COPY . /app # buildkit"), (0, "ENV PORT=8080"), (74_000_000, "ADD rootfs.tar.xz /"),
            ]
            .map { size, command in
                var layer = ImageLayer()
                (layer.size, layer.createdBy, layer.created) = (size, command, Bench.start.addingTimeInterval(-9_000))
                return layer
            }
            if let selected = bench.state.selected {
                bench.engine(.inspected(selected, .success(HistoryDetail.lines(of: layers)), tab: .history))
            }
        case "files":
            bench.press("F")
            let files: [ContainerFile] = [
                .init(name: "app", kind: .folder, mode: 0o755), .init(name: "tmp", kind: .folder, mode: 0o1777),
                .init(name: "bin", kind: .link, target: "usr/bin"),
                .init(name: ".dockerenv", kind: .file, mode: 0o644, size: 0),
            ]
            bench.engine(.files(bench.state.browser?.revision ?? 0, .success(FileListing(files, way: .exec))))
        case "build-form":
            bench.press("b", "ctrl-u")
            bench.send(.paste("/srv/shop/web"))
            bench.press("tab", "tab")
            bench.send(.paste("shop/web:2.5"))
        case "connect-form": bench.press("4", "c")
        case "import-form": bench.press("2", "I")
        case "job-failed":
            showLayer(&bench, "job")
            bench.engine(
                .jobEnded(1, .failure(.failed(JobError("manifest for nginx:latest not found", notes: ["401 before"])))))
        case "search":
            bench.press("l", "/")
            type("cart/11")
            bench.scan()
        case "log-filter":
            bench.press("l", "&")
            type("cart/11")
            bench.scan()
        case "time-jump":
            bench.press("l", "@")
            type("14:0")
        case "save": bench.press("l", "ctrl-s")
        case "merged":
            bench.press("space", "space", "m")
            for (index, name) in ["api", "db"].enumerated() {
                bench.logNews(name, .opened(driver: "json-file"))
                bench.logNews(
                    name,
                    .tail(
                        .lines((0..<30).map { "\(name) line \($0)" }, from: Int64(1_000 + index * 7)), isStart: true,
                        history: []))
            }
        case "json":
            bench.press("l")
            let lines = ["info", "warn", "error"].map {
                #"{"time":"2026-03-01T14:02:00Z","level":"\#($0)","msg":"order placed","user":{"id":7},"ms":12.5}"#
            }
            bench.logNews("api", .lines(.lines(lines, from: 900)))
            bench.press("o", "o")
        case "compared":
            bench.press("space", "space", "c")
        default: break
        }
    }

    private static func showWall(_ bench: inout Bench) {
        bench.press("*", "ctrl-w", "tab")
        for name in ["api", "web-1", "web-2", "db"] {
            bench.wallLog(
                (1...60).map { "\(name): request \($0) of many\($0 % 7 == 0 ? " ERROR timeout" : "")" }, of: name)
        }
        bench.press("pgup")
    }

    /// Layers that need little to be seen.
    private static func showLayer(_ bench: inout Bench, _ name: String) {
        switch name {
        case "journal":
            bench.press("r")
            bench.engine(.actionFinished(1, .named("api"), nil), after: 1.4)
            bench.press("j", "p")
            bench.engine(.actionFinished(2, .named("db"), .conflict("the container db is not running")), after: 1)
            bench.press("J")
        case "health":
            var health = ContainerDetails.Health()
            health.status = .unhealthy
            health.failingStreak = 3
            health.log = [0, 7].map { code in
                var probe = ContainerDetails.Health.Probe()
                probe.start = Bench.start.addingTimeInterval(Double(code))
                probe.end = Bench.start.addingTimeInterval(Double(code) + 0.3)
                probe.exitCode = code
                probe.output = code == 0 ? "ok" : "curl: (7) Failed to connect to localhost port 8080"
                return probe
            }
            bench.engine(.details([.of(.make("api")) { $0.state.health = health }], missing: []))
            bench.press("H")
        case "job":
            bench.press("2", "p", "ctrl-u")
            bench.send(.paste("nginx"))
            bench.press("enter")
            bench.engine(
                .jobNews(
                    1,
                    .progress(
                        [("0123456789ab", "Pull complete", nil), ("cdef01234567", "Downloading", 512_000)].map {
                            var message = ProgressMessage()
                            (message.layer, message.status) = ($0.0, $0.1)
                            message.amount = $0.2.map { .init(current: $0, total: 1_024_000) }
                            return message
                        })), after: 2)
        case "sort": bench.press("o", "down")
        case "themes": bench.press("Y", "down")
        default: bench.press("2", "j")
        }
    }

    private static func showVolumes(_ bench: inout Bench, _ name: String) {
        bench.state.runTail = "k3x9"
        func mount(_ volume: String, _ place: String, writable: Bool = true) -> ContainerMount {
            ContainerMount(name: volume, destination: place, writable: writable)
        }
        var containers = shop + [.make("backup", .exited, "Exited (0) 2 hours ago", image: "shop/backup:1")]
        containers[0].mounts = [mount("uploads", "/srv/uploads")]
        containers[1].mounts = [mount("uploads", "/var/www/uploads", writable: false)]
        containers[2].mounts = [mount("uploads", "/var/www/uploads", writable: false)]
        containers[3].mounts = [mount("pgdata", "/var/lib/postgresql/data")]
        containers[4].mounts = [mount("uploads", "/in", writable: false), mount("backups", "/out")]
        bench.engine(.containers(containers, asked: nil))
        bench.engine(
            .volumes(
                ["pgdata", "uploads", "backups", "shop_search_data_before_the_move", ContainerID.named("x").rawValue]
                    .map { name in
                        var volume = VolumeSummary(name: name)
                        volume.driver = name == "backups" ? "nfs" : "local"
                        volume.mountpoint = "/var/lib/docker/volumes/\(name)/_data"
                        volume.created = Bench.start.addingTimeInterval(-86_400 * 30)
                        return volume
                    }))
        bench.press("3")
        var use = DiskUse()
        use.volumes = [("pgdata", 4_321_000_000), ("uploads", 55_000_000), ("backups", nil)].map {
            DiskUse.Volume(name: $0.0, size: $0.1, containers: nil, labels: [:])
        }
        bench.engine(.diskUse(.success(use)))
        switch name {
        case "volume-users": bench.press("G", "k", "]", "enter")
        case "volume-remove": bench.press("space", "space", "d")
        case "volume-form":
            bench.press("n", "c", "o", "l", "d", "down", "down")
            bench.send(.paste("type=tmpfs"))
        case "volume-files":
            bench.press("/", "m", "o", "v", "e", "enter", "F")
            bench.engine(.temporary(1, .made))
            let files: [ContainerFile] = [
                .init(name: "nodes", kind: .folder, mode: 0o755),
                .init(name: "current", kind: .link, target: "nodes/0"),
                .init(name: "segments_4", kind: .file, mode: 0o644, size: 4_200_000),
            ]
            let revision = bench.state.browser?.revision ?? 0
            bench.engine(.files(revision, .success(FileListing(files, way: .archive))))
        default: bench.press("j")
        }
    }

    /// What happens in a shop in a minute, with a while in which nobody listened.
    private static func fillEvents(_ bench: inout Bench) {
        var second = 0
        func event(_ type: String, _ action: String, _ actor: String, _ more: [String: String] = [:]) -> EngineEvent {
            second += 3
            var event = EngineEvent(type: type, action: action, actorID: actor)
            event.attributes = more
            event.timeNano = (Int64(Bench.start.timeIntervalSince1970) + Int64(second)) * 1_000_000_000 + 120_000_000
            return event
        }
        func container(_ action: String, _ name: String, _ more: [String: String] = [:]) -> EngineEvent {
            let attributes = ["name": name, "image": "shop/\(name):2.4"].merging(more) { $1 }
            return event("container", action, ContainerID.named(name).rawValue, attributes)
        }
        let web = ContainerID.named("web-1").rawValue
        bench.engine(
            .events([
                event("image", "pull", "shop/web:2.4", ["name": "shop/web"]), container("create", "web-1"),
                event("network", "connect", "n", ["container": web, "name": "shop_front", "type": "bridge"]),
                event("volume", "mount", "uploads", ["container": web, "destination": "/srv/uploads"]),
                container("start", "web-1"), container("exec_create: curl -f localhost", "web-1"),
                container("exec_die", "web-1", ["exitCode": "0"]), container("health_status: healthy", "web-1"),
            ]), after: 30)
        bench.lose(after: 5)
        bench.connect(after: 24)
        second = 62
        bench.engine(
            .events([
                container("kill", "shop_checkout_background_worker_12", ["signal": "15"]),
                container("die", "db", ["exitCode": "137", "execDuration": "4000"]), container("oom", "db"),
                container("rename", "api", ["oldName": "/old-api"]), container("destroy", "gone"),
            ]), after: 20)
    }

    /// What has to do with the selected container.
    private static func relate(_ bench: inout Bench) {
        let containers = shop.map { container in
            var container = container
            container.imageID = "sha256:\(ContainerID.named("shop/api:2.4"))"
            container.labels[LogSubject.projectLabel] = "shop"
            container.mounts = [ContainerMount(name: "uploads", destination: "/srv")]
            return container
        }
        bench.engine(.containers(containers, asked: nil))
    }

    @Test(arguments: states, [0, 1, 2, 3, 4]) func theScreenIsAsItWas(_ name: String, _ index: Int) throws {
        let (width, height) = Self.sizes[index]
        try compare(name, width, height)
    }

    @Test(arguments: laidOut.indices) func theLayoutIsAsItWas(_ index: Int) throws {
        let screen = Self.laidOut[index]
        try compare(screen.name, screen.width, screen.height)
    }

    private func compare(_ name: String, _ width: Int, _ height: Int) throws {
        var bench = Self.bench(name, width, height)
        // The second in which the sparklines find their scale.
        _ = bench.tick()
        try GoldenFile(folder: Self.folder, name: "\(name)-\(width)x\(height).txt").compare(bench.screen + "\n")
    }
}
