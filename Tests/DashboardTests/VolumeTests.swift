import Foundation
import Terminal
import Testing

@testable import Dashboard
@testable import EngineAPI

extension ContainerSummary {
    /// The same with volumes mounted: `data:/data` or `data:/data:ro`.
    fileprivate func mounting(_ mounts: String...) -> Self {
        var summary = self
        summary.mounts = mounts.map { text in
            let parts = text.split(separator: ":").map(String.init)
            return ContainerMount(name: parts[0], destination: parts[1], writable: parts.count < 3)
        }
        return summary
    }
}

extension VolumeSummary {
    fileprivate static func make(_ name: String, driver: String = "local", daysOld: Double = 3) -> VolumeSummary {
        var volume = VolumeSummary(name: name)
        volume.driver = driver
        volume.created = Bench.start.addingTimeInterval(-86_400 * daysOld)
        volume.mountpoint = "/var/lib/docker/volumes/\(name)/_data"
        return volume
    }
}

/// 64 digits, as the Engine makes them up.
private let anonymous = ContainerID.named("nobody").rawValue

private func bench(
    _ containers: [ContainerSummary] = [], _ volumes: [VolumeSummary] = [.make("data")], images: [String] = [],
    width: Int = 200, height: Int = 50
) -> Bench {
    var bench = Bench.connected(containers, width: width, height: height)
    bench.engine(.volumes(volumes))
    bench.engine(
        .images(
            images.enumerated().map { index, name in
                var image = ImageSummary(id: "sha256:\(ContainerID.named(name))")
                image.tags = [name]
                // The last is the smallest.
                image.size = 1_000_000 - index
                return image
            }))
    bench.state.runTail = "run"
    bench.press("3")
    return bench
}

extension Bench {
    fileprivate func row(_ name: String) -> String { lines.dropFirst(2).first { $0.contains(name) } ?? "" }

    fileprivate var temporaries: [TemporaryContainer] {
        state.subscriptions.compactMap { if case .temporary(_, let made, _) = $0 { made } else { nil } }
    }

    fileprivate var filePath: String? {
        for case .files(_, _, let path, _, _, _) in state.subscriptions { return path }
        return nil
    }

    fileprivate mutating func list(_ files: [ContainerFile]) {
        engine(.files(state.browser?.revision ?? -1, .success(FileListing(files, way: .archive))))
    }
}

private func job<Kind: Job>(_ kind: Kind.Type, in effects: [Effect]) -> Kind? {
    for case .startJob(_, _, let job) in effects { return job as? Kind }
    return nil
}

@Suite struct VolumePaneTests {
    @Test func whoUsesAVolumeIsSeenRunningOrNot() {
        let bench = bench(
            [
                .make("web").mounting("data:/data"), .make("old", .exited, "Exited (0)").mounting("data:/d", "cold:/c"),
                .make("api").mounting("data:/a", "data:/b"),
            ], [.make("data"), .make("cold"), .make("free"), .make(anonymous)])
        #expect(bench.row(" data ").contains("● data") && bench.row(" data ").contains("api web ○ old"))
        #expect(bench.row("◌ cold ").contains("○ old"))
        #expect(bench.row(" free ").contains("○ free") && bench.row(" free ").contains("unused"))
        // What nobody has named comes last, and short.
        #expect(bench.row("anonymous").contains("\(anonymous.prefix(12)) anonymous"))
        #expect(!bench.screen.contains(anonymous.prefix(13)))
        #expect(bench.state.rows(.volumes).last == .volume(anonymous))
    }

    @Test func ofManyUsersTheFirstStandsThereAndHowManyMore() {
        let names = (0..<30).map { "container-\($0 + 10)" }
        let bench = bench(names.map { .make($0).mounting("data:/data") }, width: 80, height: 24)
        #expect(bench.row(" data ").contains("contai") && bench.row(" data ").contains(" +29"))
        let use = bench.state.engine.use(ofVolume: "data")
        for width in 8..<60 {
            let spans = VolumeColumns.spans(of: use, bench.state.engine, width)
            let text = spans.map(\.text).joined()
            #expect(TextWidth.of(text) <= width, "\(width): \(text)")
            let named = text.split(separator: " ").filter { !$0.hasPrefix("+") }.count
            #expect(text.hasSuffix(" +\(30 - named)"), "\(width): \(text)")
        }
    }

