import EngineAPI
import Foundation
import Terminal
import Testing

@testable import Dashboard

@Suite struct JobTests {
    private func images() -> Bench {
        var bench = Bench.connected([.make("web")])
        var api = ImageSummary(id: "sha256:aa")
        api.tags = ["shop/api:2.4", "localhost:5000/api:2.4"]
        bench.engine(.images([api, ImageSummary(id: "sha256:" + String(repeating: "b", count: 64))]))
        bench.press("2")
        return bench
    }

    private func message(
        _ status: String, layer: String? = nil, _ current: Int? = nil, of total: Int? = nil, output: String = ""
    ) -> ProgressMessage {
        var message = ProgressMessage()
        message.status = status
        message.layer = layer
        message.amount = current.map { .init(current: $0, total: total) }
        message.output = output
        return message
    }

    @discardableResult
    private func type(_ text: String, _ bench: inout Bench) -> [Effect] {
        bench.press("ctrl-u")
        bench.send(.paste(text))
        return bench.press("enter")
    }

    @Test func aPullIsWatchedLayerByLayerAndItsImageIsSelected() {
        var bench = images()
        bench.press("p")
        #expect(bench.screen.contains("docker pull shop/api:2.4"))
        #expect(type("nginx", &bench).labels(bench) == ["docker pull nginx"])
        bench.engine(
            .jobNews(
                1,
                .progress([
                    message("Pulling from library/nginx", layer: "latest"),
                    message("Pull complete", layer: "0123456789ab"),
                    message("Downloading", layer: "cdef01234567", 512_000, of: 1_024_000),
                ])))
        #expect(bench.screen.contains("1 of 2 layers"))
        #expect(bench.screen.contains("cdef01234567  Downloading"))
        #expect(bench.screen.contains("500K of 0.98M"))
        let effects = bench.engine(
            .jobEnded(1, .success(JobOutcome(notes: ["Digest: x"], shows: .image(named: "nginx")))), after: 2)
        #expect(effects.labels(bench).contains("list images"))
        #expect(bench.flash == "pulled nginx in 2.0 s")
        #expect(bench.state.layers.isEmpty)
        #expect(bench.state.journal.entries.last?.docker == "docker pull nginx")
        #expect(bench.state.journal.entries.last?.notes == ["Digest: x"])
        var nginx = ImageSummary(id: "sha256:cc")
        nginx.tags = ["nginx:latest"]
        bench.engine(.images([nginx] + bench.state.engine.images.items))
        #expect(bench.state.selected == .image("sha256:cc"))
    }

    @Test func aKeyOfAnotherPaneSaysWhichOne() {
        var bench = images()
        bench.press("3", "t")
        #expect(bench.flash == "t is for containers, images and events: 1, 2 or 5 shows them")
        bench.press("X")
        #expect(bench.flash == "X is for containers: 1 shows them")
        bench.press("f5")
        #expect(bench.flash == "F5 does nothing here: ? lists the keys")
    }

    @Test func whoHasGoneOnIsNotMovedByWhatArrives() {
        var bench = images()
        bench.press("p")
        type("nginx", &bench)
        bench.press("esc", "1")
        #expect(bench.screen.contains("pull nginx · W shows it"))
        bench.engine(.jobEnded(1, .success(JobOutcome(shows: .image(named: "nginx")))))
        var nginx = ImageSummary(id: "sha256:cc")
        nginx.tags = ["nginx:latest"]
        bench.engine(.images([nginx]))
        #expect(bench.state.pane == .containers)
        #expect(bench.selected == "web")
    }

    @Test func aJobThatIsHiddenGoesOnAndIsFoundAgain() {
        var bench = images()
        bench.press("p")
        type("nginx", &bench)
        bench.press("esc")
        #expect(bench.flash == "pull nginx goes on: W shows it")
        bench.press("W")
        #expect(bench.screen.contains("docker pull nginx"))
        #expect(bench.press("c").labels(bench) == ["cancel 1"])
        #expect(bench.screen.contains("cancelling"))
        // Once is enough, and it is not over before it is over.
        #expect(bench.state.jobs.filter(\.isRunning).count == 1)
        bench.engine(.jobEnded(1, .failure(.cancelled)))
        #expect(bench.flash == "pull nginx: cancelled")
        #expect(bench.screen.contains("cancelled after"))
        bench.press("esc")
        #expect(bench.state.layers.isEmpty)
    }

    @Test func whatFailsSaysWhyAndKeepsWhatWasPrinted() {
        var bench = images()
        bench.press("p")
        type("nginx", &bench)
        let lines = (1...9).map { "line \($0)\n" }.joined()
        bench.engine(.jobNews(1, .progress([message("", output: "Step 1/2 : RUN false\n" + lines)])))
        bench.engine(.jobEnded(1, .failure(.failed(JobError("no \u{1B}[31mroute", notes: ["more"])))))
        #expect(bench.flash == "pull nginx: no ␛[31mroute")
        #expect(bench.screen.contains("✕ Step 1/2 : RUN false") || bench.screen.contains("line 9"))
        #expect(!bench.screen.contains("\u{1B}"))
        let entry = bench.state.journal.entries.last
        #expect(entry?.notes.first == "more")
        #expect(entry?.notes.last == "line 9")
    }

