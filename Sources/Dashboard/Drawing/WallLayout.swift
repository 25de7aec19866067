import Terminal

/// Where the tiles of a wall stand: the one source for drawing, scrolling and the mouse.
struct WallLayout {
    /// Nobody reads lines that are shorter, and fewer of them, with the border around.
    private static let least = Size(width: 36, height: 5)

    /// The tiles' boxes, as many as there is room for; one when a tile is zoomed.
    let tiles: [Rect]
    /// How many tiles there is room for.
    let room: Int
    /// How many logs have no room.
    let leftOut: Int
    /// The line that says so; empty when all have room.
    let foot: Rect

    init(_ wall: LogWall, in area: Rect) {
        room = Self.most(in: area)
        let count = min(wall.names.count, room)
        leftOut = wall.names.count - count + wall.others
        let lines = leftOut > 0 ? 1 : 0
        foot = Rect(x: area.x, y: area.maxY - lines, width: area.width, height: lines)
        let room = Rect(x: area.x, y: area.y, width: area.width, height: area.height - lines)
        tiles = wall.isZoomed && count > 0 ? [room] : Self.grid(count, room)
    }

    private static func most(in area: Rect) -> Int {
        let all = { (height: Int) in max(1, area.width / least.width) * max(1, height / least.height) }
        return all(area.height - 1)
    }

    /// Boxes that fill an area, of a shape that is good to read: wide lines matter more than many of them.
    private static func grid(_ count: Int, _ area: Rect) -> [Rect] {
        guard count > 0 else { return [] }
        var best = (columns: 1, worth: -1.0)
        for columns in 1...max(1, area.width / least.width) {
            let rows = (count + columns - 1) / columns
            let height = area.height / rows
            guard height >= least.height || columns == max(1, area.width / least.width) else { continue }
            let width = Double(min(area.width / columns, 110))
            let worth = width * width.squareRoot().squareRoot() * Double(max(0, height - 2))
            if worth > best.worth { best = (columns, worth) }
        }
        let rows = (count + best.columns - 1) / best.columns
        return (0..<count).map { index in
            let row = index / best.columns
            // The last row has fewer, and these have more room.
            let inRow = min(best.columns, count - row * best.columns)
            let column = index % best.columns
            let x = area.x + area.width * column / inRow
            let y = area.y + area.height * row / rows
            return Rect(
                x: x, y: y, width: area.x + area.width * (column + 1) / inRow - x,
                height: area.y + area.height * (row + 1) / rows - y)
        }
    }

    /// The tile beside another one, where there is one.
    func tile(beside index: Int, _ key: Key) -> Int? {
        guard tiles.indices.contains(index) else { return nil }
        let here = tiles[index]
        return tiles.firstIndex { there in
            switch key {
            case .left: there.maxX == here.x && there.y == here.y
            case .right: there.x == here.maxX && there.y == here.y
            case .up: there.maxY == here.y && there.maxX > here.x
            default: there.y == here.maxY && there.maxX > here.x
            }
        }
    }
}
