internal import Foundation
internal import TestSupport

/// The corpus's word: what tshark saw of a capture, with whole messages put together.
///
/// Which response answers which request can be read in two ways: in their order, which a lost
/// message shifts, and as tshark itself says, which pipelining confuses. Either is enough.
struct OracleReadings: Sendable {
  private struct Kind: Decodable {
    var proto: String
  }

  private struct Line: Decodable {
    var stream: Int?
    var n: Int?
    var client: String?
    var server: String?
    var reqFrame: Int?
    var respFrame: Int?
    var method: String?
    var uri: String?
    var status: Int?
    var reqBodyLen: Int?
    var respBodyLen: Int?
    var reqBodySha256: String?
    var respBodySha256: String?
    var reqCl: String?
    var respCl: String?
    var reqTe: String?
    var respTe: String?
    var tsharkRequestIn: String?
  }

  /// Of HTTP/2; the answer to a request that asked for the upgrade comes without the request.
  private struct HTTP2Line: Decodable {
    var stream: String
    var h2Stream: Int
    var client: String?
    var server: String?
    var reqFrame: Int?
    var respFrame: Int?
    var method: String?
    var uri: String?
    var status: Int?
    var reqBodyLen: Int?
    var respBodyLen: Int?

    var line: Line {
      Line(
        stream: Int(stream), n: 1_000_000 + h2Stream, client: client, server: server,
        reqFrame: reqFrame, respFrame: respFrame, method: method, uri: uri, status: status,
        reqBodyLen: reqBodyLen, respBodyLen: respBodyLen, tsharkRequestIn: reqFrame.map(String.init)
      )
    }
  }

  /// By connection, each reading its exchanges.
  private(set) var readings: [Endpoints: [[SeenExchange]]] = [:]
  /// Exchanges of HTTP/2.
  private(set) var http2 = 0

  /// - Parameter file: `nil` where tshark saw no HTTP at all.
  init(file: String?) throws {
    guard let file else { return }
    var connections: [Endpoints: [Line]] = [:]
    var lines: [Line] = []
    for text in try Folder.bytes(file).split(separator: 0x0A) {
      guard try Decoding.json(Kind.self, Array(text)).proto == "h2" else {
        lines.append(try Decoding.json(Line.self, Array(text)))
        continue
      }
      http2 += 1
      let answer = try Decoding.json(HTTP2Line.self, Array(text)).line
      let upgraded = lines.firstIndex { $0.stream == answer.stream && $0.status == 101 }
      if answer.method == nil, let upgraded {
        lines[upgraded].status = answer.status
        lines[upgraded].respFrame = answer.respFrame
        lines[upgraded].respBodyLen = answer.respBodyLen
        (lines[upgraded].respBodySha256, lines[upgraded].respCl) = (nil, nil)
      } else {
        lines.append(answer)
      }
    }
    for line in lines {
      let ends = Endpoints(SeenExchange.bare(line.client), SeenExchange.bare(line.server))
      connections[ends, default: []].append(line)
    }
    readings = connections.mapValues { lines in
      let inOrder = lines.map { Self.exchange(request: $0, response: $0) }
      return [inOrder, Self.asTsharkPairs(lines)]
    }
  }

  private static func asTsharkPairs(_ lines: [Line]) -> [SeenExchange] {
    var answers: [Int: Line] = [:]
    var orphans: [Line] = []
    for line in lines where line.status != nil {
      let request = lines.indices.first {
        lines[$0].reqFrame != nil && lines[$0].reqFrame == line.tsharkRequestIn.flatMap { Int($0) }
          && answers[$0] == nil
      }
      if let request { answers[request] = line } else { orphans.append(line) }
    }
    let asked = lines.indices.filter { lines[$0].reqFrame != nil }.map {
      exchange(request: lines[$0], response: answers[$0])
    }
    let all = asked + orphans.map { exchange(request: nil, response: $0) }
    return all.enumerated().sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }
      .map(\.element)
  }

  private static func exchange(request: Line?, response: Line?) -> SeenExchange {
    let any = request ?? response
    var seen = SeenExchange(
      client: SeenExchange.bare(any?.client), server: SeenExchange.bare(any?.server))
    if let request, let frame = request.reqFrame {
      seen.method = request.method
      seen.target = request.uri
      seen.request = length(
        request.reqBodyLen, request.reqBodySha256, request.reqCl, request.reqTe)
      seen.messages.append(
        .init(stream: request.stream ?? -1, number: request.n ?? -1, isRequest: true))
      seen.frame = frame
    }
    if let response, let status = response.status {
      seen.status = status
      seen.response = length(
        response.respBodyLen, response.respBodySha256, response.respCl, response.respTe)
      seen.messages.append(
        .init(stream: response.stream ?? -1, number: response.n ?? -1, isRequest: false))
      if seen.frame == 0 { seen.frame = response.respFrame ?? 0 }
    }
    return seen
  }

  private static func length(
    _ bytes: Int?, _ digest: String?, _ announced: String?, _ coding: String?
  ) -> SeenExchange.Length {
    let isUnseen = digest == nil && coding == nil
    return .init(bytes: bytes ?? 0, announced: isUnseen ? announced.flatMap { Int($0) } : nil)
  }
}
