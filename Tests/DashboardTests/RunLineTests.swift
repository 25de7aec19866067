import Testing

@testable import Dashboard

@Suite struct ShellWordsTests {
    @Test(
        arguments: [
            ("", []), ("   ", []), ("a b  c", ["a", "b", "c"]), ("a\tb", ["a", "b"]), ("'a b' c", ["a b", "c"]),
            (#""a b" c"#, ["a b", "c"]), (#"a\ b c"#, ["a b", "c"]), ("a''b", ["ab"]), ("''", [""]),
            (#""" x"#, ["", "x"]),
            (#"'a"b'"#, [#"a"b"#]), (#""a\"b""#, [#"a"b"#]), (#""a\nb""#, [#"a\nb"#]), (#""a\\b""#, [#"a\b"#]),
            ("a \\\n  b", ["a", "b"]), ("a \\\r\n  b", ["a", "b"]), ("a\\\nb", ["ab"]), ("\"a\\\nb\"", ["ab"]),
            ("a # rest", ["a"]), ("a#b", ["a#b"]), (#"'$HOME' \$x "\$y" "#, ["$HOME", "$x", "$y"]), ("a$", ["a$"]),
            ("ü 漢字 '🎉 x'", ["ü", "漢字", "🎉 x"]), ("a~b", ["a~b"]), ("'~'", ["~"]), ("a\n\n", ["a"]), ("\n a", ["a"]),
            ("'a\nb'", ["a\nb"]), ("'a\\'", [#"a\"#]),
        ] as [(String, [String])])
    func splitsAsAShellDoes(_ text: String, _ words: [String]) throws {
        #expect(try ShellWords.split(text) == words)
    }

    @Test(
        arguments: [
            ("a 'b", 2, "not closed"), ("a \"b", 2, "not closed"), ("a \\", 2, "nothing behind"),
            ("a $PWD/x", 2, "$PWD would be filled in"), ("a \"$(pwd)\"", 2, "$(…)"), ("a ${X}", 2, "${…}"),
            ("a `pwd`", 2, "`…`"), ("a ~/x", 2, "~ would"), ("a | b", 2, "| is for a shell"), ("a && b", 2, "&"),
            ("a > b", 2, "> is"), ("a; b", 1, "; is"), ("a\nb", 2, "another command"), ("x $1", 2, "$1"),
        ]) func saysWhatOnlyAShellCanDo(_ text: String, _ word: Int, _ message: String)
    {
        let failure = #expect(throws: ShellWords.Failure.self) { try ShellWords.split(text) }
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
        #expect(failure?.word == word)
    }

    @Test func whatIsQuotedIsReadAgain() throws {
        var random = SplitMix(seed: 11)
        let letters = Array("ab \t'\"\\$`~#|&;<>()=:,.-[]*\nü漢🎉é\u{301}\r")
        for _ in 0..<2_000 {
            let words = (0..<random.below(5)).map { _ in
                String((0..<random.below(9)).map { _ in letters[random.below(letters.count)] })
            }
            #expect(try ShellWords.split(ShellWords.joined(words)) == words)
        }
    }
}

@Suite struct RunLineTests {
    private func spec(_ line: String, at location: SourceLocation = #_sourceLocation) throws -> RunSpec {
        let (spec, problems) = try RunSpec.parse(line)
        #expect(problems.isEmpty, "\(problems)", sourceLocation: location)
        return spec
    }

    @Test func aLineWithEverything() throws {
        let spec = try spec(
            """
            $ sudo docker run -dit --name=web -p 8080:80/tcp -p 127.0.0.1:8443:443 \\
              -v data:/data:ro --mount type=bind,source=/srv,target=/srv,readonly \\
              -e A=1 -e B --env-file=/etc/env --network back --network-alias web --restart on-failure:3 \\
              -m 512m --cpus 1.5 -l team=shop -h host --user 1000:1000 -w /app --privileged --cap-add NET_ADMIN \\
              --entrypoint /bin/sh shop/web:2.4 -c 'echo "hello  world"; sleep 1'
            """)
        var expected = RunSpec()
        expected.image = "shop/web:2.4"
        expected.name = "web"
        expected.command = ["-c", #"echo "hello  world"; sleep 1"#]
        expected.entrypoint = "/bin/sh"
        expected.ports = [
            .init(host: 8080...8080, container: 80...80),
            .init(address: "127.0.0.1", host: 8443...8443, container: 443...443),
        ]
        expected.mounts = [
            .init(kind: .volume, source: "data", target: "/data", isReadOnly: true),
            .init(isLong: true, kind: .bind, source: "/srv", target: "/srv", isReadOnly: true),
        ]
        expected.environment = ["A=1", "B"]
        expected.environmentFiles = ["/etc/env"]
        expected.network = "back"
        expected.aliases = ["web"]
        expected.restart = .init(name: "on-failure", retries: 3)
        expected.memory = 512 << 20
        expected.nanoCPUs = 1_500_000_000
        expected.labels = ["team=shop"]
        expected.hostname = "host"
        expected.user = "1000:1000"
        expected.workdir = "/app"
        expected.interactive = true
        expected.tty = true
        expected.options = [.init(flag: "privileged"), .init(flag: "cap-add", value: "NET_ADMIN")]
        #expect(spec == expected)
        #expect(try self.spec(spec.line()) == spec)
    }

    @Test(
        arguments: [
            ("docker run a", "docker run -d a"), ("docker container run --rm a", "docker run -d --rm a"),
            ("podman run -it a sh", "docker run -d -it a sh"), ("docker create -t a", "docker run -d -t a"),
            ("docker run -p80:80 a", "docker run -d -p 80:80 a"),
            ("docker run -itp 80:80 a", "docker run -d -it -p 80:80 a"),
            ("docker run -e=A=b a", "docker run -d -e A=b a"),
            ("docker run --rm=false -t=true a", "docker run -d -t a"),
            ("docker run --privileged --privileged=false a", "docker run -d a"),
            ("docker run -- a -it", "docker run -d a -it"), ("docker run a -p 80", "docker run -d a -p 80"),
            ("docker run --entrypoint '' a", "docker run -d --entrypoint= a"),
            ("docker run --network name=n,alias=x a", "docker run -d --network n --network-alias x a"),
            ("docker run -p published=80,target=8080 a", "docker run -d -p 80:8080 a"),
            ("docker run --cpus .5 -m 1gb a", "docker run -d -m 1g --cpus 0.5 a"),
            ("docker run --pids-limit=-1 a", "docker run -d --pids-limit -1 a"),
            ("docker run -p 0.0.0.0::80 -p [::1]:8080:80 a", "docker run -d -p 0.0.0.0::80 -p '[::1]:8080:80' a"),
        ]) func isWrittenInOneWay(_ line: String, _ printed: String) throws
    {
        #expect(try spec(line).line() == printed)
    }

    @Test(
        arguments: [
            ("docker run --foo a", 3, "unknown flag --foo"), ("docker run -it --rm -yz a", 5, "unknown flag -y"),
            ("docker run -iy a", 3, "unknown flag -y"),
            ("docker run --gpus all a", 3, "--gpus cannot be done here yet"),
            ("docker run -c 5 a", 3, "-c cannot"), ("docker run --volumes-from x a", 3, "--volumes-from cannot"),
            ("docker run", 3, "the image is missing"), ("docker run -it", 4, "the image is missing"),
            ("docker run --name", 3, "--name needs a value"), ("docker run -p", 3, "-p needs a value"),
            ("docker run --rm=maybe a", 3, "true or false"), ("docker ps", 2, "run or create"),
            ("ls -l", 1, "begins with docker run"), ("docker run a | less", 4, "| is for a shell"),
            ("docker run -v $PWD:/x a", 4, "$PWD would be filled in"),
            ("docker run --network a --network b c", 5, "second network"),
            ("docker run --mount type=tmpfs a", 3, "target="), ("", 1, "begins with docker run"),
        ]) func whatIsWrongWithALineIsNamedWithItsPlace(_ line: String, _ word: Int, _ message: String)
    {
        let problem = #expect(throws: RunDraft.Problem.self) { try RunSpec.parse(line) }
        #expect(problem?.word == word)
        #expect(problem?.message.contains(message) == true, "\(problem?.message ?? "")")
    }

    @Test(
        arguments: [
            ("-p 0:80", .ports, "host port “0”"), ("-p 99999", .ports, "container port “99999”"),
            ("-p 80:", .ports, "missing"), ("-p 80:80/icmp", .ports, "icmp"),
            ("-p 1.2.3.400:80:80", .ports, "no address"),
            ("-p '[::g]:80:80'", .ports, "IPv6"), ("-p ::1:80:80", .ports, "colons"),
            ("-p 8000-8002:80-81", .ports, "3 host ports for 2"), ("-p 90-80", .ports, "90-80"),
            ("-p foo=1", .ports, "foo=1"), ("-v data", .mounts, "no absolute path"), ("-v ./x:/y", .mounts, "./x"),
            ("-v a:/b", .mounts, "two characters"), ("-v data:/", .mounts, "over /"), ("-v data:/x:rx", .mounts, "rx"),
            ("-v data:x", .mounts, "absolute"), ("-v a:b:c:d", .mounts, "NAME:/PATH"),
            ("--mount type=foo,target=/x", .mounts, "foo"), ("--mount type=bind,target=/x", .mounts, "source="),
            ("--mount source=x/y,target=/x", .mounts, "x/y"), ("--mount target=/x,size=3", .mounts, "size"),
            ("--mount type=tmpfs,target=/x,tmpfs-size=lots", .mounts, "lots"),
            ("--mount target=/x,volume-opt=a=b", .mounts, "volume-opt cannot"),
            ("--mount target=/x,tmpfs-size=3m", .mounts, "not for a volume"),
            ("-v data:/x -v other:/x", .mounts, "twice"), ("-m lots", .memory, "lots"), ("-m 1k", .memory, "6m"),
            ("-m -5", .memory, "-5"), ("--cpus x", .cpus, "x"), ("--cpus 0.001", .cpus, "0.01"),
            ("--name -x", .name, "begins"), ("--name x", .name, "two"), ("--name 'a b'", .name, "only letters"),
            ("-e =x", .environment, "before ="), ("-l =x", .labels, "before ="),
            ("--restart maybe", .restart, "on-failure"),
            ("--restart always:3", .retries, "on-failure only"), ("--restart on-failure:x", .retries, "no number"),
            ("--restart always --rm", .autoRemove, "cannot be restarted"), ("-w app", .workdir, "absolute"),
            ("--network-alias x", .aliases, "network of one's own"), ("-u a:b:c", .user, "GROUP"),
            ("--network container:x -p 80:80", .ports, "other container"), ("-h -x", .hostname, "letters"),
            ("--add-host x", .more, "HOST:ADDRESS"), ("--dns x", .more, "no address"), ("--expose x", .more, "PORT"),
            ("--shm-size x", .more, "size"), ("--stop-timeout x", .more, "seconds"), ("--tmpfs x", .more, "absolute"),
        ] as [(String, RunField, String)])
    func whatCannotBeRightIsNamedAtItsField(_ flags: String, _ field: RunField, _ message: String) throws {
        let problems = try RunSpec.parse("docker run \(flags) image").problems
        #expect(Array(problems.keys) == [field])
        #expect(problems[field]?.message.contains(message) == true, "\(problems)")
    }

    @Test(
        arguments: ["a/B", "a b", "", "a:", "a:-x", "a@sha256:12", "/a", "a//b", "-a", "a:x/y:", "UPPER"].filter {
            !$0.isEmpty
        })
    func imagesThatNobodyCanHave(_ image: String) throws {
        #expect(RunText.imageProblem(image) != nil)
    }

    @Test(
        arguments: [
            "a", "busybox:1.35", "demo/busybox", "localhost/a", "localhost:5000/a/b:1", "reg.example.com/a__b/c-d.e:v1",
            "0123456789ab", "sha256:" + String(repeating: "a", count: 64),
            "a@sha256:" + String(repeating: "a", count: 64), "a:1@sha256:" + String(repeating: "0", count: 64),
        ]) func imagesThatThereMayBe(_ image: String) throws
    {
        #expect(RunText.imageProblem(image) == nil)
    }

    @Test(
        arguments: [
            ("512m", 512 << 20), ("1g", 1 << 30), ("1.5g", 3 << 29), ("100", 100), ("100b", 100), ("2KiB", 2048),
            ("64 mb", 64 << 20), ("", nil), ("m", nil), ("-1", nil), ("1x", nil), ("1.", nil), (".5m", nil),
            ("1e3", nil),
        ] as [(String, Int?)])
    func sizes(_ text: String, _ bytes: Int?) {
        #expect(RunText.bytes(text) == bytes)
    }

    @Test(
        arguments: [
            ("::1", true), ("fe80::1%eth0", true), ("1:2:3:4:5:6:7:8", true), ("::ffff:1.2.3.4", true), ("::", true),
            ("1:2", false), ("1::2::3", false), ("1.2.3.4", false), ("12345::", false), ("g::", false),
        ]) func addresses(_ text: String, _ isOne: Bool)
    {
        #expect(RunText.isIPv6(text) == isOne)
    }

    @Test(
        arguments: [
            ("docker run x", true), ("$ docker run x", true), ("sudo docker container run", true),
            ("  docker \\\n run x", true),
            ("docker ps", false), ("run x", false), ("", false), ("docker", false), ("80:80", false),
            ("podman create x", true),
        ]) func linesAreKnown(_ text: String, _ isOne: Bool)
    {
        #expect(RunDraft.isLine(text) == isOne)
    }

    @Test func flagsAreUniqueAndCoverTheDockerClients() {
        #expect(Set(RunFlag.all.map(\.name)).count == RunFlag.all.count)
        for name in [
            "add-host", "cpu-shares", "detach", "gpus", "ulimit", "workdir", "platform", "pull", "use-api-socket",
        ] {
            #expect(RunFlag.named(name) != nil)
        }
    }

    // MARK: Any

    /// Something that could be asked for.
    static func any(_ random: inout SplitMix) -> RunSpec {
        func pick<Value>(_ values: [Value]) -> Value { values[random.below(values.count)] }
        func chance(_ outOf: Int = 2) -> Bool { random.below(outOf) == 0 }
        func some<Value>(_ make: () -> Value) -> [Value] {
            chance() ? [] : (0..<1 + random.below(3)).map { _ in make() }
        }
        func word() -> String {
            let letters = Array("abcxyz019 '\"\\$,;|#~=:/-漢ü")
            return String((0..<1 + random.below(8)).map { _ in letters[random.below(letters.count)] })
        }
        func name() -> String { pick(["web", "db-1", "a_b.c", "X9"]) + String(random.below(100)) }
        func range(_ count: Int) -> ClosedRange<Int> {
            let first = 1 + random.below(60_000)
            return first...(first + count - 1)
        }
        var spec = RunSpec()
        spec.image = pick(["busybox", "demo/busybox:1.35", "localhost:5000/a/b:v1", "0123456789ab"])
        if chance() { spec.name = name() }
        spec.command = some(word)
        if chance(4) { spec.entrypoint = pick(["", "/bin/sh", word()]) }
        if chance(3) { spec.user = pick(["root", "1000:1000"]) }
        if chance(3) { spec.workdir = "/" + pick(["app", "a b", "漢"]) }
        spec.environment = some { pick(["A=", "B", "C=" + word(), "D=a=b"]) }
        spec.environmentFiles = some { "/etc/" + name() }
        spec.ports = some {
            let inside = range(pick([1, 1, 3]))
            return RunSpec.Port(
                address: pick(["", "", "127.0.0.1", "::1", "fe80::1"]),
                host: chance(3) ? nil : range(inside.count == 1 && chance(4) ? 5 : inside.count), container: inside,
                proto: pick(["tcp", "udp", "sctp"]))
        }
        spec.publishAll = chance(4)
        var places = 0
        spec.mounts = some {
            places += 1
            let target = "/m\(places)" + pick(["", "/a b", "/x,y", "/\"q\""])
            switch random.below(4) {
            case 0:
                // Without a source there is no room for options.
                return RunSpec.Mount(kind: .volume, target: "/p\(places)")
            case 1:
                let isBind = chance()
                return RunSpec.Mount(
                    kind: isBind ? .bind : .volume, source: isBind ? "/srv/x y" : name(), target: "/p\(places)",
                    isReadOnly: chance(), options: chance() ? [] : ["z"])
            case 2:
                return RunSpec.Mount(
                    isLong: true, kind: .bind, source: "/srv/" + pick(["a", "b,c"]), target: target,
                    isReadOnly: chance(), options: chance() ? [] : ["bind-propagation=rshared"])
            default:
                return RunSpec.Mount(
                    isLong: true, kind: .tmpfs, target: target,
                    options: chance() ? [] : ["tmpfs-size=64m", "tmpfs-mode=1777"])
            }
        }
        if chance(3) {
            spec.network = name()
            spec.aliases = some(name)
        } else if chance(3) {
            spec.network = pick(["host", "none", "bridge"])
        }
        if chance(3) {
            spec.restart = .init(name: pick(["always", "unless-stopped", "no"]))
        } else if chance(4) {
            spec.restart = .init(name: "on-failure", retries: chance() ? nil : random.below(9))
        }
        spec.autoRemove = ["", "no"].contains(spec.restart.name) && chance()
        if chance() { spec.memory = (6 << 20) + random.below(1 << 32) }
        if chance() { spec.nanoCPUs = 10_000_000 + random.below(1 << 33) }
        spec.labels = some { pick(["a", "b=", "c=" + word()]) }
        if chance(4) { spec.hostname = "host-\(random.below(100)).example" }
        spec.interactive = chance()
        spec.tty = chance()
        spec.options = some {
            pick([
                RunSpec.Option(flag: "privileged"), .init(flag: "init"), .init(flag: "cap-add", value: "ALL"),
                .init(flag: "dns", value: "1.1.1.1"), .init(flag: "tmpfs", value: "/run:size=64m,mode=755"),
                .init(flag: "log-opt", value: "a=" + word()), .init(flag: "expose", value: "90-92/udp"),
                .init(flag: "stop-signal", value: "INT"), .init(flag: "device", value: "/dev/null:/dev/x:r"),
            ])
        }
        var seen: Set<RunSpec.Option> = []
        // A switch that is given twice is given once.
        spec.options = spec.options.filter { !$0.value.isEmpty || seen.insert($0).inserted }
        return spec
    }

    @Test func whatIsPrintedIsReadAgain() throws {
        var random = SplitMix(seed: 6)
        for _ in 0..<3_000 {
            let spec = Self.any(&random)
            let (read, problems) = try RunSpec.parse(spec.line())
            #expect(problems.isEmpty, "\(spec.line()): \(problems)")
            #expect(read == spec, "\(spec.line())\n\(read.line())")
            var found: RunSpec.Problems = [:]
            #expect(RunSpec(spec.draft, &found) == spec, "\(spec.line())")
        }
    }

    @Test func noInputCrashesAndWhatIsReadIsReadAgain() throws {
        var random = SplitMix(seed: 66)
        let pieces =
            [
                "docker", "run", " ", " ", " ", "\n", "\\\n", "'", "\"", "\\", "$", "-", "--", "=", ":", ",", "[", "]",
                "/", "80",
                "8080:80", "0-99999999999999999999", "-it", "é\u{301}", "漢", "\u{0}", "\u{1B}[31m", "type=bind",
                "target=/x", "a",
                "::", "%", ".", "@sha256:",
            ] + RunFlag.all.map { "--\($0.name)" } + RunFlag.all.compactMap(\.short).map { "-\($0)" }
        for round in 0..<6_000 {
            var line = round % 2 == 0 ? "docker run " : ""
            for _ in 0..<random.below(14) {
                line += pieces[random.below(pieces.count)]
                if random.below(2) == 0 { line += " " }
            }
            guard let (spec, problems) = try? RunSpec.parse(line), problems.isEmpty else { continue }
            let again = try RunSpec.parse(spec.line())
            #expect(again.spec == spec && again.problems.isEmpty, "\(line.debugDescription)")
        }
    }

    @Test func everyFieldTakesAnyText() {
        var random = SplitMix(seed: 7)
        let letters = Array("a8:/=,-.[]\"' \\$\u{0}漢🎉\n@~#")
        for _ in 0..<3_000 {
            var draft = RunDraft()
            for field in RunField.allCases where random.below(3) == 0 {
                draft[field] = (0..<1 + random.below(3)).map { _ in
                    String((0..<random.below(12)).map { _ in letters[random.below(letters.count)] })
                }
            }
            var problems: RunSpec.Problems = [:]
            let spec = RunSpec(draft, &problems)
            _ = spec.creation(environment: spec.environment)
            for (field, problem) in problems { #expect(problem.line < max(1, draft[field].count)) }
        }
    }
}
