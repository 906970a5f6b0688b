internal import Exchanges
public import Redaction

// What is written at the end knows more than what was seen first: a key in a path may turn up as a
// credential only many requests later, or in the next capture.

extension JudgedExchange {
  /// Replaces the keys that have become known since this was written.
  mutating func replaceKeys(_ redactor: inout Redactor) {
    method = redactor.knownKeys(in: method)
    target = redactor.knownKeys(in: target)
    path = redactor.knownKeys(in: path)
    sent = redactor.knownKeys(in: sent)
    answer = redactor.knownKeys(in: answer)
    process = process.map { redactor.knownKeys(in: $0) }
    identity.replaceKeys(&redactor)
    keyGeneration = redactor.keys.generation
  }
}

extension ClientIdentity {
  mutating func replaceKeys(_ redactor: inout Redactor) {
    userAgent = redactor.knownKeys(in: userAgent)
  }
}

extension Judgement {
  /// Replaces the keys that have become known since the capture was judged.
  public mutating func replaceKeys(_ redactor: inout Redactor) {
    guard keyGeneration < redactor.keys.generation else { return }
    for index in exchanges.indices { exchanges[index].replaceKeys(&redactor) }
    for index in findings.indices {
      findings[index].message = redactor.knownKeys(in: findings[index].message)
    }
    doubts = doubts.map { redactor.knownKeys(in: $0) }
    for index in faults.indices {
      faults[index].client.replaceKeys(&redactor)
      faults[index].processes = faults[index].processes.map { redactor.knownKeys(in: $0) }
      faults[index].prediction = faults[index].prediction.map { redactor.knownKeys(in: $0) }
      for number in faults[index].requests.indices {
        let request = faults[index].requests[number]
        faults[index].requests[number].method = redactor.knownKeys(in: request.method)
        faults[index].requests[number].path = redactor.knownKeys(in: request.path)
      }
    }
    for index in scope.servers.indices { scope.servers[index].replaceKeys(&redactor) }
    for index in scope.others.indices { scope.others[index].replaceKeys(&redactor) }
    keyGeneration = redactor.keys.generation
  }
}

extension ServerRecord {
  fileprivate mutating func replaceKeys(_ redactor: inout Redactor) {
    names = Set(names.map { redactor.knownKeys(in: $0) })
  }
}
