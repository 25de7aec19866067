import EngineAPI
import Terminal

/// A new volume.
enum VolumeForm {
    static let id = "volume"

    static func make() -> Form {
        Form(
            id: id, title: "Create a volume",
            fields: [
                .init(id: "name", label: "name", hint: "none: an anonymous one, the Engine makes a name up"),
                .init(
                    id: "driver", label: "driver", hint: "local",
                    completes: .words { _, state in state.engine.info?.volumeDrivers ?? [] }, tabCompletes: true),
                .init(
                    id: "options", label: "options", kind: .lines,
                    hint: "KEY=VALUE of the driver: type=tmpfs, device=tmpfs, o=size=100m"),
                .init(id: "labels", label: "labels", kind: .lines, hint: "KEY=VALUE"),
            ],
            buttons: [.init(id: "create", title: "create", key: .ctrl("r"))],
            behaviour: Form.Behaviour(check: check, command: { job($0).docker }, press: press))
    }

    private static func job(_ form: Form) -> CreateVolumeJob {
        var creation = VolumeCreation(name: form["name"].first)
        creation.driver = form["driver"].first
        func pairs(_ id: String) -> [String: String] {
            Dictionary(form[id].map { pair($0) }) { $1 }
        }
        creation.options = pairs("options")
        creation.labels = pairs("labels")
        return CreateVolumeJob(creation: creation)
    }

    private static func pair(_ text: String) -> (String, String) {
        let key = text.prefix { $0 != "=" }
        return (String(key), String(text.dropFirst(key.count + 1)))
    }

    // MARK: What is wrong

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        let isLocal = ["", "local"].contains(form["driver"].first ?? "")
        if let name = form["name"].first {
            if let volume = state.engine.volumes[name] {
                form.say("there is a volume of that name already (\(volume.driver))", at: "name")
            } else if isLocal, let problem = problem(withName: name) {
                form.say(problem, at: "name")
            }
        }
        if let driver = form["driver"].first, let known = state.engine.info?.volumeDrivers, !known.isEmpty,
            !known.contains(driver)
        {
            // Not all are listed before they are used for the first time.
            form.note("the Engine lists \(known.joined(separator: ", ")) only", at: "driver")
        }
        for (id, needsValue) in [("options", true), ("labels", false)] { checkPairs(&form, id, needsValue) }
        // What Docker's own driver takes is known; Podman's takes more.
        if isLocal, state.engine.version?.isPodman != true { checkLocalOptions(&form) }
    }

    /// What is wrong with the name of a local volume.
    static func problem(withName name: String) -> String? {
        let isFine = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "_.-".unicodeScalars.contains(scalar))
        }
        if !isFine { return "only letters, digits, _ . and - can be in it" }
        if let first = name.first, "_.-".contains(first) { return "it has to begin with a letter or a digit" }
        if name.utf8.count < 2 { return "two characters at least" }
        return name.utf8.count > 255 ? "255 characters at most" : nil
    }

    private static func checkPairs(_ form: inout Form, _ id: String, _ needsValue: Bool) {
        var seen: Set<String> = []
        for (index, text) in form.lines(of: id).enumerated() where !text.isEmpty {
            let (key, _) = pair(text)
            let problem: String? =
                if key.isEmpty { "a name is missing before the =" } else if needsValue, !text.contains("=") {
                    "“\(text)” has no value: KEY=VALUE"
                } else if key.contains(where: \.isWhitespace) {
                    "“\(key)” cannot be a name: KEY=VALUE"
                } else if !seen.insert(key).inserted { "\(key) is said twice" } else { nil }
            if let problem { return form.say(problem, at: id, line: index) }
        }
    }

    private static let localOptions = ["type", "device", "o", "size"]

    private static func checkLocalOptions(_ form: inout Form) {
        guard form.fields.first(where: { $0.id == "options" })?.error == nil else { return }
        let lines = form.lines(of: "options").enumerated().filter { !$0.element.isEmpty }.map { ($0, pair($1).0) }
        let keys = Set(lines.map(\.1))
        for (index, key) in lines {
            if !localOptions.contains(key) {
                return form.say(
                    "the local driver has no option \(key): \(localOptions.joined(separator: ", "))", at: "options",
                    line: index)
            }
            // Each of them means nothing without the others.
            let needed = key == "type" ? ["device"] : key == "device" ? ["type"] : key == "o" ? ["type", "device"] : []
            let missing = needed.filter { !keys.contains($0) }
            if !missing.isEmpty {
                return form.say(
                    "\(key) goes with \(missing.joined(separator: " and ")) only: add \(missing.map { "\($0)=…" }.joined(separator: ", "))",
                    at: "options", line: index)
            }
        }
    }

    @Sendable private static func press(_ button: String, _ state: inout State) -> [Effect] {
        guard let form = state.form, !state.refuses(form) else { return [] }
        return state.start(job(form), form: form)
    }
}