    @Test func whatHelpsIsOffered() {
        var bench = images()
        bench.press("d", "y")
        let again = RemoveImagesJob(names: ["shop/api:2.4"], force: true)
        bench.engine(
            .jobEnded(
                1,
                .failure(
                    .failed(
                        JobError(
                            "must force",
                            offer: .init(verb: "remove with force", noun: "shop/api:2.4", job: again))))))
        #expect(bench.asked == "docker rmi --force shop/api:2.4")
        #expect(bench.screen.contains("must force"))
        #expect(bench.press("y").labels(bench) == ["docker rmi --force shop/api:2.4"])
    }

    @Test func quittingAsksWhileAJobRunsAndWaitsForItsEnd() {
        var bench = images()
        bench.press("p")
        type("nginx", &bench)
        bench.press("esc", "q")
        #expect(bench.screen.contains("Quit gantry?"))
        #expect(bench.screen.contains("pull nginx"))
        bench.press("n")
        #expect(!bench.state.quitting)
        #expect(bench.press("ctrl-c", "y").labels(bench) == ["cancel 1"])
        #expect(!bench.state.quitting)
        bench.engine(.jobEnded(1, .failure(.cancelled)))
        #expect(bench.state.quitting)
    }

    @Test func aJobThatDoesNotEndKeepsNobody() {
        var bench = images()
        bench.press("p")
        type("nginx", &bench)
        bench.press("ctrl-c", "ctrl-c")
        #expect(!bench.state.quitting)
        _ = bench.tick(2)
        #expect(!bench.state.quitting)
        _ = bench.tick(2)
        #expect(bench.state.quitting)
    }

    @Test func outputIsBoundedAndSaysWhatWasDropped() {
        var progress = JobProgress()
        for index in 0..<(JobProgress.mostLines + 10) {
            progress.take(.progress([message("", output: "line \(index)\n")]))
        }
        #expect(progress.output.count == JobProgress.mostLines)
        #expect(progress.droppedLines == 10)
        progress.take(.progress([message("", output: "par"), message("", output: "tial\rover")]))
        #expect(progress.output.last == "over")
        progress.take(.progress([message("", output: "\n\nnext")]))
        #expect(progress.output.last == "next")
        progress.take(.progress([message("", output: String(repeating: "x", count: 100_000))]))
        #expect(progress.output.last?.count == JobProgress.longestLine)
        for index in 0..<1_000 {
            let id = String(index + 0x1_0000_0000_0000, radix: 16).suffix(12)
            progress.take(.progress([message("Waiting", layer: String(id))]))
        }
        #expect(progress.layers.count == JobProgress.mostLayers)
    }

    @Test func endedJobsAreBounded() {
        var bench = images()
        for number in 1...(RunningJob.bound + 15) {
            bench.press("p")
            type("nginx", &bench)
            bench.engine(.jobEnded(number, .success(JobOutcome())))
        }
        #expect(bench.state.jobs.count == RunningJob.bound)
        bench.press("W")
        #expect(bench.screen.contains("Jobs"))
        bench.press("enter")
        #expect(bench.screen.contains("✓ pulled nginx"))
    }

    @Test func imagesAreRemovedByNameAndOneNameCanBeChosen() {
        var bench = images()
        bench.press("d")
        // One name, unless a person wants them all.
        #expect(bench.asked == "docker rmi shop/api:2.4")
        bench.press("left")
        #expect(bench.asked == "docker rmi shop/api:2.4 localhost:5000/api:2.4")
        bench.press("right", "right", "f")
        #expect(bench.asked == "docker rmi --force localhost:5000/api:2.4")
        bench.press("n", "*", "d")
        #expect(bench.asked == "docker rmi shop/api:2.4 localhost:5000/api:2.4 bbbbbbbbbbbb")
        #expect(bench.screen.contains("Remove 2 images?"))
    }

    @Test func aTagIsCheckedWhileItIsTyped() {
        var bench = images()
        bench.press("t", "ctrl-u")
        bench.send(.paste("Shop/API"))
        #expect(bench.screen.contains("only small letters"))
        #expect(bench.press("enter").isEmpty)
        bench.press("ctrl-u")
        bench.send(.paste("shop/api:new"))
        #expect(bench.press("enter").labels(bench) == ["docker tag shop/api:2.4 shop/api:new"])
    }

    @Test func aPushSaysWhereTo() {
        var bench = images()
        bench.press("u")
        #expect(bench.screen.contains("to Docker Hub, localhost:5000"))
        bench.press("right")
        #expect(bench.asked == "docker push localhost:5000/api:2.4")
        #expect(bench.press("y").labels(bench) == ["docker push localhost:5000/api:2.4"])
        bench.press("esc", "j", "u")
        #expect(bench.flash == "the image has no name to be pushed under: t gives it one")
    }

