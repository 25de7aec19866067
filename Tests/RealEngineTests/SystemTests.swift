import FoundationEssentials
import Synchronization
import Testing

@testable import Dashboard
@testable import EngineAPI

private func withEngine(_ body: (Engine) async throws -> Void) async throws {
    let engine = try TestEngine.make()
    _ = try await engine.connect()
    do { try await body(engine) } catch {
        await engine.shutdown()
        throw error
    }
    await engine.shutdown()
}

/// A builder's cache without the client that makes one: the Engine's own builder, with a context that it fetches itself.
private func buildCached(_ engine: Engine, _ dockerfile: String) async throws {
    let scratch = Scratch()
    let port = Int.random(in: 20_000..<60_000)
    let server = scratch.sh(
        """
        printf '\(dockerfile.replacing("\n", with: "\\n"))' >Dockerfile
        busybox httpd -f -p 127.0.0.1:\(port) -h . >/dev/null 2>&1 & echo $!
        while ! busybox nc -z 127.0.0.1 \(port); do sleep 0.05; done
        """
    ).prefix { $0.isNumber }
    defer { scratch.sh("kill \(server)") }
    let query = [("version", "2"), ("remote", "http://127.0.0.1:\(port)/Dockerfile")]
    let answer = try await engine.call(Request(.POST, ["build"], query: query), deadline: .seconds(60))
    let text = String(decoding: answer.bytes, as: UTF8.self)
    try #require(!text.contains("errorDetail"), "\(text.suffix(400))")
}

/// What takes room, as the Engine and its own client have it.
@Suite(.enabled(if: TestEngine.isGiven), .serialized, .timeLimit(.minutes(3))) struct RealDiskUse {
    /// One row of `docker system df`.
    private struct Row: Decodable {
        var `Type`, TotalCount, Active, Size, Reclaimable: String
    }

    /// `1.984MB` as the docker client writes it: decimal, four digits.
    private func human(_ bytes: Int) -> String {
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        // %.4g
        let digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3
        var text = value == 0 ? "0" : fixed(value, digits)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text + units[unit]
    }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = Int((value * scale).rounded(.toNearestOrEven))
        let fraction = String(whole % Int(scale))
        let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
        return digits == 0 ? "\(whole)" : "\(whole / Int(scale)).\(zeros)\(fraction)"
    }

    @Test func figuresAreThoseOfTheDockerClient() async throws {
        let volume = uniqueName("df")
        try docker(["volume", "create", volume])
        let image = uniqueName("df")
        defer {
            _ = try? docker(["volume", "rm", "-f", volume])
            _ = try? docker(["rmi", "-f", image])
        }
        try await withContainer(
            "head -c 70000 /dev/zero >/data/f; head -c 500000 /dev/zero >/f; sleep 100", ["-v", "\(volume):/data"]
        ) {
            engine, container in
            try await eventually("it has written") {
                try await engine.changes(of: container).kept.contains { $0.path == "/f" }
            }
            let stopped = try docker(["create", "-v", "/anonymous", "demo/busybox:1.35", "true"])
            defer { _ = try? docker(["rm", "-v", stopped]) }
            try docker(["commit", container.rawValue, image])
            try await buildCached(
                engine, "FROM demo/busybox:1.35\nRUN head -c 300000 /dev/zero >/big\nRUN echo \(image) >/small\n")
            let use = try await engine.diskUse()
            // In each row: type, total, active, size, reclaimable.
            let rows = try dockerLines(["system", "df", "--format", "{{json .}}"]).map {
                try JSONDecoder().decode(Row.self, from: Data($0.utf8))
            }
            let figures = [use.imageFigure, use.containerFigure, use.volumeFigure, use.buildCacheFigure]
            try #require(rows.count == 4)
            for (row, figure) in zip(rows, figures) {
                #expect(row.TotalCount == String(figure.total), "\(row.Type)")
                #expect(row.Active == String(figure.active), "\(row.Type)")
                #expect(row.Size == human(figure.size), "\(row.Type)")
                // The client writes no percent of the builder's cache.
                let percent = row.Type == "Build Cache" ? "" : figure.percent.map { " (\($0)%)" } ?? ""
                #expect(row.Reclaimable == human(figure.reclaimable) + percent, "\(row.Type)")
            }
            #expect(use.buildCacheFigure.total >= 3 && use.imageFigure.total >= 2 && use.volumeFigure.active >= 2)

            // And its single things, as `-v` has them.
            let verbose = try dockerLines(["system", "df", "-v"]).joined(separator: "\n")
            let item = try #require(use.volumes.first { $0.name == volume })
            #expect(item.size == 70_000 && item.containers == 1)
            #expect(words(of: volume, in: verbose) == [volume, "1", "70kB"])
            let own = try #require(use.containers.first { $0.id == container })
            #expect(own.size == 500_000 && own.isActive)
            #expect(words(of: container.short, in: verbose).contains("500kB"))
            let made = try #require(use.images.first { $0.tags == ["\(image):latest"] })
            let line = words(of: image, in: verbose)
            #expect(line.suffix(3) == [human(made.shared ?? -1), human(made.unique ?? -1), "0"])
        }
    }

    private func words(of name: String, in text: String) -> [String] {
        text.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").map(String.init) ?? []
    }

    @Test func severalWhoAskAtOnceAreAllAnswered() async throws {
        try await withEngine { engine in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await engine.diskUse().layers } }
                for try await layers in group { #expect(layers > 0) }
            }
        }
    }

    @Test func whatTheEngineSaysOfItself() async throws {
        try await withEngine { engine in
            let info = try await engine.info()
            let told = try docker([
                "info", "--format",
                "{{.Driver}}|{{.CgroupDriver}}|{{.LoggingDriver}}|{{.DockerRootDir}}|{{.DefaultRuntime}}|{{len .Plugins.Log}}|{{.LiveRestoreEnabled}}",
            ])
            #expect(
                told
                    == [
                        info.storageDriver, info.cgroupDriver, info.loggingDriver, info.rootDirectory,
                        info.defaultRuntime,
                        String(info.plugins["Log"]?.count ?? 0), String(info.liveRestore),
                    ].joined(separator: "|"))
            #expect(info.insecureRegistries.contains("127.0.0.0/8") && info.volumeDrivers.contains("local"))
            #expect(info.runtimes.contains("runc") && !info.storageStatus.isEmpty)
        }
    }
}

