import CNCurses
import Glibc

/// How many columns text takes. The one place that knows.
///
/// The figures are libc's, because ncurses lays its rows out by them: any other source would sooner or later disagree
/// with what ncurses believes to be on the screen.
public enum TextWidth {
    /// The columns of one scalar: 0 for combining marks and for what is never shown, else 1 or 2.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value >= 0x20 && scalar.value < 0x7F { return 1 }
        var rules = GraphemeRules()
        return max(0, rules.place(scalar).width)
    }

    // One for each kind of text: a generic one is not specialised for callers in other modules, and takes ten times as
    // long.

    /// The columns that a text takes when a frame draws it, control scalars as their pictures.
    public static func of(_ text: String) -> Int { withUTF8(of: text, columns) }

    /// The columns that a part of a text takes when a frame draws it, control scalars as their pictures.
    public static func of(_ text: Substring) -> Int { withUTF8(of: text, columns) }

    private static func columns(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var index = 0
        while index < bytes.count, bytes[index] &- 0x20 < 0x5F { index += 1 }
        guard index < bytes.count else { return index }
        // A mark may follow the last of these.
        index = max(0, index - 1)
        var width = index
        var rules = GraphemeRules()
        while index < bytes.count {
            width += max(0, rules.place(UTF8Scalars.next(in: bytes, at: &index)).width)
        }
        return width
    }

    /// Takes on the locale of the environment and tells whether it is one of UTF-8.
    ///
    /// Where it is not, a UTF-8 locale is set all the same, for the widths; what is drawn has to be ASCII then.
    /// - Parameter name: a locale's name, "" for what the environment says.
    @discardableResult
    public static func prepareLocale(_ name: String = "") -> Bool {
        // The encoding of setlocale's answer is spelled in many ways ("utf8", "UTF-8"); nl_langinfo knows one.
        if setlocale(LC_CTYPE, name) != nil, let codeset = nl_langinfo(Int32(CODESET)),
            strcmp(codeset, "UTF-8") == 0
        {
            return true
        }
        setlocale(LC_CTYPE, "C.UTF-8")
        return false
    }

    /// libc's width: negative for what it does not know as printable.
    static func system(_ scalar: Unicode.Scalar) -> Int {
        _ = hasWideLocale
        return Int(gantry_wcwidth(scalar.value))
    }

    /// Widths must not depend on whether somebody has called `prepareLocale` before: in the C locale, which every
    /// process starts in, libc knows ASCII only.
    private static let hasWideLocale: Bool = {
        if gantry_wcwidth(0x4E00) != 2 { setlocale(LC_CTYPE, "C.UTF-8") }
        return true
    }()
}

/// Runs a closure on a text's UTF-8, without a copy where the text is contiguous, which it nearly always is.
func withUTF8<Result>(of text: some StringProtocol, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = String(text)
    return copy.withUTF8(body)
}

extension TextWidth {
    /// Whether a frame shows a character as what it is, whole.
    static func isDrawable(_ character: Character) -> Bool {
        var rules = GraphemeRules()
        return character.unicodeScalars.allSatisfy {
            let placement = rules.place($0)
            return placement.width >= 0 && placement.scalar == $0
        }
    }
}
