internal import Wire

/// The packets of bytes that wait for the rest of their record: what is read from them in
/// the end began with the first of these.
struct Carry {
  private(set) var first: (frame: Int32, time: Timestamp)?
  private(set) var frames = FrameRuns()

  /// - Parameters:
  ///   - count: how many bytes wait, behind an event.
  ///   - event: the event; its bytes are the last that came.
  mutating func update(_ count: Int, behind event: StreamEvent) {
    guard count > 0 else {
      if first != nil { self = Carry() }
      return
    }
    if first == nil || count <= event.range.count {
      first = (event.frame, event.time)
      frames = FrameRuns()
    }
    frames.add(event.frame)
  }
}

/// Where in the capture what is carried began, oldest first: nothing behind it may be told before it.
struct CarriedPlaces {
  struct Place {
    var frame: Int32
    var slot: Int32
    var direction: Direction
  }

  private var places: [Place] = []
  private var start = 0

  var oldest: Place? { start < places.count ? places[start] : nil }

  mutating func add(_ place: Place) { places.append(place) }

  /// The oldest one was read in the meantime.
  mutating func removeOldest() {
    start &+= 1
    if start == places.count {
      places.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 4096, start > places.count / 2 {
      places.removeFirst(start)
      start = 0
    }
  }

  /// Drops all that were read, once there are many.
  mutating func compact(_ isCarried: (Place) -> Bool) {
    places.removeFirst(start)
    start = 0
    places.removeAll { !isCarried($0) }
  }

  var count: Int { places.count &- start }
}
