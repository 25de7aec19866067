/// Makes text from elsewhere harmless: names, labels, messages of an engine.
public enum Sanitiser {
    /// The text as a frame would show it: control scalars as pictures, invisible ones dropped, line ends as a space.
    public static func clean(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = String.UnicodeScalarView()
        var rules = GraphemeRules()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            if scalar == "\n" && previous == "\r" { continue }
            let placement = rules.place(scalar == "\n" || scalar == "\r" ? " " : scalar)
            if placement.width >= 0 { result.append(placement.scalar) }
        }
        return String(result)
    }
}