    @Test func aSizeIsAskedForOnceAndTrueOnlyOfWhatWasMeasured() {
        var bench = bench([], [.make("data"), .make("later", daysOld: -1), .make("unknown")])
        func asked() -> Int { bench.state.subscriptions.count { if case .diskUse = $0 { true } else { false } } }
        #expect(bench.row(" data ").contains("…"))
        #expect(asked() == 1)
        var use = DiskUse()
        use.volumes = [("data", 5_000_000), ("later", 7), ("unknown", nil)].map {
            DiskUse.Volume(name: $0.0, size: $0.1, containers: 0, labels: [:])
        }
        bench.engine(.diskUse(.success(use)))
        #expect(bench.row(" data ").contains("4.77M"))
        // That one was made after the figures.
        #expect(bench.row(" later ").contains("–") && bench.row(" unknown ").contains("–"))
        #expect(bench.state.engine.volumesSize == 5_000_000)
        bench.press("1", "3")
        _ = bench.tick(120)
        #expect(asked() == 0)
        bench.engine(.volumes([.make("unknown")]))
        #expect(bench.state.engine.volumesSize == nil)
    }

    @Test func whereItIsMountedStandsInATabOfItsOwn() {
        var bench = bench([
            .make("web").mounting("data:/data", "data:/again:ro"),
            .make("old", .exited, "Exited (0)").mounting("data:/d:ro"),
            .make("other").mounting("else:/e"),
        ])
        bench.press("]")
        #expect(bench.screen.contains("Used by"))
        #expect(bench.screen.contains("2 containers mount it, 1 runs"))
        #expect(bench.row("/data (rw)").contains("● web") && bench.row("/data (rw)").contains("Up 3 hours"))
        #expect(bench.screen.contains("/again (ro)"))
        #expect(bench.row("/d (ro)").contains("old"))
        #expect(!bench.screen.contains("/e ("))
        bench.engine(.containers([.make("other").mounting("else:/e")], asked: nil))
        #expect(bench.screen.contains("No container mounts it"))
    }

    @Test func manyUsersAreScrolledThrough() {
        var bench = bench((0..<200).map { .make("c\(1_000 + $0)").mounting("data:/data") }, width: 80, height: 24)
        bench.press("]", "enter", "G")
        #expect(bench.screen.contains("c1199"))
        #expect(bench.state.inspectScroll.row > 150)
        bench.press("g")
        #expect(bench.screen.contains("200 containers mount it, 200 run"))
    }

    @Test func whatGantryMakesForItselfIsNoUseAndMarkedInTheList() {
        var temporary = ContainerSummary.make("gantry-volume-data-x", .created, "Created").mounting("data:/volume:ro")
        temporary.labels = [TemporaryContainer.label: TemporaryContainer.kind]
        var bench = bench([temporary, .make("web")])
        #expect(bench.row(" data ").contains("unused"))
        bench.press("1")
        #expect(bench.row("temporary, Gantry's own").contains("◌ gantry"))
        #expect(bench.state.engine.tally.ended == 0 && bench.state.engine.tally.running == 1)
    }
}

@Suite struct VolumeFormTests {
    private func form(_ fields: [(String, [String])], on bench: Bench) -> Form {
        var form = VolumeForm.make()
        for (id, lines) in fields { form[id] = lines }
        form.behaviour.check(&form, bench.state)
        return form
    }

