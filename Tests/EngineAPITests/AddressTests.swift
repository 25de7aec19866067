import Testing

@testable import EngineAPI

@Test func addressesAreRead() throws {
    #expect(try EngineAddress(parsing: "unix:///a/b") == .unix(path: "/a/b"))
}
