/// What a `docker run` line says, understood: what is to be made, whichever way it was written.
struct RunSpec: Hashable, Sendable {
    /// A published port, or a range of them.
    struct Port: Hashable, Sendable {
        /// Empty is all addresses of the host.
        var address = ""
        /// nil lets the Engine choose.
        var host: ClosedRange<Int>?
        var container: ClosedRange<Int>
        var proto = "tcp"
    }

    struct Mount: Hashable, Sendable {
        enum Kind: String, Hashable, Sendable { case bind, volume, tmpfs }
        /// Whether it is written as `--mount`: a bind mount's source must then be there.
        var isLong = false
        var kind: Kind
        /// Empty for a volume that the Engine names, and for a tmpfs.
        var source = ""
        var target: String
        var isReadOnly = false
        /// What else stands behind: options of `-v`, `key=value` of `--mount`.
        var options: [String] = []
    }

    struct Restart: Hashable, Sendable {
        static let names = ["no", "always", "unless-stopped", "on-failure"]
        /// Empty is none given.
        var name = ""
        /// For `on-failure`: how often at most.
        var retries: Int?
    }

    /// A flag without a field of its own.
    struct Option: Hashable, Sendable {
        var flag: String
        /// Empty for a switch.
        var value = ""
    }

    var image = ""
    var name = ""
    var command: [String] = []
    /// nil leaves the image's own; empty takes it away.
    var entrypoint: String?
    var user = ""
    var workdir = ""
    /// `KEY=value`, or `KEY` for the value that it has on this machine.
    var environment: [String] = []
    /// Files on this machine.
    var environmentFiles: [String] = []
    var ports: [Port] = []
    var publishAll = false
    var mounts: [Mount] = []
    var network = ""
    var aliases: [String] = []
    var restart = Restart()
    /// Bytes.
    var memory: Int?
    var nanoCPUs: Int?
    var labels: [String] = []
    var hostname = ""
    var autoRemove = false
    var interactive = false
    var tty = false
    var options: [Option] = []
}

extension RunSpec {
    /// What is wrong with a field's text, and in which of its lines.
    struct Problem: Hashable, Sendable {
        var line = 0
        let message: String
    }

    typealias Problems = [RunField: Problem]

    /// Reads a whole line. Problems with its words are thrown, those with values are told by field.
    static func parse(_ line: String) throws(RunDraft.Problem) -> (spec: RunSpec, problems: Problems) {
        let draft = try RunDraft(line: line)
        var problems: Problems = [:]
        let spec = RunSpec(draft, &problems)
        return (spec, problems)
    }

