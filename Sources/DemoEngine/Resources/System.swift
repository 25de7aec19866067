import EngineAPI

extension Router {
    static let engineVersion = "28.0.0-demo"
    private static let kernel = "6.1.0-28-amd64"

    static func version(_ host: DemoHost, _ faults: DemoFaults) -> DemoReply {
        .json([
            "Platform": ["Name": "Demo Engine"],
            "Components": [
                [
                    "Name": "Engine", "Version": .string(engineVersion),
                    "Details": [
                        "ApiVersion": .string(faults.apiVersion.description), "Arch": "amd64",
                        "KernelVersion": .string(kernel), "MinAPIVersion": .string(faults.oldestAPI.description),
                        "Os": "linux", "GitCommit": "demo", "GoVersion": "none",
                        "BuildTime": .string((host.epoch - 30 * .day).rfc3339),
                    ],
                ]
            ],
            "Version": .string(engineVersion), "ApiVersion": .string(faults.apiVersion.description),
            "MinAPIVersion": .string(faults.oldestAPI.description), "GitCommit": "demo", "GoVersion": "none",
            "Os": "linux", "Arch": "amd64", "KernelVersion": .string(kernel),
            "BuildTime": .string((host.epoch - 30 * .day).rfc3339),
        ])
    }

    static func info(_ host: DemoHost) -> DemoReply {
        var running = 0
        var paused = 0
        var all = 0
        for case let container? in host.containers {
            all += 1
            switch container.state {
            case .running, .restarting: running += 1
            case .paused: paused += 1
            default: break
            }
        }
        return .json([
            "ID": "DEMO:DEMO:DEMO", "Name": "demo", "ServerVersion": .string(engineVersion),
            "Containers": .int(all), "ContainersRunning": .int(running), "ContainersPaused": .int(paused),
            "ContainersStopped": .int(all - running - paused), "Images": .int(host.images.count),
            "Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]], "DockerRootDir": "/var/lib/docker",
            "Plugins": [
                "Volume": ["local"], "Network": ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
                "Log": ["json-file", "local"],
            ],
            "MemoryLimit": true, "SwapLimit": true, "CpuCfsPeriod": true, "CpuCfsQuota": true, "CPUShares": true,
            "CPUSet": true, "PidsLimit": true, "IPv4Forwarding": true, "Debug": false,
            "SystemTime": .string(host.now.rfc3339), "LoggingDriver": "json-file", "CgroupDriver": "systemd",
            "CgroupVersion": "2", "KernelVersion": .string(kernel),
            "OperatingSystem": "Gantry's simulated host", "OSVersion": "12", "OSType": "linux",
            "Architecture": "x86_64", "NCPU": .int(host.processors), "MemTotal": .int(host.memory),
            "IndexServerAddress": "https://index.docker.io/v1/", "HttpProxy": "", "HttpsProxy": "", "NoProxy": "",
            "Labels": [], "ExperimentalBuild": false, "DefaultRuntime": "runc", "Runtimes": ["runc": ["path": "runc"]],
            "Swarm": ["NodeID": "", "LocalNodeState": "inactive", "ControlAvailable": false, "RemoteManagers": nil],
            "LiveRestoreEnabled": false, "Isolation": "", "InitBinary": "docker-init", "SecurityOptions": [],
            "RegistryConfig": ["IndexConfigs": [:], "InsecureRegistryCIDRs": [], "Mirrors": []], "Warnings": nil,
        ])
    }
}
