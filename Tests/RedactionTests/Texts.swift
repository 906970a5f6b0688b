import Redaction

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

extension Redactor {
  mutating func header(_ name: String, _ value: String) -> String {
    string(headerValue(name: bytes(name), value: bytes(value)))
  }

  mutating func target(_ value: String) -> String { string(target(bytes(value))) }
}

func base64(_ bytes: [UInt8], urlSafe: Bool = false) -> String {
  let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(urlSafe ? "-_" : "+/")".utf8)
  var output: [UInt8] = []
  var index = 0
  while index < bytes.count {
    let group = Array(bytes[index..<min(index + 3, bytes.count)])
    let padded = group + [UInt8](repeating: 0, count: 3 - group.count)
    let bits = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
    for place in 0...group.count { output.append(alphabet[bits >> (18 - 6 * place) & 63]) }
    if !urlSafe { output += [UInt8](repeating: 0x3D, count: 3 - group.count) }
    index += 3
  }
  return string(output)
}