    /// Understands the texts of fields. What cannot be understood is left out, and said.
    init(_ draft: RunDraft, _ problems: inout Problems) {
        var found: Problems = [:]
        defer { problems.merge(found) { first, _ in first } }
        /// One value per line; empty lines are none.
        func each<Value>(_ field: RunField, _ read: (String) throws(RunTextError) -> Value) -> [Value] {
            var values: [Value] = []
            for (line, text) in draft[field].enumerated() where !text.isEmpty {
                do { values.append(try read(text)) } catch {
                    if found[field] == nil { found[field] = Problem(line: line, message: error.message) }
                }
            }
            return values
        }
        func one(_ field: RunField, _ problem: (String) -> String?) -> String {
            let text = draft.text(field)
            guard !text.isEmpty, let message = problem(text) else { return text }
            found[field] = Problem(message: message)
            return ""
        }

        image = one(.image, RunText.imageProblem)
        name = one(.name, RunText.nameProblem)
        do { command = try ShellWords.split(draft.text(.command)) } catch {
            found[.command] = Problem(message: error.message)
        }
        do {
            let words = try ShellWords.split(draft.text(.entrypoint))
            entrypoint = words.first
            if words.count > 1 {
                found[.entrypoint] = Problem(message: "one program: what follows it is the command")
            }
        } catch { found[.entrypoint] = Problem(message: error.message) }
        user = one(.user) { user in
            let sides = user.split(separator: ":", omittingEmptySubsequences: false)
            return sides.count > 2 || sides.contains("") || user.contains(where: \.isWhitespace)
                ? "it is NAME or NUMBER, with :GROUP behind it or not" : nil
        }
        workdir = one(.workdir) { $0.hasPrefix("/") ? nil : "it must be an absolute path in the container" }
        environment = each(.environment) { text throws(RunTextError) in
            if text.hasPrefix("=") { throw RunTextError("the name before = is missing") }
            let name = text.prefix { $0 != "=" }
            if name.contains(where: \.isWhitespace) { throw RunTextError("“\(name)” has a space in it") }
            return text
        }
        environmentFiles = each(.environmentFiles) { text throws(RunTextError) in text }
        ports = each(.ports, Port.init(parsing:))
        publishAll = draft.isOn(.publishAll)
        mounts = each(.mounts, Mount.init(parsing:))
        network = one(.network) { network in
            network.contains(where: \.isWhitespace) || network == "container:" ? "“\(network)” is no network" : nil
        }
        aliases = each(.aliases) { text throws(RunTextError) in
            if text.contains(where: \.isWhitespace) { throw RunTextError("“\(text)” has a space in it") }
            return text
        }
        restart.name = one(.restart) {
            Restart.names.contains($0) ? nil : "it is no, always, unless-stopped or on-failure"
        }
        _ = one(.retries) { text in
            guard let number = Int(text), number >= 0, text.allSatisfy(\.isASCIIDigit) else {
                return "“\(text)” is no number"
            }
            guard restart.name == "on-failure" else { return "a number of times is for on-failure only" }
            restart.retries = number
            return nil
        }
        _ = one(.memory) { text in
            guard let bytes = RunText.bytes(text) else { return "“\(text)” is no size: 512m, 1.5g" }
            guard bytes >= 6 << 20 else { return "the Engine wants 6m at least" }
            memory = bytes
            return nil
        }
        _ = one(.cpus) { text in
            guard let billionths = RunText.nanoCPUs(text) else { return "“\(text)” is no number: 0.5, 2" }
            guard billionths >= 10_000_000 else { return "the Engine wants 0.01 at least" }
            nanoCPUs = billionths
            return nil
        }
        labels = each(.labels) { text throws(RunTextError) in
            if text.hasPrefix("=") { throw RunTextError("the name before = is missing") }
            return text
        }
        hostname = one(.hostname) { text in
            let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
            return !isName || text.hasPrefix("-") || text.hasPrefix(".")
                ? "letters, digits, - and . only" : text.count > 63 ? "63 characters at most" : nil
        }
        autoRemove = draft.isOn(.autoRemove)
        interactive = draft.isOn(.interactive)
        tty = draft.isOn(.tty)
        options = each(.more, Option.init(parsing:))
        check(&found)
    }

    /// What does not go together.
    private func check(_ problems: inout Problems) {
        func say(_ field: RunField, _ message: String) {
            if problems[field] == nil { problems[field] = Problem(message: message) }
        }
        if autoRemove, !["", "no"].contains(restart.name) {
            say(.autoRemove, "what is removed when it ends cannot be restarted")
        }
        if !aliases.isEmpty, ["", "default", "bridge", "host", "none"].contains(network) || isInAnother {
            say(.aliases, "only in a network of one's own making")
        }
        if isInAnother, !ports.isEmpty || publishAll {
            say(ports.isEmpty ? .publishAll : .ports, "ports are the other container's, whose network it uses")
        }
        if isInAnother, !hostname.isEmpty { say(.hostname, "the host name is the other container's") }
        var targets: Set<String> = []
        for (line, mount) in mounts.enumerated() where !targets.insert(mount.target).inserted {
            if problems[.mounts] == nil {
                problems[.mounts] = Problem(line: line, message: "\(mount.target) is mounted twice")
            }
        }
    }

    /// Whether it uses another container's network.
    private var isInAnother: Bool { network.hasPrefix("container:") }
}

/// What is wrong with a text.
struct RunTextError: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

