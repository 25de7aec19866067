import Terminal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Paths of this machine as a person types them.
enum LocalPath {
    /// With the person's home in the place of `~`.
    static func expanded(_ path: String) -> String { FileWriting.absolute(path) }

    /// A path as it is meant when it is typed beside a folder.
    static func joined(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") || path == "~" || path.hasPrefix("~/") { return expanded(path) }
        let folder = expanded(folder)
        return folder.isEmpty || folder == "." ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    /// The last part; nil when there is none that a file could have.
    static func name(of path: String) -> String? {
        guard let last = path.split(separator: "/").last, last != ".", last != ".." else { return nil }
        return String(last)
    }

    /// The folder whose names complete a path: all up to the last slash.
    static func folder(completing text: String, in base: String = "") -> String {
        let typed = text.lastIndex(of: "/").map { String(text[...$0]) } ?? ""
        let folder = typed.isEmpty ? expanded(base) : joined(typed, in: base)
        return folder.isEmpty ? "." : folder
    }

    /// What a path may go on as, folders with a slash behind them. Hidden names only when a dot was typed.
    static func completions(
        of text: String, in base: String = "", onlyFolders: Bool = false, _ local: LocalKnowledge
    ) -> [String] {
        guard let entries = local.entries(of: folder(completing: text, in: base)) else { return [] }
        let typed = text.lastIndex(of: "/").map { String(text[...$0]) } ?? ""
        let start = text.dropFirst(typed.count)
        return entries.compactMap { entry in
            guard entry.name.hasPrefix(start), entry.isFolder || !onlyFolders else { return nil }
            if entry.name.hasPrefix("."), !start.hasPrefix(".") { return nil }
            // What no field can hold is not offered: it would be another name.
            guard Sanitiser.clean(entry.name) == entry.name else { return nil }
            return typed + entry.name + (entry.isFolder ? "/" : "")
        }
    }

    /// What is common to the beginnings of all.
    static func commonBeginning(_ texts: [String]) -> String {
        guard var common = texts.first.map({ Substring($0) }) else { return "" }
        for text in texts.dropFirst() {
            while !text.hasPrefix(common) { common.removeLast() }
        }
        return String(common)
    }
}
