/// What a walk comes to.
struct WireSums: Sendable {
  var first: Timestamp
  var last: Timestamp
  var failure: CaptureError?
  var payload: PayloadLedger
  var caps: CapCounts
  var frames: [Int]
  var anomalies: AnomalyCounts
  var source: CaptureSource
}
