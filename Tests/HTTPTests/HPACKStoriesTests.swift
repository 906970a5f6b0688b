internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import HTTP
@testable internal import Wire

/// Header blocks of fourteen encoders, a table a story, with what they say. They lie outside of the
/// repository: where KEYWITNESS_CORPORA names no folder, these tests are skipped.
@Suite(
  "the stories of other encoders are read as they were written",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the HPACK stories are absent"))
struct HPACKStoriesTests {
  private struct Story: Decodable {
    struct Block: Decodable {
      var headerTableSize: Int?
      var wire: String
      var headers: [[String]]
    }

    var name: String
    var cases: [Block]
  }

  @Test func allOfThem() throws {
    let path = (Executable.corpora ?? "") + "/corpora/parsers/hpack_stories.jsonl.gz"
    let packed = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var text: [UInt8] = []
    let progress = Inflate(.gzip).decode(packed[...]) { piece in
      text += piece
      return true
    }
    #expect(progress == .ended)
    var (stories, blocks) = (0, 0)
    let json = JSONDecoder()
    json.keyDecodingStrategy = .convertFromSnakeCase
    for line in text.split(separator: 0x0A) {
      let story = try json.decode(Story.self, from: Data(line))
      var decoder = HPACKDecoder()
      stories += 1
      for (number, one) in story.cases.enumerated() {
        if let size = one.headerTableSize { decoder.allow(tableSize: size) }
        var section = FieldSection()
        try decoder.decode(hexadecimal(one.wire).span, into: &section)
        let isRight =
          section.fields.count == one.headers.count && section.isComplete
          && zip(section.fields, one.headers).allSatisfy { field, pair in
            section.name(of: field).elementsEqual(pair[0].utf8)
              && section.value(of: field).elementsEqual(pair[1].utf8)
          }
        blocks += 1
        if !isRight {
          Issue.record("\(story.name), block \(number): \(lines(section))")
          break
        }
      }
    }
    #expect(stories == 446)
    #expect(blocks == 47_142)
  }

  private func hexadecimal(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      let digit = UInt8(CharacterClass.hexadecimal(character) ?? 0)
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }
}
