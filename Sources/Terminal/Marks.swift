/// The combining marks of one grapheme, at most four: enough for every living script, not for vandalism.
struct Marks: Hashable, Sendable {
    private(set) var count = 0
    private var values = SIMD4<UInt32>()

    static let limit = 4

    mutating func append(_ mark: Unicode.Scalar) {
        guard count < Self.limit else { return }
        values[count] = mark.value
        count += 1
    }

    subscript(index: Int) -> Unicode.Scalar { Unicode.Scalar(values[index]) ?? " " }
}

/// The distinct marks of a frame; cells refer to them by index, 0 means none.
struct MarksTable: Sendable {
    private(set) var entries: [Marks] = [Marks()]
    private var indexes: [Marks: Int] = [:]

    var isEmpty: Bool { entries.count == 1 }

    subscript(index: Int) -> Marks { entries[index] }

    /// The index of such marks. A full table leaves the marks out: nobody reads 32,767 different ones on a screen.
    mutating func index(of marks: Marks) -> Int {
        if marks.count == 0 { return 0 }
        if let known = indexes[marks] { return known }
        guard entries.count < 0x7FFF else { return 0 }
        entries.append(marks)
        indexes[marks] = entries.count - 1
        return entries.count - 1
    }
}