extension RunSpec.Port {
    /// Reads what `-p` takes: `80`, `8080:80/udp`, `127.0.0.1:8080:80`, `[::1]::80`, `8000-8010:80-90`,
    /// `published=8080,target=80`.
    init(parsing text: String) throws(RunTextError) {
        var text = text
        if text.contains("=") { text = try Self.short(of: text) }
        var rest = text[...]
        var proto = "tcp"
        if let slash = rest.lastIndex(of: "/") {
            proto = rest[rest.index(after: slash)...].lowercased()
            guard RunText.protocols.contains(proto) else { throw RunTextError("“\(proto)” is not tcp, udp or sctp") }
            rest = rest[..<slash]
        }
        var address = ""
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw RunTextError("the ] behind the address is missing") }
            address = String(rest[rest.index(after: rest.startIndex)..<end])
            guard RunText.isIPv6(address) else { throw RunTextError("“\(address)” is no IPv6 address") }
            rest = rest[rest.index(after: end)...]
            guard rest.first == ":" else { throw RunTextError("ports are missing behind the address") }
            rest = rest.dropFirst()
            guard rest.contains(":") else { throw RunTextError("it is [ADDRESS]:HOST:CONTAINER") }
        }
        var parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 3 { throw RunTextError("too many colons: an IPv6 address stands in [ ]") }
        if parts.count == 3 {
            guard address.isEmpty else { throw RunTextError("too many colons") }
            address = String(parts.removeFirst())
            guard address.isEmpty || RunText.isIPv4(address) else { throw RunTextError("“\(address)” is no address") }
        }
        func ports(_ text: Substring, _ what: String) throws(RunTextError) -> ClosedRange<Int> {
            if let range = RunText.range(text) { return range }
            throw RunTextError(
                text.isEmpty
                    ? "the port in the container is missing" : "\(what) “\(text)” is no port: 1 to 65535, or FROM-TO")
        }
        let inside = try ports(parts[parts.count - 1], "container port")
        var outside: ClosedRange<Int>?
        if parts.count == 2, !parts[0].isEmpty { outside = try ports(parts[0], "host port") }
        if let outside, outside.count != inside.count, inside.count != 1 {
            throw RunTextError("\(outside.count) host ports for \(inside.count) in the container")
        }
        self.init(address: address, host: outside, container: inside, proto: proto)
    }

    /// The long way to write it, as the docker client turns it into the short one.
    private static func short(of text: String) throws(RunTextError) -> String {
        var fields = ["protocol": "tcp"]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, ["published", "target", "protocol", "mode"].contains(sides[0]) else {
                throw RunTextError("“\(part)” is not published=, target= or protocol=")
            }
            fields[sides[0]] = sides[1]
        }
        return "\(fields["published"] ?? ""):\(fields["target"] ?? "")/\(fields["protocol"] ?? "")"
    }

    var text: String {
        var text = address.isEmpty ? "" : address.contains(":") ? "[\(address)]:" : "\(address):"
        if let host {
            text += "\(Self.text(host)):"
        } else if !address.isEmpty {
            text += ":"
        }
        return text + Self.text(container) + (proto == "tcp" ? "" : "/\(proto)")
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}

extension RunSpec.Mount {
    private static let shortOptions: Set = [
        "ro", "rw", "z", "Z", "nocopy", "shared", "rshared", "slave", "rslave", "private", "rprivate", "consistent",
        "cached", "delegated",
    ]

    /// Reads what `-v` takes, or what `--mount` takes.
    init(parsing text: String) throws(RunTextError) {
        if RunText.isLongMount(text) {
            try self.init(long: text)
        } else {
            if text.hasPrefix("type=") { throw RunTextError("target= is missing") }
            try self.init(short: text)
        }
    }

    /// `name:/path:ro`, `/host:/path`, `/path`.
    private init(short text: String) throws(RunTextError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3 else { throw RunTextError("it is NAME:/PATH or /HOST:/PATH, with :ro behind it or not") }
        let target = parts.count == 1 ? parts[0] : parts[1]
        let source = parts.count == 1 ? "" : parts[0]
        if parts.count > 1, source.isEmpty { throw RunTextError("a volume's name or a path is missing before :") }
        if !source.isEmpty, !source.hasPrefix("/") {
            if source.hasPrefix(".") || source.hasPrefix("~") || source.contains("/") {
                throw RunTextError("“\(source)” is no absolute path on the Engine's host")
            }
            if let problem = RunText.nameProblem(source) { throw RunTextError("volume “\(source)”: \(problem)") }
        }
        if let problem = RunText.targetProblem(target) { throw RunTextError(problem) }
        self.init(kind: source.hasPrefix("/") ? .bind : .volume, source: source, target: target)
        for option in parts.count > 2 ? parts[2].split(separator: ",").map(String.init) : [] {
            guard Self.shortOptions.contains(option) else {
                throw RunTextError("“\(option)” is no option of -v: ro, rw")
            }
            switch option {
            case "ro": isReadOnly = true
            case "rw": isReadOnly = false
            default: options.append(option)
            }
        }
        if parts.count > 2, parts[2].isEmpty { throw RunTextError("an option is missing behind the last :") }
    }

