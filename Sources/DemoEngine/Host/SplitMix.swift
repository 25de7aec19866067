/// Random numbers that can be had again: SplitMix64.
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// Numbers that belong to several things together: a host, a container, a place in its log.
    init(_ parts: UInt64...) {
        state = 0x6761_6E74_7279
        for part in parts { state = SplitMix(state ^ part).mixed() }
    }

    private func mixed() -> UInt64 {
        var copy = self
        return copy.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// From 0 up to but not including a limit.
    mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }

    /// From 0 up to but not including 1.
    mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// Whether something that happens so many times in a thousand happens.
    mutating func often(_ perMille: Int) -> Bool { below(1000) < perMille }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    mutating func hex(_ digits: Int) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        return String(
            unsafeUninitializedCapacity: digits,
            initializingUTF8With: { bytes in
                var bits: UInt64 = 0
                for index in 0..<digits {
                    if index % 16 == 0 { bits = next() }
                    bytes[index] = alphabet[Int(bits & 15)]
                    bits >>= 4
                }
                return digits
            })
    }
}
