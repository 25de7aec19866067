/// How well texts have what was typed: all words of it, each as it stands or its letters in their order. Where words
/// begin, letters that stand together and short texts count more.
struct FuzzyMatch {
    private let words: [[UInt8]]
    private var buffer: [UInt8] = []

    init(_ text: String) { words = text.lowercased().split(separator: " ").map { Array($0.utf8) } }

    var isEmpty: Bool { words.isEmpty }

    /// The larger the better; nil when a text has not all of it.
    mutating func score(_ text: String) -> Int? {
        buffer.removeAll(keepingCapacity: true)
        var isASCII = true
        for byte in text.utf8 {
            isASCII = isASCII && byte < 0x80
            buffer.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        // Ten thousand names are looked through at each key: only what needs Unicode's rules pays for them.
        if !isASCII { buffer = Array(text.lowercased().utf8) }
        return buffer.withUnsafeBufferPointer { text in
            var sum = -min(text.count, 60) / 3
            for word in words {
                guard let score = word.withUnsafeBufferPointer({ Self.score($0, in: text) }) else { return nil }
                sum += score
            }
            return sum
        }
    }

    private static func score(_ word: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard word.count <= text.count else { return nil }
        var isInside = false
        for start in 0...text.count - word.count where text[start] == word[0] {
            guard (1..<word.count).allSatisfy({ text[start + $0] == word[$0] }) else { continue }
            let ends = start + word.count == text.count || !isLetter(text[start + word.count])
            if start == 0 { return word.count == text.count ? 150 : ends ? 140 : 120 }
            if !isLetter(text[start - 1]) { return ends ? 110 : 100 }
            isInside = true
        }
        // In the middle of a word as it stands is worth the more the longer it is, so that letters from here and there do
        // not come before it; but the beginnings of words come before two letters in the middle of one.
        let inside = isInside ? min(60, 12 + 8 * word.count) : nil
        let letters = scattered(word, in: text)
        return inside.map { max($0, letters ?? 0) } ?? letters
    }

    /// Its letters in their order: each at the beginning of a word, if there is one further on, or as it comes.
    private static func scattered(
        _ word: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        // What has not even its letters is most of what there is: no more is done for it.
        var found = 0
        for byte in text where found < word.count && byte == word[found] { found += 1 }
        guard found == word.count, word.count > 1 else { return nil }
        var score = 10
        var place = 0
        var last = -2
        var beginnings = 0
        for (index, letter) in word.enumerated() {
            guard let here = (place..<text.count).first(where: { text[$0] == letter }) else { return nil }
            var chosen = here
            if here != last + 1 {
                let begins = (here..<text.count).first {
                    text[$0] == letter && ($0 == 0 || !isLetter(text[$0 - 1]))
                }
                // Only where the rest is still to come behind it.
                if let begins, fits(word, from: index + 1, in: text, from: begins + 1) { chosen = begins }
            }
            if chosen == last + 1 { score += 4 }
            if chosen == 0 || !isLetter(text[chosen - 1]) {
                score += 7
                beginnings += 1
            }
            last = chosen
            place = chosen + 1
        }
        return beginnings == word.count ? score + 25 : score
    }

    private static func fits(
        _ word: UnsafeBufferPointer<UInt8>, from index: Int, in text: UnsafeBufferPointer<UInt8>, from place: Int
    ) -> Bool {
        var index = index
        var place = place
        while index < word.count, place < text.count {
            if text[place] == word[index] { index += 1 }
            place += 1
        }
        return index == word.count
    }

    /// Letters and digits, and all of what is not ASCII, belong to words.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte >= 0x80
    }
}
