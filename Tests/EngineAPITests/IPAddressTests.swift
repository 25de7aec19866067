import Testing

@testable import EngineAPI

@Suite struct IPAddressTests {
    @Test(
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
            ("fd00::1", "fd00::1"), ("FD00:0:0:0:0:0:0:1", "fd00::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("::ffff:10.0.0.1", "::ffff:a00:1"),
            ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
            ("fe80::", "fe80::"),
        ]) func anAddressIsReadAndWrittenInItsUsualForm(_ text: String, _ written: String) throws
    {
        let address = try #require(IPAddress(text))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "+1.2.3.4", "1..2.3", "a.b.c.d",
            "1.2.3.4 ",
            ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1.2.3", "1.2.3.4::",
            "-1::",
            "::%eth0", "1:2:3:4:5:6:7::8", "漢.0.0.1",
        ]) func whatIsNoAddressIsNone(_ text: String)
    {
        #expect(IPAddress(text) == nil)
    }

    @Test func aSubnetKnowsItsAddresses() throws {
        let subnet = try #require(IPSubnet("10.5.7.9/20"))
        #expect(subnet.description == "10.5.0.0/20" && subnet.last.description == "10.5.15.255")
        #expect(subnet.contains(try #require(IPAddress("10.5.15.255"))))
        #expect(!subnet.contains(try #require(IPAddress("10.5.16.0"))))
        #expect(!subnet.contains(try #require(IPAddress("::a05:1"))))
        let wide = try #require(IPSubnet("fd00:5::9/64"))
        #expect(wide.description == "fd00:5::/64" && wide.last.description == "fd00:5::ffff:ffff:ffff:ffff")
        #expect(try #require(IPSubnet("0.0.0.0/0")).last.description == "255.255.255.255")
        #expect(try #require(IPSubnet("::/0")).last.value == .max)
        #expect(try #require(IPSubnet("::1/128")).last.description == "::1")
        #expect(try #require(IPSubnet("10.0.0.1/32")).first == IPAddress("10.0.0.1"))
    }

    @Test(
        arguments: [
            "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "fd00::/129", "/24",
            "10.0.0.0/8/8", "10.0.0.0/0008",
        ])
    func whatIsNoSubnetIsNone(_ text: String) { #expect(IPSubnet(text) == nil) }

    @Test(
        arguments: [
            ("10.0.0.0/8", "10.5.0.0/16", true), ("10.5.0.0/16", "10.0.0.0/8", true),
            ("10.5.0.0/16", "10.6.0.0/16", false),
            ("10.5.0.0/24", "10.5.0.0/24", true), ("0.0.0.0/0", "fd00::/8", false), ("fd00::/8", "fdff::/16", true),
        ]) func subnetsOverlapWhereOneIsInTheOther(_ one: String, _ other: String, _ overlap: Bool) throws
    {
        let (one, other) = (try #require(IPSubnet(one)), try #require(IPSubnet(other)))
        #expect(one.overlaps(other) == overlap && other.overlaps(one) == overlap)
    }

    /// Any number is written as a text that means it again.
    @Test func everyAddressIsWhatItIsWrittenAs() {
        var random = Seeded(5)
        for _ in 0..<2_000 {
            let zeros = UInt64.random(in: 0...3, using: &random)
            var value = UInt128(random.next()) << 64 | UInt128(random.next())
            if zeros > 0 { value &= UInt128(random.next()) << (16 * UInt128(zeros)) }
            for address in [IPAddress(.v6, value), IPAddress(.v4, value)] {
                #expect(IPAddress(address.description) == address)
                let bits = Int.random(in: 0...address.family.bits, using: &random)
                let subnet = IPSubnet(around: address, bits: bits)
                #expect(subnet?.contains(address) == true)
                #expect(subnet.flatMap { IPSubnet($0.description) } == subnet)
            }
        }
    }
}
