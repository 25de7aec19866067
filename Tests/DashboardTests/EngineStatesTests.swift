import EngineAPI
import Foundation
import Testing

@testable import Dashboard

@Suite struct EngineStatesTests {
    private func engine(_ host: String) throws -> EngineState {
        EngineState(address: try EngineAddress(parsing: "tcp://\(host):2375"), now: Bench.start)
    }

    @Test func aCopyIsIndependentOfWhatItWasCopiedFrom() throws {
        let one = try engine("one")
        var states = EngineStates(one)
        let before = states
        states[one.id]?.clockSkew = 7
        #expect(states[one.id]?.clockSkew == 7)
        #expect(before[one.id]?.clockSkew == 0)
        var after = states
        after[one.id]?.clockSkew = 9
        #expect(states[one.id]?.clockSkew == 7)
        #expect(after[one.id]?.clockSkew == 9)
    }

    @Test func anotherEngineStandsBehindThoseThatAreThere() throws {
        let (one, two) = (try engine("one"), try engine("two"))
        var states = EngineStates(one)
        #expect(states[two.id] == nil)
        // Who is not there is not changed, and does not come by it.
        states[two.id]?.clockSkew = 3
        #expect(states.keys == [one.id])
        states[two.id] = two
        #expect(states.keys == [one.id, two.id])
        states[two.id]?.clockSkew = 3
        #expect(states[two.id]?.clockSkew == 3)
        #expect(states[one.id]?.clockSkew == 0)
    }
}
