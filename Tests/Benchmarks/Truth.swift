/// What is in a capture.
struct Truth: Encodable {
  var bytes = 0
  var packets = 0
  var connections = 0
  var exchanges = 0
  /// Requests without a credential, and those with one that is none.
  var missing = 0
  var placeholder = 0
  var swapped = 0
  var retransmitted = 0
}
