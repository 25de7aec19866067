extension RunSpec {
    /// The docker command that does the same.
    func words(verb: [String] = ["docker", "run", "-d"]) -> [String] {
        var words = verb
        func add(_ flag: String, _ value: String) { if !value.isEmpty { words += [flag, value] } }
        add("--name", name)
        if interactive, tty {
            words.append("-it")
        } else if interactive || tty {
            words.append(interactive ? "-i" : "-t")
        }
        if autoRemove { words.append("--rm") }
        for port in ports { add("-p", port.text) }
        if publishAll { words.append("-P") }
        for mount in mounts { add(mount.isLong ? "--mount" : "-v", mount.text) }
        for variable in environment { add("-e", variable) }
        for file in environmentFiles { add("--env-file", file) }
        add("--network", network)
        for alias in aliases { add("--network-alias", alias) }
        add("--restart", restart.text)
        if let memory { add("-m", RunText.text(bytes: memory)) }
        if let nanoCPUs { add("--cpus", RunText.text(nanoCPUs: nanoCPUs)) }
        for label in labels { add("-l", label) }
        add("-h", hostname)
        add("-u", user)
        add("-w", workdir)
        for option in options { words += option.words }
        if let entrypoint { words.append("--entrypoint=\(entrypoint)") }
        if !image.isEmpty { words.append(image) }
        return words + command
    }

    /// The docker command line that runs it, or only creates it.
    func line(creating: Bool = false) -> String {
        ShellWords.joined(words(verb: creating ? ["docker", "create"] : ["docker", "run", "-d"]))
    }

    /// The same for a person's eyes and the journal: without what looks like a secret.
    func shownLine(creating: Bool = false) -> String {
        ShellWords.joined(Secrets.masked(words(verb: creating ? ["docker", "create"] : ["docker", "run", "-d"])))
    }

    /// The texts of the fields.
    var draft: RunDraft {
        var draft = RunDraft()
        draft.set(.image, image)
        draft.set(.name, name)
        draft.set(.command, ShellWords.joined(command))
        if let entrypoint { draft.set(.entrypoint, ShellWords.quoted(entrypoint)) }
        draft.set(.user, user)
        draft.set(.workdir, workdir)
        draft[.environment] = environment
        draft[.environmentFiles] = environmentFiles
        draft[.ports] = ports.map(\.text)
        draft[.publishAll] = publishAll ? ["true"] : []
        draft[.mounts] = mounts.map(\.text)
        draft.set(.network, network)
        draft[.aliases] = aliases
        draft.set(.restart, restart.name)
        draft.set(.retries, restart.retries.map(String.init) ?? "")
        draft.set(.memory, memory.map(RunText.text(bytes:)) ?? "")
        draft.set(.cpus, nanoCPUs.map(RunText.text(nanoCPUs:)) ?? "")
        draft[.labels] = labels
        draft.set(.hostname, hostname)
        draft[.autoRemove] = autoRemove ? ["true"] : []
        draft[.interactive] = interactive ? ["true"] : []
        draft[.tty] = tty ? ["true"] : []
        draft[.more] = options.map { ShellWords.joined($0.words) }
        return draft
    }
}

extension RunSpec.Restart {
    var text: String { name + (retries.map { ":\($0)" } ?? "") }
}
