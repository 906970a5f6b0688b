import Testing

@testable import Replay

/// Which requests are whose.
@Suite struct RequestSelectionTests {
  /// Twelve connections, four conversations of which go over two connections each.
  private static let requests: [RecordedRequest] = {
    var requests = (0..<12).map { number in
      RecordedRequest.made(
        number + 1, offset: Int64(number) * 1000, end: Int64(number) * 1000 + 500)
    }
    for pair in [(0, 7), (1, 8), (3, 9), (4, 11)] {
      let text = "what number \(pair.0) had to say about it"
      requests[pair.0].say(text)
      requests[pair.1].quote(text)
    }
    return requests
  }()

  @Test(arguments: 1...5) func sharesAreDisjointAndComplete(_ count: Int) {
    var seen: [Int] = []
    for number in 1...count {
      var selection = RequestSelection()
      selection.shard = RequestSelection.Shard("\(number)/\(count)")
      #expect(selection.shard != nil)
      let share = selection.selected(Self.requests).map(\.exchange)
      // A conversation isn't torn.
      for (one, other) in [(1, 8), (2, 9), (4, 10), (5, 12)] {
        #expect(share.contains(one) == share.contains(other))
      }
      #expect(share == share.sorted())
      seen += share
    }
    #expect(seen.sorted() == Array(1...12))
  }

  @Test(arguments: ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", "1/3/2"])
  func whatIsNoShareIsRefused(_ text: String) { #expect(RequestSelection.Shard(text) == nil) }

  @Test func aTurnComesBehindTheOneBefore() {
    var selection = RequestSelection()
    selection.count = 2
    selection.times = 3
    let selected = selection.selected(Self.requests)
    #expect(selected.map(\.exchange) == [1, 2, 1, 2, 1, 2])
    #expect(selected.map(\.turn) == [1, 1, 2, 2, 3, 3])
    #expect(Set(selected.map(\.connection)).count == 6)
    #expect(selected.map(\.offset) == selected.map(\.offset).sorted())
  }

  @Test func aToolsIdIsAQuotation() {
    var requests = [RecordedRequest.made(1, end: 5), RecordedRequest.made(2, offset: 9, end: 10)]
    requests[0].answer = .init(
      status: 200, mediaType: "application/json",
      content: Array(
        #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"call_1"}]}}]}"#.utf8))
    requests[1].content = Array(
      #"{"messages":[{"role":"tool","tool_call_id":"call_1","content":"42"}]}"#.utf8)
    #expect(Conversations(requests).quoted == [[], [0]])
    #expect(Conversations(requests).first == [0, 0])
  }
}
