extension SettingsFile {
    /// A `config.yaml` with every setting as Gantry has it by itself, and all commands with their keys as comments: what
    /// stands there replaces what a preset says.
    public static func defaults() -> String {
        var lines = [
            "# Gantry's settings as they are without this file. What is left out stays as it is;",
            "# gantry config tells what is wrong.",
        ]
        let settings = Settings()
        var sections: [String] = []
        for setting in Setting.all where !sections.contains(setting.section) { sections.append(setting.section) }
        for section in sections {
            let indent = section.contains(".") ? "  " : ""
            lines.append("")
            if !indent.isEmpty { lines.append(section.dropLast() + ":") }
            for setting in Setting.all where setting.section == section {
                lines.append("\(indent)# \(setting.title)\(setting.choices)")
                let name = setting.path.dropFirst(indent.isEmpty ? 0 : section.count)
                lines.append("\(indent)\(name): \(setting.read(settings).written)")
            }
            if section == "keys." { lines += Self.keyLines(indent) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func keyLines(_ indent: String) -> [String] {
        var lines = [
            "\(indent)# Each command may have a key, a list of keys, or none. Keys with a space between them are pressed",
            "\(indent)# one after the other: [g, ctrl-x k]. Take away the # in front of what you change.",
        ]
        for command in Command.all {
            let keys = command.keys.map { YAMLNode.written(KeySequence($0).name) }
            let value = keys.count == 1 ? keys[0] : "[\(keys.joined(separator: ", "))]"
            lines.append(indent + "#\(command.id): \(value)".padded(44) + "  # \(command.title)")
        }
        return lines
    }
}

extension Setting {
    /// `log.` of `log.lines`; the path itself of what stands in no section.
    fileprivate var section: String { path.firstIndex(of: ".").map { String(path[...$0]) } ?? path }

    /// What may be written, where that is not plain to see.
    fileprivate var choices: String {
        switch kind {
        case .choice(let names), .several(let names): ": \(names.joined(separator: ", "))"
        case .number(let range): " (\(range.lowerBound) to \(range.upperBound))"
        case .flag, .text, .pairs: ""
        }
    }
}

extension Setting.Value {
    /// As YAML.
    var written: String {
        switch self {
        case .flag(let on): on ? "true" : "false"
        case .number(let number): String(number)
        case .text(let text): YAMLNode.written(text)
        case .names(let names): "[\(names.map { YAMLNode.written($0) }.joined(separator: ", "))]"
        case .pairs(let pairs) where pairs.isEmpty: "{}"
        case .pairs(let pairs):
            pairs.sorted { $0.key < $1.key }
                .map { "\n  \(YAMLNode.written($0.key)): \(YAMLNode.written($0.value))" }.joined()
        }
    }
}
