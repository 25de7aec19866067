/// An IPv4 or IPv6 address, as a number that can be compared.
public struct IPAddress: Hashable, Sendable {
    /// Which of the two kinds it is.
    public enum Family: Hashable, Sendable {
        /// Four bytes.
        case v4
        /// Sixteen bytes.
        case v6

        /// The bits of an address.
        public var bits: Int { self == .v4 ? 32 : 128 }
        /// All bits set.
        fileprivate var mask: UInt128 { self == .v4 ? UInt128(UInt32.max) : .max }
    }

    /// Which kind it is.
    public let family: Family
    /// The address as a number.
    public let value: UInt128

    /// The address of a number; what has no room in the kind is cut off.
    public init(_ family: Family, _ value: UInt128) {
        self.family = family
        self.value = value & family.mask
    }

    /// Reads `10.0.0.1` or `fd00::1`; nil when it is neither. An IPv6 address may end in an IPv4 one.
    public init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let value = Self.v6(text) else { return nil }
            self.init(.v6, value)
        } else {
            guard let value = Self.v4(text) else { return nil }
            self.init(.v4, UInt128(value))
        }
    }

    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            // A zero in front would be octal to some.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func v6(_ text: some StringProtocol) -> UInt128? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], mayEndInV4: halves.count == 1) else { return nil }
        var all = head
        if halves.count == 2 {
            guard let tail = groups(halves[1], mayEndInV4: true), head.count + tail.count < 8 else { return nil }
            all += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        }
        guard all.count == 8 else { return nil }
        return all.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func groups(_ text: some StringProtocol, mayEndInV4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, let end = v4(part) {
                groups += [UInt16(end >> 16), UInt16(truncatingIfNeeded: end)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in its usual form: the longest row of zeros of an IPv6 address is left out.
    public var description: String {
        if family == .v4 {
            return (0..<4).map { String(value >> (24 - 8 * UInt128($0)) & 0xFF) }.joined(separator: ".")
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> (112 - 16 * UInt128($0))) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, longest.count) { longest = start..<end }
            start = max(end, start + 1)
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !longest.isEmpty else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }
}

/// Addresses that begin alike: `10.0.0.0/24`.
public struct IPSubnet: Hashable, Sendable {
    /// The first address, which is the net's own.
    public let first: IPAddress
    /// How many bits all of them have in common.
    public let bits: Int

    /// The addresses that have so many bits in common with one.
    public init?(around address: IPAddress, bits: Int) {
        guard (0...address.family.bits).contains(bits) else { return nil }
        first = IPAddress(address.family, address.value & Self.mask(address.family, bits))
        self.bits = bits
    }

    /// Reads `10.0.0.0/24`, or any address of it before the slash; nil when it is no such thing.
    public init?(_ text: some StringProtocol) {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2, (1...3).contains(sides[1].utf8.count),
            sides[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(sides[1]),
            let address = IPAddress(sides[0])
        else { return nil }
        self.init(around: address, bits: bits)
    }

    private static func mask(_ family: IPAddress.Family, _ bits: Int) -> UInt128 {
        bits == 0 ? 0 : family.mask & ~((family.bits == bits ? 0 : (1 << UInt128(family.bits - bits)) - 1))
    }

    /// Whether it is of IPv4 or IPv6.
    public var family: IPAddress.Family { first.family }

    /// The last address; of IPv4 the one that means all of them.
    public var last: IPAddress { IPAddress(family, first.value | (family.mask & ~Self.mask(family, bits))) }

    /// Whether an address is one of these.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && address.value >= first.value && address.value <= last.value
    }

    /// Whether all addresses of another are among these.
    public func contains(_ other: IPSubnet) -> Bool { other.bits >= bits && contains(other.first) }

    /// Whether any address is in both.
    public func overlaps(_ other: IPSubnet) -> Bool { contains(other) || other.contains(self) }
}

extension IPSubnet: CustomStringConvertible {
    /// `10.0.0.0/24`.
    public var description: String { "\(first)/\(bits)" }
}
