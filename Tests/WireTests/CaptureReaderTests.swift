import TestSupport
import Testing

@testable import Wire

@Suite struct CaptureReaderTests {
  struct Reading {
    var frames: [Frame] = []
    var contents: [[UInt8]] = []
    var failure: CaptureError?
    var anomalies: AnomalySet = []
    var linkTypes: [LinkType] = []
    var snapshotLength = 0
    var kernelDrops: UInt64 = 0
    var names: [IPAddress: [String]] = [:]
    var secrets: [[UInt8]] = []
    /// How many frames were read in the short way.
    var short = 0

    var texts: [String] { contents.map { String(decoding: $0, as: UTF8.self) } }
    var times: [Int64] { frames.map(\.time.nanoseconds) }
  }

  /// Reads them both ways, which must come to the same.
  func read(_ files: [String]) -> Reading {
    let reading = read(files, takingTheShortWay: false)
    let short = read(files, takingTheShortWay: true)
    #expect(short.frames.map { "\($0)" } == reading.frames.map { "\($0)" })
    #expect(short.contents == reading.contents)
    #expect(short.failure.map { "\($0)" } == reading.failure.map { "\($0)" })
    #expect(short.anomalies == reading.anomalies)
    #expect(short.secrets == reading.secrets)
    return reading
  }

  private func read(_ files: [String], takingTheShortWay: Bool) -> Reading {
    var reading = Reading()
    do throws(CaptureError) {
      var reader = try CaptureReader(files: files)
      var frame = Frame()
      do throws(CaptureError) {
        while true {
          let isShort = takingTheShortWay && reader.nextPlain(&frame)
          if isShort { reading.short += 1 } else if try !reader.next(&frame) { break }
          reading.frames.append(frame)
          reading.contents.append(reader.store.bytes(frame.bytes))
        }
      } catch {
        reading.failure = error
      }
      reading.anomalies = reader.anomalies
      reading.linkTypes = reader.linkTypes
      reading.snapshotLength = reader.snapshotLength
      reading.kernelDrops = reader.kernelDrops
      reading.names = reader.names
      reading.secrets = reader.secrets.map { reader.store.bytes($0.content) }
    } catch {
      reading.failure = error
    }
    return reading
  }

  func read(_ bytes: [UInt8]) throws -> Reading {
    let file = try TemporaryFile(bytes)
    return read([file.path])
  }

  @Test func nearlyAllPacketsTakeTheShortWay() throws {
    var classic = CaptureScript()
    classic.pcapHeader()
    var blocks = CaptureScript()
    blocks.section()
    blocks.interface()
    for number in 0..<3000 {
      let content = Array(repeating: UInt8(truncatingIfNeeded: number), count: 60 + number % 7)
      classic.record(content, seconds: 1_700_000_000 + number)
      blocks.packet(content)
    }
    for script in [classic, blocks] {
      let file = try TemporaryFile(script.bytes)
      let reading = read([file.path])
      #expect(reading.frames.count == 3000)
      #expect(read([file.path], takingTheShortWay: true).short > 2900)
    }
  }

  // MARK: pcap

  @Test(arguments: [false, true])
  func pcapInEitherByteOrderHasItsTimesAndContents(isBig: Bool) throws {
    var script = CaptureScript(isBig: isBig)
    script.pcapHeader(snaplen: 1234)
    script.record(Array("one".utf8), seconds: 1_700_000_000, fraction: 123_456)
    script.record(Array("second".utf8), seconds: 1_700_000_001)
    let reading = try read(script.bytes)
    #expect(reading.texts == ["one", "second"])
    #expect(reading.times == [1_700_000_000_123_456_000, 1_700_000_001_000_000_000])
    #expect(reading.frames.map(\.number) == [1, 2])
    #expect(reading.snapshotLength == 1234)
    #expect(reading.linkTypes == [.ethernet])
    #expect(reading.failure == nil)
    #expect(reading.anomalies.isEmpty)
  }

  @Test(arguments: [false, true])
  func theNanosecondMagicCountsFractionsInNanoseconds(isBig: Bool) throws {
    var script = CaptureScript(isBig: isBig)
    script.pcapHeader(magic: 0xA1B2_3C4D)
    script.record([1], seconds: 5, fraction: 999_999_999)
    #expect(try read(script.bytes).times == [5_999_999_999])
  }

  @Test(arguments: [false, true])
  func theModifiedMagicHasLongerRecordHeaders(isBig: Bool) throws {
    var script = CaptureScript(isBig: isBig)
    script.pcapHeader(magic: 0xA1B2_CD34)
    script.record(Array("a".utf8), modified: true)
    script.record(Array("bc".utf8), modified: true)
    #expect(try read(script.bytes).texts == ["a", "bc"])
  }

