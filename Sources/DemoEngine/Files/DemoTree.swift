/// What an image brings of files: a small tree that looks like the real one.
enum DemoTree {
    /// What kind of system an image is made of.
    enum System: Sendable { case alpine, debian, bare }

    static func system(of image: String) -> System {
        let name = image.split(separator: "/").last ?? ""
        let bare = ["cart:", "payments:", "clickstream:", "api:", "agent:", "task:", "hello-world", "traefik", "caddy"]
        if bare.contains(where: name.hasPrefix) { return .bare }
        if name.contains("alpine") || name.hasPrefix("busybox") || name.hasPrefix("backup") { return .alpine }
        return .debian
    }

    /// The programs of a shell that every system with one has.
    static let programs = [
        "cat", "chmod", "cp", "date", "echo", "env", "false", "grep", "head", "hostname", "id", "ls", "mkdir", "mv",
        "nslookup",
        "ping", "ps", "pwd", "rm", "sh", "sleep", "sort", "stty", "tail", "touch", "true", "uname", "uptime", "wc",
        "whoami",
    ]

    private static let folders = [
        "", "/app", "/bin", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/opt", "/proc", "/root", "/run",
        "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/share",
        "/var", "/var/cache", "/var/lib", "/var/log", "/var/run",
    ]

    /// The files of an image, by their paths; the root is the empty one.
    static func files(of image: String, made time: Nanoseconds) -> [String: DemoFile] {
        var files: [String: DemoFile] = [:]
        for path in folders { files[path] = .folder(time, mode: path == "/tmp" ? 0o1777 : 0o755) }
        func put(_ path: String, _ text: String, mode: Int = 0o644) {
            var parent = ""
            for part in path.split(separator: "/").dropLast() {
                parent += "/" + part
                if files[parent] == nil { files[parent] = .folder(time) }
            }
            files[path] = DemoFile(Array(text.utf8), time: time, mode: mode)
        }
        let system = system(of: image)
        switch system {
        case .bare: break
        case .alpine:
            files["/bin/busybox"] = DemoFile(size: 808_712, time: time, mode: 0o755)
            for name in programs { files["/bin/" + name] = .link("/bin/busybox", time) }
            put("/etc/alpine-release", "3.20.3\n")
            put(
                "/etc/os-release",
                "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME=\"Alpine Linux v3.20\"\n")
        case .debian:
            for name in programs { files["/bin/" + name] = DemoFile(size: 44_016, time: time, mode: 0o755) }
            files["/bin/bash"] = DemoFile(size: 1_265_648, time: time, mode: 0o755)
            put("/etc/debian_version", "12.8\n")
            put(
                "/etc/os-release",
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n"
            )
        }
        put("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n")
        put("/etc/group", "root:x:0:\nnogroup:x:65534:\n")
        for (path, text) in own(image) { put(path, text, mode: path.hasPrefix("/docker-entry") ? 0o755 : 0o644) }
        return files
    }

    /// What a program of the shop has.
    private static func own(_ image: String) -> [(String, String)] {
        let name = (image.split(separator: "/").last ?? "").prefix { $0 != ":" }
        return switch name {
        case "nginx":
            [
                ("/docker-entrypoint.sh", "#!/bin/sh\nexec \"$@\"\n"),
                ("/etc/nginx/nginx.conf", "worker_processes auto;\nevents { worker_connections 1024; }\n"),
                (
                    "/etc/nginx/conf.d/default.conf",
                    "server {\n    listen 80;\n    location / { proxy_pass http://storefront:3000; }\n}\n"
                ), ("/usr/share/nginx/html/index.html", "<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n"),
                ("/var/log/nginx/access.log", ""),
            ]
        case "storefront":
            [
                ("/app/package.json", "{\n  \"name\": \"storefront\",\n  \"version\": \"2.14.0\"\n}\n"),
                ("/app/server.js", "import { createServer } from \"node:http\";\ncreateServer(app).listen(3000);\n"),
                ("/app/node_modules/express/package.json", "{ \"name\": \"express\", \"version\": \"5.0.1\" }\n"),
                ("/app/public/app.8c1f.js", "console.log(\"shop\");\n"),
            ]
        case "catalog":
            [
                ("/app/catalog.jar", "PK\u{3}\u{4}"),
                ("/app/migrate.sh", "#!/bin/sh\nexec java -jar /app/catalog.jar migrate\n"),
            ]
        case "checkout":
            [("/app/Checkout.dll", "MZ"), ("/app/appsettings.json", "{ \"Payments\": \"payments:9090\" }\n")]
        case "cart", "payments", "clickstream", "api", "agent", "task": [("/\(name)", "\u{7F}ELF")]
        case "opensearch":
            [
                ("/usr/share/opensearch/config/opensearch.yml", "cluster.name: shop\nnetwork.host: 0.0.0.0\n"),
                ("/usr/share/opensearch/opensearch-docker-entrypoint.sh", "#!/bin/bash\n"),
                ("/usr/share/opensearch/data/nodes/0/node.lock", ""),
                ("/usr/share/opensearch/data/nodes/0/_state/node-7.st", "state"),
            ]
        case "postgres":
            [
                ("/usr/local/bin/docker-entrypoint.sh", "#!/usr/bin/env bash\n"),
                ("/var/lib/postgresql/data/PG_VERSION", "16\n"),
                ("/var/lib/postgresql/data/postgresql.conf", "listen_addresses = '*'\nmax_connections = 100\n"),
                ("/var/lib/postgresql/data/pg_hba.conf", "host all all all scram-sha-256\n"),
            ]
        case "redis": [("/data/dump.rdb", "REDIS0012"), ("/usr/local/bin/docker-entrypoint.sh", "#!/bin/sh\n")]
        case "rabbitmq":
            [
                ("/etc/rabbitmq/conf.d/10-defaults.conf", "loopback_users.guest = false\n"),
                ("/var/lib/rabbitmq/.erlang.cookie", "IXZQMNHEJDTBSYWVACKU"),
                ("/var/lib/rabbitmq/mnesia/rabbit@queue/cluster_nodes.config", "{[rabbit@queue],[rabbit@queue]}.\n"),
            ]
        case "worker": [("/app/shop/tasks.py", "@app.task\ndef send_mail(order):\n    ...\n")]
        case "backup":
            [
                ("/backup.sh", "#!/bin/sh\ntar -c /data | upload \"$S3_BUCKET\"\n"),
                ("/backups/daily/shop-friday.sql.gz", "\u{1F}\u{8B}friday"),
                ("/backups/daily/shop-saturday.sql.gz", "\u{1F}\u{8B}saturday"), ("/backups/last", "shop-saturday\n"),
            ]
        default: []
        }
    }
}
