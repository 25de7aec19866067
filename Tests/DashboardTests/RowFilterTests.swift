import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct RowFilterTests {
    /// A shop with what filters ask for.
    private func shop() -> Bench {
        var db = ContainerSummary.make("db", image: "postgres:16")
        db.labels = [LogSubject.projectLabel: "shop", "tier": "data"]
        db.networks = ["back"]
        db.mounts = [ContainerMount(name: "pgdata", destination: "/var/lib/postgresql/data")]
        var web = ContainerSummary.make("web-1", image: "shop/web:2.4")
        web.labels = [LogSubject.projectLabel: "shop", "tier": "front"]
        var sick = ContainerSummary.make("web-2", .running, "Up 3 hours (unhealthy)", image: "shop/web:2.4")
        sick.labels = ["note": "a b"]
        var old = ContainerSummary.make("old", .exited, "Exited (137) 2 hours ago", image: "busybox")
        old.created = Bench.start.addingTimeInterval(-40 * 86_400)
        return Bench.connected([db, web, sick, old, .make("still", .paused, "Up 2 days (Paused)")], details: false)
    }

    private func names(_ text: String, _ bench: Bench, _ kind: PaneKind = .containers) -> [String] {
        var filter = RowFilter(text, kind)
        let (engine, look) = (bench.state.engine, bench.state.filterLook)
        return Pane.of(kind).rows(engine).filter { filter.lets($0, look) }.map { Pane.of(kind).name($0, engine) }
    }

    @Test(arguments: [
        ("web", ["web-1", "web-2"]), ("WEB 1", ["web-1"]), ("name:web", ["web-1", "web-2"]), ("name=web", []),
        ("name=web-1", ["web-1"]), ("image:postgres", ["db"]), ("state:running", ["db", "web-1", "web-2"]),
        ("state:run", ["db", "web-1", "web-2"]), ("state=run", ["db", "old", "still", "web-1", "web-2"]),
        ("-state:running", ["old", "still"]),
        ("!state:running !paused", ["old"]), ("health:unhealthy", ["web-2"]),
        ("health:none", ["db", "old", "still", "web-1"]), ("project:shop", ["db", "web-1"]),
        ("label:tier", ["db", "web-1"]), ("label:tier=data", ["db"]), ("label:tier=dat", []),
        ("label:\"note=a b\"", ["web-2"]), ("network:back", ["db"]), ("volume:pgdata", ["db"]),
        ("volume:/var/lib", ["db"]), ("exit:137", ["old"]), ("exit>0", ["old"]), ("age>30d", ["old"]),
        ("age<30d -web", ["db", "still"]), ("\"3 hours\"", ["db", "web-1", "web-2"]), ("-\"3 hours\" old", ["old"]),
        ("trouble:yes", ["old", "web-2"]), ("", ["db", "old", "still", "web-1", "web-2"]),
        // What is not typed to its end hides nothing.
        ("state:", ["db", "old", "still", "web-1", "web-2"]), ("cpu>", ["db", "old", "still", "web-1", "web-2"]),
        ("\"", ["db", "old", "still", "web-1", "web-2"]), ("name:\"", ["db", "old", "still", "web-1", "web-2"]),
        // What is no field is a text.
        ("postgres:16", ["db"]), ("-postgres:16 db", []), ("8080", ["db", "old", "still", "web-1", "web-2"]),
    ]) func rowsAreFound(_ text: String, _ expected: [String]) {
        var bench = shop()
        _ = bench.tick()
        let found = text == "8080" ? names("port:8080", bench) : names(text, bench)
        #expect(found == expected, "\(text)")
    }

    @Test func figuresAreCompared() {
        var bench = shop()
        for name in ["db", "web-1"] { bench.stats(name, count: 3) }
        func usage(_ name: String) -> Usage { bench.container(name)!.usage.latest! }
        let middle = (usage("db").memory + usage("web-1").memory) / 2
        let larger = usage("db").memory > middle ? "db" : "web-1"
        #expect(names("mem>\(Int(middle))", bench) == [larger])
        #expect(names("mem<\(Int(middle))", bench) == [larger == "db" ? "web-1" : "db"])
        #expect(names("cpu>=0", bench) == ["db", "web-1"])
        #expect(names("cpu:>=0", bench) == ["db", "web-1"])
        // What has no figure is neither above nor below.
        #expect(names("cpu<1000000", bench) == ["db", "web-1"])
        #expect(names("-cpu>=0", bench) == ["old", "still", "web-2"])
        let cpu = usage("db").cpu!
        bench.state.settings.cpuOfHost = true
        #expect(names("name:db cpu>\(cpu / 8 - 0.01) cpu<\(cpu / 8 + 0.01)", bench) == ["db"])
    }

    @Test(arguments: [
        ("1", 1.0), ("1K", 1_024), ("1.5kb", 1_536), ("500M", 524_288_000), ("2GiB", 2_147_483_648),
        ("1T", 1_099_511_627_776),
    ]) func bytesHaveUnits(_ text: String, _ bytes: Double) {
        #expect(FilterField.Unit.bytes.number(text.lowercased()) == bytes)
    }

    @Test func timesAndPercentHaveUnits() {
        #expect(FilterField.Unit.seconds.number("2h") == 7_200)
        #expect(FilterField.Unit.seconds.number("1w") == 604_800)
        #expect(FilterField.Unit.percent.number("50%") == 50)
        for wrong in ["", "m", "5x", "1.2.3", "-1", "1mbb", "1bib"] {
            #expect(FilterField.Unit.bytes.number(wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: [
        ("cpu>lots", "cpu takes percent: cpu>50"), ("mem>5x", "mem takes bytes: mem>500M"),
        ("health:bad", "health is healthy, unhealthy, starting or none"), ("name>5", "name is no figure: name:5"),
        ("state>5", "state is no figure: state:running"), ("age>soon", "age takes a time: age>2h, age<7d"),
    ]) func wrongValuesAreNamed(_ text: String, _ problem: String) {
        #expect(RowFilter(text, .containers).problems == [.wrongValue(problem)])
    }

    @Test func unknownFieldsAreNamed() {
        #expect(RowFilter("colour:red web", .containers).problems == [.unknownField("colour", word: "colour:red")])
        #expect(RowFilter("cpu>5", .images).problems == [.unknownField("cpu", word: "cpu>5")])
        // What is no name of a field is a text.
        for text in ["0.0.0.0:80", "http://a", "exec_create:", "\"colour:red\"", "sha256:4f"] where text != "http://a" {
            #expect(RowFilter(text, .containers).problems.isEmpty, "\(text)")
        }
    }

    @Test func everyFieldOfEveryPaneIsAskedFor() {
        let bench = Bench.related()
        let (engine, look) = (bench.state.engine, bench.state.filterLook)
        for kind in PaneKind.allCases {
            let names = FilterField.all(kind).map(\.name)
            #expect(Set(names).count == names.count, "\(kind)")
            for field in FilterField.all(kind) {
                let value = if case .word(let words, _) = field.kind { words[0] } else { "1" }
                let text = "\(field.beginning)\(value)"
                var filter = RowFilter(text, kind)
                #expect(filter.problems.isEmpty, "\(kind) \(text)")
                #expect(!filter.isEmpty)
                for row in Pane.of(kind).rows(engine) { _ = filter.lets(row, look) }
            }
        }
    }

    @Test func imagesVolumesAndNetworksHaveFieldsOfTheirOwn() {
        var bench = Bench.related()
        #expect(names("used:no", bench, .images).allSatisfy { !bench.state.engine.namesUsing(image: $0).contains("x") })
        let (used, unused) = (names("used:yes", bench, .images), names("used:no", bench, .images))
        #expect(!used.isEmpty && Set(used).isDisjoint(with: unused))
        #expect(used.count + unused.count == bench.state.engine.images.items.count)
        var small = ImageSummary(id: "sha256:1")
        (small.tags, small.size) = (["small:1"], 1 << 20)
        var large = ImageSummary(id: "sha256:2")
        (large.tags, large.size) = ([], 3 << 30)
        bench.engine(.images([small, large]))
        #expect(names("size>1G", bench, .images).count == 1)
        #expect(names("size<=1M", bench, .images) == ["small:1"])
        #expect(names("dangling:no", bench, .images) == ["small:1"])
        var nfs = VolumeSummary(name: "share")
        nfs.driver = "nfs"
        bench.engine(.volumes([nfs, VolumeSummary(name: String(repeating: "a", count: 64))]))
        #expect(names("driver:nfs", bench, .volumes) == ["share"])
        #expect(names("anonymous:no", bench, .volumes) == ["share"])
        var back = NetworkSummary(id: "n", name: "back")
        (back.driver, back.internal, back.subnets) = ("bridge", true, ["10.9.0.0/16"])
        bench.engine(.networks([back]))
        #expect(names("internal:yes subnet:10.9 driver:bridge", bench, .networks) == ["back"])
    }

    // MARK: In the list

    @Test func aFilterThatIsWrongLeavesTheOneBefore() {
        var bench = shop()
        bench.type("/state:running")
        #expect(bench.state.rows(.containers).count == 3)
        bench.type(" cpu>lots")
        #expect(bench.screen.contains("cpu takes percent: cpu>50"))
        // What held before the value went wrong: a field that nothing follows.
        #expect(bench.state[list: .containers].filter == "state:running cpu>")
        bench.press("enter")
        #expect(bench.state.layers.count == 1)
        bench.press("ctrl-w", "enter")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state[list: .containers].filter == "state:running ")
    }

    @Test func anUnknownFieldIsNamedUnlessARowHasItAsText() {
        var bench = shop()
        bench.type("/colour:red")
        #expect(bench.screen.contains("there is no field colour"))
        #expect(bench.state[list: .containers].filter == "colour")
        bench.press("ctrl-u")
        bench.type("postgres:16")
        #expect(!bench.screen.contains("there is no field"))
        #expect(bench.state.rows(.containers).count == 1)
    }

    @Test func fieldsAndValuesAreCompleted() {
        var bench = shop()
        bench.type("/sta")
        #expect(bench.screen.contains("/state:"))
        bench.press("tab")
        #expect(bench.prompt?.text == "state:")
        bench.press("right")
        // What may follow is shown, the first of it as what is typed next.
        #expect(bench.prompt?.text == "state:running")
        bench.type(" project:s")
        bench.press("tab")
        #expect(bench.prompt?.text == "state:running project:shop")
        #expect(bench.state.rows(.containers).count == 2)
        bench.type(" label:ti")
        bench.press("tab")
        #expect(bench.prompt?.text == "state:running project:shop label:tier")
        bench.type("=")
        bench.press("tab")
        #expect(bench.prompt?.text == "state:running project:shop label:tier=data")
        bench.press("tab")
        #expect(bench.prompt?.text == "state:running project:shop label:tier=front")
        bench.press("tab")
        #expect(bench.prompt?.text == "state:running project:shop label:tier=data")
        bench.press("shift-tab", "enter")
        #expect(bench.selected == "web-1")
        bench.press("/", "ctrl-u")
        bench.type("xyz")
        bench.press("tab")
        #expect(bench.screen.contains("nothing completes that"))
    }

    @Test func everyFieldOfThePaneIsOfferedToWhoHasTypedNothing() {
        var bench = shop()
        for kind in PaneKind.allCases {
            bench.press(String(Pane.of(kind).key), "/")
            #expect(bench.prompt?.completions == FilterField.all(kind).map(\.beginning))
            bench.press("esc")
        }
    }

    @Test func whatIsCompletedIsBoundedAndCanBeShown() {
        var names = (0..<10_000).map { "c\(10_000 + $0)" }
        names[0] = "evil\u{1B}[2J"
        let bench = Bench.connected(names.map { .make($0) }, details: false)
        let completions = bench.state.completions(ofFilter: "name:")
        #expect(completions.count == 200)
        #expect(completions.allSatisfy { !$0.contains("evil") })
    }

    @Test func figuresMoveRowsOnlyEveryTwoSeconds() {
        var bench = shop()
        _ = bench.tick()
        bench.press("/")
        bench.type("cpu>0")
        bench.press("enter")
        #expect(bench.state.rows(.containers).isEmpty)
        // The first look is due at once, the next ones are not.
        _ = bench.tick(2)
        bench.stats("db", count: 3)
        bench.stats("web-1", count: 3)
        #expect(bench.state.rows(.containers).isEmpty)
        _ = bench.tick(1)
        #expect(bench.state.rows(.containers).isEmpty)
        // Not even when the list is found anew for another reason.
        bench.engine(.containers([.make("db", image: "postgres:17")], asked: [.named("db")]))
        #expect(bench.state.rows(.containers).isEmpty)
        _ = bench.tick(1)
        #expect(bench.state.rows(.containers).count == 2)
    }

    @Test func whoUsesAnImageIsKnownWhenContainersComeAndGo() {
        var bench = Bench.related()
        bench.press("2", "/")
        bench.type("used:no")
        bench.press("enter")
        let before = bench.state.rows(.images).count
        bench.engine(.containers([], asked: nil))
        #expect(bench.state.rows(.images).count > before)
        #expect(bench.state.rows(.images).count == bench.state.engine.images.items.count)
    }

    // MARK: Saved ones

    @Test func filtersAreSavedAndRecalled() {
        var bench = shop()
        bench.press("/", "ctrl-s")
        #expect(bench.screen.contains("nothing to save"))
        bench.press("ctrl-r")
        #expect(bench.screen.contains("none saved"))
        bench.type("state:running")
        bench.press("ctrl-s")
        #expect(bench.screen.contains("saved: Ctrl-r has it"))
        #expect(bench.state.remembered.filters == ["containers state:running"])
        bench.press("ctrl-u", "ctrl-r")
        #expect(bench.screen.contains("Filters"))
        bench.press("enter")
        #expect(bench.prompt?.text == "state:running")
        #expect(bench.state.rows(.containers).count == 3)
        bench.press("ctrl-s")
        #expect(bench.state.remembered.filters.isEmpty)
        for number in 0..<100 { _ = bench.state.save(filter: "\(number)", in: .images) }
        #expect(bench.state.remembered.filters.count == State.mostFilters)
    }

    @Test func thoseOfTheConfigurationAreOfferedWhereTheyMeanSomething() {
        var bench = shop()
        bench.state.settings.filters = ["busy": "cpu>50", "ours": "name:web", "broken": "cpu>lots"]
        #expect(bench.state.savedFilters(.containers).map(\.title) == ["busy", "ours"])
        #expect(bench.state.savedFilters(.images).map(\.title) == ["ours"])
        bench.press("/", "ctrl-r", "down", "enter", "enter")
        #expect(bench.state[list: .containers].filter == "name:web")
        bench.press("esc", ":")
        bench.type("ours")
        bench.press("enter")
        #expect(bench.state[list: .containers].filter == "name:web")
        #expect(bench.state.remembered.recent == ["filter:name:web"])
    }
}

extension Bench {
    var list: ChoiceList? { state.layers.last?.list }
}
