internal import LiteLLM
internal import Redaction
internal import Verdicts

/// Reads what a stub is configured with.
struct StubFiles {
  /// The largest configuration that is read, in bytes.
  private static let limit = 8 << 20

  let environment: [String: String]
  /// The master key, where nobody gave one.
  private(set) var madeUpKey: String?

  init(environment: [String: String]) { self.environment = environment }

  mutating func proxy(
    profile: ProxyProfile, config: String?, keys: String?, masterKey: String?, seed: UInt64
  ) throws -> Proxy {
    var configuration = ProxyConfiguration()
    if let config {
      do throws(ProxyConfigurationError) {
        configuration = try ProxyConfiguration(
          yaml: read(config), file: config, environment: environment)
      } catch {
        throw Failure.usage("\(error)")
      }
      for member in configuration.unknownMembers {
        Diagnostics.warning("\(config): the stub doesn't know \(member), and goes on without it")
      }
    }
    if let masterKey {
      configuration.masterKey = try key(masterKey)
    } else if config == nil {
      let made = Self.randomKey()
      madeUpKey = made
      configuration.masterKey = made
    }
    var table: KeyTable?
    if let keys {
      do throws(ProxyConfigurationError) {
        table = try KeyTable(yaml: read(keys), file: keys)
      } catch {
        throw Failure.usage("\(error)")
      }
    }
    return Proxy(profile: profile, configuration: configuration, keys: table, seed: seed)
  }

  private func read(_ path: String) throws(ProxyConfigurationError) -> String {
    do throws(BoundedFile.Failure) {
      return String(decoding: try BoundedFile.read(path, limit: Self.limit), as: UTF8.self)
    } catch {
      throw ProxyConfigurationError(file: path, problem: Self.text(error))
    }
  }

  private static func text(_ failure: BoundedFile.Failure) -> String {
    switch failure {
    case .absent: "no such file"
    case .unreadable: "can't be read; is it a file, and yours to read?"
    case .tooLarge: "larger than \(limit >> 20) MB; is it a configuration?"
    }
  }

  private func key(_ text: String) throws -> String {
    try secret(text, "--master-key")
  }

  /// What the admin listener asks for: 128 random bits where nobody says.
  func adminToken(_ text: String?) throws -> String {
    if let text { return try secret(text, "--admin-token") }
    return String((0..<32).map { _ in "0123456789abcdef".randomElement() ?? "0" })
  }

  private func secret(_ text: String, _ option: String) throws -> String {
    let key: ExpectedKey
    do throws(ExpectedKeyError) {
      key = try ExpectedKeySource.parse(text).resolve(
        environment: environment, baseDirectory: ProcessGuard.workingFolder)
    } catch {
      throw Failure(
        message: "\(option): " + "\(error)".replacing("\n", with: "; "),
        code: error.isUnreadableInput ? ContractCode.unreadable : ContractCode.usage)
    }
    guard let bytes = key.plainBytes else {
      throw Failure.usage("\(option): a hash can't be compared as LiteLLM does; give the key")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// In the form of LiteLLM's own keys.
  private static func randomKey() -> String {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    return "sk-" + String((0..<22).map { _ in letters.randomElement(using: &generator) ?? "0" })
  }
}
