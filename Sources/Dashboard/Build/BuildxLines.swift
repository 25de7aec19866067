import EngineAPI

/// What `docker buildx build --progress=plain` prints, with its steps told as the classic builder tells them.
struct BuildxLines {
    /// A line that does not end is taken as one when it is so long.
    private static let longest = 16 << 10

    private var open: [UInt8] = []
    /// The steps by the numbers that their lines begin with.
    private var steps: [Substring: String] = [:]
    /// The last line that says that something went wrong.
    private(set) var failure: String?

    /// Takes what has been printed.
    /// - Returns: whole lines of it.
    mutating func take(_ bytes: [UInt8]) -> String {
        open += bytes
        guard let end = open.lastIndex(of: UInt8(ascii: "\n")) ?? (open.count > Self.longest ? open.count - 1 : nil)
        else { return "" }
        let lines = String(decoding: open[...end], as: UTF8.self)
        open.removeSubrange(...end)
        var text = ""
        for line in lines.split(whereSeparator: \.isNewline) { text += take(line) + "\n" }
        return text
    }

    /// What is still open at the end.
    mutating func finish() -> String { open.isEmpty ? "" : take([UInt8(ascii: "\n")]) }

    private mutating func take(_ line: Substring) -> String {
        if line.hasPrefix("ERROR: ") { failure = String(line.dropFirst(7)) }
        guard line.hasPrefix("#"), let blank = line.firstIndex(of: " ") else { return String(line) }
        let number = line[line.index(after: line.startIndex)..<blank]
        let rest = line[line.index(after: blank)...]
        if rest.hasPrefix("ERROR: ") {
            failure = failure ?? String(rest.dropFirst(7))
            // Several steps run at once: the one that failed is told again, so that it is the last.
            return (steps[number].map { $0 + "\n" } ?? "") + rest
        }
        guard let step = Self.step(rest) else { return String(line) }
        if steps[number] == step { return "" }
        steps[number] = step
        return step
    }

    /// `Step 2/3 : [build] RUN make` for `[build 2/3] RUN make`.
    private static func step(_ text: Substring) -> String? {
        guard text.hasPrefix("["), let end = text.firstIndex(of: "]") else { return nil }
        let words = text[text.index(after: text.startIndex)..<end].split(separator: " ")
        guard let count = words.last?.split(separator: "/"), count.count == 2, let number = Int(count[0]),
            let of = Int(count[1])
        else { return nil }
        let stage = words.count > 1 ? "[\(words[0])] " : ""
        return "Step \(number)/\(of) : \(stage)\(text[text.index(after: end)...].drop { $0 == " " })"
    }
}
