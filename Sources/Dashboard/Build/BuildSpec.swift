import EngineAPI

/// What is to be built, and how.
struct BuildSpec: Hashable, Sendable {
    /// Which program builds.
    enum Builder: String, CaseIterable, Sendable {
        /// The Engine's own, through its API.
        case classic
        /// BuildKit, through the docker client.
        case buildx

        var title: String {
            switch self {
            case .classic: "classic (Engine API)"
            case .buildx: "buildx"
            }
        }
    }

    /// The folder, as it was typed.
    var folder = ""
    /// The Dockerfile within it, or of elsewhere; empty is `Dockerfile`.
    var dockerfile = ""
    var tags: [String] = []
    var target = ""
    /// `NAME=VALUE`, or a name whose value this machine's environment has.
    var arguments: [String] = []
    var noCache = false
    var pulls = false
    var builder = Builder.classic

    /// What it is called: its first name, or the folder.
    var name: String { tags.first ?? folder }

    /// The docker command that does the same.
    var line: String {
        // From where one stands, as the docker client wants it.
        let beside = dockerfile.hasPrefix("/") || dockerfile.hasPrefix("~") || folder == "." || folder.isEmpty
        let path = beside ? dockerfile : folder.hasSuffix("/") ? folder + dockerfile : "\(folder)/\(dockerfile)"
        return ShellWords.joined(
            words(folder: folder.isEmpty ? "." : folder, dockerfile: dockerfile.isEmpty ? "" : path))
    }

    /// The words that are run with buildx: what a shell would have made of them, and what makes the output readable.
    var program: [String] {
        var words = words(
            folder: LocalPath.expanded(folder),
            dockerfile: dockerfile.isEmpty ? "" : LocalPath.joined(dockerfile, in: folder))
        words.insert(contentsOf: ["--progress=plain", "--load"], at: 3)
        return words
    }

    private func words(folder: String, dockerfile: String) -> [String] {
        var words = builder == .buildx ? ["docker", "buildx", "build"] : ["docker", "build"]
        for tag in tags { words += ["-t", tag] }
        if !dockerfile.isEmpty { words += ["-f", dockerfile] }
        if !target.isEmpty { words += ["--target", target] }
        for argument in arguments { words += ["--build-arg", argument] }
        if noCache { words.append("--no-cache") }
        if pulls { words.append("--pull") }
        return words + [folder]
    }

    /// What the Engine is told; arguments without a value take that of this machine's environment, if there is one.
    func options(dockerfile: String, environment: [String: String]) -> BuildOptions {
        var options = BuildOptions()
        options.dockerfile = dockerfile
        options.tags = tags
        options.target = target.isEmpty ? nil : target
        for argument in arguments {
            let name = String(argument.prefix { $0 != "=" })
            let value = argument.contains("=") ? String(argument.dropFirst(name.count + 1)) : environment[name]
            options.arguments[name] = .some(value)
        }
        options.noCache = noCache
        options.pulls = pulls
        return options
    }
}