    @Test func theDockerCommandGrowsWithTheForm() {
        let form = form(
            [
                ("name", ["data"]), ("driver", ["local"]),
                ("options", ["type=cifs", "device=//nas/x", "o=username=me,password=hunter2"]),
                ("labels", ["team=a b", "bare"]),
            ], on: bench())
        #expect(
            form.behaviour.command(form)
                == "docker volume create --driver local --opt device=//nas/x --opt 'o=username=me,password=******'"
                + " --opt type=cifs --label bare --label 'team=a b' data"
                || form.behaviour.command(form)
                    == "docker volume create --driver local --opt device=//nas/x --opt o=username=me,password=******"
                    + " --opt type=cifs --label bare --label 'team=a b' data"
        )
        #expect(VolumeForm.make().behaviour.command(VolumeForm.make()) == "docker volume create")
    }

    @Test(arguments: [
        ("name", ["data"], "already"), ("name", ["a/b"], "only letters"), ("name", [".a"], "begin with"),
        ("name", ["a"], "two characters"), ("name", [String(repeating: "a", count: 256)], "255"),
        ("name", ["größe"], "only letters"), ("options", ["type"], "no value"), ("options", ["=x"], "name is missing"),
        ("options", ["speed=1"], "no option speed"), ("options", ["type=tmpfs"], "add device=…"),
        ("options", ["o=size=1m"], "add type=…, device=…"), ("labels", ["=x"], "name is missing"),
        ("labels", ["a b=x"], "cannot be a name"), ("labels", ["a=1", "a=2"], "said twice"),
    ])
    func whatCannotBeIsSaidAtItsFieldAndNotSent(_ id: String, _ lines: [String], _ words: String) {
        var bench = bench()
        let form = form([(id, lines)], on: bench)
        let problem = form.firstProblem
        // “data” is there already.
        #expect(problem?.id == id && problem?.problem.message.contains(words) == true, "\(problem.debugDescription)")
        bench.state.open(form)
        let effects = bench.press("ctrl-r")
        #expect(effects.isEmpty && bench.state.form != nil && bench.state.journal.entries.isEmpty)
        #expect(bench.flash.contains(words))
    }

    @Test func aDriverOfItsOwnHasItsOwnNamesAndOptions() {
        var bench = bench()
        var info = SystemInfo()
        info.volumeDrivers = ["local", "nfs"]
        bench.engine(.described(info, roundTrip: 0))
        let form = form([("name", ["a/b"]), ("driver", ["rexray"]), ("options", ["speed=1"])], on: bench)
        #expect(form.firstProblem == nil)
        #expect(form.fields[1].note == "the Engine lists local, nfs only")
    }

    @Test func aDriverIsCompletedWithWhatTheEngineHas() {
        var bench = bench()
        var info = SystemInfo()
        info.volumeDrivers = ["local", "nfs-volumes"]
        bench.engine(.described(info, roundTrip: 0))
        bench.press("n", "down")
        for letter in "nf" { bench.press(String(letter)) }
        bench.press("tab")
        #expect(bench.state.form?["driver"] == ["nfs-volumes"])
    }

    @Test func aVolumeIsCreatedAndSelectedWhenItIsThere() throws {
        var bench = bench()
        bench.press("n")
        for letter in "cold" { bench.press(String(letter)) }
        let made = try #require(job(CreateVolumeJob.self, in: bench.press("ctrl-r")))
        #expect(made.creation == VolumeCreation(name: "cold"))
        #expect(made.docker == "docker volume create cold")
        // The form waits for it.
        #expect(bench.state.form?.working != nil)
        let effects = bench.engine(
            .jobEnded(1, .success(JobOutcome(shows: .resource(.volume("cold"))))), after: 1)
        #expect(effects.labels(bench).contains("list volumes"))
        #expect(bench.state.layers.isEmpty && bench.flash == "created volume cold in 1.0 s")
        bench.engine(.volumes([.make("cold"), .make("data")]))
        #expect(bench.state.selected == .volume("cold"))
    }

    @Test func aRefusalOfTheEngineStandsInTheForm() {
        var bench = bench()
        bench.press("n")
        for letter in "cold" { bench.press(String(letter)) }
        bench.press("ctrl-r")
        bench.engine(.jobEnded(1, .failure(.failed(JobError("plugin \"x\" not found")))))
        #expect(bench.state.form?.message == "plugin \"x\" not found")
        #expect(bench.state.form?["name"] == ["cold"])
    }

    @Test func nothingIsSentWhileTheEngineIsAway() {
        var bench = bench()
        bench.press("n")
        for letter in "cold" { bench.press(String(letter)) }
        bench.lose()
        #expect(job(CreateVolumeJob.self, in: bench.press("ctrl-r")) == nil)
        #expect(bench.flash.contains("not reachable"))
    }
}