/// Cleaning up, on an Engine that holds nothing else: what was listed goes, and nothing else does.
@Suite(.enabled(if: TestEngine.isGiven), .serialized, .timeLimit(.minutes(3))) struct RealCleanup {
    /// Only what has this label is listed, so that other tests may have things of their own meanwhile.
    private let label = uniqueName("clean")

    private func plan(_ engine: Engine, _ chosen: Set<CleanupKind>) async throws -> [CleanupItem] {
        let listing = try await CleanupListing.of(engine)
        let use = try await engine.diskUse()
        let filter = CleanupFilter(labels: [label])
        return CleanupPlan(listing, use, filter, going: chosen, now: Date()).items(of: chosen)
    }

    private func run(_ items: [CleanupItem], _ engine: Engine) async throws -> JobOutcome {
        try await CleanupJob(items: items, docker: "", before: nil).run(on: engine) { _ in }
    }

    private func build(_ engine: Engine, _ dockerfile: String, tag: String? = nil) async throws {
        let scratch = Scratch()
        scratch.sh("printf '\(dockerfile)' >Dockerfile")
        var spec = BuildSpec(folder: scratch.path, tags: tag.map { [$0] } ?? [])
        spec.noCache = true
        _ = try await BuildJob(spec: spec).run(on: engine) { _ in }
    }

    /// Something of every kind, used and unused.
    private func fill(_ engine: Engine) async throws -> (running: String, names: [String: String]) {
        let names = Dictionary(
            uniqueKeysWithValues: ["web", "old", "used", "free", "kept", "spare"].map { ($0, uniqueName($0)) })
        let labels = ["--label", label]
        for name in ["kept", "spare"] { try docker(["volume", "create"] + labels + [names[name]!]) }
        for name in ["used", "free"] { try docker(["network", "create"] + labels + [names[name]!]) }
        let run = ["run", "-d", "--name", names["web"]!, "--network", names["used"]!, "-v", "\(names["kept"]!):/k"]
        let running = try docker(run + labels + ["demo/busybox:1.35", "sleep", "1000"])
        try docker(["create", "--name", names["old"]!] + labels + ["demo/busybox:1.35", "true"])
        try await build(engine, #"FROM demo/busybox:1.35\nLABEL \#(label)=\nRUN echo a >/a\n"#)
        try await build(
            engine, #"FROM demo/busybox:1.35\nLABEL \#(label)=\nRUN echo b >/b\n"#, tag: "\(names["free"]!):1")
        try docker(["tag", "\(names["free"]!):1", "\(names["free"]!):2"])
        return (running, names)
    }

    private func sweep(_ names: [String: String]) {
        for name in ["web", "old"] { _ = try? docker(["rm", "-f", names[name]!]) }
        for name in ["used", "free"] { _ = try? docker(["network", "rm", names[name]!]) }
        for name in ["kept", "spare"] { _ = try? docker(["volume", "rm", names[name]!]) }
        for tag in ["1", "2"] { _ = try? docker(["rmi", "\(names["free"]!):\(tag)"]) }
    }

    @Test func whatWasListedGoesAndNothingElse() async throws {
        try await withEngine { engine in
            let (running, names) = try await fill(engine)
            defer { sweep(names) }
            let items = try await plan(engine, Set(CleanupKind.allCases))
            let listed = Dictionary(grouping: items, by: \.kind).mapValues { $0.map(\.name) }
            #expect(listed[.containers] == [names["old"]!])
            #expect(listed[.danglingImages]?.count == 1)
            #expect(listed[.images] == ["\(names["free"]!):1"])
            #expect(listed[.networks] == [names["free"]!])
            #expect(listed[.namedVolumes] == [names["spare"]!])
            #expect(listed[.anonymousVolumes] == nil && listed[.buildCache] == nil)
            let outcome = try await run(items, engine)
            #expect(outcome.summary?.hasPrefix("removed 1 container, 2 images, 1 network, 1 volume") == true)
            #expect(
                outcome.notes.count == 1 + items.count
                    && outcome.notes.dropFirst().allSatisfy { $0.hasPrefix("removed ") })
            #expect(try await plan(engine, Set(CleanupKind.allCases)).isEmpty)
            // What is used is as it was.
            #expect(try await engine.inspect(ContainerID(running)).value.state.state == .running)
            #expect(try await engine.networks().contains { $0.name == names["used"] })
            #expect(try await engine.volumes().contains { $0.name == names["kept"] })
            #expect(try await engine.images().contains { $0.tags.contains("demo/busybox:1.35") })
        }
    }

    @Test func whatCameIntoUseOrChangedSinceStaysAndThatIsSaid() async throws {
        try await withEngine { engine in
            let (_, names) = try await fill(engine)
            let late = uniqueName("late")
            defer {
                _ = try? docker(["rm", "-f", late])
                _ = try? docker(["rmi", "\(late):named"])
                sweep(names)
            }
            let items = try await plan(engine, Set(CleanupKind.allCases))
            let dangling = try #require(items.first { $0.kind == .danglingImages })
            // Between the list and the answer: one starts, one is made that uses a network, a volume and an image, an
            // image gets a name.
            try docker(["start", names["old"]!])
            try docker(["wait", names["old"]!])
            let script = ["create", "--name", late, "--network", names["free"]!, "-v", "\(names["spare"]!):/s"]
            try docker(script + ["\(names["free"]!):1", "true"])
            try docker(["tag", dangling.id, "\(late):named"])
            await #expect { _ = try await run(items, engine) } throws: { error in
                guard let error = error as? JobError else { return false }
                let notes = error.notes.joined(separator: "\n")
                // The one that was started had nothing to do and has ended: it went as it was listed.
                return error.message.hasPrefix("removed 1 of 5") && error.message.contains("3 came into use")
                    && error.message.contains("used by \(late)")
                    && notes.contains("left, came into use: network \(names["free"]!): used by \(late)")
                    && notes.contains("left, came into use: volume \(names["spare"]!)")
                    && notes.contains("left, came into use: image \(names["free"]!):1")
                    && notes.contains("its names changed: \(late):named")
            }
            #expect(try await engine.images().contains { $0.id == dangling.id })
            #expect(try await engine.networks().contains { $0.name == names["free"] })
            #expect(try await engine.volumes().contains { $0.name == names["spare"] })
        }
    }

    @Test func aContainerThatRunsAgainStays() async throws {
        try await withEngine { engine in
            let name = uniqueName("again")
            try docker(["create", "--name", name, "--label", label, "demo/busybox:1.35", "sleep", "1000"])
            defer { _ = try? docker(["rm", "-f", name]) }
            let items = try await plan(engine, [.containers])
            try docker(["start", name])
            await #expect { _ = try await run(items, engine) } throws: {
                ($0 as? JobError)?.message == "removed 0 of 1: \(name) came into use (it runs)"
            }
            #expect(try await engine.inspect(ContainerID(items[0].id)).value.state.state == .running)
        }
    }

    @Test func whatOthersRemovedIsToldAsSuch() async throws {
        try await withEngine { engine in
            let (_, names) = try await fill(engine)
            defer { sweep(names) }
            let items = try await plan(engine, Set(CleanupKind.allCases))
            try docker(["rm", names["old"]!])
            try docker(["volume", "rm", names["spare"]!])
            try docker(["network", "rm", names["free"]!])
            let outcome = try await run(items, engine)
            #expect(outcome.summary?.hasPrefix("removed 2 of 5") == true)
            #expect(outcome.summary?.hasSuffix(": 3 were gone already") == true)
            #expect(outcome.notes.contains("gone already: network \(names["free"]!)"))
        }
    }

    @Test func imagesGoBeforeThoseThatTheyAreBuiltOn() async throws {
        try await withEngine { engine in
            let names = (0..<6).map { "\(uniqueName("chain")):\($0)" }
            var base = "demo/busybox:1.35"
            for (number, name) in names.enumerated() {
                try await build(
                    engine, #"FROM \#(base)\nLABEL \#(label)=\nRUN echo \#(number) >/\#(number)\n"#, tag: name)
                base = name
            }
            defer { for name in names.reversed() { _ = try? docker(["rmi", name]) } }
            let items = try await plan(engine, [.images])
            #expect(Set(items.map(\.name)) == Set(names))
            let outcome = try await run(items, engine)
            #expect(outcome.summary?.hasPrefix("removed 6 images") == true)
            #expect(try await plan(engine, [.images]).isEmpty)
        }
    }

    @Test func anImageThatAnotherIsBuiltOnLosesItsNameOnly() async throws {
        try await withEngine { engine in
            let (base, child) = ("\(uniqueName("base")):1", "\(uniqueName("child")):1")
            try await build(engine, #"FROM demo/busybox:1.35\nLABEL \#(label)=\nRUN echo a >/a\n"#, tag: base)
            try await build(engine, #"FROM \#(base)\nRUN echo b >/b\n"#, tag: child)
            let container = try docker(["create", child, "true"])
            defer {
                _ = try? docker(["rm", container])
                _ = try? docker(["rmi", child])
            }
            let items = try await plan(engine, [.images])
            #expect(items.map(\.name) == [base])
            let outcome = try await run(items, engine)
            #expect(outcome.notes.last?.hasSuffix("its layers stay: other images are built on them") == true)
            #expect(try await !engine.images().contains { $0.tags == [base] })
        }
    }

    @Test func ofTheBuildersCacheRecordsGoOneByOne() async throws {
        try await withEngine { engine in
            try await buildCached(
                engine, "FROM demo/busybox:1.35\nRUN head -c 20000 /dev/zero >/\(label)\nRUN echo 1 >/one\n")
            let use = try await engine.diskUse()
            let plan = CleanupPlan(CleanupListing(), use, CleanupFilter(), going: [.buildCache], now: Date())
            let items = try #require(plan.items[.buildCache])
            let chain = try #require(items.first { $0.about.contains(label) })
            let child = try #require(items.first { $0.parents == [chain.id] })
            // Only these two: the one that is built on the other goes first, however they are listed.
            let outcome = try await run([chain, child], engine)
            #expect(outcome.summary?.hasPrefix("removed 2 cache records") == true)
            let left = Set(try await engine.diskUse().buildCache.map(\.id))
            #expect(!left.contains(chain.id) && !left.contains(child.id))
            #expect(left.isSuperset(of: Set(items.map(\.id)).subtracting([chain.id, child.id])))
            // A parent alone cannot go, and is not said to have gone.
            try await buildCached(
                engine, "FROM demo/busybox:1.35\nRUN head -c 30000 /dev/zero >/\(label)\nRUN echo 2 >/two\n")
            let again = CleanupPlan(
                CleanupListing(), try await engine.diskUse(), CleanupFilter(), going: [.buildCache], now: Date())
            let parent = try #require(again.items[.buildCache]?.first { $0.about.contains("30000") })
            await #expect { _ = try await run([parent], engine) } throws: {
                ($0 as? JobError)?.message == "removed 0 of 1: \(parent.name): the Engine keeps it"
            }
        }
    }

    @Test func aCancelledCleaningSaysHowFarItCame() async throws {
        try await withEngine { engine in
            let names = (0..<40).map { _ in uniqueName("many") }
            for name in names { try docker(["volume", "create", "--label", label, name]) }
            defer { for name in names { _ = try? docker(["volume", "rm", name]) } }
            let items = try await plan(engine, [.namedVolumes])
            try #require(items.count == 40)
            let job = CleanupJob(items: items, docker: "", before: nil)
            let handle = Mutex<Task<JobOutcome, any Error>?>(nil)
            let work = Task {
                try await job.run(on: engine) { news in
                    if case .count(let done, _) = news, done >= 5 { handle.withLock { $0?.cancel() } }
                }
            }
            handle.withLock { $0 = work }
            do {
                _ = try await work.value
                Issue.record("it was not cancelled")
            } catch let error as JobError {
                let left = try #require(error.left)
                let removed = 40 - (try await plan(engine, [.namedVolumes]).count)
                #expect(removed >= 5 && left.hasPrefix("\(removed) of 40 were removed"))
                #expect(error.notes.count { $0.hasPrefix("removed volume") } == removed)
                #expect(error.notes.count { $0.hasPrefix("not tried: volume") } == 40 - removed)
            }
        }
    }
}
