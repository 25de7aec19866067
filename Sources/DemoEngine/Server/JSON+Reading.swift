import FoundationEssentials

/// JSON that came with a request: members are sorted.
extension JSON: Decodable {
    private struct FieldName: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let fields = try? decoder.container(keyedBy: FieldName.self) {
            self = .object(
                try fields.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
                    ($0.stringValue, try fields.decode(JSON.self, forKey: $0))
                })
            return
        }
        if var elements = try? decoder.unkeyedContainer() {
            var list: [JSON] = []
            while !elements.isAtEnd { list.append(try elements.decode(JSON.self)) }
            self = .array(list)
            return
        }
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Int.self) {
            self = .int(number)
        } else if let number = try? value.decode(UInt64.self) {
            self = .unsigned(number)
        } else if let number = try? value.decode(Double.self) {
            self = .int(Int(exactly: number.rounded()) ?? 0)
        } else {
            self = .string(try value.decode(String.self))
        }
    }

    /// Reads the body of a request; none is an empty object.
    static func read(_ body: [UInt8], limit: Int = 256 << 10) throws(DemoHost.Refusal) -> JSON {
        guard !body.isEmpty else { return .object([]) }
        guard body.count <= limit, let json = try? JSONDecoder().decode(JSON.self, from: Data(body)) else {
            throw .bad("invalid JSON: the body cannot be read")
        }
        return json
    }

    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    var members: [(String, JSON)] { if case .object(let members) = self { members } else { [] } }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var number: Int? { if case .int(let number) = self { number } else { nil } }
    var isTrue: Bool { if case .bool(true) = self { true } else { false } }
    var isNull: Bool { if case .null = self { true } else { false } }
    var texts: [String] { elements.compactMap(\.text) }
    /// Labels, options: names with texts.
    var textMap: [String: String] {
        Dictionary(members.compactMap { name, value in value.text.map { (name, $0) } }) { $1 }
    }

    /// What a request said, where it said something, over what would stand there without.
    static func merged(_ said: JSON?, under rest: JSON) -> JSON {
        guard let said else { return rest }
        // What the demo keeps itself is truer than what was said at first.
        let kept = [
            "Binds", "Cmd", "Env", "ExposedPorts", "Image", "Labels", "Memory", "NanoCpus", "NetworkMode",
            "PortBindings", "User", "WorkingDir",
        ]
        let shown = said.members.filter { name, value in
            !value.isNull && (!kept.contains(name) || ["Binds", "Cmd", "PortBindings"].contains(name))
                && value.text?.isEmpty != true
        }
        return rest.merged(with: .object(shown))
    }

    /// The members of another one over those of this one.
    func merged(with other: JSON) -> JSON {
        var members = members
        for (name, value) in other.members {
            if let index = members.firstIndex(where: { $0.0 == name }) {
                members[index].1 = value
            } else {
                members.append((name, value))
            }
        }
        return .object(members)
    }
}