@Suite struct VolumeRemovalTests {
    @Test func theQuestionSaysWhoUsesIt() throws {
        var bench = bench([
            .make("web").mounting("data:/data"), .make("old", .exited, "Exited (0)").mounting("data:/d"),
        ])
        bench.press("d")
        #expect(bench.question?.title == "Remove data?")
        #expect(bench.screen.contains("used by web (running), old (stopped): the Engine is going to"))
        #expect(bench.asked == "docker volume rm data")
        // The local driver has nothing to force.
        #expect(bench.question?.options.isEmpty == true)
        let removal = try #require(job(RemoveVolumesJob.self, in: bench.press("y")))
        #expect(removal.names == ["data"] && !removal.force)
        bench.engine(.jobEnded(1, .failure(.failed(JobError("it is in use by web (running)")))))
        #expect(bench.flash == "remove volume data: it is in use by web (running)")
    }

    @Test func markedOnesGoTogetherAndWithoutThoseThatWentMeanwhile() throws {
        var bench = bench(
            [.make("web").mounting("b:/b")], [.make("a"), .make("b", driver: "nfs"), .make("c"), .make("d")])
        bench.press("space", "space", "space", "d")
        #expect(bench.question?.title == "Remove 3 volumes?")
        #expect(
            bench.screen.contains("b is used by web (running)") && bench.screen.contains("all that is in them goes"))
        bench.press("f")
        #expect(bench.asked == "docker volume rm --force a b c")
        bench.engine(.volumes([.make("a"), .make("b", driver: "nfs"), .make("d")]))
        #expect(bench.asked == "docker volume rm --force a b")
        let removal = try #require(job(RemoveVolumesJob.self, in: bench.press("y")))
        #expect(removal.names == ["a", "b"] && removal.force)
        #expect(bench.state.marked.isEmpty)
        #expect(removal.changes == [.volumes])
    }

    @Test func anAnonymousVolumeIsRemovedByItsWholeName() throws {
        var bench = bench([], [.make(anonymous)])
        bench.press("d")
        #expect(bench.question?.title == "Remove \(anonymous.prefix(12))?")
        let removal = try #require(job(RemoveVolumesJob.self, in: bench.press("y")))
        #expect(removal.names == [anonymous])
        #expect(removal.title == "remove volume \(anonymous.prefix(12))")
    }

    @Test func podmanIsNotToldToForce() {
        var bench = bench([], [.make("data", driver: "nfs")])
        var version = EngineVersion(api: APIVersion(1, 41), engineAPI: APIVersion(1, 41))
        version.name = "Podman Engine"
        bench.engine(.version(version))
        bench.press("d")
        #expect(bench.question?.options.isEmpty == true)
    }
}

