/// What a click at some place is worth.
public enum Click: Hashable, Sendable {
    /// As much as keys pressed one after the other.
    case keys([Key])
    /// The choice of a thing by its number, and of a part of it.
    case item(Int, part: Int = 0)
    /// Nothing, but it is none beside the box either.
    case nothing

    /// As much as a key.
    public static func key(_ key: Key) -> Click { .keys([key]) }
}

/// Places that can be clicked, noted where they are drawn: what one hits is what one sees.
struct Spot: Sendable {
    let rect: Rect
    let click: Click
}

extension Frame {
    /// Notes that a place can be clicked.
    public mutating func spot(_ rect: Rect, _ click: Click) { spots.append(Spot(rect: rect, click: click)) }

    /// What a click at a place is worth, by what was drawn there last; nil where nothing is said of it.
    public func click(x: Int, y: Int) -> Click? { spots.last { $0.rect.contains(x: x, y: y) }?.click }

    /// How many places were noted.
    public var spotCount: Int { spots.count }

    /// Forgets the places that were noted after so many: something lies over them.
    public mutating func forgetSpots(after count: Int) { spots.removeSubrange(min(count, spots.count)...) }
}
