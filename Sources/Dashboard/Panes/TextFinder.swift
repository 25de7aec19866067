/// Finds a text in others, whatever the case of its letters.
struct TextFinder {
    private let wanted: [UInt8]
    private var buffer: [UInt8] = []

    init(_ text: String) { wanted = Array(text.lowercased().utf8) }

    mutating func finds(in text: String) -> Bool {
        guard let first = wanted.first else { return true }
        buffer.removeAll(keepingCapacity: true)
        var isASCII = true
        for byte in text.utf8 {
            isASCII = isASCII && byte < 0x80
            buffer.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        // Ten thousand rows are looked through at each key: only what needs Unicode's rules pays for them.
        if !isASCII { buffer = Array(text.lowercased().utf8) }
        guard buffer.count >= wanted.count else { return false }
        return buffer.withUnsafeBufferPointer { bytes in
            wanted.withUnsafeBufferPointer { wanted in
                (0...bytes.count - wanted.count).contains { start in
                    bytes[start] == first && (1..<wanted.count).allSatisfy { bytes[start + $0] == wanted[$0] }
                }
            }
        }
    }
}
