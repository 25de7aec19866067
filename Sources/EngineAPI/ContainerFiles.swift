import NIOHTTP1

extension Engine {
    private static let statHeader = "X-Docker-Container-Path-Stat"

    /// What stands at a path of a container, whether it runs or not. A link is told as a link.
    ///
    /// `HEAD /containers/{id}/archive` (API 1.41).
    /// - Throws: `EngineError.notFound` when the path or the container is not there.
    public func stat(_ path: String, in container: ContainerID) async throws -> PathStat {
        let answer: Answer
        do {
            answer = try await call(
                Request(.HEAD, ["containers", container.rawValue, "archive"], query: [("path", path)]))
        } catch EngineError.notFound {
            // An answer to HEAD has no words.
            throw EngineError.notFound("there is no \(path) in the container")
        }
        guard let header = answer.head.headers.first(name: Self.statHeader) else {
            throw EngineError.malformed("an answer without \(Self.statHeader)")
        }
        return try PathStat(header: header)
    }

    /// A file, or a folder with all that is in it, as a tar whose names begin with the path's last part.
    ///
    /// `GET /containers/{id}/archive` (API 1.41). The container need not run. A link is followed where it leads to a
    /// folder and the path ends in `/` or `/.`.
    /// - Throws: `EngineError.notFound` when the path or the container is not there; while iterating `.closed` when the
    ///   tar ends before its end.
    public func archive(of path: String, in container: ContainerID) async throws -> (stat: PathStat?, tar: ByteStream) {
        let request = Request(.GET, ["containers", container.rawValue, "archive"], query: [("path", path)])
        let body = try await pool.stream(request, version: apiVersion, deadline: .seconds(120))
        let stat = try body.headers.first(name: Self.statHeader).map { try PathStat(header: $0) }
        return (stat, EngineStream(body: body, decoder: ByteDecoder()))
    }

    /// Unpacks a tar into a folder of a container, whether it runs or not. What it brings belongs to whom the tar says.
    ///
    /// `PUT /containers/{id}/archive` (API 1.41).
    /// - Parameter keepsKinds: refuses to put a folder in a file's place, or a file in a folder's.
    /// - Throws: `EngineError.notFound` when there is no such folder or container, `.badRequest` when it is no folder or
    ///   the tar is none, `.server` when it is read-only (403) or full, `.unreadable` when the tar cannot be made.
    public func unpack(
        _ tar: Upload, into path: String, in container: ContainerID, keepsKinds: Bool = true
    ) async throws {
        let query = [("path", path)] + (keepsKinds ? [("noOverwriteDirNonDir", "1")] : [])
        _ = try await call(
            Request(.PUT, ["containers", container.rawValue, "archive"], query: query, upload: tar),
            deadline: .seconds(600))
    }
}
