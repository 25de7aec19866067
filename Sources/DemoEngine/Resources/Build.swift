extension Router {
    /// `POST /build`: as the classic builder, step by step, from the Dockerfile in the context's tar.
    static func build(_ request: DemoRequest, _ host: inout DemoHost) throws -> DemoReply {
        guard request["version"] != "2" else {
            throw DemoHost.Refusal.bad("the demo has the classic builder only: DOCKER_BUILDKIT=0")
        }
        let name = dockerfile(request)
        guard let tar = request.tar, tar.isTar, tar.total > 0 else {
            throw DemoHost.Refusal.bad("the context is no tar")
        }
        guard let bytes = tar.entry(name)?.data else {
            throw DemoHost.Refusal(status: 500, message: "Cannot locate specified Dockerfile: \(name)")
        }
        let tags = request.values("t").map { DemoReference($0) }
        guard tags.allSatisfy(\.isValid) else { throw DemoHost.Refusal.bad("invalid reference format") }
        let file = try Dockerfile(String(decoding: bytes, as: UTF8.self), name: name)
        var builder = Builder(file, request, tar, tags, &host)
        builder.go(&host)
        let made = builder
        return .stream(
            PlannedStream(builder.messages, start: host.now) { host in made.finish(&host) }, type: "application/json")
    }

    /// The Dockerfile's place in the context.
    static func dockerfile(_ request: DemoRequest) -> String {
        TarScanner.plain(request["dockerfile"].flatMap { $0.isEmpty ? nil : $0 } ?? "Dockerfile")
    }
}

/// Works a build out: what is printed at which time, and which image it makes.
struct Builder: Sendable {
    private(set) var messages: [PlannedStream.Message] = []
    private let file: Dockerfile
    private let tar: TarScanner
    private let tags: [DemoReference]
    private let useCache: Bool
    private let pulls: Bool
    private let target: String?
    private var arguments: [String: String]
    private let labels: [String: String]

    private var time: Nanoseconds = 0
    private var failure: JSON?
    private var image = DemoImage(id: "", tags: [], layers: [], created: 0)
    /// What is known of a step by all that led to it.
    private var key: UInt64 = 0
    private var isCached = true
    private var stages: [String: DemoImage] = [:]
    private var pulled: [DemoImage] = []
    private var steps: [(key: UInt64, id: String)] = []
    private var written = 0

    init(
        _ file: Dockerfile, _ request: DemoRequest, _ tar: TarScanner, _ tags: [DemoReference], _ host: inout DemoHost
    ) {
        self.file = file
        self.tar = tar
        self.tags = tags
        useCache = !request.flag("nocache")
        pulls = request.flag("pull")
        target = request["target"].flatMap { $0.isEmpty ? nil : $0 }
        arguments = (try? JSON.read(Array((request["buildargs"] ?? "").utf8)))?.textMap ?? [:]
        labels = (try? JSON.read(Array((request["labels"] ?? "").utf8)))?.textMap ?? [:]
    }

    private mutating func say(_ text: String) { messages.append(.init(at: time, json: ProgressJSON.output(text))) }

    private static func short(_ id: String) -> String { String(id.dropFirst(7).prefix(12)) }

    mutating func go(_ host: inout DemoHost) {
        var stage = 0
        for (number, step) in file.instructions.enumerated() {
            if step.name == "FROM" {
                if let target, stage > 0, stages[target] != nil || target == String(stage - 1) { break }
                stage += 1
            }
            time += 40 * .millisecond
            say("Step \(number + 1)/\(file.instructions.count) : \(step.text)")
            say("\n")
            switch step.name {
            case "FROM": from(step, stage, host)
            case "ARG" where stage == 0: argument(step)
            default: take(step, &host)
            }
            if failure != nil { return }
            if stage > 0 { note(step, stage) }
        }
        if let target, stages[target] == nil, Int(target).map({ $0 >= stage }) ?? true {
            failure = ProgressJSON.error("failed to reach build target \(target) in Dockerfile")
        }
    }

    /// What a stage is known by.
    private mutating func note(_ step: Dockerfile.Instruction, _ stage: Int) {
        stages[String(stage - 1)] = image
        guard let name = stageName else { return }
        stages[name] = image
    }

    private var stageName: String?

    private mutating func argument(_ step: Dockerfile.Instruction) {
        let sides = step.rest.split(separator: "=", maxSplits: 1).map(String.init)
        if arguments[sides[0]] == nil { arguments[sides[0]] = sides.count > 1 ? sides[1] : "" }
    }