@Suite struct VolumeBrowserTests {
    @Test func aVolumeThatIsMountedIsSeenThroughItsContainer() {
        var bench = bench([
            .make("old", .exited, "Exited (0)").mounting("data:/old"), .make("ro").mounting("data:/ro:ro"),
            .make("web").mounting("data:/var/www/"),
        ])
        bench.press("F")
        #expect(bench.state.browser?.container == .named("web"))
        #expect(bench.filePath == "/var/www" && bench.temporaries.isEmpty)
        bench.list([.init(name: "sub", kind: .folder), .init(name: "out", kind: .link, target: "/etc/passwd")])
        #expect(bench.screen.contains("What is in data"))
        #expect(bench.screen.contains("through web, at /var/www"))
        // The volume is all there is: up leads nowhere, nor does a link that leaves it.
        bench.press("left")
        #expect(bench.filePath == nil)
        bench.press("G", "enter")
        #expect(bench.filePath == nil && bench.flash == "out leads out of the volume, to /etc/passwd")
        bench.press("g", "enter")
        #expect(bench.filePath == "/var/www/sub" && bench.state.browser?.shownPath == "/sub")
        bench.list([])
        bench.press("/", "ctrl-u")
        bench.send(.paste("../../a"))
        bench.press("enter")
        #expect(bench.filePath == "/var/www/a")
        bench.list([])
        bench.press("left")
        #expect(bench.filePath == "/var/www" && bench.state.browser?.shownPath == "/")
    }

    @Test func aPlaceWhereOtherThingsAreMountedDoesNotShowTheVolume() {
        var partly = ContainerSummary.make("part")
        partly.mounts = [
            ContainerMount(name: "data", source: "/var/lib/docker/volumes/data/_data/sub", destination: "/d")
        ]
        var bench = bench(
            [.make("nested").mounting("data:/data", "other:/data/sub"), partly], images: ["large", "small"])
        bench.press("F")
        #expect(bench.temporaries.map(\.name) == ["gantry-volume-data-run1"])
        #expect(bench.temporaries.first?.images.count == 2 && bench.temporaries.first?.imageName == "small")
    }

    private func opened(_ images: [String] = ["large", "small"]) -> Bench {
        var bench = bench(images: images)
        bench.press("F")
        return bench
    }

