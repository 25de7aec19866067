/// What a `.dockerignore` says: which files of a folder are not sent.
///
/// As Docker has it: the last line that is about a file, or about a folder that it is in, decides.
public struct IgnoreRules: Hashable, Sendable {
    /// For each pattern: whether it is about something, or about a folder that it is in.
    typealias Matches = [Bool]

    private(set) var patterns: [IgnorePattern] = []

    /// Ignores nothing.
    public init() {}

    /// Reads the lines of a `.dockerignore`.
    /// - Throws: `ArchiveError` with the line that is wrong.
    public init(_ text: String) throws(ArchiveError) {
        var text = Substring(text)
        if text.first == "\u{FEFF}" { text.removeFirst() }
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.hasPrefix("#") { continue }
            let line = Self.trim(line)
            guard !line.isEmpty else { continue }
            do { patterns.append(try IgnorePattern(line)) } catch {
                throw ArchiveError("line \(index + 1): \(line): \(error.message)")
            }
        }
    }

    /// Keeps one file, whatever stands before.
    mutating func keep(_ name: [UInt8]) {
        patterns.append(IgnorePattern(literal: name, isException: true))
    }

    /// Nothing is known about the folder that all is in.
    var none: Matches { Matches(repeating: false, count: patterns.count) }

    /// Whether something is left out, and which patterns are about it; `above` are those of the folder it is in.
    func judge(_ name: [UInt8], in above: Matches) -> (ignored: Bool, matches: Matches) {
        guard !patterns.isEmpty else { return (false, above) }
        let text = Array(String(decoding: name, as: UTF8.self).unicodeScalars)
        var matches = above
        var ignored = false
        for (index, pattern) in patterns.enumerated() {
            matches[index] = above[index] || pattern.matches(text)
            if matches[index] { ignored = !pattern.isException }
        }
        return (ignored, matches)
    }

    /// Whether a file is left out, by its name below the folder.
    public func ignores(_ name: String) -> Bool {
        var (above, ignored, path) = (none, false, [UInt8]())
        for part in name.utf8.split(separator: UInt8(ascii: "/")) {
            path = path.appending(path: Array(part))
            (ignored, above) = judge(path, in: above)
        }
        return ignored
    }

    /// Whether an exception may be about something in a folder that is left out.
    func mayKeepSomething(in folder: [UInt8]) -> Bool {
        let folder = Array(String(decoding: folder, as: UTF8.self).unicodeScalars)
        return patterns.contains { $0.isException && $0.mayMatch(below: folder) }
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
