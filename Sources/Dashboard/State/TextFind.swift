import Terminal

/// A text that is looked for in what is inspected.
struct TextFind: Hashable, Sendable {
    let text: String
    /// The line that one is at.
    var line: Int?

    /// A text without capitals is found in either case.
    func ranges(in text: String) -> [Range<String.Index>] { Self.ranges(of: self.text, in: text) }

    static func ranges(of wanted: String, in text: String) -> [Range<String.Index>] {
        guard !wanted.isEmpty else { return [] }
        let ignoresCase = wanted == wanted.lowercased()
        var found: [Range<String.Index>] = []
        var start = text.startIndex
        while start < text.endIndex {
            var (at, wantedAt) = (start, wanted.startIndex)
            while at < text.endIndex, wantedAt < wanted.endIndex {
                let (a, b) = (text[at], wanted[wantedAt])
                guard a == b || ignoresCase && a.lowercased() == b.lowercased() else { break }
                at = text.index(after: at)
                wantedAt = wanted.index(after: wantedAt)
            }
            if wantedAt == wanted.endIndex {
                found.append(start..<at)
                start = at
            } else {
                start = text.index(after: start)
            }
        }
        return found
    }

    /// The line with the text marked in it.
    func marked(_ line: InspectLine, isHere: Bool) -> InspectLine {
        var parts: [InspectLine.Part] = []
        for part in line.spans {
            var start = part.text.startIndex
            for range in ranges(in: part.text) {
                parts.append(.init(text: String(part.text[start..<range.lowerBound]), role: part.role))
                parts.append(.init(text: String(part.text[range]), role: isHere ? .choiceSelected : .hit))
                start = range.upperBound
            }
            parts.append(.init(text: String(part.text[start...]), role: part.role))
        }
        return InspectLine(indent: line.indent, spans: parts.filter { !$0.text.isEmpty })
    }
}

extension InspectedResource {
    /// The lines that a text is in, of those that are shown.
    func hits(_ text: String) -> [Int] {
        lines.indices.filter { index in
            let line = showsSecrets ? lines[index] : lines[index].masked ?? lines[index]
            return line.spans.contains { !TextFind.ranges(of: text, in: $0.text).isEmpty }
        }
    }
}

extension State {
    /// Asks for a text to go to.
    mutating func askFind() {
        ask(
            Ask(
                label: "/", hint: "n and N lead on", verb: "find",
                check: { text, state in
                    // What has not come yet is looked through when it does.
                    guard let inspected = state.engine.inspected, !inspected.lines.isEmpty else { return nil }
                    return inspected.hits(text).isEmpty ? "it is not in here" : nil
                },
                accept: { text, state in
                    state.engine.inspected?.find = TextFind(text: text)
                    if state.engine.inspected?.lines.isEmpty == false { state.goToHit(1, fromHere: true) }
                    return []
                }))
    }

    /// Goes to the next line with the text, or the one before; around at the ends.
    mutating func goToHit(_ step: Int, fromHere: Bool = false) {
        guard let inspected = engine.inspected, let find = inspected.find else { return }
        let hits = inspected.hits(find.text)
        guard let first = hits.first, let last = hits.last else {
            return tell(.note, "“\(find.text)” is not in here any more")
        }
        let here = find.line ?? inspectScroll.row
        let next =
            step > 0
            ? hits.first { fromHere ? $0 >= here : $0 > here } ?? first : hits.last { $0 < here } ?? last
        engine.inspected?.find?.line = next
        if hits.count == 1, !fromHere { tell(.note, "no other line has “\(find.text)”") }
        let height = max(1, layout.body.height)
        if !(inspectScroll.row..<inspectScroll.row + height).contains(next) {
            inspectScroll.row = min(max(0, next - height / 3), max(0, inspected.lines.count - height))
        }
    }
}