    @Test func aVolumeThatNobodyMountsGetsAContainerForAsLongAsOneLooks() {
        var bench = opened()
        #expect(bench.screen.contains("making a container that mounts it"))
        #expect(bench.temporaries.count == 1 && bench.filePath == nil)
        #expect(
            bench.state.journal.entries.last?.docker
                == "docker create --name gantry-volume-data-run1 --label gantry.temporary=volume-browser --network none"
                + " --mount type=volume,source=data,target=/volume,volume-nocopy,readonly small true")
        // Nothing can be done with what is not there yet.
        #expect(bench.press("r", "i", "o").isEmpty && bench.temporaries.count == 1)
        bench.state.layers = bench.state.layers.filter { if case .files = $0 { true } else { false } }
        bench.engine(.temporary(1, .made))
        #expect(bench.filePath == "/volume")
        bench.list([.init(name: "one", kind: .file)])
        #expect(bench.screen.contains("through a container made for this: gantry-volume-data-run1, of small"))
        // The Engine goes and comes back: it is the same one.
        let before = bench.temporaries
        bench.lose()
        #expect(bench.temporaries == before)
        bench.connect(after: 1)
        #expect(bench.temporaries == before)
        bench.press("esc")
        #expect(bench.temporaries.isEmpty && bench.state.layers.isEmpty)
        bench.engine(.temporary(1, .removed("gantry-volume-data-run1")))
        #expect(bench.state.journal.entries.last?.notes == ["removed gantry-volume-data-run1"])
        // The next one is another.
        bench.press("F")
        #expect(bench.temporaries.map(\.name) == ["gantry-volume-data-run2"])
    }

    @Test func whyItCouldNotBeMadeIsSaid() {
        var bench = opened()
        bench.engine(.temporary(1, .failed(.server(status: 500, message: "no space left on device"))))
        #expect(bench.screen.contains("no space left on device"))
        guard case .failed? = bench.state.journal.entries.last?.outcome else {
            Issue.record("the journal says that it was made")
            return
        }
        bench.press("r")
        #expect(bench.screen.contains("no space left on device"))
    }

    @Test func withoutAnyImageItIsSaidSo() {
        let bench = opened([])
        #expect(bench.state.layers.isEmpty && bench.temporaries.isEmpty)
        #expect(bench.flash.contains("there is no image to make one of"))
    }

    @Test func whatIsCopiedOutKeepsItsContainerUntilItIsThere() throws {
        var bench = opened()
        bench.engine(.temporary(1, .made))
        bench.list([.init(name: "one", kind: .file)])
        bench.press("o")
        #expect(bench.screen.contains("copy data:/one to"))
        let copy = try #require(job(CopyOutJob.self, in: bench.press("enter")))
        #expect(copy.path == "/volume/one" && copy.title == "copy data:/one to ./one")
        #expect(copy.docker == "docker cp gantry-volume-data-run1:/volume/one ./one")
        bench.press("esc", "esc")
        #expect(bench.state.browser == nil && bench.temporaries.count == 1)
        bench.engine(.jobEnded(2, .success(JobOutcome())))
        #expect(bench.temporaries.isEmpty)
    }

    @Test func whatIsCopiedInGoesThroughOneThatCanWrite() throws {
        var bench = opened()
        bench.engine(.temporary(1, .made))
        bench.list([.init(name: "sub", kind: .folder)])
        bench.press("enter")
        bench.list([])
        bench.press("i")
        bench.send(.paste("/tmp/file"))
        let copy = try #require(job(CopyIntoVolumeJob.self, in: bench.press("enter")))
        #expect(copy.temporary.isWritable && copy.temporary.name == "gantry-volume-data-run2" && copy.folder == "/sub")
        #expect(copy.title == "copy /tmp/file to data:/sub")
        #expect(copy.docker == "docker cp -L /tmp/file gantry-volume-data-run2:/volume/sub")
        let before = bench.state.browser?.revision
        bench.engine(.jobEnded(2, .success(JobOutcome())))
        #expect(bench.state.browser?.revision != before)
    }

    @Test func aContainerThatMayOnlyReadIsNoWayIn() throws {
        var bench = bench([.make("web").mounting("data:/d:ro")], images: ["small"])
        bench.press("F")
        bench.list([])
        bench.press("i")
        bench.send(.paste("/tmp/file"))
        #expect(job(CopyIntoVolumeJob.self, in: bench.press("enter")) != nil)
        var other = writable()
        let copy = try #require(job(CopyInJob.self, in: other.press("enter")))
        #expect(copy.container == .named("web") && copy.folder == "/d" && copy.title == "copy /tmp/file to data:/")
    }

    private func writable() -> Bench {
        var bench = bench([.make("web").mounting("data:/d")], images: ["small"])
        bench.press("F")
        bench.list([])
        bench.press("i")
        bench.send(.paste("/tmp/file"))
        return bench
    }
}

@Suite struct LeftoverTests {
    private func leftover(_ name: String, owner: String = "h b p 1 2") -> ContainerSummary {
        var summary = ContainerSummary.make(name, .created, "Created")
        summary.labels = [
            TemporaryContainer.label: TemporaryContainer.kind, TemporaryContainer.ownerLabel: owner,
            TemporaryContainer.volumeLabel: "data",
        ]
        return summary
    }

