/// A value of a YAML text, and where it begins.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// What is not quoted may be a number or a word such as `true`; nothing at all is an empty text without quotes.
        case scalar(String, isQuoted: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        /// Where the key begins.
        let place: TextPlace
        let value: YAMLNode
    }

    let content: Content
    let place: TextPlace

    /// Whether nothing was written.
    var isNothing: Bool {
        if case .scalar("", isQuoted: false) = content { true } else { false }
    }

    /// A text as YAML: in quotes where it would mean something else without.
    static func written(_ text: String) -> String {
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
            default: false
            }
        }
        func isPlainInside(_ byte: UInt8) -> Bool {
            isPlain(byte) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
        let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        if let first = text.utf8.first, isPlain(first), text.utf8.allSatisfy(isPlainInside),
            !words.contains(text.lowercased())
        {
            return text
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