  @Test func aTimeBeyond2038IsNotNegative() throws {
    var script = CaptureScript()
    script.pcapHeader()
    script.record([1], seconds: 0xFFFF_FFFF)
    #expect(try read(script.bytes).times == [4_294_967_295_000_000_000])
  }

  @Test func theBitsForAFrameCheckSequenceAreNoPartOfTheLinkType() throws {
    var script = CaptureScript()
    script.pcapHeader(linkType: 0x4400_0001)
    script.record([1])
    #expect(try read(script.bytes).linkTypes == [.ethernet])
  }

  @Test func aPcapCutAtAnyByteIsAPrefixAndSaysThatItIsCut() throws {
    var script = CaptureScript()
    script.pcapHeader()
    script.record(Array("first".utf8))
    let boundary = script.bytes.count
    script.record(Array("next".utf8))
    for count in 24...script.bytes.count {
      let reading = try read(Array(script.bytes.prefix(count)))
      #expect(reading.failure == nil)
      let whole = [24, boundary, script.bytes.count].contains(count)
      #expect(reading.anomalies.contains(.truncatedFile) == !whole, "\(count) bytes")
      #expect("firstnext".hasPrefix(reading.texts.joined()), "\(count) bytes")
      if count >= boundary { #expect(reading.texts.first == "first") }
    }
  }

  @Test func aRecordThatClaimsTooMuchIsDamageAndItsPlaceIsTold() throws {
    var script = CaptureScript()
    script.pcapHeader()
    script.record([1, 2, 3])
    let place = script.bytes.count
    script.record([1], captured: 262_145)
    let reading = try read(script.bytes)
    #expect(reading.frames.count == 1)
    #expect(reading.failure?.code == .badRecordLength)
    #expect(reading.failure?.offset == place)
    #expect(reading.anomalies.contains(.damagedRecord))
  }

  @Test func whatIsNoCaptureIsRefusedWithItsPlace() throws {
    func failure(_ build: (inout CaptureScript) -> Void) throws -> CaptureError? {
      var script = CaptureScript()
      build(&script)
      return try read(script.bytes).failure
    }
    let empty = try failure { _ in }
    #expect(empty?.code == .emptyFile)
    #expect(empty?.offset == 0)
    let short = try failure { $0.bytes = [0xD4, 0xC3, 0xB2] }
    #expect(short?.code == .notACapture)
    let text = try failure { $0.bytes = Array("GET / HTTP/1.1".utf8) }
    #expect(text?.code == .notACapture)
    #expect(text?.message.contains("0x47455420") == true)
    #expect(text?.offset == 0)
    let header = try failure { $0.bytes = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0] }
    #expect(header?.code == .truncatedHeader)
    #expect(header?.offset == 0)
    let version = try failure { $0.pcapHeader(major: 3) }
    #expect(version?.code == .unsupportedVersion)
    #expect(version?.message.contains("3.4") == true)
    let linkType = try failure { $0.pcapHeader(linkType: 249) }
    #expect(linkType?.code == .unsupportedLinkType)
    #expect(linkType?.offset == 20)
    #expect(linkType?.message.contains("usbpcap") == true)
  }

  @Test(arguments: [105, 127])
  func aFileThatNamesTheWrongLinkTypeIsNoQuietOne(linkType: Int) throws {
    // IP where the version of IEEE 802.11, or of radiotap, should stand.
    var script = CaptureScript()
    script.pcapHeader(linkType: linkType)
    script.record([0x45, 0, 0, 40] + [UInt8](repeating: 0, count: 36))
    let wrong = try read(script.bytes).failure
    #expect(wrong?.code == .unsupportedLinkType)
    #expect(wrong?.offset == 20)
  }

  @Test func aFileThatIsntThereIsNamed() {
    let reading = read(["/nonexistent/a.pcap"])
    #expect(reading.failure?.code == .notFound)
    #expect(reading.failure?.file == "/nonexistent/a.pcap")
  }

  @Test func theFilesOfASeriesAreReadAsOne() throws {
    var first = CaptureScript()
    first.pcapHeader()
    first.record(Array("a".utf8))
    var second = CaptureScript(isBig: true)
    second.pcapHeader(magic: 0xA1B2_3C4D)
    second.record(Array("b".utf8), seconds: 2, fraction: 7)
    let files = (try TemporaryFile(first.bytes), try TemporaryFile(second.bytes))
    let reading = read([files.0.path, files.1.path])
    #expect(reading.texts == ["a", "b"])
    #expect(reading.frames.map(\.number) == [1, 2])
    #expect(reading.times == [1_000_000_000, 2_000_000_007])
    #expect(Set(reading.frames.map(\.interface)).count == 2)
  }