    @Test func anImportIsCheckedAtItsFields() {
        var bench = images()
        bench.press("I", "ctrl-r")
        #expect(bench.screen.contains("which file?"))
        bench.send(.paste("rootfs.tar"))
        bench.press("tab")
        bench.send(.paste("Bad Name"))
        #expect(bench.screen.contains("only small letters"))
        bench.press("ctrl-u")
        bench.send(.paste("base:1"))
        bench.press("tab", "tab")
        bench.send(.paste("RUN x"))
        #expect(bench.press("ctrl-r").isEmpty)
        #expect(bench.screen.contains("“RUN” cannot be changed"))
        bench.press("ctrl-u")
        bench.send(.paste("CMD sh"))
        #expect(bench.press("ctrl-r").labels(bench) == ["docker import --change 'CMD sh' rootfs.tar base:1"])
        bench.engine(.jobEnded(1, .failure(.failed(JobError("no such file")))))
        #expect(bench.state.form?.message == "no such file")
        #expect(bench.state.form?["name"] == ["base:1"])
    }

    @Test func theHistoryIsShownAsLayers() {
        var bench = images()
        let subscriptions = { (bench: Bench) in
            bench.state.subscriptions.contains {
                if case .inspect(_, .image("sha256:aa"), _, .history) = $0 { true } else { false }
            }
        }
        bench.press("l")
        #expect(subscriptions(bench))
        var run = ImageLayer()
        run.createdBy = "/bin/sh -c apk add curl"
        run.size = 3 << 20
        run.created = Date(timeIntervalSince1970: 1_772_373_727)
        var command = ImageLayer()
        command.createdBy = "/bin/sh -c #(nop)  CMD [\"sh\"]"
        let lines = HistoryDetail.lines(of: [command, run])
        bench.engine(.inspected(.image("sha256:aa"), .success(lines), tab: .history))
        #expect(bench.screen.contains("1 layer, 3.00M; 1 without content"))
        #expect(bench.screen.contains("100 %  2026-03-01  RUN apk add curl"))
        #expect(bench.screen.contains("CMD [\"sh\"]"))
    }

    @Test(
        arguments: [
            ("nginx", nil), ("localhost:5000/a/b:1.2", nil), ("a__b/c-d.e:_x", nil), ("A/b", "only small letters"),
            ("a//b", "nothing between"), ("a:", "a tag is missing"), ("a:-b", "no tag"), ("-a", "begins and ends"),
            ("a b", "only letters"), ("a@sha256:12", "no digest"),
            ("a@sha256:\(String(repeating: "0", count: 64))", nil), ("", "missing"),
        ] as [(String, String?)]) func namesOfImagesAreChecked(_ name: String, _ problem: String?)
    {
        let found = ImageReference(name).problem
        if let problem {
            #expect(found?.contains(problem) == true, "\(name): \(found ?? "nothing")")
        } else {
            #expect(found == nil)
        }
    }

    @Test(arguments: [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_772_373_727, "2026-03-01")])
    func daysAreRight(_ seconds: Int, _ day: String) {
        #expect(Units.day(Date(timeIntervalSince1970: Double(seconds) + 1)) == day)
    }
}

@Suite struct FileWritingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gantry-\(UUID())").path

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }

    @Test func aFileHasItsNameOnlyWhenItIsWhole() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var file = try FileWriting("\(folder)/x.tar", replaces: false)
        try file.write(Array("abc".utf8))
        #expect(files == ["x.tar.\(getpid()).part"])
        try file.finish()
        #expect(files == ["x.tar"])
        #expect(throws: FileIsThere.self) { _ = try FileWriting("\(folder)/x.tar", replaces: false) }
        file = try FileWriting("\(folder)/x.tar", replaces: true)
        // Two at once do not get into each other's way.
        #expect(throws: JobError.self) { _ = try FileWriting("\(folder)/x.tar", replaces: true) }
        file.abandon()
        #expect(files == ["x.tar"])
        #expect(FileManager.default.contents(atPath: "\(folder)/x.tar") == Data("abc".utf8))
    }

    @Test func whatCannotBeWrittenIsNamed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: JobError.self) { _ = try FileWriting("\(folder)/none/x", replaces: false) }
        #expect(error?.message == "\(folder)/none/x cannot be written: no such file or directory")
        // A disk that is full.
        var file = FileWriting(
            open("/dev/full", O_WRONLY), to: "\(folder)/full", under: "\(folder)/full.part")
        let full = #expect(throws: JobError.self) { try file.write(Array(repeating: 0, count: 10_000)) }
        #expect(full?.message.hasSuffix("no space left on device") == true)
        file.abandon()
        #expect(files.isEmpty)
    }
}
