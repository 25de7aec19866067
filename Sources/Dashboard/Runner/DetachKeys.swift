/// Finds Ctrl-p Ctrl-q among what is typed, as the docker client does.
struct DetachKeys {
    private static let first: UInt8 = 0x10
    private static let second: UInt8 = 0x11
    private var isHalf = false

    /// What of these bytes is to be sent, and whether the person detaches behind it.
    ///
    /// A Ctrl-p is held back until it is known what follows.
    mutating func take(_ bytes: [UInt8]) -> (send: [UInt8], detaches: Bool) {
        var send: [UInt8] = []
        for byte in bytes {
            if isHalf {
                if byte == Self.second { return (send, true) }
                send.append(Self.first)
                isHalf = byte == Self.first
                if !isHalf { send.append(byte) }
            } else if byte == Self.first {
                isHalf = true
            } else {
                send.append(byte)
            }
        }
        return (send, false)
    }
}