  // MARK: pcapng

  @Test(arguments: [false, true])
  func pcapngInEitherByteOrderWithAnInterfaceOfEachResolution(isBig: Bool) throws {
    var script = CaptureScript(isBig: isBig)
    script.section()
    script.interface(snaplen: 96)
    script.interface(linkType: 101, resolution: 9)
    script.interface(resolution: 0x80 | 1)
    script.interface(resolution: 12, offset: 100)
    script.packet(Array("micro".utf8), time: 0x1_0000_0001)
    script.packet(Array("nano".utf8), interface: 1, time: 7)
    script.packet(Array("half".utf8), interface: 2, time: 3)
    script.packet(Array("pico".utf8), interface: 3, time: 5_000)
    let reading = try read(script.bytes)
    #expect(reading.texts == ["micro", "nano", "half", "pico"])
    #expect(
      reading.times == [0x1_0000_0001 * 1000, 7, 1_500_000_000, 100_000_000_005])
    #expect(reading.frames.map(\.interface) == [0, 1, 2, 3])
    #expect(reading.frames.map(\.linkType) == [.ethernet, .raw, .ethernet, .ethernet])
    #expect(reading.linkTypes == [.ethernet, .raw])
    #expect(reading.snapshotLength == 96)
  }

  @Test func aSectionMayHaveAnotherByteOrderAndItsInterfacesBeginAnew() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    script.packet(Array("a".utf8))
    script.isBig = true
    script.section()
    script.interface(linkType: 113)
    script.packet(Array("b".utf8))
    let reading = try read(script.bytes)
    #expect(reading.texts == ["a", "b"])
    #expect(reading.frames.map(\.interface) == [0, 1])
    #expect(reading.frames.map(\.linkType) == [.ethernet, .linuxSLL])
  }

  @Test func aSimplePacketHasNoTimeAndEndsAtTheSnapshotLength() throws {
    var script = CaptureScript()
    script.section()
    script.interface(snaplen: 4)
    script.block(3, script.four(6) + Array("abcd".utf8))
    let reading = try read(script.bytes)
    #expect(reading.texts == ["abcd"])
    #expect(reading.frames.first?.time.isKnown == false)
    #expect(reading.frames.first?.originalLength == 6)
  }

  @Test func theObsoletePacketBlockIsRead() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    script.interface(linkType: 101)
    script.block(
      2,
      script.two(1) + script.two(0xFFFF) + script.four(0) + script.four(9) + script.four(3)
        + script.four(3) + Array("old".utf8))
    let reading = try read(script.bytes)
    #expect(reading.texts == ["old"])
    #expect(reading.frames.first?.interface == 1)
    #expect(reading.times == [9000])
  }

  @Test func directionsComeFromThePacketFlags() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    for flags in [1, 2] { script.packet([1], options: script.option(2, script.four(flags))) }
    #expect(try read(script.bytes).frames.map(\.direction) == [1, 2])
  }

  @Test func dropsOfStatisticsBlocksAreTotalsOfDeviceAndKernel() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    func statistics(_ options: [UInt8]) -> [UInt8] {
      script.four(0) + script.four(0) + script.four(0) + options
    }
    script.block(
      5, statistics(script.option(5, script.eight(2)) + script.option(7, script.eight(3))))
    script.block(5, statistics(script.option(7, script.eight(9))))
    let reading = try read(script.bytes)
    #expect(reading.kernelDrops == 9)
    #expect(reading.anomalies.contains(.captureDrops))
  }

  @Test func nameResolutionRecordsAndSecretsAreKept() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    let ipv4 = [10, 0, 0, 2] + Array("proxy\u{0}litellm\u{0}".utf8)
    let ipv6 = [UInt8](repeating: 0, count: 15) + [1] + Array("here\u{0}".utf8)
    func record(_ type: Int, _ content: [UInt8]) -> [UInt8] { script.option(type, content) }
    script.block(4, record(1, ipv4) + record(2, ipv6) + record(0, []))
    script.block(10, script.four(0x544C_534B) + script.four(6) + Array("SECRET".utf8))
    let reading = try read(script.bytes)
    let address = try #require(IPAddress(bytes: [10, 0, 0, 2][...]))
    #expect(reading.names[address] == ["proxy", "litellm"])
    #expect(reading.names.values.contains(["here"]))
    #expect(reading.secrets == [Array("SECRET".utf8)])
  }

  @Test func aBlockWithoutUseIsSteppedOver() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    script.block(0x0000_0BAD, Array("custom".utf8))
    script.packet(Array("a".utf8))
    #expect(try read(script.bytes).texts == ["a"])
  }

  @Test func damageInPcapngIsToldWithItsPlace() throws {
    func failure(_ build: (inout CaptureScript) -> Void) throws -> (CaptureError?, Int) {
      var script = CaptureScript()
      script.section()
      script.interface()
      script.packet(Array("good".utf8))
      let place = script.bytes.count
      build(&script)
      let reading = try read(script.bytes)
      #expect(reading.texts == ["good"])
      #expect(reading.anomalies.contains(.damagedRecord))
      return (reading.failure, place)
    }
    let (odd, oddPlace) = try failure { $0.bytes += $0.four(6) + $0.four(33) + $0.four(0) }
    #expect(odd?.code == .badBlockLength)
    #expect(odd?.offset == oddPlace)
    let (small, _) = try failure { $0.bytes += $0.four(6) + $0.four(8) + $0.four(8) }
    #expect(small?.code == .badBlockLength)
    let (large, _) = try failure { $0.bytes += $0.four(6) + $0.four(1 << 30) + $0.four(0) }
    #expect(large?.code == .badBlockLength)
    let (differing, _) = try failure { $0.block(6, $0.four(0), closing: 20) }
    #expect(differing?.code == .badBlockLength)
    let (tiny, _) = try failure { $0.block(6, $0.four(0)) }
    #expect(tiny?.code == .badBlockLength)
    let (interface, interfacePlace) = try failure { $0.packet([1], interface: 1) }
    #expect(interface?.code == .badInterfaceID)
    #expect(interface?.offset == interfacePlace)
    let (record, _) = try failure { $0.packet([1], captured: 99) }
    #expect(record?.code == .badRecordLength)
    let (mark, _) = try failure { $0.block(0x0A0D_0D0A, $0.four(0x1234_5678) + $0.four(1)) }
    #expect(mark?.code == .notACapture)
  }

  @Test func aSectionOfAnotherMajorVersionIsRefused() throws {
    var script = CaptureScript()
    script.section(major: 2)
    let failure = try read(script.bytes).failure
    #expect(failure?.code == .unsupportedVersion)
    #expect(failure?.offset == 0)
  }

  @Test func aPcapngCutAtAnyByteIsAPrefixAndSaysThatItIsCut() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    var boundaries = [28, script.bytes.count]
    for text in ["first", "next"] {
      script.packet(Array(text.utf8))
      boundaries.append(script.bytes.count)
    }
    for count in 28...script.bytes.count {
      let reading = try read(Array(script.bytes.prefix(count)))
      #expect(reading.failure == nil, "\(count) bytes")
      #expect(reading.anomalies.contains(.truncatedFile) == !boundaries.contains(count))
      #expect("firstnext".hasPrefix(reading.texts.joined()), "\(count) bytes")
    }
  }

  // MARK: gzip

  @Test func aGzipCompressedCaptureIsUnpackedOfSeveralMembersToo() throws {
    var script = CaptureScript()
    script.pcapHeader()
    script.record(Array("zipped".utf8))
    script.record([UInt8](repeating: 7, count: 200_000))
    let half = script.bytes.count / 2
    let members =
      Compression.compress(Array(script.bytes.prefix(half)))
      + Compression.compress(Array(script.bytes.dropFirst(half)))
    for packed in [Compression.compress(script.bytes), members, members + [0, 0, 0]] {
      let reading = try read(packed)
      #expect(reading.failure == nil)
      #expect(reading.contents.map(\.count) == [6, 200_000])
      #expect(reading.texts.first == "zipped")
    }
  }

  @Test func damagedAndCutGzipDataIsToldAfterWhatCouldBeRead() throws {
    var script = CaptureScript()
    script.pcapHeader()
    script.record(Array("zipped".utf8))
    let packed = Compression.compress(script.bytes)
    let cut = try read(Array(packed.dropLast(4)))
    #expect(cut.texts == ["zipped"])
    #expect(cut.failure?.code == .badCompression)
    #expect(cut.failure?.offset == script.bytes.count)
    var damaged = packed
    damaged[damaged.count - 6] ^= 0xFF
    #expect(try read(damaged).failure?.code == .badCompression)
  }
}
