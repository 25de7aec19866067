import FoundationEssentials
import NIOCore
import NIOHTTP1

/// A request to an Engine, before it is bytes.
struct Request: Sendable {
    var method: HTTPMethod
    /// The parts of the path; each is percent-encoded.
    var path: [String]
    var query: [(String, String)]
    /// Whether the negotiated API version stands before the path.
    var versioned: Bool
    /// What else stands in the head.
    var headers: [(String, String)]
    /// Whom it may keep waiting.
    var queue = Queue.usual

    /// Requests that wait for each other when there are too many at once.
    enum Queue: Sendable {
        /// Those that ask, and apart from them those that act.
        case usual
        /// Those that ask for figures, of an Engine that has them at hand.
        case figures
        /// The same where the Engine takes a second for each: many go on at once.
        case slowFigures
    }

    /// JSON; nil sends none.
    var body: [UInt8]?
    /// What is sent along instead, while it is read.
    var upload: Upload?

    init(
        _ method: HTTPMethod, _ path: [String], query: [(String, String)] = [], versioned: Bool = true,
        headers: [(String, String)] = [], upload: Upload? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.versioned = versioned
        self.headers = headers
        self.upload = upload
    }

    /// `/v1.41/containers/json?all=1`.
    func uri(version: APIVersion?) -> String {
        var uri = ""
        if versioned, let version { uri += "/v\(version)" }
        for part in path { uri += "/" + Self.encode(part) }
        for (index, (name, value)) in query.enumerated() {
            uri += "\(index == 0 ? "?" : "&")\(Self.encode(name))=\(Self.encode(value))"
        }
        return uri
    }

    /// What is being done, for messages: `POST /containers/abc/stop`.
    var summary: String { "\(method.rawValue) /\(path.joined(separator: "/"))" }

    /// Percent-encodes all but letters, digits and `-._~:` (which is at home in image names and harmless in paths).
    static func encode(_ text: String) -> String {
        // A part that is . or .. would climb about in the path.
        if text == "." || text == ".." { return text.replacing(".", with: "%2E") }
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF")
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}

/// A whole answer.
struct Answer: Sendable {
    var head: HTTPResponseHead
    var body: ByteBuffer

    var bytes: [UInt8] { Array(buffer: body) }
}

/// The `filters` of lists: a JSON object of lists.
enum Filters {
    static func encode(_ filters: [String: [String]]) throws -> String {
        do {
            return String(decoding: try JSONEncoder().encode(filters), as: UTF8.self)
        } catch {
            throw EngineError.malformed("filters that JSON cannot hold")
        }
    }
}
