import EngineAPI
import Testing

@testable import Dashboard

@Suite struct SecretsTests {
    @Test(
        arguments: [
            "PASSWORD", "DB_PASSWORD", "dbPassword", "MYSQL_ROOT_PASSWORD", "PASS", "DB_PASS", "SMTP_PWD", "API_KEY",
            "apiKey",
            "APIKEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "CLIENT_SECRET", "SECRETS", "google-credentials",
            "BASIC_AUTH", "SSH_PASSPHRASE", "TOKENS",
        ]) func namesOfSecretsAreKnown(_ name: String)
    {
        #expect(Secrets.isSecret(name))
        #expect(Secrets.masked("\(name)=hunter2") == "\(name)=******")
        #expect(Secrets.masked("\(name)=") == "\(name)=")
    }

    @Test(
        arguments: [
            "PATH", "PWD", "HOME", "PASSWORD_FILE", "TOKEN_PATH", "KEYBOARD", "TOKENIZERS_PARALLELISM", "COMPASS",
            "AUTHOR",
            "PASSENGER_COUNT", "", "=",
        ]) func othersAreNot(_ name: String)
    {
        #expect(!Secrets.isSecret(name))
        #expect(Secrets.masked("\(name)=value") == "\(name)=value")
    }

    @Test(
        arguments: [
            ("DATABASE_URL=postgres://me:hunter2@db:5432/shop", "DATABASE_URL=postgres://me:******@db:5432/shop"),
            ("https://me:a@b@host/x?y=z@w", "https://me:******@host/x?y=z@w"),
            ("amqp://:x@a, redis://:y@b/0", "amqp://:******@a, redis://:******@b/0"),
            ("https://ghp_0123456789abcdef@github.com/a", "https://******@github.com/a"),
            ("ssh://git@github.com", "ssh://git@github.com"), ("http://host/a@b", "http://host/a@b"),
            ("--password=x", "--password=******"), ("--env=TOKEN=x", "--env=TOKEN=******"), ("--env=A=b", "--env=A=b"),
            ("-e", "-e"), ("://", "://"), ("a://b://c:d@e", "a://b://c:******@e"),
        ]) func whatElseIsSecretInAWord(_ word: String, _ masked: String)
    {
        #expect(Secrets.masked(word) == masked)
    }

    @Test func layersAndPastedLinesAreMasked() {
        var layer = ImageLayer()
        layer.createdBy = "/bin/sh -c #(nop)  ENV DB_PASSWORD=hunter2 MODE=fast"
        let line = HistoryDetail.lines(of: [layer]).last
        let shown = line?.masked?.spans.map(\.text).joined() ?? ""
        #expect(shown.contains("ENV DB_PASSWORD=****** MODE=fast"))
        #expect(
            Secrets.masked(text: "docker run  -e API_KEY=x -e A=b http://me:c@d e")
                == "docker run  -e API_KEY=****** -e A=b http://me:******@d e")
    }

    @Test func linesOfJSONAreMasked() {
        let json = #"""
            {"Env":["DB_PASSWORD=hunter2","PATH=/bin","U=http://a:b@c"],"Labels":{"admin.password":"x","key":"y"},
            "SandboxKey":"/var/run/netns/1","Token":"abc","Empty":"","Number":1}
            """#
        let lines = InspectLine.lines(of: Array(json.utf8))
        let shown = lines.map { ($0.masked ?? $0).spans.map(\.text).joined() }.joined(separator: " ")
        #expect(!shown.contains("hunter2") && !shown.contains("\"x\"") && !shown.contains("abc"))
        #expect(shown.contains(#""DB_PASSWORD=******","#))
        #expect(shown.contains(#""U=http://a:******@c""#))
        #expect(shown.contains(#""SandboxKey": "/var/run/netns/1""#))
        #expect(lines.compactMap(\.masked).count == 4)
    }
}