    private mutating func from(_ step: Dockerfile.Instruction, _ stage: Int, _ host: DemoHost) {
        let words = expanded(step.rest).split(separator: " ").map(String.init).filter { !$0.hasPrefix("--") }
        stageName = words.count == 3 && words[1].lowercased() == "as" ? words[2] : nil
        isCached = useCache
        let wanted = words.first ?? ""
        if wanted == "scratch" {
            image = DemoImage(id: "", tags: [], layers: [], created: host.now)
        } else if let known = stages[wanted] {
            image = known
        } else if !pulls, let known = host.image(wanted) {
            image = known
        } else {
            let reference = DemoReference(wanted)
            do {
                guard reference.isValid else { throw DemoHost.Refusal.bad("invalid reference format") }
                let found = try DemoRegistry.find(reference)
                let new = DemoRegistry.image(reference, found, seed: host.seed, epoch: host.epoch)
                let plan = Router.pulling(new, reference, host)
                for message in plan.messages { messages.append(.init(at: time + message.at, json: message.json)) }
                time += plan.time + 50 * .millisecond
                image = new
                pulled.append(new)
            } catch {
                failure = ProgressJSON.error((error as? DemoHost.Refusal)?.message ?? "\(error)")
                return
            }
        }
        key = DemoImage.number(image.id + wanted)
        if !image.id.isEmpty { say(" ---> \(Self.short(image.id))\n") }
    }

    private func expanded(_ text: String) -> String {
        guard text.contains("$"), let line = try? ShellLine("echo \"" + text.replacing("\"", with: "\\\"") + "\"")
        else {
            return text
        }
        let environment = image.settings.environment
        return ShellLine.expand(line.pipelines.first?.commands.first?.words.last ?? text) { name in
            let known = environment.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
            return known ?? arguments[name] ?? ""
        }
    }

    private mutating func take(_ step: Dockerfile.Instruction, _ host: inout DemoHost) {
        let isCopy = step.name == "COPY" || step.name == "ADD"
        key = (key ^ DemoImage.number(step.text)) &* 0x9E37_79B9_7F4A_7C15
        if isCopy { for entry in tar.entries { key ^= DemoImage.number(entry.name) &+ UInt64(entry.size) &* 31 } }
        if isCopy, let missing = missingSource(step) {
            failure = ProgressJSON.error(
                "\(step.name) failed: file not found in build context or excluded by .dockerignore: stat \(missing): file does not exist"
            )
            return
        }
        let cached = isCached ? host.buildCache[key] : nil
        isCached = cached != nil
        var size = 0
        if let cached {
            say(" ---> Using cache\n")
            image = DemoImage(
                id: cached, tags: [], layers: image.layers, created: host.now, settings: image.settings)
            size = isCopy ? copied(step) : step.name == "RUN" ? 1_200_000 : 0
        } else {
            if step.name == "RUN" {
                guard let bytes = run(step, &host) else { return }
                size = bytes
            } else if isCopy {
                size = copied(step)
                time += Nanoseconds(min(size / 100_000, 500)) * .millisecond
            }
        }
        let id = cached ?? host.newImageID(key)
        var settings = image.settings
        let whole = Dockerfile.Instruction(
            line: step.line, name: step.name,
            rest: step.name == "CMD" || step.name == "ENTRYPOINT" ? step.rest : expanded(step.rest))
        if step.name == "ARG" { argument(step) } else { settings.change(by: whole) }
        var random = SplitMix(key)
        let layer = DemoImage.Layer(
            digest: size > 0 ? random.hex(64) : "",
            instruction: step.name == "RUN" ? "/bin/sh -c \(step.rest)" : "/bin/sh -c #(nop) \(step.text)", size: size,
            created: host.now, image: id)
        let parent = image.id
        image = DemoImage(id: id, tags: [], layers: image.layers + [layer], created: host.now, settings: settings)
        image.comment = ""
        image.parent = parent
        written += size
        steps.append((key, id))
        say(" ---> \(Self.short(id))\n")
    }

