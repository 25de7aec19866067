import FoundationEssentials
import Testing

@testable import EngineAPI

/// What takes how much room, counted as the docker client does it.
@Suite struct DiskUseFigures {
    /// As Engine 20.10.24 sent it, where its client said: images 5, 1 active, 3.599MB, 3.599MB (100%); containers 3, 1,
    /// 500kB, 500kB (100%); volumes 3, 1, 3.16MB, 3.09MB (97%); build cache 5, 0, 10.34kB, 10.34kB. Shortened.
    static let old = #"""
        {"LayersSize":3598963,"Images":[
        {"Containers":0,"Created":1795551230,"Id":"sha256:17d2","Labels":null,"ParentId":"sha256:1","RepoDigests":["<none>@<none>"],"RepoTags":["<none>:<none>"],"SharedSize":1984162,"Size":2484164,"VirtualSize":2484164},
        {"Containers":0,"Created":1795551228,"Id":"sha256:5367","Labels":null,"ParentId":"","RepoDigests":null,"RepoTags":["shop:1"],"SharedSize":1984162,"Size":2484164,"VirtualSize":2484164},
        {"Containers":3,"Created":1795550501,"Id":"sha256:0d7d","Labels":null,"ParentId":"","RepoDigests":null,"RepoTags":["demo/busybox:1.35"],"SharedSize":1984162,"Size":1984162,"VirtualSize":1984162}],
        "Containers":[
        {"Id":"2393aa6c0ed4","Names":["/web"],"Image":"demo/busybox:1.35","State":"running","Status":"Up 6 seconds","SizeRw":27,"SizeRootFs":1984189},
        {"Id":"fd172ee05cec","Names":["/wrote"],"Image":"demo/busybox:1.35","State":"exited","SizeRw":500000,"SizeRootFs":2484162},
        {"Id":"6af950feabd7","Names":["/other/old","/old"],"Image":"demo/busybox:1.35","State":"created","SizeRootFs":1984162}],
        "Volumes":[
        {"CreatedAt":"2026-11-24T20:13:10Z","Driver":"local","Labels":null,"Name":"keep","Scope":"local","UsageData":{"RefCount":0,"Size":3000000}},
        {"Driver":"local","Name":"data","UsageData":{"RefCount":1,"Size":70000}},
        {"Driver":"far","Name":"away","UsageData":{"RefCount":0,"Size":-1}},
        {"Driver":"local","Name":"unknown","UsageData":{"RefCount":-1,"Size":90000}}],
        "BuildCache":[
        {"ID":"w9o5","Parent":"","Type":"regular","Description":"http url","InUse":false,"Shared":false,"Size":10240,"CreatedAt":"2026-11-24T20:09:36.341850492Z","LastUsedAt":"2026-11-24T20:09:37.122834851Z","UsageCount":2},
        {"ID":"i3x5","Parent":"w9o5","Type":"regular","Description":"mount / from exec","InUse":true,"Shared":false,"Size":99,"CreatedAt":"2026-11-24T20:09:36Z","LastUsedAt":null,"UsageCount":1},
        {"ID":"5p15","Parent":"i3x5","InUse":false,"Shared":true,"Size":307200}],"BuilderSize":10240}
        """#

    private func decoded(_ json: String) async throws -> DiskUse {
        var use: DiskUse?
        try await FakeEngine.run { _ in
            .answer(json)
        } _: { _, engine in
            use = try await engine.diskUse()
        }
        return try #require(use)
    }

    private func figure(_ total: Int, _ active: Int, _ size: Int, _ reclaimable: Int) -> DiskFigure {
        var figure = DiskFigure()
        (figure.total, figure.active, figure.size, figure.reclaimable) = (total, active, size, reclaimable)
        return figure
    }

    @Test func anOldEnginesAnswerIsCountedAsItsClientDoes() async throws {
        let use = try await decoded(Self.old)
        #expect(use.imageFigure == figure(3, 1, 3_598_963, 3_598_963))
        #expect(use.containerFigure == figure(3, 1, 500_027, 500_000))
        #expect(use.volumeFigure == figure(4, 1, 3_160_000, 3_000_000))
        #expect(use.buildCacheFigure == figure(3, 1, 10_339, 10_240))
        #expect(use.total == 3_598_963 + 500_027 + 3_160_000 + 10_339)
        #expect(use.containerFigure.percent == 99 && DiskFigure().percent == nil)
        #expect(use.images.map(\.unique) == [500_002, 500_002, 0] && use.images[0].tags.isEmpty)
        #expect(use.containers.map(\.name) == ["web", "wrote", "old"])
        #expect(use.volumes.map(\.size) == [3_000_000, 70_000, nil, 90_000])
        #expect(use.buildCache.map(\.parents) == [[], ["w9o5"], ["i3x5"]])
        #expect(use.buildCache[0].lastUsed != nil && use.buildCache[1].lastUsed == nil)
    }

    /// The example of the specification 1.51: names of containers have a place of their own there, and more is missing.
    @Test func imagesInUseWhoseLayersAreNotKnownCountAsFree() async throws {
        let use = try await decoded(
            #"""
            {"LayersSize":1092588,"Images":[{"Id":"sha256:2b8f","ParentId":"","RepoTags":["busybox:latest"],
            "RepoDigests":["busybox@sha256:a599"],"Created":1466724217,"Size":1092588,"SharedSize":-1,"Labels":{},
            "Containers":1}],"Containers":[{"Id":"e575","Names":["/top"],"State":"exited","SizeRootFs":1092588}],
            "Volumes":[{"Name":"my-volume","Driver":"local","Labels":null,"Scope":"local","Options":null,
            "UsageData":{"Size":10920104,"RefCount":2}}],"BuildCache":[{"ID":"hw53","Parents":[],"Type":"regular",
            "Description":"pulled from docker.io","InUse":false,"Shared":true,"Size":0},{"ID":"ndlp","Parents":["hw53"],
            "InUse":false,"Shared":false,"Size":51}]}
            """#)
        #expect(use.imageFigure == figure(1, 1, 1_092_588, 1_092_588))
        #expect(use.volumeFigure == figure(1, 1, 10_920_104, 0))
        #expect(use.buildCacheFigure == figure(2, 0, 51, 51))
        #expect(use.buildCache[1].parents == ["hw53"])
    }

    /// From API 1.52 on each kind has a place of its own, and its things are told only when they are asked for.
    @Test func aNewEngineIsAskedForTheThingsToo() async throws {
        let json = #"""
            {"ImageUsage":{"ActiveCount":1,"TotalCount":1,"Reclaimable":0,"TotalSize":900,"Items":[{"Id":"sha256:1",
            "RepoTags":["a:1"],"Created":1,"Size":900,"SharedSize":0,"Containers":1}]},"ContainerUsage":{"TotalSize":5,
            "Items":[{"Id":"c","Names":["/c"],"State":"running","SizeRw":5}]},"VolumeUsage":{"Items":null},
            "BuildCacheUsage":{"TotalSize":7,"Items":[{"ID":"b","Size":7}]}}
            """#
        try await FakeEngine.run { request in
            request.uri.hasSuffix("_ping") ? .answer("OK", headers: "Api-Version: 1.55\r\n") : .answer(json)
        } _: { fake, engine in
            try await engine.negotiate()
            let use = try await engine.diskUse()
            #expect(fake.requests.last?.uri == "/v1.55/system/df?verbose=1")
            #expect(use.imageFigure == figure(1, 1, 900, 0))
            #expect(use.containerFigure == figure(1, 1, 5, 0))
            #expect(use.volumeFigure == DiskFigure())
            #expect(use.buildCacheFigure == figure(1, 0, 7, 7))
        }
    }

    @Test(arguments: ["{}", #"{"LayersSize":null,"Images":null,"Containers":null,"Volumes":null,"BuildCache":null}"#])
    func ofNothingThereIsNothing(json: String) async throws {
        let use = try await decoded(json)
        #expect(use == DiskUse() && use.total == 0)
    }

    @Test(arguments: ["", "[]", "null", #"{"Images":3}"#, #"{"Volumes":[{"Driver":"local"}]}"#, "<html>"])
    func whatMakesNoSenseIsSaid(body: String) async throws {
        await #expect { _ = try await decoded(body) } throws: {
            if case EngineError.malformed = $0 { true } else { false }
        }
    }

    @Test func whoeverIsTurnedAwayBecauseAnotherIsBeingAnsweredWaitsHisTurn() async throws {
        try await FakeEngine.run { request in
            request.connection == 0 && request.place < 2
                ? .status("500 Internal Server Error", #"{"message":"a disk usage operation is already running"}"#)
                : .answer(#"{"LayersSize":7}"#)
        } _: { fake, engine in
            let use = try await engine.diskUse()
            #expect(use.layers == 7)
            #expect(fake.requests.count == 3)
        }
        // And does not wait for what will not come.
        try await FakeEngine.run { _ in
            .status("500 Internal Server Error", #"{"message":"no room"}"#)
        } _: { _, engine in
            await #expect(throws: EngineError.server(status: 500, message: "no room")) {
                _ = try await engine.diskUse()
            }
        }
    }

    @Test func whoDoesNotWaitForHisTurnIsLetGo() async throws {
        try await FakeEngine.run { _ in
            .status("500 Internal Server Error", #"{"message":"a disk usage operation is already running"}"#)
        } _: { fake, engine in
            let waiting = Task { try await engine.diskUse() }
            #expect(await eventually { !fake.requests.isEmpty })
            waiting.cancel()
            await #expect(throws: EngineError.cancelled) { _ = try await waiting.value }
        }
    }
}

@Suite struct CleanupRequests {
    @Test func aRecordOfTheCacheIsNamedInAFilter() async throws {
        try await FakeEngine.run { _ in
            .answer(#"{"CachesDeleted":["i3x5","5p15"],"SpaceReclaimed":307200}"#)
        } _: { fake, engine in
            let gone = try await engine.pruneBuildCache(id: "i3x5")
            #expect(gone.ids == ["i3x5", "5p15"] && gone.bytes == 307_200)
            _ = try await engine.pruneBuildCache()
            #expect(
                fake.requests.map(\.uri) == [
                    "/build/prune?all=1&filters=%7B%22id%22:%5B%22i3x5%22%5D%7D", "/build/prune?all=1",
                ])
            #expect(fake.requests.allSatisfy { $0.method == "POST" })
        }
    }

    @Test func whereNothingWentNothingIsTold() async throws {
        try await FakeEngine.run { _ in
            .answer(#"{"CachesDeleted":null,"SpaceReclaimed":0}"#)
        } _: { _, engine in
            let gone = try await engine.pruneBuildCache(id: "a")
            #expect(gone == BuildCacheRemoval())
        }
        for body in ["", "[]", #"{"CachesDeleted":"all"}"#] {
            try await FakeEngine.run { _ in
                .answer(body)
            } _: { _, engine in
                await #expect { _ = try await engine.pruneBuildCache(id: "a") } throws: {
                    if case EngineError.malformed = $0 { true } else { false }
                }
            }
        }
        try await FakeEngine.run { _ in
            .status("500 Internal Server Error", #"{"message":"failed to prune build cache: Invalid filter 'id'"}"#)
        } _: { _, engine in
            await #expect(
                throws: EngineError.server(status: 500, message: "failed to prune build cache: Invalid filter 'id'")
            ) { _ = try await engine.pruneBuildCache(id: "a") }
        }
    }

    @Test func anImagesNamesAreThoseThatItHasNow() async throws {
        try await FakeEngine.run { _ in
            .answer(#"{"Id":"sha256:a","RepoTags":["a:1","b:2"],"RepoDigests":["a@sha256:c"]}"#)
        } _: { fake, engine in
            let names = try await engine.names(ofImage: "sha256:a")
            #expect(names.tags == ["a:1", "b:2"] && names.digests == ["a@sha256:c"])
            #expect(fake.requests.first?.uri == "/images/sha256:a/json")
        }
        try await FakeEngine.run { _ in
            .answer(#"{"RepoTags":null}"#)
        } _: { _, engine in
            let names = try await engine.names(ofImage: "sha256:a")
            #expect(names.tags.isEmpty && names.digests.isEmpty)
        }
        try await FakeEngine.run { _ in
            .status("404 Not Found", #"{"message":"no such image: sha256:a"}"#)
        } _: { _, engine in
            await #expect(throws: EngineError.notFound("no such image: sha256:a")) {
                _ = try await engine.names(ofImage: "sha256:a")
            }
        }
    }
}

@Suite struct EngineInfo {
    @Test func allThatAnEngineSaysOfItself() throws {
        // As Engine 20.10.24 sent it, with a mirror, an insecure registry and a warning more. Shortened.
        let info = try Engine.decode(
            SystemInfo.self,
            from: Array(
                #"""
                {"ID":"OEK5","Containers":3,"ContainersRunning":2,"ContainersPaused":0,"ContainersStopped":1,"Images":1,
                "Driver":"overlay2","DriverStatus":[["Backing Filesystem","extfs"],["userxattr","false"]],
                "Plugins":{"Volume":["local"],"Network":["bridge","host"],"Authorization":null,"Log":["json-file"]},
                "LoggingDriver":"json-file","CgroupDriver":"cgroupfs","CgroupVersion":"1","KernelVersion":"6.18.44",
                "OperatingSystem":"Debian GNU/Linux 12 (bookworm)","OSType":"linux","Architecture":"x86_64",
                "RegistryConfig":{"InsecureRegistryCIDRs":["127.0.0.0/8"],"IndexConfigs":{"docker.io":{"Name":"docker.io",
                "Mirrors":[],"Secure":true},"plain.example:5000":{"Secure":false}},"Mirrors":["https://mirror.example/"]},
                "NCPU":2,"MemTotal":25276502016,"DockerRootDir":"/var/lib/docker","HttpProxy":"http://p:1","NoProxy":"",
                "Name":"vm","Labels":["a=b"],"ServerVersion":"20.10.24+dfsg1","Runtimes":{"runc":{"path":"runc"},
                "io.containerd.runc.v2":{"path":"runc"}},"DefaultRuntime":"runc","Swarm":{"LocalNodeState":"active",
                "ControlAvailable":true},"LiveRestoreEnabled":true,"SecurityOptions":["name=seccomp,profile=default"],
                "Warnings":["WARNING: No swap limit support"]}
                """#.utf8))
        #expect(info.plugins == ["Volume": ["local"], "Network": ["bridge", "host"], "Log": ["json-file"]])
        #expect(info.cgroupDriver == "cgroupfs" && info.cgroupVersion == "1" && info.isSwarmManager)
        #expect(info.storageStatus == [["Backing Filesystem", "extfs"], ["userxattr", "false"]])
        #expect(info.runtimes == ["io.containerd.runc.v2", "runc"] && info.defaultRuntime == "runc")
        #expect(info.registryMirrors == ["https://mirror.example/"])
        #expect(info.insecureRegistries == ["plain.example:5000", "127.0.0.0/8"])
        #expect(info.proxies == ["http http://p:1"] && info.labels == ["a=b"] && info.liveRestore)
        #expect(info.securityOptions == ["name=seccomp,profile=default"])
        #expect(info.warnings == ["WARNING: No swap limit support"])
        let nothing = try Engine.decode(SystemInfo.self, from: Array("{}".utf8))
        #expect(nothing.plugins.isEmpty && nothing.insecureRegistries.isEmpty && nothing.proxies.isEmpty)
    }
}