    @Test func whatWasLeftBehindIsOfferedOnceAfterEachConnection() {
        var bench = Bench(width: 100)
        bench.connect()
        let all = [leftover("gantry-volume-data-1"), .make("web")]
        #expect(
            bench.engine(.containers(all, asked: nil)).labels(bench).contains("find owners of [gantry-volume-data-1]"))
        #expect(!bench.engine(.containers(all, asked: nil)).labels(bench).contains { $0.hasPrefix("find owners") })
        bench.engine(.leftBehind([.named("gantry-volume-data-1")]))
        #expect(bench.question?.title == "Remove gantry-volume-data-1?")
        #expect(bench.screen.contains("left behind"))
        #expect(bench.asked == "docker rm --force --volumes gantry-volume-data-1")
        let effects = bench.press("y")
        guard case .act(_, _, .named("gantry-volume-data-1"), .remove(force: true, volumes: true))? = effects.first
        else {
            Issue.record("it was not removed: \(effects.labels(bench))")
            return
        }
        bench.lose()
        bench.connect(after: 1)
        #expect(
            bench.engine(.containers(all, asked: nil)).labels(bench).contains("find owners of [gantry-volume-data-1]"))
    }

    @Test func whoIsBusyIsNotAsked() {
        var bench = Bench(width: 100)
        bench.connect()
        bench.engine(.containers([leftover("gantry-volume-data-1")], asked: nil))
        bench.press("?")
        bench.engine(.leftBehind([.named("gantry-volume-data-1")]))
        #expect(bench.question == nil && bench.flash.contains("was left behind"))
    }

    @Test func whatIsGoneMeanwhileIsNotOffered() {
        var bench = Bench(width: 100)
        bench.connect()
        bench.engine(.containers([.make("web")], asked: nil))
        bench.engine(.leftBehind([.named("gantry-volume-data-1")]))
        #expect(bench.state.layers.isEmpty)
    }

    // MARK: Owners

    @Test func anOwnerIsFoundAgainInItsLabel() throws {
        let own = TemporaryOwner.own
        #expect(TemporaryOwner(label: own.label) == own)
        #expect(own.life(created: Date(), now: Date()) == .own)
        for label in ["", "a", "a b c d e", "a b c -1 e", "a b c 1 e f"] {
            #expect(TemporaryOwner(label: label) == nil)
        }
    }

    @Test func whoRunsAndWhoHasEndedIsKnownOnThisMachine() throws {
        let own = TemporaryOwner.own
        func other(_ process: Int, start: String) -> TemporaryOwner {
            TemporaryOwner(host: own.host, boot: own.boot, space: own.space, process: process, start: start)
        }
        let now = Date()
        var child = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
        defer { for word in words { free(word) } }
        try #require(posix_spawnp(&child, "sleep", nil, nil, &words, environ) == 0)
        let id = Int(child)
        let stat = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        let start = String(stat.split(separator: ")").last!.split(separator: " ")[19])
        #expect(other(id, start: start).life(created: now, now: now) == .running)
        // Its number was another's before.
        #expect(other(id, start: "1").life(created: now, now: now) == .gone)
        kill(child, SIGKILL)
        var status: Int32 = 0
        waitpid(child, &status, 0)
        #expect(other(id, start: start).life(created: now, now: now) == .gone)
        // The same number in another run of this program is another one.
        #expect(other(own.process, start: "1").life(created: now, now: now) == .gone)
    }

    @Test func whoRunsElsewhereIsBelievedForHalfADay() {
        let own = TemporaryOwner.own
        let now = Date()
        let elsewhere = TemporaryOwner(host: "other", boot: "b", space: own.space, process: 1, start: "1")
        #expect(elsewhere.life(created: now.addingTimeInterval(-3_600), now: now) == .elsewhere)
        #expect(elsewhere.life(created: now.addingTimeInterval(-13 * 3_600), now: now) == .gone)
        let inside = TemporaryOwner(host: "x", boot: own.boot, space: "pid:[1]", process: 1, start: "1")
        #expect(inside.life(created: now, now: now) == .elsewhere)
        // This machine has been started since.
        let before = TemporaryOwner(host: own.host, boot: "old", space: own.space, process: 1, start: "1")
        #expect(before.life(created: Date(timeIntervalSince1970: 1_000), now: now) == .gone)
        #expect(before.life(created: now, now: now) == .elsewhere)
    }

    @Test(arguments: [
        ("data", "data"), ("a/b c", "a-b-c"), ("größe", "gr--e"), (anonymous, String(anonymous.prefix(12))),
        (String(repeating: "x", count: 90), String(repeating: "x", count: 40)),
    ])
    func itsNameIsOneThatTheEngineTakes(_ volume: String, _ middle: String) {
        #expect(TemporaryContainer(volume: volume, tail: "t1", images: []).name == "gantry-volume-\(middle)-t1")
    }
}
