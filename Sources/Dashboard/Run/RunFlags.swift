/// The parts of a `docker run` line, as a person fills them in.
enum RunField: String, CaseIterable, Sendable {
    case line, image, name, command, entrypoint, user, workdir, environment, environmentFiles, ports, publishAll, mounts
    case network, aliases, restart, retries, memory, cpus, labels, hostname, autoRemove, interactive, tty, more
}

/// Every flag that `docker run` has, and what becomes of it here.
struct RunFlag: Sendable {
    enum Meaning: Sendable, Hashable {
        /// It fills in a field.
        case field(RunField)
        /// It is written as it is into the field of further flags.
        case more
        /// It says nothing about the container: whether one waits for it, how much the client prints.
        case ignored
        /// Known, but nothing here can do it.
        case unsupported
    }

    let name: String
    let short: Character?
    /// Whether it stands alone, or with `=true` and `=false`.
    let isSwitch: Bool
    let meaning: Meaning

    private init(_ name: String, short: Character? = nil, _ meaning: Meaning, isSwitch: Bool = false) {
        self.name = name
        self.short = short
        self.isSwitch = isSwitch
        self.meaning = meaning
    }

    static let all = withFields + RunOption.all.map { RunFlag($0.flag, .more, isSwitch: $0.isSwitch) } + unsupported

    private static let withFields: [RunFlag] = [
        RunFlag("name", .field(.name)), RunFlag("entrypoint", .field(.entrypoint)),
        RunFlag("user", short: "u", .field(.user)), RunFlag("workdir", short: "w", .field(.workdir)),
        RunFlag("env", short: "e", .field(.environment)), RunFlag("env-file", .field(.environmentFiles)),
        RunFlag("publish", short: "p", .field(.ports)),
        RunFlag("publish-all", short: "P", .field(.publishAll), isSwitch: true),
        RunFlag("volume", short: "v", .field(.mounts)), RunFlag("mount", .field(.mounts)),
        RunFlag("network", .field(.network)), RunFlag("net", .field(.network)),
        RunFlag("network-alias", .field(.aliases)), RunFlag("net-alias", .field(.aliases)),
        RunFlag("restart", .field(.restart)), RunFlag("memory", short: "m", .field(.memory)),
        RunFlag("cpus", .field(.cpus)), RunFlag("label", short: "l", .field(.labels)),
        RunFlag("hostname", short: "h", .field(.hostname)), RunFlag("rm", .field(.autoRemove), isSwitch: true),
        RunFlag("interactive", short: "i", .field(.interactive), isSwitch: true),
        RunFlag("tty", short: "t", .field(.tty), isSwitch: true),
        // Whoever runs from a dashboard does not wait for it, whatever the line said.
        RunFlag("detach", short: "d", .ignored, isSwitch: true), RunFlag("quiet", short: "q", .ignored, isSwitch: true),
        RunFlag("disable-content-trust", .ignored, isSwitch: true), RunFlag("detach-keys", .ignored),
        RunFlag("sig-proxy", .ignored, isSwitch: true), RunFlag("attach", short: "a", .ignored),
    ]

    private static let unsupportedNames = [
        "annotation", "blkio-weight", "blkio-weight-device", "cgroup-parent", "cgroupns", "cidfile", "cpu-count",
        "cpu-percent", "cpu-period", "cpu-quota", "cpu-rt-period", "cpu-rt-runtime", "cpuset-cpus", "cpuset-mems",
        "device-cgroup-rule", "device-read-bps", "device-read-iops", "device-write-bps", "device-write-iops",
        "dns-option", "dns-opt", "dns-search", "domainname", "gpus", "health-cmd", "health-interval",
        "health-retries", "health-start-interval", "health-start-period", "health-timeout", "io-maxbandwidth",
        "io-maxiops", "ip", "ip6", "isolation", "kernel-memory", "label-file", "link", "link-local-ip",
        "mac-address", "memory-reservation", "memory-swap", "memory-swappiness", "oom-score-adj", "platform",
        "pull", "runtime", "storage-opt", "sysctl", "ulimit", "userns", "uts", "volume-driver", "volumes-from",
    ]

    private static let unsupported: [RunFlag] =
        unsupportedNames.map { RunFlag($0, .unsupported) } + [
            RunFlag("cpu-shares", short: "c", .unsupported), RunFlag("help", .unsupported, isSwitch: true),
            RunFlag("no-healthcheck", .unsupported, isSwitch: true),
            RunFlag("oom-kill-disable", .unsupported, isSwitch: true),
            RunFlag("use-api-socket", .unsupported, isSwitch: true),
        ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    private static let byShort = Dictionary(
        uniqueKeysWithValues: all.compactMap { flag in flag.short.map { ($0, flag) } })

    static func named(_ name: String) -> RunFlag? { byName[name] }
    static func named(_ short: Character) -> RunFlag? { byShort[short] }

    /// Whether a switch is on: as the docker client reads `=VALUE`; nil when that is no such value.
    static func isOn(_ value: String) -> Bool? {
        switch value {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}

/// A flag without a field of its own: what its value may be. What it does to a container is `RunSpec.creation`'s.
struct RunOption: Sendable {
    let flag: String
    var isSwitch = false
    /// What is wrong with a value, if anything.
    var problem: @Sendable (String) -> String? = { $0.isEmpty ? "it needs a value" : nil }

    static let all: [RunOption] = [
        RunOption(flag: "privileged", isSwitch: true), RunOption(flag: "read-only", isSwitch: true),
        RunOption(flag: "init", isSwitch: true), RunOption(flag: "cap-add"), RunOption(flag: "cap-drop"),
        RunOption(flag: "add-host") { value in
            let sides = value.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "=" }
            return sides.count == 2 && !sides[0].isEmpty && !sides[1].isEmpty ? nil : "it is HOST:ADDRESS"
        },
        RunOption(flag: "dns") { RunText.isAddress($0) ? nil : "“\($0)” is no address" },
        RunOption(flag: "expose") { RunText.exposed($0) == nil ? "it is PORT, or FROM-TO, with /tcp or /udp" : nil },
        RunOption(flag: "tmpfs") { value in
            RunText.targetProblem(String(value.split(separator: ":", maxSplits: 1).first ?? ""))
        },
        RunOption(flag: "stop-signal"),
        RunOption(flag: "stop-timeout") { Int($0) == nil ? "it is a number of seconds" : nil },
        RunOption(flag: "shm-size") { RunText.bytes($0) == nil ? "it is a size such as 64m" : nil },
        RunOption(flag: "pids-limit") { Int($0) == nil ? "it is a number" : nil },
        RunOption(flag: "group-add"), RunOption(flag: "security-opt"), RunOption(flag: "log-driver"),
        RunOption(flag: "log-opt") { $0.dropFirst().contains("=") ? nil : "it is KEY=VALUE" },
        RunOption(flag: "pid"), RunOption(flag: "ipc"),
        RunOption(flag: "device") { $0.hasPrefix("/") ? nil : "it is a device's path, /dev/…" },
    ]

    static let byFlag = Dictionary(uniqueKeysWithValues: all.map { ($0.flag, $0) })
}
