// Answers and events that come by the thousands are read without a decoder, which would be two thirds of
// what exporting a stream takes.
extension AnswerObject {
  /// Reads the facts of an answer. Texts are left out, or empty where it counts that they are there; so
  /// are the tools that are called.
  ///
  /// - Returns: `nil` where it is written in an unusual way, or has more to it; then a decoder is to read
  ///   it.
  init?(plain content: [UInt8]) {
    self.init()
    var json = PlainJSON(content)
    do throws(PlainJSON.Unusual) {
      var once = PlainJSON.Once()
      let isObject = try json.object { (name, json) throws(PlainJSON.Unusual) in
        try readMember(name, &json, &once)
      }
      guard isObject else { return nil }
      try json.end()
    } catch {
      return nil
    }
    guard !choices.isEmpty else { return }
    // As with a decoder, which doesn't look any further.
    (type, status, stopReason, index, delta, deltaText) = (nil, nil, nil, nil, nil, nil)
  }

  private mutating func readMember(
    _ name: PlainJSON.Name, _ json: inout PlainJSON, _ once: inout PlainJSON.Once
  ) throws(PlainJSON.Unusual) {
    switch name {
    case "id":
      try once(0)
      id = try json.text()
    case "model":
      try once(1)
      model = try json.text()
    case "choices":
      try once(2)
      try readChoices(&json)
    case "usage":
      try once(3)
      usage = try TokenUsage(plain: &json)
    case "type":
      try once(4)
      type = try json.text()
    case "status":
      try once(5)
      status = try json.text()
    case "stop_reason":
      try once(6)
      stopReason = try json.text()
    case "index":
      try once(7)
      index = try json.integer()
    case "delta":
      try once(8)
      try readDelta(&json)
    case "error", "incomplete_details", "response", "message", "output_index", "content_block",
      "item", "content", "output", "candidates":
      guard try json.skipNull() else { throw PlainJSON.Unusual() }
    default: try json.skip()
    }
  }

  private mutating func readChoices(_ json: inout PlainJSON) throws(PlainJSON.Unusual) {
    var found: [Choice] = []
    _ = try json.array { (json) throws(PlainJSON.Unusual) in
      var choice = Choice()
      var once = PlainJSON.Once()
      let isObject = try json.object { (name, json) throws(PlainJSON.Unusual) in
        switch name {
        case "index":
          try once(0)
          choice.index = try json.integer()
        case "finish_reason":
          try once(1)
          choice.finishReason = try json.text()
        default: try json.skip()
        }
      }
      guard isObject else { throw PlainJSON.Unusual() }
      found.append(choice)
    }
    choices = found
  }

  private mutating func readDelta(_ json: inout PlainJSON) throws(PlainJSON.Unusual) {
    if try json.skipNull() { return }
    var delta = Delta()
    var once = PlainJSON.Once()
    let isText = json.isAtText()
    let isObject = try json.object { (name, json) throws(PlainJSON.Unusual) in
      switch name {
      case "stop_reason":
        try once(0)
        delta.stopReason = try json.text()
      case "partial_json":
        try once(1)
        delta.json = json.isAtText() ? "" : nil
        try json.skip()
      default: try json.skip()
      }
    }
    if isObject { self.delta = delta }
    if isText { deltaText = "" }
  }
}
