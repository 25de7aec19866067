/// A key as a person presses it.
public enum Key: Hashable, Sendable {
    /// A key that types something.
    case character(Character)
    /// Ctrl with a lower-case letter, or with one of `[ \ ] ^ _` and the space.
    case ctrl(Character)
    /// Alt with a digit.
    case alt(Character)
    case enter
    case escape
    case tab
    case backTab
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// F1 and so on.
    case function(Int)

    /// Reads a key's name as configurations spell it: "ctrl-k", "enter", "shift-tab", "pgup", "f5", "space", "K", "/".
    public init?(parsing name: String) {
        let lowered = name.lowercased()
        if let key = Self.named[lowered] {
            self = key
        } else if name.count == 1, let character = name.first {
            // A single character is itself, in its own case: "K" is another key than "k".
            guard TextWidth.isDrawable(character) else { return nil }
            self = .character(character)
        } else if lowered.hasPrefix("ctrl-") || lowered.hasPrefix("c-") {
            let rest = lowered.drop(while: { $0 != "-" }).dropFirst()
            if rest == "space" {
                self = .ctrl(" ")
            } else if rest.count == 1, let character = rest.first, Self.isControllable(character) {
                self = .ctrl(character)
            } else {
                return nil
            }
        } else if lowered.hasPrefix("alt-") || lowered.hasPrefix("m-") {
            // Terminals send Esc before the letter. A letter right behind Esc may have been typed so; a digit hardly is.
            guard let digit = lowered.last, "0"..."9" ~= digit, lowered.drop(while: { $0 != "-" }).count == 2 else {
                return nil
            }
            self = .alt(digit)
        } else if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), (1...63).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }

    /// The key that terminals send in place of this one: Ctrl-i is a tab. Nil for what is sent as itself.
    public var sentAs: Key? {
        guard case .ctrl(let letter) = self, let byte = letter.asciiValue, letter != " " else { return nil }
        return Key(control: byte & 0x1F).flatMap { $0 == self ? nil : $0 }
    }

    /// The key that a C0 control is.
    init?(control byte: UInt8) {
        switch byte {
        case 0x00: self = .ctrl(" ")
        case 0x08, 0x7F: self = .backspace
        case 0x09: self = .tab
        case 0x0A, 0x0D: self = .enter
        case 0x1B: self = .escape
        case 0x01...0x1A: self = .ctrl(Character(Unicode.Scalar(byte + 0x60)))
        case 0x1C...0x1F: self = .ctrl(Character(Unicode.Scalar(byte + 0x40)))
        default: return nil
        }
    }

    private static func isControllable(_ character: Character) -> Bool {
        character >= "a" && character <= "z" || "[\\]^_ ".contains(character)
    }

    private static let named: [String: Key] = [
        "enter": .enter, "return": .enter, "esc": .escape, "escape": .escape, "tab": .tab, "shift-tab": .backTab,
        "backtab": .backTab, "backspace": .backspace, "bs": .backspace, "delete": .delete, "del": .delete,
        "insert": .insert, "ins": .insert, "up": .up, "down": .down, "left": .left, "right": .right, "home": .home,
        "end": .end, "pageup": .pageUp, "pgup": .pageUp, "pagedown": .pageDown, "pgdn": .pageDown, "pgdown": .pageDown,
        "space": .character(" "), "minus": .character("-"), "plus": .character("+"),
        // As the hints have them.
        "↑": .up, "↓": .down, "←": .left, "→": .right,
    ]
}

extension Key {
    /// The name that ``init(parsing:)`` reads and anybody can type: `ctrl-k`, `up`, `space`, `K`.
    public var name: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .up: "up"
        case .down: "down"
        case .left: "left"
        case .right: "right"
        default: description.lowercased()
        }
    }
}

extension Key: CustomStringConvertible {
    /// The key as hints show it: "Ctrl-k", "Enter", "↑", "PgUp", "Space", "K".
    public var description: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .ctrl(" "): "Ctrl-Space"
        case .ctrl(let character): "Ctrl-\(character)"
        case .alt(let character): "Alt-\(character)"
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        }
    }
}
