import Glibc
import Terminal

/// A theme, and what could not be used of its file.
public struct LoadedTheme: Sendable {
    /// The theme.
    public let theme: Theme
    /// Each with file and line.
    public let mistakes: [String]
    /// Whether it is the person's own.
    public let isOwn: Bool
}

/// The folder of a person's own themes: `NAME.yaml` each.
///
/// One that has the name of a theme of ours is taken in its place, and may start from it.
public struct ThemeFolder: Sendable {
    /// Where it is; it need not be there.
    public let path: String

    /// A folder at a path.
    public init(path: String) { self.path = path }

    /// The folder `themes` in Gantry's folder of configuration, if the environment tells where that is.
    public static var standard: ThemeFolder? { PersonalFile.themes.map { ThemeFolder(path: $0) } }

    /// More themes than these are not offered.
    private static let bound = 100
    /// How many themes may start one from the other.
    private static let deepest = 8

    /// The theme of a name: the person's own, or one that comes with the program.
    public static func theme(_ name: String, in folder: ThemeFolder?) -> LoadedTheme? {
        var mistakes: [String] = []
        return find(name, folder, depth: 0, &mistakes).map {
            LoadedTheme(theme: $0.theme, mistakes: mistakes, isOwn: $0.isOwn)
        }
    }

    /// That there is no theme of a name, and which there are.
    public static func absence(of name: String, in folder: ThemeFolder?) -> String {
        let own = folder.map { "; your own are looked for in \($0.path)" } ?? ""
        return "there is no theme “\(name)”; there are: \(Theme.builtIn.joined(separator: ", "))\(own)"
    }

    /// All of the person's own, in the order of their names. It reads files.
    func all() -> [LoadedTheme] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < Self.bound, let entry = readdir(directory) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if file.hasSuffix(".yaml"), Self.isName(String(file.dropLast(5))) { names.append(String(file.dropLast(5))) }
        }
        return names.sorted().compactMap { Self.theme($0, in: self) }
    }

    private static func isName(_ name: String) -> Bool { !name.isEmpty && name.first != "." && !name.contains("/") }

    private static func find(
        _ name: String, _ folder: ThemeFolder?, depth: Int, _ mistakes: inout [String]
    ) -> (theme: Theme, isOwn: Bool)? {
        guard let folder, isName(name), let text = folder.text(of: name, &mistakes) else {
            return Theme.named(name).map { ($0, false) }
        }
        let file = ThemeFile(text)
        func note(_ mistake: Theme.Mistake) {
            mistakes.append("\(folder.path)/\(name).yaml, \(mistake)")
        }
        file.mistakes.forEach(note)
        // Without a word about it, it starts from ours: a file of some roles is a theme.
        let (baseName, line) = file.base ?? ("dark", 0)
        var base: Theme?
        if baseName == name {
            base = Theme.named(name)
            if base == nil { note(.init(line: line, reason: "it cannot start from itself")) }
        } else if depth < deepest {
            base = find(baseName, folder, depth: depth + 1, &mistakes)?.theme
            if base == nil { note(.init(line: line, reason: "there is no theme “\(baseName)” to start from")) }
        } else {
            note(.init(line: line, reason: "too many themes start one from the other"))
        }
        return (file.theme(name: name, from: base ?? Theme.named("dark")), true)
    }

    /// What stands in the file of a name; nil when there is none.
    private func text(of name: String, _ mistakes: inout [String]) -> String? {
        let file = "\(path)/\(name).yaml"
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno != ENOENT, errno != ENOTDIR { mistakes.append("\(file): \(String(cString: strerror(errno)))") }
            return nil
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: ThemeFile.mostBytes + 1)
        var length = 0
        while length < bytes.count {
            let room = bytes.count - length
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + length }, room)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 {
                mistakes.append("\(file): \(String(cString: strerror(errno)))")
                return nil
            }
            if count == 0 { break }
            length += count
        }
        if length > ThemeFile.mostBytes {
            mistakes.append("\(file): too large for a theme: only its first \(ThemeFile.mostBytes) bytes are read")
            length = ThemeFile.mostBytes
        }
        return String(decoding: bytes[..<length], as: UTF8.self)
    }
}
