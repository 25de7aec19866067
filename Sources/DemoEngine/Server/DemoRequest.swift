import EngineAPI
import FoundationEssentials

/// A request, taken apart. Whatever a client sends becomes one of these, or nil.
struct DemoRequest: Sendable {
    var method: String
    /// The path's parts without the version, decoded.
    var path: [String]
    /// The version before the path; nil when there is none.
    var version: APIVersion?
    /// What came behind the head, as far as anybody reads it.
    var body: [UInt8] = []
    /// What was read of a tar that came instead.
    var tar: TarScanner?
    private var query: [String: [String]]

    init(method: String, uri: String) {
        self.method = method
        let halves = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var parts = (halves.first ?? "").split(separator: "/")
        if let first = parts.first, first.hasPrefix("v"), let version = APIVersion(String(first.dropFirst())) {
            self.version = version
            parts.removeFirst()
        }
        path = parts.map { Self.decoded($0, plusIsSpace: false) }
        query = [:]
        for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : ""
            query[Self.decoded(sides[0], plusIsSpace: true), default: []].append(value)
        }
    }

    /// The path as the rules of faults have it.
    var plainPath: String { "/" + path.joined(separator: "/") }

    subscript(name: String) -> String? { query[name]?.last }
    /// All values of a name that may come several times.
    func values(_ name: String) -> [String] { query[name] ?? [] }

    /// Reads the tar that such a request brings; nil for all others.
    var scanner: TarScanner? {
        switch (method, plainPath) {
        case ("POST", "/build"):
            let name = Router.dockerfile(self)
            return TarScanner { $0 == name }
        case ("POST", "/images/load"): return TarScanner { $0.hasSuffix(".json") || $0.hasPrefix("blobs/") }
        case ("POST", "/images/create") where self["fromSrc"] != nil: return TarScanner { _ in false }
        case ("PUT", _) where path.last == "archive": return TarScanner { _ in true }
        default: return nil
        }
    }

    /// As the Engine reads it: absent, empty, `0`, `no`, `false` and `none` are false.
    func flag(_ name: String) -> Bool {
        guard let value = self[name]?.lowercased() else { return false }
        return !["", "0", "no", "false", "none"].contains(value)
    }

    /// A number; nil when absent.
    func number(_ name: String) throws(DemoHost.Refusal) -> Int? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard let number = Int(text) else { throw .bad("strconv.Atoi: parsing \"\(text)\": invalid syntax") }
        return number
    }

    /// A moment; nil when absent, empty or zero, which means that there is no limit.
    func time(_ name: String) throws(DemoHost.Refusal) -> Nanoseconds? {
        guard let text = self[name], !text.isEmpty, text != "0" else { return nil }
        guard let time = Nanoseconds(timestamp: text) else {
            throw .bad("failed to parse value as time or duration: \"\(text)\"")
        }
        return time
    }

    /// The filters, `{"name":["a"]}` or as old clients have it `{"name":{"a":true}}`.
    func filters(allowing names: Set<String>) throws(DemoHost.Refusal) -> [String: [String]] {
        guard let text = self["filters"], !text.isEmpty else { return [:] }
        let data = Data(text.utf8)
        var filters: [String: [String]] = [:]
        if let lists = try? JSONDecoder().decode([String: [String]].self, from: data) {
            filters = lists
        } else if let sets = try? JSONDecoder().decode([String: [String: Bool]].self, from: data) {
            filters = sets.mapValues { $0.keys.sorted() }
        } else {
            throw .bad("invalid filter")
        }
        for name in filters.keys.sorted() where !names.contains(name) { throw .bad("invalid filter '\(name)'") }
        return filters.filter { !$0.value.isEmpty }
    }

    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(digit),
                let low = rest.dropFirst().first.flatMap(digit)
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// How a request is answered.
enum DemoReply: Sendable {
    case json(JSON)
    /// JSON of something that was made: 201.
    case made(JSON)
    /// JSON that was written already.
    case written([UInt8])
    case text(String)
    /// A status without a body.
    case status(Int)
    /// The status comes when something has happened.
    case after(DemoHost.Wait, status: Int)
    case stream(any DemoStream, type: String)
    /// A stream with more in its head.
    case file(any DemoStream, type: String, headers: [(String, String)])
    /// Nothing but a head.
    case head(Int, [(String, String)])
    /// A conversation: the connection stops speaking HTTP.
    case session(any DemoSession, hasTerminal: Bool)
    case refusal(DemoHost.Refusal)
}

/// An answer in pieces. It is asked for the next piece only when the client has taken the last.
protocol DemoStream: Sendable {
    /// What there is by now. An empty piece means: ask again later, or when something has happened.
    mutating func next(_ host: inout DemoHost) -> DemoPiece
}

struct DemoPiece: Sendable {
    var bytes: [UInt8] = []
    /// When to ask again; nil after the last piece.
    var again: Nanoseconds?
}