    /// `type=bind,source=/host,target=/path,readonly`.
    private init(long text: String) throws(RunTextError) {
        guard let fields = RunText.commas(text) else { throw RunTextError("a \" is not closed") }
        self.init(isLong: true, kind: .volume, target: "")
        for field in fields {
            let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let key = sides[0].lowercased()
            let value = sides.count > 1 ? sides[1] : nil
            switch key {
            case "readonly", "ro":
                guard let on = RunFlag.isOn(value ?? "true") else {
                    throw RunTextError("\(key) is true or false, not “\(value ?? "")”")
                }
                isReadOnly = on
                continue
            case "volume-nocopy" where value == nil:
                options.append("volume-nocopy=true")
                continue
            default: break
            }
            guard let value, !value.isEmpty else { throw RunTextError("“\(field)” needs a value: KEY=VALUE") }
            switch key {
            case "type":
                guard let kind = Kind(rawValue: value.lowercased()) else {
                    throw RunTextError("type is bind, volume or tmpfs, not “\(value)”")
                }
                self.kind = kind
            case "source", "src": source = value
            case "target", "destination", "dst": target = value
            case "bind-propagation", "volume-nocopy", "tmpfs-size", "tmpfs-mode": options.append("\(key)=\(value)")
            case "volume-driver", "volume-label", "volume-opt", "bind-nonrecursive", "bind-recursive", "consistency",
                "volume-subpath", "image-subpath":
                throw RunTextError("\(key) cannot be done here yet")
            default: throw RunTextError("“\(key)” is not known: type, source, target, readonly")
            }
        }
        if let problem = RunText.targetProblem(target) { throw RunTextError(problem) }
        for option in options {
            let sides = option.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides[0].hasPrefix(kind.rawValue) else {
                throw RunTextError("\(sides[0]) is not for a \(kind.rawValue)")
            }
            let isWrong =
                switch sides[0] {
                case "tmpfs-size": RunText.bytes(sides[1]) == nil
                case "tmpfs-mode": Int(sides[1], radix: 8) == nil
                case "volume-nocopy": RunFlag.isOn(sides[1]) == nil
                default: !["shared", "rshared", "slave", "rslave", "private", "rprivate"].contains(sides[1])
                }
            if isWrong { throw RunTextError("\(sides[0]) cannot be “\(sides[1])”") }
        }
        switch kind {
        case .bind:
            if source.isEmpty { throw RunTextError("source= is missing: a path on the Engine's host") }
            if !source.hasPrefix("/") { throw RunTextError("“\(source)” is no absolute path on the Engine's host") }
        case .volume:
            if !source.isEmpty, let problem = RunText.nameProblem(source) {
                throw RunTextError("volume “\(source)”: \(problem)")
            }
        case .tmpfs: if !source.isEmpty { throw RunTextError("a tmpfs has no source") }
        }
    }

    var text: String {
        guard isLong else {
            let options = (isReadOnly ? ["ro"] : []) + self.options
            return (source.isEmpty ? "" : "\(source):") + target
                + (options.isEmpty ? "" : ":" + options.joined(separator: ","))
        }
        var fields = ["type=\(kind.rawValue)"]
        if !source.isEmpty { fields.append("source=\(source)") }
        fields.append("target=\(target)")
        if isReadOnly { fields.append("readonly") }
        return RunText.joinedByCommas(fields + options)
    }
}

extension RunSpec.Option {
    /// Reads `--flag value`, `--flag=value` or `--switch`.
    init(parsing text: String) throws(RunTextError) {
        var words: [String]
        do { words = try ShellWords.split(text) } catch { throw RunTextError(error.message) }
        guard let first = words.first, first.hasPrefix("--"), first.count > 2 else {
            throw RunTextError("a flag begins with --")
        }
        let sides = first.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let flag = String(sides[0])
        words.removeFirst()
        if sides.count > 1 { words.insert(String(sides[1]), at: 0) }
        guard let option = RunOption.byFlag[flag] else {
            guard let known = RunFlag.named(flag) else { throw RunTextError("unknown flag --\(flag)") }
            if case .field = known.meaning { throw RunTextError("--\(flag) has a field of its own") }
            throw RunTextError("--\(flag) cannot be done here yet")
        }
        guard words.count <= 1 else { throw RunTextError("one value for --\(flag)") }
        if option.isSwitch {
            guard words.isEmpty else { throw RunTextError("--\(flag) has no value") }
            self.init(flag: flag)
        } else {
            let value = words.first ?? ""
            if let problem = option.problem(value) { throw RunTextError("--\(flag): \(problem)") }
            self.init(flag: flag, value: value)
        }
    }

    /// The words of it.
    var words: [String] { RunOption.byFlag[flag]?.isSwitch == true ? ["--\(flag)"] : ["--\(flag)", value] }
}
