import Terminal
import Testing

@Test func nearestColours() {
    #expect(Color(parsing: "#ff8800") == .indexed(208))
}
