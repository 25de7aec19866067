import FoundationEssentials
import Testing

@testable import EngineAPI

private func decode<Value: Decodable>(_ type: Value.Type = Value.self, _ json: String) throws -> Value {
    try Engine.decode(type, from: Array(json.utf8))
}

@Suite struct Models {
    /// What Engine 20.10.24 answered, shortened.
    @Test func containersOfEngine20() throws {
        let json = #"""
            [{"Id":"e984f8353d5448646e0479c828de5e8db9febca90d9c7944cd5aba9daea50aa7","Names":["/other/alias","/probe"],
            "Image":"demo/busybox:1.35","ImageID":"sha256:f66725740a16","Command":"sh -c 'echo hi; sleep 1000'",
            "Created":1795493642,"Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":49153,"Type":"tcp"},
            {"PrivatePort":53,"Type":"udp"}],"Labels":{"a":"b"},"State":"running","Status":"Up 2 hours (unhealthy)",
            "HostConfig":{"NetworkMode":"default"},"NetworkSettings":{"Networks":{"web":{"IPAMConfig":null},"bridge":null}},
            "Mounts":[{"Type":"volume","Name":"data","Source":"","Destination":"/data","Driver":"local","RW":false}]}]
            """#
        let container = try #require(try decode([ContainerSummary].self, json).first)
        #expect(container.id.short == "e984f8353d54")
        #expect(container.name == "probe")
        #expect(container.created == Date(timeIntervalSince1970: 1_795_493_642))
        #expect(
            container.ports == [
                PortMapping(hostIP: "0.0.0.0", publicPort: 49153, privatePort: 80),
                PortMapping(privatePort: 53, proto: "udp"),
            ])
        #expect(container.state == .running && container.health == .unhealthy)
        #expect(container.networks == ["bridge", "web"])
        #expect(
            container.mounts == [ContainerMount(type: "volume", name: "data", destination: "/data", writable: false)])
    }

    /// API 1.55 has the health beside the state, and any version may leave out or null nearly everything.
    @Test func containersOfOtherVersions() throws {
        let json = #"""
            [{"Id":"aa86eacfb3b3ed4cd362c1e88fc89a53","Names":["/funny_chatelet"],"Created":1739811096,"State":"paused",
            "ImageManifestDescriptor":{"digest":"sha256:c0"},"Health":{"Status":"starting","FailingStreak":0}},
            {"Id":"0123456789abcdef","Names":null,"Ports":null,"Labels":null,"Mounts":null,"NetworkSettings":null,
            "State":"Stopping","Status":"Up 3 seconds (health: starting)","Command":null,"HostConfig":null},
            {"Id":"x","Names":["/a/b"],"HostConfig":{"NetworkMode":"container:aa86eacfb3b3"}}]
            """#
        let containers = try decode([ContainerSummary].self, json)
        #expect(containers.map(\.name) == ["funny_chatelet", "0123456789ab", "x"])
        #expect(containers.map(\.state) == [.paused, .unknown("Stopping"), .unknown("")])
        #expect(containers.map(\.health) == [.starting, .starting, .none])
        #expect(containers.map(\.networkOf) == [nil, nil, ContainerID("aa86eacfb3b3")])
    }

    @Test func details() throws {
        let json = #"""
            {"Id":"e984","Created":"2026-11-24T04:14:02.682247461Z","Path":"sh","Args":["-c","x"],"State":{"Status":"exited",
            "Running":false,"OOMKilled":true,"Pid":0,"ExitCode":137,"Error":"","StartedAt":"2026-11-24T04:14:02.5Z",
            "FinishedAt":"0001-01-01T00:00:00Z","Health":{"Status":"unhealthy","FailingStreak":3,"Log":[{"Start":
            "2026-11-24T04:14:02.5+02:00","End":"2026-11-24T04:14:03Z","ExitCode":1,"Output":"no"}]}},"Image":"sha256:f6",
            "Name":"/probe","RestartCount":2,"Platform":"linux","HostConfig":{"LogConfig":{"Type":"local","Config":{}},
            "NetworkMode":"web","RestartPolicy":{"Name":"on-failure","MaximumRetryCount":4},"AutoRemove":true,"Memory":64,
            "NanoCpus":1500000000,"Privileged":false,"PidsLimit":null},"Mounts":[],"Config":{"Hostname":"h","Tty":true,
            "OpenStdin":true,"Env":["A=b"],"Cmd":null,"Image":"demo","Entrypoint":["/x"],"Labels":{"l":"m"},
            "StopSignal":"SIGQUIT","StopTimeout":90},"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"::","HostPort":"8080"},
            {"HostIp":"0.0.0.0","HostPort":"8080"}],"443/tcp":null,"odd":null},"Networks":{"web":{"NetworkID":"n1",
            "IPAddress":"10.0.0.2","Gateway":"10.0.0.1","GlobalIPv6Address":"","MacAddress":"02:42","Aliases":null}}}}
            """#
        let details = try decode(ContainerDetails.self, json)
        #expect(details.name == "probe" && details.image == "demo" && details.imageID == "sha256:f6")
        #expect(details.state.state == .exited && details.state.exitCode == 137 && details.state.oomKilled)
        #expect(details.state.startedAt != nil && details.state.finishedAt == nil)
        #expect(details.state.health?.status == .unhealthy && details.state.health?.failingStreak == 3)
        #expect(details.state.health?.log.first?.output == "no")
        #expect(details.restartCount == 2 && details.tty && details.openStdin && details.autoRemove)
        #expect(details.stopTimeout == 90 && details.stopSignal == "SIGQUIT" && details.logDriver == "local")
        #expect(details.memoryLimit == 64 && details.nanoCPUs == 1_500_000_000)
        #expect(details.restartPolicy.name == "on-failure" && details.restartPolicy.maximumRetryCount == 4)
        #expect(details.entrypoint == ["/x"] && details.command.isEmpty && details.environment == ["A=b"])
        #expect(
            details.ports == [
                PortMapping(hostIP: "0.0.0.0", publicPort: 8080, privatePort: 80),
                PortMapping(hostIP: "::", publicPort: 8080, privatePort: 80), PortMapping(privatePort: 443),
            ])
        #expect(details.networks.map(\.ipAddress) == ["10.0.0.2"])
        #expect(abs((details.created?.timeIntervalSince1970 ?? 0) - 1_795_493_642.682) < 0.001)

        let bare = try decode(ContainerDetails.self, #"{"Id":"0123456789abcdef"}"#)
        #expect(bare.name == "0123456789ab" && bare.restartPolicy.name == "no" && bare.state.health == nil)
    }

    @Test func statsOfBothCgroups() throws {
        let v1 = #"""
            {"read":"2026-11-24T04:14:04.131169353Z","pids_stats":{"current":3},"blkio_stats":{"io_service_bytes_recursive":
            [{"major":8,"minor":0,"op":"Read","value":10},{"major":8,"minor":1,"op":"Read","value":5},{"op":"Write","value":7},
            {"op":"Total","value":22}]},"cpu_stats":{"cpu_usage":{"total_usage":3000000000,"percpu_usage":[1,2]},
            "system_cpu_usage":30000000000,"online_cpus":2,"throttling_data":{"throttled_periods":4,"throttled_time":5}},
            "precpu_stats":{"cpu_usage":{"total_usage":2000000000},"system_cpu_usage":28000000000},"memory_stats":{"usage":1000,
            "stats":{"inactive_file":100,"total_inactive_file":300},"limit":5000},"networks":{"eth0":{"rx_bytes":1,"tx_bytes":2},
            "eth1":{"rx_bytes":10,"tx_bytes":20}}}
            """#
        let one = try StatsSample(json: v1)
        #expect(one.cpuPercent == 100)
        #expect(one.memory == 700 && one.memoryLimit == 5000 && one.pids == 3)
        #expect(one.blockRead == 15 && one.blockWritten == 7)
        #expect(one.networkPresent && one.networkReceived == 11 && one.networkSent == 22)
        #expect(one.throttledPeriods == 4 && one.throttledTime == 5)

        let v2 = #"""
            {"read":"2026-11-24T04:14:04Z","blkio_stats":{"io_service_bytes_recursive":[{"op":"read","value":1},
            {"op":"write","value":2}]},"cpu_stats":{"cpu_usage":{"total_usage":5},"system_cpu_usage":9,"online_cpus":1},
            "precpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{"usage":1000,"stats":{"inactive_file":400}}}
            """#
        let two = try StatsSample(json: v2)
        #expect(two.memory == 600 && two.blockRead == 1 && two.blockWritten == 2 && !two.networkPresent)
        #expect(two.cpuPercent == nil)
        #expect(two.cpuPercent(since: one) == nil)

        // A container that does not run.
        let none =
            #"{"read":"0001-01-01T00:00:00Z","blkio_stats":{"io_service_bytes_recursive":null},"memory_stats":{}}"#
        #expect(try StatsSample(json: none) == StatsSample())
    }

    @Test func imagesVolumesNetworks() throws {
        let images = try decode(
            [ImageSummary].self,
            #"""
            [{"Containers":-1,"Created":1795493642,"Id":"sha256:f66725740a1693166cff","Labels":null,"RepoDigests":null,
            "ParentId":"",
            "RepoTags":["demo/busybox:1.35"],"Size":1984162,"VirtualSize":1984162},{"Id":"sha256:aa","RepoTags":
            ["<none>:<none>"],"RepoDigests":["<none>@<none>"],"ParentId":"sha256:f6"},{"Id":"sha256:bb","RepoTags":null}]
            """#)
        #expect(images.map(\.dangling) == [false, true, true])
        #expect(images.map(\.parentID) == ["", "sha256:f6", ""])
        #expect(images[0].shortID == "f66725740a16" && images[0].size == 1_984_162 && images[1].digests.isEmpty)

        let volume = try decode(
            VolumeSummary.self,
            #"{"CreatedAt":"2026-11-24T04:14:01+01:00","Driver":"local","Labels":null,"Mountpoint":"/m","Name":"v","Scope":"local"}"#
        )
        #expect(volume.created != nil && volume.labels.isEmpty && !volume.isAnonymous)

        let network = try decode(
            NetworkSummary.self,
            #"""
            {"Name":"web","Id":"n","Created":"2026-11-24T04:14:01.9Z","Scope":"local","Driver":"bridge","IPAM":{"Config":
            [{"Subnet":"10.0.0.0/24","Gateway":"10.0.0.1"},{"Subnet":"fd00::/64"}]},"Internal":true,"Attachable":false}
            """#)
        #expect(network.subnets == ["10.0.0.0/24", "fd00::/64"] && network.internal && !network.isPredefined)
        #expect(try decode(NetworkSummary.self, #"{"Id":"n","Name":"none","IPAM":{"Config":null}}"#).subnets.isEmpty)
    }

    @Test func names() throws {
        func name(_ json: String) throws -> String { try decode(VersionAnswer.self, json).version(used: nil).name }
        #expect(
            try name(#"{"Platform":{"Name":"Docker Engine - Community"},"Components":[{"Name":"Engine"}]}"#)
                == "Docker Engine - Community")
        #expect(try name(#"{"Platform":{"Name":""},"Components":[{"Name":"Engine"}]}"#) == "Docker Engine")
        #expect(
            try name(#"{"Platform":{"Name":"linux/amd64/debian-12"},"Components":[{"Name":"Podman Engine"}]}"#)
                == "Podman Engine")
        #expect(try name("{}") == "Docker Engine")
    }

    @Test func noise() {
        func isNoise(_ type: String, _ action: String) -> Bool {
            EngineEvent(type: type, action: action, actorID: "").isNoise
        }
        for action in ["exec_create: sh -c x", "exec_start: sh", "exec_die", "top", "attach", "resize"] {
            #expect(isNoise("container", action), "\(action)")
        }
        for action in ["start", "die", "health_status: healthy", "rename", "update", "oom", "kill"] {
            #expect(!isNoise("container", action), "\(action)")
        }
        #expect(isNoise("volume", "mount") && !isNoise("volume", "create"))
        #expect(!isNoise("image", "delete") && !isNoise("network", "connect") && !isNoise("daemon", "reload"))
    }

    @Test func requestsAreEncoded() throws {
        let filters = try Filters.encode(["id": ["a\"b"]])
        let request = Request(.GET, ["images", "..", "a b:ü"], query: [("filters", filters), ("t", "1")])
        #expect(
            request.uri(version: APIVersion(1, 41))
                == "/v1.41/images/%2E%2E/a%20b:%C3%BC?filters=%7B%22id%22%3A%5B%22a%5C%22b%22%5D%7D&t=1".replacing(
                    "%3A", with: ":"))
        #expect(Request(.GET, ["_ping"], versioned: false).uri(version: APIVersion(1, 41)) == "/_ping")
    }

    @Test func versionsCompareByNumber() {
        #expect(APIVersion(1, 9) < APIVersion(1, 41) && APIVersion("1.41") == APIVersion(1, 41))
        for text in ["", "1", "1.", "1.x", "1.2.3", "-1.2"] { #expect(APIVersion(text) == nil) }
    }
}
