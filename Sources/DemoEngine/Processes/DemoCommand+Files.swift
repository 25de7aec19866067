// The commands that look at files and change them.
extension DemoCommand {
    mutating func list(_ host: DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        let paths = operands.isEmpty ? ["."] : operands
        for (index, text) in paths.enumerated() {
            let path = DemoHost.resolved(shell.path(text), in: files)
            guard let file = files[path] else {
                fail("ls: \(text): No such file or directory")
                continue
            }
            if paths.count > 1 { say((index > 0 ? "\n" : "") + "\(text):") }
            guard file.isFolder, !has("d") else {
                say(has("l") ? Self.line(file, text) : text)
                continue
            }
            let names = DemoHost.names(in: path, of: files).filter { has("a") || !$0.hasPrefix(".") }
            if has("l") {
                say("total \(names.count * 4)")
                for name in names { if let file = files[path + "/" + name] { say(Self.line(file, name)) } }
            } else if let size = shell.size, !has("1") {
                columns(names, width: size.width)
            } else {
                for name in names { say(name) }
            }
        }
    }

    private static func line(_ file: DemoFile, _ name: String) -> String {
        let size = String(file.size)
        let time = file.time.rfc3339.prefix(16).replacing("T", with: " ")
        let link = if case .link(let target) = file.kind { " -> " + target } else { "" }
        return
            "\(file.permissions)    1 root     root     \(String(repeating: " ", count: max(0, 9 - size.count)))\(size) \(time) \(name)\(link)"
    }

    private mutating func columns(_ names: [String], width: Int) {
        guard let longest = names.map(\.count).max() else { return }
        let perLine = max(1, width / (longest + 2))
        var rest = names[...]
        while !rest.isEmpty {
            let line = rest.prefix(perLine)
            rest = rest.dropFirst(line.count)
            say(
                line.dropLast().map { $0 + String(repeating: " ", count: longest + 2 - $0.count) }.joined()
                    + (line.last ?? ""))
        }
    }

    mutating func filter(_ host: DemoHost, _ container: DemoContainer) {
        var operands = operands
        let pattern = name == "grep" && !operands.isEmpty ? operands.removeFirst() : ""
        var count = 10
        if name == "head" || name == "tail" {
            if let index = arguments.firstIndex(of: "-n"), index + 1 < arguments.count {
                count = Int(arguments[index + 1]) ?? 10
                operands.removeAll { $0 == arguments[index + 1] }
            } else if let short = arguments.first(where: { Int($0.dropFirst()) != nil && $0.hasPrefix("-") }) {
                count = Int(short.dropFirst()) ?? 10
            }
        }
        var bytes = input
        if !operands.isEmpty {
            bytes = []
            let files = host.files(of: container)
            for text in operands where text != "-" {
                guard let file = files[DemoHost.resolved(shell.path(text), in: files)] else {
                    fail("\(name): can't open '\(text)': No such file or directory")
                    continue
                }
                if file.isFolder { fail("\(name): read error: Is a directory") } else { bytes += file.data }
            }
        }
        guard name != "cat" else {
            output += bytes.prefix(DemoShell.outputLimit)
            return
        }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        switch name {
        case "head": lines = Array(lines.prefix(max(0, count)))
        case "tail": lines = lines.suffix(max(0, count))
        case "sort": lines.sort { $0.lexicographicallyPrecedes($1) }
        case "grep":
            let inverted = has("v")
            lines = lines.filter { String(decoding: $0, as: UTF8.self).contains(pattern) != inverted }
            code = lines.isEmpty ? 1 : 0
        default:
            let counts = [
                ("l", lines.count), ("w", bytes.split { $0 == 0x20 || $0 == 0x0A }.count), ("c", bytes.count),
            ]
            let asked = counts.filter { has(Character($0.0)) }
            return say((asked.isEmpty ? counts : asked).map { String($0.1) }.joined(separator: " "))
        }
        for line in lines { say(String(decoding: line, as: UTF8.self)) }
    }

    mutating func change(_ host: inout DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        if name == "cp" || name == "mv" {
            guard operands.count == 2 else { return fail("\(name): missing file operand") }
            let from = DemoHost.resolved(shell.path(operands[0]), in: files)
            guard let file = files[from], file.isFile else {
                return fail("\(name): can't stat '\(operands[0])': No such file or directory")
            }
            var to = shell.path(operands[1])
            if files[to]?.isFolder == true { to += "/" + (from.split(separator: "/").last ?? "") }
            host.write(file, to: to, of: container)
            if name == "mv" { host.removeFile(from, of: container) }
            return
        }
        for text in operands {
            let path = shell.path(text)
            let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            let known = files[path]
            switch name {
            case "touch", "mkdir":
                if known != nil {
                    if name == "mkdir", !has("p") { fail("mkdir: can't create directory '\(text)': File exists") }
                } else if files[folder]?.isFolder == true || has("p") {
                    host.write(
                        name == "touch" ? DemoFile([], time: host.now) : .folder(host.now), to: path, of: container)
                } else {
                    fail("\(name): \(text): No such file or directory")
                }
            default:
                if path.isEmpty {
                    fail("rm: can't remove '/': it is what this demo stands on")
                } else if known == nil {
                    if !has("f") { fail("rm: can't remove '\(text)': No such file or directory") }
                } else if known?.isFolder == true, !has("r"), !has("R") {
                    fail("rm: '\(text)' is a directory")
                } else {
                    host.removeFile(path, of: container)
                }
            }
        }
    }

    mutating func which(_ host: DemoHost, _ container: DemoContainer) {
        let files = host.files(of: container)
        for text in operands {
            if let path = Self.find(text, in: files) { say(path) } else { code = 127 }
        }
    }

    /// Where a program is.
    static func find(_ name: String, in files: [String: DemoFile]) -> String? {
        if name.contains("/") {
            let path = DemoHost.plain(name)
            return files[DemoHost.resolved(path, in: files)]?.isFile == true ? path : nil
        }
        return ["/usr/local/bin", "/usr/bin", "/bin", "/sbin"].map { $0 + "/" + name }.first { files[$0] != nil }
    }
}
