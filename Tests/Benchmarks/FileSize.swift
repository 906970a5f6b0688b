internal import ArgumentParser

/// A number of bytes, as 256M.
struct FileSize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let unit =
      switch argument.last {
      case "K": 1 << 10
      case "M": 1 << 20
      case "G": 1 << 30
      default: 1
      }
    guard let number = Int(unit == 1 ? argument[...] : argument.dropLast()), number > 0,
      case (let bytes, let overflow) = number.multipliedReportingOverflow(by: unit), !overflow
    else { return nil }
    self.bytes = bytes
  }
}