    /// Runs a step in the simulated shell; what that does not know is taken to do nothing, like a compiler.
    /// - Returns: bytes that it wrote; nil when it failed.
    private mutating func run(_ step: Dockerfile.Instruction, _ host: inout DemoHost) -> Int? {
        var random = SplitMix(key, UInt64(host.imagesMade))
        let container = random.hex(12)
        say(" ---> Running in \(container)\n")
        time += 200 * .millisecond
        let script = step.rest
        let words = script.split(separator: " ")
        let tools = [
            "apk", "apt-get", "apt", "npm", "pip", "go", "make", "cargo", "swift", "mvn", "dotnet", "yarn", "curl",
        ]
        if let tool = words.first(where: { tools.contains(String($0)) }) {
            for line in 1...6 {
                time += Nanoseconds(150 + random.below(250)) * .millisecond
                say(
                    "\(tool): (\(line)/6) \(["fetching", "resolving", "unpacking", "compiling", "linking", "done"][line - 1])\n"
                )
            }
        } else {
            var place = DemoContainer(
                index: -1, id: "build", name: "build",
                spec: Spec(
                    "build", image: "alpine", command: ["sh"], networks: [], writing: .words(first: [], again: []),
                    perSecond: 1),
                imageID: image.id, seed: key, created: host.now, anonymousVolume: nil)
            place.state = .running
            var scratch = host
            scratch.containers.append(place)
            scratch.byID["build"] = scratch.containers.count - 1
            var shell = DemoShell(
                container: place, environment: image.settings.environment + arguments.map { "\($0)=\($1)" },
                folder: image.settings.directory)
            let outcome = shell.run(script, &scratch)
            for piece in outcome.pieces {
                time += min(piece.after, 600 * .second)
                if !piece.text.isEmpty { say(String(decoding: piece.text.prefix(16 << 10), as: UTF8.self)) }
            }
            let code = outcome.exit ?? shell.code
            guard code == 0 else {
                let told = "The command '/bin/sh -c \(script)' returned a non-zero code: \(code)"
                failure = ProgressJSON.error(told, code: code)
                return nil
            }
        }
        time += 100 * .millisecond
        say("Removing intermediate container \(container)\n")
        return 1_200_000
    }

    private static func sources(_ step: Dockerfile.Instruction) -> [String] {
        guard !step.rest.contains("--from=") else { return [] }
        let words =
            step.rest.hasPrefix("[")
            ? (try? JSON.read(Array(step.rest.utf8)))?.texts ?? [] : step.rest.split(separator: " ").map(String.init)
        return words.filter { !$0.hasPrefix("--") }.dropLast().filter { !$0.contains("://") }
    }

    /// A source that is not in the context, as far as its names are known.
    private func missingSource(_ step: Dockerfile.Instruction) -> String? {
        guard !tar.isCut, !tar.isCompressed else { return nil }
        return Self.sources(step).first { source in
            let plain = TarScanner.plain(expanded(source))
            guard !plain.isEmpty, !plain.contains(where: { "*?[".contains($0) }) else { return false }
            return !tar.entries.contains { $0.name == plain || $0.name.hasPrefix(plain + "/") }
        }
    }

    /// Bytes that come out of the context.
    private func copied(_ step: Dockerfile.Instruction) -> Int {
        var bytes = 0
        for source in Self.sources(step) {
            let plain = TarScanner.plain(expanded(source))
            if plain.isEmpty || plain.contains("*") { return max(1, tar.contents) }
            for entry in tar.entries where entry.name == plain || entry.name.hasPrefix(plain + "/") {
                bytes += entry.size
            }
        }
        return max(1, bytes)
    }

    /// Takes what was made in, when it was read to its end.
    func finish(_ host: inout DemoHost) -> [JSON] {
        do {
            for image in pulled {
                try host.add(image)
                host.tell("image", "pull", actor: image.name, ["name": DemoReference(image.name).repository])
            }
            for (key, id) in steps where host.buildCache.count < 500 { host.buildCache[key] = id }
            host.buildCacheBytes += written
            if let failure { return [failure] }
            var made = image
            made.settings.labels.merge(labels) { $1 }
            made.tags = []
            guard !made.id.isEmpty else {
                return [ProgressJSON.error("No image was generated. Is your Dockerfile empty?")]
            }
            try host.add(made)
            var last: [JSON] = [
                ["aux": ["ID": .string(made.id)]], ProgressJSON.output("Successfully built \(Self.short(made.id))\n"),
            ]
            for tag in tags {
                try host.tag(made.id, as: tag)
                last.append(ProgressJSON.output("Successfully tagged \(tag.name)\n"))
            }
            return last
        } catch {
            return [ProgressJSON.error(error.message)]
        }
    }
}
